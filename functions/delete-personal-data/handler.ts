import { MetricUnit } from '../../shared/runtime/observability.ts';
import { lambdaTimeBudget, type TimeBudget } from '../../shared/runtime/time-budget.ts';
import type { DeletionFacts } from '../../shared/usecases/delete-personal-data.ts';

export interface DeletePersonalDataHandlerDeps {
  readonly deleteEnded: (remainingMs: TimeBudget) => Promise<DeletionFacts>;
  /** @returns how many shipments' events were deleted */
  readonly deleteTracking: (remainingMs: TimeBudget) => Promise<number>;
  readonly logger: {
    info(message: string, fields: Record<string, unknown>): void;
    error(message: string, fields: Record<string, unknown>): void;
  };
  readonly metrics: {
    addMetric(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void;
  };
}

/** Every hour: the personal data and the couriers' events whose time is over. What the schedule sends along is not read. */
export function createDeletePersonalDataHandler({
  deleteEnded,
  deleteTracking,
  logger,
  metrics,
}: DeletePersonalDataHandlerDeps) {
  return async (_: unknown, context: { getRemainingTimeInMillis(): number }): Promise<void> => {
    const remainingMs = lambdaTimeBudget(context);
    const { failed, ...counts } = await deleteEnded(remainingMs);
    logger.info('personal-data-deleted', { ...counts, failed: failed.length });
    for (const failure of failed) logger.error('personal-data-not-deleted', { ...failure });
    metrics.addMetric('PersonalDataDeleted', MetricUnit.Count, counts.deleted);
    metrics.addMetric('PersonalDataNotDeleted', MetricUnit.Count, failed.length);
    metrics.addMetric('ProviderDeletionsLate', MetricUnit.Count, counts.toldLate);
    const shipments = await deleteTracking(remainingMs);
    if (shipments > 0) logger.info('tracking-deleted', { shipments });
  };
}
