import { expect, test, vi } from 'vitest';
import type { WatchedDeadlines } from '../../shared/usecases/watch-deadlines.ts';
import { createWatchDeadlinesHandler } from './handler.ts';

const none = { half: 0, most: 0, over: 0 };
const alert = {
  orderId: 'amazon:404-0000001-0000001' as WatchedDeadlines['raised'][number]['orderId'],
  marketplace: 'amazon',
  channelId: 'amazon-it',
  clock: 'ship-by',
  level: 'most',
  until: '2026-11-24T12:00:00.000Z',
  minutesLeft: 60,
} as const;

async function run(watched: Partial<WatchedDeadlines>) {
  const metrics = new Map<string, number>();
  const logger = { info: vi.fn(), warn: vi.fn() };
  const handler = createWatchDeadlinesHandler({
    watch: async () => ({
      raised: [],
      standing: { 'ship-by': none, 'valid-tracking': none },
      ordersToShip: 0,
      complete: true,
      ...watched,
    }),
    logger,
    metrics: { addMetric: (name, _, value) => metrics.set(name, value) },
  });
  await handler();
  return { metrics, logger };
}

test('each alert is a line and counts at its level', async () => {
  const { metrics, logger } = await run({
    raised: [alert, { ...alert, level: 'over', minutesLeft: -1 }],
    ordersToShip: 7,
  });
  expect(Object.fromEntries(metrics)).toEqual({
    OrdersToShip: 7,
    DeadlinesHalfGone: 0,
    DeadlinesClose: 1,
    DeadlinesMissed: 1,
  });
  expect(logger.warn.mock.calls.map(([message]) => message)).toEqual(['deadline-close', 'deadline-close']);
});

test('orders that could not all be looked at are said', async () => {
  const { logger } = await run({ complete: false, ordersToShip: 20_000 });
  expect(logger.warn).toHaveBeenCalledWith('deadlines-not-all-watched', { ordersToShip: 20_000 });
});
