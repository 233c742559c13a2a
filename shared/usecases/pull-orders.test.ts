import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryBuyerStore } from '../../tests/support/memory/buyer-store.ts';
import { MemoryChannelStore } from '../../tests/support/memory/channel-store.ts';
import { MemoryFollowUpStore } from '../../tests/support/memory/follow-up-store.ts';
import { MemoryJobQueue } from '../../tests/support/memory/job-queue.ts';
import { MemoryOrderStore } from '../../tests/support/memory/order-store.ts';
import { MemoryPullLease } from '../../tests/support/memory/pull-lease.ts';
import { MemoryQuotaStore } from '../../tests/support/memory/quota-store.ts';
import {
  aChannel as channel,
  IT,
  aPage as page,
  aRemoteOrder as remote,
  ScriptedSource,
  WATERMARK,
} from '../../tests/support/order-pages.ts';
import { aBuyer, anOrder } from '../../tests/support/orders.ts';
import type { Buyer } from '../domain/buyer.ts';
import { RejectedError, ThrottledError, UnavailableError } from '../domain/errors.ts';
import { orderId } from '../domain/order.ts';
import type { OrderPage, OrderSource } from '../ports/order-source.ts';
import { type OrderPullJob, type PullOrdersDeps, pullOrders } from './pull-orders.ts';

const NOW = Date.parse('2026-11-23T10:00:00.000Z');
const WINDOW = { from: '2026-11-23T09:30:00.000Z', until: '2026-11-23T09:58:00.000Z' };
const DE = 'A1PA6795UKMFR9';
const job: OrderPullJob = {
  type: 'order-pull-requested',
  version: 1,
  correlationId: 'tick-1',
  marketplace: 'amazon',
  accountId: 'A1EXAMPLE',
};

let nowMs: number;
let orders: MemoryOrderStore;
let buyers: MemoryBuyerStore;
let followUps: MemoryFollowUpStore;
let channels: MemoryChannelStore;
let quota: MemoryQuotaStore;
let lease: MemoryPullLease;
let queue: MemoryJobQueue<OrderPullJob>;
beforeEach(() => {
  nowMs = NOW;
  orders = new MemoryOrderStore();
  buyers = new MemoryBuyerStore();
  followUps = new MemoryFollowUpStore();
  channels = new MemoryChannelStore([channel()]);
  quota = new MemoryQuotaStore();
  lease = new MemoryPullLease();
  queue = new MemoryJobQueue();
});

const plenty = () => 120_000;
const plan = { ratePerSecond: 0.0056, burst: 20 };
function depsWith(source: OrderSource, overrides: Partial<PullOrdersDeps> = {}): PullOrdersDeps {
  const search = { operation: 'searchOrders', plan };
  return {
    source,
    orders,
    buyers,
    followUps,
    channels,
    quota,
    lease,
    queue,
    clock: { now: () => nowMs },
    search,
    ...overrides,
  };
}
const watermarkOf = async (channelId = 'amazon-it') =>
  (await channels.getChannel(channelId))?.ordersWatermark;
const stored = async (n: number) => {
  const id = orderId('amazon', `404-${n}`);
  return (await orders.getMany([id])).get(id)?.order;
};

describe('a pull', () => {
  test('stores every order of every page with its buyer, then moves the watermark to the window’s end', async () => {
    const source = new ScriptedSource([
      [undefined, page([remote(1), remote(2)], 'p2')],
      ['p2', page([remote(3)])],
    ]);
    const facts = await pullOrders(depsWith(source), job, plenty);
    expect(facts).toMatchObject({ outcome: 'completed', pages: 2, created: 3, updated: 0, window: WINDOW });
    expect(facts.lags).toEqual([{ channelId: 'amazon-it', lagMs: 120_000 }]);
    expect(source.asked[0]?.window).toMatchObject({ accountId: 'A1EXAMPLE', siteIds: [IT], ...WINDOW });
    for (const n of [1, 2, 3]) {
      expect((await stored(n))?.channelId).toBe('amazon-it');
      expect((await buyers.getBuyer(orderId('amazon', `404-${n}`)))?.state).toBe('present');
    }
    expect(await watermarkOf()).toBe(WINDOW.until);
    expect(queue.sent).toEqual([]);
  });

  test('of unchanged orders writes nothing', async () => {
    const again = () => new ScriptedSource([[undefined, page([remote(1), remote(2)])]]);
    await pullOrders(depsWith(again()), job, plenty);
    const readOnly: Partial<PullOrdersDeps> = {
      orders: {
        getMany: (ids) => orders.getMany(ids),
        putOrder: () => Promise.reject(new Error('an unchanged order was written')),
        changeLedgers: () => Promise.reject(new Error('not part of a pull')),
        setPersonalData: () => Promise.reject(new Error('not part of a pull')),
        setCustomisationMissing: () => Promise.reject(new Error('not part of a pull')),
        listOrders: () => Promise.reject(new Error('not part of a pull')),
        listWaiting: () => Promise.reject(new Error('not part of a pull')),
      },
      buyers: {
        putBuyer: () => Promise.reject(new Error('an unchanged buyer was written')),
        getBuyer: () => Promise.reject(new Error('not part of a pull')),
      },
    };
    nowMs += 300_000;
    const facts = await pullOrders(depsWith(again(), readOnly), job, plenty);
    expect(facts).toMatchObject({ outcome: 'completed', created: 0, updated: 0, unchanged: 2 });
  });

  test('takes the newer version and leaves the older one', async () => {
    await orders.putOrder(anOrder({ ...remote(1).order, status: 'shipped' }));
    await orders.putOrder(anOrder({ ...remote(2).order, status: 'pending' }));
    const source = new ScriptedSource([
      [
        undefined,
        page([
          remote(1, { status: 'unshipped', updatedAt: '2026-11-23T09:40:00.000Z' }),
          remote(2, { status: 'shipped', updatedAt: '2026-11-23T09:55:00.000Z' }),
        ]),
      ],
    ]);
    expect(await pullOrders(depsWith(source), job, plenty)).toMatchObject({ updated: 1, unchanged: 1 });
    expect((await stored(1))?.status).toBe('shipped');
    expect((await stored(2))?.status).toBe('shipped');
  });

  test('for two channels of one account is one question, each order in the channel of its site', async () => {
    channels = new MemoryChannelStore([
      channel(),
      channel({ channelId: 'amazon-de', siteIds: [DE], ordersWatermark: '2026-11-23T00:15:00.000Z' }),
    ]);
    const source = new ScriptedSource([[undefined, page([remote(1), remote(2, { siteId: DE })])]]);
    await pullOrders(depsWith(source), job, plenty);
    expect(source.asked).toHaveLength(1);
    expect(source.asked[0]?.window).toMatchObject({
      siteIds: expect.arrayContaining([IT, DE]),
      from: '2026-11-23T00:00:00.000Z',
    });
    expect((await stored(1))?.channelId).toBe('amazon-it');
    expect((await stored(2))?.channelId).toBe('amazon-de');
    expect(await watermarkOf('amazon-it')).toBe(WINDOW.until);
    expect(await watermarkOf('amazon-de')).toBe(WINDOW.until);
  });

  test('leaves out the sites and orders of channels that are off', async () => {
    channels = new MemoryChannelStore([
      channel(),
      channel({ channelId: 'amazon-de', siteIds: [DE], ordersSync: false, ordersWatermark: undefined }),
    ]);
    const source = new ScriptedSource([[undefined, page([remote(1), remote(2, { siteId: DE })])]]);
    expect(await pullOrders(depsWith(source), job, plenty)).toMatchObject({ created: 1, notCovered: 1 });
    expect(source.asked[0]?.window.siteIds).toEqual([IT]);
    expect(await stored(2)).toBeUndefined();
    expect(await buyers.getBuyer(orderId('amazon', '404-2'))).toBeUndefined();
    expect(await watermarkOf('amazon-de')).toBeUndefined();
  });

  test('of an account with nothing switched on asks nobody', async () => {
    channels = new MemoryChannelStore([
      channel({ ordersSync: false }),
      channel({ channelId: 'x', accountId: 'A2' }),
    ]);
    const facts = await pullOrders(depsWith(new ScriptedSource([])), job, plenty);
    expect(facts.outcome).toBe('nothing-to-pull');
  });

  test('stops the watermark where the partner’s answer really ended', async () => {
    const source = new ScriptedSource([
      [undefined, page([], 'p2', { effectiveUntil: '2026-11-23T09:57:00.000Z' })],
      ['p2', page([], undefined, { effectiveUntil: '2026-11-23T09:57:30.000Z' })],
    ]);
    await pullOrders(depsWith(source), job, plenty);
    expect(await watermarkOf()).toBe('2026-11-23T09:57:00.000Z');
  });

  test('never brings back a buyer past the end date', async () => {
    const { order } = remote(1);
    const buyer: Buyer = aBuyer({ orderId: order.orderId, expiresAt: '2026-11-23T09:59:59.000Z' });
    await pullOrders(depsWith(new ScriptedSource([[undefined, page([{ order, buyer }])]])), job, plenty);
    expect((await stored(1))?.marketplaceOrderId).toBe('404-1');
    expect(await buyers.getBuyer(order.orderId)).toBeUndefined();
  });
});

describe('a pull that cannot go on', () => {
  test('because the partner throttles it goes back on the queue with its place, and ends there', async () => {
    const throttled = new ThrottledError('amazon', 'amazon: 429', { retryAfterMs: 178_572 });
    const source = new ScriptedSource([
      [undefined, page([remote(1)], 'p2')],
      ['p2', throttled],
      ['p2', page([remote(2)])],
    ]);
    const facts = await pullOrders(depsWith(source), job, plenty);
    expect(facts).toMatchObject({
      outcome: 'put-back',
      putBack: { because: 'throttled', delayMs: 178_572 },
      created: 1,
    });
    expect(queue.sent).toEqual([
      { job: { ...job, window: { ...WINDOW, siteIds: [IT], pageToken: 'p2' } }, delayMs: 178_572 },
    ]);
    expect(await watermarkOf()).toBe(WATERMARK);
    expect(await quota.take('amazon/A1EXAMPLE/searchOrders', plan, nowMs)).toMatchObject({ granted: false });

    nowMs += 200_000;
    const rest = await pullOrders(depsWith(source), queue.sent[0]?.job ?? job, plenty);
    expect(rest).toMatchObject({ outcome: 'completed', created: 1, window: WINDOW });
    expect(await watermarkOf()).toBe(WINDOW.until);
  });

  test('because the quota is used up does not even ask', async () => {
    await quota.correct('amazon/A1EXAMPLE/searchOrders', plan, { exhausted: true }, nowMs);
    const source = new ScriptedSource([]);
    const facts = await pullOrders(depsWith(source), job, plenty);
    expect(facts.putBack).toEqual({ because: 'quota', delayMs: 178_572 });
    expect(source.asked).toEqual([]);
    expect(queue.sent[0]?.job.window).toEqual({ ...WINDOW, siteIds: [IT] });
  });

  test('waits no longer than the queue can hold it back', async () => {
    const source = new ScriptedSource([
      [undefined, new ThrottledError('amazon', 'amazon: 429', { retryAfterMs: 3_600_000 })],
    ]);
    expect((await pullOrders(depsWith(source), job, plenty)).putBack?.delayMs).toBe(900_000);
  });

  test('because time runs out goes on at once, page by page', async () => {
    const left = [60_000, 44_999];
    const source = new ScriptedSource([[undefined, page([remote(1)], 'p2')]]);
    const facts = await pullOrders(depsWith(source), job, () => left.shift() ?? 0);
    expect(facts).toMatchObject({ putBack: { because: 'time', delayMs: 0 }, pages: 1 });
    expect(queue.sent[0]?.job.window?.pageToken).toBe('p2');
    expect(await watermarkOf()).toBe(WATERMARK);
  });

  test('takes over the rate the partner states', async () => {
    const source = new ScriptedSource([[undefined, page([], undefined, { grantedRatePerSecond: 0.5 })]]);
    await pullOrders(depsWith(source), job, plenty);
    await quota.correct('amazon/A1EXAMPLE/searchOrders', plan, { exhausted: true }, nowMs);
    expect(await quota.take('amazon/A1EXAMPLE/searchOrders', plan, nowMs)).toEqual({
      granted: false,
      retryAfterMs: 2_000,
    });
  });

  test('because the partner is down fails, and leaves the account free for the next', async () => {
    const source = new ScriptedSource([
      [undefined, page([remote(1)], 'p2')],
      ['p2', new UnavailableError('amazon', 'amazon: no answer')],
      [undefined, page([remote(1), remote(2)])],
    ]);
    await expect(pullOrders(depsWith(source), job, plenty)).rejects.toBeInstanceOf(UnavailableError);
    expect(await watermarkOf()).toBe(WATERMARK);
    const facts = await pullOrders(depsWith(source), { ...job, correlationId: 'tick-2' }, plenty);
    expect(facts).toMatchObject({ outcome: 'completed', created: 1, unchanged: 1 });
  });
});

describe('a page token that died', () => {
  const dead = new RejectedError('amazon', 'amazon: 400', { status: 400 });
  const continued: OrderPullJob = { ...job, window: { ...WINDOW, siteIds: [IT], pageToken: 'p2' } };

  test('starts the same window again from its first page', async () => {
    const source = new ScriptedSource([
      ['p2', dead],
      [undefined, page([remote(1)], 'fresh')],
      ['fresh', page([remote(2)])],
    ]);
    nowMs += 86_400_000;
    expect(await pullOrders(depsWith(source), continued, plenty)).toMatchObject({
      outcome: 'completed',
      created: 2,
      window: WINDOW,
    });
    expect(await watermarkOf()).toBe(WINDOW.until);
  });

  test('again and again is a failure, not a loop', async () => {
    const source = new ScriptedSource([
      ['p2', dead],
      [undefined, page([], 'fresh')],
      ['fresh', dead],
    ]);
    await expect(pullOrders(depsWith(source), continued, plenty)).rejects.toBe(dead);
  });

  test('is not what a refusal of the first page means', async () => {
    const source = new ScriptedSource([[undefined, dead]]);
    await expect(pullOrders(depsWith(source), job, plenty)).rejects.toBe(dead);
  });

  test('is not what a lost authorisation means', async () => {
    const refused = new RejectedError('amazon', 'amazon: 403', { status: 403 });
    await expect(pullOrders(depsWith(new ScriptedSource([['p2', refused]])), continued, plenty)).rejects.toBe(
      refused,
    );
  });
});

describe('a crash', () => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'after %i writes loses nothing and doubles nothing when the job comes again',
    async (writes) => {
      const script = (): (readonly [string | undefined, OrderPage])[] => [
        [undefined, page([remote(1), remote(2)], 'p2')],
        ['p2', page([remote(3)])],
      ];
      let left = writes;
      const crashing = async <Result>(write: () => Promise<Result>): Promise<Result> => {
        if (left === 0) throw new Error('crash');
        left -= 1;
        return write();
      };
      const faulty: Partial<PullOrdersDeps> = {
        orders: {
          getMany: (ids) => orders.getMany(ids),
          putOrder: (order) => crashing(() => orders.putOrder(order)),
          changeLedgers: () => Promise.reject(new Error('not part of a pull')),
          setPersonalData: () => Promise.reject(new Error('not part of a pull')),
          setCustomisationMissing: () => Promise.reject(new Error('not part of a pull')),
          listOrders: () => Promise.reject(new Error('not part of a pull')),
          listWaiting: () => Promise.reject(new Error('not part of a pull')),
        },
        buyers: {
          putBuyer: (buyer) => crashing(() => buyers.putBuyer(buyer)),
          getBuyer: (id) => buyers.getBuyer(id),
        },
      };
      const first = pullOrders(depsWith(new ScriptedSource(script()), faulty), job, plenty);
      if (writes < 6) await expect(first).rejects.toThrow('crash');
      else await first;
      for (const n of [1, 2, 3]) {
        if ((await stored(n)) === undefined) continue;
        expect((await buyers.getBuyer(orderId('amazon', `404-${n}`)))?.state).toBe('present');
      }
      expect(await watermarkOf()).toBe(writes < 6 ? WATERMARK : WINDOW.until);

      await pullOrders(depsWith(new ScriptedSource(script())), job, plenty);
      const { records } = await orders.listOrders({ channelId: 'amazon-it', limit: 10 });
      expect(records).toHaveLength(3);
      expect(await watermarkOf()).toBe(WINDOW.until);
    },
  );
});

describe('an order that cannot be read', () => {
  const broken = {
    marketplaceOrderId: '404-9',
    updatedAt: '2026-11-23T09:47:00.000Z',
    problem: 'total: invalid',
  };

  test('holds the watermark at its own last change, while all others are stored', async () => {
    const source = new ScriptedSource([
      [undefined, page([remote(1)], 'p2', { unreadable: [broken] })],
      ['p2', page([remote(2)])],
    ]);
    const facts = await pullOrders(depsWith(source), job, plenty);
    expect(facts).toMatchObject({
      outcome: 'completed',
      created: 2,
      unreadable: [broken],
      unreadableCount: 1,
    });
    expect(await watermarkOf()).toBe('2026-11-23T09:47:00.000Z');
  });

  test('is asked for again by every pull until it can be read', async () => {
    await pullOrders(
      depsWith(new ScriptedSource([[undefined, page([], undefined, { unreadable: [broken] })]])),
      job,
      plenty,
    );
    nowMs += 3_600_000;
    const source = new ScriptedSource([[undefined, page([remote(9, { updatedAt: broken.updatedAt })])]]);
    expect(await pullOrders(depsWith(source), job, plenty)).toMatchObject({ created: 1 });
    expect(Date.parse(source.asked[0]?.window.from ?? '')).toBeLessThan(Date.parse(broken.updatedAt));
    expect(await watermarkOf()).toBe('2026-11-23T10:58:00.000Z');
  });

  test('whose time cannot be read either moves no watermark at all', async () => {
    const nameless = { ...broken, marketplaceOrderId: undefined, updatedAt: undefined };
    const source = new ScriptedSource([
      [undefined, page([remote(1)], undefined, { unreadable: [nameless] })],
    ]);
    await pullOrders(depsWith(source), job, plenty);
    expect(await watermarkOf()).toBe(WATERMARK);
  });

  test('is remembered when the pull goes on in another run', async () => {
    const source = new ScriptedSource([
      [undefined, page([], 'p2', { unreadable: [broken] })],
      ['p2', new ThrottledError('amazon', 'amazon: 429', { retryAfterMs: 1_000 })],
      ['p2', page([])],
    ]);
    await pullOrders(depsWith(source), job, plenty);
    expect(queue.sent[0]?.job.window?.unseenFrom).toBe(broken.updatedAt);
    nowMs += 200_000;
    await pullOrders(depsWith(source), queue.sent[0]?.job ?? job, plenty);
    expect(await watermarkOf()).toBe(broken.updatedAt);
  });
});

describe('two pulls of one account', () => {
  test('the second one of the schedule stands back', async () => {
    await lease.claim('amazon/A1EXAMPLE', 'tick-0', nowMs, 60_000);
    const facts = await pullOrders(depsWith(new ScriptedSource([])), job, plenty);
    expect(facts.outcome).toBe('already-running');
    expect(queue.sent).toEqual([]);
  });

  test('one with a window of its own waits its turn', async () => {
    await lease.claim('amazon/A1EXAMPLE', 'tick-0', nowMs, 60_000);
    const rescan = { ...job, window: WINDOW };
    const facts = await pullOrders(depsWith(new ScriptedSource([])), rescan, plenty);
    expect(facts.putBack).toEqual({ because: 'busy', delayMs: 300_000 });
    expect(queue.sent[0]?.job).toEqual(rescan);
  });

  test('a pull that was put back keeps the account until it ends', async () => {
    const source = new ScriptedSource([
      [undefined, page([], 'p2')],
      ['p2', new ThrottledError('amazon', 'amazon: 429', { retryAfterMs: 1_000 })],
      ['p2', page([])],
      [undefined, page([])],
    ]);
    await pullOrders(depsWith(source), job, plenty);
    nowMs += 300_000;
    const next = { ...job, correlationId: 'tick-2' };
    expect((await pullOrders(depsWith(source), next, plenty)).outcome).toBe('already-running');
    await pullOrders(depsWith(source), queue.sent[0]?.job ?? job, plenty);
    nowMs += 300_000;
    expect((await pullOrders(depsWith(source), next, plenty)).outcome).toBe('completed');
  });
});

describe('a window given in the job', () => {
  test('is pulled as it is, and moves no watermark it does not reach back to', async () => {
    const rescan = { from: '2026-11-23T09:50:00.000Z', until: '2026-11-23T09:58:00.000Z' };
    const source = new ScriptedSource([[undefined, page([remote(1)])]]);
    await pullOrders(depsWith(source), { ...job, window: rescan }, plenty);
    expect(source.asked[0]?.window).toMatchObject(rescan);
    expect((await stored(1))?.marketplaceOrderId).toBe('404-1');
    expect(await watermarkOf()).toBe(WATERMARK);
  });

  test('of days long pulled never moves a watermark back', async () => {
    const rescan = { from: '2026-11-18T10:00:00.000Z', until: '2026-11-20T10:00:00.000Z' };
    await pullOrders(
      depsWith(new ScriptedSource([[undefined, page([])]])),
      { ...job, window: rescan },
      plenty,
    );
    expect(await watermarkOf()).toBe(WATERMARK);
  });

  test('moves no watermark of a channel whose sites it did not ask for', async () => {
    channels = new MemoryChannelStore([channel(), channel({ channelId: 'amazon-de', siteIds: [DE] })]);
    const continued = { ...job, window: { ...WINDOW, siteIds: [IT], pageToken: 'p2' } };
    await pullOrders(depsWith(new ScriptedSource([['p2', page([])]])), continued, plenty);
    expect(await watermarkOf('amazon-it')).toBe(WINDOW.until);
    expect(await watermarkOf('amazon-de')).toBe(WATERMARK);
  });

  test('begins again without a site switched off meanwhile, which is on again before the last page', async () => {
    channels = new MemoryChannelStore([channel(), channel({ channelId: 'amazon-de', siteIds: [DE] })]);
    await channels.setOrdersSync('amazon-de', false);
    const source = new ScriptedSource([
      [undefined, page([remote(1)], 'fresh')],
      ['fresh', page([remote(2)])],
    ]);
    const left = [60_000, 44_999];
    const continued = { ...job, window: { ...WINDOW, siteIds: [IT, DE], pageToken: 'p2' } };
    await pullOrders(depsWith(source), continued, () => left.shift() ?? 0);
    await channels.setOrdersSync('amazon-de', true);
    await pullOrders(depsWith(source), queue.sent[0]?.job ?? job, plenty);
    expect(source.asked.map(({ window }) => window.siteIds)).toEqual([[IT], [IT]]);
    expect(await watermarkOf()).toBe(WINDOW.until);
    expect((await channels.getChannel('amazon-de'))?.ordersWatermark).toBe(WATERMARK);
  });

  test('of sites that are all switched off by now asks nobody', async () => {
    const continued = { ...job, window: { ...WINDOW, siteIds: [DE] } };
    const facts = await pullOrders(depsWith(new ScriptedSource([])), continued, plenty);
    expect(facts.outcome).toBe('nothing-to-pull');
  });

  test('moves no watermark of a channel opened further back meanwhile', async () => {
    channels = new MemoryChannelStore([
      channel(),
      channel({ channelId: 'amazon-de', siteIds: [DE], ordersWatermark: undefined }),
    ]);
    const continued = { ...job, window: { ...WINDOW, siteIds: [IT, DE], pageToken: 'p2' } };
    await pullOrders(depsWith(new ScriptedSource([['p2', page([])]])), continued, plenty);
    expect(await watermarkOf('amazon-it')).toBe(WINDOW.until);
    expect(await watermarkOf('amazon-de')).toBeUndefined();
  });
});
