import { expect, test, vi } from 'vitest';
import { orderId } from '../../shared/domain/order.ts';
import type { PersonalDataFacts } from '../../shared/usecases/fetch-personal-data.ts';
import { createFetchPersonalDataHandler } from './handler.ts';

const facts: PersonalDataFacts = {
  looked: 6,
  found: 2,
  waiting: 1,
  withoutData: 1,
  parked: 1,
  unexpected: 1,
  urgent: [orderId('amazon', '404-0000001-0000001')],
  accountsInTrouble: 1,
  complete: true,
};

test('a run is logged and measured, and orders that cannot leave are named by their ids', async () => {
  const info = vi.fn();
  const warn = vi.fn();
  const addMetric = vi.fn();
  const fetch = vi.fn(async () => facts);
  const handler = createFetchPersonalDataHandler({ fetch, logger: { info, warn }, metrics: { addMetric } });
  await handler({}, { getRemainingTimeInMillis: () => 60_000 });
  expect(info).toHaveBeenCalledExactlyOnceWith('personal-data-fetched', { ...facts, urgent: 1 });
  expect(warn).toHaveBeenCalledExactlyOnceWith('orders-without-personal-data', {
    orderIds: ['amazon:404-0000001-0000001'],
  });
  expect(addMetric.mock.calls).toEqual([
    ['PersonalDataFound', 'Count', 2],
    ['PersonalDataUnexpected', 'Count', 1],
    ['OrdersDueWithoutPersonalData', 'Count', 1],
    ['ProviderAccountsInTrouble', 'Count', 1],
  ]);
});

test('a run that leaves nobody waiting warns of nothing', async () => {
  const warn = vi.fn();
  const handler = createFetchPersonalDataHandler({
    fetch: async () => ({ ...facts, urgent: [] }),
    logger: { info: vi.fn(), warn },
    metrics: { addMetric: vi.fn() },
  });
  await handler({}, { getRemainingTimeInMillis: () => 60_000 });
  expect(warn).not.toHaveBeenCalled();
});
