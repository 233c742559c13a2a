import { createEbayClients } from '../../shared/adapters/ebay/client.ts';
import { EBAY_CALLS_QUOTA } from '../../shared/adapters/ebay/orders.ts';
import { createEbayShippingConfirmer } from '../../shared/adapters/ebay/shipping-confirmer.ts';
import { startConfirmShipment } from './start.ts';

export const handler = startConfirmShipment('ebay', (credentials, clock) => {
  // One allowance for all calls of an account.
  const calls = { operation: 'calls', plan: EBAY_CALLS_QUOTA, shared: true };
  return {
    confirmer: createEbayShippingConfirmer(createEbayClients(credentials, clock)),
    telling: calls,
    asking: calls,
  };
});
