import type { FileReconciliation } from './reconciliation.ts';
import type { RefusalCode } from './statement.ts';

/** Where an uploaded payment report stands. Only `processing` is not final. */
export const REPORT_OUTCOMES = ['processing', 'imported', 'refused', 'duplicate', 'superseded'] as const;
export type ReportOutcome = (typeof REPORT_OUTCOMES)[number];

/** What an operator should know about an import that went through. */
export const WARNING_CODES = [
  /** Another upload of this statement stood before, with other contents. */
  'replaced',
  /** This day was there already with more rows: kept. */
  'kept-longer',
  /** A newer upload of this statement stands. */
  'kept-newer',
  /** Orders whose own currency is not the report's. */
  'foreign-currency',
] as const;

export interface ReportWarning {
  readonly code: (typeof WARNING_CODES)[number];
  /** The statement, day or order ids concerned. */
  readonly detail: string;
}

/** Under this channel stand the uploads whose folder is no channel's: no channel can have this name. */
export const UNKNOWN_CHANNEL = '(unknown)';

/** One upload of one file. */
export interface Report {
  readonly reportId: string;
  /** The channel it was uploaded for, or `UNKNOWN_CHANNEL`. */
  readonly channelId: string;
  readonly accountId: string;
  /** Object key in the report bucket. */
  readonly objectKey: string;
  readonly sizeBytes: number;
  readonly uploadedAt: string;
  readonly startedAt: string;
  readonly finishedAt: string | undefined;
  readonly outcome: ReportOutcome;
  readonly refusal: { readonly code: RefusalCode; readonly detail: string } | undefined;
  /** As counted when it was read; rows that waited then may have been matched since (see `withArrivals`). */
  readonly reconciliation: FileReconciliation | undefined;
  /** The report that holds the same contents (`duplicate`), a newer version of them (`superseded`), or replaced some of this one's statements later (`imported`). */
  readonly standsInstead: string | undefined;
  readonly warnings: readonly ReportWarning[];
}

/** Everything an import is about to apply for one file, named by what it is. */
export interface StatementHead {
  readonly accountId: string;
  readonly unitKey: string;
  readonly rank: string;
  readonly fingerprint: string;
  readonly rows: number;
  readonly reportId: string;
  readonly state: 'importing' | 'imported';
  /** Reports whose entries may still stand in orders and must be taken out before the import is complete. */
  readonly replacing: readonly string[];
}

/**
 * The report's buckets as they are now: rows that waited at reading time and whose order has arrived since count
 * as matched.
 * @param waitingNow what of this report still waits
 */
export function withArrivals(
  reconciliation: FileReconciliation,
  waitingNow: { rows: number; amountMinor: number },
): FileReconciliation {
  const { order, waiting } = reconciliation.buckets;
  return {
    ...reconciliation,
    buckets: {
      ...reconciliation.buckets,
      order: {
        rows: order.rows + waiting.rows - waitingNow.rows,
        amountMinor: order.amountMinor + waiting.amountMinor - waitingNow.amountMinor,
      },
      waiting: waitingNow,
    },
  };
}
