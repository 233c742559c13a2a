import { expect, test } from 'vitest';
import { createPlanReScansHandler } from './handler.ts';

test('a night plans its re-scans and says which', async () => {
  const lines: [string, Record<string, unknown>][] = [];
  const planned = { reScans: ['amazon/A1EXAMPLE'], countChecks: [] };
  const handler = createPlanReScansHandler({
    plan: async () => planned,
    logger: { info: (message, fields) => lines.push([message, fields]) },
  });
  await handler();
  expect(lines).toEqual([['re-scans-planned', planned]]);
});

test('a plan that fails is not hidden', async () => {
  const handler = createPlanReScansHandler({
    plan: async () => {
      throw new Error('the table is not there');
    },
    logger: { info: () => {} },
  });
  await expect(handler()).rejects.toThrow('the table is not there');
});
