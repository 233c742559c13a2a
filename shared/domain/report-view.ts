import type { LedgerEntry } from './ledger.ts';
import { formatMinor } from './money.ts';
import { type OrderMoney, orderMoney, type SettlementState, settlementState } from './order-money.ts';
import { BUCKETS, type Bucket, type FileReconciliation, isOtherChannel } from './reconciliation.ts';
import { FEE_GROUPS, type FeeGroup, type RefusalCode, type ReportFormat } from './statement.ts';
import { noticeText, refusalText, rejectText } from './texts/index.ts';

/** One reconciled file as programs read it: amounts are decimal strings, as charged. */
export interface ReportView {
  readonly file: string;
  readonly format: ReportFormat;
  readonly language: string;
  readonly settlementIds: readonly string[];
  readonly currency: string;
  readonly rows: number;
  readonly control: {
    readonly stated: string | null;
    readonly computed: string;
    readonly balanced: boolean | null;
  };
  readonly buckets: Readonly<Record<Bucket, { readonly rows: number; readonly amount: string }>>;
  readonly fees: Readonly<Record<FeeGroup, string>>;
  readonly orders: readonly ReportedOrderView[];
  readonly rejected: readonly { readonly line: number; readonly reason: string }[];
  readonly rejectedCount: number;
  /** Rows outside orders under the file's own words. */
  readonly account: readonly { readonly label: string; readonly rows: number; readonly amount: string }[];
  readonly unclassified: readonly {
    readonly line: number;
    readonly label: string;
    readonly amount: string;
  }[];
  readonly notices: readonly string[];
}

export interface ReportedOrderView {
  readonly marketplaceOrderId: string;
  readonly fee: string;
  readonly sales: string;
  readonly tax: string;
  /** Of `tax`: what Amazon kept back to remit itself. */
  readonly taxWithheld: string;
  readonly refunds: string;
  /** Return labels, reimbursements and other money of the order that is neither sale nor fee. */
  readonly other: string;
  /** sales + tax + refunds + other + fee. */
  readonly net: string;
  readonly currency: string;
  readonly state: SettlementState | 'waiting' | 'other-channel';
}

/** A file that was refused. */
export interface RefusedView {
  readonly file: string;
  /** What it is and what to do, in Italian and English. */
  readonly refused: string;
  readonly code: RefusalCode;
}

export function refusedView(file: string, refusal: { code: RefusalCode; detail: string }): RefusedView {
  return { file, refused: refusalText(refusal.code, refusal.detail), code: refusal.code };
}

/**
 * @param orders what the file says of each order: its entries, and whether the order is still waited for
 * @param nowMs only for the settlement state
 */
export function reportView(
  file: string,
  reconciliation: FileReconciliation,
  orders: Iterable<{ marketplaceOrderId: string; entries: readonly LedgerEntry[]; waiting: boolean }>,
  nowMs: number,
): ReportView {
  const { currency, control } = reconciliation;
  const text = (minor: number): string => formatMinor(minor, currency);
  return {
    file,
    format: reconciliation.format,
    language: reconciliation.language,
    settlementIds: reconciliation.settlementIds,
    currency,
    rows: reconciliation.rows,
    control: {
      stated: control.statedMinor === null ? null : text(control.statedMinor),
      computed: text(control.computedMinor),
      balanced: control.balanced,
    },
    buckets: Object.fromEntries(
      BUCKETS.map((bucket) => {
        const { rows, amountMinor } = reconciliation.buckets[bucket];
        return [bucket, { rows, amount: text(amountMinor) }];
      }),
    ) as ReportView['buckets'],
    fees: Object.fromEntries(
      FEE_GROUPS.map((group) => [group, text(reconciliation.fees[group])]),
    ) as ReportView['fees'],
    orders: [...orders].flatMap(({ marketplaceOrderId, entries, waiting }) => {
      const money = orderMoney(entries, currency);
      if (!money) return [];
      return [
        {
          marketplaceOrderId,
          ...moneyView(money),
          state: stateOf(marketplaceOrderId, money, waiting, nowMs),
        },
      ];
    }),
    rejected: reconciliation.rejected.map(({ line, reason }) => ({ line, reason: rejectText(reason) })),
    rejectedCount: reconciliation.rejectedCount,
    account: reconciliation.accountLines.map(({ label, rows, amountMinor }) => ({
      label,
      rows,
      amount: text(amountMinor),
    })),
    unclassified: reconciliation.unclassified.map(({ line, label, amountMinor }) => ({
      line,
      label,
      amount: text(amountMinor),
    })),
    notices: reconciliation.notices.map(({ code, detail }) => noticeText(code, detail)),
  };
}

function moneyView(money: OrderMoney): Omit<ReportedOrderView, 'marketplaceOrderId' | 'state'> {
  const text = (minor: number): string => formatMinor(minor, money.currency);
  return {
    fee: text(money.fee),
    sales: text(money.sales),
    tax: text(money.tax),
    taxWithheld: text(money.taxWithheld),
    refunds: text(money.refunds),
    other: text(money.other),
    net: text(money.net),
    currency: money.currency,
  };
}

function stateOf(
  marketplaceOrderId: string,
  money: OrderMoney,
  waiting: boolean,
  nowMs: number,
): ReportedOrderView['state'] {
  if (isOtherChannel(marketplaceOrderId)) return 'other-channel';
  if (waiting) return 'waiting';
  return settlementState(money, undefined, nowMs);
}
