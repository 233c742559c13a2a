import { MetricUnit } from '../../shared/runtime/observability.ts';
import type { PlannedListingWork } from '../../shared/usecases/plan-listings.ts';

export interface PlanListingsHandlerDeps {
  readonly plan: () => Promise<PlannedListingWork>;
  readonly logger: { info(message: string, fields: Record<string, unknown>): void };
  readonly metrics: {
    addMetric(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void;
  };
}

/** Every minute: asks for the work on listings that is due. What the schedule sends along is not read. */
export function createPlanListingsHandler({ plan, logger, metrics }: PlanListingsHandlerDeps) {
  return async (): Promise<void> => {
    const { looks, plans, oldestLookMs } = await plan();
    if (looks + plans > 0) logger.info('listing-work-asked-for', { looks, plans });
    metrics.addMetric('OldestListingLook', MetricUnit.Seconds, Math.round((oldestLookMs ?? 0) / 1000));
  };
}
