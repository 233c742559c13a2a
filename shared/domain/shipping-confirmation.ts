import { type Marketplace, type OrderId, orderIdParts } from './order.ts';
import type { ShippingBlock } from './order-status.ts';
import { isoInstant } from './pull-window.ts';
import type { Courier, Shipment, ShipmentKey, ShippedLine } from './shipment.ts';
import { hasMoved, trackingNumberFor } from './tracking.ts';
import { trackingUrl } from './tracking-url.ts';

/**
 * That a marketplace is to be told how an order travels: one per order and shipment, stored with the shipment's change
 * that made its number known, and followed until the marketplace has it.
 */
export interface ShippingConfirmation {
  readonly orderId: OrderId;
  readonly shipmentKey: ShipmentKey;
  /** From 1, unique among the packages of the order and never given twice: the marketplace's key of the package. */
  readonly packageNumber: number;
  readonly marketplace: Marketplace;
  readonly marketplaceOrderId: string;
  readonly courier: Courier;
  readonly carrierName?: string | undefined;
  readonly trackingNumber: string;
  readonly trackingUrl?: string | undefined;
  /** ISO instant: when the goods left. */
  readonly shippedAt: string;
  /** None: all that the order still waits for. */
  readonly lines: readonly ShippedLine[];
  /** Since when it can be told. ISO instant. */
  readonly knownAt: string;
  readonly state: ConfirmationState;
  /** Why it is not confirmed, in our words. */
  readonly reason?: ConfirmationReason | undefined;
  readonly attempts: number;
  /** When it is tried again; undefined when nothing more is to be done without a person. ISO instant. */
  readonly dueAt?: string | undefined;
  /**
   * Until then a call of ours may be on its way: nobody asks or sends. Apart from `dueAt`, which whoever sends a lost
   * message again moves on before that message is read. ISO instant.
   */
  readonly underWayUntil?: string | undefined;
  /** ISO instant: when the marketplace had it. */
  readonly confirmedAt?: string | undefined;
  /** Who asked for it although it would not be sent by itself (after delivery, an edit). */
  readonly askedBy?: string | undefined;
  /** The number that the marketplace has, where it is another than `trackingNumber`. */
  readonly replacedNumber?: string | undefined;
  /** Counts changes; the condition of every one. */
  readonly version: number;
}

export const CONFIRMATION_STATES = [
  /** To be sent. */
  'wanted',
  /** The intent: a call is under way, or was when its worker died. The marketplace is asked before another. */
  'sending',
  'confirmed',
  /** Nothing is sent, and `reason` says why; a person may. */
  'left-alone',
  /** The marketplace said no; a person changes something and tries again. */
  'refused',
] as const;
export type ConfirmationState = (typeof CONFIRMATION_STATES)[number];

export const CONFIRMATION_REASONS = [
  // Left alone.
  'already-shipped',
  'cancelled',
  'marketplace-ships',
  'delivered',
  'returned',
  /** The marketplace has another number and takes no edits. */
  'cannot-be-edited',
  // Waits.
  'cancellation-requested',
  'not-ready',
  'order-not-here',
  'tracking-sync-off',
  'unavailable',
  'throttled',
  // Refused.
  /** The carrier has no name in the marketplace's list. */
  'carrier-not-mapped',
  'tracking-number-malformed',
  /** The marketplace is told where the buyer can follow the number, and nobody said where. */
  'tracking-url-missing',
  /** A line, or a quantity of it, is not the order's. */
  'unknown-line',
  /** The marketplace knows a line by its SKU, and it has none. */
  'line-without-sku',
  'rejected',
  'unauthorised',
  'unexpected-answer',
  'gave-up',
] as const satisfies readonly (ShippingBlock | string)[];
export type ConfirmationReason = (typeof CONFIRMATION_REASONS)[number];

/**
 * Which number a marketplace is given. The one of a parcel may be known before the shipment's own and is valid on the
 * courier's page too; whether a marketplace counts it as valid tracking is known of none.
 */
const NUMBER_GIVEN: Readonly<Record<Marketplace, Parameters<typeof trackingNumberFor>[1]>> = {
  amazon: 'definitive',
  ebay: 'definitive',
  manomano: 'definitive',
};

/** Whether there is a number that the marketplace of one of its orders can be told. */
export function isTellable(shipment: Shipment): boolean {
  return shipment.orders.some(({ orderId }) => {
    const { marketplace } = orderIdParts(orderId);
    return trackingNumberFor(shipment, NUMBER_GIVEN[marketplace]) !== undefined;
  });
}

/** Whether a worker is at it, or was a moment ago. */
export function isUnderWay(
  { state, underWayUntil }: Pick<ShippingConfirmation, 'state' | 'underWayUntil'>,
  nowMs: number,
): boolean {
  return state === 'sending' && underWayUntil !== undefined && Date.parse(underWayUntil) > nowMs;
}

/** A confirmation that nobody has worked on by then has lost its message: it is sent again. */
const MESSAGE_LOST_AFTER_MS = 2 * 60_000;

/**
 * What marketplaces are to be told of a shipment whose number is known: one confirmation for each of its orders. Of one
 * that goes back, or never left, they are told nothing; of one that was delivered before its number was known, nothing
 * without a person.
 * @param packages those of the shipment's orders; those of other shipments are passed over
 * @throws RangeError when an order of the shipment has no package: both are stored together
 */
export function wantedConfirmations(
  shipment: Shipment,
  packages: readonly Pick<ShippingConfirmation, 'orderId' | 'shipmentKey' | 'packageNumber'>[],
  nowMs: number,
): readonly ShippingConfirmation[] {
  const { shipmentKey, courier, carrierName, state } = shipment;
  if (state === 'returned' || state === 'cancelled' || shipment.making?.state === 'deleted') return [];

  return shipment.orders.flatMap(({ orderId, lines }): ShippingConfirmation[] => {
    const { marketplace, marketplaceOrderId } = orderIdParts(orderId);
    const trackingNumber = trackingNumberFor(shipment, NUMBER_GIVEN[marketplace]);
    if (trackingNumber === undefined) return [];
    const own = packages.find((each) => each.orderId === orderId && each.shipmentKey === shipmentKey);
    if (own === undefined) throw new RangeError(`${orderId} has no package in shipment ${shipmentKey}`);
    const confirmation = {
      orderId,
      shipmentKey,
      packageNumber: own.packageNumber,
      marketplace,
      marketplaceOrderId,
      courier,
      carrierName,
      trackingNumber,
      trackingUrl: trackingUrl(shipment, trackingNumber),
      shippedAt: leftAt(shipment, nowMs),
      lines,
      knownAt: isoInstant(nowMs),
      attempts: 0,
      version: 1,
    };
    return state === 'delivered'
      ? [{ ...confirmation, state: 'left-alone', reason: 'delivered' }]
      : [{ ...confirmation, state: 'wanted', dueAt: isoInstant(nowMs + MESSAGE_LOST_AFTER_MS) }];
  });
}

/** When the goods left us. A courier's clock may be ahead, and no marketplace takes a shipment from the future. */
function leftAt({ shippedAt, events, trackingKnownAt }: Shipment, nowMs: number): string {
  const moved = events.find(({ state, at }) => at !== undefined && state !== undefined && hasMoved(state));
  const ms = Date.parse(shippedAt ?? moved?.at ?? trackingKnownAt ?? isoInstant(nowMs));
  return isoInstant(Math.min(ms, nowMs));
}
