import { createAmazonClients } from '../../shared/adapters/amazon/client.ts';
import { createAmazonListingPusher } from '../../shared/adapters/amazon/listing-pusher.ts';
import { AMAZON_LISTING_PLANS, createAmazonListingSource } from '../../shared/adapters/amazon/listings.ts';
import { startSyncListings } from './start.ts';

export const handler = startSyncListings('amazon', (credentials, clock) => {
  const clientOf = createAmazonClients(credentials, clock);
  return {
    source: createAmazonListingSource(clientOf),
    pusher: createAmazonListingPusher(clientOf),
    plans: AMAZON_LISTING_PLANS,
  };
});
