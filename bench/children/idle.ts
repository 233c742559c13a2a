/** A process that has loaded what a reconciliation needs and does nothing: what memory is measured above. */
import { createPaymentReportReader } from '../../shared/adapters/amazon/payment-reports/reader.ts';
import { Reconciliation } from '../../shared/domain/reconciliation.ts';

if (
  typeof createPaymentReportReader().read !== 'function' ||
  new Reconciliation().units('date-range').length > 0
) {
  throw new Error('nothing was loaded');
}
process.stdout.write(JSON.stringify({ peakBytes: process.resourceUsage().maxRSS * 1024 }));
