import { isoInstant } from '../domain/pull-window.ts';
import type { Receipt, ReceiptId } from '../domain/receipt.ts';
import { isReversal, receiptIdParts } from '../domain/receipt.ts';
import { reversibleMinor } from '../domain/receipt-reversal.ts';
import { finishReceipt, type ReceiptOutcome } from './finish-receipt.ts';
import {
  type IssueReceiptsDeps,
  type RequestedReceipt,
  type RequestReceiptsDeps,
  requestReceipts,
} from './issue-receipts.ts';
import { type RequestReversalDeps, requestReversal } from './issue-reversal.ts';

/** Documents looked at per query. */
const PAGE_RECEIPTS = 25;
/** Making and keeping one document may take this long, the other issuer's answer included. */
const RECEIPT_TIME_MS = 30_000;

/**
 * Takes a document up again because a person says so. One that is under way is finished now. One that came to nothing, or
 * was taken back whole, stays as it is and gets a successor with a number of its own, made from the order as it is now;
 * the same retry again is the same successor.
 */
export async function retryReceipt(
  deps: IssueReceiptsDeps,
  id: ReceiptId,
  requestedBy: string,
): Promise<ReceiptOutcome> {
  const requested = await requestRetry(deps, id, requestedBy);
  if (requested.outcome === 'refused') return requested;
  const settings = await deps.settings.getSettings();
  if (settings === undefined) return refused('seller-data-missing', requested.receipt);
  return finishReceipt(deps, requested.receipt, settings);
}

/**
 * Makes a stored document.
 * @throws RangeError when it is not there, or the shop has no settings for receipts
 */
export async function finishStoredReceipt(deps: IssueReceiptsDeps, name: string): Promise<ReceiptOutcome> {
  // Known by its form or found nowhere.
  const id = name as ReceiptId;
  const [receipts, settings] = await Promise.all([deps.receipts.getMany([id]), deps.settings.getSettings()]);
  const receipt = receipts.get(id);
  if (receipt === undefined || settings === undefined || receiptIdParts(name) === undefined) {
    throw new RangeError(`there is no stored document ${name}`);
  }
  return finishReceipt(deps, receipt, settings);
}

/** Which document is to be made after a retry: itself, or its stored successor. Making it is left to `finishReceipt`. */
export async function requestRetry(
  deps: RequestReceiptsDeps & RequestReversalDeps,
  id: ReceiptId,
  requestedBy: string,
  confirmedRed?: boolean,
): Promise<RequestedReceipt> {
  const receipt = (await deps.receipts.getMany([id])).get(id);
  const parts = receiptIdParts(id);
  if (receipt === undefined || parts === undefined) return refused('receipt-not-here');
  const nothing = receipt.state === 'void' || receipt.state === 'failed';
  if (receipt.state !== 'issued' && !nothing) return { outcome: 'stored', receipt };
  if (isReversal(receipt.kind) && receipt.reverses !== undefined) {
    if (!nothing) return refused('already-issued', receipt);
    return requestReversal(deps, {
      receiptId: receipt.reverses.receiptId,
      request: successorOf(parts.request),
      wanted: { of: 'amount', amountMinor: -receipt.totals.grossMinor },
      reason: receipt.reverses.reason,
      ...{ confirmedRed, requestedBy },
    });
  }
  if (!nothing && reversibleMinor(receipt) > 0) return refused('already-issued', receipt);
  const { orderId, decision } = receipt;
  const [requested] = await requestReceipts(deps, [
    {
      orderId,
      sequence: Number(parts.request) + 1,
      ...(decision.override === undefined || decision.document === 'none'
        ? {}
        : { override: { document: decision.document, reason: decision.override } }),
      invoiceRequested: decision.facts.invoiceRequested,
      ...{ confirmedRed, requestedBy },
    },
  ]);
  return requested ?? refused('receipt-not-here');
}

export interface ResumedReceipts {
  readonly issued: number;
  readonly underWay: number;
  readonly cameToNothing: number;
  /** Those that came to nothing in this run: ids only. */
  readonly failures: readonly { readonly receiptId: ReceiptId; readonly problem: string }[];
  /** When the oldest that is still under way was asked for; undefined when none is. ISO instant. */
  readonly oldestRequestedAt: string | undefined;
}

/** Takes up every document whose time has come: what a crash left, what an issuer works on, what was not announced. */
export async function resumeReceipts(
  deps: IssueReceiptsDeps,
  remainingMs: () => number,
): Promise<ResumedReceipts> {
  const counts = { issued: 0, underWay: 0, cameToNothing: 0 };
  const failures: ResumedReceipts['failures'][number][] = [];
  let oldestRequestedAt: string | undefined;
  const settings = await deps.settings.getSettings();
  const until = isoInstant(deps.clock.now());
  let cursor: string | undefined;
  do {
    if (settings === undefined) break;
    const page = await deps.receipts.listDue({ until, limit: PAGE_RECEIPTS, cursor });
    for (const receipt of page.receipts) {
      if (remainingMs() < RECEIPT_TIME_MS) return { ...counts, failures, oldestRequestedAt };
      const outcome = await finishReceipt(deps, receipt, settings);
      if (outcome.outcome === 'issued') counts.issued += 1;
      if (outcome.outcome === 'under-way') {
        counts.underWay += 1;
        const { requestedAt } = receipt;
        if (oldestRequestedAt === undefined || requestedAt < oldestRequestedAt)
          oldestRequestedAt = requestedAt;
      }
      if (outcome.outcome === 'refused') {
        counts.cameToNothing += 1;
        failures.push({ receiptId: receipt.receiptId, problem: outcome.problem });
      }
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { ...counts, failures, oldestRequestedAt };
}

/** `r1` → `r1_2` → `r1_3` */
function successorOf(request: string): string {
  const match = /^(.*)_(\d+)$/.exec(request);
  return match ? `${match[1]}_${Number(match[2]) + 1}` : `${request}_2`;
}

function refused(
  problem: Extract<ReceiptOutcome, { outcome: 'refused' }>['problem'],
  receipt?: Receipt,
): Extract<ReceiptOutcome, { outcome: 'refused' }> {
  return { outcome: 'refused', problem, details: [], receipt };
}
