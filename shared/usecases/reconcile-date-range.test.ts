import { beforeEach, describe, expect, test } from 'vitest';
import { type ReportWorld, reportWorld } from '../../tests/support/report-world.ts';
import { saleRows, settlementV2 } from '../../tests/support/settlement-files.ts';
import { buildDateRange, type Row } from '../adapters/amazon/payment-reports/fixtures/date-range/build.ts';
import { layout } from '../adapters/amazon/payment-reports/fixtures/date-range/layouts.ts';
import { UnavailableError } from '../domain/errors.ts';
import { orderId } from '../domain/order.ts';
import { orderMoney } from '../domain/order-money.ts';
import { reconcileReport } from './reconcile-report.ts';

const A = '404-1000001-0000001';
const B = '404-1000002-0000002';
const C = '404-1000003-0000003';

let deps: ReportWorld;
beforeEach(() => {
  deps = reportWorld();
});

function sale(id: string, at: string, selling: number, more: Partial<Row> = {}): Row {
  return { type: 'order', orderId: id, at, sales: 10_000, selling, ...more };
}
function upload(name: string, rows: readonly Row[], at: string) {
  const key = `payment-reports/amazon-it/${name}`;
  deps.files.put(key, buildDateRange({ layout: layout('IT'), rows }), at);
  return reconcileReport(deps, key);
}
async function moneyOf(marketplaceOrderId: string) {
  const id = orderId('amazon', marketplaceOrderId);
  return orderMoney(Object.values((await deps.orders.getMany([id])).get(id)?.entries ?? {}));
}
const T1 = '2026-11-20T10:00:00.000Z';
const T2 = '2026-11-21T10:00:00.000Z';

describe('date-range files', () => {
  test('that overlap count each day once, whichever comes first', async () => {
    const day1 = sale(A, '2026-11-01T10:00:00Z', -1500);
    const day2 = sale(B, '2026-11-02T10:00:00Z', -1600);
    const day3 = sale(C, '2026-11-03T10:00:00Z', -1700);
    await upload('1-2.csv', [day1, day2], T1);
    expect(await upload('2-3.csv', [day2, day3], T2)).toMatchObject({
      outcome: 'imported',
      reconciliation: { rows: 2 },
    });
    for (const [id, fee] of [
      [A, -1500],
      [B, -1600],
      [C, -1700],
    ] as const)
      expect((await moneyOf(id))?.fee).toBe(fee);
  });

  test('never lose a day to a shorter export of it, and say that they kept the longer one', async () => {
    await upload(
      'whole.csv',
      [sale(A, '2026-11-01T10:00:00Z', -1500), sale(B, '2026-11-01T20:00:00Z', -1600)],
      T1,
    );
    const cut = await upload('cut.csv', [sale(A, '2026-11-01T10:00:00Z', -1500)], T2);
    expect(cut).toMatchObject({
      outcome: 'superseded',
      warnings: [{ code: 'kept-longer', detail: 'date-range|amazon.it|2026-11-01' }],
    });
    expect((await moneyOf(B))?.fee).toBe(-1600);
  });

  test('give a day cut in its middle the rest with the next export', async () => {
    await upload('cut.csv', [sale(A, '2026-11-01T10:00:00Z', -1500)], T1);
    await upload(
      'whole.csv',
      [sale(A, '2026-11-01T10:00:00Z', -1500), sale(B, '2026-11-01T20:00:00Z', -1600)],
      T2,
    );
    expect([(await moneyOf(A))?.fee, (await moneyOf(B))?.fee]).toEqual([-1500, -1600]);
  });

  test('are cut into the days of the account, not of UTC: two exports meet at midnight in Rome', async () => {
    // 22:59 UTC is still 31 October in Rome, 23:01 UTC is 1 November.
    await upload('october.csv', [sale(A, '2026-10-31T22:59:00Z', -1500)], T1);
    await upload('november.csv', [sale(B, '2026-10-31T23:01:00Z', -1600)], T2);
    expect([(await moneyOf(A))?.fee, (await moneyOf(B))?.fee]).toEqual([-1500, -1600]);
  });

  test('replace a deferred row by its release under another settlement, and do not add the two', async () => {
    await upload(
      'before.csv',
      [sale(A, '2026-11-01T10:00:00Z', -1500, { deferred: true, settlementId: '26000000001' })],
      T1,
    );
    expect(await moneyOf(A)).toMatchObject({ fee: -1500, provisional: true });
    await upload('after.csv', [sale(A, '2026-11-01T10:00:00Z', -1500, { settlementId: '26000000002' })], T2);
    expect(await moneyOf(A)).toMatchObject({ fee: -1500, provisional: false });
  });

  test('keep identical rows apart: two units may be two equal rows', async () => {
    const unit = sale(A, '2026-11-01T10:00:00Z', -1500);
    await upload('twice.csv', [unit, unit], T1);
    expect((await moneyOf(A))?.fee).toBe(-3000);
  });

  test('give way to the settlement file of the same settlement, whichever comes first', async () => {
    const csv = () =>
      upload('november.csv', [sale(A, '2026-11-01T10:00:00Z', -1500, { settlementId: '25000000001' })], T1);
    const settlement = () => {
      const key = 'payment-reports/amazon-it/settlement.txt';
      deps.files.put(key, settlementV2({ rows: saleRows(A, 10_000, 1499) }), T2);
      return reconcileReport(deps, key);
    };
    await csv();
    await settlement();
    expect((await moneyOf(A))?.fee).toBe(-1499);
    deps = reportWorld();
    await settlement();
    await csv();
    expect((await moneyOf(A))?.fee).toBe(-1499);
  });

  test('leave city, region and postcode in the upload alone: not in the copy, the entries, the report or the orders', async () => {
    const report = await upload(
      'november.csv',
      [
        sale(A, '2026-11-01T10:00:00Z', -1500, {
          city: 'Borgo Segreto',
          region: 'Regione Segreta',
          postcode: '98765',
        }),
      ],
      T1,
    );
    const copy = Buffer.from(deps.files.copies.get(report?.reportId ?? '') ?? []).toString();
    expect(copy).toContain(A);
    const id = orderId('amazon', A);
    const kept = JSON.stringify([
      copy,
      report,
      await Array.fromAsync(deps.files.readEntries(report?.reportId ?? '')),
      [...(await deps.orders.getMany([id])).values()],
    ]);
    for (const secret of ['Segreto', 'Segreta', '98765']) expect(kept).not.toContain(secret);
  });

  test('read again from the copy give the same sums', async () => {
    const rows = [
      sale(A, '2026-11-01T10:00:00Z', -1500, { city: 'Borgo', postcode: '98765' }),
      sale(B, '2026-11-02T10:00:00Z', -1600),
    ];
    const report = await upload('november.csv', rows, T1);
    const copy = deps.files.copies.get(report?.reportId ?? '') ?? new Uint8Array();
    deps = reportWorld();
    deps.files.put('payment-reports/amazon-it/replay.csv', copy, T1);
    const replayed = await reconcileReport(deps, 'payment-reports/amazon-it/replay.csv');
    expect(replayed?.reconciliation).toEqual(report?.reconciliation);
  });

  test('that are overtaken on a day leave nothing there, though the newer one names the order on another day', async () => {
    const day2 = sale(A, '2026-11-02T10:00:00Z', -1700);
    await upload('day 2.csv', [day2, sale(B, '2026-11-02T11:00:00Z', -1800)], T1);
    const { orders } = deps;
    const change = orders.changeLedgers.bind(orders);
    // The older one hangs in its write, which arrives when the newer one is complete, and ends there.
    orders.changeLedgers = async (changes) => {
      orders.changeLedgers = change;
      const day1 = [sale(B, '2026-11-01T10:00:00Z', -1500), sale(C, '2026-11-01T11:00:00Z', -1600)];
      // Of the second day the longer export stands: the newer one writes nothing for A.
      expect(await upload('newer.csv', [...day1, day2], T2)).toMatchObject({ outcome: 'imported' });
      await change(changes);
      throw new UnavailableError('test', 'the worker is gone');
    };
    const older = upload('older.csv', [sale(A, '2026-11-01T10:00:00Z', -1900)], T1);
    await expect(older).rejects.toThrow('the worker is gone');
    expect((await moneyOf(A))?.fee).toBe(-1700);
  });
});
