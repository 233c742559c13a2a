import { beforeEach, describe, expect, test } from 'vitest';
import { orderPullRequestedSchema } from '../../events/order-pull-requested.ts';
import { anAccount } from '../../tests/support/accounts.ts';
import { MemoryAccountStore } from '../../tests/support/memory/account-store.ts';
import { MemoryChannelStore } from '../../tests/support/memory/channel-store.ts';
import { MemoryJobQueue } from '../../tests/support/memory/job-queue.ts';
import type { Channel } from '../domain/channel.ts';
import { planOrderPulls } from './plan-order-pulls.ts';
import type { OrderPullJob } from './pull-orders.ts';

const NOW = Date.parse('2026-11-23T10:04:00Z');
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

let amazon: MemoryJobQueue<OrderPullJob>;
let manomano: MemoryJobQueue<OrderPullJob>;
let accounts: MemoryAccountStore;
beforeEach(() => {
  amazon = new MemoryJobQueue();
  manomano = new MemoryJobQueue();
  accounts = new MemoryAccountStore();
});
const plan = (channels: readonly Channel[], nowMs = NOW) =>
  planOrderPulls({
    channels: new MemoryChannelStore(channels),
    accounts,
    queues: { amazon, manomano },
    clock: { now: () => nowMs },
  });

test('each account with a channel switched on is pulled once, however many channels it has', async () => {
  const planned = await plan([
    channel('it'),
    channel('de'),
    channel('fr', { accountId: 'A2', ordersSync: false }),
    channel('es', { accountId: 'A3' }),
    channel('mm', { marketplace: 'manomano', accountId: 'shop' }),
    channel('ebay', { marketplace: 'ebay', accountId: 'shop' }),
  ]);
  expect(amazon.sent.map(({ job }) => job.accountId).sort()).toEqual(['A1EXAMPLE', 'A3']);
  expect(manomano.sent.map(({ job }) => job.accountId)).toEqual(['shop']);
  expect(amazon.sent[0]?.job).toEqual({
    type: 'order-pull-requested',
    version: 1,
    correlationId: `2026-11-23T10:04:00.000Z/amazon/${amazon.sent[0]?.job.accountId}`,
    marketplace: 'amazon',
    accountId: amazon.sent[0]?.job.accountId,
  });
  expect(planned.unsupportedChannels).toEqual(['ebay']);
  for (const { job } of [...amazon.sent, ...manomano.sent]) {
    expect(orderPullRequestedSchema.parse(job)).toEqual(job);
  }
});

test('nothing is asked for while every channel is off or archived', async () => {
  expect(
    await plan([
      channel('it', { ordersSync: false }),
      channel('de', { archivedAt: '2026-11-01T00:00:00.000Z' }),
    ]),
  ).toEqual({ requested: [], revoked: [], unsupportedChannels: [] });
  expect(amazon.sent).toEqual([]);
});

describe('an account whose authorisation is gone', () => {
  test('is left out and named, while the others are pulled', async () => {
    await accounts.putAccount(anAccount({ health: 'revoked' }), 0);
    await accounts.putAccount(anAccount({ accountId: 'A3', health: 'failing' }), 0);
    const planned = await plan([
      channel('it'),
      channel('es', { accountId: 'A3' }),
      channel('x', { accountId: 'A4' }),
    ]);
    expect(planned.requested.map(({ accountId }) => accountId)).toEqual(['A3', 'A4']);
    expect(planned.revoked).toEqual(['amazon/A1EXAMPLE']);
  });

  test('at one marketplace does not stop an account of the same name at another', async () => {
    await accounts.putAccount(anAccount({ health: 'revoked' }), 0);
    const planned = await plan([channel('mm', { marketplace: 'manomano' })]);
    expect(planned.requested).toEqual([{ marketplace: 'manomano', accountId: 'A1EXAMPLE' }]);
  });
});

describe('the pace', () => {
  const seen = (secondsAgo: number): Partial<Channel> => ({
    ordersWatermark: new Date(NOW - secondsAgo * 1000).toISOString(),
  });

  test('lets every tick of the schedule ask, even one that comes a little early', async () => {
    expect((await plan([channel('it', seen(330))])).requested).toHaveLength(1);
  });

  test('leaves an account alone that a person has just had pulled', async () => {
    expect((await plan([channel('it', seen(180))])).requested).toEqual([]);
  });

  test('asks for an account of which one channel is behind', async () => {
    expect((await plan([channel('it', seen(180)), channel('de', seen(3600))])).requested).toHaveLength(1);
  });

  test('of ManoMano keeps 60 % of its 250 calls an hour for other work, whatever the number of contracts', async () => {
    for (const contracts of [1, 5, 10, 20]) {
      const siteIds = Array.from({ length: contracts }, (_, n) => `${4000 + n}`);
      let watermark = NOW - 86_400_000;
      let calls = 0;
      for (let tick = 0; tick < 60; tick += 4) {
        const nowMs = NOW + tick * 60_000;
        const ordersWatermark = new Date(watermark).toISOString();
        const mm = channel('mm', { marketplace: 'manomano', siteIds, ordersWatermark });
        if ((await plan([mm], nowMs)).requested.length === 0) continue;
        calls += contracts;
        watermark = nowMs - 120_000;
      }
      expect(calls, `${contracts} contracts`).toBeLessThanOrEqual(100);
      expect(calls).toBeGreaterThan(0);
    }
  });
});

describe('a channel far behind the others of its account', () => {
  const current = channel('it', { ordersWatermark: '2026-11-23T10:00:00.000Z' });

  test('is caught up in the background while they keep their pace', async () => {
    const behind = channel('de', { ordersWatermark: '2026-10-24T00:15:00.000Z' });
    await plan(
      [{ ...current, ordersWatermark: '2026-11-23T09:50:00.000Z' }, behind],
      Date.parse('2026-11-23T10:01:00Z'),
    );
    expect(amazon.sent.map(({ job }) => [job.reason, job.window?.siteIds])).toEqual([
      ['re-scan', ['de']],
      [undefined, undefined],
    ]);
    expect(amazon.sent[0]?.job.window).toMatchObject({
      from: '2026-10-24T00:00:00.000Z',
      until: '2026-10-29T00:00:00.000Z',
      goesOnUntil: '2026-11-23T09:59:00.000Z',
    });
    expect(orderPullRequestedSchema.parse(amazon.sent[0]?.job)).toEqual(amazon.sent[0]?.job);
  });

  test('is tried once in a quarter of an hour', async () => {
    const refused = channel('de', { ordersWatermark: '2026-10-01T00:00:00.000Z' });
    let asked = 0;
    for (let minute = 0; minute < 120; minute += 4) {
      amazon = new MemoryJobQueue();
      await plan([current, refused], Date.parse('2026-11-23T10:01:00Z') + minute * 60_000);
      asked += amazon.sent.filter(({ job }) => job.reason === 're-scan').length;
    }
    expect(asked).toBe(8);
  });

  test.each([
    [
      'it is new and a window reaches back to its beginning',
      { ordersFrom: '2026-10-24T00:00:00.000Z' },
      false,
    ],
    ['it is new and begins further back', { ordersFrom: '2026-09-24T00:00:00.000Z' }, true],
    ['it is less than a day behind', { ordersWatermark: '2026-11-22T11:00:00.000Z' }, false],
  ])('is pulled apart or not: %s', async (_, overrides, apart) => {
    await plan([current, channel('de', overrides)], Date.parse('2026-11-23T10:01:00Z'));
    expect(amazon.sent.some(({ job }) => job.reason === 're-scan')).toBe(apart);
  });

  test('is not apart when all are as far behind', async () => {
    await plan([channel('it'), channel('de')], Date.parse('2026-11-23T10:01:00Z'));
    expect(amazon.sent.map(({ job }) => job.reason)).toEqual([undefined]);
  });
});
