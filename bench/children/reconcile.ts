/** Our reading of a settlement: recognise, classify, group, fee per order. From a file, or from rows made up on the fly. */
import { createReadStream } from 'node:fs';
import { createPaymentReportReader } from '../../shared/adapters/amazon/payment-reports/reader.ts';
import { Reconciliation } from '../../shared/domain/reconciliation.ts';
import { settlementBytes } from '../settlement-rows.ts';

const [from = '', rowCount, rowsPerOrder] = process.argv.slice(2);
async function* madeUp(): AsyncGenerator<Uint8Array> {
  yield* settlementBytes({ rows: Number(rowCount), rowsPerOrder: Number(rowsPerOrder) });
}
const began = performance.now();
const sums = new Reconciliation();
const source = from === 'made-up' ? madeUp() : createReadStream(from, { highWaterMark: 256 * 1024 });
const facts = await createPaymentReportReader().read(source, { timeZone: 'Europe/Rome' }, sums);
const { rows, control } = sums.finish(facts, () => true);
if (control.balanced !== true) throw new Error('the sums do not reach the stated total');
let feeMinor = 0;
const origin = {
  format: facts.format,
  currency: facts.currency,
  reportId: 'bench',
  ranks: new Map<string, string>(),
};
for (const id of sums.orderIds()) {
  for (const { fees } of sums.entriesOf(id, origin)) {
    for (const minor of Object.values(fees.sale)) feeMinor += minor;
  }
}
process.stdout.write(
  JSON.stringify({
    seconds: (performance.now() - began) / 1000,
    rows,
    feeMinor,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
