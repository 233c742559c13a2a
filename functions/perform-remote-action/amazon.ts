import { createAmazonClients } from '../../shared/adapters/amazon/client.ts';
import { CREATE_FEED_QUOTA, GET_FEED_QUOTA } from '../../shared/adapters/amazon/feeds.ts';
import { GET_ORDER_QUOTA } from '../../shared/adapters/amazon/get-order.ts';
import { createAmazonActor } from '../../shared/adapters/amazon/remote-actions.ts';
import {
  CONFIRM_SHIPMENT_QUOTA,
  createAmazonShippingConfirmer,
} from '../../shared/adapters/amazon/shipping-confirmer.ts';
import { startPerformRemoteAction } from './start.ts';

const SHIP = {
  telling: { operation: 'confirmShipment', plan: CONFIRM_SHIPMENT_QUOTA },
  asking: { operation: 'getOrder', plan: GET_ORDER_QUOTA },
};
/** One feed in two minutes, for everything that is done by feeds. */
const FEED = {
  telling: { operation: 'createFeed', plan: CREATE_FEED_QUOTA },
  asking: { operation: 'getFeed', plan: GET_FEED_QUOTA },
};

export const handler = startPerformRemoteAction('amazon', (credentials, clock) => {
  const clientOf = createAmazonClients(credentials, clock);
  return {
    actor: createAmazonActor(clientOf, clock),
    confirmer: createAmazonShippingConfirmer(clientOf),
    calls: (kind) => (kind === 'ship' ? SHIP : FEED),
  };
});
