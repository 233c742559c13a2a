import { beforeEach, describe, expect, test } from 'vitest';
import type { Report, StatementHead } from '../../shared/domain/report.ts';
import type { ReportStore, StatementStore } from '../../shared/ports/report-store.ts';

function aReport(overrides: Partial<Report> = {}): Report {
  return {
    reportId: 'r1',
    channelId: 'amazon-it',
    accountId: 'A1EXAMPLE',
    objectKey: 'payment-reports/amazon-it/settlement.txt',
    sizeBytes: 1024,
    uploadedAt: '2026-11-01T10:00:00.000Z',
    startedAt: '2026-11-01T10:00:05.000Z',
    finishedAt: undefined,
    outcome: 'processing',
    refusal: undefined,
    reconciliation: undefined,
    standsInstead: undefined,
    warnings: [],
    ...overrides,
  };
}
const bucket = { rows: 0, amountMinor: 0 };
const imported = aReport({
  outcome: 'imported',
  finishedAt: '2026-11-01T10:00:09.000Z',
  reconciliation: {
    format: 'settlement-v2',
    language: 'en',
    settlementIds: ['25000000001'],
    currency: 'EUR',
    rows: 3,
    control: { statedMinor: null, computedMinor: -4641, balanced: null },
    buckets: {
      order: bucket,
      account: { rows: 1, amountMinor: -4641 },
      waiting: bucket,
      otherChannel: bucket,
      unclassified: { rows: 1, amountMinor: 0 },
      rejected: { rows: 1, amountMinor: 0 },
    },
    fees: { commission: 0, fba: 0, shipping: 0, digitalServices: 0, refundCommission: 0, other: 0 },
    accountLines: [{ label: 'Subscription Fee', rows: 1, amountMinor: -4641 }],
    rejected: [{ line: 4, reason: 'no-amount' }],
    rejectedCount: 1,
    unclassified: [{ line: 5, label: 'Mystery', amountMinor: 0 }],
    notices: [{ code: 'unknown-word', detail: 'Mystery' }],
  },
  warnings: [{ code: 'replaced', detail: 'settlement-v2|25000000001' }],
});

/** What every report store must do. */
export function reportStoreContract(name: string, create: () => Promise<ReportStore>): void {
  describe(`${name} report store`, () => {
    let store: ReportStore;
    beforeEach(async () => {
      store = await create();
    });

    test('a report comes out as it went in', async () => {
      await store.beginReport(aReport());
      expect(await store.getReport('r1')).toEqual(aReport());
      await store.finishReport(imported);
      expect(await store.getReport('r1')).toEqual(imported);
      expect(await store.getReport('other')).toBeUndefined();
    });

    test('beginning it twice keeps the first', async () => {
      expect(await store.beginReport(aReport())).toBe('begun');
      expect(await store.beginReport(aReport({ startedAt: '2026-11-02T00:00:00.000Z' }))).toBe('exists');
      expect((await store.getReport('r1'))?.startedAt).toBe('2026-11-01T10:00:05.000Z');
    });

    test('the outcome is written once; a late refusal does not undo an import', async () => {
      await store.beginReport(aReport());
      expect(await store.finishReport(imported)).toBe('finished');
      const refused = aReport({ outcome: 'refused', refusal: { code: 'pdf', detail: '' } });
      expect(await store.finishReport(refused)).toBe('already-final');
      expect((await store.getReport('r1'))?.outcome).toBe('imported');
    });

    test('an imported report can be marked as replaced, one still processing cannot', async () => {
      await store.beginReport(aReport());
      await store.noteReplaced('r1', 'r2');
      expect((await store.getReport('r1'))?.standsInstead).toBeUndefined();
      await store.finishReport(imported);
      await store.noteReplaced('r1', 'r2');
      await store.noteReplaced('r1', 'r2');
      expect(await store.getReport('r1')).toEqual({ ...imported, standsInstead: 'r2' });
      await store.noteReplaced('unknown', 'r2');
      expect(await store.getReport('unknown')).toBeUndefined();
    });

    test("a channel's reports are listed newest upload first, page by page, and no other channel's", async () => {
      for (const [reportId, day] of [
        ['a', '01'],
        ['b', '03'],
        ['c', '02'],
      ] as const) {
        await store.beginReport(aReport({ reportId, uploadedAt: `2026-11-${day}T10:00:00.000Z` }));
      }
      await store.beginReport(aReport({ reportId: 'd', channelId: 'amazon-de' }));
      const first = await store.listReports({ channelId: 'amazon-it', limit: 2 });
      expect(first.reports.map((report) => report.reportId)).toEqual(['b', 'c']);
      const second = await store.listReports({ channelId: 'amazon-it', limit: 2, cursor: first.cursor });
      expect(second.reports.map((report) => report.reportId)).toEqual(['a']);
    });
  });
}

/** What every statement store must do. */
export function statementStoreContract(name: string, create: () => Promise<StatementStore>): void {
  const head: StatementHead = {
    accountId: 'A1EXAMPLE',
    unitKey: 'settlement-v2|25000000001',
    rank: '2026-11-01T10:00:00.000Z#r1',
    fingerprint: '5/0/1a/2b',
    rows: 5,
    reportId: 'r1',
    state: 'importing',
    replacing: ['r0'],
  };

  describe(`${name} statement store`, () => {
    let store: StatementStore;
    beforeEach(async () => {
      store = await create();
    });

    test('the first head of a statement is put only where none stands', async () => {
      expect(await store.replaceHead(head, undefined)).toBe('replaced');
      expect(await store.replaceHead({ ...head, reportId: 'r2' }, undefined)).toBe('moved');
      expect([
        ...(await store.getHeads('A1EXAMPLE', [head.unitKey, 'settlement-v2|other', head.unitKey])),
      ]).toEqual([[head.unitKey, head]]);
    });

    test('a head gives way only to who has seen it as it stands', async () => {
      await store.replaceHead(head, undefined);
      const done: StatementHead = { ...head, state: 'imported', replacing: [] };
      expect(await store.replaceHead(done, { ...head, rank: 'older' })).toBe('moved');
      expect(await store.replaceHead(done, { ...head, reportId: 'r9' })).toBe('moved');
      expect(await store.replaceHead(done, done)).toBe('moved');
      expect(await store.replaceHead(done, head)).toBe('replaced');
      expect((await store.getHeads('A1EXAMPLE', [head.unitKey])).get(head.unitKey)).toEqual(done);
    });

    test('the same statement of another account is another one', async () => {
      await store.replaceHead(head, undefined);
      expect(await store.replaceHead({ ...head, accountId: 'A2OTHER' }, undefined)).toBe('replaced');
      expect((await store.getHeads('A3NONE', [head.unitKey])).size).toBe(0);
    });

    test('more heads than one request takes are all found', async () => {
      const unitKeys = Array.from({ length: 130 }, (_, i) => `date-range|amazon.it|day-${i}`);
      for (const unitKey of unitKeys) await store.replaceHead({ ...head, unitKey }, undefined);
      expect((await store.getHeads('A1EXAMPLE', unitKeys)).size).toBe(130);
    });
  });
}
