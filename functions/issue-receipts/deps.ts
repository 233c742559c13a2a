import { randomUUID } from 'node:crypto';
import type * as z from 'zod';
import { createIssuerClient } from '../../shared/adapters/bitztobe/client.ts';
import { createBitztobeIssuer } from '../../shared/adapters/bitztobe/issuer.ts';
import { createBuiltInIssuer } from '../../shared/adapters/built-in-issuer/issuer.ts';
import { createBuyerStore } from '../../shared/adapters/dynamodb/buyer-store.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createFollowUpStore } from '../../shared/adapters/dynamodb/follow-up-store.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createReceiptSettingsStore } from '../../shared/adapters/dynamodb/receipt-settings-store.ts';
import { createReceiptStore } from '../../shared/adapters/dynamodb/receipt-store.ts';
import { createReceiptSweepStore } from '../../shared/adapters/dynamodb/receipt-sweep-store.ts';
import { createS3Client } from '../../shared/adapters/s3/client.ts';
import { createReceiptFiles } from '../../shared/adapters/s3/receipt-files.ts';
import { createJobQueue, createSqsClient } from '../../shared/adapters/sqs/job-queue.ts';
import { createCredentialStore, createSsmClient } from '../../shared/adapters/ssm/credential-store.ts';
import { createIssuerKeyStore } from '../../shared/adapters/ssm/issuer-key-store.ts';
import { loadedLater } from '../../shared/runtime/loaded-later.ts';
import type { IssueDueReceiptsDeps } from '../../shared/usecases/issue-due-receipts.ts';
import type { SweepReceiptChannelsDeps } from '../../shared/usecases/sweep-receipt-channels.ts';
import type { envSchema } from './env.ts';

/** What draws is loaded with the first page: it outweighs all the rest, and most runs draw nothing. */
const drawing = loadedLater(async () => {
  const [{ createReceiptRenderer }, { readFonts }] = await Promise.all([
    import('../../shared/adapters/pdf/renderer.ts'),
    import('../../shared/adapters/pdf/fonts.ts'),
  ]);
  return createReceiptRenderer(readFonts());
});

/** All that documents are made with, by whoever makes them. */
export function issuingDeps(
  env: z.output<typeof envSchema>,
): IssueDueReceiptsDeps & SweepReceiptChannelsDeps {
  const dynamoDb = createDynamoDbClient();
  const state = env.STATE_TABLE_NAME;
  const receipts = createReceiptStore(dynamoDb, state);
  const files = createReceiptFiles(createS3Client(), env.RECEIPT_BUCKET_NAME);
  const keys = createIssuerKeyStore(createCredentialStore(createSsmClient(), env.CREDENTIALS_PREFIX));
  return {
    orders: createOrderStore(dynamoDb, state),
    channels: createChannelStore(dynamoDb, state),
    followUps: createFollowUpStore(dynamoDb, state),
    settings: createReceiptSettingsStore(dynamoDb, state),
    sweeps: createReceiptSweepStore(dynamoDb, state),
    buyers: createBuyerStore(dynamoDb, env.BUYER_TABLE_NAME),
    receipts,
    files,
    issued: createJobQueue(createSqsClient(), env.RECEIPT_ISSUED_QUEUE_URL),
    issuers: {
      'built-in': createBuiltInIssuer({ render: async (page) => (await drawing()).render(page) }, files),
      bitztobe: createBitztobeIssuer(
        createIssuerClient(randomUUID),
        async ({ bitztobe }) => {
          const apiKey = bitztobe && (await keys.getKey());
          return bitztobe && apiKey ? { ...bitztobe, apiKey } : undefined;
        },
        receipts,
      ),
    },
    clock: { now: Date.now },
  };
}
