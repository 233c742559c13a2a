import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DEMO_EBAY, demoEbayOrders } from '../../local/partners/ebay/demo-shop.ts';
import type { EbayOrder } from '../../local/partners/ebay/schemas.ts';
import { createEbayStandIn, type EbayStandIn } from '../../local/partners/ebay/stand-in.ts';
import { createEbayClients } from '../../shared/adapters/ebay/client.ts';
import { createEbayOrderSource, EBAY_CALLS_QUOTA } from '../../shared/adapters/ebay/orders.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import { orderId } from '../../shared/domain/order.ts';
import { shippingBlock } from '../../shared/domain/order-status.ts';
import { type OrderPullJob, type PullOrdersDeps, pullOrders } from '../../shared/usecases/pull-orders.ts';
import { MemoryBuyerStore } from '../support/memory/buyer-store.ts';
import { MemoryChannelStore } from '../support/memory/channel-store.ts';
import { MemoryCredentialStore } from '../support/memory/credential-store.ts';
import { MemoryFollowUpStore } from '../support/memory/follow-up-store.ts';
import { MemoryJobQueue } from '../support/memory/job-queue.ts';
import { MemoryOrderStore } from '../support/memory/order-store.ts';
import { MemoryPullLease } from '../support/memory/pull-lease.ts';
import { MemoryQuotaStore } from '../support/memory/quota-store.ts';
import { partnerFetch } from '../support/partner-fetch.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const SEEN = '2026-11-23T09:58:00.000Z';
const accountId = DEMO_EBAY.userId;
const { appId, certId, ruName, refreshToken } = DEMO_EBAY;

/** Counts what is written. */
class CountedOrderStore extends MemoryOrderStore {
  writes = 0;
  override putOrder(...[order, state]: Parameters<MemoryOrderStore['putOrder']>) {
    this.writes += 1;
    return super.putOrder(order, state);
  }
}

let nowMs: number;
let ebay: EbayStandIn;
let orders: CountedOrderStore;
let buyers: MemoryBuyerStore;
let channels: MemoryChannelStore;
let credentials: MemoryCredentialStore;
let queue: MemoryJobQueue<OrderPullJob>;
let deps: PullOrdersDeps;

beforeEach(() => {
  nowMs = NOW;
  open(demoEbayOrders(NOW));
});
afterEach(() => vi.unstubAllGlobals());

const italian: Channel = {
  channelId: 'ebay-it',
  name: 'eBay',
  marketplace: 'ebay',
  accountId,
  siteIds: ['EBAY_IT'],
  country: 'IT',
  timeZone: 'Europe/Rome',
  ordersSync: true,
  ordersFrom: '2026-11-10T00:00:00.000Z',
};

/** A shop on eBay with these orders, and its channel here, never pulled. */
function open(remote: readonly EbayOrder[]): void {
  ebay = createEbayStandIn({ seller: DEMO_EBAY, orders: remote, now: () => nowMs });
  vi.stubGlobal('fetch', partnerFetch(ebay));
  const clock = { now: () => nowMs };
  credentials = new MemoryCredentialStore();
  // A memory store keeps it at once.
  void credentials.putCredentials('ebay', accountId, { appId, certId, ruName, refreshToken });
  const source = createEbayOrderSource(createEbayClients(credentials, clock));
  orders = new CountedOrderStore();
  buyers = new MemoryBuyerStore();
  channels = new MemoryChannelStore([italian]);
  queue = new MemoryJobQueue();
  deps = {
    source,
    reader: source,
    orders,
    buyers,
    followUps: new MemoryFollowUpStore(),
    channels,
    quota: new MemoryQuotaStore(),
    lease: new MemoryPullLease(),
    queue,
    clock,
    search: { operation: 'calls', plan: EBAY_CALLS_QUOTA },
  };
}

const pull = (job: Partial<OrderPullJob> = {}) =>
  pullOrders(
    deps,
    {
      type: 'order-pull-requested',
      version: 1,
      correlationId: `tick-${nowMs}`,
      marketplace: 'ebay',
      accountId,
      ...job,
    },
    () => 120_000,
  );
const watermark = async () => (await channels.listChannels())[0]?.ordersWatermark;
const stored = async (marketplaceOrderId: string) => {
  const id = orderId('ebay', marketplaceOrderId);
  return { order: (await orders.getMany([id])).get(id)?.order, buyer: await buyers.getBuyer(id) };
};

/** A German shop with so many orders, one a minute: no tax numbers to fetch. */
function manyOrders(count: number): EbayOrder[] {
  const template = demoEbayOrders(NOW).find(({ orderId }) => orderId === '10-00006-00006');
  if (template === undefined) throw new Error('the demonstration has one');
  return Array.from({ length: count }, (_, n) => {
    const at = new Date(NOW - DAY_MS - n * MINUTE_MS).toISOString();
    const abroad = { countryCode: 'DE' };
    return {
      ...template,
      orderId: `20-00000-${String(n).padStart(5, '0')}`,
      creationDate: at,
      lastModifiedDate: at,
      buyer: { username: 'x', taxAddress: abroad },
      fulfillmentStartInstructions: [],
      lineItems: template.lineItems.map((line) => ({
        ...line,
        listingMarketplaceId: 'EBAY_DE',
        purchaseMarketplaceId: 'EBAY_DE',
      })),
    };
  });
}

test('new Italian orders are fetched singly, once, and have their buyers’ tax numbers', async () => {
  expect(await pull()).toMatchObject({
    outcome: 'completed',
    created: 8,
    fetchedSingly: 8,
    unreadableCount: 0,
  });
  expect(await watermark()).toBe(SEEN);
  expect(await stored('10-00002-00002')).toMatchObject({
    order: { channelId: 'ebay-it', total: { currency: 'EUR' } },
    buyer: { state: 'present', taxRegistrations: [{ kind: 'VATIN' }] },
  });
  nowMs += 15 * MINUTE_MS;
  expect(await pull()).toMatchObject({ created: 0, updated: 0, fetchedSingly: 0 });
  expect(orders.writes).toBe(8);
  expect(ebay.calls.get('getOrder')).toBe(8);
});

test('a buyer’s request to cancel, told by the list, blocks an order that was free to be shipped', async () => {
  await pull();
  expect(shippingBlock((await orderOf('10-00006-00006')) ?? fail())).toBeUndefined();
  const remote = ebay.order('10-00006-00006') ?? fail();
  nowMs += 30 * MINUTE_MS;
  ebay.putOrder({
    ...remote,
    lastModifiedDate: new Date(NOW + 20 * MINUTE_MS).toISOString(),
    cancelStatus: { cancelState: 'IN_PROGRESS', cancelRequests: [] },
  });
  expect(await pull()).toMatchObject({ updated: 1, fetchedSingly: 0 });
  expect(shippingBlock((await orderOf('10-00006-00006')) ?? fail())).toBe('cancellation-requested');
});

test('a buyer whom eBay no longer tells of stays known', async () => {
  await pull();
  const before = (await stored('10-00006-00006')).buyer;
  // Twenty days on, the e-mail is gone; the order changes once more.
  nowMs = NOW + 20 * DAY_MS;
  const remote = ebay.order('10-00006-00006') ?? fail();
  ebay.putOrder({ ...remote, lastModifiedDate: new Date(nowMs - 10 * MINUTE_MS).toISOString() });
  expect(
    await pull({ window: { from: SEEN, until: new Date(nowMs - 2 * MINUTE_MS).toISOString() } }),
  ).toMatchObject({
    updated: 1,
  });
  const { buyer } = await stored('10-00006-00006');
  expect(buyer?.email).toBe(before?.email);
  expect(buyer?.taxRegistrations).toEqual(before?.taxRegistrations);
  expect(before?.email).toBe('inventato-6@members.ebay.example');
});

test('an order met on two pages is written once, and one that slips to another page is not lost', async () => {
  const remote = manyOrders(450);
  open(remote);
  channels = new MemoryChannelStore([{ ...italian, channelId: 'ebay-de', siteIds: ['EBAY_DE'] }]);
  deps = { ...deps, channels };
  const real = fetch;
  let pages = 0;
  vi.stubGlobal('fetch', async (...args: Parameters<typeof fetch>) => {
    const response = await real(...args);
    const [asked] = args;
    if ((asked instanceof Request ? asked.url : String(asked)).includes('/order?')) {
      pages += 1;
      // The newest order changes again after the page was read: it leaves the window, all others move up.
      const gone = remote[pages];
      if (gone) ebay.putOrder({ ...gone, lastModifiedDate: new Date(NOW - MINUTE_MS).toISOString() });
    }
    return response;
  });
  expect(await pull()).toMatchObject({ outcome: 'completed', pages: 4, created: 450 });
  expect(orders.writes).toBe(450);
});

test('a throttled pull is put back for as long as eBay says, and ends with everything', async () => {
  ebay.trouble('throttled', 1);
  expect(await pull()).toMatchObject({ putBack: { because: 'throttled', delayMs: 30_000 } });
  expect(await watermark()).toBeUndefined();
  nowMs += 60 * MINUTE_MS;
  expect(await pull(queue.sent.at(-1)?.job)).toMatchObject({ outcome: 'completed', created: 8 });
});

test('a revoked authorisation moves no watermark, and once it is renewed everything is caught up', async () => {
  ebay.revoke();
  await expect(pull()).rejects.toMatchObject({ status: 401 });
  expect(await watermark()).toBeUndefined();
  ebay.renew('v^1.1#renewed');
  await credentials.putCredentials('ebay', accountId, {
    appId,
    certId,
    ruName,
    refreshToken: 'v^1.1#renewed',
  });
  nowMs += MINUTE_MS;
  expect(await pull()).toMatchObject({ outcome: 'completed', created: 8 });
});

test('orders of a site without a channel are left out', async () => {
  open([...demoEbayOrders(NOW), ...manyOrders(3)]);
  expect(await pull()).toMatchObject({ created: 8, notCovered: 3 });
});

async function orderOf(marketplaceOrderId: string) {
  return (await stored(marketplaceOrderId)).order;
}

function fail(): never {
  throw new Error('the order is not there');
}
