import type { Buyer } from '../domain/buyer.ts';
import type { Channel } from '../domain/channel.ts';
import type { Order, OrderId } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import {
  type IssuerName,
  issueDateAt,
  type Receipt,
  type ReceiptId,
  type ReceiptProblem,
  receiptId,
} from '../domain/receipt.ts';
import { receiptBuyerOf } from '../domain/receipt-buyer.ts';
import { type DocumentOverride, decideDocument } from '../domain/receipt-rules.ts';
import { type ReceiptSettings, receiptLanguage } from '../domain/receipt-settings.ts';
import { isVatCharged, splitVat } from '../domain/vat.ts';
import { vatNumberCountry, vatTreatmentOf } from '../domain/vat-treatment.ts';
import type { BuyerStore } from '../ports/buyer-store.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { OrderRecord, OrderStore } from '../ports/order-store.ts';
import type { ReceiptIssuer } from '../ports/receipt-issuer.ts';
import type { ReceiptSettingsStore } from '../ports/receipt-settings-store.ts';
import type { ReceiptDraft, ReceiptStore } from '../ports/receipt-store.ts';
import {
  ABANDONED_AFTER_MS,
  type FinishReceiptDeps,
  finishReceipt,
  type ReceiptOutcome,
} from './finish-receipt.ts';

/** Documents finished side by side: enough to hide the stores' latency, few enough for one small function. */
const RECEIPTS_AT_ONCE = 8;

export interface IssueReceiptsDeps extends FinishReceiptDeps {
  readonly orders: OrderStore;
  readonly channels: ChannelStore;
  readonly settings: ReceiptSettingsStore;
}

export interface IssueRequest {
  readonly orderId: OrderId;
  /** Which document of the order's sale: the first, unless that came to nothing or was taken back. */
  readonly sequence?: number | undefined;
  /** A person decides otherwise than the rules. */
  readonly override?: DocumentOverride | undefined;
  /** The buyer asked for an invoice, not later than the purchase. */
  readonly invoiceRequested?: boolean | undefined;
  /** The order may be red: whoever asks has looked at its marketplace. Automatic issuing never says so. */
  readonly confirmedRed?: boolean | undefined;
  /** Subject of the person's sign-in, `system` for automatic issuing, `cli` for a command. */
  readonly requestedBy: string;
}

/** What is known of an issuer without asking it. */
export type IssuerAbilities = Pick<ReceiptIssuer, 'name' | 'numbering' | 'makes'>;

export interface RequestReceiptsDeps {
  readonly orders: Pick<OrderStore, 'getMany'>;
  readonly channels: Pick<ChannelStore, 'listChannels'>;
  readonly settings: Pick<ReceiptSettingsStore, 'getSettings'>;
  readonly buyers: Pick<BuyerStore, 'getBuyer'>;
  readonly receipts: Pick<ReceiptStore, 'getMany' | 'create'>;
  readonly issuers: Readonly<Partial<Record<IssuerName, IssuerAbilities>>>;
  readonly clock: Clock;
}

/** A request's document as it is stored, however far it has got; or why there is none. */
export type RequestedReceipt =
  | { readonly outcome: 'stored'; readonly receipt: Receipt }
  | Extract<ReceiptOutcome, { outcome: 'refused' }>;

/**
 * Issues the receipts of orders: one, or as many as asked for. Each order is decided for itself, and one that is refused
 * stops no other. Nothing is stored before its amounts make the order's total to the cent and its document is one the
 * channel's issuer can make; from then on it is brought to an end whatever happens.
 *
 * The same request again is the same document, finished if it was not. Answers in the order of the requests.
 */
export async function issueReceipts(
  deps: IssueReceiptsDeps,
  requests: readonly IssueRequest[],
): Promise<readonly ReceiptOutcome[]> {
  const settings = await deps.settings.getSettings();
  const requested = await requestReceipts(deps, requests);
  const stored = requested.flatMap((each) => (each.outcome === 'stored' ? [each.receipt] : []));
  const open = [...new Map(stored.map((receipt) => [receipt.receiptId, receipt] as const)).values()];
  const outcomes = new Map<ReceiptId, ReceiptOutcome>();
  for (let at = 0; at < open.length; at += RECEIPTS_AT_ONCE) {
    const group = open.slice(at, at + RECEIPTS_AT_ONCE);
    const finished = await Promise.all(group.map((receipt) => finish(deps, receipt, settings)));
    for (const [place, receipt] of group.entries()) {
      const outcome = finished[place];
      if (outcome !== undefined) outcomes.set(receipt.receiptId, outcome);
    }
  }
  return requested.map((each) =>
    each.outcome === 'stored' ? (outcomes.get(each.receipt.receiptId) ?? CHANGED_MEANWHILE) : each,
  );
}

/**
 * Stores the documents of orders with their numbers, and leaves it to others to make them: `finishReceipt`. Checks all
 * that `issueReceipts` does. Answers in the order of the requests.
 */
export async function requestReceipts(
  deps: RequestReceiptsDeps,
  requests: readonly IssueRequest[],
): Promise<readonly RequestedReceipt[]> {
  const { known, prepared } = await prepareAll(deps, requests);
  const outcomes = new Map<ReceiptId, RequestedReceipt>();
  for (const [id, receipt] of known) outcomes.set(id, { outcome: 'stored', receipt });
  const drafts: ReceiptDraft[] = [];
  for (const [id, each] of prepared) {
    if ('receiptId' in each) drafts.push(each);
    else outcomes.set(id, { outcome: 'refused', ...each });
  }
  for (const { receipt } of await deps.receipts.create(drafts)) {
    outcomes.set(receipt.receiptId, { outcome: 'stored', receipt });
  }
  return requests.map((request) => outcomes.get(idOf(request)) ?? CHANGED_MEANWHILE);
}

/** What would be stored for a request, or why nothing would. */
export type PreviewedReceipt =
  | { readonly outcome: 'would-issue'; readonly draft: ReceiptDraft }
  | RequestedReceipt;

/** What `requestReceipts` would do, without doing it. Answers in the order of the requests. */
export async function previewReceipts(
  deps: RequestReceiptsDeps,
  requests: readonly IssueRequest[],
): Promise<readonly PreviewedReceipt[]> {
  const { known, prepared } = await prepareAll(deps, requests);
  return requests.map((request): PreviewedReceipt => {
    const receipt = known.get(idOf(request));
    if (receipt !== undefined) return { outcome: 'stored', receipt };
    const each = prepared.get(idOf(request));
    if (each === undefined) return CHANGED_MEANWHILE;
    return 'receiptId' in each ? { outcome: 'would-issue', draft: each } : { outcome: 'refused', ...each };
  });
}

const CHANGED_MEANWHILE = { outcome: 'refused', problem: 'changed-meanwhile', details: [] } as const;

function idOf({ orderId, sequence = 1 }: IssueRequest): ReceiptId {
  return receiptId(orderId, 'sale', String(sequence));
}

/** The documents that are there already, and for each other request its draft or why it gets none. */
async function prepareAll(deps: RequestReceiptsDeps, requests: readonly IssueRequest[]) {
  const settings = await deps.settings.getSettings();
  const channels = new Map(
    (await deps.channels.listChannels()).map((each) => [each.channelId, each] as const),
  );
  const wanted = new Map(requests.map((request) => [idOf(request), request] as const));
  const known = await deps.receipts.getMany([...wanted.keys()]);
  const records = await deps.orders.getMany([...wanted.values()].map(({ orderId }) => orderId));
  const prepared = new Map<ReceiptId, ReceiptDraft | Refusal>();
  for (const [id, request] of wanted) {
    if (known.has(id)) continue;
    const record = records.get(request.orderId);
    prepared.set(id, await prepare(deps, { id, request, record, channels, settings }));
  }
  return { known, prepared };
}

async function finish(
  deps: IssueReceiptsDeps,
  receipt: Receipt,
  settings: ReceiptSettings | undefined,
): Promise<ReceiptOutcome> {
  if (settings === undefined) return { outcome: 'refused', ...refusal('seller-data-missing'), receipt };
  return finishReceipt(deps, receipt, settings);
}

interface Refusal {
  readonly problem: ReceiptProblem;
  readonly details: readonly string[];
}

function refusal(problem: ReceiptProblem, details: readonly string[] = []): Refusal {
  return { problem, details };
}

/** Where an order stands that can have no receipt. */
const NOT_ISSUABLE: Readonly<Partial<Record<Order['status'], ReceiptProblem>>> = {
  pending: 'order-not-ready',
  'to-accept': 'order-not-ready',
  unknown: 'order-not-ready',
  cancelled: 'order-cancelled',
  unfulfillable: 'order-cancelled',
  refunded: 'order-refunded',
};

/** The document an order gets, checked to the cent; or why it gets none. */
async function prepare(
  { buyers, issuers, clock }: RequestReceiptsDeps,
  {
    id,
    request,
    record,
    channels,
    settings,
  }: {
    readonly id: ReceiptId;
    readonly request: IssueRequest;
    readonly record: OrderRecord | undefined;
    readonly channels: ReadonlyMap<string, Channel>;
    readonly settings: ReceiptSettings | undefined;
  },
): Promise<ReceiptDraft | Refusal> {
  const order = record?.order;
  if (order === undefined) return refusal('order-not-here');
  const channel = channels.get(order.channelId);
  if (channel === undefined) return refusal('channel-not-here', [order.channelId]);
  if (channel.receipts === undefined) return refusal('no-association', [channel.channelId]);
  if (settings === undefined) return refusal('seller-data-missing');
  const notIssuable = NOT_ISSUABLE[order.status];
  if (notIssuable !== undefined) return refusal(notIssuable);
  if (record?.manualFulfilment !== undefined && !request.confirmedRed) {
    const { kind, by, at } = record.manualFulfilment;
    return refusal('red-order', [kind, by, at]);
  }
  if (order.total !== undefined && order.total.amountMinor <= 0) return refusal('nothing-to-pay');

  const buyer = await buyers.getBuyer(order.orderId);
  // A name that is still on its way is waited for; one that was refused or deleted will not come.
  if ((buyer?.state ?? record?.personalData) === 'waiting') return refusal('buyer-waiting');
  const sale = circumstancesOf(order, channel, buyer, settings);
  const decision = decideDocument(
    { ...sale.facts, invoiceRequested: request.invoiceRequested ?? false },
    settings.rules,
    request.override,
  );
  if (decision.document === 'none')
    return refusal('not-due', decision.ruleId === undefined ? [] : [decision.ruleId]);
  const issuer = issuers[channel.receipts.issuer];
  const reachable = issuer?.numbering === 'ours' || settings.bitztobe !== undefined;
  if (issuer === undefined || !reachable) return refusal('issuer-connection-missing');
  if (!issuer.makes.includes(decision.document)) {
    return refusal('electronic-invoice-not-possible', [decision.override ?? decision.ruleId ?? '']);
  }
  const named = receiptBuyerOf(buyer) !== undefined;
  if (!named && decision.document === 'electronic-invoice') return refusal('buyer-missing');
  const split = splitVat(order, sale.vat, settings.vat);
  if (split.state === 'refused') return refusal(split.problem, split.details);

  const nowMs = clock.now();
  const { marketplace, marketplaceOrderId, channelId, siteName, purchasedAt } = order;
  return {
    receiptId: id,
    orderId: order.orderId,
    ...{ marketplace, marketplaceOrderId, channelId, siteName, purchasedAt },
    kind: decision.document,
    issuer: issuer.name,
    sellerId: settings.seller.vatNumber,
    series: issuer.numbering === 'ours' ? (channel.receipts.series ?? settings.series) : undefined,
    issueDate: issueDateAt(nowMs),
    language: receiptLanguage(channel.country),
    currency: split.currency,
    lines: split.lines,
    totals: split.totals,
    vatTreatment: sale.vat.treatment,
    vatCountry: sale.vat.country,
    destinationCountry: sale.facts.country,
    business: sale.facts.buyer === 'business',
    decision,
    buyerShown: named ? 'named' : 'none',
    requestedBy: request.requestedBy,
    requestedAt: isoInstant(nowMs),
    dueAt: isoInstant(nowMs + ABANDONED_AFTER_MS),
  };
}

/** What documents and VAT are decided by: of the person no more than a country and whether they are a business. */
function circumstancesOf(
  order: Order,
  { country: channelCountry }: Channel,
  buyer: Buyer | undefined,
  settings: ReceiptSettings,
) {
  const sellerCountry = settings.seller.country;
  const { oneStopShop } = settings.vat;
  const vatNumber = buyer?.taxRegistrations.find(({ kind }) => kind.toUpperCase().includes('VAT'))?.number;
  const business = order.business ?? vatNumber !== undefined;
  const country = (
    buyer?.deliveryAddress?.countryCode ??
    buyer?.billingAddress?.countryCode ??
    channelCountry
  ).toUpperCase();
  return {
    facts: {
      marketplace: order.marketplace,
      buyer: business ? ('business' as const) : ('consumer' as const),
      country,
      sellerCountry,
      oneStopShop,
    },
    vat: vatTreatmentOf({
      sellerCountry,
      destinationCountry: country,
      buyerVatCountry: vatNumber === undefined ? undefined : vatNumberCountry(vatNumber),
      business,
      oneStopShop,
      vatCharged: isVatCharged(order),
    }),
  };
}
