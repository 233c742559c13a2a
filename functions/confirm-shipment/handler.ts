import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { shippingConfirmationRequestedSchema } from '../../events/shipping-confirmation-requested.ts';
import { MetricUnit } from '../../shared/runtime/observability.ts';
import { type BatchLogger, processJobs } from '../../shared/runtime/sqs-batch.ts';
import { lambdaTimeBudget, type TimeBudget } from '../../shared/runtime/time-budget.ts';
import type { ConfirmedShipment } from '../../shared/usecases/confirm-shipment.ts';

/** What one message asks for, as its schema reads it. */
type Job = ReturnType<typeof shippingConfirmationRequestedSchema.parse>;

export interface ConfirmShipmentHandlerDeps {
  readonly confirm: (job: Job, remainingMs: TimeBudget) => Promise<ConfirmedShipment>;
  readonly logger: BatchLogger & {
    info(message: string, fields: Record<string, unknown>): void;
    warn(message: string, fields: Record<string, unknown>): void;
  };
  readonly metrics: {
    addMetric(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void;
  };
}

/** Each message asks for one order's shipment to be told to its marketplace. */
export function createConfirmShipmentHandler({ confirm, logger, metrics }: ConfirmShipmentHandlerDeps) {
  return (event: SQSEvent, context: { getRemainingTimeInMillis(): number }): Promise<SQSBatchResponse> => {
    const remainingMs = lambdaTimeBudget(context);
    return processJobs(event, shippingConfirmationRequestedSchema, logger, async (job) => {
      const confirmed = await confirm(job, remainingMs);
      const { orderId, shipmentKey } = job;
      const say = confirmed.outcome === 'refused' ? 'warn' : 'info';
      logger[say]('shipment-confirmation', { orderId, shipmentKey, ...confirmed });
      metrics.addMetric('TrackingPushed', MetricUnit.Count, confirmed.outcome === 'confirmed' ? 1 : 0);
      metrics.addMetric('ConfirmationsRefused', MetricUnit.Count, confirmed.outcome === 'refused' ? 1 : 0);
      if (confirmed.delayMs !== undefined) {
        const seconds = Math.round(confirmed.delayMs / 1000);
        metrics.addMetric('TrackingPushDelay', MetricUnit.Seconds, seconds);
      }
    });
  };
}
