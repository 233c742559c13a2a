import { expect, test, vi } from 'vitest';
import type { ReceiptOutcome } from '../../shared/usecases/finish-receipt.ts';
import { aReceipt } from '../../tests/support/receipts.ts';
import { sqsEventOf } from '../../tests/support/sqs-event.ts';
import { createIssueDueReceiptsHandler, createIssueReceiptsHandler } from './handler.ts';

const receipt = aReceipt();
const { receiptId } = receipt;

function sinks() {
  const logger = { appendKeys: vi.fn(), resetKeys: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  return { logger, metrics: { addMetric: vi.fn() } };
}

async function make(outcome: ReceiptOutcome | Error, body: unknown = { receiptId }) {
  const said = sinks();
  const finish = vi.fn(async () => {
    if (outcome instanceof Error) throw outcome;
    return outcome;
  });
  const answer = await createIssueReceiptsHandler({ finish, ...said })(sqsEventOf(JSON.stringify(body)));
  return { answer, finish, ...said };
}

test('a message has its one document made, followed by the receipt', async () => {
  const { answer, finish, logger, metrics } = await make({ outcome: 'issued', receipt });
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(finish).toHaveBeenCalledExactlyOnceWith(receiptId);
  expect(logger.appendKeys).toHaveBeenCalledWith({ correlationId: `receipt/${receiptId}` });
  expect(logger.info).toHaveBeenCalledExactlyOnceWith('receipt-made', {
    receiptId,
    outcome: 'issued',
    problem: undefined,
  });
  expect(metrics.addMetric.mock.calls).toEqual([['ReceiptsNotIssued', 'Count', 0]]);
});

test('one that waits is no failure, and says what for', async () => {
  const waiting = { ...receipt, problem: 'issuer-processing' } as const;
  const { logger, metrics } = await make({ outcome: 'under-way', receipt: waiting });
  expect(logger.info.mock.calls[0]?.[1]).toMatchObject({ problem: 'issuer-processing' });
  expect(metrics.addMetric.mock.calls).toEqual([['ReceiptsNotIssued', 'Count', 0]]);
});

test('one that came to nothing is warned of and counted, without a word of the issuer', async () => {
  const { answer, logger, metrics } = await make({
    outcome: 'refused',
    problem: 'issuer-refused',
    details: ['buyer.name'],
  });
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(logger.warn).toHaveBeenCalledExactlyOnceWith('receipt-made', {
    receiptId,
    outcome: 'refused',
    problem: 'issuer-refused',
  });
  expect(metrics.addMetric.mock.calls).toEqual([['ReceiptsNotIssued', 'Count', 1]]);
});

test('what is no such message is reported, and so is a document that is not there', async () => {
  const other = await make({ outcome: 'issued', receipt }, { receiptId: '' });
  expect(other.answer.batchItemFailures).toHaveLength(1);
  expect(other.finish).not.toHaveBeenCalled();
  const gone = await make(new RangeError('there is no stored document'));
  expect(gone.answer.batchItemFailures).toHaveLength(1);
});

function tick(over: Partial<Parameters<typeof createIssueDueReceiptsHandler>[0]> = {}) {
  const said = sinks();
  const handler = createIssueDueReceiptsHandler({
    resume: async () => ({
      ...{ issued: 0, underWay: 0, cameToNothing: 0 },
      failures: [],
      oldestRequestedAt: undefined,
    }),
    sweep: async () => [],
    issueDue: async () => ({ done: 0, waiting: 0, failures: [] }),
    now: () => Date.parse('2026-11-23T10:10:00.000Z'),
    ...said,
    ...over,
  });
  return { ...said, done: handler({}, { getRemainingTimeInMillis: () => 180_000 }) };
}

test('a minute without work says nothing, and measures that nothing waits', async () => {
  const { logger, metrics, done } = tick();
  await done;
  expect(logger.info).not.toHaveBeenCalled();
  expect(logger.warn).not.toHaveBeenCalled();
  expect(metrics.addMetric.mock.calls).toEqual([
    ['ReceiptsNotIssued', 'Count', 0],
    ['OldestUnfinishedReceipt', 'Seconds', 0],
  ]);
});

test('what is unfinished comes before what is due, and both their failures are warned of and counted', async () => {
  const order: string[] = [];
  const { logger, metrics, done } = tick({
    resume: async (remainingMs) => {
      order.push(`resume ${remainingMs()}`);
      return {
        ...{ issued: 1, underWay: 1, cameToNothing: 1 },
        failures: [{ receiptId, problem: 'issuer-refused' }],
        oldestRequestedAt: '2026-11-23T10:00:00.000Z',
      };
    },
    sweep: async () => {
      order.push('sweep');
      return ['amazon-it'];
    },
    issueDue: async () => {
      order.push('due');
      return { done: 2, waiting: 3, failures: [{ orderId: receipt.orderId, problem: 'vat-rate-unknown' }] };
    },
  });
  await done;
  expect(order).toEqual(['resume 175000', 'sweep', 'due']);
  expect(logger.info.mock.calls).toEqual([
    ['receipts-due', { issued: 1, underWay: 1, cameToNothing: 1, done: 2, waiting: 3 }],
    ['receipt-channels-swept', { channels: ['amazon-it'] }],
  ]);
  expect(logger.warn.mock.calls).toEqual([
    ['receipt-not-issued', { receiptId, problem: 'issuer-refused' }],
    ['receipt-not-issued', { orderId: receipt.orderId, problem: 'vat-rate-unknown' }],
  ]);
  expect(metrics.addMetric.mock.calls).toEqual([
    ['ReceiptsNotIssued', 'Count', 2],
    ['OldestUnfinishedReceipt', 'Seconds', 600],
  ]);
});
