import type { LedgerEntry } from '../domain/ledger.ts';
import { entryTotal } from '../domain/order-money.ts';
import {
  type Report,
  type ReportOutcome,
  type ReportWarning,
  UNKNOWN_CHANNEL,
  withArrivals,
} from '../domain/report.ts';
import { type RefusedView, type ReportView, refusedView, reportView } from '../domain/report-view.ts';
import { warningText } from '../domain/texts/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { OrderStore } from '../ports/order-store.ts';
import type { ReportFiles } from '../ports/report-files.ts';
import type { ReportStore } from '../ports/report-store.ts';

export interface ListReportsDeps {
  readonly reports: ReportStore;
  readonly orders: OrderStore;
  readonly files: ReportFiles;
  readonly clock: Clock;
}

export type ListedReport = (ReportView | RefusedView | { readonly file: string }) & {
  readonly reportId: string;
  readonly channel: string;
  readonly outcome: ReportOutcome;
  readonly uploadedAt: string;
  readonly standsInstead: string | null;
  readonly warnings: readonly string[];
};

const PAGE_REPORTS = 50;
const PAGE_WAITING = 500;

/** Uploads whose folder is no channel's, newest first: each was refused, and nobody else would show it. */
export function listStrayReports(deps: ListReportsDeps): AsyncGenerator<ListedReport> {
  return listReports(deps, { channelId: UNKNOWN_CHANNEL, accountId: '' });
}

/** The reports of a channel, newest first, their buckets as they are now: arrived orders no longer wait. */
export async function* listReports(
  deps: ListReportsDeps,
  channel: { readonly channelId: string; readonly accountId: string },
): AsyncGenerator<ListedReport> {
  const waiting = await waitingByReport(deps.orders, channel.accountId);
  let cursor: string | undefined;
  do {
    const page = await deps.reports.listReports({
      channelId: channel.channelId,
      limit: PAGE_REPORTS,
      cursor,
    });
    for (const report of page.reports) yield await listedReport(deps, report, waiting.get(report.reportId));
    cursor = page.cursor;
  } while (cursor !== undefined);
}

interface Waiting {
  rows: number;
  amountMinor: number;
  readonly ids: Set<string>;
}

async function waitingByReport(orders: OrderStore, accountId: string): Promise<Map<string, Waiting>> {
  const waiting = new Map<string, Waiting>();
  let cursor: string | undefined;
  do {
    const page = await orders.listWaiting({ accountId, limit: PAGE_WAITING, cursor });
    for (const record of page.records) {
      for (const entry of Object.values(record.entries)) {
        const sum = waiting.get(entry.reportId) ?? { rows: 0, amountMinor: 0, ids: new Set<string>() };
        waiting.set(entry.reportId, sum);
        sum.rows += entry.rows;
        sum.amountMinor += entryTotal(entry);
        sum.ids.add(record.marketplaceOrderId);
      }
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return waiting;
}

async function listedReport(
  deps: ListReportsDeps,
  report: Report,
  waiting: Waiting | undefined,
): Promise<ListedReport> {
  const about = {
    reportId: report.reportId,
    channel: report.channelId,
    outcome: report.outcome,
    uploadedAt: report.uploadedAt,
    standsInstead: report.standsInstead ?? null,
    warnings: report.warnings.map(({ code, detail }: ReportWarning) => warningText(code, detail)),
  };
  if (report.refusal) return { ...refusedView(report.objectKey, report.refusal), ...about };
  if (!report.reconciliation) return { file: report.objectKey, ...about };
  // Only what stands can still wait: a replaced report keeps the buckets it was read with.
  const reconciliation =
    report.outcome === 'imported' && report.standsInstead === undefined
      ? withArrivals(report.reconciliation, {
          rows: waiting?.rows ?? 0,
          amountMinor: waiting?.amountMinor ?? 0,
        })
      : report.reconciliation;
  const byOrder = new Map<string, LedgerEntry[]>();
  for await (const { marketplaceOrderId, entry } of deps.files.readEntries(report.reportId)) {
    const entries = byOrder.get(marketplaceOrderId) ?? [];
    entries.push(entry);
    byOrder.set(marketplaceOrderId, entries);
  }
  const orders = [...byOrder].map(([marketplaceOrderId, entries]) => ({
    marketplaceOrderId,
    entries,
    waiting: waiting?.ids.has(marketplaceOrderId) ?? false,
  }));
  return { ...reportView(report.objectKey, reconciliation, orders, deps.clock.now()), ...about };
}
