import {
  createAmazonAccountProbe,
  PARTICIPATIONS_QUOTA,
} from '../../shared/adapters/amazon/account-probe.ts';
import { createAmazonClients } from '../../shared/adapters/amazon/client.ts';
import { createAmazonOrderSource, SEARCH_ORDERS_QUOTA } from '../../shared/adapters/amazon/search-orders.ts';
import { createMarketplaceApi } from './marketplace.ts';

export const handler = createMarketplaceApi(
  'amazon',
  (credentials, clock) => ({
    probing: {
      probe: createAmazonAccountProbe(clock),
      search: { operation: 'getMarketplaceParticipations', plan: PARTICIPATIONS_QUOTA },
      calls: () => 1,
    },
    searched: {
      source: createAmazonOrderSource(createAmazonClients(credentials, clock)),
      search: { operation: 'searchOrders', plan: SEARCH_ORDERS_QUOTA },
    },
  }),
  ({ save, test, dryRun }) => ({
    saveAmazonCredentials(asked) {
      const { issued, storeUntested, ...secrets } = asked.body;
      return save({ accountId: asked.params.accountId, secrets, issued, storeUntested }, asked);
    },
    testAmazonCredentials: test,
    dryRunAmazonChannel: dryRun,
  }),
);
