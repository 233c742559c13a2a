import { createManomanoAccountProbe } from '../../shared/adapters/manomano/account-probe.ts';
import { createManomanoClients, MANOMANO_CALLS_QUOTA } from '../../shared/adapters/manomano/client.ts';
import { createManomanoOrderSource } from '../../shared/adapters/manomano/orders.ts';
import { createMarketplaceApi } from './marketplace.ts';

const search = { operation: 'calls', plan: MANOMANO_CALLS_QUOTA };

export const handler = createMarketplaceApi(
  'manomano',
  (credentials) => ({
    probing: {
      probe: createManomanoAccountProbe(),
      search,
      calls: (sites) => Math.max(1, sites),
    },
    searched: { source: createManomanoOrderSource(createManomanoClients(credentials)), search },
  }),
  ({ save, test, dryRun }) => ({
    saveManomanoCredentials(asked) {
      const { storeUntested, ...secrets } = asked.body;
      return save({ accountId: asked.params.accountId, secrets, storeUntested }, asked);
    },
    testManomanoCredentials: test,
    dryRunManomanoChannel: dryRun,
  }),
);
