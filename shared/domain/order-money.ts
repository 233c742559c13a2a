import { entryKey, type LedgerEntry } from './ledger.ts';
import type { Order } from './order.ts';
import { unitKey } from './reconciliation.ts';
import { FEE_GROUPS, type FeeGroup, type Side } from './statement.ts';

/** Where an order stands with its money. */
export type SettlementState =
  | 'not-due'
  | 'partly-settled'
  | 'settled'
  | 'refunded'
  | 'overdue'
  /** Its marketplace gives no payment files: nobody waits for one. */
  | 'not-tracked';

/** What an order earned and cost, computed from its ledger entries and nothing else. Minor units, signed as charged. */
export interface OrderMoney {
  readonly currency: string;
  /** Everything Amazon charged for the order, sale and refund together; negative. */
  readonly fee: number;
  readonly feeGroups: Readonly<Record<Side, Readonly<Record<FeeGroup, number>>>>;
  /** Prices and discounts of the sale, without tax. */
  readonly sales: number;
  /** Tax on the sale that reaches the seller: collected, less what Amazon withheld. */
  readonly tax: number;
  /** Of `tax`: what Amazon withheld (negative). */
  readonly taxWithheld: number;
  /** Everything given back to the buyer: prices, tax and discounts of the reversal. */
  readonly refunds: number;
  /** Other costs of the order (return labels) and reimbursements. */
  readonly other: number;
  /** fee + sales + tax + refunds + other. */
  readonly net: number;
  /** What the buyer paid for, with the tax Amazon withheld: compared with the order's total. */
  readonly saleGross: number;
  /** True while only deferred rows are known: Amazon still holds the money. */
  readonly provisional: boolean;
  /** How many entries were counted; 0 when all are in a currency that is not the order's. */
  readonly entries: number;
  /** Currencies of entries left out because they are not the order's. A person has to look. */
  readonly foreignCurrencies: readonly string[];
}

/**
 * The same money appears in several files. For each settlement one kind of source counts: V2 before V1 before
 * released date-range rows; deferred rows count only while nothing confirmed is known, because their settlement
 * changes when they are released.
 */
function effectiveEntries(entries: Iterable<LedgerEntry>): readonly LedgerEntry[] {
  const precedence = { 'settlement-v2': 0, 'settlement-v1': 1, 'date-range': 2 } as const;
  const confirmed = new Map<string, LedgerEntry[]>();
  const deferred: LedgerEntry[] = [];
  for (const entry of entries) {
    if (!entry.released) {
      deferred.push(entry);
      continue;
    }
    const chosen = confirmed.get(entry.settlementId);
    const rival = chosen?.[0];
    if (!chosen || !rival || precedence[entry.source] < precedence[rival.source]) {
      confirmed.set(entry.settlementId, [entry]);
    } else if (precedence[entry.source] === precedence[rival.source]) {
      chosen.push(entry);
    }
  }
  return confirmed.size > 0 ? [...confirmed.values()].flat() : deferred;
}

/**
 * Adds up an order's entries, always from the start.
 * @param currency the order's own; without one (the order is not here yet) that of the first entry
 * @returns undefined when there is no entry at all
 */
export function orderMoney(entries: Iterable<LedgerEntry>, currency?: string): OrderMoney | undefined {
  const effective = effectiveEntries(entries);
  const first = effective[0];
  if (!first) return undefined;
  const inCurrency = currency ?? first.currency;
  const noFees = (): Record<FeeGroup, number> =>
    Object.fromEntries(FEE_GROUPS.map((group) => [group, 0])) as Record<FeeGroup, number>;
  const feeGroups: Record<Side, Record<FeeGroup, number>> = { sale: noFees(), reversal: noFees() };
  const foreign = new Set<string>();
  let [fee, sales, tax, taxWithheld, refunds, other, saleGross] = [0, 0, 0, 0, 0, 0, 0];
  let provisional = false;
  let counted = 0;
  for (const entry of effective) {
    if (entry.currency !== inCurrency) {
      foreign.add(entry.currency);
      continue;
    }
    counted++;
    for (const side of ['sale', 'reversal'] as const) {
      for (const group of FEE_GROUPS) {
        const minor = entry.fees[side][group] ?? 0;
        feeGroups[side][group] += minor;
        fee += minor;
      }
    }
    sales += entry.sale.price + entry.sale.discount;
    tax += entry.sale.tax + entry.sale.taxWithheld;
    taxWithheld += entry.sale.taxWithheld;
    refunds +=
      entry.reversal.price + entry.reversal.tax + entry.reversal.discount + entry.reversal.taxWithheld;
    other += entry.orderCost + entry.reimbursement;
    saleGross += entry.sale.price + entry.sale.discount + entry.sale.tax;
    provisional ||= !entry.released;
  }
  return {
    currency: inCurrency,
    fee,
    feeGroups,
    sales,
    tax,
    taxWithheld,
    refunds,
    other,
    net: fee + sales + tax + refunds + other,
    saleGross,
    provisional,
    entries: counted,
    foreignCurrencies: [...foreign].sort(),
  };
}

/** All money of one entry, whatever it is: what its rows add up to. */
export function entryTotal(entry: LedgerEntry): number {
  const sides = [entry.sale, entry.reversal].reduce(
    (sum, side) => sum + side.price + side.tax + side.discount + side.taxWithheld,
    0,
  );
  const fees = [entry.fees.sale, entry.fees.reversal]
    .flatMap((groups) => Object.values(groups))
    .reduce((sum, minor) => sum + minor, 0);
  return sides + fees + entry.orderCost + entry.reimbursement;
}

/** Amazon releases an order's money 7 days after delivery (DD+7) and closes a settlement every 14 days. */
const SETTLED_AFTER_DELIVERY_DAYS = 7 + 14;
/** The settlement file is ready a day or two after the settlement is closed. */
const REPORT_DELAY_DAYS = 3;
/** Where the order does not say when it is delivered. */
const DELIVERY_ASSUMED_DAYS = 14;
const DAY_MS = 86_400_000;

/**
 * Where an order stands with its money.
 * @param order undefined while only payment rows are known: then the rows alone decide
 * @param nowMs the moment of asking; only `overdue` depends on it
 */
export function settlementState(
  money: OrderMoney | undefined,
  order: Pick<Order, 'marketplace' | 'status' | 'total' | 'purchasedAt' | 'deliverBy'> | undefined,
  nowMs: number,
): SettlementState {
  if (money === undefined && order !== undefined && order.marketplace !== 'amazon') return 'not-tracked';
  const confirmed = money !== undefined && money.entries > 0 && !money.provisional;
  if (confirmed && money.refunds < 0) {
    // A refund often stands in a later file than its sale: then the order's own total is what was sold.
    const sold = money.saleGross > 0 ? money.saleGross + money.taxWithheld : (order?.total?.amountMinor ?? 0);
    if (-money.refunds >= sold) return 'refunded';
  }
  const total = order?.total;
  const wholeSum =
    total === undefined ||
    (confirmed && money.currency === total.currency && money.saleGross >= total.amountMinor);
  if (confirmed && wholeSum) return 'settled';
  if (order && order.status !== 'cancelled' && isOverdue(order, nowMs)) return 'overdue';
  return confirmed ? 'partly-settled' : 'not-due';
}

function isOverdue(
  order: Pick<Order, 'purchasedAt' | 'deliverBy' | 'status' | 'total'>,
  nowMs: number,
): boolean {
  if (order.status === 'pending' || order.total?.amountMinor === 0) return false;
  const delivered = order.deliverBy.latest
    ? Date.parse(order.deliverBy.latest)
    : Date.parse(order.purchasedAt) + DELIVERY_ASSUMED_DAYS * DAY_MS;
  return nowMs > delivered + (SETTLED_AFTER_DELIVERY_DAYS + REPORT_DELAY_DAYS) * DAY_MS;
}

/**
 * An order's entries after one report's statements have been applied to it: the units the report won are
 * replaced whole, a higher-ranked upload of the same unit is left alone.
 * @param incoming the report's entries for this order, in units it won
 * @param wonUnits rank per unit the report won, whether or not this order is in it
 * @returns the same object when nothing changes
 */
export function replaceEntries(
  current: Readonly<Record<string, LedgerEntry>>,
  incoming: readonly LedgerEntry[],
  wonUnits: ReadonlyMap<string, string>,
): Readonly<Record<string, LedgerEntry>> {
  const next: Record<string, LedgerEntry> = {};
  let changed = false;
  for (const [key, entry] of Object.entries(current)) {
    const rank = wonUnits.get(unitKey(entry));
    if (rank !== undefined && entry.rank < rank) changed = true;
    else next[key] = entry;
  }
  for (const entry of incoming) {
    const key = entryKey(entry);
    const standing = next[key];
    if (standing && standing.rank >= entry.rank) continue;
    next[key] = entry;
    changed = true;
  }
  return changed ? next : current;
}
