import { expect, test, vi } from 'vitest';
import type { CustomisationFacts } from '../../shared/usecases/fetch-customisations.ts';
import { createFetchCustomisationsHandler } from './handler.ts';

const facts: CustomisationFacts = {
  fetched: 2,
  waiting: 1,
  gaveUp: 1,
  refused: 1,
  urgent: 1,
  failures: [{ orderId: 'amazon:404-0000001-0000001', orderLineId: '1', problem: 'no-file-named' }],
};

test('a run is logged and measured, and each line that will not come is named by its ids', async () => {
  const info = vi.fn();
  const error = vi.fn();
  const addMetric = vi.fn();
  const budgets: number[] = [];
  const handler = createFetchCustomisationsHandler({
    fetch: async (remainingMs) => {
      budgets.push(remainingMs());
      return facts;
    },
    logger: { info, error },
    metrics: { addMetric },
  });
  await handler({}, { getRemainingTimeInMillis: () => 60_000 });
  expect(budgets).toEqual([55_000]);
  expect(info).toHaveBeenCalledWith('customisations-fetched', {
    fetched: 2,
    waiting: 1,
    gaveUp: 1,
    refused: 1,
    urgent: 1,
  });
  expect(error).toHaveBeenCalledExactlyOnceWith('customisation-missing', facts.failures[0]);
  expect(addMetric.mock.calls).toEqual([
    ['CustomisationsFetched', 'Count', 2],
    ['CustomisationsMissing', 'Count', 3],
  ]);
});
