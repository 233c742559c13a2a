import { AMAZON_SITES } from '../../shared/adapters/amazon/sites.ts';
import { createAccountStore } from '../../shared/adapters/dynamodb/account-store.ts';
import { createActivityLog } from '../../shared/adapters/dynamodb/activity-log.ts';
import { createBuyerStore } from '../../shared/adapters/dynamodb/buyer-store.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createFollowUpStore } from '../../shared/adapters/dynamodb/follow-up-store.ts';
import { createIdempotencyStore } from '../../shared/adapters/dynamodb/idempotency-store.ts';
import { createOrderList } from '../../shared/adapters/dynamodb/order-list.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createQuotaStore } from '../../shared/adapters/dynamodb/quota-store.ts';
import { createReportStore } from '../../shared/adapters/dynamodb/report-store.ts';
import { EBAY_SITES } from '../../shared/adapters/ebay/sites.ts';
import { MANOMANO_SITES } from '../../shared/adapters/manomano/sites.ts';
import { createS3Client } from '../../shared/adapters/s3/client.ts';
import { createReportAddresses, createSigningClient } from '../../shared/adapters/s3/report-addresses.ts';
import { createReportFiles } from '../../shared/adapters/s3/report-files.ts';
import { createJobQueue, createSqsClient } from '../../shared/adapters/sqs/job-queue.ts';
import { createCredentialStore, createSsmClient } from '../../shared/adapters/ssm/credential-store.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import type { OrderPullJob } from '../../shared/usecases/pull-orders.ts';
import { envSchema } from './env.ts';
import { createHttpApiHandler } from './handler.ts';
import { activityRoutes } from './routes/activity.ts';
import { channelRoutes } from './routes/channels.ts';
import { orderRoutes } from './routes/orders.ts';
import { paymentReportRoutes } from './routes/payment-reports.ts';

const env = readEnv(envSchema);
const observability = createObservability();
const sqs = createSqsClient();
const dynamoDb = createDynamoDbClient();
const clock = { now: Date.now };
const deps = {
  list: createOrderList(dynamoDb, env.STATE_TABLE_NAME),
  orders: createOrderStore(dynamoDb, env.STATE_TABLE_NAME),
  followUps: createFollowUpStore(dynamoDb, env.STATE_TABLE_NAME),
  buyers: createBuyerStore(dynamoDb, env.BUYER_TABLE_NAME),
  channels: createChannelStore(dynamoDb, env.STATE_TABLE_NAME),
  accounts: createAccountStore(dynamoDb, env.STATE_TABLE_NAME),
  quota: createQuotaStore(dynamoDb, env.STATE_TABLE_NAME),
  credentials: createCredentialStore(createSsmClient(), env.CREDENTIALS_PREFIX),
  // The marketplaces' clients are too large for this bundle: what has to ask them is done elsewhere.
  probings: {},
  sites: { amazon: AMAZON_SITES, ebay: EBAY_SITES, manomano: MANOMANO_SITES },
  queues: {
    amazon: createJobQueue<OrderPullJob>(sqs, env.AMAZON_ORDER_PULL_QUEUE_URL),
    ebay: createJobQueue<OrderPullJob>(sqs, env.EBAY_ORDER_PULL_QUEUE_URL),
    manomano: createJobQueue<OrderPullJob>(sqs, env.MANOMANO_ORDER_PULL_QUEUE_URL),
  },
  reports: createReportStore(dynamoDb, env.STATE_TABLE_NAME),
  files: createReportFiles(createS3Client(), env.REPORT_BUCKET_NAME),
  uploads: createReportAddresses(createSigningClient(), env.REPORT_BUCKET_NAME),
  activities: createActivityLog(dynamoDb, env.STATE_TABLE_NAME),
  clock,
};

export const handler = withObservability(
  observability,
  createHttpApiHandler({
    routes: {
      ...orderRoutes(deps),
      ...channelRoutes(deps),
      ...paymentReportRoutes(deps),
      ...activityRoutes(deps),
    },
    requests: createIdempotencyStore(dynamoDb, env.STATE_TABLE_NAME),
    clock,
    logger: observability.logger,
  }),
);
