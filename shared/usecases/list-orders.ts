import { type OrderSummary, orderSummary } from '../domain/order-view.ts';
import type { Clock } from '../ports/clock.ts';
import type { OrderStore } from '../ports/order-store.ts';

export type { OrderSummary };

const PAGE_ORDERS = 200;

/** The orders of a channel, newest first, each with its fee, net and settlement state as of now. */
export async function* listOrders(
  deps: { readonly orders: OrderStore; readonly clock: Clock },
  channelId: string,
): AsyncGenerator<OrderSummary> {
  let cursor: string | undefined;
  do {
    const page = await deps.orders.listOrders({ channelId, limit: PAGE_ORDERS, cursor });
    for (const record of page.records) {
      if (record.order) yield orderSummary({ ...record, order: record.order }, deps.clock.now());
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
}
