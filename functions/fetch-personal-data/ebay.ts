import { createEbayClients } from '../../shared/adapters/ebay/client.ts';
import { createEbayOrderSource, EBAY_CALLS_QUOTA } from '../../shared/adapters/ebay/orders.ts';
import { personalDataFromOrders } from '../../shared/usecases/personal-data-from-orders.ts';
import { startFetchPersonalData } from './start.ts';

export const handler = startFetchPersonalData('ebay', (credentials, clock) => ({
  source: personalDataFromOrders(createEbayOrderSource(createEbayClients(credentials, clock))),
  // The allowance is the pulls' too: they go first.
  operation: 'calls',
  plan: EBAY_CALLS_QUOTA,
  keep: Math.ceil(EBAY_CALLS_QUOTA.burst / 2),
}));
