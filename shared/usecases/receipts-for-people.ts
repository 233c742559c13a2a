import type { LedgerEntry } from '../domain/ledger.ts';
import { formatMinor } from '../domain/money.ts';
import { type Order, type OrderId, orderId } from '../domain/order.ts';
import { orderMoney } from '../domain/order-money.ts';
import { isoInstant } from '../domain/pull-window.ts';
import { type Receipt, type ReceiptId, type ReceiptState, receiptFileKey } from '../domain/receipt.ts';
import { offeredReversal } from '../domain/receipt-reversal.ts';
import { receiptName } from '../domain/receipt-view.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { OrderStore } from '../ports/order-store.ts';
import type { ReceiptShelf } from '../ports/receipt-shelf.ts';
import type { ReceiptStore, SeriesState } from '../ports/receipt-store.ts';
import { type Acting, noteActivity } from './acting.ts';
import {
  type IssueRequest,
  type RequestedReceipt,
  type RequestReceiptsDeps,
  requestReceipts,
} from './issue-receipts.ts';
import { type RequestReversalDeps, type ReversalRequest, requestReversal } from './issue-reversal.ts';
import type { OrderName } from './read-order.ts';
import { requestRetry } from './retry-receipt.ts';

/** A document that is stored and has to be made. */
export interface ReceiptFinishJob {
  readonly receiptId: ReceiptId;
}

export interface AskForReceiptsDeps extends RequestReceiptsDeps, RequestReversalDeps, Acting {
  readonly receipts: RequestReceiptsDeps['receipts'] & RequestReversalDeps['receipts'];
  readonly orders: RequestReceiptsDeps['orders'];
  readonly settings: RequestReceiptsDeps['settings'];
  readonly issuers: RequestReceiptsDeps['issuers'];
  readonly clock: RequestReceiptsDeps['clock'];
  /** Where the making of documents is asked for; one that is lost is taken up by its `dueAt`. */
  readonly finishing: JobQueue<ReceiptFinishJob>;
}

/** Stores the documents that a person asks for, and has them made. */
export async function askForReceipts(
  deps: AskForReceiptsDeps,
  requests: readonly Omit<IssueRequest, 'requestedBy'>[],
): Promise<readonly RequestedReceipt[]> {
  const requested = await requestReceipts(
    deps,
    requests.map((request) => ({ ...request, requestedBy: deps.actor })),
  );
  for (const each of requested) await handOver(deps, each, 'receipt-requested');
  return requested;
}

/** The same for what takes a receipt back. */
export async function askForReversal(
  deps: AskForReceiptsDeps,
  request: Omit<ReversalRequest, 'requestedBy'>,
): Promise<RequestedReceipt> {
  const requested = await requestReversal(deps, { ...request, requestedBy: deps.actor });
  await handOver(deps, requested, 'receipt-reversal-requested');
  return requested;
}

/** The same for a document that is to be tried again. */
export async function askForRetry(
  deps: AskForReceiptsDeps,
  id: ReceiptId,
  confirmedRed: boolean,
): Promise<RequestedReceipt> {
  const requested = await requestRetry(deps, id, deps.actor, confirmedRed);
  await handOver(deps, requested, 'receipt-retried');
  return requested;
}

async function handOver(
  deps: AskForReceiptsDeps,
  requested: RequestedReceipt,
  action: string,
): Promise<void> {
  if (requested.outcome === 'refused') return;
  const { receiptId, orderId: subject, number, kind, state, totals, currency } = requested.receipt;
  if (!isOpen(state)) return;
  await noteActivity(deps, {
    action,
    subject: `order/${subject}`,
    after: { receiptId, kind, number: number?.text ?? null, grossMinor: totals.grossMinor, currency },
  });
  await deps.finishing.send({ receiptId });
}

function isOpen(state: ReceiptState): boolean {
  return state === 'requested' || state === 'numbered' || state === 'processing';
}

export interface ReadReceiptsDeps {
  readonly orders: Pick<OrderStore, 'getMany'>;
  readonly receipts: Pick<ReceiptStore, 'getMany' | 'ofOrder' | 'ofMonth' | 'listDue' | 'listSeries'>;
}

export const listSeries = ({ receipts }: ReadReceiptsDeps): Promise<readonly SeriesState[]> =>
  receipts.listSeries();

/** One document; undefined when there is none. */
export async function readReceipt(
  { receipts }: Pick<LinkToReceiptDeps, 'receipts'>,
  id: ReceiptId,
): Promise<Receipt | undefined> {
  return (await receipts.getMany([id])).get(id);
}

/**
 * All documents of an order and what had better be taken back of them; undefined when the order is not here. Offered is
 * what went back to the buyer: all of a refunded order, of others what their payment files say.
 */
export async function receiptsOfOrder({ orders, receipts }: ReadReceiptsDeps, name: OrderName) {
  const id: OrderId = orderId(name.marketplace, name.marketplaceOrderId);
  const [records, documents] = await Promise.all([orders.getMany([id]), receipts.ofOrder(id)]);
  const record = records.get(id);
  if (record?.order === undefined) return undefined;
  const offered = offeredReversal(documents, givenBack(record.order, record.entries));
  return {
    receipts: documents,
    offered: offered && {
      receipt: receiptName(offered.receipt.receiptId),
      amount: formatMinor(offered.amountMinor, offered.receipt.currency),
      currency: offered.receipt.currency,
    },
  };
}

/** What went back to the buyer so far, in minor units of the order's currency. */
function givenBack({ status, total }: Order, entries: Readonly<Record<string, LedgerEntry>>): number {
  if (total === undefined) return 0;
  if (status === 'refunded' || status === 'cancelled') return total.amountMinor;
  return Math.max(0, -(orderMoney(Object.values(entries), total.currency)?.refunds ?? 0));
}

/** Pages looked through for one that has something of the state or channel asked for. */
const PAGES_MAX = 20;

/** A page of a month's documents. It may hold fewer than asked for, and still have a next one. */
export async function listReceipts(
  { receipts }: Pick<ReadReceiptsDeps, 'receipts'>,
  wanted: {
    readonly month: string;
    readonly state?: ReceiptState | undefined;
    readonly channelId?: string | undefined;
    readonly limit: number;
    readonly cursor?: string | undefined;
  },
): Promise<{ readonly receipts: readonly Receipt[]; readonly cursor: string | undefined }> {
  const { month, state, channelId, limit } = wanted;
  let { cursor } = wanted;
  for (let pages = 1; ; pages += 1) {
    const page = await receipts.ofMonth({ month, limit, cursor });
    const found = page.receipts.filter(
      (receipt) =>
        (state === undefined || receipt.state === state) &&
        (channelId === undefined || receipt.channelId === channelId),
    );
    cursor = page.cursor;
    if (found.length > 0 || cursor === undefined || pages === PAGES_MAX) return { receipts: found, cursor };
  }
}

/** Later than any document is due. */
const END_OF_TIME = '9999-12-31T23:59:59.999Z';

/** Documents that are not issued yet, the longest due first. */
export async function listUnfinished(
  { receipts }: Pick<ReadReceiptsDeps, 'receipts'>,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<{ readonly receipts: readonly Receipt[]; readonly cursor: string | undefined }> {
  const due = await receipts.listDue({ until: END_OF_TIME, ...page });
  // Those that are issued wait to be announced only.
  return { ...due, receipts: due.receipts.filter(({ state }) => isOpen(state)) };
}

export interface LinkToReceiptDeps extends Acting {
  readonly receipts: Pick<ReceiptStore, 'getMany'>;
  readonly shelf: Pick<ReceiptShelf, 'linkToPdf'>;
}

/** An address that gives a document's PDF for some minutes, written down before it is given; undefined when there is none. */
export async function linkToReceipt(deps: LinkToReceiptDeps, id: ReceiptId) {
  const receipt = await readReceipt(deps, id);
  if (receipt?.file === undefined) return undefined;
  const { file, number, orderId: subject } = receipt;
  await noteActivity(deps, {
    action: 'receipt-downloaded',
    subject: `order/${subject}`,
    after: { receiptId: id, number: number?.text ?? null },
  });
  const fileName = `${number?.text ?? receiptFileKey(receipt)}.pdf`;
  const { url, validMs } = await deps.shelf.linkToPdf(file.key, fileName);
  return { url, expiresAt: isoInstant(deps.clock.now() + validMs), file };
}
