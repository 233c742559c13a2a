import { describe, expect, test } from 'vitest';
import { type Order, orderId } from '../../shared/domain/order.ts';
import type { OrderStore } from '../../shared/ports/order-store.ts';
import type { OrdersToShip, ShipmentsToScan } from '../../shared/ports/orders-to-ship.ts';
import type { ShipmentStore } from '../../shared/ports/shipment-store.ts';
import { anOrder } from '../support/orders.ts';
import { aShipment } from '../support/shipments.ts';

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

/** What every list of shipments without a scan promises, over the store that holds them. */
export function shipmentsToScanContract(
  name: string,
  create: () => Promise<{ readonly shipments: ShipmentStore; readonly toScan: ShipmentsToScan }>,
): void {
  const known = (senderReference: string, day: string) =>
    aShipment({
      courier: 'gls',
      senderReference,
      trackingNumber: 'X1',
      trackingKnownAt: `2026-11-${day}T10:00:00.000Z`,
    });
  const references = async (toScan: ShipmentsToScan, since = '2026-11-01T00:00:00.000Z', limit = 10) =>
    (await toScan.list({ since, limit })).map(({ senderReference }) => senderReference);

  describe(`${name}: shipments to scan`, () => {
    test('are those whose number is known and that have not moved, the latest first', async () => {
      const { shipments, toScan } = await create();
      for (const day of ['20', '22', '21']) await shipments.create(known(day, day), [], []);
      await shipments.create(aShipment({ senderReference: 'no-number' }), [], []);
      await shipments.create({ ...known('moved', '23'), state: 'in-transit' }, [], []);
      await shipments.create(
        aShipment({
          courier: 'manual',
          senderReference: 'm',
          trackingNumber: 'X1',
          trackingKnownAt: '2026-11-23T10:00:00.000Z',
        }),
        [],
        [],
      );
      expect(await references(toScan)).toEqual(['22', '21', '20']);
      expect(await references(toScan, '2026-11-21T10:00:00.000Z')).toEqual(['22', '21']);
      expect(await references(toScan, undefined, 1)).toEqual(['22']);
      expect((await toScan.list({ since: '2026-11-22T00:00:00.000Z', limit: 1 }))[0]).toEqual(
        known('22', '22'),
      );
    });

    test('leave the list with their first scan, and stay in it while their check is moved', async () => {
      const { shipments, toScan } = await create();
      const shipment = known('a', '20');
      await shipments.create(shipment, [], []);
      await shipments.moveCheck(shipment.shipmentKey, '2026-11-20T10:05:00.000Z', undefined);
      expect(await references(toScan)).toEqual(['a']);
      await shipments.change({ ...shipment, state: 'picked-up' }, 1);
      expect(await references(toScan)).toEqual([]);
    });
  });
}
