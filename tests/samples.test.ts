import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createPaymentReportReader } from '../shared/adapters/amazon/payment-reports/reader.ts';
import { readReport } from '../shared/usecases/read-report.ts';
import { inPieces, type SettlementRow, settlementV2 } from './support/settlement-files.ts';

/** Real files of real sellers, kept outside the project; their totals are the ones their publishers state. */
const samples = join(import.meta.dirname, '../../shared/samples/amazon');

async function reconcile(source: AsyncIterable<Uint8Array>) {
  const hints = { timeZone: 'Europe/Rome' };
  const view = await readReport(
    { reader: createPaymentReportReader() },
    'file',
    source,
    hints,
    () => true,
    0,
  );
  if ('refused' in view) throw new Error(view.refused);
  const rows = Object.values(view.buckets).reduce((sum, bucket) => sum + bucket.rows, 0);
  expect(rows).toBe(view.rows);
  return { ...view, orderOf: (id: string) => view.orders.find((order) => order.marketplaceOrderId === id) };
}
const file = (name: string) => reconcile(createReadStream(join(samples, name)));
const sumOf = (amounts: readonly string[]): number =>
  amounts.reduce((sum, amount) => sum + Number(amount.replace('.', '')), 0);

describe.runIf(existsSync(samples))('a real payment file', () => {
  test('V1 of a Canadian seller without orders, 33 columns', async () => {
    const view = await file('settlement-v1-ca-2025-07_50011020300.txt');
    expect(view).toMatchObject({
      format: 'settlement-v1',
      currency: 'CAD',
      control: { stated: '-321.69', computed: '-321.69', balanced: true },
      orders: [],
    });
  });

  test('V1 of a Canadian seller with 35 orders, one of another channel', async () => {
    const view = await file('settlement-v1-ca-2025-08_50034020328.txt');
    expect(view.control).toEqual({ stated: '1016.08', computed: '1016.08', balanced: true });
    expect(view.orders).toHaveLength(35);
    // The item-related fees are -651.82; one order of another channel has a shipment fee of -7.88 besides.
    expect(sumOf(Object.values(view.fees))).toBe(-65182 - 788);
    expect(view.orders.filter((order) => order.state === 'other-channel')).toHaveLength(1);
  });

  test('V1 variant with a date-time column and no summary row', async () => {
    const view = await file('settlement-v1variant-es-synthetic_2026-08.txt');
    expect(view).toMatchObject({
      currency: 'EUR',
      control: { stated: null, computed: '676.33', balanced: null },
    });
    expect(view.orders).toHaveLength(4);
    expect(sumOf(Object.values(view.fees))).toBe(-27327);
  });

  test('V2 of the US with reserves and an account-level shipment fee', async () => {
    const view = await file('settlement-v2-us-synthetic_2026-06.txt');
    expect(view).toMatchObject({ currency: 'USD', control: { stated: '582.89', balanced: true } });
    // Withheld tax stands among the item fees here, and is none.
    expect(view.orderOf('114-8829371-4410258')).toMatchObject({
      fee: '-24.25',
      tax: '0.00',
      taxWithheld: '-10.40',
    });
  });

  test('V2 of Australia, an excerpt: flagged, because the rows do not reach the stated total', async () => {
    const view = await file('settlement-v2-au-2026-07-excerpt.txt');
    expect(view).toMatchObject({
      rows: 20,
      currency: 'AUD',
      control: { stated: '212118.95', computed: '148.87', balanced: false },
    });
    expect(view.orderOf('249-3364825-5895055')?.fee).toBe('-6.17');
    expect(view.orderOf('250-2669482-9400657')?.fee).toBe('-11.96');
    expect(view.orderOf('503-3757611-2628613')?.fee).toBe('-12.34');
  });

  test('V2 of Italy with decimal comma, cp1252 and Windows line ends', async () => {
    const view = await file('DERIVED_settlement-v2-it-decimal-comma_25671641022.txt');
    expect(view).toMatchObject({
      rows: 84,
      currency: 'EUR',
      settlementIds: ['25671641022'],
      control: { stated: '596.13', computed: '596.13', balanced: true },
    });
    expect(view.orders).toHaveLength(11);
    expect(sumOf(Object.values(view.fees))).toBe(-12709);
    expect(view.orderOf('404-3160427-6375551')?.fee).toBe('-11.68');
    expect(view.orderOf('404-1141609-8105147')?.fee).toBe('-15.68');
  });

  test('592 rows of European settlements, laid out again as V2', async () => {
    const [header = '', ...lines] = readFileSync(
      join(samples, 'settlement-v2-rows-eu-db-export_2025-10.csv'),
      'utf8',
    )
      .trim()
      .split('\n');
    const names = header.split(';');
    const rows = lines.map((line): SettlementRow & { marketplace: string } => {
      const cells = line.split(';');
      const cell = (name: string): string => cells[names.indexOf(name)] ?? '';
      return {
        transaction: cell('TransactionType'),
        orderId: cell('OrderID'),
        type: cell('AmountType'),
        word: cell('AmountDescription'),
        minor: Math.round(Number(cell('Amount')) * 100),
        marketplace: cell('MarketplaceName'),
        settlementId: cell('SettlementID'),
      };
    });
    const of = (some: readonly SettlementRow[]) =>
      reconcile(inPieces(settlementV2({ rows: some, statedMinor: null, currency: 'EUR' })));
    const all = await of(rows);
    expect(all).toMatchObject({ rows: 592, control: { computed: '985.47' } });
    expect(all.orders).toHaveLength(61);
    const italian = await of(rows.filter((row) => row.marketplace === 'Amazon.it'));
    expect(italian).toMatchObject({ rows: 165, control: { computed: '1287.01' } });
    expect(italian.orders).toHaveLength(24);
    // Commission -220.90 and the referral fee on shipping -44.86 are both commission.
    expect(italian.fees).toMatchObject({ commission: '-265.76', digitalServices: '-5.33' });
    expect(sumOf(Object.values(italian.fees))).toBe(-27109);
  });

  test('date-range of Germany, 29 columns, header in line 10', async () => {
    const view = await file('daterange-de-2026-real-rows.csv');
    expect(view).toMatchObject({
      format: 'date-range',
      language: 'de',
      currency: 'EUR',
      control: { stated: null, computed: '24.60' },
      buckets: { order: { rows: 1, amount: '22.25' }, account: { rows: 2, amount: '2.35' } },
    });
    expect(view.orderOf('028-4141567-1447500')).toMatchObject({ fee: '-9.65', net: '22.25' });
  });

  test('date-range of the US without preamble or marketplace column', async () => {
    const view = await file('daterange-us-2026-synthetic.csv');
    expect(view).toMatchObject({ currency: 'USD', rows: 4, control: { computed: '-546.25' } });
    expect(view.orderOf('111-AAA')).toMatchObject({ net: '7.00', fee: '-4.50' });
    expect(view.orderOf('111-BBB')).toMatchObject({ net: '-3.25', state: 'refunded' });
    // A payout is money that moves, not a fee.
    expect(view.buckets.account).toEqual({ rows: 2, amount: '-550.00' });
  });
});
