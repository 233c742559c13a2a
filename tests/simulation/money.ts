import type { LedgerEntry } from '../../shared/domain/ledger.ts';
import {
  entriesOf,
  type Parts,
  type PaymentFile,
  type StatementName,
  type TrueRow,
  withoutZeros,
} from './payment-files.ts';

/** One upload as the bucket knows it, with the truth about its contents. */
export interface Upload {
  readonly reportId: string;
  readonly objectKey: string;
  readonly uploadedAt: string;
  /** Whether it lies under a channel that exists. */
  readonly channelExists: boolean;
  readonly file: PaymentFile;
}

export interface TrueEntry {
  readonly marketplaceOrderId: string;
  readonly statement: StatementName;
  readonly parts: Parts;
}

/**
 * The entries that have to stand in the end: for each statement those of its winning upload. Written from the rules,
 * without the code under test: the newest upload of a settlement wins, of a marketplace's day the longest one.
 */
export function standingEntries(uploads: readonly Upload[]): TrueEntry[] {
  const winners = new Map<string, { rank: string; upload: Upload }>();
  for (const upload of uploads) {
    if (!upload.channelExists) continue;
    for (const unit of upload.file.units) {
      const rows = upload.file.rows.filter((row) => row.unit === unit).length;
      const length = upload.file.format === 'date-range' ? String(rows).padStart(6, '0') : '';
      const rank = `${length} ${upload.uploadedAt} ${upload.reportId}`;
      const standing = winners.get(unit);
      if (standing === undefined || standing.rank < rank) winners.set(unit, { rank, upload });
    }
  }
  return [...winners].flatMap(([unit, { upload }]) =>
    [...entriesOf(upload.file).values()]
      .filter(({ row }) => row.unit === unit)
      .map(({ row: { marketplaceOrderId, statement }, parts }) => ({ marketplaceOrderId, statement, parts })),
  );
}

const FEES = ['commission', 'fba', 'shipping', 'digitalServices', 'refundCommission', 'other'];
const SOURCES = ['settlement-v2', 'settlement-v1', 'date-range'];

export interface TrueMoney {
  readonly feeMinor: number;
  readonly netMinor: number;
  readonly provisional: boolean;
}

/** An order's money from its entries: per settlement the best source, and what is held back only when there is nothing else. */
export function moneyOf(entries: readonly Pick<TrueEntry, 'statement' | 'parts'>[]): TrueMoney | undefined {
  if (entries.length === 0) return undefined;
  const released = entries.filter(({ statement }) => statement.released);
  const settlements = new Set(released.map(({ statement }) => statement.settlementId));
  const counted = [...settlements].flatMap((settlementId) => {
    const own = released.filter(({ statement }) => statement.settlementId === settlementId);
    const best = SOURCES.find((source) => own.some(({ statement }) => statement.source === source));
    return own.filter(({ statement }) => statement.source === best);
  });
  let [feeMinor, netMinor] = [0, 0];
  for (const { parts } of released.length > 0 ? counted : entries) {
    for (const [part, minor] of Object.entries(parts)) {
      netMinor += minor;
      if (FEES.includes(part.split('.')[1] ?? '')) feeMinor += minor;
    }
  }
  return { feeMinor, netMinor, provisional: released.length === 0 };
}

/** A ledger entry's money in the words of the truth. */
export function partsOf(entry: LedgerEntry): Parts {
  const parts: Record<string, number> = { orderCost: entry.orderCost, reimbursement: entry.reimbursement };
  for (const side of ['sale', 'reversal'] as const) {
    for (const [name, minor] of Object.entries({ ...entry[side], ...entry.fees[side] })) {
      parts[`${side}.${name}`] = minor;
    }
  }
  return withoutZeros(parts);
}

/** What a file's rows add up to, by where they end up; an order's rows wait or not, so the two are one here. */
export function totalsOf(file: PaymentFile): Record<TrueRow['kind'], { rows: number; minor: number }> {
  const totals = {
    ...{ order: { rows: 0, minor: 0 }, account: { rows: 0, minor: 0 }, otherChannel: { rows: 0, minor: 0 } },
    ...{ unclassified: { rows: 0, minor: 0 }, rejected: { rows: 0, minor: 0 } },
  };
  for (const { kind, totalMinor } of file.rows) {
    totals[kind].rows++;
    totals[kind].minor += totalMinor;
  }
  return totals;
}
