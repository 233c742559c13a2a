import type { Marketplace } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import {
  type ReceiptUpload,
  type ReceiptUploadJob,
  receiptUploadJob,
  type UploadLine,
} from '../domain/receipt-upload.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { QuotaStore } from '../ports/quota.ts';
import type { ReceiptUploadStore } from '../ports/receipt-upload-store.ts';
import { callsLeftToOthers, type UploadCalls } from './upload-receipt.ts';

/** Messages of one account a minute, whatever its allowance is: two workers do them in that time. */
const ASKED_MAX = 40;
const MINUTE_MS = 60_000;
/** A message that nobody has worked on by then was lost: it is sent again, each time after twice as long. */
const LOST_AFTER_MS = 10 * MINUTE_MS;
const LOST_AFTER_MAX_MS = 12 * 60 * MINUTE_MS;
/** After every instant. */
const LATEST = ':';

/** The marketplaces that take documents. */
export type UploadMarketplace = Exclude<Marketplace, 'ebay'>;

export interface PlanReceiptUploadsDeps {
  readonly uploads: Pick<ReceiptUploadStore, 'listOpen' | 'change'>;
  readonly channels: Pick<ChannelStore, 'listChannels'>;
  readonly quota: Pick<QuotaStore, 'left'>;
  readonly queues: Readonly<Record<UploadMarketplace, JobQueue<ReceiptUploadJob>>>;
  readonly sending: Readonly<Record<UploadMarketplace, UploadCalls>>;
  readonly clock: Clock;
}

export interface PlannedReceiptUploads {
  readonly asked: number;
  /** How long the one that waits for its turn the longest has been due, over all accounts; 0 when none is. */
  readonly oldestDueMs: number;
  /** Of those that were looked at: open ones whose marketplace wanted them earlier. */
  readonly pastDeadline: number;
}

/**
 * Asks for the uploads that are due, of each account no more than its allowance has calls for: the rest waits where it
 * stands, in its order. Each is moved on before its message is sent: a crash between the two, and a message that is lost,
 * cost some minutes and never an upload.
 */
export async function planReceiptUploads(deps: PlanReceiptUploadsDeps): Promise<PlannedReceiptUploads> {
  const { uploads, quota, sending, clock } = deps;
  const planned = { asked: 0, oldestDueMs: 0, pastDeadline: 0 };
  for (const { marketplace, accountId } of await accountsOf(deps)) {
    const nowMs = clock.now();
    const now = isoInstant(nowMs);
    const { operation, plan } = sending[marketplace];
    const left = await quota.left(`${marketplace}/${accountId}/${operation}`, plan, nowMs);
    const read = async (line: UploadLine) =>
      (await uploads.listOpen({ marketplace, accountId, line, until: LATEST, limit: ASKED_MAX })).uploads;
    const [waiting, sent] = await Promise.all([read('waiting'), read('sent')]);
    const isDue = ({ dueAt = LATEST }: ReceiptUpload): boolean => dueAt <= now;
    const [first] = waiting.filter(isDue);
    if (first?.dueAt !== undefined) {
      planned.oldestDueMs = Math.max(planned.oldestDueMs, nowMs - Date.parse(first.dueAt));
    }
    const isLate = ({ deadlineAt = LATEST }: ReceiptUpload): boolean => deadlineAt < now;
    planned.pastDeadline += [...waiting, ...sent].filter(isLate).length;
    const calls = Math.max(0, Math.floor(left - callsLeftToOthers(plan)));
    // To look at what was sent takes from no allowance that is short.
    for (const upload of [...sent.filter(isDue), ...waiting.filter(isDue).slice(0, calls)]) {
      if (await askFor(deps, upload, marketplace, nowMs)) planned.asked += 1;
    }
  }
  return planned;
}

async function askFor(
  { uploads, queues }: PlanReceiptUploadsDeps,
  upload: ReceiptUpload,
  marketplace: UploadMarketplace,
  nowMs: number,
): Promise<boolean> {
  const lostAfterMs = Math.min(LOST_AFTER_MS * 2 ** Math.min(upload.asked, 10), LOST_AFTER_MAX_MS);
  const moved = { ...upload, asked: upload.asked + 1, dueAt: isoInstant(nowMs + lostAfterMs) };
  if ((await uploads.change(moved, upload.version)) === 'conflict') return false;
  await queues[marketplace].send(receiptUploadJob(upload, `receipt-uploads/${isoInstant(nowMs)}`));
  return true;
}

/** The accounts that sell where documents are taken; those of closed channels too, for what is still open. */
async function accountsOf({
  channels,
}: Pick<PlanReceiptUploadsDeps, 'channels'>): Promise<
  readonly { readonly marketplace: UploadMarketplace; readonly accountId: string }[]
> {
  const accounts = new Map<string, { marketplace: UploadMarketplace; accountId: string }>();
  for (const { marketplace, accountId } of await channels.listChannels()) {
    if (marketplace !== 'ebay') accounts.set(`${marketplace}/${accountId}`, { marketplace, accountId });
  }
  return [...accounts.values()];
}
