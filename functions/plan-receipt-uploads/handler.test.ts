import { expect, test, vi } from 'vitest';
import type { PlannedReceiptUploads } from '../../shared/usecases/plan-receipt-uploads.ts';
import { createPlanReceiptUploadsHandler } from './handler.ts';

async function run(planned: PlannedReceiptUploads) {
  const info = vi.fn();
  const addMetric = vi.fn();
  await createPlanReceiptUploadsHandler({
    plan: async () => planned,
    logger: { info },
    metrics: { addMetric },
  })();
  return { info, addMetric };
}

test('a tick is logged, and what waits the longest and too long is measured', async () => {
  const { info, addMetric } = await run({ asked: 2, oldestDueMs: 90_400, pastDeadline: 1 });
  expect(info).toHaveBeenCalledExactlyOnceWith('receipt-uploads-asked-for', { asked: 2 });
  expect(addMetric.mock.calls).toEqual([
    ['OldestDueReceiptUpload', 'Seconds', 90],
    ['ReceiptUploadsPastDeadline', 'Count', 1],
  ]);
});

test('a tick without work says nothing, and measures that nothing waits', async () => {
  const { info, addMetric } = await run({ asked: 0, oldestDueMs: 0, pastDeadline: 0 });
  expect(info).not.toHaveBeenCalled();
  expect(addMetric.mock.calls.map(([, , value]) => value)).toEqual([0, 0]);
});
