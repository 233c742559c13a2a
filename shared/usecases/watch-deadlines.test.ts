import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryChannelStore } from '../../tests/support/memory/channel-store.ts';
import { MemoryDeadlineWatchStore } from '../../tests/support/memory/deadline-store.ts';
import { MemoryOrderStore } from '../../tests/support/memory/order-store.ts';
import { memoryOrdersToShip, memoryShipmentsToScan } from '../../tests/support/memory/orders-to-ship.ts';
import { MemoryShipmentStores } from '../../tests/support/memory/shipment-stores.ts';
import { anOrder } from '../../tests/support/orders.ts';
import { aConfirmation, aShipment } from '../../tests/support/shipments.ts';
import { type Order, orderId } from '../domain/order.ts';
import type { ShippingConfirmation } from '../domain/shipping-confirmation.ts';
import { deadlineBoard } from './deadline-board.ts';
import { watchDeadlines } from './watch-deadlines.ts';

const FROM = '2026-11-20T00:00:00.000Z';
let now: number;
let orders: MemoryOrderStore;
let stores: MemoryShipmentStores;
let deps: Parameters<typeof watchDeadlines>[0] & Parameters<typeof deadlineBoard>[0];

beforeEach(() => {
  now = Date.parse(FROM);
  orders = new MemoryOrderStore();
  stores = new MemoryShipmentStores();
  deps = {
    orders,
    ordersToShip: memoryOrdersToShip(orders),
    shipmentsToScan: memoryShipmentsToScan(stores.shipments),
    confirmations: stores.confirmations,
    watches: new MemoryDeadlineWatchStore(),
    channels: new MemoryChannelStore(),
    clock: { now: () => now },
  };
});

/** An order that has to leave so many hours after it was bought, at midnight. */
function due(number: string, hours: number, changes: Partial<Order> = {}): Order {
  return anOrder({
    orderId: orderId('amazon', number),
    marketplaceOrderId: number,
    purchasedAt: FROM,
    shipBy: { latest: new Date(Date.parse(FROM) + hours * 3_600_000).toISOString() },
    ...changes,
  });
}
const hoursPass = (hours: number): void => {
  now = Date.parse(FROM) + hours * 3_600_000;
};
const raisedNow = async (): Promise<string[]> =>
  (await watchDeadlines(deps)).raised.map(
    ({ orderId: id, clock, level }) => `${id.slice(7)} ${clock} ${level}`,
  );

/** Goods of an order at a courier who has not scanned them, as its marketplace was told. */
async function declare(order: Order, told: Partial<ShippingConfirmation> = {}): Promise<void> {
  const shipment = aShipment({
    courier: 'gls',
    senderReference: order.marketplaceOrderId,
    orders: [{ orderId: order.orderId, lines: [] }],
    trackingNumber: 'X1',
    trackingKnownAt: FROM,
  });
  const { shipmentKey } = shipment;
  const confirmation = aConfirmation({
    orderId: order.orderId,
    marketplaceOrderId: order.marketplaceOrderId,
    shipmentKey,
    courier: 'gls',
    knownAt: FROM,
    ...told,
  });
  await stores.shipments.create(
    shipment,
    [{ orderId: order.orderId, shipmentKey, packageNumber: 1 }],
    [confirmation],
  );
}

describe('watching deadlines', () => {
  it('raises half, most and over, each once, however often it runs', async () => {
    await orders.putOrder(due('A', 10));
    const seen: [number, string[]][] = [];
    for (const hours of [0, 4.9, 5, 6, 7.9, 8, 8, 10, 10.1, 11, 500]) {
      hoursPass(hours);
      const raised = await raisedNow();
      if (raised.length > 0) seen.push([hours, raised]);
    }
    expect(seen).toEqual([
      [5, ['A ship-by half']],
      [8, ['A ship-by most']],
      [10.1, ['A ship-by over']],
    ]);
  });

  it('raises only where it stands when levels were passed unseen', async () => {
    await orders.putOrder(due('A', 10));
    hoursPass(11);
    expect(await raisedNow()).toEqual(['A ship-by over']);
    expect(await raisedNow()).toEqual([]);
  });

  it('raises once when two runs meet', async () => {
    await orders.putOrder(due('A', 10));
    await orders.putOrder(due('B', 10));
    hoursPass(6);
    const both = await Promise.all([raisedNow(), raisedNow()]);
    expect(both.flat().sort()).toEqual(['A ship-by half', 'B ship-by half']);
  });

  it('says what it raised, and how many stand where', async () => {
    await orders.putOrder(due('A', 10));
    await orders.putOrder(due('B', 6, { channelId: 'amazon-de' }));
    await orders.putOrder(due('C', 100));
    hoursPass(5);
    const watched = await watchDeadlines(deps);
    expect(watched).toMatchObject({
      ordersToShip: 3,
      complete: true,
      standing: {
        'ship-by': { half: 1, most: 1, over: 0 },
        'valid-tracking': { half: 0, most: 0, over: 0 },
      },
    });
    expect(watched.raised.find(({ level }) => level === 'most')).toEqual({
      orderId: 'amazon:B',
      marketplace: 'amazon',
      channelId: 'amazon-de',
      clock: 'ship-by',
      level: 'most',
      until: '2026-11-20T06:00:00.000Z',
      minutesLeft: 60,
    });
  });

  it('raises nothing of an order that was shipped, cancelled or is the marketplace’s to ship', async () => {
    await orders.putOrder(due('A', 10, { status: 'shipped' }));
    await orders.putOrder(due('B', 10, { status: 'cancelled' }));
    await orders.putOrder(due('C', 10, { fulfilledBy: 'marketplace' }));
    hoursPass(11);
    expect(await watchDeadlines(deps)).toMatchObject({ raised: [], ordersToShip: 0 });
  });

  it('raises nothing of an order of which its marketplace was told and that was not pulled since', async () => {
    const order = due('A', 10);
    await orders.putOrder(order);
    await declare(order, { state: 'confirmed', confirmedAt: '2026-11-20T01:00:00.000Z' });
    hoursPass(11);
    expect(await raisedNow()).toEqual([]);
  });

  it('still raises an order of which its marketplace was told a part only, or not yet', async () => {
    const line = anOrder().lines[0];
    if (line === undefined) throw new Error('the order has a line');
    const inParts = due('A', 10, { lines: [{ ...line, quantityOrdered: 2 }] });
    await orders.putOrder(inParts);
    await declare(inParts, {
      state: 'confirmed',
      confirmedAt: '2026-11-20T01:00:00.000Z',
      lines: [{ orderLineId: line.orderLineId, quantity: 1 }],
    });
    const waiting = due('B', 10);
    await orders.putOrder(waiting);
    await declare(waiting, { state: 'wanted' });
    hoursPass(9);
    expect(await raisedNow()).toEqual(['A ship-by most', 'B ship-by most']);
  });

  it('raises a declared number that its courier has not scanned, until it has', async () => {
    const order = due('A', 10, { status: 'shipped' });
    await orders.putOrder(order);
    await declare(order, { state: 'confirmed', confirmedAt: FROM });
    hoursPass(23);
    expect(await raisedNow()).toEqual([]);
    hoursPass(24);
    expect(await raisedNow()).toEqual(['A valid-tracking half']);
    hoursPass(39);
    expect(await raisedNow()).toEqual(['A valid-tracking most']);
    const [shipment] = (await stores.shipments.list({ limit: 1 })).shipments;
    if (shipment === undefined) throw new Error('the shipment is stored');
    await stores.shipments.change({ ...shipment, state: 'picked-up' }, shipment.version);
    hoursPass(60);
    expect(await watchDeadlines(deps)).toMatchObject({ raised: [] });
  });
});

describe('the deadline board', () => {
  const rows = async (query: Partial<Parameters<typeof deadlineBoard>[1]> = {}): Promise<string[]> => {
    const seen: string[] = [];
    let place: string | undefined;
    do {
      const board = await deadlineBoard(deps, { limit: 2, ...query, after: place });
      if (board === undefined) throw new Error('there is no such channel');
      expect(board.rows.length).toBeLessThanOrEqual(query.limit ?? 2);
      seen.push(...board.rows.map((row) => `${row.marketplaceOrderId} ${row.clock} ${row.minutesLeft}`));
      place = board.next;
    } while (place !== undefined);
    return seen;
  };

  it('shows every clock by the minutes that are left, over all pages', async () => {
    // 404-1 begins like 404-10 and 404-11, which have to leave at the same instant.
    for (const [number, hours] of [
      ['404-11', 10],
      ['404-1', 10],
      ['404-10', 10],
      ['404-2', 2],
      ['404-3', 60],
    ] as const) {
      await orders.putOrder(due(number, hours));
    }
    const shipped = due('404-4', 10, { status: 'shipped' });
    await orders.putOrder(shipped);
    await declare(shipped, { state: 'confirmed', confirmedAt: FROM });
    hoursPass(3);
    const expected = [
      '404-2 ship-by -60',
      '404-1 ship-by 420',
      '404-10 ship-by 420',
      '404-11 ship-by 420',
      '404-4 valid-tracking 2700',
      '404-3 ship-by 3420',
    ];
    for (const limit of [1, 2, 3, 5, 100])
      expect(await rows({ limit }), `pages of ${limit}`).toEqual(expected);
    expect(await rows({ clock: 'valid-tracking' })).toEqual(['404-4 valid-tracking 2700']);
    expect((await rows({ clock: 'ship-by' })).length).toBe(5);
  });

  it('shows one channel alone, and knows which there are', async () => {
    await deps.channels.getChannel('amazon-it');
    expect(await deadlineBoard(deps, { channelId: 'amazon-it', limit: 5 })).toBeUndefined();
    const channels = new MemoryChannelStore();
    await channels.createChannel({
      channelId: 'amazon-de',
      name: 'Amazon.de',
      marketplace: 'amazon',
      accountId: 'A1EXAMPLE',
      siteIds: ['A1PA6795UKMFR9'],
      country: 'DE',
      timeZone: 'Europe/Berlin',
      ordersSync: true,
      ordersFrom: FROM,
    });
    deps = { ...deps, channels };
    // More than are read at once, so that the channel's orders lie on several pages of the list.
    for (let n = 0; n < 600; n += 1) {
      await orders.putOrder(
        due(`404-${n}`, 10 + n, { channelId: n % 200 === 0 ? 'amazon-de' : 'amazon-it' }),
      );
    }
    expect((await rows({ channelId: 'amazon-de' })).map((row) => row.split(' ')[0])).toEqual([
      '404-0',
      '404-200',
      '404-400',
    ]);
  });

  it('goes on behind what it looked at in vain', async () => {
    const channels = new MemoryChannelStore();
    deps = { ...deps, channels: { getChannel: async () => (await channels.listChannels())[0] } };
    await channels.createChannel({
      channelId: 'amazon-de',
      name: 'Amazon.de',
      marketplace: 'amazon',
      accountId: 'A1EXAMPLE',
      siteIds: [],
      country: 'DE',
      timeZone: 'Europe/Berlin',
      ordersSync: true,
      ordersFrom: FROM,
    });
    for (let n = 0; n < 2_100; n += 1) await orders.putOrder(due(`404-${n}`, 10 + n));
    await orders.putOrder(due('404-9999', 5_000, { channelId: 'amazon-de' }));
    const first = await deadlineBoard(deps, { channelId: 'amazon-de', limit: 5 });
    expect(first?.rows).toEqual([]);
    expect(first?.next?.startsWith('20')).toBe(true);
    expect((await rows({ channelId: 'amazon-de' })).map((row) => row.split(' ')[0])).toEqual(['404-9999']);
  });

  it('says what kind of clock it is, and that the marketplace was told already', async () => {
    const order = due('404-1', 10, { shipBy: {}, marketplace: 'manomano' });
    await orders.putOrder(order);
    await declare(order, { state: 'confirmed', confirmedAt: FROM });
    const board = await deadlineBoard(deps, { limit: 5, clock: 'ship-by' });
    expect(board?.rows).toMatchObject([
      { clock: 'ship-by', assumed: true, told: true, level: 'none', pieces: 1 },
    ]);
  });
});
