import { createAmazonClients } from '../../shared/adapters/amazon/client.ts';
import { GET_ORDER_QUOTA } from '../../shared/adapters/amazon/get-order.ts';
import { createAmazonActor } from '../../shared/adapters/amazon/remote-actions.ts';
import {
  CONFIRM_SHIPMENT_QUOTA,
  createAmazonShippingConfirmer,
} from '../../shared/adapters/amazon/shipping-confirmer.ts';
import { startPerformRemoteAction } from './start.ts';

export const handler = startPerformRemoteAction('amazon', (credentials, clock) => {
  const clientOf = createAmazonClients(credentials, clock);
  const asking = { operation: 'getOrder', plan: GET_ORDER_QUOTA };
  return {
    actor: createAmazonActor(clientOf),
    confirmer: createAmazonShippingConfirmer(clientOf),
    calls: () => ({ telling: { operation: 'confirmShipment', plan: CONFIRM_SHIPMENT_QUOTA }, asking }),
  };
});
