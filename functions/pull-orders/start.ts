import { createBuyerStore } from '../../shared/adapters/dynamodb/buyer-store.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createFollowUpStore } from '../../shared/adapters/dynamodb/follow-up-store.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createPullLease } from '../../shared/adapters/dynamodb/pull-lease.ts';
import { createQuotaStore } from '../../shared/adapters/dynamodb/quota-store.ts';
import { createJobQueue, createSqsClient } from '../../shared/adapters/sqs/job-queue.ts';
import { createCredentialStore, createSsmClient } from '../../shared/adapters/ssm/credential-store.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { type PullOrdersDeps, pullOrders } from '../../shared/usecases/pull-orders.ts';
import { envSchema } from './env.ts';
import { createPullOrdersHandler } from './handler.ts';

type Credentials = ReturnType<typeof createCredentialStore>;
type Clock = PullOrdersDeps['clock'];

/** The function of one marketplace: what its entries have in common. Called by them, once. */
export function startPullOrders(
  askingWith: (
    credentials: Credentials,
    clock: Clock,
  ) => Pick<PullOrdersDeps, 'source' | 'reader' | 'search'>,
) {
  const env = readEnv(envSchema);
  const observability = createObservability();
  const dynamoDb = createDynamoDbClient();
  const clock = { now: Date.now };
  const deps: PullOrdersDeps = {
    ...askingWith(createCredentialStore(createSsmClient(), env.CREDENTIALS_PREFIX), clock),
    orders: createOrderStore(dynamoDb, env.STATE_TABLE_NAME),
    buyers: createBuyerStore(dynamoDb, env.BUYER_TABLE_NAME),
    followUps: createFollowUpStore(dynamoDb, env.STATE_TABLE_NAME),
    channels: createChannelStore(dynamoDb, env.STATE_TABLE_NAME),
    quota: createQuotaStore(dynamoDb, env.STATE_TABLE_NAME),
    lease: createPullLease(dynamoDb, env.STATE_TABLE_NAME),
    queue: createJobQueue(createSqsClient(), env.ORDER_PULL_QUEUE_URL),
    clock,
  };
  return withObservability(
    observability,
    createPullOrdersHandler({
      pull: (job, remainingMs) => pullOrders(deps, job, remainingMs),
      logger: observability.logger,
      metrics: observability.metrics,
    }),
  );
}
