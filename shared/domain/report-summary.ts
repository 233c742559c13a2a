import { formatMinor } from './money.ts';
import { BUCKETS } from './reconciliation.ts';
import type { Report } from './report.ts';
import { noticeText, refusalText, warningText } from './texts/index.ts';

export type ReportSummary = ReturnType<typeof reportSummary>;
export type ReportDetail = ReturnType<typeof reportDetail>;

/** A payment report in a list: what it is, whether it was used and whether it adds up. */
export function reportSummary(report: Report) {
  const { refusal, reconciliation } = report;
  return {
    reportId: report.reportId,
    channel: report.channelId,
    fileName: report.objectKey.slice(report.objectKey.lastIndexOf('/') + 1),
    sizeBytes: report.sizeBytes,
    uploadedAt: report.uploadedAt,
    outcome: report.outcome,
    refusal: refusal ? { code: refusal.code, detail: refusalText(refusal.code, refusal.detail) } : null,
    standsInstead: report.standsInstead ?? null,
    warnings: report.warnings.map(({ code, detail }) => warningText(code, detail)),
    format: reconciliation?.format ?? null,
    settlementIds: [...(reconciliation?.settlementIds ?? [])],
    currency: reconciliation?.currency ?? null,
    rows: reconciliation?.rows ?? null,
    computed: reconciliation
      ? formatMinor(reconciliation.control.computedMinor, reconciliation.currency)
      : null,
    balanced: reconciliation?.control.balanced ?? null,
  };
}

/** A payment report on a page of its own: where each of its rows ended. */
export function reportDetail(report: Report) {
  const { reconciliation } = report;
  const listed = reportSummary(report);
  if (reconciliation === undefined) {
    return {
      ...listed,
      stated: null,
      buckets: [],
      fees: {} as Readonly<Record<string, string>>,
      notices: [],
      rejectedCount: 0,
    };
  }
  const { currency, control, buckets, fees, notices, rejectedCount } = reconciliation;
  const text = (minor: number): string => formatMinor(minor, currency);
  return {
    ...listed,
    stated: control.statedMinor === null ? null : text(control.statedMinor),
    buckets: BUCKETS.map((bucket) => ({
      bucket,
      rows: buckets[bucket].rows,
      amount: text(buckets[bucket].amountMinor),
    })),
    fees: Object.fromEntries(Object.entries(fees).map(([group, minor]) => [group, text(minor)])),
    notices: notices.map(({ code, detail }) => noticeText(code, detail)),
    rejectedCount,
  };
}
