import { createAccountStore } from '../../shared/adapters/dynamodb/account-store.ts';
import { createActivityLog } from '../../shared/adapters/dynamodb/activity-log.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createQuotaStore } from '../../shared/adapters/dynamodb/quota-store.ts';
import { createRemoteActionStore } from '../../shared/adapters/dynamodb/remote-action-store.ts';
import { createCredentialStore, createSsmClient } from '../../shared/adapters/ssm/credential-store.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import {
  type PerformRemoteActionDeps,
  performRemoteAction,
} from '../../shared/usecases/perform-remote-action.ts';
import { envSchema } from './env.ts';
import { createPerformRemoteActionHandler } from './handler.ts';

type Credentials = ReturnType<typeof createCredentialStore>;
type Clock = PerformRemoteActionDeps['clock'];

/** The function of one marketplace: what its entries have in common. Called by them, once. */
export function startPerformRemoteAction(
  marketplace: PerformRemoteActionDeps['marketplace'],
  actingWith: (
    credentials: Credentials,
    clock: Clock,
  ) => Pick<PerformRemoteActionDeps, 'actor' | 'confirmer' | 'calls'>,
) {
  const env = readEnv(envSchema);
  const observability = createObservability();
  const dynamoDb = createDynamoDbClient();
  const clock = { now: Date.now };
  const deps: PerformRemoteActionDeps = {
    ...actingWith(createCredentialStore(createSsmClient(), env.CREDENTIALS_PREFIX), clock),
    marketplace,
    orders: createOrderStore(dynamoDb, env.STATE_TABLE_NAME),
    actions: createRemoteActionStore(dynamoDb, env.STATE_TABLE_NAME),
    accounts: createAccountStore(dynamoDb, env.STATE_TABLE_NAME),
    channels: createChannelStore(dynamoDb, env.STATE_TABLE_NAME),
    activities: createActivityLog(dynamoDb, env.STATE_TABLE_NAME),
    quota: createQuotaStore(dynamoDb, env.STATE_TABLE_NAME),
    clock,
  };
  return withObservability(
    observability,
    createPerformRemoteActionHandler({
      perform: (job, remainingMs) => performRemoteAction(deps, job, remainingMs),
      logger: observability.logger,
      metrics: observability.metrics,
    }),
  );
}
