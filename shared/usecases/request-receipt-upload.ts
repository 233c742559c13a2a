import { isoInstant } from '../domain/pull-window.ts';
import { type ReceiptId, receiptIdParts } from '../domain/receipt.ts';
import {
  type ReceiptUpload,
  type ReceiptUploadJob,
  receiptUploadJob,
  wantedUpload,
} from '../domain/receipt-upload.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { OrderStore } from '../ports/order-store.ts';
import type { QuotaStore } from '../ports/quota.ts';
import type { ReceiptStore } from '../ports/receipt-store.ts';
import type { ReceiptUploadStore } from '../ports/receipt-upload-store.ts';
import type { UploadMarketplace } from './plan-receipt-uploads.ts';
import { callsLeftToOthers, type UploadCalls } from './upload-receipt.ts';

/** A message that nobody has worked on by then has been lost: the upload is asked for again. */
const MESSAGE_LOST_AFTER_MS = 2 * 60_000;

export interface RequestReceiptUploadDeps {
  readonly receipts: Pick<ReceiptStore, 'getMany'>;
  readonly orders: Pick<OrderStore, 'getMany'>;
  readonly channels: Pick<ChannelStore, 'getChannel'>;
  readonly uploads: Pick<ReceiptUploadStore, 'create' | 'listOpen'>;
  readonly quota: Pick<QuotaStore, 'left'>;
  readonly queues: Readonly<Record<UploadMarketplace, JobQueue<ReceiptUploadJob>>>;
  readonly sending: Readonly<Record<UploadMarketplace, UploadCalls>>;
  readonly clock: Clock;
}

/** What came of the news of an issued document, for logs. */
export interface RequestedReceiptUpload {
  /** `sent-for`: it is its turn already. */
  readonly outcome: 'sent-for' | 'waits' | 'not-available' | 'exists';
  readonly marketplace: ReceiptUpload['marketplace'];
}

/**
 * Wants an issued document on its marketplace. Heard of twice, it is wanted once. It is sent for at once when nothing waits
 * before it and the marketplace's allowance has a call for it; else it waits for its turn.
 */
export async function requestReceiptUpload(
  deps: RequestReceiptUploadDeps,
  id: string,
): Promise<RequestedReceiptUpload> {
  const { receipts, orders, channels, uploads, queues, clock } = deps;
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
  const nowMs = clock.now();
  const upload = wantedUpload(receipt, order, channel, nowMs);
  const { marketplace, state } = upload;
  if (marketplace === 'ebay' || state !== 'wanted') {
    const created = await uploads.create(upload);
    return { outcome: created === 'created' ? 'not-available' : 'exists', marketplace };
  }
  const isItsTurn = await nothingBefore(deps, upload, marketplace, nowMs);
  const dueAt = isItsTurn ? isoInstant(nowMs + MESSAGE_LOST_AFTER_MS) : upload.dueAt;
  if ((await uploads.create({ ...upload, dueAt })) === 'exists') return { outcome: 'exists', marketplace };
  if (!isItsTurn) return { outcome: 'waits', marketplace };
  await queues[marketplace].send(receiptUploadJob(upload, `receipt/${id}`));
  return { outcome: 'sent-for', marketplace };
}

async function nothingBefore(
  { uploads, quota, sending }: RequestReceiptUploadDeps,
  { accountId }: ReceiptUpload,
  marketplace: UploadMarketplace,
  nowMs: number,
): Promise<boolean> {
  const { operation, plan } = sending[marketplace];
  const left = await quota.left(`${marketplace}/${accountId}/${operation}`, plan, nowMs);
  if (left - callsLeftToOthers(plan) < 1) return false;
  const until = isoInstant(nowMs);
  const line = { marketplace, accountId, line: 'waiting', until, limit: 1 } as const;
  return (await uploads.listOpen(line)).uploads.length === 0;
}
