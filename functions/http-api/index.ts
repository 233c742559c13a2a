import { createActivityLog } from '../../shared/adapters/dynamodb/activity-log.ts';
import { createBuyerStore } from '../../shared/adapters/dynamodb/buyer-store.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createFollowUpStore } from '../../shared/adapters/dynamodb/follow-up-store.ts';
import { createIdempotencyStore } from '../../shared/adapters/dynamodb/idempotency-store.ts';
import { createOrderList } from '../../shared/adapters/dynamodb/order-list.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createReportStore } from '../../shared/adapters/dynamodb/report-store.ts';
import { createS3Client } from '../../shared/adapters/s3/client.ts';
import { createReportAddresses, createSigningClient } from '../../shared/adapters/s3/report-addresses.ts';
import { createReportFiles } from '../../shared/adapters/s3/report-files.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { envSchema } from './env.ts';
import { createHttpApiHandler } from './handler.ts';
import { activityRoutes } from './routes/activity.ts';
import { orderRoutes } from './routes/orders.ts';
import { paymentReportRoutes } from './routes/payment-reports.ts';

const env = readEnv(envSchema);
const observability = createObservability();
const dynamoDb = createDynamoDbClient();
const clock = { now: Date.now };
const deps = {
  list: createOrderList(dynamoDb, env.STATE_TABLE_NAME),
  orders: createOrderStore(dynamoDb, env.STATE_TABLE_NAME),
  followUps: createFollowUpStore(dynamoDb, env.STATE_TABLE_NAME),
  buyers: createBuyerStore(dynamoDb, env.BUYER_TABLE_NAME),
  channels: createChannelStore(dynamoDb, env.STATE_TABLE_NAME),
  reports: createReportStore(dynamoDb, env.STATE_TABLE_NAME),
  files: createReportFiles(createS3Client(), env.REPORT_BUCKET_NAME),
  uploads: createReportAddresses(createSigningClient(), env.REPORT_BUCKET_NAME),
  activities: createActivityLog(dynamoDb, env.STATE_TABLE_NAME),
  clock,
};

export const handler = withObservability(
  observability,
  createHttpApiHandler({
    routes: { ...orderRoutes(deps), ...paymentReportRoutes(deps), ...activityRoutes(deps) },
    requests: createIdempotencyStore(dynamoDb, env.STATE_TABLE_NAME),
    clock,
    logger: observability.logger,
  }),
);
