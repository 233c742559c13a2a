import { dayAfter, dayOf, startOfDayMs } from './calendar.ts';
import type { Channel } from './channel.ts';
import type { Marketplace, Order, OrderId } from './order.ts';
import { isoInstant } from './pull-window.ts';
import { isReversal, type Receipt, type ReceiptId } from './receipt.ts';
import { reversibleMinor } from './receipt-reversal.ts';

/** Where the putting of a document on its marketplace stands. */
export const RECEIPT_UPLOAD_STATES = [
  /** Stored, and nothing sent. */
  'wanted',
  /** The intent: a call is under way, or was and nobody knows its end. Never repeated before the marketplace was asked. */
  'sending',
  /** The marketplace has it and works on it; it is asked until the end. */
  'followed',
  /** The marketplace has it. */
  'accepted',
  /** It is not there: the marketplace said no, or we never sent it. A person may try again. */
  'rejected',
  /** Nobody can tell whether it is there. Never repeated by itself: a person looks, and says so here. */
  'unclear',
  /** It is not put there: this marketplace takes none from programs, or the shop wants none there. */
  'not-available',
] as const;
export type ReceiptUploadState = (typeof RECEIPT_UPLOAD_STATES)[number];

/** Why a document waits, or ended as it did, in our words; each has a sentence in `texts/receipt-uploads`. */
export const RECEIPT_UPLOAD_REASONS = [
  // Waits.
  'order-not-here',
  'order-not-ready',
  'order-not-shipped',
  'receipts-sync-off',
  'throttled',
  'unavailable',
  'unauthorised',
  // Rejected before it was sent.
  'order-cancelled',
  'receipt-reversed',
  'pdf-missing',
  'pdf-empty',
  'pdf-too-large',
  'pdf-malformed',
  /** Its bytes are not those that were issued. */
  'pdf-differs',
  /** It could not be sent for a month. */
  'gave-up',
  // Rejected by the marketplace.
  'too-large',
  'type-refused',
  'unknown-there',
  'not-allowed',
  /** Amazon makes the invoices of this order itself. */
  'marketplace-invoices',
  'rejected',
  // Unclear.
  'cannot-tell',
  /** It says that it has a document of this order already. */
  'already-there',
  // Accepted.
  'seen-by-a-person',
  // Not available.
  'no-api',
  'no-reversals',
  /** The channel's switch was off for a month. */
  'switched-off',
] as const;
export type ReceiptUploadReason = (typeof RECEIPT_UPLOAD_REASONS)[number];

/** That an issued document is to be put on its order at the marketplace: one for each document. Holds nothing personal. */
export interface ReceiptUpload {
  readonly receiptId: ReceiptId;
  readonly orderId: OrderId;
  readonly marketplace: Marketplace;
  /** The seller's account: whose allowance of calls it takes from. */
  readonly accountId: string;
  readonly channelId: string;
  readonly state: ReceiptUploadState;
  readonly reason?: ReceiptUploadReason | undefined;
  /** The marketplace's own word or number for why, as far as it may be kept: never its sentences. */
  readonly code?: string | undefined;
  /** The marketplace's id of the document, or of its work on it: the evidence that it is there. */
  readonly documentId?: string | undefined;
  /** Calls that were begun. */
  readonly attempts: number;
  /** Messages that were sent since a worker last had it: what is asked for in vain is asked for less often. */
  readonly asked: number;
  /** ISO instant. */
  readonly wantedAt: string;
  /** When the last call was begun. ISO instant. */
  readonly sentAt?: string | undefined;
  /** When it is looked at again; undefined once it has ended. ISO instant. */
  readonly dueAt?: string | undefined;
  /** Until then a call of ours may be on its way: nobody asks or sends. ISO instant. */
  readonly underWayUntil?: string | undefined;
  /** Amazon wants the invoice of a business order by then. ISO instant. */
  readonly deadlineAt?: string | undefined;
  /** ISO instant. */
  readonly endedAt?: string | undefined;
  /** Counts changes; the condition of every one. */
  readonly version: number;
}

/** Whether something is still to be done without a person. */
export function isOpenUpload({ state }: Pick<ReceiptUpload, 'state'>): boolean {
  return lineOf({ state }) !== undefined;
}

/** The two lines in which open uploads stand: those that wait for their turn, and those that were sent. */
export type UploadLine = 'waiting' | 'sent';

export function lineOf({ state }: Pick<ReceiptUpload, 'state'>): UploadLine | undefined {
  if (state === 'wanted') return 'waiting';
  return state === 'sending' || state === 'followed' ? 'sent' : undefined;
}

/** Whether a person may have it tried again. */
export function isRetriable(upload: Pick<ReceiptUpload, 'state' | 'reason'>): boolean {
  return hasFailed(upload) || upload.state === 'wanted' || upload.reason === 'switched-off';
}

/** Whether a person has to look. */
export function hasFailed({ state }: Pick<ReceiptUpload, 'state'>): boolean {
  return state === 'rejected' || state === 'unclear';
}

/**
 * What is to be done with a document that was issued. eBay has no call that takes documents (Sell APIs, Fulfillment API),
 * ManoMano no other type than an invoice, and Amazon takes credit notes by the id of a refund that it gives to nobody.
 */
export function wantedUpload(
  receipt: Receipt,
  order: Order,
  channel: Pick<Channel, 'timeZone'> | undefined,
  nowMs: number,
): ReceiptUpload {
  const wantedAt = isoInstant(nowMs);
  const upload = {
    receiptId: receipt.receiptId,
    orderId: order.orderId,
    marketplace: order.marketplace,
    accountId: order.accountId,
    channelId: order.channelId,
    attempts: 0,
    asked: 0,
    wantedAt,
    version: 1,
  };
  const never = (reason: ReceiptUploadReason): ReceiptUpload => ({
    ...upload,
    state: 'not-available',
    reason,
    endedAt: wantedAt,
  });
  if (order.marketplace === 'ebay') return never('no-api');
  if (isReversal(receipt.kind)) return never('no-reversals');
  const deadlineAt = channel && invoiceDeadline(order, channel.timeZone);
  return { ...upload, state: 'wanted', dueAt: wantedAt, deadlineAt };
}

/**
 * Until when Amazon wants the invoice of a business order: the end of the next working day after it was shipped (Seller
 * Central, "Invoice Defect Rate"). Undefined where there is no such clock, or it does not run yet. Public holidays count as
 * working days: they could only make it later.
 */
export function invoiceDeadline(
  order: Pick<Order, 'marketplace' | 'business' | 'status' | 'updatedAt'>,
  timeZone: string,
): string | undefined {
  if (order.marketplace !== 'amazon' || order.business !== true || order.status !== 'shipped')
    return undefined;
  let day = dayAfter(dayOf(Date.parse(order.updatedAt), timeZone));
  while (isWeekend(day)) day = dayAfter(day);
  const endMs = startOfDayMs(dayAfter(day), timeZone);
  return endMs === undefined ? undefined : isoInstant(endMs);
}

function isWeekend(day: string): boolean {
  return [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
}

const HOUR_MS = 3_600_000;

export type UploadDecision =
  | { readonly do: 'send' }
  | { readonly do: 'wait'; readonly reason: ReceiptUploadReason; readonly forMs: number }
  | { readonly do: 'reject'; readonly reason: ReceiptUploadReason };

/** Whether a document may be sent now, by what is known of it and its order at this moment. */
export function uploadDecision(of: {
  readonly receipt: Receipt;
  readonly order: Pick<Order, 'marketplace' | 'status'> | undefined;
  readonly channel: Pick<Channel, 'receiptsSync' | 'archivedAt'> | undefined;
}): UploadDecision {
  const { receipt, order, channel } = of;
  const wait = (reason: ReceiptUploadReason): UploadDecision => ({ do: 'wait', reason, forMs: HOUR_MS });
  if (reversibleMinor(receipt) <= 0) return { do: 'reject', reason: 'receipt-reversed' };
  if (order === undefined) return wait('order-not-here');
  if (order.status === 'cancelled') return { do: 'reject', reason: 'order-cancelled' };
  if (channel?.receiptsSync !== true || channel.archivedAt !== undefined) return wait('receipts-sync-off');
  if (['pending', 'to-accept', 'unknown'].includes(order.status)) return wait('order-not-ready');
  const isShipped = ['shipped', 'refunded'].includes(order.status);
  return order.marketplace === 'amazon' && !isShipped ? wait('order-not-shipped') : { do: 'send' };
}

/** ManoMano states no limit and integrations keep to this one; Amazon's is larger (Feeds API, "feed size"). */
const PDF_BYTES_MAX = 5 * 1024 * 1024;
/** Readers look for the end of the file in its last kilobyte (ISO 32000-1, annex H, implementation note 18). */
const END_WITHIN_BYTES = 1024;

/** What is wrong with the bytes that are about to be sent; undefined for a PDF of a size that is taken. */
export function pdfProblem(
  pdf: Uint8Array | undefined,
): 'pdf-missing' | 'pdf-empty' | 'pdf-too-large' | 'pdf-malformed' | undefined {
  if (pdf === undefined) return 'pdf-missing';
  if (pdf.byteLength === 0) return 'pdf-empty';
  if (pdf.byteLength > PDF_BYTES_MAX) return 'pdf-too-large';
  const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
  const isWhole =
    text(pdf.subarray(0, 5)) === '%PDF-' && text(pdf.subarray(-END_WITHIN_BYTES)).includes('%%EOF');
  return isWhole ? undefined : 'pdf-malformed';
}

/** The calls that uploads may make. */
export interface UploadBudget {
  /** Now. */
  readonly callsNow: number;
  /** From then on, without those that others make of the same allowance. */
  readonly callsPerHour: number;
}

/** Waiting uploads are asked for this often. */
const ASKED_EVERY_MS = 60_000;

/** In how long an upload is sent that has so many others before it; whole milliseconds. */
export function predictedWaitMs(ahead: number, { callsNow, callsPerHour }: UploadBudget): number {
  const later = Math.max(0, ahead + 1 - callsNow);
  return ASKED_EVERY_MS + Math.ceil((later / callsPerHour) * HOUR_MS);
}

/** The job of `events/receipt-upload-requested`. */
export interface ReceiptUploadJob {
  readonly type: 'receipt-upload-requested';
  readonly version: 1;
  readonly correlationId: string;
  readonly marketplace: Marketplace;
  readonly receiptId: string;
}

/** Asks for one upload to be carried on. Asked for twice, it is sent once. */
export function receiptUploadJob(
  { marketplace, receiptId }: Pick<ReceiptUpload, 'marketplace' | 'receiptId'>,
  correlationId: string,
): ReceiptUploadJob {
  return { type: 'receipt-upload-requested', version: 1, correlationId, marketplace, receiptId };
}
