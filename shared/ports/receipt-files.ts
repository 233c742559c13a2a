import type { ReceiptFile } from '../domain/receipt.ts';

/**
 * Issued PDFs and the shop's logo, in a bucket of their own: encrypted, versioned, kept for the fiscal period, apart from
 * the personal data that ends 27 days after delivery.
 */
export interface ReceiptFiles {
  /** Keeps a PDF. When one is kept under the key already it stays, and is what is answered: it may have been sent out. */
  keep(key: string, pdf: Uint8Array): Promise<ReceiptFile>;
  read(key: string): Promise<Uint8Array | undefined>;
}
