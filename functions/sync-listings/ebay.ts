import { createEbayClient, createEbayClients } from '../../shared/adapters/ebay/client.ts';
import { createEbayListingPusher } from '../../shared/adapters/ebay/listing-pusher.ts';
import { createEbayListingSource, EBAY_LISTING_PLANS } from '../../shared/adapters/ebay/listings.ts';
import { startSyncListings } from './start.ts';

export const handler = startSyncListings('ebay', (credentials, clock) => {
  // Asked for apart: a seller who did not consent to the Inventory API still has listings.
  const clients = {
    trading: createEbayClients(credentials, clock, (own, at) => createEbayClient(own, at, ['base'])),
    inventory: createEbayClients(credentials, clock, (own, at) =>
      createEbayClient(own, at, ['sell.inventory']),
    ),
  };
  return {
    source: createEbayListingSource(clients),
    pusher: createEbayListingPusher(clients),
    plans: EBAY_LISTING_PLANS,
  };
});
