import type { Receipt, ReceiptLanguage } from '../domain/receipt.ts';
import type { ReceiptBuyer } from '../domain/receipt-buyer.ts';
import type { Seller } from '../domain/receipt-settings.ts';

/** Everything that stands on the page. */
export interface ReceiptPage {
  /** Has its number. */
  readonly receipt: Receipt;
  readonly seller: Seller;
  /** Undefined when nobody's name is known (any more). */
  readonly buyer: ReceiptBuyer | undefined;
  /** PNG or JPEG. */
  readonly logo: Uint8Array | undefined;
  /** The accountant's words, where there are any, instead of ours. */
  readonly courtesyNotes: Readonly<Partial<Record<ReceiptLanguage, string>>>;
}

/** Draws a document. The same page is the same bytes. */
export interface ReceiptRenderer {
  /** @throws RejectedError when the page can never be drawn (a logo that is no picture) */
  render(page: ReceiptPage): Promise<Uint8Array>;
}
