import { formatMinor, parseDecimal } from '../domain/money.ts';
import { type OrderId, orderId } from '../domain/order.ts';
import { type Receipt, type ReceiptId, receiptId } from '../domain/receipt.ts';
import type { ReversalWanted } from '../domain/receipt-reversal.ts';
import {
  figuresOf,
  listedReceipt,
  receiptDetail,
  shownDecision,
  shownRates,
} from '../domain/receipt-view.ts';
import { receiptTexts } from '../domain/texts/receipts/index.ts';
import type { ReceiptExport } from './export-receipts.ts';
import type { PreviewedReceipt, RequestedReceipt } from './issue-receipts.ts';
import type { OrderName } from './read-order.ts';

/** Receipts as people and programs name and see them. */
export { listedReceipt, receiptDetail };

export function namedOrder({ marketplace, marketplaceOrderId }: OrderName): OrderId {
  return orderId(marketplace, marketplaceOrderId);
}

/** @param receipt as `listedReceipt` names it: `sale-1` */
export function namedReceipt(order: OrderName, receipt: string): ReceiptId {
  const family = receipt.startsWith('sale-') ? 'sale' : 'reversal';
  return receiptId(namedOrder(order), family, receipt.slice(family.length + 1));
}

/** What of a receipt is to be taken back; undefined for amounts that its currency does not have. */
export function wantedReversal(
  { currency }: Pick<Receipt, 'currency'>,
  given: {
    readonly amount?: string | undefined;
    readonly lines?: readonly { readonly lineNumber: number; readonly gross: string }[] | undefined;
  },
): ReversalWanted | undefined {
  try {
    if (given.amount !== undefined)
      return { of: 'amount', amountMinor: parseDecimal(given.amount, currency) };
    if (given.lines === undefined) return { of: 'rest' };
    const lines = given.lines.map(({ lineNumber, gross }) => ({
      lineNumber,
      grossMinor: parseDecimal(gross, currency),
    }));
    return { of: 'lines', lines };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** What became of a request. */
export function shownRequest(requested: RequestedReceipt) {
  const { receipt } = requested;
  const shown = receipt === undefined ? null : receiptDetail(receipt, undefined);
  if (requested.outcome === 'refused') {
    const problem = receiptTexts(requested.problem, requested.details);
    return { outcome: 'refused' as const, problem, receipt: shown };
  }
  const { state, problem, issuerDetails } = requested.receipt;
  if (state === 'failed' || state === 'void') {
    const why = receiptTexts(problem ?? 'number-void', issuerDetails);
    return { outcome: 'refused' as const, problem: why, receipt: shown };
  }
  const outcome = state === 'issued' ? ('issued' as const) : ('under-way' as const);
  return { outcome, problem: null, receipt: shown };
}

/** What would become of a request. */
export function shownPreview(previewed: PreviewedReceipt) {
  if (previewed.outcome === 'refused') {
    return { problem: receiptTexts(previewed.problem, previewed.details), document: null };
  }
  const document = previewed.outcome === 'stored' ? previewed.receipt : previewed.draft;
  const { kind, issuer, language, currency, vatTreatment, vatCountry, buyerShown } = document;
  const series = 'series' in document ? document.series : document.number?.series;
  return {
    problem: previewed.outcome === 'stored' ? receiptTexts('already-issued') : null,
    document: {
      ...{ kind, issuer, language, currency, vatTreatment, vatCountry, buyerShown },
      ...figuresOf(document),
      series: series ?? null,
      decision: shownDecision(document.decision),
    },
  };
}

/** What the rows of an export add up to. */
export function shownTotals({ totals }: Pick<ReceiptExport, 'totals'>) {
  return totals.map(({ currency, documents, net, vat, gross, byRate }) => ({
    currency,
    documents,
    net: formatMinor(net.amountMinor, currency),
    vat: formatMinor(vat.amountMinor, currency),
    gross: formatMinor(gross.amountMinor, currency),
    byRate: shownRates(byRate, currency),
  }));
}
