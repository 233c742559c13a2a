import { expect, test, vi } from 'vitest';
import type { PlannedRemoteActions } from '../../shared/usecases/plan-remote-actions.ts';
import { createPlanRemoteActionsHandler } from './handler.ts';

async function run(planned: PlannedRemoteActions) {
  const info = vi.fn();
  const addMetric = vi.fn();
  await createPlanRemoteActionsHandler({
    plan: async () => planned,
    logger: { info },
    metrics: { addMetric },
  })();
  return { info, addMetric };
}

test('a tick is logged, and the age of the oldest open action measured', async () => {
  const { info, addMetric } = await run({ asked: 2, oldestMs: 90_400 });
  expect(info).toHaveBeenCalledExactlyOnceWith('remote-actions-asked-for', { asked: 2 });
  expect(addMetric).toHaveBeenCalledExactlyOnceWith('OldestOpenRemoteAction', 'Seconds', 90);
});

test('a tick without work says nothing, and measures that nothing waits', async () => {
  const { info, addMetric } = await run({ asked: 0, oldestMs: undefined });
  expect(info).not.toHaveBeenCalled();
  expect(addMetric).toHaveBeenCalledExactlyOnceWith('OldestOpenRemoteAction', 'Seconds', 0);
});
