import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { shipmentMakingRequestedSchema } from '../../events/shipment-making-requested.ts';
import { MetricUnit } from '../../shared/runtime/observability.ts';
import { type BatchLogger, processJobs } from '../../shared/runtime/sqs-batch.ts';
import type { MakingLookedAfter } from '../../shared/usecases/look-after-making.ts';

/** What one message asks for, as its schema reads it. */
type Job = ReturnType<typeof shipmentMakingRequestedSchema.parse>;

export interface MakeShipmentHandlerDeps {
  readonly lookAfter: (job: Job) => Promise<MakingLookedAfter>;
  readonly logger: BatchLogger & {
    info(message: string, fields: Record<string, unknown>): void;
    warn(message: string, fields: Record<string, unknown>): void;
  };
  readonly metrics: {
    addMetric(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void;
  };
}

/** Each message asks for one shipment to be brought nearer to being made. */
export function createMakeShipmentHandler({ lookAfter, logger, metrics }: MakeShipmentHandlerDeps) {
  return (event: SQSEvent): Promise<SQSBatchResponse> =>
    processJobs(event, shipmentMakingRequestedSchema, logger, async (job) => {
      const after = await lookAfter(job);
      // Those that had come to their end before were counted then, or told to the person who waited.
      const refused = after.outcome === 'refused' && after.looked;
      logger[refused ? 'warn' : 'info']('shipment-making', { shipmentKey: job.shipmentKey, ...after });
      metrics.addMetric('ShipmentsNotMade', MetricUnit.Count, refused ? 1 : 0);
      metrics.addMetric(
        'ShipmentLoginsRefused',
        MetricUnit.Count,
        refused && after.problem === 'unauthorised' ? 1 : 0,
      );
    });
}
