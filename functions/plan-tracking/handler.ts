import { MetricUnit } from '../../shared/runtime/observability.ts';
import { lambdaTimeBudget, type TimeBudget } from '../../shared/runtime/time-budget.ts';
import type { PlannedTracking } from '../../shared/usecases/plan-tracking.ts';

export interface PlanTrackingHandlerDeps {
  readonly plan: (remainingMs: TimeBudget) => Promise<PlannedTracking>;
  /** @returns how many shipments being made had been lost sight of */
  readonly resendMakings: () => Promise<number>;
  readonly logger: {
    info(message: string, fields: Record<string, unknown>): void;
    warn(message: string, fields: Record<string, unknown>): void;
  };
  readonly metrics: {
    addMetric(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void;
  };
}

/** Every minute: asks for the checks, the confirmations and the looks at makings that are due. What the schedule sends along is not read. */
export function createPlanTrackingHandler({ plan, resendMakings, logger, metrics }: PlanTrackingHandlerDeps) {
  return async (_: unknown, context: { getRemainingTimeInMillis(): number }): Promise<void> => {
    const { refusedAccounts, oldestUnpushedMs, ...counts } = await plan(lambdaTimeBudget(context));
    const idle = Object.values(counts).every((count) => count === 0);
    if (!idle) logger.info('tracking-planned', counts);
    if (refusedAccounts.length > 0) logger.warn('courier-accounts-refused', { refusedAccounts });
    metrics.addMetric('TrackingChecksPlanned', MetricUnit.Count, counts.wanted + counts.followed);
    metrics.addMetric('ShipmentsGivenUp', MetricUnit.Count, counts.givenUp);
    metrics.addMetric('CourierAccountsRefused', MetricUnit.Count, refusedAccounts.length);
    const oldestSeconds = Math.round((oldestUnpushedMs ?? 0) / 1000);
    metrics.addMetric('OldestUnpushedTracking', MetricUnit.Seconds, oldestSeconds);
    const makings = await resendMakings();
    if (makings > 0) logger.warn('makings-unattended', { makings });
  };
}
