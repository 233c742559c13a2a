import { createManomanoClients, MANOMANO_CALLS_QUOTA } from '../../shared/adapters/manomano/client.ts';
import { createManomanoActor } from '../../shared/adapters/manomano/remote-actions.ts';
import { createManomanoShippingConfirmer } from '../../shared/adapters/manomano/shipping-confirmer.ts';
import { startPerformRemoteAction } from './start.ts';

export const handler = startPerformRemoteAction('manomano', (credentials) => {
  const clientOf = createManomanoClients(credentials);
  // One allowance for everything that is called with a key.
  const calls = { operation: 'calls', plan: MANOMANO_CALLS_QUOTA, shared: true };
  return {
    actor: createManomanoActor(clientOf),
    confirmer: createManomanoShippingConfirmer(clientOf),
    calls: () => ({ telling: calls, asking: calls }),
  };
});
