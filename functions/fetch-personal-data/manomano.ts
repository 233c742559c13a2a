import { createManomanoClients, MANOMANO_CALLS_QUOTA } from '../../shared/adapters/manomano/client.ts';
import { createManomanoOrderSource } from '../../shared/adapters/manomano/orders.ts';
import { personalDataFromOrders } from '../../shared/usecases/personal-data-from-orders.ts';
import { startFetchPersonalData } from './start.ts';

export const handler = startFetchPersonalData('manomano', (credentials) => ({
  source: personalDataFromOrders(createManomanoOrderSource(createManomanoClients(credentials))),
  // The allowance is the pulls' too: they go first.
  operation: 'calls',
  plan: MANOMANO_CALLS_QUOTA,
  keep: Math.ceil(MANOMANO_CALLS_QUOTA.burst / 2),
}));
