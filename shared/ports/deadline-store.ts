import type { OrderId } from '../domain/order.ts';
import type { DeadlineClock, RaisedAlert } from '../domain/shipping-deadline.ts';
import type { ShippingRates } from '../domain/shipping-rates.ts';

/** Which alerts of an order's clock have been raised. */
export interface DeadlineWatch {
  readonly orderId: OrderId;
  readonly clock: DeadlineClock;
  /** Oldest first. */
  readonly raised: readonly RaisedAlert[];
  /** Counts changes; the condition of every one. */
  readonly version: number;
}

export interface DeadlineWatchStore {
  /** Those there are, in no order. */
  getMany(
    ids: readonly { readonly orderId: OrderId; readonly clock: DeadlineClock }[],
  ): Promise<readonly DeadlineWatch[]>;
  /** Stores it when the stored version is `expectedVersion` (0: there is none). */
  change(watch: DeadlineWatch, expectedVersion: number): Promise<'changed' | 'conflict'>;
}

/** How channels stood to their marketplaces' standards, one measurement a day. */
export interface ShippingRatesStore {
  /** A second measurement of a day takes the place of the first. */
  put(rates: ShippingRates): Promise<void>;
  /** Newest first. */
  list(query: { readonly channelId: string; readonly limit: number }): Promise<readonly ShippingRates[]>;
}
