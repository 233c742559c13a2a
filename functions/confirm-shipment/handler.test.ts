import { expect, test, vi } from 'vitest';
import type { ConfirmedShipment } from '../../shared/usecases/confirm-shipment.ts';
import { sqsEventOf } from '../../tests/support/sqs-event.ts';
import { createConfirmShipmentHandler } from './handler.ts';

const job = {
  type: 'shipping-confirmation-requested',
  version: 1,
  correlationId: 'check-1',
  marketplace: 'ebay',
  orderId: 'ebay:10-00001-00001',
  shipmentKey: 'brt:202600000800630',
};

async function handle(confirmed: ConfirmedShipment, body: unknown = job) {
  const logger = {
    appendKeys: vi.fn(),
    resetKeys: vi.fn(),
    info: vi.fn(),
    warn: vi.fn(),
    error: vi.fn(),
  };
  const addMetric = vi.fn();
  const confirm = vi.fn(async (_job: unknown, remainingMs: () => number) => {
    expect(remainingMs()).toBe(115_000);
    return confirmed;
  });
  const handler = createConfirmShipmentHandler({ confirm, logger, metrics: { addMetric } });
  const answer = await handler(sqsEventOf(JSON.stringify(body)), {
    getRemainingTimeInMillis: () => 120_000,
  });
  return { answer, confirm, logger, addMetric };
}

test('a message is one confirmation, logged by its ids and measured with its delay', async () => {
  const { answer, confirm, logger, addMetric } = await handle({
    outcome: 'confirmed',
    attempts: 1,
    delayMs: 42_400,
  });
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(confirm.mock.calls[0]?.[0]).toEqual(job);
  expect(logger.info).toHaveBeenCalledExactlyOnceWith('shipment-confirmation', {
    orderId: 'ebay:10-00001-00001',
    shipmentKey: 'brt:202600000800630',
    outcome: 'confirmed',
    attempts: 1,
    delayMs: 42_400,
  });
  expect(addMetric.mock.calls).toEqual([
    ['TrackingPushed', 'Count', 1],
    ['ConfirmationsRefused', 'Count', 0],
    ['TrackingPushDelay', 'Seconds', 42],
  ]);
});

test('a refusal is warned of and counted; without a delay none is measured', async () => {
  const { logger, addMetric } = await handle({ outcome: 'refused', reason: 'carrier-not-mapped' });
  expect(logger.warn).toHaveBeenCalledOnce();
  expect(logger.info).not.toHaveBeenCalled();
  expect(addMetric.mock.calls).toEqual([
    ['TrackingPushed', 'Count', 0],
    ['ConfirmationsRefused', 'Count', 1],
  ]);
});

test('what is no such message is reported, and nobody is told anything', async () => {
  const { answer, confirm, logger } = await handle({ outcome: 'confirmed' }, { ...job, marketplace: 'etsy' });
  expect(answer.batchItemFailures).toHaveLength(1);
  expect(confirm).not.toHaveBeenCalled();
  expect(logger.error).toHaveBeenCalledOnce();
});
