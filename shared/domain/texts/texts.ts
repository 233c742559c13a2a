import type { SettlementState } from '../order-money.ts';
import type { Bucket } from '../reconciliation.ts';
import type { ReportOutcome, WARNING_CODES } from '../report.ts';
import type { FeeGroup, NOTICE_CODES, RefusalCode, RejectReason } from '../statement.ts';

/** A sentence made with the detail of its code: a header, a cell, a line, a word. The detail may be empty. */
type Sentence = (detail: string) => string;

/** Everything the shop's operator is told about a payment file, in one language. */
export interface Texts {
  readonly refusals: Readonly<Record<RefusalCode, Sentence>>;
  readonly rejects: Readonly<Record<RejectReason, string>>;
  readonly notices: Readonly<Record<(typeof NOTICE_CODES)[number], Sentence>>;
  readonly warnings: Readonly<Record<(typeof WARNING_CODES)[number], Sentence>>;
  readonly labels: Labels;
}

/** Words of tables and lists. */
export interface Labels {
  readonly buckets: Readonly<Record<Bucket, string>>;
  readonly feeGroups: Readonly<Record<FeeGroup, string>>;
  readonly states: Readonly<Record<SettlementState | 'waiting' | 'other-channel', string>>;
  readonly outcomes: Readonly<Record<ReportOutcome, string>>;
  readonly file: string;
  readonly format: string;
  readonly settlements: string;
  readonly rows: string;
  readonly amount: string;
  readonly bucket: string;
  readonly total: string;
  readonly stated: string;
  readonly balanced: string;
  readonly unbalanced: string;
  readonly statesNoTotal: string;
  readonly fees: string;
  readonly channel: string;
  readonly order: string;
  readonly fee: string;
  readonly sales: string;
  readonly tax: string;
  readonly refunds: string;
  readonly other: string;
  readonly net: string;
  readonly state: string;
  readonly line: string;
  readonly reason: string;
  readonly rejected: string;
  readonly refused: string;
  readonly notices: string;
  readonly moreOrders: (count: number) => string;
}

/** ` "Quantità"` for a detail worth showing, nothing for an empty one. */
export function quoted(detail: string): string {
  return detail === '' ? '' : ` “${detail}”`;
}

/** ` (riga 12)` and its like, nothing for an empty detail. */
export function inBrackets(detail: string): string {
  return detail === '' ? '' : ` (${detail})`;
}
