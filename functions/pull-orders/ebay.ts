import { createEbayClients } from '../../shared/adapters/ebay/client.ts';
import { createEbayOrderSource, EBAY_CALLS_QUOTA } from '../../shared/adapters/ebay/orders.ts';
import { startPullOrders } from './start.ts';

export const handler = startPullOrders((credentials, clock) => {
  const source = createEbayOrderSource(createEbayClients(credentials, clock));
  // One allowance for all calls of an account.
  return { source, reader: source, search: { operation: 'calls', plan: EBAY_CALLS_QUOTA } };
});
