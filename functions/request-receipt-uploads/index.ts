import { CREATE_FEED_QUOTA } from '../../shared/adapters/amazon/feeds.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createQuotaStore } from '../../shared/adapters/dynamodb/quota-store.ts';
import { createReceiptStore } from '../../shared/adapters/dynamodb/receipt-store.ts';
import { createReceiptUploadStore } from '../../shared/adapters/dynamodb/receipt-upload-store.ts';
import { MANOMANO_CALLS_QUOTA } from '../../shared/adapters/manomano/client.ts';
import { createJobQueue, createSqsClient } from '../../shared/adapters/sqs/job-queue.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import {
  type RequestReceiptUploadDeps,
  requestReceiptUpload,
} from '../../shared/usecases/request-receipt-upload.ts';
import { envSchema } from './env.ts';
import { createRequestReceiptUploadsHandler } from './handler.ts';

const env = readEnv(envSchema);
const observability = createObservability();
const dynamoDb = createDynamoDbClient();
const sqs = createSqsClient();
const deps: RequestReceiptUploadDeps = {
  receipts: createReceiptStore(dynamoDb, env.STATE_TABLE_NAME),
  orders: createOrderStore(dynamoDb, env.STATE_TABLE_NAME),
  channels: createChannelStore(dynamoDb, env.STATE_TABLE_NAME),
  uploads: createReceiptUploadStore(dynamoDb, env.STATE_TABLE_NAME),
  quota: createQuotaStore(dynamoDb, env.STATE_TABLE_NAME),
  queues: {
    amazon: createJobQueue(sqs, env.AMAZON_RECEIPT_UPLOAD_QUEUE_URL),
    manomano: createJobQueue(sqs, env.MANOMANO_RECEIPT_UPLOAD_QUEUE_URL),
  },
  sending: {
    amazon: { operation: 'createFeed', plan: CREATE_FEED_QUOTA },
    manomano: { operation: 'calls', plan: MANOMANO_CALLS_QUOTA },
  },
  clock: { now: Date.now },
};

export const handler = withObservability(
  observability,
  createRequestReceiptUploadsHandler({
    request: (receiptId) => requestReceiptUpload(deps, receiptId),
    logger: observability.logger,
  }),
);
