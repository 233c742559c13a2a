import {
  PartnerError,
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnexpectedAnswerError,
} from '../domain/errors.ts';
import type { Marketplace, Order } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { Receipt, ReceiptId } from '../domain/receipt.ts';
import {
  invoiceDeadline,
  isOpenUpload,
  pdfProblem,
  type ReceiptUpload,
  type ReceiptUploadJob,
  type ReceiptUploadReason,
  uploadDecision,
} from '../domain/receipt-upload.ts';
import { isRevoked } from '../domain/sync-state.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { OrderStore } from '../ports/order-store.ts';
import type { QuotaPlan, QuotaStore } from '../ports/quota.ts';
import type { ReceiptFiles } from '../ports/receipt-files.ts';
import type { ReceiptStore } from '../ports/receipt-store.ts';
import type { ReceiptUploadStore } from '../ports/receipt-upload-store.ts';
import { NotSentError, type ReceiptUploader, type RemoteDocument } from '../ports/receipt-uploader.ts';
import { type Allowance, createAllowance } from './allowance.ts';

const MINUTE_MS = 60_000;
/** Longer than any worker lives: after it, a call that was under way is none any more. */
const CALL_UNDER_WAY_MS = 4 * MINUTE_MS;
/** Signing in and the calls of one upload, each at its slowest; with less time left nothing is begun. */
const CALL_TIME_MS = 120_000;
const UNAVAILABLE_WAIT_MS = [1, 2, 5, 10, 30, 60].map((minutes) => minutes * MINUTE_MS);
/** Work of a marketplace takes minutes; asking is not what makes it faster. */
const FOLLOWED_WAIT_MS = [2, 5, 10, 30, 60].map((minutes) => minutes * MINUTE_MS);
const UNAUTHORISED_WAIT_MS = 15 * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** The longest that it waits to be sent before a person looks. */
const GIVEN_UP_AFTER_MS = 30 * DAY_MS;
/** The longest that work of a marketplace is waited for before a person looks. */
const FOLLOWED_MAX_MS = 3 * DAY_MS;

/** Which allowance calls take from. */
export interface UploadCalls {
  readonly operation: string;
  readonly plan: QuotaPlan;
}

/**
 * Calls that uploads leave to others: half of what may be called at once. The pulls' quarter is never touched, and
 * whoever confirms shipments always finds some, however many receipts wait.
 */
export function callsLeftToOthers({ burst }: QuotaPlan): number {
  return 2 * Math.ceil(burst / 4);
}

export interface UploadReceiptDeps {
  readonly marketplace: Marketplace;
  readonly uploads: Pick<ReceiptUploadStore, 'getMany' | 'change'>;
  readonly receipts: Pick<ReceiptStore, 'getMany'>;
  readonly orders: Pick<OrderStore, 'getMany'>;
  readonly channels: Pick<ChannelStore, 'getChannel'>;
  readonly accounts: Pick<AccountStore, 'getAccount'>;
  readonly files: Pick<ReceiptFiles, 'read'>;
  readonly uploader: ReceiptUploader;
  readonly quota: QuotaStore;
  readonly sending: UploadCalls;
  readonly asking: UploadCalls;
  readonly clock: Clock;
}

/** What came of one job, for logs and metrics. Holds ids, never people. */
export interface UploadedReceipt {
  readonly outcome:
    | 'accepted'
    | 'rejected'
    | 'unclear'
    /** The marketplace works on it. */
    | 'followed'
    | 'waits'
    /** Nobody wants it there. */
    | 'not-available'
    /** It has come to its end, or there is nothing of the kind. */
    | 'nothing-to-do'
    /** Another worker is at it, or was a moment ago. */
    | 'under-way'
    /** Somebody changed it meanwhile: what they made of it counts. */
    | 'changed-meanwhile';
  readonly reason?: ReceiptUploadReason | undefined;
  readonly code?: string | undefined;
  readonly attempts?: number | undefined;
  /** From the news that it was issued until the marketplace had it; only when it was accepted. */
  readonly delayMs?: number | undefined;
}

/**
 * Carries one upload on: sends the document once, or finds out what became of it.
 *
 * The intent is stored before the call and what came of it after. Whoever finds an intent that nobody works on asks the
 * marketplace before anything is sent again; where it cannot say, nothing is sent again and a person looks. A job never
 * fails because a marketplace did, and the document itself stays issued whatever becomes of its upload.
 */
export async function uploadReceipt(
  deps: UploadReceiptDeps,
  job: ReceiptUploadJob,
  remainingMs: () => number,
): Promise<UploadedReceipt> {
  // Nobody else gives ids to this queue; one that is none is found nowhere.
  const id = job.receiptId as ReceiptId;
  const upload = (await deps.uploads.getMany([id])).get(id);
  if (upload === undefined || !isOpenUpload(upload)) return { outcome: 'nothing-to-do' };
  if (upload.marketplace !== deps.marketplace) {
    throw new RangeError(`a job of ${upload.marketplace} in the queue of ${deps.marketplace}`);
  }
  const { underWayUntil } = upload;
  const isUnderWay = underWayUntil !== undefined && Date.parse(underWayUntil) > deps.clock.now();
  if (isUnderWay) return { outcome: 'under-way' };
  return new Uploading(deps, upload, remainingMs).run();
}

/** One upload on its way through a worker; `#now` is what is stored of it. */
class Uploading {
  readonly #deps: UploadReceiptDeps;
  readonly #remainingMs: () => number;
  #now: ReceiptUpload;

  constructor(deps: UploadReceiptDeps, stored: ReceiptUpload, remainingMs: () => number) {
    this.#deps = deps;
    this.#now = stored;
    this.#remainingMs = remainingMs;
  }

  async run(): Promise<UploadedReceipt> {
    const { receipts, orders, channels, accounts } = this.#deps;
    const { receiptId, orderId, channelId, marketplace, accountId, state } = this.#now;
    const [documents, records, channel, account] = await Promise.all([
      receipts.getMany([receiptId]),
      orders.getMany([orderId]),
      channels.getChannel(channelId),
      accounts.getAccount(marketplace, accountId),
    ]);
    const receipt = documents.get(receiptId);
    if (receipt === undefined) throw new RangeError(`there is no document ${receiptId}`);
    const order = records.get(orderId)?.order;
    if (state !== 'wanted') {
      if (order === undefined) throw new RangeError(`there is no order ${orderId}`);
      if (isRevoked(account)) return this.#wait('unauthorised', UNAUTHORISED_WAIT_MS);
      const known = await this.#lookedFor(order);
      if (known !== undefined) return known;
    }
    const decision = uploadDecision({ receipt, order, channel });
    if (decision.do === 'reject') return this.#end('rejected', decision.reason);
    if (decision.do === 'wait') return this.#wait(decision.reason, decision.forMs, 'wanted');
    if (order === undefined) throw new RangeError(`there is no order ${orderId}`);
    if (channel !== undefined) {
      const deadlineAt = this.#now.deadlineAt ?? invoiceDeadline(order, channel.timeZone);
      this.#now = { ...this.#now, deadlineAt };
    }
    if (isRevoked(account)) return this.#wait('unauthorised', UNAUTHORISED_WAIT_MS, 'wanted');
    return this.#send(order, receipt);
  }

  async #send(order: Order, receipt: Receipt): Promise<UploadedReceipt> {
    const { files, uploader, clock, sending } = this.#deps;
    const pdf = receipt.file && (await files.read(receipt.file.key));
    const problem = pdfProblem(pdf);
    if (pdf === undefined || problem !== undefined) return this.#end('rejected', problem ?? 'pdf-missing');
    if ((await sha256(pdf)) !== receipt.file?.sha256) return this.#end('rejected', 'pdf-differs');
    if (this.#remainingMs() < CALL_TIME_MS) return this.#wait('unavailable', 0, 'wanted');
    const allowance = this.#allowance(sending);
    const waitMs = await allowance.take(callsLeftToOthers(sending.plan) / 2);
    if (waitMs > 0) return this.#wait('throttled', waitMs, 'wanted');

    const nowMs = clock.now();
    const underWayUntil = isoInstant(nowMs + CALL_UNDER_WAY_MS);
    const intent: ReceiptUpload = {
      ...this.#now,
      state: 'sending',
      reason: undefined,
      code: undefined,
      attempts: this.#now.attempts + 1,
      sentAt: isoInstant(nowMs),
      dueAt: underWayUntil,
      underWayUntil,
    };
    if (!(await this.#store(intent))) return { outcome: 'changed-meanwhile' };
    try {
      const answer = await uploader.upload(order, receipt, pdf);
      return answer.found === 'accepted'
        ? this.#accepted(answer.documentId)
        : this.#follow(answer.documentId);
    } catch (error) {
      return this.#failed(error, allowance, order);
    }
  }

  async #failed(error: unknown, allowance: Allowance, order: Order): Promise<UploadedReceipt> {
    if (error instanceof ThrottledError) {
      await allowance.exhausted();
      return this.#wait('throttled', error.retryAfterMs, 'wanted');
    }
    if (error instanceof NotSentError) {
      return this.#wait('unavailable', waitOf(UNAVAILABLE_WAIT_MS, this.#now.attempts), 'wanted');
    }
    if (error instanceof UnavailableError || error instanceof UnexpectedAnswerError) {
      // A call whose answer nobody understands may have been carried out as well as one without an answer.
      return (await this.#lookedFor(order)) ?? this.#wait('unavailable', MINUTE_MS, 'wanted');
    }
    if (!(error instanceof RejectedError)) throw error;
    if (error.status === 401) return this.#wait('unauthorised', UNAUTHORISED_WAIT_MS, 'wanted');
    const code = error.status === undefined ? undefined : String(error.status);
    if (error.status === 409) return this.#end('unclear', 'already-there', { code });
    return this.#end('rejected', REJECTIONS[error.status ?? 0] ?? 'rejected', { code });
  }

  /** Asks the marketplace what it has, and ends or waits with that; undefined when it is still to be sent. */
  async #lookedFor(order: Order): Promise<UploadedReceipt | undefined> {
    const { uploader, asking } = this.#deps;
    if (this.#remainingMs() < CALL_TIME_MS / 2) return this.#wait('unavailable', 0);
    const allowance = this.#allowance(asking);
    let found: RemoteDocument;
    try {
      const waitMs = uploader.asks ? await allowance.take() : 0;
      if (waitMs > 0) return this.#wait('throttled', waitMs);
      found = await uploader.find(order, this.#now);
    } catch (error) {
      if (!(error instanceof PartnerError)) throw error;
      if (error instanceof ThrottledError) {
        await allowance.exhausted();
        return this.#wait('throttled', error.retryAfterMs);
      }
      if (error instanceof RejectedError && error.status === 401) {
        return this.#wait('unauthorised', UNAUTHORISED_WAIT_MS);
      }
      return this.#wait('unavailable', waitOf(UNAVAILABLE_WAIT_MS, this.#now.attempts));
    }
    switch (found.found) {
      case 'accepted':
        return this.#accepted(found.documentId);
      case 'followed':
        return this.#follow(found.documentId);
      case 'rejected':
        return this.#end('rejected', found.reason, { code: found.code, documentId: found.documentId });
      case 'cannot-tell':
        return this.#end('unclear', 'cannot-tell');
      case 'not-yet':
        return this.#wait('unavailable', waitOf(FOLLOWED_WAIT_MS, 1));
      case 'no':
        return undefined;
    }
  }

  async #follow(documentId: string): Promise<UploadedReceipt> {
    const nowMs = this.#deps.clock.now();
    const sinceMs = nowMs - Date.parse(this.#now.sentAt ?? this.#now.wantedAt);
    if (sinceMs > FOLLOWED_MAX_MS) return this.#end('unclear', 'cannot-tell', { documentId });
    const looks = LOOKS_AFTER_MS.filter((ms) => ms <= sinceMs).length;
    const dueAt = isoInstant(nowMs + waitOf(FOLLOWED_WAIT_MS, looks + 1));
    const followed = {
      state: 'followed',
      reason: undefined,
      documentId,
      dueAt,
      underWayUntil: undefined,
    } as const;
    const stored = await this.#store({ ...this.#now, ...followed });
    return stored ? { outcome: 'followed', attempts: this.#now.attempts } : { outcome: 'changed-meanwhile' };
  }

  async #accepted(documentId: string): Promise<UploadedReceipt> {
    const delayMs = Math.max(0, this.#deps.clock.now() - Date.parse(this.#now.wantedAt));
    return { ...(await this.#end('accepted', undefined, { documentId })), delayMs };
  }

  async #end(
    state: 'accepted' | 'rejected' | 'unclear' | 'not-available',
    reason: ReceiptUploadReason | undefined,
    more: Partial<Pick<ReceiptUpload, 'code' | 'documentId'>> = {},
  ): Promise<UploadedReceipt> {
    const endedAt = isoInstant(this.#deps.clock.now());
    const done = { state, reason, endedAt, dueAt: undefined, underWayUntil: undefined };
    if (!(await this.#store({ ...this.#now, ...more, ...done }))) return { outcome: 'changed-meanwhile' };
    return { outcome: state, reason, code: this.#now.code, attempts: this.#now.attempts };
  }

  /**
   * @param state `wanted` when nothing of ours can have reached the marketplace; left out, it stays what it is, and what
   * was being sent is asked for before it is sent again
   */
  async #wait(
    reason: ReceiptUploadReason,
    forMs: number,
    state: ReceiptUpload['state'] = this.#now.state,
  ): Promise<UploadedReceipt> {
    const nowMs = this.#deps.clock.now();
    if (nowMs - Date.parse(this.#now.wantedAt) > GIVEN_UP_AFTER_MS) {
      // A shop that keeps its switch off wants none there: nobody has to look.
      if (reason === 'receipts-sync-off') return this.#end('not-available', 'switched-off');
      // Before the first call nothing was sent; after one that nobody answered, who knows.
      return state === 'wanted' ? this.#end('rejected', 'gave-up') : this.#end('unclear', 'cannot-tell');
    }
    const dueAt = isoInstant(nowMs + forMs);
    const waits = await this.#store({ ...this.#now, state, reason, dueAt, underWayUntil: undefined });
    return waits
      ? { outcome: 'waits', reason, attempts: this.#now.attempts }
      : { outcome: 'changed-meanwhile' };
  }

  async #store(next: ReceiptUpload): Promise<boolean> {
    const { version } = this.#now;
    const seen = { ...next, asked: 0 };
    if ((await this.#deps.uploads.change(seen, version)) === 'conflict') return false;
    this.#now = { ...seen, version: version + 1 };
    return true;
  }

  #allowance({ operation, plan }: UploadCalls): Allowance {
    const { quota, clock } = this.#deps;
    const account = `${this.#now.marketplace}/${this.#now.accountId}`;
    return createAllowance({ quota, clock, search: { operation, plan } }, account, true);
  }
}

/** What a refusal means by its HTTP status. */
const REJECTIONS: Readonly<Record<number, ReceiptUploadReason>> = {
  403: 'not-allowed',
  404: 'unknown-there',
  413: 'too-large',
  415: 'type-refused',
};

/** Since a call was begun: when the looks at its work were, by their waits. */
const LOOKS_AFTER_MS = FOLLOWED_WAIT_MS.map((_, n) =>
  FOLLOWED_WAIT_MS.slice(0, n + 1).reduce((sum, ms) => sum + ms, 0),
);

function waitOf(waits: readonly number[], attempt: number): number {
  return waits[Math.min(waits.length, Math.max(1, attempt)) - 1] ?? MINUTE_MS;
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
