import { describe, expect, test } from 'vitest';
import { entryKey, type LedgerEntry } from '../../shared/domain/ledger.ts';
import { orderId } from '../../shared/domain/order.ts';
import type { LedgerChange, OrderStore } from '../../shared/ports/order-store.ts';
import { aLedgerEntry, anOrder } from '../support/orders.ts';

const marketplaceOrderId = '404-0000001-0000001';
const id = orderId('amazon', marketplaceOrderId);
const entry = aLedgerEntry();

function change(
  overrides: Partial<LedgerChange> = {},
  entries: readonly LedgerEntry[] = [entry],
): LedgerChange {
  return {
    orderId: id,
    accountId: 'A1EXAMPLE',
    marketplaceOrderId,
    expectedVersion: 0,
    orderKnown: false,
    entries: Object.fromEntries(entries.map((each) => [entryKey(each), each])),
    waitingSince: '2026-11-21T10:00:00.000Z',
    ...overrides,
  };
}

/** What every order store promises; run on the real one and on the one in memory. */
export function orderStoreContract(name: string, create: () => Promise<OrderStore>): void {
  const waiting = async (store: OrderStore) =>
    (await store.listWaiting({ accountId: 'A1EXAMPLE', limit: 10 })).records;
  const record = async (store: OrderStore) => (await store.getMany([id])).get(id);

  describe(`${name}: orders`, () => {
    test('an order comes back as it was stored', async () => {
      const store = await create();
      expect(await store.putOrder(anOrder())).toBe('created');
      expect(await record(store)).toEqual({
        orderId: id,
        accountId: 'A1EXAMPLE',
        order: anOrder(),
        entries: {},
        entriesVersion: 0,
      });
    });

    test('an order with nothing but what is required comes back as it was stored', async () => {
      const store = await create();
      const bare = anOrder({
        siteName: undefined,
        partnerStatus: undefined,
        serviceLevel: undefined,
        status: 'unknown',
        fulfilledBy: 'unknown',
        shipBy: {},
        deliverBy: {},
        programs: [],
        total: undefined,
        lines: [],
      });
      await store.putOrder(bare);
      expect((await record(store))?.order).toEqual(bare);
    });

    test('a newer version replaces an older one', async () => {
      const store = await create();
      await store.putOrder(anOrder());
      const shipped = anOrder({ status: 'shipped', updatedAt: '2026-11-22T09:00:00.000Z' });
      expect(await store.putOrder(shipped)).toBe('updated');
      expect((await record(store))?.order?.status).toBe('shipped');
    });

    test('an older or equal version changes nothing', async () => {
      const store = await create();
      await store.putOrder(anOrder({ status: 'shipped' }));
      expect(await store.putOrder(anOrder({ status: 'pending' }))).toBe('older');
      expect(
        await store.putOrder(anOrder({ status: 'pending', updatedAt: '2026-11-20T08:59:59.999Z' })),
      ).toBe('older');
      expect((await record(store))?.order?.status).toBe('shipped');
    });

    test('what is noted on an order stays with it until it is taken back', async () => {
      const store = await create();
      await store.putOrder(anOrder());
      for (const _ of ['noted', 'noted again']) {
        await store.setCustomisationMissing(id, true);
        await store.setPersonalData(id, 'refused');
      }
      await store.changeLedgers([change({ orderKnown: true })]);
      await store.putOrder(anOrder({ updatedAt: '2026-11-22T09:00:00.000Z' }));
      const noted = { customisationMissing: true, personalData: 'refused', entriesVersion: 1 };
      expect(await record(store)).toMatchObject(noted);
      const listed = await store.listOrders({ channelId: anOrder().channelId, limit: 1 });
      expect(listed.records).toMatchObject([noted]);
      for (const _ of ['taken back', 'taken back again']) await store.setCustomisationMissing(id, false);
      expect(await record(store)).not.toHaveProperty('customisationMissing');
    });

    test('nothing is noted on an order that is not here', async () => {
      const store = await create();
      await store.setCustomisationMissing(id, true);
      expect(await record(store)).toBeUndefined();
      await store.changeLedgers([change()]);
      await store.setCustomisationMissing(id, true);
      await store.setPersonalData(id, 'refused');
      await store.putOrder(anOrder());
      expect(await record(store)).not.toHaveProperty('customisationMissing');
      expect(await record(store)).not.toHaveProperty('personalData');
    });

    test('unknown and repeated ids are no trouble', async () => {
      const store = await create();
      await store.putOrder(anOrder());
      const found = await store.getMany([id, orderId('amazon', 'never-seen'), id]);
      expect([...found.keys()]).toEqual([id]);
      expect(await store.getMany([])).toEqual(new Map());
    });

    test('more orders than fit one read come back together', async () => {
      const store = await create();
      const orders = Array.from({ length: 230 }, (_, n) =>
        anOrder({ orderId: orderId('amazon', `404-${n}`), marketplaceOrderId: `404-${n}` }),
      );
      for (const order of orders) await store.putOrder(order);
      expect((await store.getMany(orders.map((order) => order.orderId))).size).toBe(230);
    });

    test('orders of a channel are listed newest first, page by page', async () => {
      const store = await create();
      for (const [n, day] of ['03', '01', '02', '05', '04'].entries()) {
        await store.putOrder(
          anOrder({
            orderId: orderId('amazon', `404-${n}`),
            marketplaceOrderId: `404-${n}`,
            purchasedAt: `2026-11-${day}T08:00:00.000Z`,
          }),
        );
      }
      await store.putOrder(
        anOrder({ orderId: orderId('amazon', 'x'), marketplaceOrderId: 'x', channelId: 'amazon-de' }),
      );
      const days: (string | undefined)[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.listOrders({ channelId: 'amazon-it', limit: 2, cursor });
        expect(page.records.length).toBeLessThanOrEqual(2);
        days.push(...page.records.map(({ order }) => order?.purchasedAt.slice(8, 10)));
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect(days).toEqual(['05', '04', '03', '02', '01']);
    });
  });

  describe(`${name}: ledgers`, () => {
    test('a ledger is stored on the version it was computed from', async () => {
      const store = await create();
      await store.putOrder(anOrder());
      expect(await store.changeLedgers([change({ orderKnown: true })])).toEqual([]);
      expect(await record(store)).toMatchObject({
        entries: { [entryKey(entry)]: entry },
        entriesVersion: 1,
        order: anOrder(),
      });
    });

    test('a change of a version that has moved on is refused and named', async () => {
      const store = await create();
      await store.putOrder(anOrder());
      await store.changeLedgers([change({ orderKnown: true })]);
      const late = change({ orderKnown: true }, [aLedgerEntry({ rows: 99 })]);
      expect(await store.changeLedgers([late])).toEqual([id]);
      expect(await store.changeLedgers([{ ...late, expectedVersion: 2 }])).toEqual([id]);
      expect((await record(store))?.entries[entryKey(entry)]?.rows).toBe(2);
      expect(await store.changeLedgers([{ ...late, expectedVersion: 1 }])).toEqual([]);
      expect((await record(store))?.entriesVersion).toBe(2);
    });

    test('one refused change does not hold up the others of its batch', async () => {
      const store = await create();
      await store.putOrder(anOrder());
      await store.changeLedgers([change({ orderKnown: true })]);
      const others = Array.from({ length: 120 }, (_, n) =>
        change({ orderId: orderId('amazon', `404-${n}`), marketplaceOrderId: `404-${n}` }),
      );
      const batch = [...others.slice(0, 60), change({ orderKnown: true }), ...others.slice(60)];
      expect(await store.changeLedgers(batch)).toEqual([id]);
      const stored = await store.getMany(others.map((other) => other.orderId));
      expect([...stored.values()].filter(({ entriesVersion }) => entriesVersion === 1)).toHaveLength(120);
    });

    test('two changes of one order in one call are a programming error', async () => {
      const store = await create();
      await expect(store.changeLedgers([change(), change()])).rejects.toThrow(RangeError);
      expect(await record(store)).toBeUndefined();
    });

    test('nothing to change is no trouble', async () => {
      expect(await (await create()).changeLedgers([])).toEqual([]);
    });

    test('rows of an order not pulled yet wait, and wait since the first of them', async () => {
      const store = await create();
      await store.changeLedgers([change()]);
      await store.changeLedgers([
        change({ expectedVersion: 1, waitingSince: '2026-11-25T10:00:00.000Z' }, [aLedgerEntry({ rows: 5 })]),
      ]);
      expect(await waiting(store)).toEqual([
        {
          orderId: id,
          accountId: 'A1EXAMPLE',
          marketplaceOrderId,
          order: undefined,
          entries: { [entryKey(entry)]: aLedgerEntry({ rows: 5 }) },
          entriesVersion: 2,
          waitingSince: '2026-11-21T10:00:00.000Z',
        },
      ]);
    });

    test('the order’s arrival matches its rows by the same write', async () => {
      const store = await create();
      await store.changeLedgers([change()]);
      expect(await store.putOrder(anOrder())).toBe('created');
      expect(await waiting(store)).toEqual([]);
      expect(await record(store)).toEqual({
        orderId: id,
        accountId: 'A1EXAMPLE',
        order: anOrder(),
        entries: { [entryKey(entry)]: entry },
        entriesVersion: 1,
      });
    });

    test('a change computed before the order arrived is refused, so that no matched order waits', async () => {
      const store = await create();
      await store.putOrder(anOrder());
      expect(await store.changeLedgers([change({ orderKnown: false })])).toEqual([id]);
      expect(await waiting(store)).toEqual([]);
      expect((await record(store))?.entries).toEqual({});
    });

    test('a change that believes in an order that is not there is refused', async () => {
      const store = await create();
      expect(await store.changeLedgers([change({ orderKnown: true })])).toEqual([id]);
      expect(await record(store)).toBeUndefined();
    });

    test('an emptied ledger waits for nothing and keeps its version', async () => {
      const store = await create();
      await store.changeLedgers([change()]);
      await store.changeLedgers([change({ expectedVersion: 1 }, [])]);
      expect(await waiting(store)).toEqual([]);
      expect(await record(store)).toMatchObject({ entries: {}, entriesVersion: 2, order: undefined });
      expect(await store.changeLedgers([change({ expectedVersion: 1 })])).toEqual([id]);
      await store.changeLedgers([change({ expectedVersion: 2, waitingSince: '2026-11-25T10:00:00.000Z' })]);
      expect((await waiting(store))[0]?.waitingSince).toBe('2026-11-25T10:00:00.000Z');
    });

    test('an empty ledger of an order nobody has heard of moves its version all the same, and waits for nothing', async () => {
      const store = await create();
      expect(await store.changeLedgers([change({}, [])])).toEqual([]);
      expect(await waiting(store)).toEqual([]);
      expect(await record(store)).toMatchObject({ entries: {}, entriesVersion: 1, order: undefined });
      expect(await store.changeLedgers([change()])).toEqual([id]);
      expect(await store.putOrder(anOrder())).toBe('created');
    });

    test('an arrival and a ledger change at the same moment never leave a matched order waiting', async () => {
      const store = await create();
      for (let n = 0; n < 20; n += 1) {
        const racer = { orderId: orderId('amazon', `race-${n}`), marketplaceOrderId: `race-${n}` };
        const [moved] = await Promise.all([
          store.changeLedgers([change(racer)]),
          store.putOrder(anOrder(racer)),
        ]);
        if (moved.length > 0) {
          expect(await store.changeLedgers([change({ ...racer, orderKnown: true })])).toEqual([]);
        }
        const stored = (await store.getMany([racer.orderId])).get(racer.orderId);
        expect(stored?.order?.marketplaceOrderId).toBe(racer.marketplaceOrderId);
        expect(stored?.entriesVersion).toBe(1);
      }
      expect(await waiting(store)).toEqual([]);
    });

    test('what waits is listed longest first, page by page, for its account alone', async () => {
      const store = await create();
      for (const [n, day] of ['23', '21', '22'].entries()) {
        await store.changeLedgers([
          change({
            orderId: orderId('amazon', `404-${n}`),
            marketplaceOrderId: `404-${n}`,
            waitingSince: `2026-11-${day}T10:00:00.000Z`,
          }),
        ]);
      }
      await store.changeLedgers([
        change({ orderId: orderId('amazon', 'x'), marketplaceOrderId: 'x', accountId: 'A2OTHER' }),
      ]);
      const first = await store.listWaiting({ accountId: 'A1EXAMPLE', limit: 2 });
      const second = await store.listWaiting({ accountId: 'A1EXAMPLE', limit: 2, cursor: first.cursor });
      expect(
        [...first.records, ...second.records].map(({ waitingSince }) => waitingSince.slice(8, 10)),
      ).toEqual(['21', '22', '23']);
      expect(second.cursor).toBeUndefined();
    });
  });
}
