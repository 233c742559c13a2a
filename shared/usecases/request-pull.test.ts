import { beforeEach, describe, expect, test } from 'vitest';
import { orderPullRequestedSchema } from '../../events/order-pull-requested.ts';
import { anAccount } from '../../tests/support/accounts.ts';
import { MemoryAccountStore } from '../../tests/support/memory/account-store.ts';
import { MemoryChannelStore } from '../../tests/support/memory/channel-store.ts';
import { MemoryJobQueue } from '../../tests/support/memory/job-queue.ts';
import { aChannel, IT } from '../../tests/support/order-pages.ts';
import type { OrderPullJob } from './pull-orders.ts';
import type { AskForPullsDeps } from './pulled-accounts.ts';
import { requestBackfill, requestSyncNow } from './request-pull.ts';

const NOW = '2026-11-23T10:00:00.000Z';
let amazon: MemoryJobQueue<OrderPullJob>;
let deps: AskForPullsDeps;
beforeEach(() => {
  amazon = new MemoryJobQueue();
  deps = {
    channels: new MemoryChannelStore([
      aChannel(),
      aChannel({ channelId: 'amazon-de', siteIds: ['A1PA6795UKMFR9'] }),
      aChannel({ channelId: 'off', ordersSync: false }),
      aChannel({ channelId: 'closed', archivedAt: '2026-11-01T00:00:00.000Z' }),
      aChannel({ channelId: 'ebay-it', marketplace: 'ebay' }),
      aChannel({ channelId: 'revoked', accountId: 'A2' }),
    ]),
    accounts: new MemoryAccountStore(),
    queues: { amazon },
    clock: { now: () => Date.parse(NOW) },
  };
});
const jobs = () => amazon.sent.map(({ job }) => orderPullRequestedSchema.parse(job));

const REFUSED = [
  ['nobody', 'unknown-channel'],
  ['off', 'sync-off'],
  ['closed', 'archived'],
  ['ebay-it', 'not-supported'],
  ['revoked', 'revoked'],
] as const;

describe('sync now', () => {
  test('asks for an ordinary pull of the account, at once', async () => {
    expect(await requestSyncNow(deps, 'amazon-it')).toEqual({ outcome: 'requested' });
    expect(jobs()).toEqual([
      {
        type: 'order-pull-requested',
        version: 1,
        correlationId: `sync-now/${NOW}/amazon/A1EXAMPLE`,
        marketplace: 'amazon',
        accountId: 'A1EXAMPLE',
        reason: 'sync-now',
      },
    ]);
    expect(amazon.sent[0]?.delayMs).toBe(0);
  });

  test.each(REFUSED)('of %s is refused: %s', async (channelId, outcome) => {
    await deps.accounts.putAccount(anAccount({ accountId: 'A2', health: 'revoked' }), 0);
    expect(await requestSyncNow(deps, channelId)).toEqual({ outcome });
    expect(jobs()).toEqual([]);
  });
});

describe('a backfill', () => {
  const backfill = (from: string, until: string, channelId = 'amazon-it') =>
    requestBackfill(deps, channelId, { from, until });

  test('asks for what was created on its days, whole in the channel’s time zone, of its sites only', async () => {
    // Summer time ended on 25 October: the first day begins at 22:00 UTC, the last one ends at 23:00.
    expect(await backfill('2026-10-24', '2026-10-26')).toEqual({
      outcome: 'requested',
      from: '2026-10-23T22:00:00.000Z',
      until: '2026-10-26T23:00:00.000Z',
    });
    expect(jobs()).toEqual([
      {
        type: 'order-pull-requested',
        version: 1,
        correlationId: `backfill/${NOW}/amazon-it/amazon/A1EXAMPLE`,
        marketplace: 'amazon',
        accountId: 'A1EXAMPLE',
        reason: 'backfill',
        window: {
          from: '2026-10-23T22:00:00.000Z',
          until: '2026-10-26T23:00:00.000Z',
          by: 'created',
          siteIds: [IT],
        },
      },
    ]);
  });

  test('of two years begins with its first slice', async () => {
    expect(await backfill('2024-11-24', '2026-11-22')).toMatchObject({ outcome: 'requested' });
    expect(jobs()[0]?.window).toMatchObject({
      from: '2024-11-23T23:00:00.000Z',
      until: '2024-11-28T23:00:00.000Z',
      goesOnUntil: '2026-11-22T23:00:00.000Z',
    });
  });

  test('up to today ends where the marketplace has settled', async () => {
    expect(await backfill('2026-11-23', '2026-11-23')).toMatchObject({ until: '2026-11-23T09:58:00.000Z' });
  });

  test.each([
    ['2026-02-30', '2026-03-01', 'not-a-date'],
    ['2026-03-01', 'yesterday', 'not-a-date'],
    ['2026-03-02', '2026-03-01', 'ends-before-it-begins'],
    ['2026-11-20', '2026-11-24', 'in-the-future'],
    ['2027-01-01', '2027-01-02', 'in-the-future'],
    ['2024-11-22', '2024-12-01', 'too-far-back'],
  ] as const)('from %s until %s is refused: %s', async (from, until, because) => {
    expect(await backfill(from, until)).toEqual({ outcome: 'wrong-dates', because });
    expect(jobs()).toEqual([]);
  });

  test.each(REFUSED)('of %s is refused: %s', async (channelId, outcome) => {
    await deps.accounts.putAccount(anAccount({ accountId: 'A2', health: 'revoked' }), 0);
    expect(await backfill('2026-11-01', '2026-11-02', channelId)).toEqual({ outcome });
    expect(jobs()).toEqual([]);
  });
});
