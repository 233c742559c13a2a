import { createAccountStore } from '../../shared/adapters/dynamodb/account-store.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createQuotaStore } from '../../shared/adapters/dynamodb/quota-store.ts';
import { createReceiptStore } from '../../shared/adapters/dynamodb/receipt-store.ts';
import { createReceiptUploadStore } from '../../shared/adapters/dynamodb/receipt-upload-store.ts';
import { createS3Client } from '../../shared/adapters/s3/client.ts';
import { createReceiptFiles } from '../../shared/adapters/s3/receipt-files.ts';
import { createCredentialStore, createSsmClient } from '../../shared/adapters/ssm/credential-store.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { type UploadReceiptDeps, uploadReceipt } from '../../shared/usecases/upload-receipt.ts';
import { envSchema } from './env.ts';
import { createUploadReceiptHandler } from './handler.ts';

type Credentials = ReturnType<typeof createCredentialStore>;
type Clock = UploadReceiptDeps['clock'];

/** The function of one marketplace: what its entries have in common. Called by them, once. */
export function startUploadReceipt(
  marketplace: UploadReceiptDeps['marketplace'],
  uploadingWith: (
    credentials: Credentials,
    clock: Clock,
  ) => Pick<UploadReceiptDeps, 'uploader' | 'sending' | 'asking'>,
) {
  const env = readEnv(envSchema);
  const observability = createObservability();
  const dynamoDb = createDynamoDbClient();
  const clock = { now: Date.now };
  const deps: UploadReceiptDeps = {
    ...uploadingWith(createCredentialStore(createSsmClient(), env.CREDENTIALS_PREFIX), clock),
    marketplace,
    uploads: createReceiptUploadStore(dynamoDb, env.STATE_TABLE_NAME),
    receipts: createReceiptStore(dynamoDb, env.STATE_TABLE_NAME),
    orders: createOrderStore(dynamoDb, env.STATE_TABLE_NAME),
    channels: createChannelStore(dynamoDb, env.STATE_TABLE_NAME),
    accounts: createAccountStore(dynamoDb, env.STATE_TABLE_NAME),
    quota: createQuotaStore(dynamoDb, env.STATE_TABLE_NAME),
    files: createReceiptFiles(createS3Client(), env.RECEIPT_BUCKET_NAME),
    clock,
  };
  return withObservability(
    observability,
    createUploadReceiptHandler({
      upload: (job, remainingMs) => uploadReceipt(deps, job, remainingMs),
      logger: observability.logger,
      metrics: observability.metrics,
    }),
  );
}
