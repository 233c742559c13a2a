import {
  createAmazonAccountProbe,
  PARTICIPATIONS_QUOTA,
} from '../../shared/adapters/amazon/account-probe.ts';
import { createAmazonClients } from '../../shared/adapters/amazon/client.ts';
import { createAmazonOrderSource, SEARCH_ORDERS_QUOTA } from '../../shared/adapters/amazon/search-orders.ts';
import { AMAZON_SITES } from '../../shared/adapters/amazon/sites.ts';
import { createAccountStore } from '../../shared/adapters/dynamodb/account-store.ts';
import { createActivityLog } from '../../shared/adapters/dynamodb/activity-log.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createQuotaStore } from '../../shared/adapters/dynamodb/quota-store.ts';
import { createEbayAccountProbe } from '../../shared/adapters/ebay/account-probe.ts';
import { createEbayClients } from '../../shared/adapters/ebay/client.ts';
import { createEbayOrderSource, EBAY_CALLS_QUOTA } from '../../shared/adapters/ebay/orders.ts';
import { EBAY_SITES } from '../../shared/adapters/ebay/sites.ts';
import { createManomanoAccountProbe } from '../../shared/adapters/manomano/account-probe.ts';
import { createManomanoClients, MANOMANO_CALLS_QUOTA } from '../../shared/adapters/manomano/client.ts';
import { createManomanoOrderSource } from '../../shared/adapters/manomano/orders.ts';
import { MANOMANO_SITES } from '../../shared/adapters/manomano/sites.ts';
import { createJobQueue, createSqsClient } from '../../shared/adapters/sqs/job-queue.ts';
import { createCredentialStore, createSsmClient } from '../../shared/adapters/ssm/credential-store.ts';
import { CommandFailure, runCommand, type Surroundings } from './commands.ts';

const clock = { now: Date.now };
const ebayCalls = { operation: 'calls', plan: EBAY_CALLS_QUOTA };
const manomanoCalls = { operation: 'calls', plan: MANOMANO_CALLS_QUOTA };
const surroundings: Surroundings = {
  env: process.env,
  clock,
  sites: { amazon: AMAZON_SITES, ebay: EBAY_SITES, manomano: MANOMANO_SITES },
  probings: {
    amazon: {
      probe: createAmazonAccountProbe(clock),
      search: { operation: 'getMarketplaceParticipations', plan: PARTICIPATIONS_QUOTA },
      calls: () => 1,
    },
    ebay: { probe: createEbayAccountProbe(clock), search: ebayCalls, calls: () => 2 },
    manomano: {
      probe: createManomanoAccountProbe(),
      search: manomanoCalls,
      calls: (sites) => Math.max(1, sites),
    },
  },
  stateIn(stateTable) {
    const client = createDynamoDbClient();
    return {
      channels: createChannelStore(client, stateTable),
      accounts: createAccountStore(client, stateTable),
      activities: createActivityLog(client, stateTable),
      quota: createQuotaStore(client, stateTable),
      orders: createOrderStore(client, stateTable),
    };
  },
  credentialsUnder: (prefix, kmsKeyId) => createCredentialStore(createSsmClient(), prefix, kmsKeyId),
  sourcesWith: (credentials) => ({
    amazon: {
      source: createAmazonOrderSource(createAmazonClients(credentials, clock)),
      search: { operation: 'searchOrders', plan: SEARCH_ORDERS_QUOTA },
    },
    ebay: { source: createEbayOrderSource(createEbayClients(credentials, clock)), search: ebayCalls },
    manomano: {
      source: createManomanoOrderSource(createManomanoClients(credentials)),
      search: manomanoCalls,
    },
  }),
  queueAt: (url) => createJobQueue(createSqsClient(), url),
};

try {
  process.stdout.write(await runCommand(process.argv.slice(2), surroundings));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = error instanceof CommandFailure ? error.exitCode : 3;
}
