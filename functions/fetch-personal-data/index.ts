import { randomUUID } from 'node:crypto';
import { createAmazonClients } from '../../shared/adapters/amazon/client.ts';
import { createAmazonOrderReader, GET_ORDER_QUOTA } from '../../shared/adapters/amazon/get-order.ts';
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
import { createManomanoClients, MANOMANO_CALLS_QUOTA } from '../../shared/adapters/manomano/client.ts';
import { createManomanoOrderSource } from '../../shared/adapters/manomano/orders.ts';
import { createCredentialStore, createSsmClient } from '../../shared/adapters/ssm/credential-store.ts';
import { createProviderKeyStore } from '../../shared/adapters/ssm/provider-key-store.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { type FetchPersonalDataDeps, fetchPersonalData } from '../../shared/usecases/fetch-personal-data.ts';
import { personalDataFromOrders } from '../../shared/usecases/personal-data-from-orders.ts';
import { connected } from '../../shared/usecases/provider-accounts.ts';
import { envSchema } from './env.ts';
import { createFetchPersonalDataHandler } from './handler.ts';

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
  marketplaces: {
    amazon: {
      source: personalDataFromOrders(createAmazonOrderReader(createAmazonClients(credentials, clock))),
      operation: 'getOrder',
      plan: GET_ORDER_QUOTA,
    },
    manomano: {
      source: personalDataFromOrders(createManomanoOrderSource(createManomanoClients(credentials))),
      // The allowance is the pulls' too: they go first.
      operation: 'calls',
      plan: MANOMANO_CALLS_QUOTA,
      keep: MANOMANO_CALLS_QUOTA.burst / 2,
    },
  },
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

export const handler = withObservability(
  observability,
  createFetchPersonalDataHandler({
    fetch: (remainingMs) => fetchPersonalData(deps, remainingMs),
    logger: observability.logger,
    metrics: observability.metrics,
  }),
);
