import { expect, test } from 'vitest';
import { orderPullRequestedSchema } from '../../events/order-pull-requested.ts';
import { MemoryChannelStore } from '../../tests/support/memory/channel-store.ts';
import { MemoryJobQueue } from '../../tests/support/memory/job-queue.ts';
import type { Channel } from '../domain/channel.ts';
import { planOrderPulls } from './plan-order-pulls.ts';
import type { OrderPullJob } from './pull-orders.ts';

const channel = (channelId: string, overrides: Partial<Channel> = {}): Channel => ({
  channelId,
  name: channelId,
  marketplace: 'amazon',
  accountId: 'A1EXAMPLE',
  siteIds: [channelId],
  country: 'IT',
  timeZone: 'Europe/Rome',
  ordersSync: true,
  ordersFrom: '2026-10-24T00:00:00.000Z',
  ...overrides,
});
const clock = { now: () => Date.parse('2026-11-23T10:04:00Z') };

test('each account with a channel switched on is pulled once, however many channels it has', async () => {
  const queue = new MemoryJobQueue<OrderPullJob>();
  const channels = new MemoryChannelStore([
    channel('it'),
    channel('de'),
    channel('fr', { accountId: 'A2', ordersSync: false }),
    channel('es', { accountId: 'A3' }),
    channel('ebay', { marketplace: 'ebay', accountId: 'shop' }),
  ]);
  const planned = await planOrderPulls({ channels, queues: { amazon: queue }, clock });
  expect(queue.sent.map(({ job }) => job.accountId).sort()).toEqual(['A1EXAMPLE', 'A3']);
  expect(queue.sent[0]?.job).toEqual({
    type: 'order-pull-requested',
    version: 1,
    correlationId: `2026-11-23T10:04:00.000Z/amazon/${queue.sent[0]?.job.accountId}`,
    marketplace: 'amazon',
    accountId: queue.sent[0]?.job.accountId,
  });
  expect(planned.unsupportedChannels).toEqual(['ebay']);
  for (const { job } of queue.sent) expect(orderPullRequestedSchema.parse(job)).toEqual(job);
});

test('nothing is asked for while every channel is off', async () => {
  const queue = new MemoryJobQueue<OrderPullJob>();
  const channels = new MemoryChannelStore([channel('it', { ordersSync: false })]);
  expect(await planOrderPulls({ channels, queues: { amazon: queue }, clock })).toEqual({
    requested: [],
    unsupportedChannels: [],
  });
  expect(queue.sent).toEqual([]);
});
