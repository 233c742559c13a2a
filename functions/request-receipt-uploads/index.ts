import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createReceiptStore } from '../../shared/adapters/dynamodb/receipt-store.ts';
import { createReceiptUploadStore } from '../../shared/adapters/dynamodb/receipt-upload-store.ts';
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
const deps: RequestReceiptUploadDeps = {
  receipts: createReceiptStore(dynamoDb, env.STATE_TABLE_NAME),
  orders: createOrderStore(dynamoDb, env.STATE_TABLE_NAME),
  channels: createChannelStore(dynamoDb, env.STATE_TABLE_NAME),
  uploads: createReceiptUploadStore(dynamoDb, env.STATE_TABLE_NAME),
  clock: { now: Date.now },
};

export const handler = withObservability(
  observability,
  createRequestReceiptUploadsHandler({
    request: (receiptId) => requestReceiptUpload(deps, receiptId),
    logger: observability.logger,
  }),
);
