/**
 * The vocabulary between the readers of payment files and the reconciliation: what a row's money is,
 * on which side of the sale it stands, and to which statement it belongs.
 */

/** Groups in which an order's fee is shown. */
export const FEE_GROUPS = [
  'commission',
  'fba',
  'shipping',
  'digitalServices',
  'refundCommission',
  'other',
] as const;
export type FeeGroup = (typeof FEE_GROUPS)[number];

/**
 * What the money of a row is. The first six are fees; the others never count as one.
 */
export const COMPONENTS = [
  ...FEE_GROUPS,
  /** Item price, shipping, gift wrap: what the buyer paid, without the tax rows. */
  'price',
  /** Tax the buyer paid on top. */
  'tax',
  /** Discounts paid for by the seller. */
  'discount',
  /** Tax that Amazon keeps back and remits itself. */
  'taxWithheld',
  /** Costs of one order that are not Amazon's fee on the sale, such as a return label. */
  'orderCost',
  /** Money given back for lost or damaged stock. */
  'reimbursement',
  /** Costs and credits of the account: advertising, subscription, storage. */
  'accountCost',
  /** Reserves, payouts, charges to the card: money that moves, not money earned. */
  'balance',
  /** A word that is in no table; kept, summed and shown apart. */
  'unclassified',
] as const;
export type Component = (typeof COMPONENTS)[number];

/** `reversal`: the row takes back (part of) a sale: refunds, chargebacks, claims. */
export const SIDES = ['sale', 'reversal'] as const;
export type Side = (typeof SIDES)[number];

/** A (component, side) pair as a small integer, so that a million rows can be summed into flat arrays. */
export type RowClass = number;
export const ROW_CLASS_COUNT: number = COMPONENTS.length * SIDES.length;
export function rowClass(component: Component, side: Side): RowClass {
  return COMPONENTS.indexOf(component) * SIDES.length + SIDES.indexOf(side);
}

/** The kinds of payment file that are reconciled. */
export type ReportFormat = 'settlement-v2' | 'settlement-v1' | 'date-range';

/**
 * Where the money of a group of rows belongs. A settlement file has one statement per settlement;
 * a date-range file one per (settlement, marketplace, local day, released or deferred).
 */
export interface Statement {
  readonly settlementId: string;
  /** Lower-case marketplace name (`amazon.it`); empty on account rows. Only date-range files are cut by it. */
  readonly marketplace: string;
  /** Local calendar day `YYYY-MM-DD`; empty for settlement files, which are replaced whole. */
  readonly day: string;
  /** False while Amazon still holds the money back (Deferred). Always true in settlement files. */
  readonly released: boolean;
}

/** A number a reader got from the sink for a statement; rows name it instead of repeating the statement. */
export type StatementHandle = number;

/**
 * What a reader pushes rows into, one call per row, in file order. Every data row of a file ends in exactly
 * one call of `row` or `reject`; that is what the conservation check stands on.
 */
export interface StatementSink {
  /** The handle of a statement; asking twice for an equal statement gives the same handle. */
  statement(statement: Statement): StatementHandle;
  /**
   * @param line 1-based physical line in the file
   * @param orderId the marketplace's order id, or '' on account rows
   * @param amountMinor minor units, as charged (fees negative)
   * @param label what the file calls the row, for rows outside orders (type or amount type / description)
   */
  row(
    handle: StatementHandle,
    cls: RowClass,
    orderId: string,
    amountMinor: number,
    line: number,
    label: string,
  ): void;
  /**
   * One row whose money is split over several columns: counts as one row, its money is the sum of the parts.
   * `classes` and `amounts` are read up to `count` and not kept, so a reader may reuse the arrays.
   */
  rowParts(
    handle: StatementHandle,
    classes: readonly RowClass[],
    amounts: readonly number[],
    count: number,
    orderId: string,
    line: number,
    label: string,
  ): void;
  /** A row that cannot be used. `amountMinor` is null when not even its amount could be read. */
  reject(line: number, reason: RejectReason, amountMinor: number | null): void;
}

/** Why one row was set aside. Texts for people are in `texts/`. */
export const REJECT_REASONS = [
  'too-few-columns',
  'too-many-columns',
  'no-amount',
  'unreadable-amount',
  'too-many-decimals',
  'no-settlement-id',
  'second-summary-row',
  'row-does-not-add-up',
  'unreadable-date',
  'amount-without-type',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

/** Why a whole file was refused. Texts for people are in `texts/`. */
export const REFUSAL_CODES = [
  'empty',
  'pdf',
  'xlsx',
  'xml',
  'transaction-view',
  'saved-by-excel',
  'broken-order-ids',
  'mojibake',
  'binary',
  'unknown-columns',
  'not-a-payment-report',
  'mixed-decimals',
  'undecided-decimals',
  'currency-unknown',
  'mixed-currencies',
  'cut-in-header',
  'damaged-quotes',
  /** The object stands under a channel that does not exist. */
  'unknown-channel',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** The file as a whole cannot be used; nothing of it has been applied. `detail` is shown (a header, a cell), never personal data. */
export class RefusedReport extends Error {
  readonly code: RefusalCode;
  readonly detail: string;
  constructor(code: RefusalCode, detail = '', options?: { cause?: unknown }) {
    super(detail === '' ? code : `${code}: ${detail}`, options);
    this.name = 'RefusedReport';
    this.code = code;
    this.detail = detail;
  }
}

/** What a reader knows of a file when the last row has been pushed. */
export interface ReadFacts {
  readonly format: ReportFormat;
  /** Language of the headers, ISO 639-1; settlement headers are English everywhere. */
  readonly language: string;
  readonly currency: string;
  /** Sum the file itself states per settlement, in minor units; empty where it states none. */
  readonly statedBySettlement: ReadonlyMap<string, number>;
  /** Things a person should know although the file was read (a cut last line, an unknown word). Codes with detail. */
  readonly notices: readonly ReadNotice[];
}

export const NOTICE_CODES = ['unknown-word', 'other-column-on-order', 'last-line-cut'] as const;
export interface ReadNotice {
  readonly code: (typeof NOTICE_CODES)[number];
  readonly detail: string;
}

/** What the reader may use when the file itself does not decide; from the channel's settings or the command line. */
export interface ReadHints {
  /** Currency to assume when neither preamble nor marketplace says one. */
  readonly currency?: string;
  /** IANA zone in which the account's days are cut, e.g. `Europe/Rome`. */
  readonly timeZone: string;
}
