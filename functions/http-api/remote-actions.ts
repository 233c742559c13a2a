import { REMOTE_ACTION_ROUTES } from '../../events/http/remote-action-routes.ts';
import { createAccountStore } from '../../shared/adapters/dynamodb/account-store.ts';
import { createActivityLog } from '../../shared/adapters/dynamodb/activity-log.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createIdempotencyStore } from '../../shared/adapters/dynamodb/idempotency-store.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createRemoteActionStore } from '../../shared/adapters/dynamodb/remote-action-store.ts';
import { createJobQueue, createSqsClient } from '../../shared/adapters/sqs/job-queue.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { remoteActionEnvSchema } from './env.ts';
import { createHttpApiHandler } from './handler.ts';
import { remoteActionRoutes } from './routes/remote-actions.ts';

const env = readEnv(remoteActionEnvSchema);
const observability = createObservability();
const dynamoDb = createDynamoDbClient();
const sqs = createSqsClient();
const clock = { now: Date.now };

/** The part of the API that has marketplaces act on their orders. It asks none itself: a queue does. */
export const handler = withObservability(
  observability,
  createHttpApiHandler({
    contracts: REMOTE_ACTION_ROUTES,
    routes: remoteActionRoutes({
      orders: createOrderStore(dynamoDb, env.STATE_TABLE_NAME),
      actions: createRemoteActionStore(dynamoDb, env.STATE_TABLE_NAME),
      accounts: createAccountStore(dynamoDb, env.STATE_TABLE_NAME),
      channels: createChannelStore(dynamoDb, env.STATE_TABLE_NAME),
      activities: createActivityLog(dynamoDb, env.STATE_TABLE_NAME),
      queues: {
        amazon: createJobQueue(sqs, env.AMAZON_REMOTE_ACTION_QUEUE_URL),
        ebay: createJobQueue(sqs, env.EBAY_REMOTE_ACTION_QUEUE_URL),
        manomano: createJobQueue(sqs, env.MANOMANO_REMOTE_ACTION_QUEUE_URL),
      },
      clock,
    }),
    requests: createIdempotencyStore(dynamoDb, env.STATE_TABLE_NAME),
    clock,
    logger: observability.logger,
  }),
);
