import { beforeEach, describe, expect, test } from 'vitest';
import { ChannelWorld } from '../../tests/support/channel-world.ts';
import { MemoryOrderStore } from '../../tests/support/memory/order-store.ts';
import { aChannel, aPage, aRemoteOrder, ScriptedSource } from '../../tests/support/order-pages.ts';
import { anOrder } from '../../tests/support/orders.ts';
import { RejectedError, ThrottledError, UnavailableError } from '../domain/errors.ts';
import { DRY_RUN_PAGES_MAX, dryRunChannel } from './dry-run-channel.ts';

const plenty = () => 60_000;
const plan = { ratePerSecond: 0.0056, burst: 20 };

let world: ChannelWorld;
let orders: MemoryOrderStore;
beforeEach(() => {
  world = new ChannelWorld([aChannel({ ordersSync: false, ordersWatermark: undefined })]);
  orders = new MemoryOrderStore();
});
const run = (script: ConstructorParameters<typeof ScriptedSource>[0], remainingMs = plenty) => {
  const source = new ScriptedSource(script);
  const searched = { source, search: { operation: 'searchOrders', plan } };
  return dryRunChannel({ ...world, orders, sources: { amazon: searched } }, 'amazon-it', remainingMs).then(
    (answer) => ({ answer, asked: source.asked }),
  );
};
const withoutBuyer = (n: number) => ({ ...aRemoteOrder(n), buyer: undefined });

describe('a dry run', () => {
  test('counts what the first pull would bring, and stores none of it', async () => {
    await orders.putOrder(anOrder({ ...aRemoteOrder(1).order, updatedAt: '2026-11-01T00:00:00.000Z' }));
    const { answer, asked } = await run([
      [undefined, aPage([aRemoteOrder(1), withoutBuyer(2)], 'p2')],
      [
        'p2',
        aPage([aRemoteOrder(3, { siteId: 'A1PA6795UKMFR9' })], undefined, {
          unreadable: [{ marketplaceOrderId: '404-9', updatedAt: undefined, problem: 'x' }],
        }),
      ],
    ]);
    expect(answer).toEqual({
      outcome: 'counted',
      complete: true,
      window: { from: '2026-10-24T00:00:00.000Z', until: '2026-11-23T09:58:00.000Z' },
      counts: { total: 3, known: 1, withoutPersonalData: 1, notCovered: 1, unreadable: 1 },
      refusedSiteIds: [],
    });
    expect(asked[0]?.window).toMatchObject({ accountId: 'A1EXAMPLE', siteIds: ['APJ6JRA9NG5V4'] });
    const { records } = await orders.listOrders({ channelId: 'amazon-it', limit: 10 });
    expect(records).toHaveLength(1);
    expect((await world.channels.getChannel('amazon-it'))?.ordersWatermark).toBeUndefined();
  });

  test('counts an order that two pages show only once', async () => {
    const { answer } = await run([
      [undefined, aPage([aRemoteOrder(1)], 'p2')],
      ['p2', aPage([aRemoteOrder(1)])],
    ]);
    expect(answer).toMatchObject({ counts: { total: 1 } });
  });

  test('counts a company or a delivery name as a name, and empty text as none', async () => {
    const buyer = aRemoteOrder(1).buyer;
    if (buyer === undefined) throw new Error('no buyer');
    const bare = { ...buyer, name: ' ', deliveryAddress: undefined };
    const { answer } = await run([
      [
        undefined,
        aPage([
          { ...aRemoteOrder(1), buyer: bare },
          { ...aRemoteOrder(2), buyer: { ...bare, company: 'Ditta' } },
          { ...aRemoteOrder(3), buyer: { ...bare, deliveryAddress: { name: 'N', lines: [] } } },
        ]),
      ],
    ]);
    expect(answer).toMatchObject({ counts: { total: 3, withoutPersonalData: 1 } });
  });

  test('reads so many pages and no more, and says that there are others', async () => {
    const script = [undefined, 'p2', 'p3', 'p4'].map(
      (token, n) => [token, aPage([aRemoteOrder(n)], `p${n + 2}`)] as const,
    );
    const { answer, asked } = await run(script);
    expect(asked).toHaveLength(DRY_RUN_PAGES_MAX);
    expect(answer).toMatchObject({ complete: false, counts: { total: DRY_RUN_PAGES_MAX } });
  });

  test('ends with what it has when the time runs out', async () => {
    const { answer, asked } = await run([[undefined, aPage([aRemoteOrder(1)], 'p2')]], () => 1_000);
    expect(asked).toHaveLength(1);
    expect(answer).toMatchObject({ complete: false, counts: { total: 1 } });
  });

  test.each([new ThrottledError('amazon', 'x', { retryAfterMs: 1 }), new UnavailableError('amazon', 'x')])(
    'ends with what it has when a later page fails (%s)',
    async (error) => {
      const { answer } = await run([
        [undefined, aPage([aRemoteOrder(1)], 'p2')],
        ['p2', error],
      ]);
      expect(answer).toMatchObject({ complete: false, counts: { total: 1 } });
    },
  );

  test('leaves calls to the pulls, and says when to try again', async () => {
    const bucket = 'amazon/A1EXAMPLE/searchOrders';
    for (let call = 0; call < 15; call += 1) await world.quota.take(bucket, plan, world.nowMs);
    const { answer, asked } = await run([]);
    expect(asked).toEqual([]);
    expect(answer).toEqual({ outcome: 'no-calls-left', retryAfterMs: 178_572 });
    expect(await world.quota.take(bucket, plan, world.nowMs)).toEqual({ granted: true });
  });

  test('that the marketplace throttles empties the bucket, so that others wait too', async () => {
    const { answer } = await run([[undefined, new ThrottledError('amazon', 'x', { retryAfterMs: 5_000 })]]);
    expect(answer).toEqual({ outcome: 'no-calls-left', retryAfterMs: 5_000 });
    const next = await world.quota.take('amazon/A1EXAMPLE/searchOrders', plan, world.nowMs);
    expect(next.granted).toBe(false);
  });

  test.each([
    [new RejectedError('amazon', 'x', { status: 401 }), 'unauthorised'],
    [new RejectedError('amazon', 'x', { status: 403 }), 'forbidden'],
    [new UnavailableError('amazon', 'x'), 'unavailable'],
  ])('that fails with %s says why', async (error, problem) => {
    expect((await run([[undefined, error]])).answer).toEqual({ outcome: 'failed', problem });
  });

  test('names the contracts that were refused', async () => {
    const page = aPage([], undefined, { refusedSites: ['70002'] });
    expect((await run([[undefined, page]])).answer).toMatchObject({ refusedSiteIds: ['70002'] });
  });

  test('of a channel that is not there or archived, or with nothing to pull, asks nobody', async () => {
    world = new ChannelWorld();
    expect((await run([])).answer).toEqual({ outcome: 'unknown-channel' });
    world = new ChannelWorld([aChannel({ archivedAt: '2026-11-01T00:00:00.000Z' })]);
    expect((await run([])).answer).toEqual({ outcome: 'archived' });
    world = new ChannelWorld([
      aChannel({ ordersWatermark: undefined, ordersFrom: '2026-11-23T09:59:00.000Z' }),
    ]);
    expect((await run([])).answer).toEqual({ outcome: 'nothing-to-pull' });
  });
});
