import { beforeEach, describe, expect, test } from 'vitest';
import { orderPullRequestedSchema } from '../../events/order-pull-requested.ts';
import { MemoryBuyerStore } from '../../tests/support/memory/buyer-store.ts';
import { MemoryChannelStore } from '../../tests/support/memory/channel-store.ts';
import { MemoryFollowUpStore } from '../../tests/support/memory/follow-up-store.ts';
import { MemoryJobQueue } from '../../tests/support/memory/job-queue.ts';
import { MemoryOrderStore } from '../../tests/support/memory/order-store.ts';
import { MemoryPullLease } from '../../tests/support/memory/pull-lease.ts';
import { MemoryQuotaStore } from '../../tests/support/memory/quota-store.ts';
import {
  aChannel,
  aPage,
  aRemoteOrder,
  IT,
  ScriptedSource,
  WATERMARK,
} from '../../tests/support/order-pages.ts';
import { anOrder } from '../../tests/support/orders.ts';
import { RejectedError, ThrottledError } from '../domain/errors.ts';
import { orderId } from '../domain/order.ts';
import type { OrderPage, OrderSource } from '../ports/order-source.ts';
import { type BackgroundReason, type OrderPullJob, type PullOrdersDeps, pullOrders } from './pull-orders.ts';

const FR = 'A13V1IB3VIYZZH';
const BUCKET = 'amazon/A1EXAMPLE/searchOrders';
const UNTIL = '2026-11-23T09:58:00.000Z';
/** Amazon's own. */
const plan = { ratePerSecond: 0.0056, burst: 20 };
const scheduled: OrderPullJob = {
  type: 'order-pull-requested',
  version: 1,
  correlationId: 'tick-1',
  marketplace: 'amazon',
  accountId: 'A1EXAMPLE',
};
const DAYS = { from: '2026-11-18T09:58:00.000Z', until: UNTIL, siteIds: [IT] };
const background = (
  reason: BackgroundReason,
  window: Partial<OrderPullJob['window']> = {},
): OrderPullJob => ({
  ...scheduled,
  correlationId: `${reason}/1`,
  reason,
  window: { ...DAYS, ...(reason === 're-scan' ? {} : { by: 'created' }), ...window },
});
const BACKGROUND: readonly BackgroundReason[] = ['re-scan', 'count-check', 'backfill'];

let nowMs: number;
let orders: MemoryOrderStore;
let channels: MemoryChannelStore;
let quota: MemoryQuotaStore;
let queue: MemoryJobQueue<OrderPullJob>;
let lease: MemoryPullLease;
beforeEach(() => {
  nowMs = Date.parse('2026-11-23T10:00:00.000Z');
  orders = new MemoryOrderStore();
  channels = new MemoryChannelStore([aChannel()]);
  quota = new MemoryQuotaStore();
  queue = new MemoryJobQueue();
  lease = new MemoryPullLease();
});
const depsWith = (source: OrderSource): PullOrdersDeps => ({
  ...{ source, orders, channels, quota, lease, queue },
  buyers: new MemoryBuyerStore(),
  followUps: new MemoryFollowUpStore(),
  clock: { now: () => nowMs },
  search: { operation: 'searchOrders', plan },
});
const plenty = () => 120_000;
const pull = (source: OrderSource, job: OrderPullJob) => pullOrders(depsWith(source), job, plenty);
const watermark = async (channelId = 'amazon-it') => (await channels.getChannel(channelId))?.ordersWatermark;
const lastSent = (): OrderPullJob => {
  const last = queue.sent.at(-1);
  if (last === undefined) throw new Error('nothing was put back');
  return orderPullRequestedSchema.parse(last.job);
};
/** Every page leads to the next one, for ever. */
const endless: OrderSource = { fetchPage: async () => aPage([], 'more') };

describe.each(BACKGROUND)('a %s', (reason) => {
  test('runs while a scheduled pull is under way, and the other way round', async () => {
    await lease.claim('amazon/A1EXAMPLE', 'tick-0', nowMs, 60_000);
    const facts = await pull(new ScriptedSource([[undefined, aPage([aRemoteOrder(1)])]]), background(reason));
    expect(facts).toMatchObject({ outcome: 'completed', reason, created: 1 });

    await lease.release('amazon/A1EXAMPLE', 'tick-0');
    await lease.claim(`amazon/A1EXAMPLE/${reason}`, 'another', nowMs, 60_000);
    const tick = await pull(new ScriptedSource([[undefined, aPage([])]]), scheduled);
    expect(tick.outcome).toBe('completed');
  });

  test('leaves a quarter of the burst to the scheduled pulls, which never wait for it', async () => {
    const facts = await pull(endless, background(reason));
    expect(facts).toMatchObject({ outcome: 'put-back', putBack: { because: 'quota' }, pages: 15 });
    for (let calls = 1; calls <= 5; calls += 1) {
      expect(await quota.take(BUCKET, plan, nowMs)).toEqual({ granted: true });
    }
    expect(await quota.take(BUCKET, plan, nowMs)).toMatchObject({ granted: false });
  });

  test('that finds too few calls comes back when there are enough, after a quarter of an hour at the latest', async () => {
    await pull(endless, background(reason));
    expect(queue.sent[0]?.delayMs).toBe(178_572);
    await quota.correct(BUCKET, plan, { exhausted: true }, nowMs);
    const facts = await pull(endless, lastSent());
    expect(facts.putBack).toEqual({ because: 'quota', delayMs: 900_000 });
  });

  test('gives way after some seconds, and goes on where it was', async () => {
    const slow: OrderSource = {
      async fetchPage() {
        nowMs += 4_000;
        return aPage([], 'more');
      },
    };
    const facts = await pull(slow, background(reason));
    expect(facts).toMatchObject({ pages: 4, putBack: { because: 'time', delayMs: 0 } });
    expect(lastSent()).toMatchObject({ reason, window: { pageToken: 'more', from: DAYS.from } });
  });

  test('that is delivered twice stores everything once', async () => {
    const script = (): ScriptedSource => new ScriptedSource([[undefined, aPage([aRemoteOrder(1)])]]);
    const [one, two] = await Promise.all([
      pull(script(), background(reason)),
      pull(script(), background(reason)),
    ]);
    expect(one.created + two.created).toBe(1);
    expect((await orders.listOrders({ channelId: 'amazon-it', limit: 10 })).records).toHaveLength(1);
  });

  test('that the partner throttles tells the others that nothing is left', async () => {
    const throttled = new ThrottledError('amazon', 'amazon: 429', { retryAfterMs: 60_000 });
    await pull(new ScriptedSource([[undefined, throttled]]), background(reason));
    expect(await quota.take(BUCKET, plan, nowMs)).toMatchObject({ granted: false });
    expect(lastSent().window).toMatchObject({ from: DAYS.from });
  });
});

describe('a second background pull of the same kind', () => {
  beforeEach(async () => {
    for (const reason of BACKGROUND) {
      await lease.claim(`amazon/A1EXAMPLE/${reason}`, 'another', nowMs, 60_000);
    }
  });

  test.each(['re-scan', 'count-check'] as const)(
    'is left out when it is a %s: one like it comes soon enough',
    async (reason) => {
      expect((await pull(new ScriptedSource([]), background(reason))).outcome).toBe('already-running');
      expect(queue.sent).toEqual([]);
    },
  );

  test('waits its turn when somebody asked for it', async () => {
    const facts = await pull(new ScriptedSource([]), background('backfill'));
    expect(facts.putBack).toEqual({ because: 'busy', delayMs: 300_000 });
    expect(lastSent()).toEqual(background('backfill'));
  });
});

describe('a window on creation', () => {
  test('is asked for as such, and moves no watermark however far it reaches', async () => {
    const source = new ScriptedSource([[undefined, aPage([aRemoteOrder(1)])]]);
    await pull(source, background('backfill', { from: '2026-01-01T00:00:00.000Z' }));
    expect(source.asked[0]?.window).toMatchObject({ by: 'created', from: '2026-01-01T00:00:00.000Z' });
    expect(await watermark()).toBe(WATERMARK);
  });

  test('stays one when its page token dies or a site is switched off', async () => {
    const dead = new RejectedError('amazon', 'amazon: 400', { status: 400 });
    const source = new ScriptedSource([
      ['p2', dead],
      [undefined, aPage([])],
    ]);
    await pull(source, background('backfill', { pageToken: 'p2' }));
    expect(source.asked[1]?.window).toMatchObject({ by: 'created', siteIds: [IT] });

    const other = new ScriptedSource([[undefined, aPage([])]]);
    await pull(other, background('backfill', { pageToken: 'p2', siteIds: [IT, FR] }));
    expect(other.asked[0]?.window).toMatchObject({ by: 'created', siteIds: [IT] });
  });

  test('of one channel stays with its sites', async () => {
    channels = new MemoryChannelStore([aChannel(), aChannel({ channelId: 'amazon-fr', siteIds: [FR] })]);
    const source = new ScriptedSource([[undefined, aPage([])]]);
    await pull(source, background('backfill'));
    expect(source.asked[0]?.window.siteIds).toEqual([IT]);
  });
});

test('a span longer than a slice is pulled slice by slice, without a gap', async () => {
  const empty: OrderSource & { readonly asked: string[] } = {
    asked: [],
    async fetchPage({ from, until }) {
      this.asked.push(`${from.slice(0, 10)} ${until.slice(0, 10)}`);
      return aPage([]);
    },
  };
  let job = background('count-check', {
    from: '2026-10-24T09:58:00.000Z',
    until: '2026-10-29T09:58:00.000Z',
    goesOnUntil: '2026-11-06T09:58:00.000Z',
  });
  const outcomes: string[] = [];
  for (;;) {
    const facts = await pull(empty, job);
    outcomes.push(facts.putBack?.because ?? facts.outcome);
    if (facts.outcome === 'completed') break;
    job = lastSent();
    expect(job).toMatchObject({ reason: 'count-check', window: { by: 'created', siteIds: [IT] } });
  }
  expect(empty.asked).toEqual(['2026-10-24 2026-10-29', '2026-10-29 2026-11-03', '2026-11-03 2026-11-06']);
  expect(outcomes).toEqual(['next-slice', 'next-slice', 'completed']);
});

describe('orders found missing', () => {
  // Watermark 09:45: what changed before it should have been here.
  const passed = aRemoteOrder(1, { updatedAt: '2026-11-23T09:40:00.000Z' });
  const notYet = aRemoteOrder(2, { updatedAt: '2026-11-23T09:50:00.000Z' });
  const beforeTheBeginning = aRemoteOrder(3, { updatedAt: '2026-10-01T00:00:00.000Z' });
  const here = aRemoteOrder(4, { updatedAt: '2026-11-23T09:40:00.000Z' });
  const all: OrderPage = aPage([passed, notYet, beforeTheBeginning, here]);
  beforeEach(() => orders.putOrder(anOrder(here.order)).then(() => undefined));

  test.each(['re-scan', 'count-check'] as const)(
    'by a %s are those that the scheduled pulls had passed',
    async (reason) => {
      const facts = await pull(new ScriptedSource([[undefined, all]]), background(reason));
      expect(facts).toMatchObject({ created: 3, foundMissing: 1 });
      expect((await orders.getMany([orderId('amazon', '404-1')])).size).toBe(1);
    },
  );

  test('are no finding of a backfill, nor of a scheduled pull', async () => {
    const backfill = await pull(new ScriptedSource([[undefined, all]]), background('backfill'));
    expect(backfill).toMatchObject({ created: 3, foundMissing: 0 });
    orders = new MemoryOrderStore();
    const tick = await pull(new ScriptedSource([[undefined, all]]), scheduled);
    expect(tick.foundMissing).toBe(0);
  });

  test('are none in a channel that has not ended its first pull', async () => {
    channels = new MemoryChannelStore([aChannel({ ordersWatermark: undefined })]);
    const facts = await pull(new ScriptedSource([[undefined, all]]), background('count-check'));
    expect(facts.foundMissing).toBe(0);
  });
});

describe('a site that the partner refuses', () => {
  beforeEach(() => {
    channels = new MemoryChannelStore([
      aChannel(),
      aChannel({ channelId: 'amazon-fr', siteIds: [FR] }),
      aChannel({ channelId: 'both', siteIds: ['x', 'y'] }),
    ]);
  });

  test('holds its own channel where it is, and no other', async () => {
    const source = new ScriptedSource([
      [undefined, aPage([aRemoteOrder(1)], 'p2', { refusedSites: [FR] })],
      ['p2', aPage([], undefined, { refusedSites: ['y'] })],
    ]);
    const facts = await pull(source, scheduled);
    expect(facts).toMatchObject({ outcome: 'completed', created: 1, refusedSites: [FR, 'y'] });
    expect(await watermark()).toBe(UNTIL);
    expect(await watermark('amazon-fr')).toBe(WATERMARK);
    expect(await watermark('both')).toBe(WATERMARK);
  });

  test('is remembered when the pull goes on in another run', async () => {
    const throttled = new ThrottledError('amazon', 'amazon: 429', { retryAfterMs: 1_000 });
    const source = new ScriptedSource([
      [undefined, aPage([], 'p2', { refusedSites: [FR] })],
      ['p2', throttled],
      ['p2', aPage([])],
    ]);
    await pull(source, scheduled);
    nowMs += 200_000;
    await pull(source, lastSent());
    expect(await watermark()).toBe(UNTIL);
    expect(await watermark('amazon-fr')).toBe(WATERMARK);
  });

  test('is asked again from where its channel stood, once it answers', async () => {
    await pull(new ScriptedSource([[undefined, aPage([], undefined, { refusedSites: [FR] })]]), scheduled);
    nowMs += 86_400_000;
    const source = new ScriptedSource([[undefined, aPage([aRemoteOrder(1, { siteId: FR })])]]);
    await pull(source, { ...scheduled, correlationId: 'tick-2' });
    expect(source.asked[0]?.window.from).toBe('2026-11-23T09:30:00.000Z');
    expect(await watermark('amazon-fr')).toBe('2026-11-24T09:58:00.000Z');
  });
});

test('an archived channel is not pulled, whatever its switch says', async () => {
  channels = new MemoryChannelStore([aChannel({ archivedAt: '2026-11-23T09:59:00.000Z' })]);
  expect((await pull(new ScriptedSource([]), scheduled)).outcome).toBe('nothing-to-pull');
});
