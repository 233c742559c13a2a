import { expect, test, vi } from 'vitest';
import type { PlannedTracking } from '../../shared/usecases/plan-tracking.ts';
import { createPlanTrackingHandler } from './handler.ts';

const planned: PlannedTracking = {
  wanted: 3,
  followed: 5,
  givenUp: 1,
  refusedAccounts: ['brt/shop'],
  resent: 2,
  oldestUnpushedMs: 150_400,
};
const nothing: PlannedTracking = {
  wanted: 0,
  followed: 0,
  givenUp: 0,
  refusedAccounts: [],
  resent: 0,
  oldestUnpushedMs: undefined,
};

function run(facts: PlannedTracking, makings = 0) {
  const sinks = { info: vi.fn(), warn: vi.fn(), addMetric: vi.fn() };
  const { info, warn, addMetric } = sinks;
  const budgets: number[] = [];
  const handler = createPlanTrackingHandler({
    plan: async (remainingMs) => {
      budgets.push(remainingMs());
      return facts;
    },
    resendMakings: async () => makings,
    logger: { info, warn },
    metrics: { addMetric },
  });
  return { ...sinks, budgets, done: handler({}, { getRemainingTimeInMillis: () => 50_000 }) };
}

test('a tick is logged and measured, and refused accounts are named', async () => {
  const { info, warn, addMetric, budgets, done } = run(planned);
  await done;
  expect(budgets).toEqual([45_000]);
  expect(info).toHaveBeenCalledExactlyOnceWith('tracking-planned', {
    wanted: 3,
    followed: 5,
    givenUp: 1,
    resent: 2,
  });
  expect(warn).toHaveBeenCalledExactlyOnceWith('courier-accounts-refused', { refusedAccounts: ['brt/shop'] });
  expect(addMetric.mock.calls).toEqual([
    ['TrackingChecksPlanned', 'Count', 8],
    ['ShipmentsGivenUp', 'Count', 1],
    ['CourierAccountsRefused', 'Count', 1],
    ['OldestUnpushedTracking', 'Seconds', 150],
  ]);
});

test('a tick without work says nothing, and measures that nothing waits', async () => {
  const { info, warn, addMetric, done } = run(nothing);
  await done;
  expect(info).not.toHaveBeenCalled();
  expect(warn).not.toHaveBeenCalled();
  expect(addMetric).toHaveBeenLastCalledWith('OldestUnpushedTracking', 'Seconds', 0);
});

test('shipments that were lost sight of while they were made are warned of', async () => {
  const { warn, done } = run(nothing, 2);
  await done;
  expect(warn).toHaveBeenCalledExactlyOnceWith('makings-unattended', { makings: 2 });
});
