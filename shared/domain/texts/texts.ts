import type { WARNING_CODES } from '../report.ts';
import type { NOTICE_CODES, RefusalCode, RejectReason } from '../statement.ts';

/** A sentence made with the detail of its code: a header, a cell, a line, a word. The detail may be empty. */
export type Sentence = (detail: string) => string;

/** Everything the shop's operator is told about a payment file, in one language. */
export interface Texts {
  readonly refusals: Readonly<Record<RefusalCode, Sentence>>;
  readonly rejects: Readonly<Record<RejectReason, string>>;
  readonly notices: Readonly<Record<(typeof NOTICE_CODES)[number], Sentence>>;
  readonly warnings: Readonly<Record<(typeof WARNING_CODES)[number], Sentence>>;
}

/** ` "Quantità"` for a detail worth showing, nothing for an empty one. */
export function quoted(detail: string): string {
  return detail === '' ? '' : ` “${detail}”`;
}

/** ` (riga 12)` and its like, nothing for an empty detail. */
export function inBrackets(detail: string): string {
  return detail === '' ? '' : ` (${detail})`;
}
