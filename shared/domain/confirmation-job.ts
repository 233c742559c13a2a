import type { Marketplace } from './order.ts';
import type { ShippingConfirmation } from './shipping-confirmation.ts';

/** The job of `events/shipping-confirmation-requested`. */
export interface ShippingConfirmationJob {
  readonly type: 'shipping-confirmation-requested';
  readonly version: 1;
  readonly correlationId: string;
  readonly marketplace: Marketplace;
  readonly orderId: string;
  readonly shipmentKey: string;
}

/** Asks for one confirmation to be sent. Asked for twice, it is sent once. */
export function confirmationJob(
  { marketplace, orderId, shipmentKey }: ShippingConfirmation,
  correlationId: string,
): ShippingConfirmationJob {
  return {
    type: 'shipping-confirmation-requested',
    version: 1,
    correlationId,
    marketplace,
    orderId,
    shipmentKey,
  };
}
