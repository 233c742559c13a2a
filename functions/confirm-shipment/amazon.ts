import { createAmazonClients } from '../../shared/adapters/amazon/client.ts';
import { GET_ORDER_QUOTA } from '../../shared/adapters/amazon/get-order.ts';
import {
  CONFIRM_SHIPMENT_QUOTA,
  createAmazonShippingConfirmer,
} from '../../shared/adapters/amazon/shipping-confirmer.ts';
import { startConfirmShipment } from './start.ts';

export const handler = startConfirmShipment('amazon', (credentials, clock) => ({
  confirmer: createAmazonShippingConfirmer(createAmazonClients(credentials, clock)),
  telling: { operation: 'confirmShipment', plan: CONFIRM_SHIPMENT_QUOTA },
  asking: { operation: 'getOrder', plan: GET_ORDER_QUOTA },
}));
