import {
  buildDateRange,
  type FileOptions,
} from '../../shared/adapters/amazon/payment-reports/fixtures/date-range/build.ts';
import { layout } from '../../shared/adapters/amazon/payment-reports/fixtures/date-range/layouts.ts';
import type { RefusalCode, ReportFormat } from '../../shared/domain/statement.ts';
import { type SettlementRow, settlementV1, settlementV2 } from '../support/settlement-files.ts';
import { PERSON } from './personal-data.ts';

/** Money by what it is: `sale.price`, `reversal.commission`, … in cents as charged. */
export type Parts = Readonly<Record<string, number>>;

export interface StatementName {
  readonly source: ReportFormat;
  readonly settlementId: string;
  readonly marketplace: string;
  readonly day: string;
  readonly released: boolean;
}

/** One data row of a file, as the one who wrote the file knows it. */
export interface TrueRow {
  /** What is replaced as one; undefined for a row that nobody can read. */
  readonly unit: string | undefined;
  readonly kind: 'order' | 'account' | 'otherChannel' | 'unclassified' | 'rejected';
  readonly statement: StatementName;
  readonly marketplaceOrderId: string;
  readonly parts: Parts;
  readonly totalMinor: number;
}

/** A file and the truth about it; nothing of the truth is computed by what is tested. */
export interface PaymentFile {
  readonly format: ReportFormat | 'refused';
  readonly bytes: Uint8Array;
  readonly refusal: RefusalCode | undefined;
  readonly rows: readonly TrueRow[];
  /** What it replaces as one, although it may have no row of it: a settlement's summary row alone says that it is empty. */
  readonly units: readonly string[];
}

/** Something that happened to an order's money: every source reports it in its own way. */
export interface Movement {
  readonly marketplaceOrderId: string;
  readonly settlementId: string;
  readonly site: 'it' | 'de';
  readonly at: string;
  readonly kind: 'sale' | 'refund';
  readonly price: number;
  readonly tax: number;
  readonly discount: number;
  readonly commission: number;
  readonly fba: number;
  /** Amazon holds the money back until then. */
  readonly releasedAtMs: number;
}

/** Rows that stand in files without being an order's. */
export interface Extras {
  readonly accountFee: number | undefined;
  readonly otherChannelFee: number | undefined;
  readonly unknownWord: number | undefined;
  readonly unreadableRow: boolean;
}

type Line = readonly [type: string, word: string, part: string, minor: number];

/** What a settlement file says of a movement, one amount a row. */
function settlementLines(movement: Movement): { transaction: string; lines: Line[] } {
  const { kind, price, tax, discount, commission, fba } = movement;
  const lines: Line[] =
    kind === 'sale'
      ? [
          ['ItemPrice', 'Principal', 'sale.price', price],
          ['ItemPrice', 'Tax', 'sale.tax', tax],
          ['Promotion', 'Principal', 'sale.discount', -discount],
          ['ItemFees', 'Commission', 'sale.commission', -commission],
          ['ItemFees', 'FBAPerUnitFulfillmentFee', 'sale.fba', -fba],
        ]
      : [
          ['ItemPrice', 'Principal', 'reversal.price', -price],
          ['ItemPrice', 'Tax', 'reversal.tax', -tax],
          ['ItemFees', 'Commission', 'reversal.commission', commission],
          ['ItemFees', 'RefundCommission', 'reversal.refundCommission', -fba],
        ];
  return {
    transaction: kind === 'sale' ? 'Order' : 'Refund',
    lines: lines.filter(([, , , minor]) => minor !== 0),
  };
}

export function settlementFile(
  format: 'settlement-v2' | 'settlement-v1',
  settlementId: string,
  movements: readonly Movement[],
  extras: Extras,
): PaymentFile {
  const unit = `${format}|${settlementId}`;
  const statement: StatementName = { source: format, settlementId, marketplace: '', day: '', released: true };
  const written: SettlementRow[] = [];
  const rows: TrueRow[] = [];
  const add = (row: SettlementRow, kind: TrueRow['kind'], part: string): void => {
    written.push(row);
    rows.push({
      ...{ unit, kind, statement, marketplaceOrderId: row.orderId ?? '' },
      ...{ parts: { [part]: row.minor }, totalMinor: row.minor },
    });
  };
  for (const movement of movements) {
    const { transaction, lines } = settlementLines(movement);
    for (const [type, word, part, minor] of lines) {
      add({ transaction, orderId: movement.marketplaceOrderId, type, word, minor }, 'order', part);
    }
  }
  const { accountFee, otherChannelFee, unknownWord, unreadableRow } = extras;
  if (accountFee !== undefined) {
    const row = { type: 'other-transaction', word: 'Subscription Fee', minor: accountFee };
    add({ transaction: 'ServiceFee', ...row }, 'account', 'account');
  }
  if (otherChannelFee !== undefined) {
    const row = { type: 'ItemFees', word: 'FBAPerUnitFulfillmentFee', minor: otherChannelFee };
    add({ transaction: 'Order', orderId: 'S02-1000001-0000001', ...row }, 'otherChannel', 'sale.fba');
  }
  if (unknownWord !== undefined && format === 'settlement-v2') {
    const row = { type: 'mystery', word: 'Mystery', minor: unknownWord };
    add({ transaction: 'Mystery', ...row }, 'unclassified', 'unclassified');
  }
  const options = { settlementId, rows: written };
  let text = format === 'settlement-v2' ? settlementV2(options) : settlementV1(options);
  if (unreadableRow) {
    // A copy of the last row whose settlement number is gone cannot be placed; here its amount is no number.
    const cells = (text.trimEnd().split('\n').at(-1) ?? '').split('\t');
    const amount = cells.findIndex((cell) => /^-?\d+[.,]\d\d$/.test(cell));
    cells[amount] = 'n/a';
    text += `${cells.join('\t')}\n`;
    rows.push({
      ...{ unit: undefined, kind: 'rejected', statement, marketplaceOrderId: '' },
      ...{ parts: {}, totalMinor: 0 },
    });
  }
  return { format, bytes: Buffer.from(text), refusal: undefined, rows, units: [unit] };
}

/** In November the shop's days (Europe/Rome) begin an hour before UTC's. */
export function localDay(at: string): string {
  return new Date(Date.parse(at) + 3_600_000).toISOString().slice(0, 10);
}

export function dateRangeFile(
  site: 'it' | 'de',
  movements: readonly Movement[],
  extras: Extras,
  uploadedMs: number,
): PaymentFile {
  const marketplace = `amazon.${site}`;
  const written: FileOptions['rows'][number][] = [];
  const rows: TrueRow[] = [];
  for (const movement of movements) {
    const { kind, price, tax, discount, commission, fba, at, marketplaceOrderId } = movement;
    const released = movement.releasedAtMs <= uploadedMs;
    const day = localDay(at);
    // Money that is held back names the settlement that is open now, not the one it will be paid with.
    const settlementId = released ? movement.settlementId : '25999999999';
    const sign = kind === 'sale' ? 1 : -1;
    const money = {
      ...{ sales: sign * price, salesTax: sign * tax, promotion: -sign * discount },
      ...{ selling: -sign * commission, fba: -fba },
    };
    written.push({
      ...{ type: kind === 'sale' ? 'order' : 'refund', orderId: marketplaceOrderId, at, settlementId },
      ...{ deferred: !released, city: PERSON, region: PERSON, postcode: PERSON, ...money },
    });
    const side = kind === 'sale' ? 'sale' : 'reversal';
    rows.push({
      unit: `date-range|${marketplace}|${day}`,
      kind: 'order',
      statement: { source: 'date-range', settlementId, marketplace, day, released },
      marketplaceOrderId,
      parts: withoutZeros({
        [`${side}.price`]: money.sales,
        [`${side}.tax`]: money.salesTax,
        [`${side}.discount`]: money.promotion,
        [`${side}.commission`]: money.selling,
        [`${side}.fba`]: money.fba,
      }),
      totalMinor: Object.values(money).reduce((sum, minor) => sum + minor, 0),
    });
  }
  const [first] = movements;
  if (first && extras.accountFee !== undefined) {
    const { at, settlementId } = first;
    written.push({ type: 'serviceFee', other: extras.accountFee, at, settlementId, marketplace: '' });
    const day = localDay(at);
    rows.push({
      unit: `date-range||${day}`,
      kind: 'account',
      statement: { source: 'date-range', settlementId, marketplace: '', day, released: true },
      ...{ marketplaceOrderId: '', parts: { account: extras.accountFee }, totalMinor: extras.accountFee },
    });
  }
  const bytes = buildDateRange({ layout: layout(site.toUpperCase()), rows: written, preambleLines: 7 });
  const units = new Set(rows.flatMap(({ unit }) => unit ?? []));
  return { format: 'date-range', bytes, refusal: undefined, rows, units: [...units] };
}

export const REFUSED_FILES: readonly PaymentFile[] = (
  [
    ['empty', ''],
    ['pdf', '%PDF-1.7\n%\u00e2\u00e3\n1 0 obj\n'],
    ['not-a-payment-report', 'This is a shopping list\nmilk\nbread\n'],
  ] as const
).map(([refusal, text]) => ({ format: 'refused', bytes: Buffer.from(text), refusal, rows: [], units: [] }));

/** The same file as far as it is money: parts summed per order and statement. */
export function entriesOf(
  file: PaymentFile,
): Map<string, { row: TrueRow; parts: Record<string, number>; rows: number }> {
  const entries = new Map<string, { row: TrueRow; parts: Record<string, number>; rows: number }>();
  for (const row of file.rows) {
    if (row.kind !== 'order') continue;
    const key = entryName(row.marketplaceOrderId, row.statement);
    const entry = entries.get(key) ?? { row, parts: {}, rows: 0 };
    entries.set(key, entry);
    entry.rows++;
    for (const [part, minor] of Object.entries(row.parts))
      entry.parts[part] = (entry.parts[part] ?? 0) + minor;
  }
  return entries;
}

export function entryName(marketplaceOrderId: string, statement: StatementName): string {
  const { source, settlementId, marketplace, day, released } = statement;
  return [marketplaceOrderId, source, settlementId, marketplace, day, released].join(' ');
}

export function withoutZeros(parts: Parts): Parts {
  return Object.fromEntries(Object.entries(parts).filter(([, minor]) => minor !== 0));
}
