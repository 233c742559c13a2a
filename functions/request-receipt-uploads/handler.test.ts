import { expect, test, vi } from 'vitest';
import { sqsEventOf } from '../../tests/support/sqs-event.ts';
import { createRequestReceiptUploadsHandler } from './handler.ts';

const issued = { receiptId: 'manomano:M26/sale-1', marketplace: 'manomano', channelId: 'manomano-it' };

function handle(
  body: unknown,
  request = vi.fn(async () => ({ outcome: 'waits', marketplace: 'manomano' }) as const),
) {
  const logger = { appendKeys: vi.fn(), resetKeys: vi.fn(), info: vi.fn(), error: vi.fn() };
  const handler = createRequestReceiptUploadsHandler({ request, logger });
  return { answer: handler(sqsEventOf(JSON.stringify(body))), request, logger };
}

test('the news of one receipt wants one upload, and is followed by the receipt', async () => {
  const { answer, request, logger } = handle(issued);
  expect(await answer).toEqual({ batchItemFailures: [] });
  expect(request).toHaveBeenCalledExactlyOnceWith(issued.receiptId);
  expect(logger.appendKeys).toHaveBeenCalledWith({ correlationId: 'receipt/manomano:M26/sale-1' });
  expect(logger.info).toHaveBeenCalledExactlyOnceWith('receipt-upload-requested', {
    receiptId: issued.receiptId,
    outcome: 'waits',
    marketplace: 'manomano',
  });
});

test('what is no such news is reported, and so is a receipt that cannot be read', async () => {
  const other = handle({ ...issued, marketplace: 'etsy' });
  expect((await other.answer).batchItemFailures).toHaveLength(1);
  expect(other.request).not.toHaveBeenCalled();
  const gone = handle(
    issued,
    vi.fn(async () => {
      throw new RangeError('no issued document');
    }),
  );
  expect((await gone.answer).batchItemFailures).toHaveLength(1);
});
