import { beforeEach, expect, test } from 'vitest';
import { orderPullRequestedSchema } from '../../events/order-pull-requested.ts';
import { anAccount } from '../../tests/support/accounts.ts';
import { MemoryAccountStore } from '../../tests/support/memory/account-store.ts';
import { MemoryChannelStore } from '../../tests/support/memory/channel-store.ts';
import { MemoryJobQueue } from '../../tests/support/memory/job-queue.ts';
import { aChannel, IT } from '../../tests/support/order-pages.ts';
import type { Channel } from '../domain/channel.ts';
import { planReScans } from './plan-re-scans.ts';
import type { OrderPullJob } from './pull-orders.ts';

/** Half past two in Italy, in winter. */
const TUESDAY = Date.parse('2026-11-24T01:30:00.000Z');
const MONDAY = Date.parse('2026-11-23T01:30:00.000Z');
const DE = 'A1PA6795UKMFR9';

let amazon: MemoryJobQueue<OrderPullJob>;
let accounts: MemoryAccountStore;
beforeEach(() => {
  amazon = new MemoryJobQueue();
  accounts = new MemoryAccountStore();
});
const plan = (channels: readonly Channel[], nowMs: number) =>
  planReScans({
    channels: new MemoryChannelStore(channels),
    accounts,
    queues: { amazon },
    clock: { now: () => nowMs },
  });
const jobs = () => amazon.sent.map(({ job }) => orderPullRequestedSchema.parse(job));

test('every night the last five days of every account are looked at again', async () => {
  const planned = await plan([aChannel(), aChannel({ channelId: 'amazon-de', siteIds: [DE] })], TUESDAY);
  expect(planned).toEqual({ reScans: ['amazon/A1EXAMPLE'], countChecks: [] });
  expect(jobs()).toEqual([
    {
      type: 'order-pull-requested',
      version: 1,
      correlationId: 're-scan/2026-11-24/amazon/A1EXAMPLE',
      marketplace: 'amazon',
      accountId: 'A1EXAMPLE',
      reason: 're-scan',
      window: {
        from: '2026-11-19T01:30:00.000Z',
        until: '2026-11-24T01:28:00.000Z',
        siteIds: [DE, IT],
      },
    },
  ]);
});

test('once a week the orders created in thirty days are counted too, slice by slice', async () => {
  expect(await plan([aChannel({ ordersFrom: '2026-01-01T00:00:00.000Z' })], MONDAY)).toEqual({
    reScans: ['amazon/A1EXAMPLE'],
    countChecks: ['amazon/A1EXAMPLE'],
  });
  expect(jobs()[1]).toMatchObject({
    reason: 'count-check',
    window: {
      by: 'created',
      from: '2026-10-24T01:30:00.000Z',
      until: '2026-10-29T01:30:00.000Z',
      goesOnUntil: '2026-11-23T01:28:00.000Z',
    },
  });
});

test('nothing is counted from before the operator wanted orders', async () => {
  await plan([aChannel({ ordersFrom: '2026-11-22T00:00:00.000Z' })], MONDAY);
  expect(jobs().map(({ window }) => window?.from)).toEqual([
    '2026-11-22T00:00:00.000Z',
    '2026-11-22T00:00:00.000Z',
  ]);
});

test('a channel in its first pull is left to it, and one that begins later has nothing to look at', async () => {
  await plan(
    [
      aChannel({ ordersWatermark: undefined }),
      aChannel({ channelId: 'later', accountId: 'A2', ordersFrom: '2027-01-01T00:00:00.000Z' }),
    ],
    MONDAY,
  );
  expect(jobs()).toEqual([]);
});

test('accounts that are revoked and channels that are off are left alone', async () => {
  await accounts.putAccount(anAccount({ health: 'revoked' }), 0);
  const planned = await plan([aChannel(), aChannel({ accountId: 'A2', ordersSync: false })], MONDAY);
  expect(planned).toEqual({ reScans: [], countChecks: [] });
});

test('a night that is called twice asks for the same, so that one lease holds both', async () => {
  await plan([aChannel()], TUESDAY);
  await plan([aChannel()], TUESDAY + 60_000);
  expect(new Set(jobs().map(({ correlationId }) => correlationId)).size).toBe(1);
});
