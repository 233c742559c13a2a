import { createAmazonClients } from '../../shared/adapters/amazon/client.ts';
import { createAmazonOrderSource, SEARCH_ORDERS_QUOTA } from '../../shared/adapters/amazon/search-orders.ts';
import { startPullOrders } from './start.ts';

export const handler = startPullOrders((credentials, clock) => ({
  source: createAmazonOrderSource(createAmazonClients(credentials, clock)),
  search: { operation: 'searchOrders', plan: SEARCH_ORDERS_QUOTA },
}));
