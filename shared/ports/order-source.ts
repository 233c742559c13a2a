import type { Buyer } from '../domain/buyer.ts';
import type { Order } from '../domain/order.ts';

/** One window on last update, for every site of an account at once. */
export interface OrderWindow {
  readonly accountId: string;
  readonly siteIds: readonly string[];
  /** ISO instants; `until` must be at least two minutes in the past (Amazon refuses anything younger). */
  readonly from: string;
  readonly until: string;
  /** Which of an order's times the window is about; last update unless stated. */
  readonly by?: 'updated' | 'created' | undefined;
}

/** A remote order in our words, and the person behind it. */
export interface RemoteOrder {
  readonly order: Omit<Order, 'channelId'>;
  readonly buyer: Buyer | undefined;
  /** The list left something out that only the single order has (`fetchOrder`): fetched when the order is new. */
  readonly incomplete?: boolean | undefined;
}

/** An order whose answer broke the partner's contract. It must neither block the others nor be forgotten. */
export interface UnreadableOrder {
  readonly marketplaceOrderId: string | undefined;
  /** The partner's time of last change, when at least that could be read. */
  readonly updatedAt: string | undefined;
  /** Which fields broke which rule; never what they held. */
  readonly problem: string;
}

export interface OrderPage {
  readonly orders: readonly RemoteOrder[];
  readonly unreadable: readonly UnreadableOrder[];
  /** The partner's cursor for the next page of the same window; undefined on the last one. */
  readonly nextPageToken: string | undefined;
  /** Upper bound the partner really applied, when it says so. */
  readonly effectiveUntil: string | undefined;
  /** Calls per second the partner granted, when its answer says so: corrects the quota bucket. */
  readonly grantedRatePerSecond: number | undefined;
  /**
   * Sites of the window that the partner refused on this page, while it answered for others (ManoMano: a contract the key
   * may not read). Nothing of them was seen, so no watermark of a channel with one of them may move to this window's end.
   * When every site of a window is refused, `fetchPage` fails with a `RejectedError` instead. Undefined: none.
   */
  readonly refusedSites?: readonly string[] | undefined;
}

/** Where remote orders come from. Fails with the four families of `PartnerError` and nothing else. */
export interface OrderSource {
  /** One page, one call at the partner. A dead page token is a `RejectedError`: start the window again. */
  fetchPage(window: OrderWindow, pageToken: string | undefined): Promise<OrderPage>;
}

/** Where a single remote order comes from, with everything the partner says of it. Fails like `OrderSource`. */
export interface OrderReader {
  /** One call at the partner; undefined when the partner has no such order. */
  fetchOrder(account: {
    readonly accountId: string;
    readonly siteId: string;
    readonly marketplaceOrderId: string;
  }): Promise<RemoteOrder | undefined>;
}
