import { orderId, orderIdParts } from '../domain/order.ts';
import type { ShipmentKey, ShippedOrder } from '../domain/shipment.ts';
import type { OrderName } from './read-order.ts';
import type { RegisteredShipment } from './register-shipment.ts';

export { shownShipment } from '../domain/shipment-view.ts';

/** An order as people name it, with what of it travels; no lines: all that it still waits for. */
export interface NamedOrder {
  readonly marketplace: OrderName['marketplace'];
  readonly orderNumber: string;
  readonly lines?: ShippedOrder['lines'] | undefined;
}

export function shippedOrders(named: readonly NamedOrder[]): readonly ShippedOrder[] {
  return named.map(({ marketplace, orderNumber, lines = [] }) => ({
    orderId: orderId(marketplace, orderNumber),
    lines,
  }));
}

/** Orders as people name them. */
export function namedOrders(
  orderIds: Extract<RegisteredShipment, { outcome: 'registered' | 'known' }>['waitingFor'],
): readonly Omit<NamedOrder, 'lines'>[] {
  return orderIds.map((id) => {
    const { marketplace, marketplaceOrderId } = orderIdParts(id);
    return { marketplace, orderNumber: marketplaceOrderId };
  });
}

/** A key as it came in from outside, in a form that was checked there: whether there is such a shipment is another matter. */
export function shipmentKeyOf(text: string): ShipmentKey {
  return text as ShipmentKey;
}
