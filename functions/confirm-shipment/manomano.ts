import { createManomanoClients, MANOMANO_CALLS_QUOTA } from '../../shared/adapters/manomano/client.ts';
import { createManomanoShippingConfirmer } from '../../shared/adapters/manomano/shipping-confirmer.ts';
import { startConfirmShipment } from './start.ts';

export const handler = startConfirmShipment('manomano', (credentials) => {
  // One allowance for everything that is called with a key.
  const calls = { operation: 'calls', plan: MANOMANO_CALLS_QUOTA, shared: true };
  return {
    confirmer: createManomanoShippingConfirmer(createManomanoClients(credentials)),
    telling: calls,
    asking: calls,
  };
});
