import { expect, test, vi } from 'vitest';
import type { MakingLookedAfter } from '../../shared/usecases/look-after-making.ts';
import { sqsEventOf } from '../../tests/support/sqs-event.ts';
import { createMakeShipmentHandler } from './handler.ts';

const job = {
  type: 'shipment-making-requested',
  version: 1,
  correlationId: 'brt:202600000000001',
  shipmentKey: 'brt:202600000000001',
};

async function handle(after: MakingLookedAfter, body: unknown = job) {
  const logger = { appendKeys: vi.fn(), resetKeys: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const addMetric = vi.fn();
  const lookAfter = vi.fn(async () => after);
  const handler = createMakeShipmentHandler({ lookAfter, logger, metrics: { addMetric } });
  return { answer: await handler(sqsEventOf(JSON.stringify(body))), lookAfter, logger, addMetric };
}

test('a shipment that waits is logged, and counts as no refusal', async () => {
  const after = {
    outcome: 'reserved',
    looked: true,
    attempts: 2,
    problem: 'unavailable',
    laterMs: 1,
  } as const;
  const { answer, lookAfter, logger, addMetric } = await handle(after);
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(lookAfter).toHaveBeenCalledExactlyOnceWith(job);
  expect(logger.info).toHaveBeenCalledExactlyOnceWith('shipment-making', {
    shipmentKey: 'brt:202600000000001',
    ...after,
  });
  expect(addMetric.mock.calls).toEqual([
    ['ShipmentsNotMade', 'Count', 0],
    ['ShipmentLoginsRefused', 'Count', 0],
  ]);
});

test.each([
  ['unauthorised', 1],
  ['address', 0],
] as const)('a refusal is warned of and counted, a refused login by itself: %s', async (problem, logins) => {
  const { logger, addMetric } = await handle({ outcome: 'refused', looked: true, attempts: 1, problem });
  expect(logger.warn).toHaveBeenCalledOnce();
  expect(addMetric.mock.calls).toEqual([
    ['ShipmentsNotMade', 'Count', 1],
    ['ShipmentLoginsRefused', 'Count', logins],
  ]);
});

test('a refusal that a person was told before is not counted again', async () => {
  const { logger, addMetric } = await handle({
    outcome: 'refused',
    looked: false,
    attempts: 1,
    problem: 'unauthorised',
  });
  expect(logger.warn).not.toHaveBeenCalled();
  expect(addMetric.mock.calls).toEqual([
    ['ShipmentsNotMade', 'Count', 0],
    ['ShipmentLoginsRefused', 'Count', 0],
  ]);
});

test('what is no such message is reported, and the courier is told nothing', async () => {
  const { answer, lookAfter, logger } = await handle({ outcome: 'not-here' }, { ...job, shipmentKey: '' });
  expect(answer.batchItemFailures).toHaveLength(1);
  expect(lookAfter).not.toHaveBeenCalled();
  expect(logger.error).toHaveBeenCalledOnce();
});
