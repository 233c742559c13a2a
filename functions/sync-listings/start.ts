import { createAccountStore } from '../../shared/adapters/dynamodb/account-store.ts';
import { createActivityLog } from '../../shared/adapters/dynamodb/activity-log.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createListingPlanStore } from '../../shared/adapters/dynamodb/listing-plan-store.ts';
import { createListingStore, createListingSyncStore } from '../../shared/adapters/dynamodb/listing-store.ts';
import { createProductStore } from '../../shared/adapters/dynamodb/product-store.ts';
import { createQuotaStore } from '../../shared/adapters/dynamodb/quota-store.ts';
import { createJobQueue, createSqsClient } from '../../shared/adapters/sqs/job-queue.ts';
import { createCredentialStore, createSsmClient } from '../../shared/adapters/ssm/credential-store.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { type SyncListingsDeps, syncListings } from '../../shared/usecases/sync-listings.ts';
import { envSchema } from './env.ts';
import { createSyncListingsHandler } from './handler.ts';

type Credentials = ReturnType<typeof createCredentialStore>;
type Clock = SyncListingsDeps['pull']['clock'];
/** How one marketplace's listings are read and told, and how often it may be asked. */
type Partner = Pick<SyncListingsDeps['pull'], 'source' | 'plans'> & Pick<SyncListingsDeps['push'], 'pusher'>;

/** The function of one marketplace: what its entries have in common. Called by them, once. */
export function startSyncListings(
  marketplace: SyncListingsDeps['marketplace'],
  partnerOf: (credentials: Credentials, clock: Clock) => Partner,
) {
  const env = readEnv(envSchema);
  const observability = createObservability();
  const dynamoDb = createDynamoDbClient();
  const clock = { now: Date.now };
  const { source, pusher, plans } = partnerOf(
    createCredentialStore(createSsmClient(), env.CREDENTIALS_PREFIX),
    clock,
  );
  const stores = {
    listings: createListingStore(dynamoDb, env.STATE_TABLE_NAME),
    products: createProductStore(dynamoDb, env.STATE_TABLE_NAME),
    syncs: createListingSyncStore(dynamoDb, env.STATE_TABLE_NAME),
    channels: createChannelStore(dynamoDb, env.STATE_TABLE_NAME),
    accounts: createAccountStore(dynamoDb, env.STATE_TABLE_NAME),
    activities: createActivityLog(dynamoDb, env.STATE_TABLE_NAME),
    quota: createQuotaStore(dynamoDb, env.STATE_TABLE_NAME),
    queue: createJobQueue(createSqsClient(), env.LISTING_QUEUE_URL),
    clock,
  };
  const planStore = createListingPlanStore(dynamoDb, env.STATE_TABLE_NAME);
  const deps: SyncListingsDeps = {
    marketplace,
    pull: { ...stores, source, plans },
    match: stores,
    plan: { ...stores, plans: planStore },
    push: { ...stores, pusher, plans, planStore },
  };
  return withObservability(
    observability,
    createSyncListingsHandler({
      sync: (job, remainingMs) => syncListings(deps, job, remainingMs),
      logger: observability.logger,
      metrics: observability.metrics,
    }),
  );
}
