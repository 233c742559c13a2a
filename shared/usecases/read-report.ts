import { Reconciliation } from '../domain/reconciliation.ts';
import { type RefusedView, type ReportView, refusedView, reportView } from '../domain/report-view.ts';
import { type ReadHints, RefusedReport } from '../domain/statement.ts';
import type { PaymentReportReader } from '../ports/payment-report-reader.ts';

export type { RefusedView, ReportView };

/**
 * Reconciles a file at hand, writing nothing: the same reading, buckets and sums as an uploaded one gets.
 * @param isKnown whether an order has been pulled; rows of the others wait
 * @param nowMs the moment of asking, for the settlement states
 */
export async function readReport(
  deps: { readonly reader: PaymentReportReader },
  file: string,
  source: AsyncIterable<Uint8Array>,
  hints: ReadHints,
  isKnown: (marketplaceOrderId: string) => boolean,
  nowMs: number,
): Promise<ReportView | RefusedView> {
  const sums = new Reconciliation();
  try {
    const facts = await deps.reader.read(source, hints, sums);
    return reportView(file, sums.finish(facts, isKnown), ordersOf(sums, facts, isKnown), nowMs);
  } catch (error) {
    if (error instanceof RefusedReport) return refusedView(file, error);
    throw error;
  }
}

function* ordersOf(
  sums: Reconciliation,
  facts: { format: Parameters<Reconciliation['units']>[0]; currency: string },
  isKnown: (marketplaceOrderId: string) => boolean,
) {
  const origin = {
    format: facts.format,
    currency: facts.currency,
    reportId: '',
    ranks: new Map<string, string>(),
  };
  for (const marketplaceOrderId of sums.orderIds()) {
    yield {
      marketplaceOrderId,
      entries: sums.entriesOf(marketplaceOrderId, origin),
      waiting: !isKnown(marketplaceOrderId),
    };
  }
}
