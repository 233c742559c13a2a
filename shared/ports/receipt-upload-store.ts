import type { Marketplace } from '../domain/order.ts';
import type { ReceiptId } from '../domain/receipt.ts';
import type { ReceiptUpload, UploadLine } from '../domain/receipt-upload.ts';

/** A page of uploads, and where the list goes on. */
export interface UploadPage {
  readonly uploads: readonly ReceiptUpload[];
  readonly cursor: string | undefined;
}

/** Documents on their way to marketplaces: one for each document, whoever asks for it how often. Holds nothing personal. */
export interface ReceiptUploadStore {
  /** Stores an upload that is not there yet; one that is stays as it is. */
  create(upload: ReceiptUpload): Promise<'created' | 'exists'>;
  getMany(ids: readonly ReceiptId[]): Promise<ReadonlyMap<ReceiptId, ReceiptUpload>>;
  /** Stores the upload when the stored version is `expectedVersion`; the version counts up. */
  change(upload: ReceiptUpload, expectedVersion: number): Promise<'changed' | 'conflict'>;
  /** The open ones in a line of an account's that are due at `until`, the longest due first. */
  listOpen(query: {
    readonly marketplace: Marketplace;
    readonly accountId: string;
    readonly line: UploadLine;
    readonly until: string;
    readonly limit: number;
    readonly cursor?: string | undefined;
  }): Promise<UploadPage>;
  /** How many of an account wait to be sent, due or not. */
  countWaiting(of: { readonly marketplace: Marketplace; readonly accountId: string }): Promise<number>;
  /** Those that a person has to look at, the longest ended first. */
  listFailed(page: { readonly limit: number; readonly cursor?: string | undefined }): Promise<UploadPage>;
}
