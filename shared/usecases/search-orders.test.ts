import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryChannelStore } from '../../tests/support/memory/channel-store.ts';
import { memoryOrderList } from '../../tests/support/memory/order-list.ts';
import { MemoryOrderStore } from '../../tests/support/memory/order-store.ts';
import { MemoryReceiptStore } from '../../tests/support/memory/receipt-store.ts';
import { MemoryReceiptUploadStore } from '../../tests/support/memory/receipt-upload-store.ts';
import { MemoryShipmentStores } from '../../tests/support/memory/shipment-stores.ts';
import { anOrder } from '../../tests/support/orders.ts';
import { aConfirmation, aShipment } from '../../tests/support/shipments.ts';
import { type Order, type OrderId, orderId } from '../domain/order.ts';
import type { OrderList } from '../ports/order-list.ts';
import type { ConfirmationStore, ShipmentStore } from '../ports/shipment-store.ts';
import { type OrderSearch, type SearchOrdersDeps, searchOrders } from './search-orders.ts';

const clock = { now: () => Date.parse('2026-11-23T09:00:00Z') };
const CHANNELS = ['amazon-it', 'amazon-fr', 'amazon-de'];

let deps: SearchOrdersDeps & {
  readonly orders: MemoryOrderStore;
  readonly shipments: ShipmentStore;
  readonly receipts: MemoryReceiptStore;
  readonly confirmations: ConfirmationStore;
};
beforeEach(async () => {
  deps = await emptyShop();
});

async function emptyShop(readMax?: number) {
  const channels = new MemoryChannelStore();
  for (const channelId of CHANNELS) {
    await channels.createChannel({
      channelId,
      name: channelId,
      marketplace: 'amazon',
      accountId: 'A1EXAMPLE',
      siteIds: [channelId],
      country: 'IT',
      timeZone: 'Europe/Rome',
      ordersSync: true,
      ordersFrom: '2026-01-01T00:00:00.000Z',
    });
  }
  const orders = new MemoryOrderStore();
  const whole = memoryOrderList(orders);
  // A list that gives up sooner than the real one.
  const list: OrderList = {
    stretch: (query) => whole.stretch({ ...query, readMax: readMax ?? query.readMax }),
  };
  const { shipments, confirmations } = new MemoryShipmentStores();
  const receipts = new MemoryReceiptStore();
  const receiptUploads = new MemoryReceiptUploadStore();
  return { channels, orders, list, shipments, confirmations, receipts, receiptUploads, clock };
}

async function store(
  { orders }: { readonly orders: MemoryOrderStore },
  number: string,
  of: Partial<Order> = {},
): Promise<void> {
  await orders.putOrder(anOrder({ orderId: orderId('amazon', number), marketplaceOrderId: number, ...of }));
}

async function allPages(of: SearchOrdersDeps, search: OrderSearch) {
  const numbers: string[] = [];
  let after: string | undefined;
  let pages = 0;
  do {
    const page = await searchOrders(of, { ...search, after });
    if (page === undefined) throw new Error('no such channel');
    numbers.push(...page.orders.map(({ marketplaceOrderId }) => marketplaceOrderId));
    after = page.next;
    pages += 1;
    if (pages > 500) throw new Error('the pages do not end');
  } while (after !== undefined);
  return numbers;
}

describe('all orders of all channels', () => {
  test('come newest first, each once, whatever the channels, the page and how soon a search gives up', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ channel: fc.nat(2), minute: fc.nat(59), shipped: fc.boolean() }), {
          maxLength: 40,
        }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 8, max: 12 }),
        fc.constantFrom(undefined, 'shipped' as const),
        async (made, limit, readMax, status) => {
          const shop = await emptyShop(readMax);
          const rows = made.map(({ channel, minute, shipped }, index) => ({
            number: `404-${String(index).padStart(7, '0')}-0000001`,
            channelId: CHANNELS[channel] ?? '',
            purchasedAt: `2026-11-20T08:${String(minute).padStart(2, '0')}:00.000Z`,
            status: shipped ? ('shipped' as const) : ('unshipped' as const),
          }));
          for (const { number, ...of } of rows) await store(shop, number, of);
          const expected = rows
            .filter((row) => status === undefined || row.status === status)
            .toSorted((a, b) =>
              `${a.purchasedAt}#amazon:${a.number}` < `${b.purchasedAt}#amazon:${b.number}` ? 1 : -1,
            );
          expect(await allPages(shop, { status, limit })).toEqual(expected.map(({ number }) => number));
        },
      ),
      { numRuns: 60 },
    ));

  test('of one channel only, when one is named; of none that is not there', async () => {
    await store(deps, '404-1', { channelId: 'amazon-it' });
    await store(deps, '404-2', { channelId: 'amazon-fr' });
    expect(await allPages(deps, { channelId: 'amazon-fr', limit: 5 })).toEqual(['404-2']);
    expect(await searchOrders(deps, { channelId: 'amazon-es', limit: 5 })).toBeUndefined();
  });

  test('a search that gave up says how far back it looked, and its next page goes on from there', async () => {
    const shop = await emptyShop(2);
    for (let day = 1; day <= 6; day++) {
      await store(shop, `404-${day}`, { purchasedAt: `2026-11-0${day}T08:00:00.000Z` });
    }
    const first = await searchOrders(shop, { text: '04-1', limit: 1 });
    expect(first).toMatchObject({ orders: [], searchedBackTo: '2026-11-05T08:00:00.000Z' });
    expect(await allPages(shop, { text: '04-1', limit: 1 })).toEqual(['404-1']);
  });
});

describe('a whole order number', () => {
  test('is found at once, without any list, on any marketplace and in small letters', async () => {
    const asked = { ...deps, list: { stretch: () => Promise.reject(new Error('not to be read')) } };
    await store(deps, '404-0000001-0000001');
    const order = anOrder({
      orderId: orderId('manomano', 'M123ABC'),
      marketplace: 'manomano',
      marketplaceOrderId: 'M123ABC',
    });
    await deps.orders.putOrder(order);
    for (const text of ['404-0000001-0000001', ' m123abc ']) {
      const found = await searchOrders(asked, { text, limit: 5 });
      expect(found?.orders).toHaveLength(1);
      expect(found?.next).toBeUndefined();
    }
  });

  test('is not shown where the other filters leave it out', async () => {
    await store(deps, '404-0000001-0000001');
    const text = '404-0000001-0000001';
    expect((await searchOrders(deps, { text, status: 'shipped', limit: 5 }))?.orders).toEqual([]);
    expect((await searchOrders(deps, { text, channelId: 'amazon-fr', limit: 5 }))?.orders).toEqual([]);
    expect((await searchOrders(deps, { text, until: '2026-01-01T00:00:00.000Z', limit: 5 }))?.orders).toEqual(
      [],
    );
  });
});

test('an order whose payment rows came first is no line of the list', async () => {
  await deps.orders.changeLedgers([
    {
      orderId: orderId('amazon', '404-9'),
      accountId: 'A1EXAMPLE',
      marketplaceOrderId: '404-9',
      expectedVersion: 0,
      orderKnown: false,
      entries: {},
      waitingSince: '2026-11-20T08:00:00.000Z',
    },
  ]);
  expect((await searchOrders(deps, { text: '404-9', limit: 5 }))?.orders).toEqual([]);
});

describe('the parcels of the orders of a page', () => {
  const ORDER = orderId('amazon', '404-1');
  const shipment = aShipment({
    trackingNumber: '067138050000',
    trackingKnownAt: '2026-11-22T18:00:00.000Z',
    orders: [{ orderId: ORDER, lines: [] }],
  });
  const { shipmentKey } = shipment;
  const parcel = { orderId: ORDER, shipmentKey, packageNumber: 1 };
  const listed = async () => (await searchOrders(deps, { limit: 5 }))?.orders[0];

  beforeEach(() => store(deps, '404-1', { status: 'shipped' }));

  test('stand with it as they are at this moment: whatever was stored last is what is shown', async () => {
    expect(await listed()).toMatchObject({ shipments: [], deadline: null });
    await deps.shipments.create(shipment, [parcel], []);
    expect((await listed())?.shipments).toMatchObject([
      { shipmentKey, courier: 'brt', trackingNumber: '067138050000', state: 'created', told: null },
    ]);
    await deps.shipments.change({ ...shipment, state: 'delivered' }, 1, [aConfirmation({ orderId: ORDER })]);
    const shown = (await listed())?.shipments;
    expect(shown).toMatchObject([{ state: 'delivered', told: 'wanted' }]);
    expect(shown?.[0]?.trackingUrl).toContain('067138050000');
  });

  test('that are registered before their order has been pulled are there with the order', async () => {
    const early = orderId('amazon', '404-2');
    const own = aShipment({ senderReference: '202600000000002', orders: [{ orderId: early, lines: [] }] });
    await deps.shipments.create(
      own,
      [{ orderId: early, shipmentKey: own.shipmentKey, packageNumber: 1 }],
      [],
    );
    await store(deps, '404-2');
    const found = await searchOrders(deps, { text: '404-2', limit: 5 });
    expect(found?.orders[0]?.shipments).toMatchObject([{ shipmentKey: own.shipmentKey }]);
  });

  test('that lack their shipment fail the page aloud, and are not left out', async () => {
    await deps.shipments.create(shipment, [parcel], []);
    const broken = { ...deps, shipments: { packagesOfMany: async () => [parcel], getMany: async () => [] } };
    await expect(searchOrders(broken, { limit: 5 })).rejects.toThrow(/without its shipment/);
  });

  test('are asked for together, however many orders there are', async () => {
    for (let number = 10; number < 40; number += 1) await store(deps, `404-${number}`);
    const asked: string[] = [];
    const counted = {
      ...deps,
      shipments: {
        packagesOfMany: async (ids: readonly OrderId[]) => {
          asked.push(`packages of ${ids.length}`);
          return deps.shipments.packagesOfMany(ids);
        },
        getMany: async () => {
          throw new Error('there is none');
        },
      },
    };
    await searchOrders(counted, { limit: 25 });
    expect(asked).toEqual(['packages of 25']);
  });
});
