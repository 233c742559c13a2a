import { describe, expect, test } from 'vitest';
import { orderId } from '../../shared/domain/order.ts';
import type { OrderList } from '../../shared/ports/order-list.ts';
import type { OrderStore } from '../../shared/ports/order-store.ts';
import { anOrder } from '../support/orders.ts';

type Stretch = Parameters<OrderList['stretch']>[0];

/** What every order list promises, over the store that is listed. */
export function orderListContract(
  name: string,
  create: () => Promise<{ readonly store: OrderStore; readonly list: OrderList }>,
): void {
  /** Orders 1 to 9 of November's days, the even ones shipped, of `amazon-it`; one more elsewhere. */
  const filled = async (): Promise<OrderList> => {
    const { store, list } = await create();
    for (let day = 1; day <= 9; day++) {
      const marketplaceOrderId = `404-000000${day}-0000001`;
      await store.putOrder(
        anOrder({
          orderId: orderId('amazon', marketplaceOrderId),
          marketplaceOrderId,
          purchasedAt: `2026-11-0${day}T08:00:00.000Z`,
          status: day % 2 === 0 ? 'shipped' : 'unshipped',
        }),
      );
    }
    await store.putOrder(
      anOrder({
        orderId: orderId('amazon', '404-0000099-0000001'),
        marketplaceOrderId: '404-0000099-0000001',
        channelId: 'amazon-fr',
      }),
    );
    return list;
  };
  const days = async (list: OrderList, query: Partial<Stretch>): Promise<number[]> => {
    const { found } = await list.stretch({ channelId: 'amazon-it', limit: 100, readMax: 1000, ...query });
    return found.map(({ record }) => Number(record.order?.purchasedAt.slice(8, 10)));
  };

  describe(`${name}: order list`, () => {
    test("a channel's orders come newest first, and the end is known", async () => {
      const list = await filled();
      expect(await days(list, {})).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
      expect(
        (await list.stretch({ channelId: 'amazon-it', limit: 100, readMax: 1000 })).readTo,
      ).toBeUndefined();
      expect(await list.stretch({ channelId: 'none', limit: 5, readMax: 5 })).toEqual({
        found: [],
        readTo: undefined,
      });
    });

    test('a stretch goes on after the order at which the one before ended', async () => {
      const list = await filled();
      const first = await list.stretch({ channelId: 'amazon-it', limit: 4, readMax: 1000 });
      expect(first.readTo).toBe(first.found.at(-1)?.position);
      expect(await days(list, { limit: 4, after: first.readTo })).toEqual([5, 4, 3, 2]);
    });

    test('days are cut at the first instant inclusive and the last exclusive', async () => {
      const list = await filled();
      const from = '2026-11-03T08:00:00.000Z';
      const until = '2026-11-06T08:00:00.000Z';
      expect(await days(list, { from, until })).toEqual([5, 4, 3]);
      expect(await days(list, { from: until, until: from })).toEqual([]);
    });

    test('status and text narrow the list, also together', async () => {
      const list = await filled();
      expect(await days(list, { status: 'shipped' })).toEqual([8, 6, 4, 2]);
      expect(await days(list, { text: '404-0000003' })).toEqual([3]);
      expect(await days(list, { text: 'Blue MUG', status: 'shipped', limit: 2 })).toEqual([8, 6]);
      expect(await days(list, { text: 'red' })).toEqual([]);
    });

    test('a search that finds nothing gives up after so many orders and says where', async () => {
      const list = await filled();
      const query = { channelId: 'amazon-it', text: '404-0000001', limit: 1, readMax: 4 };
      const first = await list.stretch(query);
      expect(first.found).toEqual([]);
      expect(first.readTo?.slice(0, 10)).toBe('2026-11-06');
      const second = await list.stretch({ ...query, after: first.readTo, readMax: 8 });
      expect(second.found.map(({ record }) => record.order?.marketplaceOrderId)).toEqual([
        '404-0000001-0000001',
      ]);
    });
  });
}
