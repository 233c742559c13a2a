import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { fileJobSchema } from '../../events/file-requested.ts';
import { MetricUnit, type Observability } from '../../shared/runtime/observability.ts';
import { processJobs } from '../../shared/runtime/sqs-batch.ts';
import {
  type ImportShipmentFileDeps,
  importShipmentFile,
} from '../../shared/usecases/import-shipment-file.ts';

export interface RegisterShipmentsDeps extends ImportShipmentFileDeps {
  readonly observability: Pick<Observability, 'logger' | 'metrics'>;
}

/**
 * A file of shipments was dropped into the bucket: registers them. What is wrong with a file or a row is an outcome, not a
 * failure; only what a later attempt may mend is given back to the queue.
 */
export function createRegisterShipmentsHandler(deps: RegisterShipmentsDeps) {
  const { logger, metrics } = deps.observability;
  return (event: SQSEvent): Promise<SQSBatchResponse> =>
    processJobs(event, fileJobSchema, logger, async ({ objectKeys }) => {
      for (const objectKey of objectKeys) {
        const result = await importShipmentFile(deps, objectKey);
        if (result === undefined) {
          logger.info('shipment-file-skipped', {
            reason: 'the object is gone, elsewhere, or was read before',
          });
          continue;
        }
        const { fileId, problem, rows, registered, known, rejected } = result;
        logger.info('shipment-file-read', {
          fileId,
          problem: problem?.code,
          rows,
          registered,
          known,
          rejectedRows: rejected.length,
        });
        const unused = problem === undefined ? rejected.length : 1;
        metrics.addMetric('ShipmentRowsRejected', MetricUnit.Count, unused);
      }
    });
}
