import { createAccountStore } from '../../shared/adapters/dynamodb/account-store.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createListingPlanStore } from '../../shared/adapters/dynamodb/listing-plan-store.ts';
import { createListingSyncStore } from '../../shared/adapters/dynamodb/listing-store.ts';
import { createJobQueue, createSqsClient } from '../../shared/adapters/sqs/job-queue.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { type PlanListingsDeps, planListings } from '../../shared/usecases/plan-listings.ts';
import { envSchema } from './env.ts';
import { createPlanListingsHandler } from './handler.ts';

const env = readEnv(envSchema);
const observability = createObservability();
const dynamoDb = createDynamoDbClient();
const sqs = createSqsClient();
const deps: PlanListingsDeps = {
  channels: createChannelStore(dynamoDb, env.STATE_TABLE_NAME),
  accounts: createAccountStore(dynamoDb, env.STATE_TABLE_NAME),
  syncs: createListingSyncStore(dynamoDb, env.STATE_TABLE_NAME),
  plans: createListingPlanStore(dynamoDb, env.STATE_TABLE_NAME),
  queues: {
    amazon: createJobQueue(sqs, env.AMAZON_LISTING_QUEUE_URL),
    ebay: createJobQueue(sqs, env.EBAY_LISTING_QUEUE_URL),
    manomano: createJobQueue(sqs, env.MANOMANO_LISTING_QUEUE_URL),
  },
  clock: { now: Date.now },
};

export const handler = withObservability(
  observability,
  createPlanListingsHandler({
    plan: () => planListings(deps),
    logger: observability.logger,
    metrics: observability.metrics,
  }),
);
