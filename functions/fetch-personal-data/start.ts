import { randomUUID } from 'node:crypto';
import { createActivityLog } from '../../shared/adapters/dynamodb/activity-log.ts';
import { createBuyerStore } from '../../shared/adapters/dynamodb/buyer-store.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createFollowUpStore } from '../../shared/adapters/dynamodb/follow-up-store.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createProviderAccountStore } from '../../shared/adapters/dynamodb/provider-account-store.ts';
import { createQuotaStore } from '../../shared/adapters/dynamodb/quota-store.ts';
import { createHttpProviderClient } from '../../shared/adapters/http-provider/client.ts';
import { createHttpProviderSource, HTTP_PROVIDER_QUOTA } from '../../shared/adapters/http-provider/source.ts';
import { createCredentialStore, createSsmClient } from '../../shared/adapters/ssm/credential-store.ts';
import { createProviderKeyStore } from '../../shared/adapters/ssm/provider-key-store.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { type FetchPersonalDataDeps, fetchPersonalData } from '../../shared/usecases/fetch-personal-data.ts';
import { connected } from '../../shared/usecases/provider-accounts.ts';
import { envSchema } from './env.ts';
import { createFetchPersonalDataHandler } from './handler.ts';

type Credentials = ReturnType<typeof createCredentialStore>;
type Clock = FetchPersonalDataDeps['clock'];

/** The function of one marketplace: what its entries have in common. Called by them, once. */
export function startFetchPersonalData(
  marketplace: FetchPersonalDataDeps['marketplace'],
  orderSourceOf: (credentials: Credentials, clock: Clock) => FetchPersonalDataDeps['orderSource'],
) {
  const env = readEnv(envSchema);
  const observability = createObservability();
  const dynamoDb = createDynamoDbClient();
  const clock = { now: Date.now };
  const credentials = createCredentialStore(createSsmClient(), env.CREDENTIALS_PREFIX);
  const keys = createProviderKeyStore(credentials);
  const provider = createHttpProviderClient(randomUUID);
  const deps: FetchPersonalDataDeps = {
    followUps: createFollowUpStore(dynamoDb, env.STATE_TABLE_NAME),
    orders: createOrderStore(dynamoDb, env.STATE_TABLE_NAME),
    buyers: createBuyerStore(dynamoDb, env.BUYER_TABLE_NAME),
    channels: createChannelStore(dynamoDb, env.STATE_TABLE_NAME),
    accounts: createProviderAccountStore(dynamoDb, env.STATE_TABLE_NAME),
    activity: createActivityLog(dynamoDb, env.STATE_TABLE_NAME),
    quota: createQuotaStore(dynamoDb, env.STATE_TABLE_NAME),
    clock,
    marketplace,
    orderSource: orderSourceOf(credentials, clock),
    moduleSource: (account, moduleId) => ({
      source: createHttpProviderSource(
        provider,
        async () => (await connected({ keys }, account)).connection,
        moduleId,
      ),
      operation: 'personal-information',
      plan: HTTP_PROVIDER_QUOTA,
    }),
  };
  return withObservability(
    observability,
    createFetchPersonalDataHandler({
      fetch: (remainingMs) => fetchPersonalData(deps, remainingMs),
      logger: observability.logger,
      metrics: observability.metrics,
    }),
  );
}
