import type { LedgerEntry } from '../domain/ledger.ts';
import { formatMinor } from '../domain/money.ts';
import { orderId } from '../domain/order.ts';
import { entryTotal, orderMoney } from '../domain/order-money.ts';
import { type Bucket, isOtherChannel } from '../domain/reconciliation.ts';
import { type Report, withArrivals } from '../domain/report.ts';
import {
  type ReportDetail,
  type ReportSummary,
  reportDetail,
  reportSummary,
} from '../domain/report-summary.ts';
import { rejectText } from '../domain/texts/index.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { OrderStore } from '../ports/order-store.ts';
import type { ReportFiles } from '../ports/report-files.ts';
import type { ReportStore } from '../ports/report-store.ts';

export interface ReadPaymentReportsDeps {
  readonly reports: ReportStore;
  readonly orders: Pick<OrderStore, 'getMany' | 'listWaiting'>;
  readonly files: Pick<ReportFiles, 'readEntries'>;
  readonly channels: ChannelStore;
}

/** A page of a channel's reports, newest first; undefined when there is no such channel. */
export async function listPaymentReports(
  { reports, channels }: ReadPaymentReportsDeps,
  query: { readonly channelId: string; readonly limit: number; readonly cursor?: string | undefined },
): Promise<{ readonly reports: readonly ReportSummary[]; readonly cursor: string | undefined } | undefined> {
  if ((await channels.getChannel(query.channelId)) === undefined) return undefined;
  const page = await reports.listReports(query);
  return { reports: page.reports.map(reportSummary), cursor: page.cursor };
}

const PAGE_WAITING = 500;

/** One report with its buckets as they are now: orders that arrived since no longer wait. */
export async function readPaymentReport(
  deps: ReadPaymentReportsDeps,
  reportId: string,
): Promise<ReportDetail | undefined> {
  const report = await deps.reports.getReport(reportId);
  if (report === undefined) return undefined;
  const { reconciliation } = report;
  if (!reconciliation || !canStillWait(report) || reconciliation.buckets.waiting.rows === 0) {
    return reportDetail(report);
  }
  const waiting = { rows: 0, amountMinor: 0 };
  let cursor: string | undefined;
  do {
    const page = await deps.orders.listWaiting({ accountId: report.accountId, limit: PAGE_WAITING, cursor });
    for (const entry of page.records.flatMap(({ entries }) => Object.values(entries))) {
      if (entry.reportId !== reportId) continue;
      waiting.rows += entry.rows;
      waiting.amountMinor += entryTotal(entry);
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return reportDetail({ ...report, reconciliation: withArrivals(reconciliation, waiting) });
}

/** One entry of a bucket: an order, a label of the account, or a single row. Amounts are decimal strings. */
export interface BucketRow {
  readonly marketplaceOrderId: string | null;
  /** The file's own words, or why the row was rejected. */
  readonly label: string | null;
  /** First line in the file. */
  readonly line: number | null;
  readonly rows: number;
  readonly amount: string | null;
  readonly fee: string | null;
}

export type BucketPage =
  | {
      readonly outcome: 'found';
      readonly currency: string;
      readonly rows: readonly BucketRow[];
      /** How many entries of the report come before the next page; undefined on the last one. */
      readonly next: number | undefined;
    }
  | { readonly outcome: 'unknown-report' }
  /** Nothing was read of it: it was refused, or is being read at this moment. */
  | { readonly outcome: 'without-rows' };

/**
 * A page of what a bucket holds. Orders are read from what was kept of the report when it was imported, up to the page
 * asked for; whether one still waits is asked of the order itself.
 * @param skip entries before the page: `next` of the page before
 */
export async function readBucket(
  deps: ReadPaymentReportsDeps,
  reportId: string,
  bucket: Bucket,
  page: { readonly skip: number; readonly limit: number },
): Promise<BucketPage> {
  const report = await deps.reports.getReport(reportId);
  if (report === undefined) return { outcome: 'unknown-report' };
  const { reconciliation } = report;
  if (reconciliation === undefined) return { outcome: 'without-rows' };
  const { currency } = reconciliation;
  const text = (minor: number): string => formatMinor(minor, currency);
  const listed = (rows: readonly BucketRow[]): BucketPage => ({
    outcome: 'found',
    currency,
    rows: rows.slice(page.skip, page.skip + page.limit),
    next: page.skip + page.limit < rows.length ? page.skip + page.limit : undefined,
  });
  switch (bucket) {
    case 'account':
      return listed(
        reconciliation.accountLines.map(({ label, rows, amountMinor }) => ({
          ...NO_ORDER,
          label,
          rows,
          amount: text(amountMinor),
        })),
      );
    case 'unclassified':
      return listed(
        reconciliation.unclassified.map(({ line, label, amountMinor }) => ({
          ...NO_ORDER,
          label,
          line,
          amount: text(amountMinor),
        })),
      );
    case 'rejected':
      return listed(
        reconciliation.rejected.map(({ line, reason }) => ({ ...NO_ORDER, label: rejectText(reason), line })),
      );
    default:
      return { outcome: 'found', currency, ...(await orderRows(deps, report, currency, bucket, page)) };
  }
}

const NO_ORDER = {
  marketplaceOrderId: null,
  label: null,
  line: null,
  rows: 1,
  amount: null,
  fee: null,
} as const;

/** Orders looked up together, to see which of them still wait. */
const LOOKED_UP = 100;
/** Orders looked at for one page: some three seconds. A bucket of few orders in a large file has short pages. */
const LOOKED_AT_MAX = 20_000;

async function orderRows(
  { files, orders }: ReadPaymentReportsDeps,
  report: Report,
  currency: string,
  bucket: 'order' | 'waiting' | 'otherChannel',
  { skip, limit }: { readonly skip: number; readonly limit: number },
): Promise<{ readonly rows: readonly BucketRow[]; readonly next: number | undefined }> {
  const rows: BucketRow[] = [];
  let passed = skip;
  let index = 0;
  let batch: ReportedOrder[] = [];
  /** Takes what belongs to the bucket; true when the page is full. */
  const take = async (): Promise<boolean> => {
    const waiting = await waitingAmong(orders, batch);
    for (const reported of batch) {
      if (bucketOf(reported.marketplaceOrderId, waiting) === bucket) rows.push(orderRow(reported, currency));
      passed += 1;
      if (rows.length === limit) return true;
    }
    batch = [];
    return false;
  };
  for await (const reported of reportedOrders(files, report.reportId)) {
    index += 1;
    if (index <= skip) continue;
    batch.push(reported);
    if (batch.length < LOOKED_UP) continue;
    if ((await take()) || passed - skip >= LOOKED_AT_MAX) return { rows, next: passed };
  }
  const full = await take();
  return { rows, next: full && passed < index ? passed : undefined };
}

interface ReportedOrder {
  readonly marketplaceOrderId: string;
  readonly entries: LedgerEntry[];
}

/** What a report says, order by order. The entries of one order stand together. */
async function* reportedOrders(
  files: Pick<ReportFiles, 'readEntries'>,
  reportId: string,
): AsyncGenerator<ReportedOrder> {
  let current: ReportedOrder | undefined;
  for await (const { marketplaceOrderId, entry } of files.readEntries(reportId)) {
    if (current?.marketplaceOrderId !== marketplaceOrderId) {
      if (current) yield current;
      current = { marketplaceOrderId, entries: [] };
    }
    current.entries.push(entry);
  }
  if (current) yield current;
}

async function waitingAmong(
  orders: Pick<OrderStore, 'getMany'>,
  batch: readonly ReportedOrder[],
): Promise<ReadonlySet<string>> {
  const own = batch.map(({ marketplaceOrderId }) => marketplaceOrderId).filter((id) => !isOtherChannel(id));
  const records = await orders.getMany([...new Set(own)].map((id) => orderId('amazon', id)));
  return new Set(own.filter((id) => records.get(orderId('amazon', id))?.order === undefined));
}

function bucketOf(
  marketplaceOrderId: string,
  waiting: ReadonlySet<string>,
): 'order' | 'waiting' | 'otherChannel' {
  if (isOtherChannel(marketplaceOrderId)) return 'otherChannel';
  return waiting.has(marketplaceOrderId) ? 'waiting' : 'order';
}

function orderRow({ marketplaceOrderId, entries }: ReportedOrder, currency: string): BucketRow {
  const money = orderMoney(entries, currency);
  return {
    marketplaceOrderId,
    label: null,
    line: Math.min(...entries.flatMap(({ lines }) => lines.map(([first]) => first))),
    rows: entries.reduce((sum, { rows }) => sum + rows, 0),
    amount: formatMinor(
      entries.reduce((sum, entry) => sum + entryTotal(entry), 0),
      currency,
    ),
    fee: money ? formatMinor(money.fee, currency) : null,
  };
}

/** Only what stands can still wait: a replaced report keeps the buckets it was read with. */
function canStillWait(report: Report): boolean {
  return report.outcome === 'imported' && report.standsInstead === undefined;
}
