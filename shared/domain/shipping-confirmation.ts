import type { Marketplace, OrderId } from './order.ts';
import type { ShippingBlock } from './order-status.ts';
import type { Courier, ShipmentKey, ShippedLine } from './shipment.ts';

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
  'rejected',
  'unauthorised',
  'unexpected-answer',
  'gave-up',
] as const satisfies readonly (ShippingBlock | string)[];
export type ConfirmationReason = (typeof CONFIRMATION_REASONS)[number];
