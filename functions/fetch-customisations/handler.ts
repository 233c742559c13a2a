import { MetricUnit } from '../../shared/runtime/observability.ts';
import { lambdaTimeBudget, type TimeBudget } from '../../shared/runtime/time-budget.ts';
import type { CustomisationFacts } from '../../shared/usecases/fetch-customisations.ts';

export interface FetchCustomisationsHandlerDeps {
  readonly fetch: (remainingMs: TimeBudget) => Promise<CustomisationFacts>;
  readonly logger: {
    info(message: string, fields: Record<string, unknown>): void;
    error(message: string, fields: Record<string, unknown>): void;
  };
  readonly metrics: {
    addMetric(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void;
  };
}

/** Every five minutes: the customisations that are due. What the schedule sends along is not read. */
export function createFetchCustomisationsHandler({ fetch, logger, metrics }: FetchCustomisationsHandlerDeps) {
  return async (_: unknown, context: { getRemainingTimeInMillis(): number }): Promise<void> => {
    const { failures, ...counts } = await fetch(lambdaTimeBudget(context));
    logger.info('customisations-fetched', counts);
    for (const failure of failures) logger.error('customisation-missing', { ...failure });
    metrics.addMetric('CustomisationsFetched', MetricUnit.Count, counts.fetched);
    metrics.addMetric(
      'CustomisationsMissing',
      MetricUnit.Count,
      counts.gaveUp + counts.refused + counts.urgent,
    );
  };
}
