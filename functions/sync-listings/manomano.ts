import { createManomanoClients, MANOMANO_CALLS_QUOTA } from '../../shared/adapters/manomano/client.ts';
import {
  createManomanoListingPusher,
  createManomanoListingSource,
} from '../../shared/adapters/manomano/listings.ts';
import { startSyncListings } from './start.ts';

export const handler = startSyncListings('manomano', (credentials) => {
  const clientOf = createManomanoClients(credentials);
  return {
    source: createManomanoListingSource(clientOf),
    pusher: createManomanoListingPusher(clientOf),
    // One allowance for everything that is called with a key.
    plans: { calls: MANOMANO_CALLS_QUOTA },
  };
});
