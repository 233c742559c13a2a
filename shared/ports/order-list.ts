import type { OrderStatus } from '../domain/order.ts';
import type { OrderRecord } from './order-store.ts';

/**
 * Where an order stands in the list of all orders: its purchase time and id, newest first. Comparable as text, and
 * unique over all channels, so that the lists of several channels can be merged.
 */
export type OrderPosition = string;

export interface OrderStretch {
  /** In the order of their positions, newest first. */
  readonly found: readonly { readonly position: OrderPosition; readonly record: OrderRecord }[];
  /** Everything from here on was looked at; undefined when the channel's list was read to its end. */
  readonly readTo: OrderPosition | undefined;
}

/** A channel's orders by purchase time, as far as one page needs them. */
export interface OrderList {
  /**
   * Stops at `limit` orders that match, at `readMax` orders looked at, or at the end.
   * `from` (inclusive), `until` (exclusive): ISO instants of purchase, to the millisecond.
   */
  stretch(query: {
    readonly channelId: string;
    readonly status?: OrderStatus | undefined;
    /** Part of an order number, SKU, product id or title. */
    readonly text?: string | undefined;
    readonly from?: string | undefined;
    readonly until?: string | undefined;
    /** Only orders after this one in the list. */
    readonly after?: OrderPosition | undefined;
    readonly limit: number;
    readonly readMax: number;
  }): Promise<OrderStretch>;
}
