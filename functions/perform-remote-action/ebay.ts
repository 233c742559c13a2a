import { createEbayClient, createEbayClients } from '../../shared/adapters/ebay/client.ts';
import { EBAY_CALLS_QUOTA } from '../../shared/adapters/ebay/orders.ts';
import { createEbayActor } from '../../shared/adapters/ebay/remote-actions.ts';
import { createEbayShippingConfirmer } from '../../shared/adapters/ebay/shipping-confirmer.ts';
import { startPerformRemoteAction } from './start.ts';

export const handler = startPerformRemoteAction('ebay', (credentials, clock) => {
  const orders = createEbayClients(credentials, clock);
  // A consent that does not cover money must not keep parcels waiting: it is asked for only where it is needed.
  const money = createEbayClients(credentials, clock, (own, at) =>
    createEbayClient(own, at, ['sell.fulfillment', 'sell.finances']),
  );
  // One allowance for all calls of an account.
  const calls = { operation: 'calls', plan: EBAY_CALLS_QUOTA, shared: true };
  return {
    actor: createEbayActor({ orders, money }, clock),
    confirmer: createEbayShippingConfirmer(orders),
    calls: () => ({ telling: calls, asking: calls }),
  };
});
