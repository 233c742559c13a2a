import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  DEMO_CONTRACTS,
  DEMO_MANOMANO,
  manomanoDemoOrders,
} from '../../local/partners/manomano/demo-shop.ts';
import type { ManomanoOrder } from '../../local/partners/manomano/schemas.ts';
import { createManomanoStandIn, type ManomanoStandIn } from '../../local/partners/manomano/stand-in.ts';
import { createManomanoClients, MANOMANO_CALLS_QUOTA } from '../../shared/adapters/manomano/client.ts';
import { createManomanoOrderSource } from '../../shared/adapters/manomano/orders.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import { RejectedError } from '../../shared/domain/errors.ts';
import { type Order, orderId } from '../../shared/domain/order.ts';
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
const HOUR_MS = 60 * MINUTE_MS;
const { accountId, apiKey } = DEMO_MANOMANO;
const FIVE_CONTRACTS = [900001, 900002, 900003, 900004, 900005];

/** Counts what is written. */
class CountedOrderStore extends MemoryOrderStore {
  writes = 0;
  override putOrder(...[order, state]: Parameters<MemoryOrderStore['putOrder']>) {
    this.writes += 1;
    return super.putOrder(order, state);
  }
}

let nowMs: number;
let manomano: ManomanoStandIn;
let orders: CountedOrderStore;
let channels: MemoryChannelStore;
let queue: MemoryJobQueue<OrderPullJob>;
let deps: PullOrdersDeps;

beforeEach(() => {
  nowMs = NOW;
  open(manomanoDemoOrders(NOW), [channel('it', [900001]), channel('mmf', [900002]), channel('fr', [900003])]);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function channel(channelId: string, contractIds: readonly number[]): Channel {
  return {
    channelId,
    name: channelId,
    marketplace: 'manomano',
    accountId,
    siteIds: contractIds.map(String),
    country: 'IT',
    timeZone: 'Europe/Rome',
    ordersSync: true,
    ordersFrom: '2026-11-10T00:00:00.000Z',
  };
}

/** A shop on ManoMano with these orders, and its channels here, never pulled. */
function open(remote: readonly ManomanoOrder[], opened: readonly Channel[]): void {
  manomano = createManomanoStandIn({
    apiKey,
    contracts: FIVE_CONTRACTS.map((contractId) => ({ contractId, amounts: 'number' })),
    orders: remote,
    now: () => nowMs,
  });
  vi.stubGlobal('fetch', partnerFetch(manomano));
  const credentials = new MemoryCredentialStore();
  // A memory store keeps it at once.
  void credentials.putCredentials('manomano', accountId, { apiKey });
  const source = createManomanoOrderSource(createManomanoClients(credentials));
  orders = new CountedOrderStore();
  channels = new MemoryChannelStore(opened);
  queue = new MemoryJobQueue();
  deps = {
    source,
    reader: source,
    orders,
    buyers: new MemoryBuyerStore(),
    followUps: new MemoryFollowUpStore(),
    channels,
    quota: new MemoryQuotaStore(),
    lease: new MemoryPullLease(),
    queue,
    clock: { now: () => nowMs },
    search: { operation: 'calls', plan: MANOMANO_CALLS_QUOTA },
  };
}

const pull = (job: Partial<OrderPullJob> = {}) =>
  pullOrders(
    deps,
    {
      type: 'order-pull-requested',
      version: 1,
      correlationId: `tick-${nowMs}`,
      marketplace: 'manomano',
      accountId,
      ...job,
    },
    () => 120_000,
  );
const watermarks = async () =>
  Object.fromEntries(
    (await channels.listChannels()).map(({ channelId, ordersWatermark }) => [channelId, ordersWatermark]),
  );
const stored = async (reference: string): Promise<Order | undefined> => {
  const id = orderId('manomano', reference);
  return (await orders.getMany([id])).get(id)?.order;
};
const SEEN = '2026-11-23T09:58:00.000Z';

/** So many orders in preparation of one contract, one a minute back from a day ago. */
function manyOrders(count: number, contractId = 900001): ManomanoOrder[] {
  const template = manomanoDemoOrders(NOW).find(({ status }) => status === 'PREPARATION');
  if (template === undefined) throw new Error('the demonstration has one');
  return Array.from({ length: count }, (_, n) => {
    const at = new Date(NOW - 24 * HOUR_MS - n * MINUTE_MS).toISOString().replace('.000Z', 'Z');
    return {
      ...template,
      order_reference: `M27${String(contractId - 900000).padStart(3, '0')}${String(n).padStart(8, '0')}`,
      seller_contract_id: contractId,
      created_at: at,
      status_updated_at: at,
    };
  });
}

test('all contracts of a key are pulled at once, each order into its channel', async () => {
  expect(await pull()).toMatchObject({
    outcome: 'completed',
    pages: 3,
    created: 7,
    unreadableCount: 0,
    fetchedSingly: 0,
  });
  expect(await watermarks()).toEqual({ it: SEEN, mmf: SEEN, fr: SEEN });
  expect(await stored('M2600000000006')).toMatchObject({ channelId: 'mmf', fulfilledBy: 'marketplace' });
  expect(await stored('M2600000000007')).toMatchObject({ channelId: 'fr' });
});

test('orders met on two pages are written once, and not again by the next pull', async () => {
  open(manyOrders(250), [channel('it', [900001])]);
  expect(await pull()).toMatchObject({ outcome: 'completed', pages: 4, created: 250, unchanged: 100 });
  expect(orders.writes).toBe(250);
  nowMs += 15 * MINUTE_MS;
  await pull({ window: { from: '2026-11-20T00:00:00.000Z', until: SEEN } });
  expect(orders.writes).toBe(250);
});

test('a key revoked in the middle of a window moves no watermark, and renewed, everything is caught up', async () => {
  const real = fetch;
  let calls = 0;
  vi.stubGlobal('fetch', (...args: Parameters<typeof fetch>) => {
    calls += 1;
    if (calls === 2) manomano.revoke();
    return real(...args);
  });
  const failed = pull();
  await expect(failed).rejects.toBeInstanceOf(RejectedError);
  await expect(failed).rejects.toMatchObject({ status: 401 });
  expect(await watermarks()).toEqual({ it: undefined, mmf: undefined, fr: undefined });

  manomano.renew(apiKey);
  expect(await pull()).toMatchObject({ outcome: 'completed', created: 6, unchanged: 1 });
  expect(await watermarks()).toEqual({ it: SEEN, mmf: SEEN, fr: SEEN });
});

test('a refused contract keeps its own channel back and no other, until it answers again', async () => {
  manomano.refuseContract(DEMO_CONTRACTS.itMmf.contractId);
  expect(await pull()).toMatchObject({ outcome: 'completed', created: 6, refusedSites: ['900002'] });
  expect(await watermarks()).toEqual({ it: SEEN, mmf: undefined, fr: SEEN });
  manomano.allowContract(DEMO_CONTRACTS.itMmf.contractId);
  expect(await pull()).toMatchObject({ created: 1, refusedSites: [] });
  expect(await watermarks()).toEqual({ it: SEEN, mmf: SEEN, fr: SEEN });
});

test('a throttled pull goes on where it stopped', async () => {
  open(manyOrders(250), [channel('it', [900001])]);
  const first = await deps.source.fetchPage(
    { accountId, siteIds: ['900001'], from: '2026-11-10T00:00:00.000Z', until: SEEN },
    undefined,
  );
  manomano.trouble('throttled-body', 1);
  const window = {
    from: '2026-11-10T00:00:00.000Z',
    until: SEEN,
    siteIds: ['900001'],
    pageToken: first.nextPageToken,
  };
  expect(await pull({ window })).toMatchObject({ putBack: { because: 'throttled', delayMs: 30_000 } });
  nowMs += 2 * MINUTE_MS;
  const putBack = queue.sent.at(-1)?.job;
  expect(await pull(putBack)).toMatchObject({ outcome: 'completed', created: 250 });
});

test.each([15, 4])(
  'five contracts pulled every %i minutes for a day stay within the hourly allowance, and leave most of it',
  async (everyMinutes) => {
    open(
      FIVE_CONTRACTS.flatMap((contractId) => manyOrders(120, contractId)),
      [channel('all', FIVE_CONTRACTS)],
    );
    const perHour: number[] = [];
    const callsSoFar = () => [...manomano.calls.values()].reduce((sum, count) => sum + count, 0);
    for (let minute = 0; minute < 24 * 60; minute += everyMinutes) {
      nowMs = NOW + minute * MINUTE_MS;
      const before = callsSoFar();
      expect(await pull()).toMatchObject({ outcome: 'completed' });
      const hour = Math.floor(minute / 60);
      perHour[hour] = (perHour[hour] ?? 0) + callsSoFar() - before;
    }
    const pullsPerHour = 60 / everyMinutes;
    // The first pull reads everything: two pages of each contract, and the first one again.
    expect(perHour[0]).toBe(5 * pullsPerHour + 5 * 2);
    for (const calls of perHour.slice(1)) expect(calls).toBe(5 * pullsPerHour);
    expect(Math.max(...perHour)).toBeLessThanOrEqual(100);
  },
);

test('whatever else takes calls of the same key, ManoMano never has to refuse one', async () => {
  open(manyOrders(20), [channel('all', FIVE_CONTRACTS)]);
  const bucket = `manomano/${accountId}/calls`;
  let others = 0;
  const later: { readonly atMs: number; readonly job: OrderPullJob }[] = [];
  for (let second = 0; second < 3 * 3_600; second += 5) {
    nowMs = NOW + second * 1000;
    // Other work takes what it can get; the stand-in counts it in the same allowance.
    while ((await deps.quota.take(bucket, MANOMANO_CALLS_QUOTA, nowMs)).granted) {
      await deps.source.fetchPage({ accountId, siteIds: ['900003'], from: SEEN, until: SEEN }, undefined);
      others += 1;
    }
    const due = later[0]?.atMs !== undefined && later[0].atMs <= nowMs ? later.shift() : undefined;
    const job = due?.job ?? (second % 900 === 0 ? {} : undefined);
    if (job === undefined) continue;
    const facts = await pull(job);
    if (facts.outcome !== 'put-back') continue;
    expect(facts.putBack?.because).toBe('quota');
    const sent = queue.sent.at(-1);
    if (sent !== undefined) later.push({ atMs: nowMs + sent.delayMs, job: sent.job });
  }
  expect(others).toBeGreaterThan(500);
});
