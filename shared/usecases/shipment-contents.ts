import { type CourierAccount, NO_COURIER_ACCOUNT } from '../domain/courier-account.ts';
import type { Order, OrderId } from '../domain/order.ts';
import { orderIdParts } from '../domain/order.ts';
import type { ManualFulfilment } from '../domain/remote-action.ts';
import type { Courier, Shipment, ShipmentKey, ShippedOrder } from '../domain/shipment.ts';
import { ShipmentRefusedError } from '../domain/shipment-refusal.ts';
import { carriesGoods, checkShippedLines } from '../domain/shipped-quantities.ts';
import type { CourierAccountStore } from '../ports/courier-account-store.ts';
import type { OrderStore } from '../ports/order-store.ts';
import type { OrderPackage, ShipmentStore } from '../ports/shipment-store.ts';

export interface ContentsDeps {
  readonly shipments: ShipmentStore;
  readonly orders: Pick<OrderStore, 'getMany'>;
  readonly accounts: Pick<CourierAccountStore, 'getCourierAccount' | 'listCourierAccounts'>;
}

/** What stands at this moment around the orders that are to travel. */
export interface Contents {
  readonly orders: ReadonlyMap<OrderId, Order>;
  /** Of those that are red, what was done by hand last. */
  readonly red: ReadonlyMap<OrderId, ManualFulfilment>;
  /** Other shipments of these orders. */
  readonly shipments: readonly Shipment[];
  readonly packages: readonly OrderPackage[];
}

export async function readContents(
  { shipments, orders }: ContentsDeps,
  wanted: readonly ShippedOrder[],
): Promise<Contents> {
  const ids = wanted.map(({ orderId }) => orderId);
  const packages = (await Promise.all(ids.map((id) => shipments.packagesOf(id)))).flat();
  const keys = [...new Set(packages.map((each) => each.shipmentKey))];
  const records = await orders.getMany(ids);
  return {
    orders: new Map(
      [...records.values()].flatMap(({ orderId, order }) =>
        order === undefined ? [] : [[orderId, order] as const],
      ),
    ),
    red: new Map(
      [...records.values()].flatMap(({ orderId, manualFulfilment }) =>
        manualFulfilment === undefined ? [] : [[orderId, manualFulfilment] as const],
      ),
    ),
    shipments: keys.length === 0 ? [] : await shipments.getMany(keys),
    packages,
  };
}

/**
 * Checks what is to travel against the orders that are here and what their other shipments carry. One that is not here yet
 * is not checked: the marketplace is told nothing of it before it is.
 * @throws ShipmentRefusedError
 */
export function checkContents(wanted: readonly ShippedOrder[], contents: Contents): void {
  const byKey = new Map(contents.shipments.map((shipment) => [shipment.shipmentKey, shipment] as const));
  for (const { orderId, lines } of wanted) {
    const order = contents.orders.get(orderId);
    if (order === undefined) continue;
    const shipped = contents.packages
      .filter((each) => each.orderId === orderId)
      .sort((a, b) => a.packageNumber - b.packageNumber)
      .flatMap(({ shipmentKey }) => byKey.get(shipmentKey) ?? [])
      .filter(carriesGoods)
      .flatMap(({ orders }) => orders.filter((each) => each.orderId === orderId));
    checkShippedLines(order, lines, shipped);
  }
}

/**
 * An order that somebody acted on at its marketplace by hand may be another than it seems: whoever ships it all the same
 * says that they have looked.
 * @throws ShipmentRefusedError
 */
export function checkRed(wanted: readonly ShippedOrder[], { red }: Contents, confirmed = false): void {
  if (confirmed) return;
  for (const { orderId } of wanted) {
    const mark = red.get(orderId);
    if (mark === undefined) continue;
    throw new ShipmentRefusedError('red-order', `${numberOf(orderId)}: ${mark.kind}, ${mark.by}, ${mark.at}`);
  }
}

/** The package that each order gets in a new shipment: numbers once given are not given again. */
export function nextPackages(
  wanted: readonly ShippedOrder[],
  { packages }: Contents,
  shipmentKey: ShipmentKey,
): readonly OrderPackage[] {
  return wanted.map(({ orderId }) => {
    const taken = packages
      .filter((each) => each.orderId === orderId)
      .map(({ packageNumber }) => packageNumber);
    return { orderId, shipmentKey, packageNumber: Math.max(0, ...taken) + 1 };
  });
}

/** Orders of a shipment that have not been pulled yet. */
export function ordersNotHere(wanted: readonly ShippedOrder[], contents: Contents): readonly OrderId[] {
  return wanted.map(({ orderId }) => orderId).filter((id) => !contents.orders.has(id));
}

/**
 * The contract that a shipment is under: the one named, else the courier's only one.
 * @throws ShipmentRefusedError when it is not here, or nobody can tell which
 */
export async function courierAccountFor(
  { accounts }: Pick<ContentsDeps, 'accounts'>,
  courier: Courier,
  named: string | undefined,
): Promise<CourierAccount | undefined> {
  if (courier === 'manual') return undefined;
  if (named !== undefined && named !== NO_COURIER_ACCOUNT) {
    const account = await accounts.getCourierAccount(courier, named);
    if (account === undefined) throw new ShipmentRefusedError('account-unknown', named);
    return account;
  }
  const own = (await accounts.listCourierAccounts()).filter((account) => account.courier === courier);
  if (own.length > 1) throw new ShipmentRefusedError('account-ambiguous', courier);
  return own[0];
}

/** An order as people know it. */
export function numberOf(orderId: OrderId): string {
  return orderIdParts(orderId).marketplaceOrderId;
}
