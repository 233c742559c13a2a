import { describe, expect, test } from 'vitest';
import { type Order, orderId } from '../../shared/domain/order.ts';
import type { OrderStore } from '../../shared/ports/order-store.ts';
import type { OrdersToShip } from '../../shared/ports/orders-to-ship.ts';
import { anOrder } from '../support/orders.ts';

/** What every list of orders to ship promises, over the store that holds them. */
export function ordersToShipContract(
  name: string,
  create: () => Promise<{ readonly store: OrderStore; readonly toShip: OrdersToShip }>,
): void {
  const numbered = (n: number, changes: Partial<Order> = {}): Order =>
    anOrder({ orderId: orderId('amazon', `404-${n}`), marketplaceOrderId: `404-${n}`, ...changes });
  const dueOn = (n: number, day: string): Order =>
    numbered(n, { shipBy: { latest: `2026-11-${day}T22:59:59.000Z` } });
  const numbers = async (toShip: OrdersToShip): Promise<string[]> =>
    (await toShip.list({ limit: 100 })).found.map(({ record }) => record.orderId.slice(11));

  describe(`${name}: orders to ship`, () => {
    test('come by the instant at which they have to leave, whatever their channel, page by page', async () => {
      const { store, toShip } = await create();
      for (const [n, day] of ['25', '23', '27', '24', '26'].entries()) await store.putOrder(dueOn(n, day));
      await store.putOrder({ ...dueOn(9, '24'), channelId: 'amazon-de' });
      const seen: string[] = [];
      let after: string | undefined;
      let more = true;
      while (more) {
        const page = await toShip.list({ limit: 2, after });
        expect(page.found.length).toBeLessThanOrEqual(2);
        seen.push(...page.found.map(({ record }) => record.orderId.slice(11)));
        after = page.found.at(-1)?.position ?? after;
        more = page.more;
      }
      expect(seen).toEqual(['1', '3', '9', '0', '4', '2']);
      expect((await toShip.list({ limit: 1 })).found[0]?.record.order).toEqual(dueOn(1, '23'));
    });

    test('an order that is shipped, cancelled or refunded leaves the list with that version', async () => {
      const { store, toShip } = await create();
      for (const n of [1, 2, 3, 4]) await store.putOrder(numbered(n));
      const updatedAt = '2026-11-21T09:00:00.000Z';
      await store.putOrder(numbered(1, { status: 'shipped', updatedAt }));
      await store.putOrder(numbered(2, { status: 'cancelled', updatedAt }));
      await store.putOrder(numbered(3, { status: 'partly-shipped', updatedAt }));
      expect(await numbers(toShip)).toEqual(['3', '4']);
    });

    test('an older version brings no shipped order back', async () => {
      const { store, toShip } = await create();
      await store.putOrder(numbered(1, { status: 'shipped', updatedAt: '2026-11-21T09:00:00.000Z' }));
      expect(await store.putOrder(numbered(1))).toBe('older');
      expect(await numbers(toShip)).toEqual([]);
    });

    test('an order enters the list once it is ours to ship, and moves when its last day does', async () => {
      const { store, toShip } = await create();
      await store.putOrder(numbered(1, { status: 'pending' }));
      await store.putOrder(dueOn(2, '24'));
      expect(await numbers(toShip)).toEqual(['2']);
      const updatedAt = '2026-11-20T10:00:00.000Z';
      await store.putOrder({ ...dueOn(1, '23'), updatedAt });
      expect(await numbers(toShip)).toEqual(['1', '2']);
      await store.putOrder({ ...dueOn(1, '25'), updatedAt: '2026-11-20T11:00:00.000Z' });
      expect(await numbers(toShip)).toEqual(['2', '1']);
    });

    test('what the marketplace ships is not in it; what came without a last day stands at its usual one', async () => {
      const { store, toShip } = await create();
      await store.putOrder(numbered(1, { fulfilledBy: 'marketplace' }));
      await store.putOrder(dueOn(2, '25'));
      // Two working days from Friday 20: by the end of Tuesday 24.
      await store.putOrder(numbered(3, { shipBy: {} }));
      expect(await numbers(toShip)).toEqual(['3', '2']);
    });

    test('a change of the ledger or of the personal data leaves an order in the list', async () => {
      const { store, toShip } = await create();
      const order = numbered(1);
      await store.putOrder(order);
      await store.setPersonalData(order.orderId, 'present');
      await store.changeLedgers([
        {
          orderId: order.orderId,
          accountId: order.accountId,
          marketplaceOrderId: order.marketplaceOrderId,
          expectedVersion: 0,
          orderKnown: true,
          entries: {},
          waitingSince: '2026-11-21T10:00:00.000Z',
        },
      ]);
      expect((await toShip.list({ limit: 5 })).found.map(({ record }) => record.personalData)).toEqual([
        'present',
      ]);
    });

    test('nothing to ship is an empty list', async () => {
      const { toShip } = await create();
      expect(await toShip.list({ limit: 5 })).toEqual({ found: [], more: false });
    });
  });
}
