import { randomUUID } from 'node:crypto';
import { PRODUCT_ROUTES } from '../../events/http/product-routes.ts';
import { createActivityLog } from '../../shared/adapters/dynamodb/activity-log.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createIdempotencyStore } from '../../shared/adapters/dynamodb/idempotency-store.ts';
import { createListingPlanStore } from '../../shared/adapters/dynamodb/listing-plan-store.ts';
import { createListingStore, createListingSyncStore } from '../../shared/adapters/dynamodb/listing-store.ts';
import { createProductStore } from '../../shared/adapters/dynamodb/product-store.ts';
import { createJobQueue, createSqsClient } from '../../shared/adapters/sqs/job-queue.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { productEnvSchema } from './env.ts';
import { createHttpApiHandler } from './handler.ts';
import { productRoutes } from './routes/products.ts';

const env = readEnv(productEnvSchema);
const observability = createObservability();
const dynamoDb = createDynamoDbClient();
const sqs = createSqsClient();
const clock = { now: Date.now };

/** The part of the API for remote products and the catalogue. It asks no marketplace itself: a queue does. */
export const handler = withObservability(
  observability,
  createHttpApiHandler({
    contracts: PRODUCT_ROUTES,
    routes: productRoutes({
      listings: createListingStore(dynamoDb, env.STATE_TABLE_NAME),
      syncs: createListingSyncStore(dynamoDb, env.STATE_TABLE_NAME),
      products: createProductStore(dynamoDb, env.STATE_TABLE_NAME),
      plans: createListingPlanStore(dynamoDb, env.STATE_TABLE_NAME),
      channels: createChannelStore(dynamoDb, env.STATE_TABLE_NAME),
      activities: createActivityLog(dynamoDb, env.STATE_TABLE_NAME),
      queues: {
        amazon: createJobQueue(sqs, env.AMAZON_LISTING_QUEUE_URL),
        ebay: createJobQueue(sqs, env.EBAY_LISTING_QUEUE_URL),
        manomano: createJobQueue(sqs, env.MANOMANO_LISTING_QUEUE_URL),
      },
      newId: randomUUID,
      clock,
    }),
    requests: createIdempotencyStore(dynamoDb, env.STATE_TABLE_NAME),
    clock,
    logger: observability.logger,
  }),
);
