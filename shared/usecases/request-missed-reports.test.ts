import { expect, test } from 'vitest';
import { MemoryJobQueue } from '../../tests/support/memory/job-queue.ts';
import { MemoryReportFiles } from '../../tests/support/memory/report-files.ts';
import { MemoryReportStore } from '../../tests/support/memory/report-store.ts';
import type { Report } from '../domain/report.ts';
import { requestMissedReports } from './request-missed-reports.ts';

const NOW = Date.parse('2026-11-05T12:00:00Z');
const KEY = 'payment-reports/amazon-it/a.txt';

function world() {
  return {
    files: new MemoryReportFiles(),
    reports: new MemoryReportStore(),
    queue: new MemoryJobQueue<{ readonly objectKey: string }>(),
    clock: { now: () => NOW },
    reportIdOf: (object: { objectKey: string }) => object.objectKey,
    channelOf: (key: string) => (key.startsWith('payment-reports/') ? 'amazon-it' : undefined),
  };
}
function report(overrides: Partial<Report>): Report {
  return {
    reportId: KEY,
    channelId: 'amazon-it',
    accountId: 'A1EXAMPLE',
    objectKey: KEY,
    sizeBytes: 1,
    uploadedAt: '2026-11-05T00:00:00.000Z',
    startedAt: '2026-11-05T00:00:05.000Z',
    finishedAt: undefined,
    outcome: 'processing',
    refusal: undefined,
    reconciliation: undefined,
    standsInstead: undefined,
    warnings: [],
    ...overrides,
  };
}

test('an upload whose event was lost is asked for', async () => {
  const deps = world();
  deps.files.put(KEY, 'x', '2026-11-05T11:00:00Z');
  expect(await requestMissedReports(deps)).toEqual({ seen: 1, requested: 1 });
  expect(deps.queue.sent).toEqual([{ job: { objectKey: KEY }, delayMs: 0 }]);
});

test('an upload of the last minutes is left to its own event', async () => {
  const deps = world();
  deps.files.put(KEY, 'x', '2026-11-05T11:50:00Z');
  expect(await requestMissedReports(deps)).toEqual({ seen: 1, requested: 0 });
});

test('an upload that has its outcome, or is being worked on, is left alone', async () => {
  for (const known of [report({ outcome: 'refused' }), report({ startedAt: '2026-11-05T11:00:00.000Z' })]) {
    const deps = world();
    deps.files.put(KEY, 'x', '2026-11-05T00:00:00Z');
    await deps.reports.beginReport(known);
    expect(await requestMissedReports(deps)).toEqual({ seen: 1, requested: 0 });
  }
});

test('work begun long ago and never finished is asked for again', async () => {
  const deps = world();
  deps.files.put(KEY, 'x', '2026-11-05T00:00:00Z');
  await deps.reports.beginReport(report({}));
  expect(await requestMissedReports(deps)).toEqual({ seen: 1, requested: 1 });
});

test("objects outside any channel are nobody's reports", async () => {
  const deps = world();
  deps.files.put('elsewhere/a.txt', 'x', '2026-11-05T00:00:00Z');
  expect(await requestMissedReports(deps)).toEqual({ seen: 1, requested: 0 });
});
