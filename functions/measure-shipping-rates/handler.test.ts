import { expect, test, vi } from 'vitest';
import { createMeasureShippingRatesHandler } from './handler.ts';

const window = (state: 'fine' | 'close' | 'passed' | 'nothing-known') => ({
  days: 30,
  good: 90,
  bad: 10,
  unknown: 0,
  assumed: 0,
  badBasisPoints: 1_000,
  state,
});
const rates = (
  channelId: string,
  late: Parameters<typeof window>[0],
  valid: Parameters<typeof window>[0],
) => ({
  channelId,
  marketplace: 'amazon' as const,
  measuredAt: '2026-11-24T05:00:00.000Z',
  lateShipment: [window(late)],
  validTracking: [window(valid)],
});

test('a channel near a standard, or past it, counts once; one that is fine or unknown does not', async () => {
  const addMetric = vi.fn();
  const logger = { info: vi.fn(), warn: vi.fn() };
  await createMeasureShippingRatesHandler({
    measure: async () => [
      rates('amazon-it', 'close', 'passed'),
      rates('amazon-de', 'fine', 'passed'),
      rates('ebay-it', 'fine', 'nothing-known'),
    ],
    logger,
    metrics: { addMetric },
  })();
  expect(addMetric).toHaveBeenCalledExactlyOnceWith('ChannelsWithRatesInDanger', 'Count', 2);
  expect(logger.warn.mock.calls.map(([, fields]) => fields.channelId)).toEqual(['amazon-it', 'amazon-de']);
  expect(logger.info).toHaveBeenCalledTimes(3);
});
