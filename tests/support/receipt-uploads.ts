import { isoInstant } from '../../shared/domain/pull-window.ts';
import type { ReceiptUpload } from '../../shared/domain/receipt-upload.ts';
import { aReceipt } from './receipts.ts';

/** An upload of a receipt that nobody has sent yet; say what the test is about. */
export function anUpload(overrides: Partial<ReceiptUpload> = {}): ReceiptUpload {
  const { receiptId, orderId, marketplace, channelId } = aReceipt();
  const wantedAt = isoInstant(Date.parse('2026-11-23T10:00:00Z'));
  return {
    ...{ receiptId, orderId, marketplace, channelId },
    accountId: 'A1EXAMPLE',
    state: 'wanted',
    attempts: 0,
    asked: 0,
    wantedAt,
    dueAt: wantedAt,
    version: 1,
    ...overrides,
  };
}
