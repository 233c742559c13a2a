import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryBuyerStore } from '../../tests/support/memory/buyer-store.ts';
import { MemoryChannelStore } from '../../tests/support/memory/channel-store.ts';
import { MemoryFollowUpStore } from '../../tests/support/memory/follow-up-store.ts';
import { MemoryJobQueue } from '../../tests/support/memory/job-queue.ts';
import { MemoryOrderStore } from '../../tests/support/memory/order-store.ts';
import { MemoryPullLease } from '../../tests/support/memory/pull-lease.ts';
import { MemoryQuotaStore } from '../../tests/support/memory/quota-store.ts';
import { aChannel, aPage, aRemoteOrder, ScriptedSource, WATERMARK } from '../../tests/support/order-pages.ts';
import { anOrder } from '../../tests/support/orders.ts';
import type { Channel } from '../domain/channel.ts';
import { RejectedError, ThrottledError, UnexpectedAnswerError } from '../domain/errors.ts';
import { type Order, orderId } from '../domain/order.ts';
import type { OrderReader, RemoteOrder } from '../ports/order-source.ts';
import { type OrderPullJob, type PullOrdersDeps, pullOrders } from './pull-orders.ts';

const UNTIL = '2026-11-23T09:58:00.000Z';
const BUCKET = 'amazon/A1EXAMPLE/searchOrders';
const job: OrderPullJob = {
  type: 'order-pull-requested',
  version: 1,
  correlationId: 'tick-1',
  marketplace: 'amazon',
  accountId: 'A1EXAMPLE',
};
/** A list that leaves something out of every order. */
const partial = (n: number, overrides: Partial<Order> = {}): RemoteOrder => ({
  ...aRemoteOrder(n, overrides),
  incomplete: true,
});

/** Answers what was set up for each order, once; anything else fails the test. */
class ScriptedReader implements OrderReader {
  readonly asked: string[] = [];
  readonly #answers: Map<string, (RemoteOrder | Error | undefined)[]>;

  constructor(answers: Readonly<Record<string, readonly (RemoteOrder | Error | undefined)[]>>) {
    this.#answers = new Map(Object.entries(answers).map(([id, answered]) => [id, [...answered]]));
  }

  async fetchOrder({ marketplaceOrderId }: { marketplaceOrderId: string }): Promise<RemoteOrder | undefined> {
    this.asked.push(marketplaceOrderId);
    const answers = this.#answers.get(marketplaceOrderId) ?? [];
    if (answers.length === 0) throw new Error(`nothing was set up for order ${marketplaceOrderId}`);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  }
}
const full = (n: number): RemoteOrder => aRemoteOrder(n, { serviceLevel: 'FETCHED' });

let nowMs: number;
let orders: MemoryOrderStore;
let buyers: MemoryBuyerStore;
let followUps: MemoryFollowUpStore;
let channels: MemoryChannelStore;
let quota: MemoryQuotaStore;
let queue: MemoryJobQueue<OrderPullJob>;
let lease: MemoryPullLease;
beforeEach(() => {
  nowMs = Date.parse('2026-11-23T10:00:00.000Z');
  orders = new MemoryOrderStore();
  buyers = new MemoryBuyerStore();
  followUps = new MemoryFollowUpStore();
  channels = new MemoryChannelStore([aChannel()]);
  quota = new MemoryQuotaStore();
  queue = new MemoryJobQueue();
  lease = new MemoryPullLease();
});

const plan = { ratePerSecond: 0.1, burst: 20 };
const depsWith = (source: ScriptedSource, more: Partial<PullOrdersDeps> = {}): PullOrdersDeps => ({
  ...{ source, orders, buyers, followUps, channels, quota, lease, queue },
  clock: { now: () => nowMs },
  search: { operation: 'searchOrders', plan },
  ...more,
});
const plenty = () => 120_000;
const stored = async (n: number) => {
  const id = orderId('amazon', `404-${n}`);
  return (await orders.getMany([id])).get(id)?.order;
};
const watermark = async () => (await channels.getChannel('amazon-it'))?.ordersWatermark;
/** Leaves so many calls in the bucket. */
async function leave(calls: number): Promise<void> {
  for (let taken = 0; taken < plan.burst - calls; taken += 1) await quota.take(BUCKET, plan, nowMs);
}

describe('an order that the list has only in part', () => {
  test('is fetched whole when it is new, and stored as it was fetched', async () => {
    const reader = new ScriptedReader({ '404-1': [full(1)], '404-2': [full(2)] });
    const source = new ScriptedSource([[undefined, aPage([partial(1), partial(2), aRemoteOrder(3)])]]);
    const facts = await pullOrders(depsWith(source, { reader }), job, plenty);
    expect(facts).toMatchObject({ outcome: 'completed', created: 3, fetchedSingly: 2 });
    expect((await stored(1))?.serviceLevel).toBe('FETCHED');
    expect((await stored(3))?.serviceLevel).toBe('STANDARD');
    expect(await watermark()).toBe(UNTIL);
  });

  test('costs a call of the same quota as the pages', async () => {
    await leave(4);
    const reader = new ScriptedReader({ '404-1': [full(1)], '404-2': [full(2)] });
    const source = new ScriptedSource([[undefined, aPage([partial(1), partial(2)])]]);
    await pullOrders(depsWith(source, { reader }), job, plenty);
    expect(await quota.take(BUCKET, plan, nowMs)).toEqual({ granted: true });
    expect(await quota.take(BUCKET, plan, nowMs)).toMatchObject({ granted: false });
  });

  test('is not fetched when it is stored already, changed or not', async () => {
    await orders.putOrder(anOrder({ ...aRemoteOrder(1).order, updatedAt: '2026-11-23T09:00:00.000Z' }));
    await orders.putOrder(anOrder(aRemoteOrder(2).order));
    const reader = new ScriptedReader({});
    const source = new ScriptedSource([[undefined, aPage([partial(1), partial(2)])]]);
    const facts = await pullOrders(depsWith(source, { reader }), job, plenty);
    expect(facts).toMatchObject({ updated: 1, unchanged: 1, fetchedSingly: 0 });
  });

  test('that is gone by now is stored as the list has it', async () => {
    const reader = new ScriptedReader({ '404-1': [undefined] });
    const source = new ScriptedSource([[undefined, aPage([partial(1)])]]);
    expect(await pullOrders(depsWith(source, { reader }), job, plenty)).toMatchObject({ created: 1 });
    expect((await stored(1))?.serviceLevel).toBe('STANDARD');
  });

  test('without the quota for it waits with its page, and the pull goes on where it was', async () => {
    await leave(2);
    const reader = new ScriptedReader({ '404-1': [full(1)], '404-2': [full(2)], '404-3': [full(3)] });
    const page = aPage([aRemoteOrder(4), partial(1), partial(2), partial(3)]);
    const source = new ScriptedSource([
      ['p2', page],
      ['p2', page],
    ]);
    const inTheMiddle = {
      ...job,
      window: { from: '2026-11-23T09:30:00.000Z', until: UNTIL, pageToken: 'p2' },
    };
    const facts = await pullOrders(depsWith(source, { reader }), inTheMiddle, plenty);
    // One call for the page, one for the first order: the next one grows in 10 s, those for the page and the last in 20.
    expect(facts).toMatchObject({ outcome: 'put-back', putBack: { because: 'quota', delayMs: 30_000 } });
    expect(facts).toMatchObject({ pages: 0, created: 2 });
    expect(queue.sent[0]?.job.window?.pageToken).toBe('p2');
    expect(await watermark()).toBe(WATERMARK);

    nowMs += 30_000;
    const rest = await pullOrders(depsWith(source, { reader }), queue.sent[0]?.job ?? job, plenty);
    expect(rest).toMatchObject({ outcome: 'completed', created: 2, unchanged: 2, fetchedSingly: 2 });
    expect(reader.asked).toEqual(['404-1', '404-2', '404-3']);
    expect(await watermark()).toBe(UNTIL);
  });

  test('never lets a pull read its page again and again without a call left for an order', async () => {
    await leave(1);
    const facts = await pullOrders(
      depsWith(new ScriptedSource([]), { reader: new ScriptedReader({}) }),
      job,
      plenty,
    );
    expect(facts.putBack).toEqual({ because: 'quota', delayMs: 10_000 });
  });

  test('that the partner throttles waits as long as the partner says', async () => {
    const throttled = new ThrottledError('amazon', 'amazon: 429', { retryAfterMs: 70_000 });
    const reader = new ScriptedReader({ '404-1': [throttled] });
    const source = new ScriptedSource([[undefined, aPage([partial(1)])]]);
    const facts = await pullOrders(depsWith(source, { reader }), job, plenty);
    expect(facts.putBack).toEqual({ because: 'throttled', delayMs: 70_000 });
    expect(await quota.take(BUCKET, plan, nowMs)).toMatchObject({ granted: false });
    expect(await stored(1)).toBeUndefined();
  });

  test('for which there is no time is left to the next run', async () => {
    const left = [60_000, 60_000, 19_999];
    const reader = new ScriptedReader({ '404-1': [full(1)] });
    const source = new ScriptedSource([[undefined, aPage([partial(1), partial(2)])]]);
    const facts = await pullOrders(depsWith(source, { reader }), job, () => left.shift() ?? 0);
    expect(facts).toMatchObject({ putBack: { because: 'time', delayMs: 0 }, created: 1 });
  });

  test.each([
    ['answered wrongly', new UnexpectedAnswerError('amazon', 'amazon getOrder: total: invalid')],
    ['refused', new RejectedError('amazon', 'amazon: 400', { status: 400 })],
  ])('and is %s keeps no other away, and holds the watermark until it can be read', async (_, error) => {
    const reader = new ScriptedReader({ '404-1': [error], '404-2': [full(2)] });
    const source = new ScriptedSource([[undefined, aPage([partial(1), partial(2)])]]);
    const facts = await pullOrders(depsWith(source, { reader }), job, plenty);
    expect(facts).toMatchObject({ outcome: 'completed', created: 1, unreadableCount: 1 });
    expect(facts.unreadable[0]).toMatchObject({ marketplaceOrderId: '404-1', problem: error.message });
    expect(await stored(1)).toBeUndefined();
    expect(await watermark()).toBe('2026-11-23T09:50:00.000Z');
  });

  test.each([401, 403])('and a lost authorisation (%i) fails the pull', async (status) => {
    const refused = new RejectedError('amazon', `amazon: ${status}`, { status });
    const reader = new ScriptedReader({ '404-1': [refused] });
    const source = new ScriptedSource([[undefined, aPage([partial(1)])]]);
    await expect(pullOrders(depsWith(source, { reader }), job, plenty)).rejects.toBe(refused);
    expect(await watermark()).toBe(WATERMARK);
  });

  test('is stored as it is where single orders cannot be read', async () => {
    const source = new ScriptedSource([[undefined, aPage([partial(1)])]]);
    expect(await pullOrders(depsWith(source), job, plenty)).toMatchObject({ created: 1, fetchedSingly: 0 });
  });
});

describe('an order that changes its status', () => {
  const changed = (status: Order['status']) =>
    new ScriptedSource([
      [undefined, aPage([aRemoteOrder(1, { status, updatedAt: '2026-11-23T09:55:00.000Z' })])],
    ]);

  test('as nobody expects is stored with a mark', async () => {
    await orders.putOrder(anOrder({ ...aRemoteOrder(1).order, status: 'shipped' }));
    await pullOrders(depsWith(changed('cancelled')), job, plenty);
    expect((await stored(1))?.unexpectedMove).toEqual({
      from: 'shipped',
      to: 'cancelled',
      at: '2026-11-23T09:55:00.000Z',
    });
  });

  test('as expected has none', async () => {
    await orders.putOrder(anOrder({ ...aRemoteOrder(1).order, status: 'unshipped' }));
    await pullOrders(depsWith(changed('shipped')), job, plenty);
    expect((await stored(1))?.unexpectedMove).toBeUndefined();
  });
});

describe('follow-ups', () => {
  const id = orderId('amazon', '404-1');
  const nameless = (overrides: Partial<Order> = {}): RemoteOrder => {
    const { order, buyer } = aRemoteOrder(1, overrides);
    return {
      order,
      buyer: buyer && { ...buyer, state: 'waiting', name: undefined, deliveryAddress: undefined },
    };
  };
  const [line] = anOrder().lines;
  const lines = line
    ? [
        { ...line, customised: true },
        { ...line, orderLineId: '2' },
      ]
    : [];
  const pullOne = (remote: RemoteOrder, more: Partial<PullOrdersDeps> = {}) =>
    pullOrders(depsWith(new ScriptedSource([[undefined, aPage([remote])]]), more), job, plenty);
  const kinds = async () => (await followUps.ofOrder(id)).map(({ kind, orderLineId }) => [kind, orderLineId]);

  test('ask for the name that an order to be shipped came without, in five minutes and before it must leave', async () => {
    await pullOne(nameless());
    expect(await followUps.ofOrder(id)).toEqual([
      {
        kind: 'personal-data',
        orderId: id,
        orderLineId: '',
        marketplace: 'amazon',
        marketplaceOrderId: '404-1',
        accountId: 'A1EXAMPLE',
        siteId: 'APJ6JRA9NG5V4',
        channelId: 'amazon-it',
        wantedAt: '2026-11-23T10:00:00.000Z',
        deadline: '2026-11-23T22:59:59.000Z',
        state: 'waiting',
        dueAt: '2026-11-23T10:05:00.000Z',
        attempts: 0,
        version: 1,
      },
    ]);
  });

  test('ask for the file of each customised line at once', async () => {
    await pullOne(aRemoteOrder(1, { lines }));
    expect(await followUps.ofOrder(id)).toMatchObject([
      { kind: 'customisation', orderLineId: line?.orderLineId, dueAt: '2026-11-23T10:00:00.000Z' },
    ]);
  });

  test('are none when the name came with the order', async () => {
    await pullOne(aRemoteOrder(1));
    expect(await kinds()).toEqual([]);
  });

  test('are none when the name had come before', async () => {
    await pullOne(aRemoteOrder(1, { updatedAt: '2026-11-23T09:40:00.000Z' }));
    await pullOne(nameless({ updatedAt: '2026-11-23T09:55:00.000Z' }));
    expect(await kinds()).toEqual([]);
  });

  test.each(['shipped', 'cancelled'] as const)('are none for a nameless order that is %s', async (status) => {
    await pullOne(nameless({ status, lines: [] }));
    expect(await kinds()).toEqual([]);
  });

  test('ask for the name of a shipped order where a provider has it, but of no cancelled one', async () => {
    const personalDataModule: Channel['personalDataModule'] = { providerAccountId: 'p', moduleId: 'm' };
    channels = new MemoryChannelStore([aChannel({ personalDataModule })]);
    await pullOne(nameless({ status: 'cancelled' }));
    expect(await kinds()).toEqual([]);
    await pullOne(nameless({ status: 'shipped', updatedAt: '2026-11-23T09:55:00.000Z' }));
    expect(await kinds()).toEqual([['personal-data', '']]);
  });

  test('are none for what the marketplace ships itself', async () => {
    await pullOne(nameless({ fulfilledBy: 'marketplace' }));
    expect(await kinds()).toEqual([]);
  });

  test('are none for an order whose personal data may not be kept any more, or was deleted', async () => {
    await pullOne(nameless({ deliverBy: { latest: '2026-10-20T00:00:00.000Z' }, lines }));
    expect(await kinds()).toEqual([]);
    await pullOne(nameless({ updatedAt: '2026-11-23T09:55:00.000Z', lines }), {
      buyers: {
        putBuyer: async () => ({ outcome: 'unchanged', state: 'deleted' }),
        getBuyer: () => Promise.reject(new Error('not part of a pull')),
      },
    });
    expect(await kinds()).toEqual([]);
  });

  test('stay as they are when the order comes again, changed or not', async () => {
    await pullOne(nameless({ lines }));
    const [customisation] = await followUps.ofOrder(id);
    if (customisation === undefined) throw new Error('nothing was left to do');
    const { dueAt: _, ...done } = customisation;
    await followUps.change({ ...done, state: 'done' }, 1);
    const before = await followUps.ofOrder(id);
    nowMs += 600_000;
    await pullOne(nameless({ lines }));
    await pullOne(nameless({ lines, updatedAt: '2026-11-23T09:55:00.000Z' }));
    expect(await followUps.ofOrder(id)).toEqual(before);
  });

  test.each([0, 1, 2, 3, 4])(
    'are there whenever the order is, with a crash after %i writes',
    async (writes) => {
      let left = writes;
      const crashing = async <Result>(write: () => Promise<Result>): Promise<Result> => {
        if (left === 0) throw new Error('crash');
        left -= 1;
        return write();
      };
      const faulty: Partial<PullOrdersDeps> = {
        buyers: {
          putBuyer: (buyer) => crashing(() => buyers.putBuyer(buyer)),
          getBuyer: (buyerId) => buyers.getBuyer(buyerId),
        },
        followUps: Object.assign(new MemoryFollowUpStore(), {
          ensure: (followUp: Parameters<MemoryFollowUpStore['ensure']>[0]) =>
            crashing(() => followUps.ensure(followUp)),
        }),
        orders: Object.assign(new MemoryOrderStore(), {
          getMany: (ids: Parameters<MemoryOrderStore['getMany']>[0]) => orders.getMany(ids),
          putOrder: (...put: Parameters<MemoryOrderStore['putOrder']>) =>
            crashing(() => orders.putOrder(...put)),
        }),
      };
      const remote = nameless({ lines });
      const first = pullOne(remote, faulty);
      if (writes < 4) await expect(first).rejects.toThrow('crash');
      else await first;
      if ((await stored(1)) !== undefined) expect(await kinds()).toHaveLength(2);

      await pullOne(remote);
      expect(await kinds()).toEqual([
        ['customisation', line?.orderLineId],
        ['personal-data', ''],
      ]);
      expect((await stored(1))?.marketplaceOrderId).toBe('404-1');
    },
  );
});
