import type { FileRequested } from '../../events/file-requested.ts';
import type { ReportRequested } from '../../events/report-requested.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createReportStore } from '../../shared/adapters/dynamodb/report-store.ts';
import { createS3Client } from '../../shared/adapters/s3/client.ts';
import { createS3Later } from '../../shared/adapters/s3/client-later.ts';
import { createDroppedFiles } from '../../shared/adapters/s3/dropped-files.ts';
import {
  channelOfReportKey,
  SHIPMENT_FILE_PREFIX,
  SHIPMENT_RESULT_PREFIX,
} from '../../shared/adapters/s3/keys.ts';
import { createReportFiles } from '../../shared/adapters/s3/report-files.ts';
import { reportIdOf } from '../../shared/adapters/s3/report-id.ts';
import { shipmentFileResultSchema } from '../../shared/adapters/shipment-file/result.ts';
import { createJobQueue, createSqsClient } from '../../shared/adapters/sqs/job-queue.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { envSchema } from './env.ts';
import { createRequestMissedReportsHandler } from './handler.ts';

const env = readEnv(envSchema);
const observability = createObservability();
const sqs = createSqsClient();
const queue = createJobQueue<ReportRequested>(sqs, env.REPORT_UPLOAD_QUEUE_URL);
const shipmentFileQueue = createJobQueue<FileRequested>(sqs, env.SHIPMENT_FILE_QUEUE_URL);

export const handler = withObservability(
  observability,
  createRequestMissedReportsHandler({
    observability,
    files: createReportFiles(createS3Client(), env.REPORT_BUCKET_NAME),
    reports: createReportStore(createDynamoDbClient(), env.STATE_TABLE_NAME),
    queue: {
      send: ({ objectKey }) =>
        queue.send({ type: 'report-requested', version: 1, correlationId: objectKey, objectKey }),
    },
    shipmentFiles: {
      files: createDroppedFiles(
        createS3Later(),
        env.REPORT_BUCKET_NAME,
        { incoming: SHIPMENT_FILE_PREFIX, results: SHIPMENT_RESULT_PREFIX },
        shipmentFileResultSchema,
      ),
      queue: {
        send: ({ objectKey }) =>
          shipmentFileQueue.send({ type: 'file-requested', version: 1, correlationId: objectKey, objectKey }),
      },
    },
    clock: { now: () => Date.now() },
    channelOf: channelOfReportKey,
    reportIdOf,
  }),
);
