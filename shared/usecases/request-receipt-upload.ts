import { type ReceiptId, receiptIdParts } from '../domain/receipt.ts';
import { type ReceiptUpload, wantedUpload } from '../domain/receipt-upload.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { OrderStore } from '../ports/order-store.ts';
import type { ReceiptStore } from '../ports/receipt-store.ts';
import type { ReceiptUploadStore } from '../ports/receipt-upload-store.ts';

export interface RequestReceiptUploadDeps {
  readonly receipts: Pick<ReceiptStore, 'getMany'>;
  readonly orders: Pick<OrderStore, 'getMany'>;
  readonly channels: Pick<ChannelStore, 'getChannel'>;
  readonly uploads: Pick<ReceiptUploadStore, 'create'>;
  readonly clock: Clock;
}

/** What came of the news of an issued document, for logs. */
export interface RequestedReceiptUpload {
  readonly outcome: 'wanted' | 'not-available' | 'exists';
  readonly marketplace: ReceiptUpload['marketplace'];
}

/**
 * Wants an issued document on its marketplace. Heard of twice, it is wanted once. Nothing is sent from here: what waits is
 * sent as fast as the marketplace's allowance lets it.
 */
export async function requestReceiptUpload(
  { receipts, orders, channels, uploads, clock }: RequestReceiptUploadDeps,
  id: string,
): Promise<RequestedReceiptUpload> {
  const parts = receiptIdParts(id);
  // Known by its form or found nowhere.
  const receipt = (await receipts.getMany([id as ReceiptId])).get(id as ReceiptId);
  if (parts === undefined || receipt?.state !== 'issued') throw new RangeError(`${id} is no issued document`);
  const [records, channel] = await Promise.all([
    orders.getMany([parts.orderId]),
    channels.getChannel(receipt.channelId),
  ]);
  const order = records.get(parts.orderId)?.order;
  if (order === undefined) throw new RangeError(`there is no order ${parts.orderId}`);
  const upload = wantedUpload(receipt, order, channel, clock.now());
  const { marketplace, state } = upload;
  if ((await uploads.create(upload)) === 'exists') return { outcome: 'exists', marketplace };
  return { outcome: state === 'not-available' ? 'not-available' : 'wanted', marketplace };
}
