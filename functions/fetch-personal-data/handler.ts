import { MetricUnit } from '../../shared/runtime/observability.ts';
import { lambdaTimeBudget, type TimeBudget } from '../../shared/runtime/time-budget.ts';
import type { PersonalDataFacts } from '../../shared/usecases/fetch-personal-data.ts';

/** Orders named in one log line; beyond that their number says enough. */
const NAMED_ORDERS_MAX = 50;

export interface FetchPersonalDataHandlerDeps {
  readonly fetch: (remainingMs: TimeBudget) => Promise<PersonalDataFacts>;
  readonly logger: {
    info(message: string, fields: Record<string, unknown>): void;
    warn(message: string, fields: Record<string, unknown>): void;
  };
  readonly metrics: {
    addMetric(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void;
  };
}

/** Every five minutes: the personal data that is due. What the schedule sends along is not read. */
export function createFetchPersonalDataHandler({ fetch, logger, metrics }: FetchPersonalDataHandlerDeps) {
  return async (_: unknown, context: { getRemainingTimeInMillis(): number }): Promise<void> => {
    const { urgent, ...counts } = await fetch(lambdaTimeBudget(context));
    logger.info('personal-data-fetched', { ...counts, urgent: urgent.length });
    if (urgent.length > 0) {
      logger.warn('orders-without-personal-data', { orderIds: urgent.slice(0, NAMED_ORDERS_MAX) });
    }
    metrics.addMetric('PersonalDataFound', MetricUnit.Count, counts.found);
    metrics.addMetric('PersonalDataUnexpected', MetricUnit.Count, counts.unexpected);
    metrics.addMetric('OrdersDueWithoutPersonalData', MetricUnit.Count, urgent.length);
    metrics.addMetric('ProviderAccountsInTrouble', MetricUnit.Count, counts.accountsInTrouble);
  };
}
