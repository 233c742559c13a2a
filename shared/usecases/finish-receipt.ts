import { PartnerError, RejectedError, ThrottledError, UnexpectedAnswerError } from '../domain/errors.ts';
import { isoInstant } from '../domain/pull-window.ts';
import {
  type IssuerName,
  isReversal,
  type Receipt,
  type ReceiptIssued,
  type ReceiptProblem,
  receiptFileKey,
} from '../domain/receipt.ts';
import { receiptBuyerOf } from '../domain/receipt-buyer.ts';
import { withoutReversal } from '../domain/receipt-reversal.ts';
import type { ReceiptSettings } from '../domain/receipt-settings.ts';
import type { BuyerStore } from '../ports/buyer-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { ReceiptFiles } from '../ports/receipt-files.ts';
import type { IssuerAnswer, ReceiptIssuer } from '../ports/receipt-issuer.ts';
import type { ReceiptStore } from '../ports/receipt-store.ts';

/** The first pause before an issuer is asked again, doubled each time up to an hour. */
const RETRY_PAUSE_MS = 60_000;
const RETRY_PAUSE_MAX_MS = 3_600_000;
/** An unfinished document is taken up by somebody else after this long: whoever had it would be done or gone by then. */
export const ABANDONED_AFTER_MS = 5 * 60_000;
/** Reads again when somebody else changed the document in the meantime. */
const ROUNDS_MAX = 5;

export interface FinishReceiptDeps {
  readonly receipts: ReceiptStore;
  readonly buyers: BuyerStore;
  /** Those that are connected. */
  readonly issuers: Readonly<Partial<Record<IssuerName, ReceiptIssuer>>>;
  readonly files: ReceiptFiles;
  /** Hears of every document that was issued, at least once. */
  readonly issued: JobQueue<ReceiptIssued>;
  readonly clock: Clock;
}

export type ReceiptOutcome =
  | { readonly outcome: 'issued'; readonly receipt: Receipt }
  /** Stored, and tried again until it is at its end; `receipt.problem` says what it waits for. */
  | { readonly outcome: 'under-way'; readonly receipt: Receipt }
  | {
      readonly outcome: 'refused';
      readonly problem: ReceiptProblem;
      /** SKUs, amounts or codes it is about; never a person's data. */
      readonly details: readonly string[];
      /** The document that stands in the way, or came to nothing. */
      readonly receipt?: Receipt | undefined;
    };

/**
 * Brings a stored document to its end: has it made, keeps its PDF, notes that it is issued, and announces it. Every step
 * may be repeated after a crash and leads to the same document: the issuer knows it again, the first PDF kept stays, and
 * it is announced once more at worst.
 *
 * What may pass is tried again when `dueAt` comes. What never can be leaves a void number, or no number where it was the
 * issuer's to give.
 */
export async function finishReceipt(
  deps: FinishReceiptDeps,
  receipt: Receipt,
  settings: ReceiptSettings,
): Promise<ReceiptOutcome> {
  if (receipt.state === 'void' || receipt.state === 'failed') return cameToNothing(receipt);
  if (receipt.state === 'issued') return { outcome: 'issued', receipt: await announced(deps, receipt) };
  const issuer = deps.issuers[receipt.issuer];
  if (issuer === undefined) return postponed(deps, receipt, 'issuer-connection-missing', 0);

  // Where the number is not ours, the attempt stands in the database before the call: after a crash the issuer is asked.
  const started =
    issuer.numbering === 'ours'
      ? receipt
      : await changed(deps, {
          ...receipt,
          attempts: receipt.attempts + 1,
          dueAt: dueIn(deps, ABANDONED_AFTER_MS),
        });
  if (started === undefined) return asStored(deps, receipt);
  try {
    const buyer = receiptBuyerOf(await deps.buyers.getBuyer(receipt.orderId));
    return await settle(deps, started, await issuer.issue(started, { settings, buyer }));
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error;
    return afterFailure(deps, started, issuer, error);
  }
}

/** What the issuer said, stored. */
async function settle(
  deps: FinishReceiptDeps,
  receipt: Receipt,
  answer: IssuerAnswer,
): Promise<ReceiptOutcome> {
  if (answer.outcome === 'refused') return ended(deps, receipt, answer.problem, answer.details);
  if (answer.outcome === 'processing') {
    const { remoteId, retryAfterMs } = answer;
    const waiting: Receipt = { ...receipt, state: 'processing', remoteId };
    return postponed(deps, waiting, 'issuer-processing', retryAfterMs);
  }
  const made: Receipt = answer.remote === undefined ? receipt : { ...receipt, ...answer.remote };
  const { issuerDetails: _details, problem: _problem, ...clean } = made;
  const issued: Receipt = {
    ...clean,
    state: 'issued',
    file: await deps.files.keep(receiptFileKey(made), answer.pdf),
    issuedAt: isoInstant(deps.clock.now()),
    // Stays due until it was announced.
    dueAt: dueIn(deps, ABANDONED_AFTER_MS),
  };
  const stored = await changed(deps, issued);
  if (stored === undefined) return asStored(deps, receipt);
  return { outcome: 'issued', receipt: await announced(deps, stored) };
}

async function announced(deps: FinishReceiptDeps, receipt: Receipt): Promise<Receipt> {
  if (receipt.dueAt === undefined) return receipt;
  const { receiptId, marketplace, channelId } = receipt;
  await deps.issued.send({ receiptId, marketplace, channelId });
  // Whoever changed it meanwhile announced it too, or took a part of it back: then it is announced once more.
  return (await changed(deps, { ...receipt, dueAt: undefined })) ?? receipt;
}

function afterFailure(
  deps: FinishReceiptDeps,
  receipt: Receipt,
  { numbering }: ReceiptIssuer,
  error: PartnerError,
): Promise<ReceiptOutcome> {
  const pauseMs = Math.min(RETRY_PAUSE_MS * 2 ** Math.min(receipt.attempts, 10), RETRY_PAUSE_MAX_MS);
  // Drawing is refused by an answer, not by an error: what is left to fail is what the PDF is made of and kept in.
  if (numbering === 'ours') return postponed(deps, receipt, 'pdf-not-kept', pauseMs);
  if (error instanceof ThrottledError) {
    return postponed(deps, receipt, 'issuer-throttled', Math.max(error.retryAfterMs, RETRY_PAUSE_MS));
  }
  const problem: ReceiptProblem =
    error instanceof UnexpectedAnswerError
      ? 'issuer-answer-unexpected'
      : error instanceof RejectedError
        ? 'issuer-key-refused'
        : 'issuer-unavailable';
  return postponed(deps, receipt, problem, pauseMs);
}

async function postponed(
  deps: FinishReceiptDeps,
  receipt: Receipt,
  problem: ReceiptProblem,
  pauseMs: number,
): Promise<ReceiptOutcome> {
  const waiting = { ...receipt, problem, dueAt: dueIn(deps, Math.max(pauseMs, RETRY_PAUSE_MS)) };
  const stored = await changed(deps, waiting);
  return stored === undefined ? asStored(deps, receipt) : { outcome: 'under-way', receipt: stored };
}

/** Nothing will be issued under it: its number is void, and what it took back is given back with the same write. */
async function ended(
  deps: FinishReceiptDeps,
  receipt: Receipt,
  problem: ReceiptProblem,
  details: readonly string[],
): Promise<ReceiptOutcome> {
  const nothing: Receipt = {
    ...receipt,
    state: receipt.number === undefined ? 'failed' : 'void',
    problem,
    issuerDetails: details,
    dueAt: undefined,
  };
  if (!isReversal(receipt.kind) || receipt.reverses === undefined) {
    const stored = await changed(deps, nothing);
    return stored === undefined ? asStored(deps, receipt) : cameToNothing(stored);
  }
  const { receiptId } = receipt.reverses;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const original = (await deps.receipts.getMany([receiptId])).get(receiptId);
    if (original === undefined) throw new RangeError(`the receipt of a reversal is not there: ${receiptId}`);
    const given = { ...original, reversedByLine: withoutReversal(original, receipt) };
    if ((await deps.receipts.change(nothing, given)) === 'changed') {
      return cameToNothing({ ...nothing, version: nothing.version + 1 });
    }
    const now = (await deps.receipts.getMany([receipt.receiptId])).get(receipt.receiptId);
    if (now?.version !== receipt.version) return asStored(deps, receipt);
  }
  return { outcome: 'under-way', receipt };
}

/** The document as the change left it; undefined when somebody else was faster. */
async function changed({ receipts }: FinishReceiptDeps, receipt: Receipt): Promise<Receipt | undefined> {
  const outcome = await receipts.change(receipt);
  return outcome === 'changed' ? { ...receipt, version: receipt.version + 1 } : undefined;
}

/** Somebody else is at it, or was: what they made of it. */
async function asStored({ receipts }: FinishReceiptDeps, { receiptId }: Receipt): Promise<ReceiptOutcome> {
  const receipt = (await receipts.getMany([receiptId])).get(receiptId);
  if (receipt === undefined) return { outcome: 'refused', problem: 'receipt-not-here', details: [] };
  if (receipt.state === 'issued') return { outcome: 'issued', receipt };
  if (receipt.state === 'void' || receipt.state === 'failed') return cameToNothing(receipt);
  return { outcome: 'under-way', receipt };
}

function cameToNothing(receipt: Receipt): ReceiptOutcome {
  const { problem = 'number-void', issuerDetails: details = [] } = receipt;
  return { outcome: 'refused', problem, details, receipt };
}

function dueIn({ clock }: FinishReceiptDeps, ms: number): string {
  return isoInstant(clock.now() + ms);
}
