import { randomUUID } from 'node:crypto';
import { ROUTES } from '../../events/http/routes.ts';
import { AMAZON_SITES } from '../../shared/adapters/amazon/sites.ts';
import { createAccountStore } from '../../shared/adapters/dynamodb/account-store.ts';
import { createActivityLog } from '../../shared/adapters/dynamodb/activity-log.ts';
import { createBuyerStore } from '../../shared/adapters/dynamodb/buyer-store.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createConfirmationStore } from '../../shared/adapters/dynamodb/confirmation-store.ts';
import { createCourierAccountStore } from '../../shared/adapters/dynamodb/courier-account-store.ts';
import { createShippingRatesStore } from '../../shared/adapters/dynamodb/deadline-store.ts';
import { createFollowUpStore } from '../../shared/adapters/dynamodb/follow-up-store.ts';
import { createIdempotencyStore } from '../../shared/adapters/dynamodb/idempotency-store.ts';
import { createOrderList } from '../../shared/adapters/dynamodb/order-list.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createOrdersToShip, createShipmentsToScan } from '../../shared/adapters/dynamodb/orders-to-ship.ts';
import { createProviderAccountStore } from '../../shared/adapters/dynamodb/provider-account-store.ts';
import { createQuotaStore } from '../../shared/adapters/dynamodb/quota-store.ts';
import { createReceiptStore } from '../../shared/adapters/dynamodb/receipt-store.ts';
import { createReceiptUploadStore } from '../../shared/adapters/dynamodb/receipt-upload-store.ts';
import { createReportStore } from '../../shared/adapters/dynamodb/report-store.ts';
import { createShipmentStore } from '../../shared/adapters/dynamodb/shipment-store.ts';
import { EBAY_SITES } from '../../shared/adapters/ebay/sites.ts';
import { createHttpProviderClient } from '../../shared/adapters/http-provider/client.ts';
import { createHttpProvider } from '../../shared/adapters/http-provider/provider.ts';
import { MANOMANO_SITES } from '../../shared/adapters/manomano/sites.ts';
import { createS3Later, createSigningLater } from '../../shared/adapters/s3/client-later.ts';
import { createCustomisationFiles } from '../../shared/adapters/s3/customisation-files.ts';
import { createReportAddresses } from '../../shared/adapters/s3/report-addresses.ts';
import { createReportEntries } from '../../shared/adapters/s3/report-entries.ts';
import { createJobQueue, createSqsClient } from '../../shared/adapters/sqs/job-queue.ts';
import { createCredentialStore, createSsmClient } from '../../shared/adapters/ssm/credential-store.ts';
import { createProviderKeyStore } from '../../shared/adapters/ssm/provider-key-store.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import type { OrderPullJob } from '../../shared/usecases/pull-orders.ts';
import { envSchema } from './env.ts';
import { createHttpApiHandler } from './handler.ts';
import type { FirstImplementations } from './implementation.ts';
import { activityRoutes } from './routes/activity.ts';
import { channelRoutes } from './routes/channels.ts';
import { courierAccountRoutes } from './routes/courier-accounts.ts';
import { orderRoutes } from './routes/orders.ts';
import { paymentReportRoutes } from './routes/payment-reports.ts';
import { providerAccountRoutes } from './routes/provider-accounts.ts';
import { shipmentRoutes } from './routes/shipments.ts';
import { shippingRoutes } from './routes/shipping.ts';

const env = readEnv(envSchema);
const observability = createObservability();
const sqs = createSqsClient();
const dynamoDb = createDynamoDbClient();
const s3 = createS3Later();
const clock = { now: Date.now };
const credentials = createCredentialStore(
  createSsmClient(),
  env.CREDENTIALS_PREFIX,
  env.CREDENTIALS_KEY_ALIAS,
);
const deps = {
  shipments: createShipmentStore(dynamoDb, env.STATE_TABLE_NAME),
  receipts: createReceiptStore(dynamoDb, env.STATE_TABLE_NAME),
  receiptUploads: createReceiptUploadStore(dynamoDb, env.STATE_TABLE_NAME),
  confirmations: createConfirmationStore(dynamoDb, env.STATE_TABLE_NAME),
  list: createOrderList(dynamoDb, env.STATE_TABLE_NAME),
  orders: createOrderStore(dynamoDb, env.STATE_TABLE_NAME),
  followUps: createFollowUpStore(dynamoDb, env.STATE_TABLE_NAME),
  buyers: createBuyerStore(dynamoDb, env.BUYER_TABLE_NAME),
  channels: createChannelStore(dynamoDb, env.STATE_TABLE_NAME),
  accounts: createAccountStore(dynamoDb, env.STATE_TABLE_NAME),
  quota: createQuotaStore(dynamoDb, env.STATE_TABLE_NAME),
  credentials,
  // The marketplaces' clients are too large for this bundle: what has to ask them is done by amazon.ts, ebay.ts and manomano.ts.
  probings: {},
  sites: { amazon: AMAZON_SITES, ebay: EBAY_SITES, manomano: MANOMANO_SITES },
  queues: {
    amazon: createJobQueue<OrderPullJob>(sqs, env.AMAZON_ORDER_PULL_QUEUE_URL),
    ebay: createJobQueue<OrderPullJob>(sqs, env.EBAY_ORDER_PULL_QUEUE_URL),
    manomano: createJobQueue<OrderPullJob>(sqs, env.MANOMANO_ORDER_PULL_QUEUE_URL),
  },
  reports: createReportStore(dynamoDb, env.STATE_TABLE_NAME),
  files: createReportEntries(s3, env.REPORT_BUCKET_NAME),
  uploads: createReportAddresses(createSigningLater(), env.REPORT_BUCKET_NAME),
  customisations: createCustomisationFiles(s3, env.PERSONAL_BUCKET_NAME),
  activities: createActivityLog(dynamoDb, env.STATE_TABLE_NAME),
  clock,
};

const providerDeps = {
  accounts: createProviderAccountStore(dynamoDb, env.STATE_TABLE_NAME),
  keys: createProviderKeyStore(credentials),
  provider: createHttpProvider(createHttpProviderClient(randomUUID)),
  channels: deps.channels,
  followUps: deps.followUps,
  activity: deps.activities,
  clock,
};

const shippingDeps: Parameters<typeof shippingRoutes>[0] = {
  shipments: deps.shipments,
  confirmations: deps.confirmations,
  ordersToShip: createOrdersToShip(dynamoDb, env.STATE_TABLE_NAME),
  shipmentsToScan: createShipmentsToScan(dynamoDb, env.STATE_TABLE_NAME),
  rates: createShippingRatesStore(dynamoDb, env.STATE_TABLE_NAME),
  orders: deps.orders,
  channels: deps.channels,
  checks: createJobQueue(sqs, env.TRACKING_CHECK_QUEUE_URL),
  queues: {
    amazon: createJobQueue(sqs, env.AMAZON_CONFIRMATION_QUEUE_URL),
    ebay: createJobQueue(sqs, env.EBAY_CONFIRMATION_QUEUE_URL),
    manomano: createJobQueue(sqs, env.MANOMANO_CONFIRMATION_QUEUE_URL),
  },
  activities: deps.activities,
  clock,
};

const shipmentDeps = {
  shipments: deps.shipments,
  orders: deps.orders,
  accounts: createCourierAccountStore(dynamoDb, env.STATE_TABLE_NAME),
  activities: deps.activities,
  clock,
};

export const handler = withObservability(
  observability,
  createHttpApiHandler({
    contracts: ROUTES,
    routes: {
      ...orderRoutes(deps),
      ...channelRoutes(deps),
      ...paymentReportRoutes(deps),
      ...providerAccountRoutes(providerDeps),
      ...activityRoutes(deps),
      ...courierAccountRoutes(shipmentDeps),
      ...shipmentRoutes(shipmentDeps),
      ...shippingRoutes(shippingDeps),
    } satisfies FirstImplementations,
    requests: createIdempotencyStore(dynamoDb, env.STATE_TABLE_NAME),
    clock,
    logger: observability.logger,
  }),
);
