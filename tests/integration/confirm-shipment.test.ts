import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DEMO_ACCOUNT, DEMO_SITES, demoOrders } from '../../local/partners/amazon/demo-shop.ts';
import { type AmazonStandIn, createAmazonStandIn } from '../../local/partners/amazon/stand-in.ts';
import { DEMO_EBAY, demoEbayOrders } from '../../local/partners/ebay/demo-shop.ts';
import { createEbayStandIn, type EbayStandIn } from '../../local/partners/ebay/stand-in.ts';
import {
  DEMO_CONTRACTS,
  DEMO_MANOMANO,
  manomanoDemoOrders,
} from '../../local/partners/manomano/demo-shop.ts';
import { createManomanoStandIn, type ManomanoStandIn } from '../../local/partners/manomano/stand-in.ts';
import { CONNECTION_DROPPED } from '../../local/partners/partner.ts';
import type { AmazonClient } from '../../shared/adapters/amazon/client.ts';
import { failureOf } from '../../shared/adapters/amazon/errors.ts';
import { createAmazonOrderReader } from '../../shared/adapters/amazon/get-order.ts';
import { createAmazonShippingConfirmer } from '../../shared/adapters/amazon/shipping-confirmer.ts';
import { createEbayClient } from '../../shared/adapters/ebay/client.ts';
import { createEbayOrderSource } from '../../shared/adapters/ebay/orders.ts';
import { createEbayShippingConfirmer } from '../../shared/adapters/ebay/shipping-confirmer.ts';
import { createManomanoClient } from '../../shared/adapters/manomano/client.ts';
import { createManomanoOrderSource } from '../../shared/adapters/manomano/orders.ts';
import { createManomanoShippingConfirmer } from '../../shared/adapters/manomano/shipping-confirmer.ts';
import { confirmationJob } from '../../shared/domain/confirmation-job.ts';
import { UnavailableError } from '../../shared/domain/errors.ts';
import { type Marketplace, type Order, orderId } from '../../shared/domain/order.ts';
import { shipmentKey } from '../../shared/domain/shipment.ts';
import type { ShippingConfirmation } from '../../shared/domain/shipping-confirmation.ts';
import type { OrderReader } from '../../shared/ports/order-source.ts';
import type { ShippingConfirmer } from '../../shared/ports/shipping-confirmer.ts';
import { askForConfirmation } from '../../shared/usecases/ask-for-confirmation.ts';
import { type ConfirmedShipment, confirmShipment } from '../../shared/usecases/confirm-shipment.ts';
import { planTracking } from '../../shared/usecases/plan-tracking.ts';
import { MemoryAccountStore } from '../support/memory/account-store.ts';
import { MemoryActivityLog } from '../support/memory/activity-log.ts';
import { MemoryChannelStore } from '../support/memory/channel-store.ts';
import { MemoryJobQueue } from '../support/memory/job-queue.ts';
import { MemoryOrderStore } from '../support/memory/order-store.ts';
import { MemoryQuotaStore } from '../support/memory/quota-store.ts';
import { MemoryShipmentStores } from '../support/memory/shipment-stores.ts';
import { partnerFetch } from '../support/partner-fetch.ts';
import { aConfirmation, aShipment } from '../support/shipments.ts';

/*
 * One confirmation on its way, with everything of ours but the database and the network: what a marketplace is told stands
 * in its stand-in afterwards, and nothing stands there twice.
 */
const NOW = Date.parse('2026-11-23T10:00:00Z');
const MINUTE = 60_000;
const NUMBER = '067061651641';
const OTHER = '067061651642';
const KEY = shipmentKey('brt', '202600000000001');
const ORDERS: Readonly<Record<Marketplace, string>> = {
  amazon: '300-0000007-0000007',
  ebay: '10-00006-00006',
  manomano: 'M2600000000003',
};
const ACCOUNTS: Readonly<Record<Marketplace, string>> = {
  amazon: DEMO_ACCOUNT.sellerId,
  ebay: 'demo',
  manomano: DEMO_MANOMANO.accountId,
};

let nowMs: number;
let amazon: AmazonStandIn;
let ebay: EbayStandIn;
let manomano: ManomanoStandIn;
const clock = { now: () => nowMs };

beforeEach(() => {
  nowMs = NOW;
  amazon = createAmazonStandIn({
    account: DEMO_ACCOUNT,
    marketplaceIds: [DEMO_SITES.it.marketplaceId, DEMO_SITES.de.marketplaceId],
    personalData: true,
    orders: demoOrders(NOW),
    now: clock.now,
  });
  ebay = createEbayStandIn({ seller: DEMO_EBAY, orders: demoEbayOrders(NOW), now: clock.now });
  manomano = createManomanoStandIn({
    apiKey: DEMO_MANOMANO.apiKey,
    contracts: Object.values(DEMO_CONTRACTS),
    orders: manomanoDemoOrders(NOW),
    now: clock.now,
  });
});
afterEach(() => vi.unstubAllGlobals());

/** Amazon's client with the stand-in for a network. */
function amazonClient(): AmazonClient {
  const { clientId, clientSecret, refreshToken } = DEMO_ACCOUNT;
  const signedIn = amazon.answer({
    method: 'POST',
    url: new URL('https://api.amazon.com/auth/o2/token'),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: clientId,
      client_secret: clientSecret,
      refresh_token: refreshToken,
    }).toString(),
  });
  if (signedIn === CONNECTION_DROPPED) throw new Error('no token');
  const token: string = JSON.parse(signedIn.body).access_token;
  return {
    async call(request) {
      const id = encodeURIComponent(request.path?.orderId ?? '');
      const path =
        request.operation === 'confirmShipment'
          ? `/orders/v0/orders/${id}/shipmentConfirmation`
          : `/orders/2026-01-01/orders/${id}`;
      const url = new URL(path, 'https://sellingpartnerapi-eu.amazon.com');
      for (const [name, value] of Object.entries(request.query ?? {})) {
        url.searchParams.set(name, [value].flat().join(','));
      }
      const answer = amazon.answer({
        method: request.body === undefined ? 'GET' : 'POST',
        url,
        headers: { 'x-amz-access-token': token },
        body: request.body === undefined ? '' : JSON.stringify(request.body),
      });
      if (answer === CONNECTION_DROPPED) throw new UnavailableError('amazon', 'no answer');
      const raw = { statusCode: answer.status, headers: answer.headers, body: answer.body };
      if (raw.statusCode >= 300) throw failureOf(raw, request);
      return raw;
    },
  };
}

function adaptersOf(marketplace: Marketplace): { confirmer: ShippingConfirmer; reader: OrderReader } {
  if (marketplace === 'amazon') {
    const client = amazonClient();
    const clientOf = async () => client;
    return { confirmer: createAmazonShippingConfirmer(clientOf), reader: createAmazonOrderReader(clientOf) };
  }
  if (marketplace === 'ebay') {
    vi.stubGlobal('fetch', partnerFetch(ebay));
    const { appId, certId, ruName, refreshToken } = DEMO_EBAY;
    const client = createEbayClient({ appId, certId, ruName, refreshToken }, clock);
    const clientOf = async () => client;
    return { confirmer: createEbayShippingConfirmer(clientOf), reader: createEbayOrderSource(clientOf) };
  }
  vi.stubGlobal('fetch', partnerFetch(manomano));
  const clientOf = async () => createManomanoClient({ apiKey: DEMO_MANOMANO.apiKey });
  return {
    confirmer: createManomanoShippingConfirmer(clientOf),
    reader: createManomanoOrderSource(clientOf),
  };
}

async function worldOf(marketplace: Marketplace, of: Partial<ShippingConfirmation> = {}) {
  const marketplaceOrderId = of.marketplaceOrderId ?? ORDERS[marketplace];
  const id = orderId(marketplace, marketplaceOrderId);
  const channelId = `${marketplace}-it`;
  const { confirmer, reader } = adaptersOf(marketplace);
  const [orders, channels, accounts] = [
    new MemoryOrderStore(),
    new MemoryChannelStore(),
    new MemoryAccountStore(),
  ];
  const quota = new MemoryQuotaStore();
  const { shipments, confirmations } = new MemoryShipmentStores();
  const siteId =
    marketplace === 'amazon'
      ? DEMO_SITES.it.marketplaceId
      : marketplace === 'ebay'
        ? 'EBAY_IT'
        : String(DEMO_CONTRACTS.itSelf.contractId);
  await channels.createChannel({
    channelId,
    name: channelId,
    marketplace,
    accountId: ACCOUNTS[marketplace],
    siteIds: [siteId],
    country: 'IT',
    timeZone: 'Europe/Rome',
    ordersSync: true,
    trackingSync: true,
    ordersFrom: '2026-11-01T00:00:00.000Z',
  });
  /** What the next pull would store. */
  const pull = async (): Promise<Order> => {
    const remote = await reader.fetchOrder({ accountId: ACCOUNTS[marketplace], siteId, marketplaceOrderId });
    if (remote === undefined) throw new Error(`no order ${marketplaceOrderId}`);
    const order = { ...remote.order, channelId };
    await orders.putOrder(order);
    return order;
  };
  await pull();
  const confirmation = aConfirmation({
    orderId: id,
    marketplace,
    marketplaceOrderId,
    shipmentKey: KEY,
    trackingNumber: NUMBER,
    shippedAt: '2026-11-23T09:00:00.000Z',
    knownAt: '2026-11-23T09:59:00.000Z',
    ...of,
  });
  await shipments.create(aShipment({ orders: [{ orderId: id, lines: [] }] }), [], [confirmation]);
  const queue = new MemoryJobQueue<ReturnType<typeof confirmationJob>>();
  const activities = new MemoryActivityLog();
  const calls = { operation: 'calls', plan: { ratePerSecond: 1, burst: 100 } };
  const deps = {
    ...{ marketplace, confirmations, shipments, orders, channels, accounts, confirmer, quota, clock },
    telling: calls,
    asking: calls,
  };
  const stored = async () => {
    const found = await confirmations.get({ orderId: id, shipmentKey: KEY });
    if (found === undefined) throw new Error('it is gone');
    return found;
  };
  return {
    pull,
    stored,
    orders,
    orderId: id,
    channels,
    shipments,
    channelId,
    confirm: async (): Promise<ConfirmedShipment> =>
      confirmShipment(deps, confirmationJob(await stored(), 'test'), () => 100_000),
    ask: (trackingNumber?: string) =>
      askForConfirmation(
        {
          confirmations,
          orders,
          queues: { amazon: queue, ebay: queue, manomano: queue },
          actor: 'user-1',
          activities,
          clock,
        },
        { orderId: id, shipmentKey: KEY },
        { trackingNumber },
      ),
    queue,
    activities,
    /** A parcel that arrives. */
    deliver: async () => {
      const shipment = await shipments.get(KEY);
      if (shipment === undefined) throw new Error('no shipment');
      await shipments.change({ ...shipment, state: 'delivered' }, shipment.version);
    },
    /** The schedule's run of a minute, and what the queue hands over after it. */
    sweep: async (): Promise<ConfirmedShipment[]> => {
      await planTracking(
        {
          ...{ shipments, confirmations, quota, clock, checks: new MemoryJobQueue() },
          accounts: { listCourierAccounts: async () => [] },
          confirmationQueues: { amazon: queue, ebay: queue, manomano: queue },
        },
        () => 50_000,
      );
      const ended: ConfirmedShipment[] = [];
      for (const { job } of queue.sent.splice(0)) {
        ended.push(await confirmShipment(deps, job, () => 100_000));
      }
      return ended;
    },
  };
}

/** The numbers a marketplace has of its order. */
function numbersAt(marketplace: Marketplace): (string | undefined)[] {
  if (marketplace === 'amazon') {
    return (amazon.order(ORDERS.amazon)?.packages ?? []).map(({ trackingNumber }) => trackingNumber);
  }
  return marketplace === 'ebay'
    ? ebay.fulfillments(ORDERS.ebay).map(({ shipmentTrackingNumber }) => shipmentTrackingNumber)
    : manomano.packages(ORDERS.manomano).map(({ trackingNumber }) => trackingNumber);
}
const standInOf = (marketplace: Marketplace) => ({ amazon, ebay, manomano })[marketplace];

describe.each(['amazon', 'ebay', 'manomano'] as const)('%s', (marketplace) => {
  test('is told once, however often it is asked for, and the next pull shows the order shipped', async () => {
    const world = await worldOf(marketplace);
    expect(await world.confirm()).toMatchObject({ outcome: 'confirmed', attempts: 1, delayMs: MINUTE });
    expect(await world.confirm()).toEqual({ outcome: 'nothing-to-do' });
    expect(numbersAt(marketplace)).toEqual([NUMBER]);
    expect((await world.pull()).status).toBe('shipped');
    expect((await world.stored()).dueAt).toBeUndefined();
  });

  test('that did it and never answered is asked, and not told again', async () => {
    const world = await worldOf(marketplace);
    standInOf(marketplace).trouble('dropped-after', 1);
    expect(await world.confirm()).toMatchObject({ outcome: 'waits', reason: 'unavailable' });
    expect(await world.stored()).toMatchObject({ state: 'sending', dueAt: '2026-11-23T10:01:00.000Z' });
    expect(await world.confirm()).toEqual({ outcome: 'under-way' });
    nowMs += MINUTE;
    await world.pull();
    expect(await world.confirm()).toMatchObject({ outcome: 'confirmed' });
    expect(numbersAt(marketplace)).toEqual([NUMBER]);
  });

  test('that never got it is asked, and told then', async () => {
    const world = await worldOf(marketplace);
    standInOf(marketplace).trouble('dropped', 1);
    await world.confirm();
    expect(numbersAt(marketplace)).toEqual([]);
    nowMs += MINUTE;
    expect(await world.confirm()).toMatchObject({ outcome: 'confirmed', attempts: 2, delayMs: 2 * MINUTE });
    expect(numbersAt(marketplace)).toEqual([NUMBER]);
  });

  test('that has no calls left is told when there are some', async () => {
    const world = await worldOf(marketplace);
    if (marketplace === 'manomano') manomano.trouble('throttled-header', 1);
    else if (marketplace === 'ebay') ebay.trouble('throttled', 1);
    else amazon.trouble('throttled', 1);
    expect(await world.confirm()).toMatchObject({ outcome: 'waits', reason: 'throttled' });
    expect((await world.stored()).state).toBe('wanted');
    nowMs += 5 * MINUTE;
    expect(await world.confirm()).toMatchObject({ outcome: 'confirmed' });
  });

  test('is told nothing of a parcel that was delivered, until a person asks', async () => {
    const world = await worldOf(marketplace);
    await world.deliver();
    expect(await world.confirm()).toMatchObject({ outcome: 'left-alone', reason: 'delivered' });
    expect(numbersAt(marketplace)).toEqual([]);
    expect(await world.ask()).toMatchObject({ outcome: 'asked' });
    expect(world.queue.sent).toHaveLength(1);
    expect(await world.confirm()).toMatchObject({ outcome: 'confirmed', delayMs: undefined });
    expect(numbersAt(marketplace)).toEqual([NUMBER]);
  });

  test('is not told again by any retry once the parcel has arrived; by a person it is, and who stands written', async () => {
    const world = await worldOf(marketplace);
    standInOf(marketplace).trouble('dropped', 1);
    expect(await world.confirm()).toMatchObject({ outcome: 'waits', reason: 'unavailable' });
    await world.deliver();
    // The message comes again, the schedule sends it again, for half an hour: the marketplace is asked, and told nothing.
    for (let minute = 0; minute < 30; minute += 1) {
      nowMs += MINUTE;
      await world.sweep();
      await world.confirm();
    }
    expect(await world.stored()).toMatchObject({ state: 'left-alone', reason: 'delivered' });
    expect(numbersAt(marketplace)).toEqual([]);
    const activities = () => world.activities.list({ limit: 10 });
    expect((await activities()).activities).toEqual([]);

    expect(await world.ask()).toMatchObject({ outcome: 'asked' });
    expect(await world.sweep()).toMatchObject([{ outcome: 'confirmed' }, { outcome: 'nothing-to-do' }]);
    expect(numbersAt(marketplace)).toEqual([NUMBER]);
    expect((await activities()).activities).toMatchObject([
      {
        actor: 'user-1',
        action: 'shipping-confirmation-asked-for',
        subject: `order/${world.orderId}`,
        before: { state: 'left-alone', trackingNumber: NUMBER },
        after: { state: 'sending', trackingNumber: NUMBER },
      },
    ]);
  });

  test('that did it, never answered and was overtaken by the delivery is asked, and not told again', async () => {
    const world = await worldOf(marketplace);
    standInOf(marketplace).trouble('dropped-after', 1);
    await world.confirm();
    await world.deliver();
    nowMs += MINUTE;
    expect(await world.confirm()).toMatchObject({ outcome: 'confirmed' });
    expect(numbersAt(marketplace)).toEqual([NUMBER]);
  });

  test('is told nothing while the channel’s tracking is off', async () => {
    const world = await worldOf(marketplace);
    await world.channels.changeSettings(world.channelId, { trackingSync: false }, 1);
    expect(await world.confirm()).toMatchObject({ outcome: 'waits', reason: 'tracking-sync-off' });
    expect(numbersAt(marketplace)).toEqual([]);
  });

  test('another number is an edit at Amazon, and refused where there are none', async () => {
    const world = await worldOf(marketplace);
    await world.confirm();
    await world.pull();
    expect(await world.ask(NUMBER)).toEqual({ outcome: 'already-confirmed' });
    expect(await world.ask('123')).toEqual({ outcome: 'malformed-number' });
    const asked = await world.ask(OTHER);
    if (marketplace !== 'amazon') {
      expect(asked).toEqual({ outcome: 'cannot-be-edited' });
      expect(numbersAt(marketplace)).toEqual([NUMBER]);
      return;
    }
    expect(asked).toMatchObject({ outcome: 'asked', confirmation: { replacedNumber: NUMBER } });
    expect(await world.confirm()).toMatchObject({ outcome: 'confirmed' });
    expect(numbersAt('amazon')).toEqual([OTHER]);
  });
});

describe('a withdrawn authorisation', () => {
  test('waits for its renewal, and refuses nothing', async () => {
    const world = await worldOf('manomano');
    manomano.revoke();
    expect(await world.confirm()).toMatchObject({ outcome: 'waits', reason: 'unauthorised' });
    manomano.renew(DEMO_MANOMANO.apiKey);
    nowMs += 15 * MINUTE;
    expect(await world.confirm()).toMatchObject({ outcome: 'confirmed' });
  });
});

describe('ManoMano', () => {
  test('that refuses one element with 207 has refused it', async () => {
    const world = await worldOf('manomano', { lines: [] });
    const order = manomano.order(ORDERS.manomano);
    if (order === undefined) throw new Error('no order');
    manomano.putOrder({ ...order, status: 'REFUNDED' });
    manomano.trouble('mixed', 1);
    expect(await world.confirm()).toMatchObject({ outcome: 'refused', reason: 'rejected' });
    expect(numbersAt('manomano')).toEqual([]);
  });

  test('whose order somebody shipped by hand has its number, and is left alone', async () => {
    const world = await worldOf('manomano');
    const order = manomano.order(ORDERS.manomano);
    if (order === undefined) throw new Error('no order');
    manomano.putOrder({ ...order, status: 'SHIPPED' });
    expect(await world.confirm()).toMatchObject({ outcome: 'left-alone', reason: 'already-shipped' });
  });

  test('has no word for a carrier of the neighbourhood', async () => {
    const world = await worldOf('manomano', { courier: 'manual', carrierName: 'Trasporti Rossi' });
    expect(await world.confirm()).toMatchObject({ outcome: 'refused', reason: 'carrier-not-mapped' });
    await world.channels.changeSettings(
      world.channelId,
      { carriers: [{ carrier: 'Trasporti Rossi', code: 'DSV' }] },
      1,
    );
    await world.ask();
    expect(await world.confirm()).toMatchObject({ outcome: 'confirmed' });
    expect(manomano.packages(ORDERS.manomano)).toMatchObject([{ carrier: 'DSV' }]);
  });
});

test.each([
  ['amazon', '300-0000001-0000001', 'already-shipped'],
  ['amazon', '300-0000006-0000006', 'cancelled'],
  ['ebay', '10-00005-00005', 'cancelled'],
  ['manomano', 'M2600000000001', 'already-shipped'],
] as const)('%s: order %s is left alone, and says %s', async (marketplace, marketplaceOrderId, reason) => {
  const world = await worldOf(marketplace, { marketplaceOrderId });
  const order = await world.pull();
  const expected = order.fulfilledBy === 'marketplace' ? 'marketplace-ships' : reason;
  expect(await world.confirm()).toMatchObject({ outcome: 'left-alone', reason: expected });
});

test('an order that Amazon cancelled meanwhile is refused by it, not shipped', async () => {
  const world = await worldOf('amazon');
  const order = amazon.order(ORDERS.amazon);
  if (order === undefined) throw new Error('no order');
  amazon.putOrder({ ...order, fulfillment: { ...order.fulfillment, fulfillmentStatus: 'CANCELLED' } });
  expect(await world.confirm()).toMatchObject({ outcome: 'refused', reason: 'rejected' });
  expect(numbersAt('amazon')).toEqual([]);
});

test.each(['ebay', 'manomano'] as const)(
  'a red order of %s that somebody told of by hand keeps that number, though no pull has shown it',
  async (marketplace) => {
    const world = await worldOf(marketplace);
    const { confirmer } = adaptersOf(marketplace);
    await confirmer.confirm(await world.pull(), {
      packageNumber: 9_001,
      trackingNumber: OTHER,
      trackingUrl: 'https://carrier.example/1',
      shippedAt: '2026-11-23T09:00:00.000Z',
      lines: [],
      carrierCode: marketplace === 'ebay' ? 'Bartolini' : 'BRT',
    });
    expect(
      world.orders.takeOrder(world.orderId, {
        actionId: 'action-1',
        kind: 'ship',
        requestedBy: 'person-1',
        requestedAt: '2026-11-23T09:59:30.000Z',
      }),
    ).toBe('taken-now');
    expect(await world.confirm()).toMatchObject({ outcome: 'left-alone', attempts: 0 });
    expect(numbersAt(marketplace)).toEqual([OTHER]);
  },
);

test('a red order that nobody told of is told as any other', async () => {
  const world = await worldOf('ebay');
  const taken = {
    actionId: 'action-1',
    kind: 'refund',
    requestedBy: 'person-1',
    requestedAt: '2026-11-23T09:59:30.000Z',
  } as const;
  world.orders.takeOrder(world.orderId, taken);
  expect(await world.confirm()).toMatchObject({ outcome: 'confirmed', attempts: 1 });
  expect(numbersAt('ebay')).toEqual([NUMBER]);
});

test('an eBay order that got another number by hand meanwhile keeps that one', async () => {
  const world = await worldOf('ebay');
  ebay.trouble('dropped', 1);
  await world.confirm();
  const { confirmer } = adaptersOf('ebay');
  await confirmer.confirm(await world.pull(), {
    packageNumber: 9,
    trackingNumber: OTHER,
    shippedAt: '2026-11-23T09:00:00.000Z',
    lines: [],
    carrierCode: 'Bartolini',
  });
  nowMs += MINUTE;
  expect(await world.confirm()).toMatchObject({ outcome: 'left-alone', reason: 'cannot-be-edited' });
  expect((await world.stored()).replacedNumber).toBe(OTHER);
  expect(numbersAt('ebay')).toEqual([OTHER]);
});
