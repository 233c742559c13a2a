import { createPaymentReportReader } from '../../shared/adapters/amazon/payment-reports/reader.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createReportStore } from '../../shared/adapters/dynamodb/report-store.ts';
import { createStatementStore } from '../../shared/adapters/dynamodb/statement-store.ts';
import { createS3Client } from '../../shared/adapters/s3/client.ts';
import { channelOfReportKey } from '../../shared/adapters/s3/keys.ts';
import { createReportFiles } from '../../shared/adapters/s3/report-files.ts';
import { reportIdOf } from '../../shared/adapters/s3/report-id.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { envSchema } from './env.ts';
import { createReconcileSettlementHandler } from './handler.ts';

const env = readEnv(envSchema);
const dynamoDb = createDynamoDbClient();
const observability = createObservability();

export const handler = withObservability(
  observability,
  createReconcileSettlementHandler({
    observability,
    files: createReportFiles(createS3Client(), env.REPORT_BUCKET_NAME),
    reader: createPaymentReportReader(),
    channels: createChannelStore(dynamoDb, env.STATE_TABLE_NAME),
    orders: createOrderStore(dynamoDb, env.STATE_TABLE_NAME),
    reports: createReportStore(dynamoDb, env.STATE_TABLE_NAME),
    statements: createStatementStore(dynamoDb, env.STATE_TABLE_NAME),
    clock: { now: () => Date.now() },
    channelOf: channelOfReportKey,
    reportIdOf,
  }),
);
