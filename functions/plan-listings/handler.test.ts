import { expect, test, vi } from 'vitest';
import type { PlannedListingWork } from '../../shared/usecases/plan-listings.ts';
import { createPlanListingsHandler } from './handler.ts';

async function run(planned: PlannedListingWork) {
  const info = vi.fn();
  const addMetric = vi.fn();
  await createPlanListingsHandler({ plan: async () => planned, logger: { info }, metrics: { addMetric } })();
  return { info, addMetric };
}

test('a tick is logged, and the age of the oldest look measured', async () => {
  const { info, addMetric } = await run({ looks: 1, plans: 2, oldestLookMs: 61_400 });
  expect(info).toHaveBeenCalledExactlyOnceWith('listing-work-asked-for', { looks: 1, plans: 2 });
  expect(addMetric).toHaveBeenCalledExactlyOnceWith('OldestListingLook', 'Seconds', 61);
});

test('a tick without work says nothing', async () => {
  const { info, addMetric } = await run({ looks: 0, plans: 0, oldestLookMs: undefined });
  expect(info).not.toHaveBeenCalled();
  expect(addMetric).toHaveBeenCalledExactlyOnceWith('OldestListingLook', 'Seconds', 0);
});
