import type { FeeGroup, ReportFormat, Side } from './statement.ts';

/**
 * What one statement says of one order: the only thing an order's fee is ever computed from.
 * All amounts in minor units of `currency`, signed as charged.
 */
export interface LedgerEntry {
  readonly source: ReportFormat;
  readonly settlementId: string;
  /** Only in date-range entries; see `Statement`. */
  readonly marketplace: string;
  readonly day: string;
  readonly released: boolean;
  readonly currency: string;
  readonly fees: Readonly<Record<Side, Readonly<Partial<Record<FeeGroup, number>>>>>;
  readonly sale: EntryMoney;
  readonly reversal: EntryMoney;
  /** Costs of the order that are not fees, and money given back for lost stock. */
  readonly orderCost: number;
  readonly reimbursement: number;
  /** The report this came from and where in its file: row count and 1-based inclusive line ranges. */
  readonly reportId: string;
  readonly rows: number;
  readonly lines: readonly (readonly [number, number])[];
  /** Which upload of the statement this is; the higher one wins (see `StatementHead.rank`). */
  readonly rank: string;
}

export interface EntryMoney {
  readonly price: number;
  readonly tax: number;
  readonly discount: number;
  readonly taxWithheld: number;
}

/** The key under which an entry stands in its order: one per (order, source, statement). */
export function entryKey(
  entry: Pick<LedgerEntry, 'source' | 'settlementId' | 'marketplace' | 'day' | 'released'>,
): string {
  return entry.source === 'date-range'
    ? `${entry.source}|${entry.marketplace}|${entry.day}|${entry.settlementId}|${entry.released ? 'released' : 'deferred'}`
    : `${entry.source}|${entry.settlementId}`;
}
