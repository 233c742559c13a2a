import { describe, expect, test } from 'vitest';
import { orderId } from '../../shared/domain/order.ts';
import type { ShippingRates } from '../../shared/domain/shipping-rates.ts';
import type {
  DeadlineWatch,
  DeadlineWatchStore,
  ShippingRatesStore,
} from '../../shared/ports/deadline-store.ts';

/** What every store of raised alerts promises. */
export function deadlineWatchStoreContract(name: string, create: () => Promise<DeadlineWatchStore>): void {
  const watch: DeadlineWatch = {
    orderId: orderId('amazon', '404-1'),
    clock: 'ship-by',
    raised: [{ level: 'half', at: '2026-11-24T10:00:00.000Z' }],
    version: 1,
  };

  describe(`${name}: raised alerts`, () => {
    test('come back as they were stored, each order and clock for itself', async () => {
      const store = await create();
      expect(await store.change(watch, 0)).toBe('changed');
      expect(await store.change({ ...watch, clock: 'valid-tracking' }, 0)).toBe('changed');
      expect(await store.getMany([watch, watch, { ...watch, orderId: orderId('ebay', '404-1') }])).toEqual([
        watch,
      ]);
      expect(await store.getMany([])).toEqual([]);
    });

    test('are stored by the one of two workers who read them last', async () => {
      const store = await create();
      expect(await store.change(watch, 0)).toBe('changed');
      expect(await store.change(watch, 0)).toBe('conflict');
      const next = {
        ...watch,
        raised: [...watch.raised, { level: 'over' as const, at: '2026-11-24T12:00:00.000Z' }],
      };
      expect(await store.change(next, 1)).toBe('changed');
      expect(await store.change(next, 1)).toBe('conflict');
      expect(await store.getMany([watch])).toEqual([{ ...next, version: 2 }]);
    });
  });
}

/** What every store of measured rates promises. */
export function shippingRatesStoreContract(name: string, create: () => Promise<ShippingRatesStore>): void {
  const measured = (measuredAt: string, bad = 0): ShippingRates => ({
    channelId: 'amazon-it',
    marketplace: 'amazon',
    measuredAt,
    lateShipment: [
      { days: 10, good: 97, bad, unknown: 2, assumed: 1, badBasisPoints: 0, state: 'fine' },
      {
        days: 30,
        good: 0,
        bad: 0,
        unknown: 2,
        assumed: 0,
        badBasisPoints: undefined,
        state: 'nothing-known',
      },
    ],
    validTracking: [],
  });

  describe(`${name}: shipping rates`, () => {
    test('come newest first, for their channel alone', async () => {
      const store = await create();
      for (const day of ['22', '24', '23']) await store.put(measured(`2026-11-${day}T02:00:00.000Z`));
      await store.put({ ...measured('2026-11-25T02:00:00.000Z'), channelId: 'amazon-de' });
      expect(await store.list({ channelId: 'amazon-it', limit: 2 })).toEqual([
        measured('2026-11-24T02:00:00.000Z'),
        measured('2026-11-23T02:00:00.000Z'),
      ]);
      expect(await store.list({ channelId: 'none', limit: 2 })).toEqual([]);
    });

    test('of one day are kept once: the later measurement stands', async () => {
      const store = await create();
      await store.put(measured('2026-11-24T02:00:00.000Z'));
      await store.put(measured('2026-11-24T09:00:00.000Z', 3));
      expect(await store.list({ channelId: 'amazon-it', limit: 5 })).toEqual([
        measured('2026-11-24T09:00:00.000Z', 3),
      ]);
    });
  });
}
