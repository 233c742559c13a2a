import { RefusedReport } from '../../../domain/statement.ts';

/** Positions of the columns of a settlement file that are looked at; -1 where the file has none. */
export interface SettlementColumns {
  readonly settlementId: number;
  readonly total: number;
  readonly currency: number;
  readonly transactionType: number;
  readonly orderId: number;
  readonly marketplace: number;
  /** V2 only. */
  readonly amountType: number;
  readonly description: number;
  readonly amount: number;
  /** V1 only: each amount column with the column that names it and the V2 amount type it became. */
  readonly v1: readonly { readonly amount: number; readonly word: number; readonly type: string }[];
  /** A row that stops before this column was cut: V2's amount; in V1, whose rows may end early, the order id. */
  readonly neededUpTo: number;
  /** The last column that is looked at. */
  readonly last: number;
  /** How many columns the header has. */
  readonly width: number;
}

/** Source: SP-API docs "Settlement Reports", the mapping of V1 columns to V2 amount types. */
const V1_AMOUNTS: readonly { amount: string; word: string; type: string }[] = [
  { amount: 'shipment-fee-amount', word: 'shipment-fee-type', type: 'Shipment-Fees' },
  { amount: 'order-fee-amount', word: 'order-fee-type', type: 'Order-Fee' },
  { amount: 'price-amount', word: 'price-type', type: 'ItemPrice' },
  { amount: 'item-related-fee-amount', word: 'item-related-fee-type', type: 'ItemFees' },
  { amount: 'misc-fee-amount', word: '', type: 'ItemFees' },
  { amount: 'other-fee-amount', word: 'other-fee-reason-description', type: 'ItemFees' },
  { amount: 'promotion-amount', word: 'promotion-type', type: 'Promotion' },
  { amount: 'direct-payment-amount', word: 'direct-payment-type', type: 'other-transaction' },
  { amount: 'other-amount', word: '', type: 'other-transaction' },
];
const KNOWN_AMOUNTS: ReadonlySet<string> = new Set([
  'total-amount',
  'amount',
  ...V1_AMOUNTS.map((c) => c.amount),
]);

/**
 * The header line of a settlement file. Columns are found by name: files with 21, 24, 33, 36 and 37 exist.
 * @throws RefusedReport when a column that is needed is missing, or a money column is in no table: it would be
 *   dropped in silence
 */
export function readSettlementHeader(line: string): SettlementColumns {
  const names = line.split('\t').map((name) => name.trim().toLowerCase());
  const find = (name: string): number => (name === '' ? -1 : names.indexOf(name));
  const isV2 = ['amount', 'amount-type', 'amount-description'].every((name) => names.includes(name));
  const v1 = isV2
    ? []
    : V1_AMOUNTS.map(({ amount, word, type }) => ({ amount: find(amount), word: find(word), type })).filter(
        (column) => column.amount >= 0,
      );
  const missing = ['settlement-id', 'transaction-type', 'order-id'].find((name) => !names.includes(name));
  if (missing !== undefined) throw new RefusedReport('unknown-columns', missing);
  if (!isV2 && v1.length === 0) throw new RefusedReport('unknown-columns', 'amount');
  const stranger = names.find((name) => /(^|-)amount$/.test(name) && !KNOWN_AMOUNTS.has(name));
  if (stranger !== undefined) throw new RefusedReport('unknown-columns', stranger);
  const columns = {
    settlementId: find('settlement-id'),
    total: find('total-amount'),
    currency: find('currency'),
    transactionType: find('transaction-type'),
    orderId: find('order-id'),
    marketplace: find('marketplace-name'),
    amountType: isV2 ? find('amount-type') : -1,
    description: isV2 ? find('amount-description') : -1,
    amount: isV2 ? find('amount') : -1,
  };
  return {
    ...columns,
    v1,
    neededUpTo: isV2 ? columns.amount : columns.orderId,
    width: names.length,
    last: Math.max(...Object.values(columns), ...v1.flatMap((column) => [column.amount, column.word])),
  };
}
