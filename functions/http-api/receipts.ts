import { randomUUID } from 'node:crypto';
import { RECEIPT_ROUTES } from '../../events/http/receipt-routes.ts';
import { CREATE_FEED_QUOTA } from '../../shared/adapters/amazon/feeds.ts';
import { createBitztobeAssociations } from '../../shared/adapters/bitztobe/associations.ts';
import { createIssuerClient } from '../../shared/adapters/bitztobe/client.ts';
import { BITZTOBE_ABILITIES } from '../../shared/adapters/bitztobe/issuer.ts';
import { BUILT_IN_ABILITIES } from '../../shared/adapters/built-in-issuer/issuer.ts';
import { createActivityLog } from '../../shared/adapters/dynamodb/activity-log.ts';
import { createBuyerStore } from '../../shared/adapters/dynamodb/buyer-store.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createIdempotencyStore } from '../../shared/adapters/dynamodb/idempotency-store.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createQuotaStore } from '../../shared/adapters/dynamodb/quota-store.ts';
import { createReceiptSettingsStore } from '../../shared/adapters/dynamodb/receipt-settings-store.ts';
import { createReceiptStore } from '../../shared/adapters/dynamodb/receipt-store.ts';
import { createReceiptUploadStore } from '../../shared/adapters/dynamodb/receipt-upload-store.ts';
import { MANOMANO_CALLS_QUOTA } from '../../shared/adapters/manomano/client.ts';
import { checkLogo } from '../../shared/adapters/pdf/logo.ts';
import { createS3Later } from '../../shared/adapters/s3/client-later.ts';
import { createReceiptShelf } from '../../shared/adapters/s3/receipt-shelf.ts';
import { createJobQueue, createSqsClient } from '../../shared/adapters/sqs/job-queue.ts';
import { createCredentialStore, createSsmClient } from '../../shared/adapters/ssm/credential-store.ts';
import { createIssuerKeyStore } from '../../shared/adapters/ssm/issuer-key-store.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { receiptEnvSchema } from './env.ts';
import { createHttpApiHandler } from './handler.ts';
import type { ReceiptImplementations } from './implementation.ts';
import { receiptSettingRoutes } from './routes/receipt-settings.ts';
import { receiptUploadRoutes } from './routes/receipt-uploads.ts';
import { receiptRoutes } from './routes/receipts.ts';

const env = readEnv(receiptEnvSchema);
const observability = createObservability();
const dynamoDb = createDynamoDbClient();
const credentials = createCredentialStore(
  createSsmClient(),
  env.CREDENTIALS_PREFIX,
  env.CREDENTIALS_KEY_ALIAS,
);
const deps = {
  orders: createOrderStore(dynamoDb, env.STATE_TABLE_NAME),
  buyers: createBuyerStore(dynamoDb, env.BUYER_TABLE_NAME),
  channels: createChannelStore(dynamoDb, env.STATE_TABLE_NAME),
  receipts: createReceiptStore(dynamoDb, env.STATE_TABLE_NAME),
  uploads: createReceiptUploadStore(dynamoDb, env.STATE_TABLE_NAME),
  quota: createQuotaStore(dynamoDb, env.STATE_TABLE_NAME),
  rates: {
    amazon: { operation: 'createFeed', plan: CREATE_FEED_QUOTA, othersPerHour: 0 },
    // Pulls of four contracts, each every four minutes.
    manomano: { operation: 'calls', plan: MANOMANO_CALLS_QUOTA, othersPerHour: 60 },
  },
  settings: createReceiptSettingsStore(dynamoDb, env.STATE_TABLE_NAME),
  activities: createActivityLog(dynamoDb, env.STATE_TABLE_NAME),
  shelf: createReceiptShelf(createS3Later(), {
    receipts: env.RECEIPT_BUCKET_NAME,
    exports: env.REPORT_BUCKET_NAME,
  }),
  finishing: createJobQueue<{ readonly receiptId: string }>(createSqsClient(), env.RECEIPT_QUEUE_URL),
  issuers: { 'built-in': BUILT_IN_ABILITIES, bitztobe: BITZTOBE_ABILITIES },
  associations: createBitztobeAssociations(createIssuerClient(randomUUID)),
  keys: createIssuerKeyStore(credentials),
  checkLogo,
  async writerOf(format: 'csv' | 'xlsx') {
    return format === 'csv'
      ? (await import('../../shared/adapters/spreadsheet/csv.ts')).csvWriter
      : (await import('../../shared/adapters/spreadsheet/xlsx.ts')).xlsxWriter;
  },
  clock: { now: Date.now },
};

/** The part of the API for receipts: it asks the other issuer about associations, and a queue for documents. */
export const handler = withObservability(
  observability,
  createHttpApiHandler({
    contracts: RECEIPT_ROUTES,
    routes: {
      ...receiptSettingRoutes(deps),
      ...receiptRoutes(deps),
      ...receiptUploadRoutes(deps),
    } satisfies ReceiptImplementations,
    requests: createIdempotencyStore(dynamoDb, env.STATE_TABLE_NAME),
    clock: deps.clock,
    logger: observability.logger,
  }),
);
