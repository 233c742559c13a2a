import { isoInstant } from './pull-window.ts';
import type { CourierShipmentId, Shipment } from './shipment.ts';
import { isUnknown, mergeEvents, type TrackingEvent } from './tracking-events.ts';
import { keptUntil } from './tracking-keeping.ts';
import { isShipmentMove, type ShipmentState, stateAfter } from './tracking-state.ts';

/** What a courier says of a shipment. */
export interface TrackingFound {
  readonly courierShipmentId: CourierShipmentId | undefined;
  /** Oldest first, in the courier's order. */
  readonly events: readonly TrackingEvent[];
  /** The goods were refused or lay unclaimed, and the instruction is to bring them back to us (`RIENTRO`). */
  readonly returnInstructed: boolean;
}

/** Something that a person should see; each is said once. */
export type TrackingAlert =
  | { readonly kind: 'unknown-event'; readonly event: TrackingEvent }
  /** The courier gives another id than before: which of the two is ours has to be asked. */
  | { readonly kind: 'other-shipment-id'; readonly shipmentId: string }
  /** Reported as delivered, and it was the delivery back to us. */
  | { readonly kind: 'delivery-was-return' }
  /** Refused, then delivered, and no word of a return: to the buyer after all, or to us? */
  | { readonly kind: 'delivered-after-refusal' };

export interface TrackingUpdate {
  readonly shipment: Shipment;
  /** False when the answer said nothing new: there is nothing to store. */
  readonly changed: boolean;
  readonly addedEvents: readonly TrackingEvent[];
  /** Since this answer the marketplace can be told. */
  readonly becameKnown: boolean;
  readonly alerts: readonly TrackingAlert[];
}

/** States in which the courier has no more than our data. */
const NOT_MOVED: readonly ShipmentState[] = ['created', 'data-transmitted', 'cancelled'];
const REFUSED: readonly ShipmentState[] = ['refused', 'not-collected'];

/** The courier has taken the goods over: it has given the shipment its number, or reports more than our data. */
export function trackingKnown(shipment: Pick<Shipment, 'trackingNumber' | 'state' | 'events'>): boolean {
  if (shipment.trackingNumber !== undefined || hasMoved(shipment.state)) return true;
  // An event that nobody knows is still one that is not "data transmitted".
  return shipment.events.some(
    (event) => isUnknown(event) || (event.state !== undefined && hasMoved(event.state)),
  );
}

/** The courier has had the goods in its hands. */
export function hasMoved(state: ShipmentState): boolean {
  return !NOT_MOVED.includes(state);
}

/**
 * The number to give to a marketplace now.
 * @param accepts `parcel-number`: the marketplace also takes the one from the label, which follows the goods as soon as
 * they move and may come before the definitive one
 */
export function trackingNumberFor(
  shipment: Pick<Shipment, 'trackingNumber' | 'state' | 'events' | 'parcels'>,
  accepts: 'definitive' | 'parcel-number',
): string | undefined {
  if (shipment.trackingNumber !== undefined) return shipment.trackingNumber;
  if (accepts === 'definitive' || !trackingKnown(shipment)) return undefined;
  return shipment.parcels.find((parcel) => parcel.trackingByParcelId !== undefined)?.trackingByParcelId;
}

/**
 * A shipment after an answer of its courier. Answers may come twice, late and in any order.
 *
 * A return ends with the same event as a delivery, so any word of a return counts for more than the last event; and
 * what was refused or held and then delivered keeps its old events, which count for less.
 */
export function withTracking(shipment: Shipment, found: TrackingFound, nowMs: number): TrackingUpdate {
  const { events, added } = mergeEvents(shipment.shipmentKey, shipment.events, found.events);
  const told = stateAfter(events);
  const derived = found.returnInstructed && told !== 'returned' ? 'returned' : told;
  const state = isShipmentMove(shipment.state, derived) ? derived : shipment.state;

  const { courierShipmentId, otherShipmentId } = identified(shipment, found.courierShipmentId);
  const trackingNumber = shipment.trackingNumber ?? courierShipmentId?.id;
  const known = trackingKnown({ trackingNumber, state, events });
  const becameKnown = known && shipment.trackingKnownAt === undefined;

  const followed: Shipment = {
    ...shipment,
    courierShipmentId,
    otherShipmentId,
    trackingNumber,
    trackingKnownAt: becameKnown ? isoInstant(nowMs) : shipment.trackingKnownAt,
    state,
    events,
    deliveredAt: state === 'delivered' ? (shipment.deliveredAt ?? deliveredAt(events, nowMs)) : undefined,
  };
  const next: Shipment = { ...followed, eventsKeptUntil: keptUntil(followed, nowMs) };

  const alerts: TrackingAlert[] = added.filter(isUnknown).map((event) => ({ kind: 'unknown-event', event }));
  if (otherShipmentId !== undefined && otherShipmentId !== shipment.otherShipmentId) {
    alerts.push({ kind: 'other-shipment-id', shipmentId: otherShipmentId });
  }
  if (shipment.state === 'delivered' && state === 'returned') alerts.push({ kind: 'delivery-was-return' });
  if (shipment.state !== 'delivered' && state === 'delivered' && wasRefused(events)) {
    alerts.push({ kind: 'delivered-after-refusal' });
  }

  const changed =
    added.length > 0 ||
    becameKnown ||
    state !== shipment.state ||
    otherShipmentId !== shipment.otherShipmentId ||
    courierShipmentId?.id !== shipment.courierShipmentId?.id ||
    courierShipmentId?.year !== shipment.courierShipmentId?.year;
  return { shipment: changed ? next : shipment, changed, addedEvents: added, becameKnown, alerts };
}

function identified(
  { courierShipmentId: stored, otherShipmentId }: Shipment,
  found: CourierShipmentId | undefined,
): Pick<Shipment, 'courierShipmentId' | 'otherShipmentId'> {
  if (found === undefined) return { courierShipmentId: stored, otherShipmentId };
  if (stored === undefined) return { courierShipmentId: found, otherShipmentId };
  if (stored.id !== found.id) return { courierShipmentId: stored, otherShipmentId: found.id };
  return { courierShipmentId: { id: stored.id, year: found.year ?? stored.year }, otherShipmentId };
}

function deliveredAt(events: readonly TrackingEvent[], nowMs: number): string {
  return events.find(({ state }) => state === 'delivered')?.at ?? isoInstant(nowMs);
}

function wasRefused(events: readonly TrackingEvent[]): boolean {
  return events.some(({ state }) => state !== undefined && REFUSED.includes(state));
}
