import { expect, test, vi } from 'vitest';
import type { SyncedListings } from '../../shared/usecases/sync-listings.ts';
import { sqsEventOf } from '../../tests/support/sqs-event.ts';
import { createSyncListingsHandler } from './handler.ts';

const job = {
  type: 'listing-work-requested',
  version: 1,
  correlationId: 'sweep/1',
  marketplace: 'ebay',
  channelId: 'ebay-it',
  work: 'pull',
};

async function handle(synced: SyncedListings, body: unknown = job) {
  const logger = { appendKeys: vi.fn(), resetKeys: vi.fn(), info: vi.fn(), error: vi.fn() };
  const addMetric = vi.fn();
  const sync = vi.fn(async () => synced);
  const handler = createSyncListingsHandler({ sync, logger, metrics: { addMetric } });
  const answer = await handler(sqsEventOf(JSON.stringify(body)), { getRemainingTimeInMillis: () => 900_000 });
  return { answer, sync, logger, addMetric };
}

test('a message is one piece of work, logged by its ids', async () => {
  const { answer, logger, addMetric } = await handle({
    work: 'match',
    matched: 2,
    ambiguous: 1,
    none: 0,
    ignored: 0,
  });
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(logger.info).toHaveBeenCalledExactlyOnceWith(
    'listings',
    expect.objectContaining({ channelId: 'ebay-it', work: 'match', matched: 2 }),
  );
  expect(addMetric.mock.calls).toEqual([
    ['ListingLooksFailed', 'Count', 0],
    ['ListingChangesRefused', 'Count', 0],
  ]);
});

test.each([
  ['unauthorised', 1],
  ['throttled', 0],
] as const)('a look that failed as %s counts %i', async (problem, count) => {
  const { addMetric } = await handle({ work: 'pull', outcome: 'failed', problem });
  expect(addMetric).toHaveBeenCalledWith('ListingLooksFailed', 'Count', count);
});

test('listings that were refused and those nobody knows of are counted together', async () => {
  const { addMetric } = await handle({ work: 'push', outcome: 'ended', done: 3, refused: 2, unclear: 1 });
  expect(addMetric).toHaveBeenCalledWith('ListingChangesRefused', 'Count', 3);
});

test('what is no such message is reported, and nothing is done', async () => {
  const { answer, sync } = await handle({ work: 'pull', outcome: 'pulled' }, { ...job, work: 'delete' });
  expect(answer.batchItemFailures).toHaveLength(1);
  expect(sync).not.toHaveBeenCalled();
});
