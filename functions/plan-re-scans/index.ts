import { createAccountStore } from '../../shared/adapters/dynamodb/account-store.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createJobQueue, createSqsClient } from '../../shared/adapters/sqs/job-queue.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { planReScans } from '../../shared/usecases/plan-re-scans.ts';
import type { AskForPullsDeps } from '../../shared/usecases/pulled-accounts.ts';
import { envSchema } from './env.ts';
import { createPlanReScansHandler } from './handler.ts';

const env = readEnv(envSchema);
const observability = createObservability();
const dynamoDb = createDynamoDbClient();
const sqs = createSqsClient();
const deps: AskForPullsDeps = {
  channels: createChannelStore(dynamoDb, env.STATE_TABLE_NAME),
  accounts: createAccountStore(dynamoDb, env.STATE_TABLE_NAME),
  queues: {
    amazon: createJobQueue(sqs, env.AMAZON_ORDER_PULL_QUEUE_URL),
    ebay: createJobQueue(sqs, env.EBAY_ORDER_PULL_QUEUE_URL),
    manomano: createJobQueue(sqs, env.MANOMANO_ORDER_PULL_QUEUE_URL),
  },
  clock: { now: Date.now },
};

export const handler = withObservability(
  observability,
  createPlanReScansHandler({ plan: () => planReScans(deps), logger: observability.logger }),
);
