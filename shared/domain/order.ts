import type { Money } from './money.ts';

/** The marketplaces a channel can sell on. */
export const MARKETPLACES = ['amazon', 'ebay', 'manomano'] as const;
export type Marketplace = (typeof MARKETPLACES)[number];

/** Our names for where a remote order stands; each partner's words are mapped in its adapter. */
export const ORDER_STATUSES = [
  /** Not ours to work on yet: unpaid, or the buyer may still withdraw. */
  'pending',
  /** The seller has to accept or refuse it (ManoMano). */
  'to-accept',
  'unshipped',
  'partly-shipped',
  'shipped',
  /** By the buyer, the seller or the marketplace; a refused order too. */
  'cancelled',
  /** The whole order was given back, or is being given back. */
  'refunded',
  'unfulfillable',
  /** The partner used a word we do not know yet; kept in `partnerStatus`. */
  'unknown',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Earliest and latest instant, ISO 8601 UTC; either may be missing. */
export interface TimeWindow {
  readonly earliest?: string | undefined;
  readonly latest?: string | undefined;
}

/** One SKU in an order. */
export interface OrderLine {
  readonly orderLineId: string;
  readonly sku: string | undefined;
  readonly productId: string | undefined;
  readonly title: string | undefined;
  readonly quantityOrdered: number;
  readonly quantityFulfilled: number;
  /** What the line costs the buyer, tax included; undefined while the order is pending. */
  readonly total: Money | undefined;
  readonly unitPrice: Money | undefined;
  /** The line as the marketplace breaks it down (item, shipping, gift wrap, tax, discount). */
  readonly breakdown: readonly { readonly kind: string; readonly amount: Money }[];
  readonly cancellationRequested: boolean;
  /** The line has an Amazon customisation; its URL is personal data and is kept with the buyer. */
  readonly customised: boolean;
  /** VAT rate in percent as the marketplace states it, decimal text (`"22.00"`). */
  readonly vatRate?: string | undefined;
}

/** What an order costs the buyer besides its lines, or takes off them: a discount is negative. */
export interface OrderExtra {
  readonly kind: 'shipping' | 'discount' | 'tax' | 'adjustment' | 'fee';
  readonly amount: Money;
  /** VAT rate in percent as the marketplace states it, decimal text (`"22.00"`). */
  readonly vatRate?: string | undefined;
}

/**
 * A buyer's purchase on a marketplace. Holds no name, address, phone, e-mail or tax code: those are a
 * `Buyer`, in a store of its own.
 */
export interface Order {
  /** Ours: `<marketplace>:<marketplaceOrderId>`. */
  readonly orderId: OrderId;
  readonly marketplace: Marketplace;
  readonly marketplaceOrderId: string;
  /** The seller's account at the marketplace. */
  readonly accountId: string;
  readonly channelId: string;
  /** The partner's id of the national marketplace (`APJ6JRA9NG5V4`) and its usual name (`Amazon.it`). */
  readonly siteId: string;
  readonly siteName: string | undefined;
  readonly purchasedAt: string;
  /** The partner's own time of last change: decides which of two versions is newer. */
  readonly updatedAt: string;
  readonly status: OrderStatus;
  readonly partnerStatus: string | undefined;
  readonly fulfilledBy: 'merchant' | 'marketplace' | 'unknown';
  readonly serviceLevel: string | undefined;
  readonly shipBy: TimeWindow;
  readonly deliverBy: TimeWindow;
  /** PRIME, AMAZON_BUSINESS, …: the partner's words, an open list. */
  readonly programs: readonly string[];
  /** Orders this one replaces or was exchanged for. */
  readonly relatedOrders: readonly { readonly marketplaceOrderId: string; readonly relation: string }[];
  /** What the buyer pays: lines and extras together. */
  readonly total: Money | undefined;
  readonly lines: readonly OrderLine[];
  /** Shipping and discounts that stand on the order and in none of its lines. */
  readonly extras?: readonly OrderExtra[] | undefined;
  /** What the marketplace says it keeps of this order, where it says so with the order (eBay): positive. */
  readonly marketplaceFee?: Money | undefined;
  /** The buyer bought as a business, as far as the marketplace says. */
  readonly business?: boolean | undefined;
  readonly deliveredAt?: string | undefined;
  /** The last change of status that our table of moves does not know: for a person to look at. */
  readonly unexpectedMove?:
    | { readonly from: OrderStatus; readonly to: OrderStatus; readonly at: string }
    | undefined;
}

declare const orderIdBrand: unique symbol;
export type OrderId = string & { readonly [orderIdBrand]: true };

/** The natural key of an order: what it is, not how it reached us. */
export function orderId(marketplace: Marketplace, marketplaceOrderId: string): OrderId {
  return `${marketplace}:${marketplaceOrderId}` as OrderId;
}

/** What an order's key is made of. */
export function orderIdParts(id: OrderId): {
  readonly marketplace: Marketplace;
  readonly marketplaceOrderId: string;
} {
  const marketplace = MARKETPLACES.find((each) => id.startsWith(`${each}:`));
  if (marketplace === undefined) throw new RangeError(`not the key of an order: ${id}`);
  return { marketplace, marketplaceOrderId: id.slice(marketplace.length + 1) };
}
