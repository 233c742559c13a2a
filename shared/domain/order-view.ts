import type { PersonalDataState } from './buyer.ts';
import type { FollowUp } from './follow-up.ts';
import type { LedgerEntry } from './ledger.ts';
import { formatMinor, type Money } from './money.ts';
import type { Order } from './order.ts';
import { type OrderAttention, orderAttention } from './order-attention.ts';
import { checkOrder, type OrderCheck } from './order-check.ts';
import {
  entryTotal,
  type OrderMoney,
  orderMoney,
  type SettlementState,
  settlementState,
} from './order-money.ts';

import {
  type ListedDeadline,
  type ListedParcel,
  listedDeadline,
  listedParcel,
  type OrderParcel,
} from './order-parcels.ts';
import { shippingBlock } from './order-status.ts';
import type { ManualFulfilment } from './remote-action.ts';
import { FEE_GROUPS } from './statement.ts';

/** An order with its money. Amounts are decimal strings; null while nothing is known. */
export interface OrderSummary {
  readonly channel: string;
  readonly marketplace: Order['marketplace'];
  readonly marketplaceOrderId: string;
  /** The national marketplace's usual name. */
  readonly site: string | null;
  readonly status: Order['status'];
  readonly purchasedAt: string;
  /** Latest instant at which it has to be shipped. */
  readonly shipBy: string | null;
  readonly pieces: number;
  readonly firstTitle: string | null;
  readonly total: string | null;
  readonly currency: string | null;
  readonly fee: string | null;
  readonly net: string | null;
  readonly settlement: SettlementState;
  /** True while the fee may change: Amazon still holds the money, or it is what the marketplace said with the order. */
  readonly provisional: boolean;
  /** Payment rows in a currency that is not the order's: left out of fee and net. */
  readonly foreignCurrencies: readonly string[];
  readonly personalData: PersonalDataState | null;
  readonly check: OrderCheck['state'];
  readonly attention: readonly OrderAttention[];
  /** Somebody acted on it at its marketplace by hand: what is shown may be behind. */
  readonly red: boolean;
}

/** One line of the order list: the order, how it travels and how much time is left. */
export interface ListedOrder extends OrderSummary {
  readonly shipments: readonly ListedParcel[];
  /** Of the running clocks the one with the least time left. */
  readonly deadline: ListedDeadline | null;
}

interface ViewedRecord {
  readonly order: Order;
  readonly entries: Readonly<Record<string, LedgerEntry>>;
  readonly personalData?: PersonalDataState | undefined;
  readonly customisationMissing?: boolean | undefined;
  readonly manualFulfilment?: ManualFulfilment | undefined;
}

/**
 * An order as the list shows it at this moment.
 * @param parcels all there are of it
 */
export function listedOrder(
  record: ViewedRecord,
  parcels: readonly OrderParcel[],
  nowMs: number,
): ListedOrder {
  return {
    ...orderSummary(record, nowMs),
    shipments: parcels.map(listedParcel),
    deadline: listedDeadline(record.order, parcels, nowMs),
  };
}

/** The same without its parcels. */
export function orderSummary(record: ViewedRecord, nowMs: number): OrderSummary {
  const { order, entries, personalData, customisationMissing = false } = record;
  const money = orderMoney(Object.values(entries), order.total?.currency);
  const counted = countedMoney(money);
  const currency = order.total?.currency ?? money?.currency ?? null;
  const settlement = settlementState(money, order, nowMs);
  const foreignCurrencies = money?.foreignCurrencies ?? [];
  const check = checkOrder(order).state;
  return {
    channel: order.channelId,
    marketplace: order.marketplace,
    marketplaceOrderId: order.marketplaceOrderId,
    site: order.siteName ?? null,
    status: order.status,
    purchasedAt: order.purchasedAt,
    shipBy: order.shipBy.latest ?? null,
    pieces: order.lines.reduce((sum, { quantityOrdered }) => sum + quantityOrdered, 0),
    firstTitle: order.lines[0]?.title ?? null,
    total: order.total ? formatMinor(order.total.amountMinor, order.total.currency) : null,
    currency,
    fee: counted ? formatMinor(counted.fee, counted.currency) : statedFee(order),
    net: counted ? formatMinor(counted.net, counted.currency) : null,
    settlement,
    provisional: money?.provisional ?? statedFee(order) !== null,
    foreignCurrencies,
    personalData: personalData ?? null,
    check,
    attention: orderAttention({
      order,
      check,
      settlement,
      foreignCurrencies,
      personalData,
      customisationMissing,
    }),
    red: record.manualFulfilment !== undefined,
  };
}

/** Something the buyer had made is not here, whatever time is left. */
function lacksCustomisation({ followUps }: OrderFacts): boolean {
  return followUps.some(({ kind, state }) => kind === 'customisation' && state !== 'done');
}

/** What the marketplace said with the order that it keeps (eBay); null where it says nothing. */
function statedFee({ marketplaceFee, total }: Order): string | null {
  if (marketplaceFee === undefined || marketplaceFee.currency !== total?.currency) return null;
  return formatMinor(-marketplaceFee.amountMinor, marketplaceFee.currency);
}

/** What the order earned and cost; undefined while no payment row in its currency is known. */
function countedMoney(money: OrderMoney | undefined): OrderMoney | undefined {
  return money && money.entries > 0 ? money : undefined;
}

/** An amount as it is shown. */
export interface ShownMoney {
  readonly amount: string;
  readonly currency: string;
}
function shownMoney({ amountMinor, currency }: Money): ShownMoney {
  return { amount: formatMinor(amountMinor, currency), currency };
}

export interface OrderFacts extends ViewedRecord {
  readonly followUps: readonly FollowUp[];
  readonly parcels: readonly OrderParcel[];
}
export type OrderDetail = ReturnType<typeof orderDetail>;

/** An order as one page shows it: everything known of it but the person behind it. */
export function orderDetail(detail: OrderFacts, nowMs: number) {
  const { order, followUps } = detail;
  // The list has only what was noted on the order; here the work itself is known, and a picker sees it before it is late.
  const noted = { ...detail, customisationMissing: lacksCustomisation(detail) };
  const listed = listedOrder(noted, detail.parcels, nowMs);
  const check = checkOrder(order);
  const money = countedMoney(orderMoney(Object.values(detail.entries), order.total?.currency));
  const text = (minor: number): string => formatMinor(minor, money?.currency ?? 'EUR');
  return {
    ...listed,
    accountId: order.accountId,
    siteId: order.siteId,
    updatedAt: order.updatedAt,
    partnerStatus: order.partnerStatus ?? null,
    fulfilledBy: order.fulfilledBy,
    serviceLevel: order.serviceLevel ?? null,
    shipWindow: { earliest: order.shipBy.earliest ?? null, latest: order.shipBy.latest ?? null },
    deliverWindow: { earliest: order.deliverBy.earliest ?? null, latest: order.deliverBy.latest ?? null },
    deliveredAt: order.deliveredAt ?? null,
    programs: [...order.programs],
    relatedOrders: [...order.relatedOrders],
    business: order.business ?? null,
    marketplaceFee: order.marketplaceFee ? shownMoney(order.marketplaceFee) : null,
    difference: check.state === 'differs' ? shownMoney(check.difference) : null,
    shippingBlock: shippingBlock(order) ?? null,
    unexpectedMove: order.unexpectedMove ?? null,
    manualFulfilment: detail.manualFulfilment ?? null,
    lines: order.lines.map((line) => ({
      orderLineId: line.orderLineId,
      sku: line.sku ?? null,
      productId: line.productId ?? null,
      title: line.title ?? null,
      quantityOrdered: line.quantityOrdered,
      quantityFulfilled: line.quantityFulfilled,
      unitPrice: line.unitPrice ? shownMoney(line.unitPrice) : null,
      total: line.total ? shownMoney(line.total) : null,
      vatRate: line.vatRate ?? null,
      breakdown: line.breakdown.map(({ kind, amount }) => ({ kind, amount: shownMoney(amount) })),
      cancellationRequested: line.cancellationRequested,
      customised: line.customised,
    })),
    extras: (order.extras ?? []).map(({ kind, amount }) => ({ kind, amount: shownMoney(amount) })),
    money:
      money === undefined
        ? null
        : {
            currency: money.currency,
            sales: text(money.sales),
            tax: text(money.tax),
            taxWithheld: text(money.taxWithheld),
            refunds: text(money.refunds),
            other: text(money.other),
            fees: Object.fromEntries(
              FEE_GROUPS.map((group) => [
                group,
                text(money.feeGroups.sale[group] + money.feeGroups.reversal[group]),
              ]),
            ),
          },
    moneyEntries: Object.values(detail.entries).map((entry) => ({
      source: entry.source,
      settlementId: entry.settlementId,
      reportId: entry.reportId,
      currency: entry.currency,
      released: entry.released,
      fee: formatMinor(entryFee(entry), entry.currency),
      total: formatMinor(entryTotal(entry), entry.currency),
      rows: entry.rows,
      lines: entry.lines.map(([first, last]): [number, number] => [first, last]),
    })),
    followUps: followUps.map((followUp) => ({
      kind: followUp.kind,
      orderLineId: followUp.orderLineId === '' ? null : followUp.orderLineId,
      state: followUp.state,
      wantedAt: followUp.wantedAt,
      dueAt: followUp.dueAt ?? null,
      deadline: followUp.deadline ?? null,
      attempts: followUp.attempts,
      problem: followUp.problem ?? null,
    })),
  };
}

/** Everything charged in an entry, sale and refund together. */
function entryFee({ fees }: LedgerEntry): number {
  return Object.values(fees)
    .flatMap((groups) => Object.values(groups))
    .reduce((sum, minor) => sum + minor, 0);
}
