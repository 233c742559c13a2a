import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { receiptUploadRequestedSchema } from '../../events/receipt-upload-requested.ts';
import { MetricUnit } from '../../shared/runtime/observability.ts';
import { type BatchLogger, processJobs } from '../../shared/runtime/sqs-batch.ts';
import { lambdaTimeBudget, type TimeBudget } from '../../shared/runtime/time-budget.ts';
import type { UploadedReceipt } from '../../shared/usecases/upload-receipt.ts';

/** What one message asks for, as its schema reads it. */
type Job = ReturnType<typeof receiptUploadRequestedSchema.parse>;

export interface UploadReceiptHandlerDeps {
  readonly upload: (job: Job, remainingMs: TimeBudget) => Promise<UploadedReceipt>;
  readonly logger: BatchLogger & {
    info(message: string, fields: Record<string, unknown>): void;
    warn(message: string, fields: Record<string, unknown>): void;
  };
  readonly metrics: {
    addMetric(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void;
  };
}

/** Each message asks for the upload of one receipt to be carried on. */
export function createUploadReceiptHandler({ upload, logger, metrics }: UploadReceiptHandlerDeps) {
  return (event: SQSEvent, context: { getRemainingTimeInMillis(): number }): Promise<SQSBatchResponse> => {
    const remainingMs = lambdaTimeBudget(context);
    return processJobs(event, receiptUploadRequestedSchema, logger, async (job) => {
      const uploaded = await upload(job, remainingMs);
      const { outcome, delayMs } = uploaded;
      const failed = outcome === 'rejected' || outcome === 'unclear';
      logger[failed ? 'warn' : 'info']('receipt-upload', { receiptId: job.receiptId, ...uploaded });
      metrics.addMetric('ReceiptsUploaded', MetricUnit.Count, outcome === 'accepted' ? 1 : 0);
      metrics.addMetric('ReceiptUploadsFailed', MetricUnit.Count, failed ? 1 : 0);
      if (delayMs !== undefined) {
        metrics.addMetric('ReceiptUploadDelay', MetricUnit.Seconds, Math.round(delayMs / 1000));
      }
    });
  };
}
