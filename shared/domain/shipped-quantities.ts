import type { Order } from './order.ts';
import type { Shipment, ShippedLine, ShippedOrder } from './shipment.ts';
import { ShipmentRefusedError } from './shipment-refusal.ts';

/** Whether the goods of a shipment are gone from the order: not those that stayed here or came back. */
export function carriesGoods({ state, making }: Pick<Shipment, 'state' | 'making'>): boolean {
  return state !== 'cancelled' && state !== 'returned' && making?.state !== 'deleted';
}

/**
 * What of an order is in no shipment yet, by order line.
 * @param shipped what its shipments carry, in the order of their package numbers: one without lines took all that was left
 */
export function openQuantities(
  { lines }: Pick<Order, 'lines'>,
  shipped: readonly Pick<ShippedOrder, 'lines'>[],
): ReadonlyMap<string, number> {
  const open = new Map(lines.map(({ orderLineId, quantityOrdered }) => [orderLineId, quantityOrdered]));
  for (const { lines: taken } of shipped) {
    for (const [orderLineId, left] of open) {
      const quantity =
        taken.length === 0 ? left : (taken.find((line) => line.orderLineId === orderLineId)?.quantity ?? 0);
      open.set(orderLineId, Math.max(0, left - quantity));
    }
  }
  return open;
}

/**
 * Checks what is to travel of an order against what is left of it.
 * @throws ShipmentRefusedError naming the line
 */
export function checkShippedLines(
  order: Pick<Order, 'lines' | 'marketplaceOrderId'>,
  wanted: readonly ShippedLine[],
  shipped: readonly Pick<ShippedOrder, 'lines'>[],
): void {
  const open = openQuantities(order, shipped);
  if (wanted.length === 0 && [...open.values()].every((left) => left === 0)) {
    throw new ShipmentRefusedError('nothing-left', order.marketplaceOrderId);
  }
  for (const { orderLineId, quantity } of wanted) {
    const left = open.get(orderLineId);
    if (left === undefined) throw new ShipmentRefusedError('line-unknown', orderLineId);
    if (quantity > left) throw new ShipmentRefusedError('too-many', `${orderLineId}: ${quantity} > ${left}`);
  }
}

/** @throws ShipmentRefusedError for an order or a line that is named twice */
export function checkNamedOnce(orders: readonly ShippedOrder[]): void {
  const twice = repeated(orders.map(({ orderId }) => orderId));
  if (twice !== undefined) throw new ShipmentRefusedError('order-twice', twice);
  for (const { lines } of orders) {
    const line = repeated(lines.map(({ orderLineId }) => orderLineId));
    if (line !== undefined) throw new ShipmentRefusedError('line-twice', line);
  }
}

function repeated(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index);
}
