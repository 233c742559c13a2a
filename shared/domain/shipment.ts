import type { OrderId } from './order.ts';
import { isoInstant } from './pull-window.ts';
import type { TrackingEvent } from './tracking-events.ts';
import type { ShipmentState } from './tracking-state.ts';

/** Who carries: partners we can ask, and `manual` for everybody else, whose numbers a person enters. */
export const COURIERS = ['brt', 'manual'] as const;
export type Courier = (typeof COURIERS)[number];

/** The courier's own id of a shipment. BRT asks for the year too: whether ids come again in another is not known. */
export interface CourierShipmentId {
  /** BRT: 12 digits. */
  readonly id: string;
  /** Of the departure; undefined until the courier has said it. */
  readonly year: number | undefined;
}

/** One box, as far as the courier has named it. */
export interface Parcel {
  /** On the label. BRT: 18 characters. */
  readonly parcelId?: string | undefined;
  /** Follows the parcel before the courier has given the shipment its number. BRT: 15 digits. */
  readonly trackingByParcelId?: string | undefined;
}

/** What of an order travels in a shipment. */
export interface ShippedOrder {
  readonly orderId: OrderId;
  readonly lines: readonly { readonly orderLineId: string; readonly quantity: number }[];
}

/**
 * One consignment: boxes that travel together under one reference of ours. Holds no name and no address: those stay
 * with the buyer, and are given to the courier beside this.
 */
export interface Shipment {
  readonly shipmentKey: ShipmentKey;
  readonly courier: Courier;
  /** Whose contract with the courier. */
  readonly courierAccountId: string;
  /** Chosen by us before the first attempt; the only key that is good both before and after the courier's own. */
  readonly senderReference: string;
  readonly alphanumericReference?: string | undefined;
  readonly orders: readonly ShippedOrder[];
  readonly parcels: readonly Parcel[];
  readonly courierShipmentId?: CourierShipmentId | undefined;
  /** Another id that the courier has given since; the first one stays, and a person looks. */
  readonly otherShipmentId?: string | undefined;
  /** The definitive number, once it is known; it does not change by itself afterwards. */
  readonly trackingNumber?: string | undefined;
  /** Since when the marketplace can be told. ISO instant. */
  readonly trackingKnownAt?: string | undefined;
  readonly state: ShipmentState;
  /** Oldest first, in the order of the courier's list, which is not the order of their times. */
  readonly events: readonly TrackingEvent[];
  /** ISO instant. */
  readonly deliveredAt?: string | undefined;
  /** ISO instant. */
  readonly createdAt: string;
  /** Counts changes; the condition of every one. */
  readonly version: number;
}

declare const shipmentKeyBrand: unique symbol;
export type ShipmentKey = string & { readonly [shipmentKeyBrand]: true };

/** The natural key of a shipment: who carries it, and our reference for it. */
export function shipmentKey(courier: Courier, senderReference: string): ShipmentKey {
  if (senderReference.trim() === '') throw new RangeError('a shipment needs a sender reference');
  return `${courier}:${senderReference}` as ShipmentKey;
}

/** A shipment of which nothing is known yet but what we know ourselves. */
export function newShipment(
  known: Pick<
    Shipment,
    'courier' | 'courierAccountId' | 'senderReference' | 'alphanumericReference' | 'orders' | 'parcels'
  >,
  nowMs: number,
): Shipment {
  return {
    ...known,
    shipmentKey: shipmentKey(known.courier, known.senderReference),
    state: 'created',
    events: [],
    createdAt: isoInstant(nowMs),
    version: 1,
  };
}

/** BRT takes a number of at most 15 digits: four for the year leave these for the sequence. */
const SEQUENCE_DIGITS = 11;

/**
 * A reference that no other shipment of the sender has: `2026` and 800630 → `202600000800630`.
 * @param sequence given once in a year, kept with the shipment before the first attempt
 * @throws RangeError when it would have more than 15 digits, or could be another year's
 */
export function numericSenderReference({ year, sequence }: { year: number; sequence: number }): string {
  if (!Number.isInteger(year) || year < 2000 || year > 9999) throw new RangeError(`not a year: ${year}`);
  if (!Number.isInteger(sequence) || sequence < 1 || sequence >= 10 ** SEQUENCE_DIGITS) {
    throw new RangeError(`not a sequence of 1 to ${SEQUENCE_DIGITS} digits: ${sequence}`);
  }
  return `${year}${String(sequence).padStart(SEQUENCE_DIGITS, '0')}`;
}
