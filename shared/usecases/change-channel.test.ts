import { beforeEach, describe, expect, test } from 'vitest';
import { anAccount } from '../../tests/support/accounts.ts';
import { ChannelWorld } from '../../tests/support/channel-world.ts';
import { MemoryBuyerStore } from '../../tests/support/memory/buyer-store.ts';
import { MemoryFollowUpStore } from '../../tests/support/memory/follow-up-store.ts';
import { MemoryJobQueue } from '../../tests/support/memory/job-queue.ts';
import { MemoryOrderStore } from '../../tests/support/memory/order-store.ts';
import { MemoryPullLease } from '../../tests/support/memory/pull-lease.ts';
import { aChannel, aPage, aRemoteOrder, ScriptedSource } from '../../tests/support/order-pages.ts';
import type { ManomanoContract } from '../domain/channel.ts';
import { SETTING_OF, SYNC_SWITCHES } from '../domain/channel-view.ts';
import { archiveChannel, changeChannel, switchSync } from './change-channel.ts';
import { type OrderPullJob, pullOrders } from './pull-orders.ts';

const contract = (contractId: string): ManomanoContract => ({
  contractId,
  country: 'IT',
  deliveryType: 'SELF',
});
const manomano = (channelId: string, contractId: string) =>
  aChannel({
    channelId,
    marketplace: 'manomano',
    accountId: 'shop',
    siteIds: [contractId],
    contracts: [contract(contractId)],
  });

let world: ChannelWorld;
beforeEach(async () => {
  world = new ChannelWorld([
    aChannel({ ordersSync: false, ordersWatermark: undefined }),
    manomano('manomano-it', '70001'),
    manomano('manomano-fr', '70003'),
  ]);
  await world.accounts.putAccount(anAccount(), 0);
});
const channel = (channelId = 'amazon-it') => world.channels.getChannel(channelId);

describe('changing settings', () => {
  test('changes what was named, and writes down before and after', async () => {
    const changed = await changeChannel(
      world,
      'amazon-it',
      { name: ' Negozio ', ordersFrom: '2026-09-01T00:00:00Z' },
      1,
    );
    expect(changed).toMatchObject({ outcome: 'changed', addedSiteIds: [], channel: { version: 2 } });
    expect(await channel()).toMatchObject({ name: 'Negozio', ordersFrom: '2026-09-01T00:00:00.000Z' });
    const { activities } = await world.activities.list({ limit: 1 });
    expect(activities).toMatchObject([
      {
        action: 'channel-changed',
        before: { name: 'Amazon Italia', ordersFrom: '2026-10-24T00:00:00.000Z' },
        after: { name: 'Negozio', ordersFrom: '2026-09-01T00:00:00.000Z' },
      },
    ]);
  });

  test('by two operators at once takes the first and shows the second what stands', async () => {
    const both = await Promise.all([
      changeChannel(world, 'amazon-it', { name: 'One' }, 1),
      changeChannel(world, 'amazon-it', { name: 'Two' }, 1),
    ]);
    expect(both).toMatchObject([
      { outcome: 'changed' },
      { outcome: 'conflict', channel: { name: 'One', version: 2 } },
    ]);
    expect(await world.done()).toHaveLength(1);
  });

  test('on a version of yesterday changes nothing', async () => {
    await changeChannel(world, 'amazon-it', { name: 'One' }, 1);
    expect((await changeChannel(world, 'amazon-it', { name: 'Two' }, 1)).outcome).toBe('conflict');
    // Whatever else is wrong with it: what it was made from is gone.
    expect((await changeChannel(world, 'amazon-it', { name: '' }, 1)).outcome).toBe('conflict');
    expect((await channel())?.name).toBe('One');
  });

  test('of contracts changes the sites and says which are new', async () => {
    const contracts = [contract('70001'), { ...contract('70002'), country: 'uk' }];
    const changed = await changeChannel(world, 'manomano-it', { contracts }, 1);
    expect(changed).toMatchObject({ outcome: 'changed', addedSiteIds: ['70002'] });
    expect(await channel('manomano-it')).toMatchObject({
      siteIds: ['70001', '70002'],
      contracts: [{ country: 'IT' }, { country: 'GB' }],
    });
  });

  test('to a contract of another channel is refused', async () => {
    const contracts = [contract('70001'), contract('70003')];
    expect(await changeChannel(world, 'manomano-it', { contracts }, 1)).toEqual({
      outcome: 'site-taken',
      siteId: '70003',
      by: 'manomano-fr',
    });
  });

  test.each([
    ['amazon-it', { name: '' }, 'name'],
    ['amazon-it', { ordersFrom: '2027-01-01T00:00:00Z' }, 'orders-from'],
    ['amazon-it', { contracts: [contract('70009')] }, 'contracts'],
    ['manomano-it', { contracts: [] }, 'contracts'],
    ['manomano-it', { ordersFrom: '2026-01-01T00:00:00Z' }, 'orders-from-too-late'],
    ['manomano-it', { carriers: [{ carrier: 'brt', code: 'brt' }] }, 'carriers'],
  ])('of %s to %j is refused', async (channelId, changes, fault) => {
    expect(await changeChannel(world, channelId, changes, 1)).toEqual({
      outcome: 'invalid',
      faults: [fault],
    });
    expect((await channel(channelId))?.version).toBeUndefined();
  });

  test('of a channel that is not there, or is archived, is refused', async () => {
    expect(await changeChannel(world, 'nowhere', { name: 'x' }, 1)).toEqual({ outcome: 'unknown-channel' });
    await archiveChannel(world, 'amazon-it');
    expect(await changeChannel(world, 'amazon-it', { name: 'x' }, 2)).toEqual({ outcome: 'archived' });
  });
});

describe('switching a sync', () => {
  test.each(SYNC_SWITCHES)('of %s switches only that, on and off again', async (which) => {
    const before = await channel();
    await switchSync(world, 'amazon-it', which, true);
    expect(await channel()).toEqual({ ...before, [SETTING_OF[which]]: true, version: 2 });
    await switchSync(world, 'amazon-it', which, false);
    expect((await channel())?.[SETTING_OF[which]]).toBe(false);
    expect(await world.done()).toEqual([
      `${which}-sync-switched-off channel/amazon-it`,
      `${which}-sync-switched-on channel/amazon-it`,
    ]);
  });

  test('to where it stands changes nothing and writes nothing down', async () => {
    expect((await switchSync(world, 'amazon-it', 'orders', false)).outcome).toBe('switched');
    expect((await channel())?.version).toBeUndefined();
    expect(await world.done()).toEqual([]);
  });

  test('on needs saved credentials, off does not', async () => {
    expect(await switchSync(world, 'manomano-it', 'tracking', true)).toEqual({ outcome: 'no-credentials' });
    expect((await switchSync(world, 'manomano-it', 'orders', false)).outcome).toBe('switched');
  });

  test('of two things at once by two people does both', async () => {
    const both = await Promise.all([
      switchSync(world, 'amazon-it', 'orders', true),
      switchSync(world, 'amazon-it', 'receipts', true),
    ]);
    expect(both.map(({ outcome }) => outcome)).toEqual(['switched', 'switched']);
    expect(await channel()).toMatchObject({ ordersSync: true, receiptsSync: true, version: 3 });
  });

  test('on an old version is a conflict', async () => {
    await changeChannel(world, 'amazon-it', { name: 'One' }, 1);
    expect((await switchSync(world, 'amazon-it', 'orders', true, 1)).outcome).toBe('conflict');
    expect((await channel())?.ordersSync).toBe(false);
  });

  test('of a channel that is not there, or is archived, is refused', async () => {
    expect((await switchSync(world, 'nowhere', 'orders', true)).outcome).toBe('unknown-channel');
    await archiveChannel(world, 'amazon-it');
    expect((await switchSync(world, 'amazon-it', 'orders', true)).outcome).toBe('archived');
  });
});

describe('archiving', () => {
  test('switches everything off, once, and keeps the rest', async () => {
    await switchSync(world, 'amazon-it', 'orders', true);
    await switchSync(world, 'amazon-it', 'tracking', true);
    expect((await archiveChannel(world, 'amazon-it')).outcome).toBe('archived-now');
    expect(await channel()).toMatchObject({
      ordersSync: false,
      trackingSync: false,
      siteIds: ['APJ6JRA9NG5V4'],
      archivedAt: '2026-11-23T10:00:00.000Z',
    });
    world.minutesLater(1);
    expect((await archiveChannel(world, 'amazon-it')).outcome).toBe('archived-now');
    expect((await channel())?.archivedAt).toBe('2026-11-23T10:00:00.000Z');
    expect((await world.done()).filter((line) => line.startsWith('channel-archived'))).toHaveLength(1);
  });

  test('on an old version is a conflict, of an unknown channel refused', async () => {
    await changeChannel(world, 'amazon-it', { name: 'One' }, 1);
    expect((await archiveChannel(world, 'amazon-it', 1)).outcome).toBe('conflict');
    expect((await channel())?.archivedAt).toBeUndefined();
    expect((await archiveChannel(world, 'nowhere')).outcome).toBe('unknown-channel');
  });

  test('while a pull is under way keeps the orders and ends the pull', async () => {
    await switchSync(world, 'amazon-it', 'orders', true);
    const orders = new MemoryOrderStore();
    const queue = new MemoryJobQueue<OrderPullJob>();
    const source = new ScriptedSource([
      [undefined, aPage([aRemoteOrder(1)], 'p2')],
      ['p2', aPage([aRemoteOrder(2)])],
    ]);
    const deps = {
      ...world,
      orders,
      queue,
      source,
      buyers: new MemoryBuyerStore(),
      followUps: new MemoryFollowUpStore(),
      lease: new MemoryPullLease(),
      search: { operation: 'searchOrders', plan: { ratePerSecond: 0.0056, burst: 20 } },
    };
    const job: OrderPullJob = {
      type: 'order-pull-requested',
      version: 1,
      correlationId: 'tick-1',
      marketplace: 'amazon',
      accountId: 'A1EXAMPLE',
    };
    // Time runs out after the first page: the rest of the window waits in the queue.
    let pages = 0;
    const first = await pullOrders(deps, job, () => (pages++ === 0 ? 120_000 : 1_000));
    expect(first).toMatchObject({ outcome: 'put-back', created: 1 });
    await archiveChannel(world, 'amazon-it');
    const [rest] = queue.sent;
    if (rest === undefined) throw new Error('nothing was put back');
    const second = await pullOrders(deps, rest.job, () => 120_000);
    expect(second).toMatchObject({ outcome: 'nothing-to-pull', created: 0 });
    expect(source.asked).toHaveLength(1);
    const { records } = await orders.listOrders({ channelId: 'amazon-it', limit: 10 });
    expect(records).toHaveLength(1);
    expect((await channel())?.ordersWatermark).toBeUndefined();
  });
});
