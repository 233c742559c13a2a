import { matchesText } from '../../../shared/domain/order-search.ts';
import type { OrderList, OrderStretch } from '../../../shared/ports/order-list.ts';
import type { OrderStore } from '../../../shared/ports/order-store.ts';

/** The order list's semantics over any order store: looks at one order after the other. */
export function memoryOrderList(orders: Pick<OrderStore, 'listOrders'>): OrderList {
  return {
    async stretch(query): Promise<OrderStretch> {
      const { channelId, status, text, from = '', until, after, limit, readMax } = query;
      const found: OrderStretch['found'][number][] = [];
      let read = 0;
      let cursor: string | undefined;
      do {
        const page = await orders.listOrders({ channelId, limit: 1, cursor });
        cursor = page.cursor;
        for (const record of page.records) {
          if (record.order === undefined) continue;
          const position = `${record.order.purchasedAt}#${record.orderId}`;
          if (position < from || (until !== undefined && position >= until)) continue;
          if (after !== undefined && position >= after) continue;
          read += 1;
          const matches =
            (status === undefined || record.order.status === status) &&
            (text === undefined || matchesText(record.order, text));
          if (matches) found.push({ position, record });
          if (found.length === limit || read === readMax) {
            return { found, readTo: position };
          }
        }
      } while (cursor !== undefined);
      return { found, readTo: undefined };
    },
  };
}
