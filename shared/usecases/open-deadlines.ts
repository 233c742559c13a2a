import type { Order, OrderId } from '../domain/order.ts';
import { isToldWhole } from '../domain/order-parcels.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { Shipment } from '../domain/shipment.ts';
import {
  type DeadlineState,
  deadlineState,
  SCAN_WATCHED_MS,
  shipByDeadline,
  validTrackingDeadline,
} from '../domain/shipping-deadline.ts';
import type { OrderStore } from '../ports/order-store.ts';
import type { OrdersToShip, ShipmentsToScan, ToShipPosition } from '../ports/orders-to-ship.ts';
import type { ConfirmationStore } from '../ports/shipment-store.ts';

/** Shipments without a scan that are looked at: a shop with more of them has one problem, not two thousand. */
const SHIPMENTS_MAX = 2_000;
/** Requests for what belongs to single orders that are under way at once. */
const AT_ONCE = 16;

export interface OpenDeadlinesDeps {
  readonly ordersToShip: OrdersToShip;
  readonly shipmentsToScan: ShipmentsToScan;
  readonly orders: Pick<OrderStore, 'getMany'>;
  readonly confirmations: Pick<ConfirmationStore, 'get' | 'ofOrder'>;
}

/** A clock that runs for an order. */
export interface OpenDeadline {
  readonly order: Order;
  readonly state: DeadlineState;
  /** Valid tracking: the shipment that has not been scanned. */
  readonly shipment?: Shipment | undefined;
}

/** A page of the orders that have to leave, the first of them at first, and where the next page begins. */
export async function shipByDeadlines(
  { ordersToShip }: Pick<OpenDeadlinesDeps, 'ordersToShip'>,
  page: { readonly limit: number; readonly after?: ToShipPosition | undefined },
  nowMs: number,
): Promise<{ readonly found: readonly OpenDeadline[]; readonly next: ToShipPosition | undefined }> {
  const { found, more } = await ordersToShip.list(page);
  return {
    found: found.flatMap(({ record: { order } }) => {
      const deadline = order && shipByDeadline(order);
      return order && deadline ? [{ order, state: deadlineState(deadline, nowMs) }] : [];
    }),
    next: more ? found.at(-1)?.position : undefined,
  };
}

/** Every number that a marketplace has, or is about to have, and that no courier has scanned; in no order. */
export async function scanDeadlines(
  { shipmentsToScan, orders, confirmations }: Omit<OpenDeadlinesDeps, 'ordersToShip'>,
  nowMs: number,
): Promise<readonly OpenDeadline[]> {
  const shipments = await shipmentsToScan.list({
    since: isoInstant(nowMs - SCAN_WATCHED_MS),
    limit: SHIPMENTS_MAX,
  });
  const pairs = shipments.flatMap((shipment) =>
    shipment.orders.map(({ orderId }) => ({ shipment, orderId })),
  );
  const records = await orders.getMany([...new Set(pairs.map(({ orderId }) => orderId))]);
  const found = await inBatches(pairs, async ({ shipment, orderId }): Promise<readonly OpenDeadline[]> => {
    const order = records.get(orderId)?.order;
    if (order === undefined) return [];
    const confirmation = await confirmations.get({ orderId, shipmentKey: shipment.shipmentKey });
    const deadline = confirmation && validTrackingDeadline(order, shipment, confirmation);
    return deadline ? [{ order, shipment, state: deadlineState(deadline, nowMs) }] : [];
  });
  return found.flat();
}

/** Orders among these of which their marketplace has every piece already; its next answer will say so. */
export async function toldWhole(
  { confirmations }: Pick<OpenDeadlinesDeps, 'confirmations'>,
  orders: readonly Order[],
): Promise<ReadonlySet<OrderId>> {
  const found = await inBatches(orders, async (order) =>
    isToldWhole(order, await confirmations.ofOrder(order.orderId)) ? [order.orderId] : [],
  );
  return new Set(found.flat());
}

/** Work on each, some of it at once, its results in the same order. */
export async function inBatches<Each, Result>(
  all: readonly Each[],
  work: (each: Each) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < all.length; at += AT_ONCE) {
    results.push(...(await Promise.all(all.slice(at, at + AT_ONCE).map(work))));
  }
  return results;
}
