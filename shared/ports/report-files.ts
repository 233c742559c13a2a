import type { LedgerEntry } from '../domain/ledger.ts';

/** An uploaded payment file as it stands in the bucket at this moment. */
export interface ReportObject {
  readonly objectKey: string;
  /** ISO instant, cut to the second: listings and reads agree on nothing finer. */
  readonly uploadedAt: string;
  /** Changes when the contents change. */
  readonly etag: string;
  readonly sizeBytes: number;
}

export interface ReportFiles {
  /** The object at the key, or undefined when it is gone. */
  find(objectKey: string): Promise<ReportObject | undefined>;
  /** The bytes of exactly this object; fails as unavailable when it was overwritten meanwhile. */
  read(object: ReportObject): AsyncIterable<Uint8Array>;
  /** Uploaded payment files, in no order. */
  list(): AsyncIterable<ReportObject>;
  /** Keeps the object itself for replay: for files that hold no personal data. Unavailable when it was overwritten meanwhile. */
  keepObject(reportId: string, object: ReportObject): Promise<void>;
  /** Keeps a copy for replay that was freed of personal data. */
  keepCopy(reportId: string, contents: AsyncIterable<Uint8Array>): Promise<void>;
  /** Keeps what a report says of each order: to be shown, and to be taken back when it is replaced. */
  keepEntries(reportId: string, entries: Iterable<ReportedEntry>): Promise<void>;
  /** What was kept, or nothing when it never was. */
  readEntries(reportId: string): AsyncIterable<ReportedEntry>;
}

export interface ReportedEntry {
  readonly marketplaceOrderId: string;
  readonly entry: LedgerEntry;
}
