import { expect, test, vi } from 'vitest';
import { orderId } from '../../shared/domain/order.ts';
import { createDeletePersonalDataHandler } from './handler.ts';

test('a run is logged and measured, and each order that could not be deleted is named', async () => {
  const info = vi.fn();
  const error = vi.fn();
  const addMetric = vi.fn();
  const failure = {
    orderId: orderId('amazon', '404-0000001-0000001'),
    problem: 'dynamodb: UnavailableError',
  };
  const handler = createDeletePersonalDataHandler({
    deleteEnded: async () => ({ deleted: 3, failed: [failure], told: 2, toldLate: 1, complete: true }),
    deleteTracking: async () => 0,
    logger: { info, error },
    metrics: { addMetric },
  });
  await handler({}, { getRemainingTimeInMillis: () => 60_000 });
  expect(info).toHaveBeenCalledExactlyOnceWith('personal-data-deleted', {
    deleted: 3,
    failed: 1,
    told: 2,
    toldLate: 1,
    complete: true,
  });
  expect(error).toHaveBeenCalledExactlyOnceWith('personal-data-not-deleted', failure);
  expect(addMetric.mock.calls).toEqual([
    ['PersonalDataDeleted', 'Count', 3],
    ['PersonalDataNotDeleted', 'Count', 1],
    ['ProviderDeletionsLate', 'Count', 1],
  ]);
});

test('shipments whose events were deleted are counted beside it', async () => {
  const info = vi.fn();
  const handler = createDeletePersonalDataHandler({
    deleteEnded: async () => ({ deleted: 0, failed: [], told: 0, toldLate: 0, complete: true }),
    deleteTracking: async () => 2,
    logger: { info, error: vi.fn() },
    metrics: { addMetric: vi.fn() },
  });
  await handler({}, { getRemainingTimeInMillis: () => 60_000 });
  expect(info).toHaveBeenLastCalledWith('tracking-deleted', { shipments: 2 });
});
