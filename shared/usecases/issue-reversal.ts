import { isoInstant } from '../domain/pull-window.ts';
import {
  isReversal,
  issueDateAt,
  REVERSAL_OF,
  type Receipt,
  type ReceiptId,
  type ReceiptKind,
  type ReversalReason,
  receiptId,
} from '../domain/receipt.ts';
import { type ReversalWanted, reverse } from '../domain/receipt-reversal.ts';
import type { Clock } from '../ports/clock.ts';
import type { OrderStore } from '../ports/order-store.ts';
import type { ReceiptSettingsStore } from '../ports/receipt-settings-store.ts';
import type { ReceiptDraft, ReceiptStore } from '../ports/receipt-store.ts';
import {
  ABANDONED_AFTER_MS,
  type FinishReceiptDeps,
  finishReceipt,
  type ReceiptOutcome,
} from './finish-receipt.ts';
import type { RequestedReceipt, RequestReceiptsDeps } from './issue-receipts.ts';

/** Reads again when somebody else took a part of the receipt back in the meantime. */
const ROUNDS_MAX = 5;

export interface IssueReversalDeps extends FinishReceiptDeps {
  readonly orders: RequestReversalDeps['orders'];
  readonly settings: ReceiptSettingsStore;
}

export interface ReversalRequest {
  /** The receipt or invoice to take back. */
  readonly receiptId: ReceiptId;
  /** What whoever asks calls this request: the same name of the same order is the same document. */
  readonly request: string;
  readonly wanted: ReversalWanted;
  readonly reason: ReversalReason;
  /** The order may be red: whoever asks has looked at its marketplace. */
  readonly confirmedRed?: boolean | undefined;
  readonly requestedBy: string;
}

/**
 * Takes a receipt back, in part or whole, by a document of its own that points at it. The receipt stays as it is; that it
 * was taken back is stored with the reversal, so that it never is twice.
 */
export async function issueReversal(
  deps: IssueReversalDeps,
  request: ReversalRequest,
): Promise<ReceiptOutcome> {
  const settings = await deps.settings.getSettings();
  const requested = await requestReversal(deps, request);
  if (requested.outcome === 'refused') return requested;
  if (settings === undefined) return { outcome: 'refused', problem: 'seller-data-missing', details: [] };
  return finishReceipt(deps, requested.receipt, settings);
}

export interface RequestReversalDeps {
  readonly orders: Pick<OrderStore, 'getMany'>;
  readonly receipts: Pick<ReceiptStore, 'getMany' | 'createReversal'>;
  readonly settings: Pick<ReceiptSettingsStore, 'getSettings'>;
  readonly issuers: RequestReceiptsDeps['issuers'];
  readonly clock: Clock;
}

/** Stores what takes a receipt back, with its number, and leaves it to others to make it: `finishReceipt`. */
export async function requestReversal(
  deps: RequestReversalDeps,
  request: ReversalRequest,
): Promise<RequestedReceipt> {
  if ((await deps.settings.getSettings()) === undefined) {
    return { outcome: 'refused', problem: 'seller-data-missing', details: [] };
  }
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const original = (await deps.receipts.getMany([request.receiptId])).get(request.receiptId);
    if (original === undefined) return { outcome: 'refused', problem: 'receipt-not-here', details: [] };
    const id = receiptId(original.orderId, 'reversal', request.request);
    const existing = (await deps.receipts.getMany([id])).get(id);
    if (existing !== undefined) {
      return isSame(existing, request)
        ? { outcome: 'stored', receipt: existing }
        : { outcome: 'refused', problem: 'request-differs', details: [], receipt: existing };
    }
    const red = request.confirmedRed
      ? undefined
      : (await deps.orders.getMany([original.orderId])).get(original.orderId)?.manualFulfilment;
    if (red !== undefined) {
      const details = [red.kind, red.by, red.at];
      return { outcome: 'refused', problem: 'red-order', details, receipt: original };
    }
    const prepared = prepare(deps, original, id, request);
    if ('outcome' in prepared) return prepared;
    const stored = await deps.receipts.createReversal(prepared.draft, {
      receiptId: original.receiptId,
      expectedVersion: original.version,
      reversedByLine: prepared.reversedByLine,
    });
    // One that was there after all is compared on the next round.
    if (stored !== 'conflict' && stored.state === 'created') {
      return { outcome: 'stored', receipt: stored.receipt };
    }
  }
  return { outcome: 'refused', problem: 'changed-meanwhile', details: [] };
}

function prepare(
  { issuers, clock }: RequestReversalDeps,
  original: Receipt,
  id: ReceiptId,
  { wanted, reason, requestedBy }: ReversalRequest,
):
  | { readonly draft: ReceiptDraft; readonly reversedByLine: Readonly<Record<string, number>> }
  | Extract<ReceiptOutcome, { outcome: 'refused' }> {
  const kind = reversalOf(original.kind);
  const { number } = original;
  if (kind === undefined || original.state !== 'issued' || number === undefined) {
    return { outcome: 'refused', problem: 'not-issued', details: [], receipt: original };
  }
  const issuer = issuers[original.issuer];
  if (issuer === undefined || !issuer.makes.includes(kind)) {
    return { outcome: 'refused', problem: 'issuer-connection-missing', details: [], receipt: original };
  }
  const reversal = reverse(original, wanted);
  if (reversal.state === 'refused') {
    return { outcome: 'refused', problem: reversal.problem, details: [], receipt: original };
  }
  const nowMs = clock.now();
  const { orderId, marketplace, marketplaceOrderId, channelId, siteName, purchasedAt } = original;
  const { sellerId, language, currency, vatTreatment, vatCountry, destinationCountry, business } = original;
  const draft: ReceiptDraft = {
    receiptId: id,
    ...{ orderId, marketplace, marketplaceOrderId, channelId, siteName, purchasedAt },
    ...{ sellerId, language, currency, vatTreatment, vatCountry, destinationCountry, business },
    kind,
    issuer: original.issuer,
    series: issuer.numbering === 'ours' ? number.series : undefined,
    issueDate: issueDateAt(nowMs),
    lines: reversal.lines,
    totals: reversal.totals,
    decision: original.decision,
    reverses: {
      receiptId: original.receiptId,
      numberText: number.text,
      issueDate: original.issueDate,
      reason,
    },
    buyerShown: original.buyerShown,
    requestedBy,
    requestedAt: isoInstant(nowMs),
    dueAt: isoInstant(nowMs + ABANDONED_AFTER_MS),
  };
  return { draft, reversedByLine: reversal.reversedByLine };
}

function reversalOf(kind: ReceiptKind): ReceiptKind | undefined {
  return kind === 'courtesy-receipt' || kind === 'electronic-invoice' ? REVERSAL_OF[kind] : undefined;
}

/** Whether a stored reversal is what is asked for again: of the same receipt, and as much. */
function isSame(existing: Receipt, { receiptId: original, wanted }: ReversalRequest): boolean {
  if (!isReversal(existing.kind) || existing.reverses?.receiptId !== original) return false;
  if (wanted.of === 'rest') return true;
  const amountMinor =
    wanted.of === 'amount'
      ? wanted.amountMinor
      : wanted.lines.reduce((sum, { grossMinor }) => sum + grossMinor, 0);
  return existing.totals.grossMinor === -amountMinor;
}
