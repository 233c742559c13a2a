import { UnavailableError } from '../domain/errors.ts';
import type { Order } from '../domain/order.ts';
import type { Receipt } from '../domain/receipt.ts';
import type { ReceiptUpload, ReceiptUploadReason } from '../domain/receipt-upload.ts';

/** The marketplace was not reached: the same may be sent again. */
export class NotSentError extends UnavailableError {}

/** What the marketplace has of a document. */
export type RemoteDocument =
  | { readonly found: 'accepted'; readonly documentId: string }
  /** It works on it. */
  | { readonly found: 'followed'; readonly documentId: string }
  | {
      readonly found: 'rejected';
      readonly reason: ReceiptUploadReason;
      readonly code?: string | undefined;
      readonly documentId: string;
    }
  /** Nothing to be seen of it yet, and it may still appear. */
  | { readonly found: 'not-yet' }
  /** It never came. */
  | { readonly found: 'no' }
  /** It cannot be asked, or what it says is not about this document for certain. */
  | { readonly found: 'cannot-tell' };

/** Puts documents on the orders of one marketplace. Each call asks once. */
export interface ReceiptUploader {
  /** Whether `find` calls the marketplace; where it has nothing to be asked by, it answers from what is stored. */
  readonly asks: boolean;
  /**
   * @param pdf checked before
   * @throws NotSentError when it certainly did not arrive
   * @throws UnavailableError and UnexpectedAnswerError when nobody knows whether it did
   * @throws RejectedError when the marketplace said no
   * @throws ThrottledError
   */
  upload(
    order: Order,
    receipt: Receipt,
    pdf: Uint8Array,
  ): Promise<Extract<RemoteDocument, { found: 'accepted' | 'followed' }>>;
  /** Asks what came of a document that was sent, or may have been. */
  find(order: Order, upload: ReceiptUpload): Promise<RemoteDocument>;
}
