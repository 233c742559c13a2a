import { describe, expect, test } from 'vitest';
import type { Channel } from '../../shared/domain/channel.ts';
import { orderId } from '../../shared/domain/order.ts';
import type { BuyerStore } from '../../shared/ports/buyer-store.ts';
import type { ChannelStore } from '../../shared/ports/channel-store.ts';
import type { PullLease } from '../../shared/ports/pull-lease.ts';
import type { QuotaStore } from '../../shared/ports/quota.ts';
import { aBuyer } from '../support/orders.ts';

const channel: Channel = {
  channelId: 'amazon-it',
  name: 'Amazon Italia',
  marketplace: 'amazon',
  accountId: 'A1EXAMPLE',
  siteIds: ['APJ6JRA9NG5V4'],
  country: 'IT',
  timeZone: 'Europe/Rome',
  ordersSync: false,
  ordersFrom: '2026-10-24T00:00:00.000Z',
};

/** What every buyer store promises. */
export function buyerStoreContract(name: string, create: () => Promise<BuyerStore>): void {
  describe(`${name}: buyers`, () => {
    test('a buyer comes back as stored', async () => {
      const store = await create();
      expect(await store.putBuyer(aBuyer())).toEqual({ outcome: 'stored', state: 'present' });
      expect(await store.getBuyer(aBuyer().orderId)).toEqual(aBuyer());
    });

    test('a buyer nobody knows is absent', async () => {
      expect(await (await create()).getBuyer(orderId('amazon', 'never-seen'))).toBeUndefined();
    });

    test('the newer buyer wins, and the same again changes nothing', async () => {
      const store = await create();
      await store.putBuyer(aBuyer({ state: 'waiting', name: undefined, deliveryAddress: undefined }));
      const newer = aBuyer({ updatedAt: '2026-11-21T00:00:00.000Z', name: 'Buyer Two' });
      expect(await store.putBuyer(newer)).toEqual({ outcome: 'stored', state: 'present' });
      expect(await store.putBuyer(newer)).toEqual({ outcome: 'unchanged', state: 'present' });
      expect(await store.putBuyer(aBuyer({ state: 'waiting' }))).toEqual({
        outcome: 'unchanged',
        state: 'present',
      });
      expect((await store.getBuyer(aBuyer().orderId))?.name).toBe('Buyer Two');
    });

    test('what is known is not overwritten by an answer without it', async () => {
      const store = await create();
      await store.putBuyer(aBuyer());
      const blank = aBuyer({
        state: 'refused',
        name: undefined,
        deliveryAddress: undefined,
        updatedAt: '2026-11-21T00:00:00.000Z',
      });
      expect((await store.putBuyer(blank)).state).toBe('present');
      expect(await store.getBuyer(aBuyer().orderId)).toMatchObject({
        name: 'Buyer One',
        deliveryAddress: { lines: ['Street 1'] },
        updatedAt: '2026-11-21T00:00:00.000Z',
      });
    });
  });
}

/** What every channel store promises. */
export function channelStoreContract(name: string, create: () => Promise<ChannelStore>): void {
  describe(`${name}: channels`, () => {
    test('a channel comes back as stored, and its id is taken once', async () => {
      const store = await create();
      expect(await store.createChannel(channel)).toBe('created');
      expect(await store.createChannel({ ...channel, name: 'Another' })).toBe('exists');
      expect(await store.getChannel('amazon-it')).toEqual(channel);
      expect(await store.getChannel('amazon-de')).toBeUndefined();
    });

    test('channels are listed by id', async () => {
      const store = await create();
      await store.createChannel(channel);
      await store.createChannel({ ...channel, channelId: 'amazon-de' });
      expect((await store.listChannels()).map(({ channelId }) => channelId)).toEqual([
        'amazon-de',
        'amazon-it',
      ]);
    });

    test('order sync is switched on and off', async () => {
      const store = await create();
      await store.createChannel(channel);
      await store.setOrdersSync('amazon-it', true);
      expect((await store.getChannel('amazon-it'))?.ordersSync).toBe(true);
      await store.setOrdersSync('amazon-it', false);
      expect((await store.getChannel('amazon-it'))?.ordersSync).toBe(false);
    });

    test('settings change on the version that was read, and an undefined one is taken away', async () => {
      const store = await create();
      await store.createChannel({ ...channel, trackingSync: true });
      expect(await store.changeSettings('amazon-it', { name: 'Sito', trackingSync: undefined }, 1)).toBe(
        'changed',
      );
      expect(await store.changeSettings('amazon-it', { name: 'Another' }, 1)).toBe('conflict');
      expect(await store.getChannel('amazon-it')).toEqual({ ...channel, name: 'Sito', version: 2 });
      expect(await store.changeSettings('amazon-xx', { name: 'None' }, 1)).toBe('conflict');
    });

    test('switching a channel that does not exist fails and makes none', async () => {
      const store = await create();
      await expect(store.setOrdersSync('amazon-xx', true)).rejects.toThrow(/amazon-xx/);
      expect(await store.listChannels()).toEqual([]);
    });

    test('the watermark only moves forward', async () => {
      const store = await create();
      await store.createChannel(channel);
      expect(
        await store.advanceOrdersWatermark(
          'amazon-it',
          '2026-11-23T10:00:00.000Z',
          '2026-11-23T10:02:00.000Z',
        ),
      ).toBe('advanced');
      expect(
        await store.advanceOrdersWatermark(
          'amazon-it',
          '2026-11-23T10:00:00.000Z',
          '2026-11-23T10:02:00.000Z',
        ),
      ).toBe('behind');
      expect(
        await store.advanceOrdersWatermark(
          'amazon-it',
          '2026-11-23T09:59:00.000Z',
          '2026-11-23T10:02:00.000Z',
        ),
      ).toBe('behind');
      expect((await store.getChannel('amazon-it'))?.ordersWatermark).toBe('2026-11-23T10:00:00.000Z');
    });

    test('a channel that does not exist gets no watermark', async () => {
      const store = await create();
      expect(
        await store.advanceOrdersWatermark(
          'amazon-it',
          '2026-11-23T10:00:00.000Z',
          '2026-11-23T10:02:00.000Z',
        ),
      ).toBe('behind');
      expect(await store.listChannels()).toEqual([]);
    });
  });
}

/** What every quota store promises. */
export function quotaStoreContract(name: string, create: () => Promise<QuotaStore>): void {
  const plan = { ratePerSecond: 0.1, burst: 3 };
  describe(`${name}: quota`, () => {
    test('grants the burst, then says when the next call may be made', async () => {
      const store = await create();
      for (let call = 0; call < 3; call += 1) {
        expect(await store.take('amazon/A1/search', plan, 1_000)).toEqual({ granted: true });
      }
      expect(await store.take('amazon/A1/search', plan, 6_000)).toEqual({
        granted: false,
        retryAfterMs: 5_000,
      });
      expect(await store.take('amazon/A2/search', plan, 6_000)).toEqual({ granted: true });
      expect(await store.take('amazon/A1/search', plan, 11_000)).toEqual({ granted: true });
    });

    test('workers side by side never get more than there is', async () => {
      const store = await create();
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => store.take('amazon/A1/search', plan, 1_000)),
      );
      expect(answers.filter(({ granted }) => granted).length).toBeLessThanOrEqual(3);
    });

    test('takes over the rate the partner states', async () => {
      const store = await create();
      await store.correct('b', plan, { ratePerSecond: 0.5 }, 0);
      await store.correct('b', plan, { exhausted: true }, 0);
      expect(await store.take('b', plan, 0)).toEqual({ granted: false, retryAfterMs: 2_000 });
    });

    test('says how many calls are left, and takes none by it', async () => {
      const store = await create();
      expect(await store.left('b', plan, 0)).toBe(3);
      await store.take('b', plan, 0);
      await store.take('b', plan, 0);
      expect(await store.left('b', plan, 5_000)).toBe(1);
      expect(await store.left('b', plan, 10_000)).toBe(2);
    });

    test('is empty after the partner refused a call', async () => {
      const store = await create();
      await store.correct('b', plan, { exhausted: true }, 0);
      expect(await store.take('b', plan, 0)).toEqual({ granted: false, retryAfterMs: 10_000 });
    });
  });
}

/** What every pull lease promises. */
export function pullLeaseContract(name: string, create: () => Promise<PullLease>): void {
  describe(`${name}: pull lease`, () => {
    test('is held by one at a time', async () => {
      const lease = await create();
      expect(await lease.claim('amazon/A1', 'first', 0, 1_000)).toBe(true);
      expect(await lease.claim('amazon/A1', 'second', 999, 1_000)).toBe(false);
      expect(await lease.claim('amazon/A2', 'second', 999, 1_000)).toBe(true);
    });

    test('is renewed by its holder and lost after its time', async () => {
      const lease = await create();
      await lease.claim('amazon/A1', 'first', 0, 1_000);
      expect(await lease.claim('amazon/A1', 'first', 900, 1_000)).toBe(true);
      expect(await lease.claim('amazon/A1', 'second', 1_899, 1_000)).toBe(false);
      expect(await lease.claim('amazon/A1', 'second', 1_900, 1_000)).toBe(true);
    });

    test('is free again once given back, but only by its holder', async () => {
      const lease = await create();
      await lease.claim('amazon/A1', 'first', 0, 1_000);
      await lease.release('amazon/A1', 'second');
      expect(await lease.claim('amazon/A1', 'second', 1, 1_000)).toBe(false);
      await lease.release('amazon/A1', 'first');
      expect(await lease.claim('amazon/A1', 'second', 1, 1_000)).toBe(true);
    });
  });
}
