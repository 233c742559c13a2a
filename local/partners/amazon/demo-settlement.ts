import {
  DEMO_SALE_NOT_PULLED,
  DEMO_SALES,
  DEMO_SITES,
  type DemoSale,
  placedAtMs,
  vatWithin,
} from './demo-shop.ts';
import type { StandInReport } from './reports.ts';

/** The columns of a settlement flat file V2, in Amazon's order. */
const COLUMNS = [
  'settlement-id',
  'settlement-start-date',
  'settlement-end-date',
  'deposit-date',
  'total-amount',
  'currency',
  'transaction-type',
  'order-id',
  'merchant-order-id',
  'adjustment-id',
  'shipment-id',
  'marketplace-name',
  'amount-type',
  'amount-description',
  'amount',
  'fulfillment-id',
  'posted-date',
  'posted-date-time',
  'order-item-code',
  'merchant-order-item-id',
  'merchant-adjustment-item-id',
  'sku',
  'quantity-purchased',
  'promotion-id',
] as const;
type Row = Partial<Record<(typeof COLUMNS)[number], string>>;

export const DEMO_SETTLEMENT_ID = '90000000001';
const DAY_MS = 86_400_000;

interface Posting {
  readonly transaction: string;
  readonly sale?: DemoSale;
  readonly type: string;
  readonly description: string;
  readonly cents: number;
}

/**
 * The payment file of the demonstration: a settlement flat file V2 as a European account gets it, tab separated,
 * with decimal comma and dd.MM.yyyy dates. Fees of five orders, a refund, an order that was never pulled, costs of
 * the account and reserves; the stated total is the sum of the rows.
 */
export function demoSettlement(nowMs: number): string {
  const postings = [
    ...[...DEMO_SALES, DEMO_SALE_NOT_PULLED].flatMap(postingsOf),
    account('ServiceFee', 'Cost of Advertising', 'TransactionTotalAmount', -1_846),
    account('other-transaction', 'other-transaction', 'Subscription Fee', -3_900),
    account('other-transaction', 'other-transaction', 'Previous Reserve Amount Balance', 5_120),
    account('other-transaction', 'other-transaction', 'Current Reserve Amount', -4_275),
  ];
  return settlementFile(DEMO_SETTLEMENT_ID, nowMs - DAY_MS, nowMs, postings);
}

/**
 * The settlement before that one, which nobody uploads: Amazon made its report when it closed, and it is found there. It
 * is of the account alone, from a time without sales.
 */
export function demoFoundSettlement(nowMs: number): StandInReport {
  const endMs = nowMs - 15 * DAY_MS;
  const postings = [
    account('ServiceFee', 'Cost of Advertising', 'TransactionTotalAmount', -980),
    account('other-transaction', 'other-transaction', 'Previous Reserve Amount Balance', 10_000),
    account('other-transaction', 'other-transaction', 'Current Reserve Amount', -5_120),
  ];
  return {
    reportId: '50000020780',
    reportType: 'GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2',
    marketplaceIds: [DEMO_SITES.it.marketplaceId],
    createdMs: endMs + DAY_MS / 24,
    contents: settlementFile('90000000000', endMs, nowMs, postings),
  };
}

function settlementFile(
  settlementId: string,
  endMs: number,
  nowMs: number,
  postings: readonly Posting[],
): string {
  const total = postings.reduce((sum, { cents }) => sum + cents, 0);
  const summary: Row = {
    'settlement-id': settlementId,
    'settlement-start-date': dateTime(endMs - 14 * DAY_MS),
    'settlement-end-date': dateTime(endMs),
    'deposit-date': dateTime(endMs + DAY_MS),
    'total-amount': decimalComma(total),
    currency: 'EUR',
  };
  const rows = postings.map(({ transaction, sale, type, description, cents }): Row => {
    const postedMs = sale === undefined ? endMs : Math.min(placedAtMs(sale, nowMs) + DAY_MS, endMs);
    return {
      'settlement-id': settlementId,
      'transaction-type': transaction,
      ...(sale === undefined
        ? {}
        : {
            'order-id': sale.orderId,
            'marketplace-name': DEMO_SITES[sale.site].marketplaceName,
            'fulfillment-id': sale.fulfilledBy === 'AMAZON' ? 'AFN' : 'MFN',
            sku: sale.line.sku,
            'quantity-purchased': String(sale.line.quantity),
          }),
      'amount-type': type,
      'amount-description': description,
      amount: decimalComma(cents),
      'posted-date': dateTime(postedMs).slice(0, 10),
      'posted-date-time': dateTime(postedMs),
    };
  });
  return [
    COLUMNS.join('\t'),
    ...[summary, ...rows].map((row) => COLUMNS.map((name) => row[name] ?? '').join('\t')),
    '',
  ].join('\r\n');
}

function postingsOf(sale: DemoSale): Posting[] {
  if (sale.paid === undefined) return [];
  const itemCents = sale.line.unitCents * sale.line.quantity;
  const commission = -percent(itemCents, 15);
  const onShipping = -percent(sale.shippingCents, 15);
  const order = (type: string, description: string, cents: number): Posting => ({
    transaction: 'Order',
    sale,
    type,
    description,
    cents,
  });
  const refund = (type: string, description: string, cents: number): Posting => ({
    ...order(type, description, cents),
    transaction: 'Refund',
  });
  const postings = [
    order('ItemPrice', 'Principal', itemCents - vatWithin(itemCents)),
    order('ItemPrice', 'Tax', vatWithin(itemCents)),
    order('ItemPrice', 'Shipping', sale.shippingCents - vatWithin(sale.shippingCents)),
    order('ItemPrice', 'ShippingTax', vatWithin(sale.shippingCents)),
    order('ItemFees', 'Commission', commission),
    order('ItemFees', 'ShippingHB', onShipping),
    order('ItemFees', 'DigitalServicesFee', -percent(-commission - onShipping, 2)),
    order('ItemFees', 'FBAPerUnitFulfillmentFee', sale.fulfilledBy === 'AMAZON' ? -385 : 0),
    ...(sale.paid === 'refunded'
      ? [
          refund('ItemPrice', 'Principal', -(itemCents - vatWithin(itemCents))),
          refund('ItemPrice', 'Tax', -vatWithin(itemCents)),
          refund('ItemPrice', 'Shipping', -(sale.shippingCents - vatWithin(sale.shippingCents))),
          refund('ItemPrice', 'ShippingTax', -vatWithin(sale.shippingCents)),
          refund('ItemFees', 'Commission', -commission),
          refund('ItemFees', 'ShippingHB', -onShipping),
          refund('ItemFees', 'RefundCommission', -percent(-commission, 20)),
        ]
      : []),
  ];
  return postings.filter(({ cents }) => cents !== 0);
}

function account(transaction: string, type: string, description: string, cents: number): Posting {
  return { transaction, type, description, cents };
}

function percent(cents: number, rate: number): number {
  return Math.round((cents * rate) / 100);
}

/** `-1234` as `-12,34`. */
function decimalComma(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)},${digits.slice(-2)}`;
}

function dateTime(ms: number): string {
  const [date = '', time = ''] = new Date(ms).toISOString().split('T');
  return `${date.split('-').reverse().join('.')} ${time.slice(0, 8)} UTC`;
}
