import { MARKETPLACE_ROUTES } from '../../events/http/marketplace-routes.ts';
import { createAccountStore } from '../../shared/adapters/dynamodb/account-store.ts';
import { createActivityLog } from '../../shared/adapters/dynamodb/activity-log.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createIdempotencyStore } from '../../shared/adapters/dynamodb/idempotency-store.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createQuotaStore } from '../../shared/adapters/dynamodb/quota-store.ts';
import { createCredentialStore, createSsmClient } from '../../shared/adapters/ssm/credential-store.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import type { AccountProbing } from '../../shared/usecases/ask-account.ts';
import type { SearchedSource } from '../../shared/usecases/dry-run-channel.ts';
import { marketplaceEnvSchema } from './env.ts';
import { createHttpApiHandler } from './handler.ts';
import type { Implementations } from './implementation.ts';
import { type CredentialsDeps, marketplaceRoutes } from './routes/credentials.ts';

type Marketplace = 'amazon' | 'ebay' | 'manomano';

/** How one marketplace is asked. */
export interface Asking {
  readonly probing: AccountProbing;
  readonly searched: SearchedSource;
}

/** The part of the API that asks one marketplace: its client is too large for the bundle of all other routes. */
export function createMarketplaceApi(
  marketplace: Marketplace,
  asking: (credentials: ReturnType<typeof createCredentialStore>, clock: CredentialsDeps['clock']) => Asking,
  routesOf: (routes: ReturnType<typeof marketplaceRoutes>) => Partial<Implementations>,
) {
  const env = readEnv(marketplaceEnvSchema);
  const observability = createObservability();
  const dynamoDb = createDynamoDbClient();
  const clock = { now: Date.now };
  const credentials = createCredentialStore(
    createSsmClient(),
    env.CREDENTIALS_PREFIX,
    env.CREDENTIALS_KEY_ALIAS,
  );
  const { probing, searched } = asking(credentials, clock);
  const deps = {
    channels: createChannelStore(dynamoDb, env.STATE_TABLE_NAME),
    accounts: createAccountStore(dynamoDb, env.STATE_TABLE_NAME),
    orders: createOrderStore(dynamoDb, env.STATE_TABLE_NAME),
    quota: createQuotaStore(dynamoDb, env.STATE_TABLE_NAME),
    activities: createActivityLog(dynamoDb, env.STATE_TABLE_NAME),
    credentials,
    probings: { [marketplace]: probing },
    sources: { [marketplace]: searched },
    clock,
  };
  return withObservability(
    observability,
    createHttpApiHandler({
      contracts: MARKETPLACE_ROUTES,
      routes: routesOf(marketplaceRoutes(deps, marketplace)),
      requests: createIdempotencyStore(dynamoDb, env.STATE_TABLE_NAME),
      clock,
      logger: observability.logger,
    }),
  );
}
