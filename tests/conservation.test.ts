import fc from 'fast-check';
import { expect, test } from 'vitest';
import { orderId } from '../shared/domain/order.ts';
import { entryTotal, orderMoney } from '../shared/domain/order-money.ts';
import { BUCKETS } from '../shared/domain/reconciliation.ts';
import { listReports } from '../shared/usecases/list-reports.ts';
import { reconcileReport } from '../shared/usecases/reconcile-report.ts';
import { anOrder } from './support/orders.ts';
import { aChannel, type ReportWorld, reportWorld } from './support/report-world.ts';
import { type SettlementRow, settlementV1, settlementV2 } from './support/settlement-files.ts';

/** Money is conserved: whatever happens to a file on its way, every row is somewhere and every sum is exact. */

const ORDERS = ['404-1000001-0000001', '404-1000002-0000002', '404-1000003-0000003'] as const;
const KEY = 'payment-reports/amazon-it/settlement.txt';

const aRow: fc.Arbitrary<SettlementRow> = fc.oneof(
  fc.record({
    transaction: fc.constantFrom('Order', 'Refund', 'Chargeback Refund'),
    orderId: fc.constantFrom(...ORDERS, 'S02-1000009-0000009'),
    type: fc.constantFrom('ItemPrice', 'ItemFees', 'Promotion'),
    word: fc.constantFrom(
      'Principal',
      'Tax',
      'Commission',
      'ShippingHB',
      'FBAPerUnitFulfillmentFee',
      'Shipping',
    ),
    minor: fc.integer({ min: -500_000, max: 500_000 }),
  }),
  fc.record({
    transaction: fc.constantFrom('ServiceFee', 'other-transaction'),
    type: fc.constant('other-transaction'),
    word: fc.constantFrom('Subscription Fee', 'Current Reserve Amount', 'Something New'),
    minor: fc.integer({ min: -500_000, max: 500_000 }),
  }),
);
const someRows = fc.array(aRow, { minLength: 1, maxLength: 25 });

/** What stands on the orders, by the ledger. */
async function standing(of: ReportWorld): Promise<Record<string, number>> {
  const records = await of.orders.getMany(ORDERS.map((id) => orderId('amazon', id)));
  return Object.fromEntries(
    ORDERS.flatMap((id) => {
      const entries = Object.values(records.get(orderId('amazon', id))?.entries ?? {});
      return entries.length === 0 ? [] : [[id, entries.reduce((sum, entry) => sum + entryTotal(entry), 0)]];
    }),
  );
}

/** What should stand there, by the rows themselves. */
function expected(rows: readonly SettlementRow[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { orderId: id, minor } of rows) {
    if (id && (ORDERS as readonly string[]).includes(id)) sums[id] = (sums[id] ?? 0) + minor;
  }
  return sums;
}

async function checkBuckets(of: ReportWorld): Promise<void> {
  for await (const report of listReports(of, aChannel())) {
    if (!('buckets' in report)) continue;
    const cents = (text: string): number => Number(text.replace('.', ''));
    expect(BUCKETS.reduce((sum, bucket) => sum + cents(report.buckets[bucket].amount), 0)).toBe(
      cents(report.control.computed),
    );
    expect(BUCKETS.reduce((sum, bucket) => sum + report.buckets[bucket].rows, 0)).toBe(report.rows);
    for (const bucket of BUCKETS) expect(report.buckets[bucket].rows).toBeGreaterThanOrEqual(0);
  }
}

test('rows in any order, uploaded any number of times, in V1 or V2, leave the same money on the orders', async () => {
  await fc.assert(
    fc.asyncProperty(
      someRows.chain((rows) =>
        fc.tuple(
          fc.constant(rows),
          fc.array(fc.shuffledSubarray(rows, { minLength: rows.length }), { minLength: 1, maxLength: 3 }),
        ),
      ),
      fc.constantFrom(settlementV1, settlementV2),
      fc.integer({ min: 1, max: 300 }),
      async ([rows, shuffles], write, pieceBytes) => {
        const of = reportWorld();
        of.files.pieceBytes = pieceBytes;
        for (const [i, shuffled] of shuffles.entries()) {
          of.files.put(`${KEY}${i}`, write({ rows: shuffled }), `2026-11-0${i + 1}T10:00:00Z`);
          await reconcileReport(of, `${KEY}${i}`);
          await reconcileReport(of, `${KEY}${i}`);
        }
        expect(await standing(of)).toEqual(expected(rows));
        await checkBuckets(of);
      },
    ),
    { numRuns: 60 },
  );
});

test('a file cut anywhere counts what is whole, flags what is missing, and the whole file mends it', async () => {
  await fc.assert(
    fc.asyncProperty(someRows, fc.double({ min: 0, max: 1, noNaN: true }), async (rows, where) => {
      const of = reportWorld();
      const whole = settlementV2({ rows });
      const cut = whole.slice(0, Math.floor(where * whole.length));
      of.files.put(KEY, cut, '2026-11-01T10:00:00Z');
      const report = await reconcileReport(of, KEY);
      const read = report?.reconciliation;
      if (read) {
        // A cut file either lacks a row's worth of money or only its last line end.
        const complete = read.rows === rows.length && read.rejectedCount === 0;
        const stated = rows.reduce((sum, row) => sum + row.minor, 0);
        if (read.control.statedMinor === stated) {
          expect(read.control.balanced).toBe(read.control.computedMinor === stated);
          if (complete) expect(read.control.balanced).toBe(true);
        }
        await checkBuckets(of);
      } else {
        expect(report?.outcome).toBe('refused');
        expect(await standing(of)).toEqual({});
      }
      of.files.put(KEY, whole, '2026-11-02T10:00:00Z');
      await reconcileReport(of, KEY);
      expect(await standing(of)).toEqual(expected(rows));
    }),
    { numRuns: 150 },
  );
});

test('whenever the orders arrive, before, between or after the uploads, the same rows are matched', async () => {
  const step = fc.constantFrom(...ORDERS.map((id) => `order ${id}`), 'first', 'corrected', 'again');
  await fc.assert(
    fc.asyncProperty(
      someRows,
      someRows,
      fc.array(step, { maxLength: 10 }),
      async (rows, corrections, steps) => {
        const of = reportWorld();
        const uploads: Record<string, { rows: readonly SettlementRow[]; at: string }> = {
          first: { rows, at: '2026-11-01T10:00:00Z' },
          again: { rows, at: '2026-11-01T10:00:00Z' },
          corrected: { rows: corrections, at: '2026-11-02T10:00:00Z' },
        };
        for (const each of [...steps, 'corrected', ...ORDERS.map((id) => `order ${id}`)]) {
          const upload = uploads[each];
          if (upload) {
            const key = `payment-reports/amazon-it/${each}.txt`;
            of.files.put(key, settlementV2({ rows: upload.rows }), upload.at);
            await reconcileReport(of, key);
          } else await of.orders.putOrder(anOrder({ marketplaceOrderId: each.slice('order '.length) }));
          await checkBuckets(of);
        }
        expect(await standing(of)).toEqual(expected(corrections));
        expect((await of.orders.listWaiting({ accountId: 'A1EXAMPLE', limit: 10 })).records).toEqual([]);
        for (const id of ORDERS) {
          const record = (await of.orders.getMany([orderId('amazon', id)])).get(orderId('amazon', id));
          const money = orderMoney(Object.values(record?.entries ?? {}));
          expect(money?.net ?? 0).toBe(expected(corrections)[id] ?? 0);
        }
      },
    ),
    { numRuns: 60 },
  );
});
