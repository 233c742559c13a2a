import { createAccountStore } from '../../shared/adapters/dynamodb/account-store.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createQuotaStore } from '../../shared/adapters/dynamodb/quota-store.ts';
import { createCredentialStore, createSsmClient } from '../../shared/adapters/ssm/credential-store.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { type CheckAccountsDeps, checkAccounts } from '../../shared/usecases/check-accounts.ts';
import { envSchema } from './env.ts';
import { createCheckAccountsHandler } from './handler.ts';

/** The function of one marketplace: what its entries have in common. Called by them, once. */
export function startCheckAccounts(
  probingsWith: (clock: CheckAccountsDeps['clock']) => CheckAccountsDeps['probings'],
) {
  const env = readEnv(envSchema);
  const observability = createObservability();
  const dynamoDb = createDynamoDbClient();
  const clock = { now: Date.now };
  const deps: CheckAccountsDeps = {
    channels: createChannelStore(dynamoDb, env.STATE_TABLE_NAME),
    accounts: createAccountStore(dynamoDb, env.STATE_TABLE_NAME),
    credentials: createCredentialStore(createSsmClient(), env.CREDENTIALS_PREFIX),
    quota: createQuotaStore(dynamoDb, env.STATE_TABLE_NAME),
    clock,
    probings: probingsWith(clock),
  };
  return withObservability(
    observability,
    createCheckAccountsHandler({
      check: () => checkAccounts(deps),
      logger: observability.logger,
      metrics: observability.metrics,
    }),
  );
}
