import { MetricUnit } from '../../shared/runtime/observability.ts';
import type { PlannedReceiptUploads } from '../../shared/usecases/plan-receipt-uploads.ts';

export interface PlanReceiptUploadsHandlerDeps {
  readonly plan: () => Promise<PlannedReceiptUploads>;
  readonly logger: { info(message: string, fields: Record<string, unknown>): void };
  readonly metrics: {
    addMetric(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void;
  };
}

/** Every minute: asks for the uploads whose turn it is. What the schedule sends along is not read. */
export function createPlanReceiptUploadsHandler({ plan, logger, metrics }: PlanReceiptUploadsHandlerDeps) {
  return async (): Promise<void> => {
    const { asked, oldestDueMs, pastDeadline } = await plan();
    if (asked > 0) logger.info('receipt-uploads-asked-for', { asked });
    metrics.addMetric('OldestDueReceiptUpload', MetricUnit.Seconds, Math.round(oldestDueMs / 1000));
    metrics.addMetric('ReceiptUploadsPastDeadline', MetricUnit.Count, pastDeadline);
  };
}
