import { type CarrierChoice, marketplaceCarrier, toldNumber } from './carrier-map.ts';
import type { LedgerEntry } from './ledger.ts';
import type { Money } from './money.ts';
import type { Marketplace, Order, OrderLine, OrderStatus } from './order.ts';
import { orderMoney } from './order-money.ts';
import { isoInstant } from './pull-window.ts';
import {
  type CancelReason,
  isEnded,
  REMOTE_ACTION_KINDS,
  type RefundReason,
  type RefundWish,
  type RemoteAction,
  type RemoteActionKind,
  type RemoteActionWish,
  type ShipWish,
} from './remote-action.ts';
import { trackingUrl } from './tracking-url.ts';

/** What a marketplace offers of one kind of action. */
interface Offer {
  /** Where the order has to stand. */
  readonly statuses: readonly OrderStatus[];
  /** It is done once for the whole order: done, it is not asked for again before the sync shows it. */
  readonly once?: true;
  /** Only as an answer to the buyer's request. */
  readonly onRequest?: true;
  /** The call has to be signed. */
  readonly signed?: true;
  /** How the marketplace takes it: an answer at once, or work that it reports on later. */
  readonly by: 'call' | 'work';
  readonly cancelReasons?: readonly CancelReason[];
  readonly refundReasons?: readonly RefundReason[];
}

const UNSHIPPED: readonly OrderStatus[] = ['unshipped', 'partly-shipped'];
const REFUND_REASONS: readonly RefundReason[] = [
  'buyer-cancelled',
  'seller-cancelled',
  'not-received',
  'returned',
  'not-as-described',
  'other',
];

/**
 * What each marketplace lets a program do to an order; a kind that is not here is done in the marketplace's own pages.
 *
 * Sources: SP-API docs, Orders API v0 (confirmShipment) and "Order Feed Type Values" (cancel and refund exist as feeds
 * only); eBay docs, Fulfillment API v1.20 (createShippingFulfillment, issueRefund), Post-Order API v2 (cancellation) and
 * "Digital Signatures for APIs"; ManoMano Partner API docs, orders: it offers no refund and no cancellation.
 */
const REMOTE_OFFERS: Readonly<Record<Marketplace, Readonly<Partial<Record<RemoteActionKind, Offer>>>>> = {
  amazon: {
    ship: { statuses: UNSHIPPED, by: 'call' },
    cancel: {
      statuses: ['unshipped'],
      once: true,
      by: 'work',
      cancelReasons: ['out-of-stock', 'buyer-asked', 'address', 'other'],
    },
    refund: { statuses: ['partly-shipped', 'shipped'], by: 'work', refundReasons: REFUND_REASONS },
  },
  ebay: {
    ship: { statuses: UNSHIPPED, by: 'call' },
    cancel: {
      statuses: ['unshipped'],
      once: true,
      signed: true,
      by: 'work',
      cancelReasons: ['out-of-stock', 'buyer-asked', 'address'],
    },
    'approve-cancellation': {
      statuses: ['unshipped', 'partly-shipped'],
      once: true,
      onRequest: true,
      signed: true,
      by: 'work',
    },
    'reject-cancellation': {
      statuses: ['unshipped', 'partly-shipped', 'shipped'],
      once: true,
      onRequest: true,
      by: 'call',
    },
    refund: {
      statuses: ['unshipped', 'partly-shipped', 'shipped'],
      signed: true,
      by: 'work',
      refundReasons: REFUND_REASONS,
    },
  },
  manomano: {
    accept: { statuses: ['to-accept'], once: true, by: 'call' },
    refuse: { statuses: ['to-accept'], once: true, by: 'call' },
    ship: { statuses: UNSHIPPED, by: 'call' },
  },
};

/** Kinds of which an order sees one at most. */
const EXCLUSIVE: readonly RemoteActionKind[] = ['accept', 'refuse', 'cancel', 'approve-cancellation'];

/** Why an action is not possible as things stand. */
export const REMOTE_BLOCKS = [
  /** The marketplace has no call for it: it is done in its own pages. */
  'not-offered',
  'marketplace-ships',
  'wrong-status',
  /** The buyer asked for nothing. */
  'no-request',
  /** The buyer asked to cancel: that is answered first. */
  'cancellation-requested',
  /** Another action has the order. */
  'under-way',
  /** Done from here; the next sync shows it. */
  'waits-for-sync',
  /** Nobody knows whether another was done: a person looks at the marketplace, and says so here. */
  'unclear-before',
  'signature-missing',
  'nothing-left',
  /** What the order costs is not known, or its lines are in several currencies. */
  'amount-unknown',
] as const;
export type RemoteBlock = (typeof REMOTE_BLOCKS)[number];

/** What there is to know of an order before anything is done to it. */
export interface CapabilityFacts {
  readonly order: Order;
  readonly entries: Readonly<Record<string, LedgerEntry>>;
  /** All that was ever asked for of it, the longest ago first. */
  readonly actions: readonly RemoteAction[];
  /** Whether the account can sign its calls (eBay). */
  readonly canSign: boolean;
  /** The channel's own words for carriers. */
  readonly carriers?: readonly CarrierChoice[] | undefined;
}

export interface LineCapability {
  readonly orderLineId: string;
  /** Pieces that a parcel may still hold. */
  readonly shippable: number;
  /** What may still be given back, goods and shipping together; undefined where nobody knows what it cost. */
  readonly refundable: Money | undefined;
}

/** One kind of action on one order at this moment. */
export interface RemoteCapability {
  readonly kind: RemoteActionKind;
  /** Undefined: it is possible now. */
  readonly block: RemoteBlock | undefined;
  /** The action that blocks. */
  readonly blockedBy: RemoteAction | undefined;
  readonly offer: Offer | undefined;
}

export interface RemoteCapabilities {
  readonly kinds: readonly RemoteCapability[];
  readonly lines: readonly LineCapability[];
  /** What may still be given back of the whole order. */
  readonly refundable: Money | undefined;
}

/** What can be done to an order at its marketplace now, and of the rest, why not. */
export function remoteCapabilities(facts: CapabilityFacts): RemoteCapabilities {
  return {
    kinds: REMOTE_ACTION_KINDS.map((kind) => capability(facts, kind)),
    lines: facts.order.lines.map((line) => ({
      orderLineId: line.orderLineId,
      shippable: shippable(facts, line),
      refundable: refundableOfLine(facts, line),
    })),
    refundable: refundableOfOrder(facts),
  };
}

function capability(facts: CapabilityFacts, kind: RemoteActionKind): RemoteCapability {
  const offer = REMOTE_OFFERS[facts.order.marketplace][kind];
  const [block, blockedBy] = blockOf(facts, kind, offer);
  return { kind, block, blockedBy, offer };
}

type Blocked = readonly [RemoteBlock | undefined, (RemoteAction | undefined)?];

function blockOf(facts: CapabilityFacts, kind: RemoteActionKind, offer: Offer | undefined): Blocked {
  const { order, actions, canSign } = facts;
  if (offer === undefined) return ['not-offered'];
  if (order.fulfilledBy === 'marketplace') return ['marketplace-ships'];
  const open = actions.find((action) => !isEnded(action));
  if (open !== undefined) return [open.state === 'unclear' ? 'unclear-before' : 'under-way', open];
  if (!offer.statuses.includes(order.status)) return ['wrong-status'];
  const requested = order.lines.some(({ cancellationRequested }) => cancellationRequested);
  if (offer.onRequest && !requested) return ['no-request'];
  if (kind === 'ship' && requested && !wasAnswered(facts)) return ['cancellation-requested'];
  const done = actions.findLast(
    ({ wish, state }) => state === 'done' && (wish.kind === kind ? offer.once : endedBy(kind, wish.kind)),
  );
  // Whatever the sync shows after it is a new situation: its status said so above, or the request is a new one.
  if (done !== undefined && isBehind(order, done)) return ['waits-for-sync', done];
  if (offer.signed && !canSign) return ['signature-missing'];
  if (kind === 'ship' && !order.lines.some((line) => shippable(facts, line) > 0)) return ['nothing-left'];
  if (kind === 'refund') return [refundBlock(facts)];
  return [undefined];
}

/** Whether an action of one kind leaves nothing for one of another. */
function endedBy(kind: RemoteActionKind, done: RemoteActionKind): boolean {
  return EXCLUSIVE.includes(done) || (kind === 'approve-cancellation' && done === 'reject-cancellation');
}

/** Whether the order we have is from before an action: the marketplace's own time of change has not passed it. */
function isBehind(order: Order, { sentAt, requestedAt }: RemoteAction): boolean {
  return order.updatedAt <= (sentAt ?? requestedAt);
}

function wasAnswered({ order, actions }: CapabilityFacts): boolean {
  return actions.some(
    (action) =>
      action.wish.kind === 'reject-cancellation' && action.state === 'done' && isBehind(order, action),
  );
}

function refundBlock(facts: CapabilityFacts): RemoteBlock | undefined {
  const left = refundableOfOrder(facts);
  const lines = facts.order.lines.map((line) => refundableOfLine(facts, line));
  if (left === undefined || lines.every((line) => line === undefined)) return 'amount-unknown';
  const some = lines.some((line) => line !== undefined && line.amountMinor > 0);
  return left.amountMinor > 0 && some ? undefined : 'nothing-left';
}

/** Actions that may have had their effect: those that ended without one do not count. */
function countsAsDone({ state }: RemoteAction): boolean {
  return state !== 'refused';
}

/** What the sync shows and what was told from here are often the same parcels: the larger of the two counts. */
function shippable({ order, actions }: CapabilityFacts, line: OrderLine): number {
  if (order.status === 'shipped') return 0;
  const told = actions.filter(countsAsDone).reduce((sum, { wish }) => {
    if (wish.kind !== 'ship') return sum;
    const own = wish.lines.find(({ orderLineId }) => orderLineId === line.orderLineId);
    return sum + (own?.quantity ?? 0);
  }, 0);
  return Math.max(0, line.quantityOrdered - Math.max(line.quantityFulfilled, told));
}

function refundableOfLine({ order, actions }: CapabilityFacts, line: OrderLine): Money | undefined {
  if (line.total === undefined || line.total.currency !== order.total?.currency) return undefined;
  const given = refundsOf(actions)
    .flatMap(({ lines }) => lines)
    .filter(({ orderLineId }) => orderLineId === line.orderLineId)
    .reduce((sum, { goodsMinor, shippingMinor }) => sum + goodsMinor + shippingMinor, 0);
  return { ...line.total, amountMinor: Math.max(0, line.total.amountMinor - given) };
}

/** What the buyer paid, less what was given back: as the payment files know it or from here, whichever is more. */
function refundableOfOrder({ order, actions, entries }: CapabilityFacts): Money | undefined {
  if (order.total === undefined) return undefined;
  const { amountMinor, currency } = order.total;
  const fromHere = refundsOf(actions).reduce((sum, wish) => sum + amountOf(wish), 0);
  const known = -(orderMoney(Object.values(entries), currency)?.refunds ?? 0);
  return { currency, amountMinor: Math.max(0, amountMinor - Math.max(fromHere, known)) };
}

function refundsOf(actions: readonly RemoteAction[]): readonly RefundWish[] {
  return actions.filter(countsAsDone).flatMap(({ wish }) => (wish.kind === 'refund' ? [wish] : []));
}

/** What a refund gives back in all. */
export function amountOf({ lines }: RefundWish): number {
  return lines.reduce((sum, { goodsMinor, shippingMinor }) => sum + goodsMinor + shippingMinor, 0);
}

/** What is wrong with a wish itself, where the kind of action is possible. */
export const WISH_FAULTS = [
  'reason-not-taken',
  'line-unknown',
  'line-twice',
  'no-lines',
  'too-many',
  'amount-malformed',
  'other-currency',
  'too-much',
  // Of a parcel, in the marketplace's words.
  'carrier-not-mapped',
  'tracking-number-malformed',
  'tracking-url-missing',
  'line-without-sku',
] as const;
export type WishFault = (typeof WISH_FAULTS)[number];

export interface WishRefusal {
  readonly code: RemoteBlock | WishFault;
  /** A line's id, an amount; never a person. */
  readonly detail: string;
  readonly blockedBy?: RemoteAction | undefined;
}

/** Why a wish cannot be granted on the order as it stands; undefined when it can. */
export function wishRefusal(facts: CapabilityFacts, wish: RemoteActionWish): WishRefusal | undefined {
  const { block, blockedBy, offer } = capability(facts, wish.kind);
  if (block !== undefined) return { code: block, detail: '', blockedBy };
  if (wish.kind === 'cancel' && !offer?.cancelReasons?.includes(wish.reason)) {
    return { code: 'reason-not-taken', detail: wish.reason };
  }
  if (wish.kind === 'ship') return shipFault(facts, wish) ?? wordsFault(facts, wish);
  if (wish.kind !== 'refund') return undefined;
  if (!offer?.refundReasons?.includes(wish.reason)) return { code: 'reason-not-taken', detail: wish.reason };
  return refundFault(facts, wish);
}

function shipFault(facts: CapabilityFacts, { lines: wished }: ShipWish): WishRefusal | undefined {
  const twice = firstTwice(wished);
  if (twice !== undefined) return { code: 'line-twice', detail: twice };
  for (const { orderLineId, quantity } of wished) {
    const line = facts.order.lines.find((each) => each.orderLineId === orderLineId);
    if (line === undefined) return { code: 'line-unknown', detail: orderLineId };
    if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > shippable(facts, line)) {
      return { code: 'too-many', detail: orderLineId };
    }
  }
  return undefined;
}

/** Whether the marketplace has words for the parcel. */
function wordsFault({ order, carriers }: CapabilityFacts, wish: ShipWish): WishRefusal | undefined {
  const { marketplace, lines } = order;
  const { courier, carrierName = '', trackingNumber } = wish;
  if (marketplaceCarrier(marketplace, wish, carriers) === undefined) {
    return { code: 'carrier-not-mapped', detail: carrierName || courier };
  }
  if (toldNumber(marketplace, courier, trackingNumber) === undefined) {
    return { code: 'tracking-number-malformed', detail: '' };
  }
  if (marketplace !== 'manomano') return undefined;
  if (trackingUrl(wish, trackingNumber) === undefined) return { code: 'tracking-url-missing', detail: '' };
  const nameless = lines.find(
    ({ orderLineId, sku }) =>
      sku === undefined &&
      (wish.lines.length === 0 || wish.lines.some((each) => each.orderLineId === orderLineId)),
  );
  return nameless && { code: 'line-without-sku', detail: nameless.orderLineId };
}

function refundFault(facts: CapabilityFacts, wish: RefundWish): WishRefusal | undefined {
  const left = refundableOfOrder(facts);
  if (left === undefined) return { code: 'amount-unknown', detail: '' };
  if (wish.currency !== left.currency) return { code: 'other-currency', detail: wish.currency };
  if (wish.lines.length === 0) return { code: 'no-lines', detail: '' };
  const twice = firstTwice(wish.lines);
  if (twice !== undefined) return { code: 'line-twice', detail: twice };
  for (const { orderLineId, goodsMinor, shippingMinor } of wish.lines) {
    const line = facts.order.lines.find((each) => each.orderLineId === orderLineId);
    if (line === undefined) return { code: 'line-unknown', detail: orderLineId };
    const refundable = refundableOfLine(facts, line);
    if (refundable === undefined) return { code: 'amount-unknown', detail: orderLineId };
    const amounts = [goodsMinor, shippingMinor];
    if (
      amounts.some((minor) => !Number.isSafeInteger(minor) || minor < 0) ||
      goodsMinor + shippingMinor < 1
    ) {
      return { code: 'amount-malformed', detail: orderLineId };
    }
    if (goodsMinor + shippingMinor > refundable.amountMinor) return { code: 'too-much', detail: orderLineId };
  }
  return amountOf(wish) > left.amountMinor ? { code: 'too-much', detail: '' } : undefined;
}

function firstTwice(lines: readonly { readonly orderLineId: string }[]): string | undefined {
  const ids = lines.map(({ orderLineId }) => orderLineId);
  return ids.find((id, index) => ids.indexOf(id) !== index);
}

/**
 * A wish as it is stored: what was left open is written down, because by the time it is carried out, or counted, "all that
 * is left" may be something else. A parcel from the future is taken by no marketplace.
 */
export function settledWish(facts: CapabilityFacts, wish: RemoteActionWish, nowMs: number): RemoteActionWish {
  if (wish.kind !== 'ship') return wish;
  const left = facts.order.lines.flatMap((line) => {
    const quantity = shippable(facts, line);
    return quantity === 0 ? [] : [{ orderLineId: line.orderLineId, quantity }];
  });
  const { courier, trackingNumber, shippedAt } = wish;
  const leftMs = Math.min(shippedAt === undefined ? nowMs : Date.parse(shippedAt), nowMs);
  return {
    ...wish,
    trackingNumber: toldNumber(facts.order.marketplace, courier, trackingNumber) ?? trackingNumber,
    trackingUrl: trackingUrl(wish, trackingNumber),
    shippedAt: isoInstant(leftMs),
    lines: wish.lines.length > 0 ? wish.lines : left,
  };
}
