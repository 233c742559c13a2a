import { expect, test, vi } from 'vitest';
import type { PerformedRemoteAction } from '../../shared/usecases/perform-remote-action.ts';
import { sqsEventOf } from '../../tests/support/sqs-event.ts';
import { createPerformRemoteActionHandler } from './handler.ts';

const job = {
  type: 'remote-action-requested',
  version: 1,
  correlationId: 'remote-action/action-1',
  marketplace: 'ebay',
  orderId: 'ebay:10-00001-00001',
  actionId: 'action-1',
};

async function handle(performed: PerformedRemoteAction, body: unknown = job) {
  const logger = {
    appendKeys: vi.fn(),
    resetKeys: vi.fn(),
    info: vi.fn(),
    warn: vi.fn(),
    error: vi.fn(),
  };
  const addMetric = vi.fn();
  const perform = vi.fn(async (_job: unknown, remainingMs: () => number) => {
    expect(remainingMs()).toBe(175_000);
    return performed;
  });
  const handler = createPerformRemoteActionHandler({ perform, logger, metrics: { addMetric } });
  const answer = await handler(sqsEventOf(JSON.stringify(body)), {
    getRemainingTimeInMillis: () => 180_000,
  });
  return { answer, perform, logger, addMetric };
}

test('a message is one action, logged by its ids and counted', async () => {
  const { answer, perform, logger, addMetric } = await handle({
    outcome: 'done',
    kind: 'refund',
    attempts: 1,
  });
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(perform.mock.calls[0]?.[0]).toEqual(job);
  expect(logger.info).toHaveBeenCalledExactlyOnceWith('remote-action', {
    orderId: 'ebay:10-00001-00001',
    actionId: 'action-1',
    outcome: 'done',
    kind: 'refund',
    attempts: 1,
  });
  expect(addMetric.mock.calls).toEqual([
    ['RemoteActionsDone', 'Count', 1],
    ['RemoteActionsRefused', 'Count', 0],
    ['RemoteActionsUnclear', 'Count', 0],
  ]);
});

test.each([
  ['refused', 'RemoteActionsRefused'],
  ['unclear', 'RemoteActionsUnclear'],
] as const)('one that is %s is warned of and counted', async (outcome, metric) => {
  const { logger, addMetric } = await handle({ outcome, kind: 'cancel', reason: 'rejected' });
  expect(logger.warn).toHaveBeenCalledOnce();
  expect(logger.info).not.toHaveBeenCalled();
  expect(addMetric).toHaveBeenCalledWith(metric, 'Count', 1);
});

test('what is no such message is reported, and nobody is asked anything', async () => {
  const { answer, perform, logger } = await handle({ outcome: 'done' }, { ...job, marketplace: 'etsy' });
  expect(answer.batchItemFailures).toHaveLength(1);
  expect(perform).not.toHaveBeenCalled();
  expect(logger.error).toHaveBeenCalledOnce();
});
