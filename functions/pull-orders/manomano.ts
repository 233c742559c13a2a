import { createManomanoClients, MANOMANO_CALLS_QUOTA } from '../../shared/adapters/manomano/client.ts';
import { createManomanoOrderSource } from '../../shared/adapters/manomano/orders.ts';
import { startPullOrders } from './start.ts';

export const handler = startPullOrders((credentials) => {
  const source = createManomanoOrderSource(createManomanoClients(credentials));
  // One allowance for everything that is called with a key.
  return { source, reader: source, search: { operation: 'calls', plan: MANOMANO_CALLS_QUOTA } };
});
