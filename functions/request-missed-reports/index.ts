import type { ReportRequested } from '../../events/report-requested.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createReportStore } from '../../shared/adapters/dynamodb/report-store.ts';
import { createS3Client } from '../../shared/adapters/s3/client.ts';
import { channelOfReportKey } from '../../shared/adapters/s3/keys.ts';
import { createReportFiles } from '../../shared/adapters/s3/report-files.ts';
import { reportIdOf } from '../../shared/adapters/s3/report-id.ts';
import { createJobQueue, createSqsClient } from '../../shared/adapters/sqs/job-queue.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { envSchema } from './env.ts';
import { createRequestMissedReportsHandler } from './handler.ts';

const env = readEnv(envSchema);
const observability = createObservability();
const queue = createJobQueue<ReportRequested>(createSqsClient(), env.REPORT_UPLOAD_QUEUE_URL);

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
    clock: { now: () => Date.now() },
    channelOf: channelOfReportKey,
    reportIdOf,
  }),
);
