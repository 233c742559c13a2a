import { expect, test } from 'vitest';
import { createFindSettlementReportsHandler } from './handler.ts';

test('a tick searches within the time Lambda leaves, and what was found is logged and measured', async () => {
  const lines: [string, string, Record<string, unknown>][] = [];
  const measured: Record<string, number> = {};
  const budgets: number[] = [];
  const report = { accountId: 'A1', reportId: '50', objectKey: 'payment-reports/amazon-it/50.txt' };
  const handler = createFindSettlementReportsHandler({
    find: async (remainingMs) => {
      budgets.push(remainingMs());
      return {
        accounts: 2,
        put: [report],
        known: 3,
        preparing: 1,
        left: 4,
        problems: [{ accountId: 'A2', problem: 'amazon sign-in: invalid_grant' }],
      };
    },
    logger: {
      info: (message, fields) => lines.push(['info', message, fields]),
      error: (message, fields) => lines.push(['error', message, fields]),
    },
    metrics: {
      addMetric: (name, _unit, value) => {
        measured[name] = value;
      },
    },
  });
  await handler({}, { getRemainingTimeInMillis: () => 300_000 });
  expect(budgets).toEqual([295_000]);
  expect(lines).toEqual([
    ['info', 'settlement-reports-searched', { accounts: 2, put: 1, known: 3, preparing: 1, left: 4 }],
    ['info', 'settlement-report-put', report],
    ['error', 'settlement-report-failed', { accountId: 'A2', problem: 'amazon sign-in: invalid_grant' }],
  ]);
  expect(measured).toEqual({ SettlementReportsFound: 1, SettlementReportsFailed: 1 });
});

test('a search that fails is not hidden', async () => {
  const handler = createFindSettlementReportsHandler({
    find: async () => {
      throw new Error('the table is not there');
    },
    logger: { info: () => {}, error: () => {} },
    metrics: { addMetric: () => {} },
  });
  await expect(handler({}, { getRemainingTimeInMillis: () => 300_000 })).rejects.toThrow(
    'the table is not there',
  );
});
