import { receiptIdParts } from './receipt.ts';
import type { ReceiptUpload } from './receipt-upload.ts';
import { receiptUploadText } from './texts/receipt-uploads/index.ts';

/** An upload as people and programs see it. */
export function shownUpload(upload: ReceiptUpload) {
  const { state, documentId, attempts, wantedAt, sentAt, endedAt, dueAt, deadlineAt } = upload;
  return {
    state,
    why: receiptUploadText(upload),
    documentId: documentId ?? null,
    attempts,
    wantedAt,
    sentAt: sentAt ?? null,
    endedAt: endedAt ?? null,
    dueAt: dueAt ?? null,
    deadlineAt: deadlineAt ?? null,
  };
}

/** The same in a list, with what it is an upload of. */
export function listedUpload(upload: ReceiptUpload) {
  const { receiptId, orderId, marketplace, channelId } = upload;
  const parts = receiptIdParts(receiptId);
  if (parts === undefined) throw new RangeError('not a document');
  return {
    marketplace,
    marketplaceOrderId: orderId.slice(marketplace.length + 1),
    receipt: `${parts.family}-${parts.request}`,
    channel: channelId,
    upload: shownUpload(upload),
  };
}
