import { createEbayAccountProbe } from '../../shared/adapters/ebay/account-probe.ts';
import { createEbayClients } from '../../shared/adapters/ebay/client.ts';
import { createEbayOrderSource, EBAY_CALLS_QUOTA } from '../../shared/adapters/ebay/orders.ts';
import { createMarketplaceApi } from './marketplace.ts';

const search = { operation: 'calls', plan: EBAY_CALLS_QUOTA };

export const handler = createMarketplaceApi(
  'ebay',
  (credentials, clock) => ({
    probing: { probe: createEbayAccountProbe(clock), search, calls: () => 2 },
    searched: { source: createEbayOrderSource(createEbayClients(credentials, clock)), search },
  }),
  ({ save, test, dryRun }) => ({
    saveEbayCredentials(asked) {
      const { issued, storeUntested, signingKeyJwe, signingPrivateKey, ...needed } = asked.body;
      const secrets = {
        ...needed,
        ...(signingKeyJwe === undefined ? {} : { signingKeyJwe }),
        ...(signingPrivateKey === undefined ? {} : { signingPrivateKey }),
      };
      return save({ accountId: asked.params.accountId, secrets, issued, storeUntested }, asked);
    },
    testEbayCredentials: test,
    dryRunEbayChannel: dryRun,
  }),
);
