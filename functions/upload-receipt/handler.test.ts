import { expect, test, vi } from 'vitest';
import type { UploadedReceipt } from '../../shared/usecases/upload-receipt.ts';
import { sqsEventOf } from '../../tests/support/sqs-event.ts';
import { createUploadReceiptHandler } from './handler.ts';

const job = {
  type: 'receipt-upload-requested',
  version: 1,
  correlationId: 'receipt-uploads/1',
  marketplace: 'manomano',
  receiptId: 'manomano:M2600000000001/sale-1',
};

async function handle(uploaded: UploadedReceipt, body: unknown = job) {
  const logger = { appendKeys: vi.fn(), resetKeys: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const addMetric = vi.fn();
  const upload = vi.fn(async (_job: unknown, remainingMs: () => number) => {
    expect(remainingMs()).toBe(175_000);
    return uploaded;
  });
  const handler = createUploadReceiptHandler({ upload, logger, metrics: { addMetric } });
  const answer = await handler(sqsEventOf(JSON.stringify(body)), { getRemainingTimeInMillis: () => 180_000 });
  return { answer, upload, logger, addMetric };
}

test('a message is one upload, logged by its id and measured with its delay', async () => {
  const { answer, upload, logger, addMetric } = await handle({
    outcome: 'accepted',
    attempts: 1,
    delayMs: 61_400,
  });
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(upload.mock.calls[0]?.[0]).toEqual(job);
  expect(logger.info).toHaveBeenCalledExactlyOnceWith('receipt-upload', {
    receiptId: job.receiptId,
    outcome: 'accepted',
    attempts: 1,
    delayMs: 61_400,
  });
  expect(addMetric.mock.calls).toEqual([
    ['ReceiptsUploaded', 'Count', 1],
    ['ReceiptUploadsFailed', 'Count', 0],
    ['ReceiptUploadDelay', 'Seconds', 61],
  ]);
});

test.each(['rejected', 'unclear'] as const)('one that is %s is warned of and counted', async (outcome) => {
  const { logger, addMetric } = await handle({ outcome, reason: 'cannot-tell' });
  expect(logger.warn).toHaveBeenCalledOnce();
  expect(addMetric.mock.calls).toEqual([
    ['ReceiptsUploaded', 'Count', 0],
    ['ReceiptUploadsFailed', 'Count', 1],
  ]);
});

test('what is no such message is reported, and nothing is uploaded', async () => {
  const { answer, upload, logger } = await handle({ outcome: 'accepted' }, { ...job, receiptId: '' });
  expect(answer.batchItemFailures).toHaveLength(1);
  expect(upload).not.toHaveBeenCalled();
  expect(logger.error).toHaveBeenCalledOnce();
});
