import type { OrderId } from '../domain/order.ts';
import type { Receipt, ReceiptId } from '../domain/receipt.ts';

/** A document as it is about to be stored. */
export type ReceiptDraft = Omit<Receipt, 'number' | 'state' | 'attempts' | 'version'> & {
  /** The series it takes its number from; undefined when the issuer numbers. */
  readonly series: string | undefined;
};

/** How far a series of ours has got. */
export interface SeriesState {
  /** The seller's VAT number. */
  readonly sellerId: string;
  readonly series: string;
  /** Of Europe/Rome. */
  readonly year: number;
  /** The last number taken: so many there are. */
  readonly last: number;
  /** Issue date of the last one: no later number has an earlier one. */
  readonly lastIssueDate: string;
}

export interface StoredDraft {
  readonly state: 'created' | 'exists';
  readonly receipt: Receipt;
}

/** Documents by what they are. Holds nothing personal. */
export interface ReceiptStore {
  /**
   * Stores documents that are not there yet. With a series each takes its next number, in one transaction with the
   * document: a number without a document and a document without a number cannot be, and numbers run without gaps per
   * seller, series and year. Its issue date is the series' last one when a clock behind asks for an earlier one.
   *
   * Answers in the order of the drafts. One that is there already is answered as it is stored, and takes no number.
   */
  create(drafts: readonly ReceiptDraft[]): Promise<readonly StoredDraft[]>;
  /**
   * Stores a document that takes something back, as `create` does, and in the same transaction how much of the original
   * is taken back by then; `conflict` when the original changed since it was read.
   */
  createReversal(
    draft: ReceiptDraft,
    original: {
      readonly receiptId: ReceiptId;
      readonly expectedVersion: number;
      readonly reversedByLine: Readonly<Record<string, number>>;
    },
  ): Promise<StoredDraft | 'conflict'>;
  /**
   * Stores where a document stands when the stored version is its own; the version counts up. With `beside`, both documents
   * or neither.
   */
  change(receipt: Receipt, beside?: Receipt): Promise<'changed' | 'conflict'>;
  getMany(ids: readonly ReceiptId[]): Promise<ReadonlyMap<ReceiptId, Receipt>>;
  /** All documents of an order, first requested first. */
  ofOrder(orderId: OrderId): Promise<readonly Receipt[]>;
  /** A month's documents by issue date and number; those of one month only. */
  ofMonth(query: {
    /** `YYYY-MM` of the issue date. */
    readonly month: string;
    readonly limit: number;
    readonly cursor?: string | undefined;
  }): Promise<{ readonly receipts: readonly Receipt[]; readonly cursor: string | undefined }>;
  /** Those whose `dueAt` has come, the longest due first. */
  listDue(query: {
    readonly until: string;
    readonly limit: number;
    readonly cursor?: string | undefined;
  }): Promise<{ readonly receipts: readonly Receipt[]; readonly cursor: string | undefined }>;
  /** Every series that has a number. */
  listSeries(): Promise<readonly SeriesState[]>;
}
