import type { Order } from './order.ts';
import type { Shipment } from './shipment.ts';
import { openQuantities } from './shipped-quantities.ts';
import type { ShippingConfirmation } from './shipping-confirmation.ts';
import {
  type DeadlineState,
  deadlineState,
  SCAN_WATCHED_MS,
  shipByDeadline,
  validTrackingDeadline,
} from './shipping-deadline.ts';
import { trackingUrl } from './tracking-url.ts';

/** A package of an order: the shipment it travels in, and what the order's marketplace is told of it. */
export interface OrderParcel {
  readonly shipment: Shipment;
  /** Undefined while its number is not known. */
  readonly confirmation: ShippingConfirmation | undefined;
}

export type ListedParcel = ReturnType<typeof listedParcel>;
export type ListedDeadline = NonNullable<ReturnType<typeof listedDeadline>>;

/** How a package is named beside its order. */
export function listedParcel({ shipment, confirmation }: OrderParcel) {
  const { trackingNumber } = shipment;
  return {
    shipmentKey: shipment.shipmentKey as string,
    courier: shipment.courier,
    carrierName: shipment.carrierName ?? null,
    trackingNumber: trackingNumber ?? null,
    trackingUrl: (trackingNumber === undefined ? undefined : trackingUrl(shipment, trackingNumber)) ?? null,
    state: shipment.state,
    /** What has become of telling the marketplace; null while there is nothing to tell. */
    told: confirmation?.state ?? null,
  };
}

/** Of an order's running clocks the one with the least time left; null when none runs. */
export function listedDeadline(order: Order, parcels: readonly OrderParcel[], nowMs: number) {
  const shipBy = shipByDeadline(order);
  const states: DeadlineState[] = shipBy === undefined ? [] : [deadlineState(shipBy, nowMs)];
  for (const { shipment, confirmation } of parcels) {
    // A number that was never scanned counts in the rates after a while, and is no deadline any more.
    const watched = Date.parse(shipment.trackingKnownAt ?? '') >= nowMs - SCAN_WATCHED_MS;
    const toScan = watched && confirmation && validTrackingDeadline(order, shipment, confirmation);
    if (toScan) states.push(deadlineState(toScan, nowMs));
  }
  const [first] = states.sort((a, b) => (a.until < b.until ? -1 : 1));
  if (first === undefined) return null;
  const { clock, until, assumed, minutesLeft, level } = first;
  const confirmations = parcels.flatMap(({ confirmation }) => confirmation ?? []);
  return {
    clock,
    until,
    assumed,
    minutesLeft,
    level,
    /** The marketplace has every piece of the order from us; its own answer will end the clock. */
    told: clock === 'ship-by' && isToldWhole(order, confirmations),
  };
}

/** Whether the order's marketplace has every piece of it from us already; its next answer will say so. */
export function isToldWhole(order: Order, confirmations: readonly ShippingConfirmation[]): boolean {
  const told = confirmations
    .filter(({ state }) => state === 'confirmed')
    .sort((a, b) => a.packageNumber - b.packageNumber);
  return told.length > 0 && [...openQuantities(order, told).values()].every((left) => left === 0);
}
