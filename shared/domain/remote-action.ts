import type { Marketplace, OrderId } from './order.ts';
import type { Courier, ShippedLine } from './shipment.ts';

/** What a person can have a marketplace do to its order, and to nothing of ours. */
export const REMOTE_ACTION_KINDS = [
  'accept',
  'refuse',
  'ship',
  'cancel',
  'approve-cancellation',
  'reject-cancellation',
  'refund',
] as const;
export type RemoteActionKind = (typeof REMOTE_ACTION_KINDS)[number];

/** Why an order is cancelled; each marketplace takes some, in words of its own. */
export const CANCEL_REASONS = ['out-of-stock', 'buyer-asked', 'address', 'other'] as const;
export type CancelReason = (typeof CANCEL_REASONS)[number];

/** Why money is given back. */
export const REFUND_REASONS = [
  'buyer-cancelled',
  'seller-cancelled',
  'not-received',
  'returned',
  'not-as-described',
  'other',
] as const;
export type RefundReason = (typeof REFUND_REASONS)[number];

/** What is given back of one line. Minor units of the order's currency, not negative, together more than nothing. */
export interface RefundedLine {
  readonly orderLineId: string;
  readonly goodsMinor: number;
  readonly shippingMinor: number;
}

/** A parcel as a person tells the marketplace of it. */
export interface ShipWish {
  readonly kind: 'ship';
  readonly courier: Courier;
  /** Who carries, where the courier is `manual`. */
  readonly carrierName?: string | undefined;
  readonly trackingNumber: string;
  readonly trackingUrl?: string | undefined;
  /** When the goods left; the moment of the wish where it is left out. ISO instant. */
  readonly shippedAt?: string | undefined;
  /** Empty: all that the order still waits for. */
  readonly lines: readonly ShippedLine[];
}
export interface RefundWish {
  readonly kind: 'refund';
  readonly reason: RefundReason;
  readonly currency: string;
  readonly lines: readonly RefundedLine[];
}
/** What is wanted, with everything that it takes. */
export type RemoteActionWish =
  | { readonly kind: 'accept' | 'refuse' | 'approve-cancellation' | 'reject-cancellation' }
  | { readonly kind: 'cancel'; readonly reason: CancelReason }
  | ShipWish
  | RefundWish;

/** Where an action stands. */
export const REMOTE_ACTION_STATES = [
  /** Stored, and nothing sent. */
  'wanted',
  /** The intent: a call is under way, or was and nobody knows its end. The marketplace is asked before another. */
  'sending',
  /** The marketplace has it and works on it; it is asked until the end. */
  'followed',
  /** The marketplace did it. */
  'done',
  /** Nothing was done: the marketplace said no, or we never asked. */
  'refused',
  /** Nobody can tell whether it was done. Never repeated by itself: a person looks at the marketplace, and says so here. */
  'unclear',
] as const;
export type RemoteActionState = (typeof REMOTE_ACTION_STATES)[number];

/** Why an action waits, or ended as it did, in our words. */
export const REMOTE_ACTION_REASONS = [
  // Waits.
  'throttled',
  'unavailable',
  'unauthorised',
  // Refused.
  /** The order is another one by now than when it was asked for. */
  'order-changed',
  /** eBay wants the call signed, and the account has no signing key. */
  'signature-missing',
  /** The account's consent or role does not cover it. */
  'not-allowed',
  'rejected',
  /** More than the marketplace still has to give back. */
  'too-much',
  /** The buyer's request is not there any more. */
  'no-request',
  /** It could not be asked for a whole day, and nothing was sent. */
  'gave-up',
  // Unclear.
  /** Of several lines some were done. */
  'partly-done',
  'cannot-tell',
  // Done, or refused.
  /** A person looked at the marketplace and said so. */
  'seen-by-a-person',
] as const;
export type RemoteActionReason = (typeof REMOTE_ACTION_REASONS)[number];

/** What the marketplace said, as far as it may be kept: its own ids, codes and states, never its sentences. */
export interface RemoteAnswer {
  /** Its id of the work: a feed, a refund, a cancellation. */
  readonly remoteId?: string | undefined;
  /** Its word or number for how it stands or why it refused. */
  readonly code?: string | undefined;
}

/** One thing that a person had a marketplace do to an order: who, when, what, and what came of it. */
export interface RemoteAction {
  /** Made by whoever asks, before they ask: the same one twice is one action. */
  readonly actionId: string;
  readonly orderId: OrderId;
  readonly marketplace: Marketplace;
  readonly wish: RemoteActionWish;
  /** The wish as it was asked for, by `wishText`: whether the same id asks for the same thing again. */
  readonly askedFor: string;
  /** Subject of the person's sign-in. */
  readonly requestedBy: string;
  /** ISO instant. */
  readonly requestedAt: string;
  /** The marketplace's key of the parcel, for `ship`: apart from those of our own shipments. */
  readonly packageNumber?: number | undefined;
  readonly state: RemoteActionState;
  readonly reason?: RemoteActionReason | undefined;
  readonly answer?: RemoteAnswer | undefined;
  /** Calls that were begun. */
  readonly attempts: number;
  /** When the last call was begun. ISO instant. */
  readonly sentAt?: string | undefined;
  /** When it is looked at again; undefined once it has ended. ISO instant. */
  readonly dueAt?: string | undefined;
  /** ISO instant. */
  readonly endedAt?: string | undefined;
  /** Counts changes; the condition of every one. */
  readonly version: number;
}

/** The action an order is taken by: while it is, no other begins. */
export type OpenRemoteAction = Pick<RemoteAction, 'actionId' | 'requestedBy' | 'requestedAt'> & {
  readonly kind: RemoteActionKind;
};

/**
 * The red mark of an order: somebody acted on it at its marketplace by hand, so that what we know of it may be behind. It
 * stays. `kind`, `by` and `at` are the last action's.
 */
export interface ManualFulfilment {
  readonly since: string;
  readonly kind: RemoteActionKind;
  readonly by: string;
  readonly at: string;
}

/** Whether the order is free again. */
export function isEnded({ state }: Pick<RemoteAction, 'state'>): boolean {
  return state === 'done' || state === 'refused';
}

/** Our own shipments count their packages from 1: these are far from them. */
const FIRST_PACKAGE_NUMBER = 9_001;

/** The number of the next parcel that is told by hand; an order is taken by one action at a time. */
export function nextPackageNumber(actions: readonly Pick<RemoteAction, 'packageNumber'>[]): number {
  return Math.max(FIRST_PACKAGE_NUMBER - 1, ...actions.map(({ packageNumber = 0 }) => packageNumber)) + 1;
}

/** A wish as text: the same for the same wish, whatever order its fields came in. */
export function wishText(wish: RemoteActionWish): string {
  return JSON.stringify(wish, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** The job of `events/remote-action-requested`. */
export interface RemoteActionJob {
  readonly type: 'remote-action-requested';
  readonly version: 1;
  readonly correlationId: string;
  readonly marketplace: Marketplace;
  readonly orderId: string;
  readonly actionId: string;
}

/** Asks for one action to be carried on. Asked for twice, it is done once. */
export function remoteActionJob(
  { marketplace, orderId, actionId }: Pick<RemoteAction, 'marketplace' | 'orderId' | 'actionId'>,
  correlationId: string,
): RemoteActionJob {
  return { type: 'remote-action-requested', version: 1, correlationId, marketplace, orderId, actionId };
}
