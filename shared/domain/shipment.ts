import type { RefusalReason } from './courier-refusal.ts';
import type { Money } from './money.ts';
import type { OrderId } from './order.ts';
import { isoInstant } from './pull-window.ts';
import type { TrackingEvent } from './tracking-events.ts';
import type { ShipmentState } from './tracking-state.ts';

/** Who carries: partners we can ask, and `manual` for everybody else, whose numbers a person enters. */
export const COURIERS = ['brt', 'gls', 'dhl', 'poste', 'ups', 'manual'] as const;
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
  /** None: all that the order still waits for. */
  readonly lines: readonly ShippedLine[];
}
export interface ShippedLine {
  readonly orderLineId: string;
  readonly quantity: number;
}

/** A shipment that we make at the courier: where that stands. Without it, somebody else made the shipment. */
export interface ShipmentMaking {
  readonly state: MakingState;
  /** What was asked for; the recipient stands with the buyer. */
  readonly parcelCount: number;
  readonly weightGrams: number;
  readonly volumeCm3?: number | undefined;
  readonly cashOnDelivery?: Money | undefined;
  readonly insuredValue?: Money | undefined;
  readonly pickUpPointId?: string | undefined;
  readonly labelFormat: 'PDF' | 'ZPL';
  readonly attempts: number;
  /** When the courier was last told, or was about to be: for some minutes after it, it takes nothing back. ISO instant. */
  readonly triedAt?: string | undefined;
  /** `reserved`: when somebody has looked at it at the latest; after that its message counts as lost. ISO instant. */
  readonly lookedAtBy?: string | undefined;
  /** Names the request: asked for twice under one, it is one shipment. */
  readonly requestKey?: string | undefined;
  /** Why the courier said no, or what the last attempt ended with. */
  readonly problem?: RefusalReason | 'unavailable' | 'unexpected-answer' | undefined;
  /** The courier made it, and somebody should look before the goods leave. The address itself is with the buyer. */
  readonly warnings: readonly ('address-normalised' | 'pick-up-point-differs' | 'other')[];
  /** Where each parcel's label lies among the personal files: it names the recipient. */
  readonly labelKeys: readonly string[];
  /** ISO instants. */
  readonly madeAt?: string | undefined;
  readonly confirmedAt?: string | undefined;
}

export const MAKING_STATES = [
  /** Its reference is stored; the courier has been told nothing, or nobody knows whether it has. */
  'reserved',
  'made',
  /** For contracts in which the courier waits for it. */
  'confirmed',
  /** The courier said no; a person changes something and tries again. */
  'refused',
  /** Deleted at the courier, or known never to have been there. */
  'deleted',
] as const;
export type MakingState = (typeof MAKING_STATES)[number];

export const SHIPMENT_PROBLEM_KINDS = [
  // What an answer was about.
  'unknown-event',
  'other-shipment-id',
  'delivery-was-return',
  'delivered-after-refusal',
  /** An answer in a shape that nobody knows. */
  'unknown-shape',
  /** The courier refuses to tell: credentials, or a reference that is not unique. */
  'tracking-refused',
  /** A day after the label there is still no sign of the goods: never handed over? */
  'never-moved',
  /** Thirty days, and no end. */
  'given-up',
] as const;

/** What a person has to look at; gone once somebody has. */
export interface ShipmentProblem {
  readonly kind: (typeof SHIPMENT_PROBLEM_KINDS)[number];
  /** ISO instant. */
  readonly at: string;
  /** The courier's code or the other id; never free text with people in it. */
  readonly detail?: string | undefined;
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
  /** When the events are to be deleted, where the courier wants it; undefined before the end. ISO instant. */
  readonly eventsKeptUntil?: string | undefined;
  /** When they were. ISO instant. */
  readonly eventsDeletedAt?: string | undefined;
  /** ISO instant. */
  readonly deliveredAt?: string | undefined;
  /** ISO instant. */
  readonly createdAt: string;
  /** When the goods left us, where somebody has said so; else the first movement counts. ISO instant. */
  readonly shippedAt?: string | undefined;
  readonly making?: ShipmentMaking | undefined;
  /** `manual`: who carries, in the words a marketplace shall be told. */
  readonly carrierName?: string | undefined;
  /** `manual`: where the buyer can follow it; the other couriers have addresses of their own. */
  readonly trackingUrl?: string | undefined;
  readonly problems?: readonly ShipmentProblem[] | undefined;
  /** When the courier is asked next; undefined when nothing more is to be asked. ISO instant. */
  readonly nextCheckAt?: string | undefined;
  /** Counts changes; the condition of every one. */
  readonly version: number;
}

/** Whether nobody has looked at a shipment that is being made, though somebody should have by then. */
export function isUnattended({ making }: Pick<Shipment, 'making'>, by: string): boolean {
  return making?.state === 'reserved' && making.lookedAtBy !== undefined && making.lookedAtBy <= by;
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
  > &
    Partial<
      Pick<
        Shipment,
        | 'courierShipmentId'
        | 'trackingNumber'
        | 'trackingKnownAt'
        | 'shippedAt'
        | 'making'
        | 'carrierName'
        | 'trackingUrl'
        | 'nextCheckAt'
      >
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
