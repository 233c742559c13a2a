/** Settlement files written by us for tests: invented ids and amounts in Amazon's layout. */

export interface SettlementRow {
  readonly transaction: string;
  readonly orderId?: string;
  readonly type: string;
  readonly word: string;
  /** Minor units. */
  readonly minor: number;
  readonly marketplace?: string;
  readonly settlementId?: string;
}

export interface SettlementFile {
  readonly settlementId?: string;
  readonly currency?: string;
  readonly rows: readonly SettlementRow[];
  /** What the summary row states; the sum of the rows unless given; null writes no summary row. */
  readonly statedMinor?: number | null;
  readonly mark?: ',' | '.';
  readonly eol?: '\n' | '\r\n';
}

const V2_HEADER =
  'settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency transaction-type order-id merchant-order-id adjustment-id shipment-id marketplace-name amount-type amount-description amount fulfillment-id posted-date posted-date-time order-item-code merchant-order-item-id merchant-adjustment-item-id sku quantity-purchased promotion-id';
const V1_HEADER =
  'settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency transaction-type order-id merchant-order-id adjustment-id shipment-id marketplace-name shipment-fee-type shipment-fee-amount order-fee-type order-fee-amount fulfillment-id posted-date order-item-code merchant-order-item-id merchant-adjustment-item-id sku quantity-purchased price-type price-amount item-related-fee-type item-related-fee-amount misc-fee-amount other-fee-amount other-fee-reason-description promotion-id promotion-type promotion-amount direct-payment-type direct-payment-amount other-amount';

function decimal(minor: number, mark: ',' | '.'): string {
  const digits = String(Math.abs(minor)).padStart(3, '0');
  return `${minor < 0 ? '-' : ''}${digits.slice(0, -2)}${mark}${digits.slice(-2)}`;
}

/** A V2 file as Amazon writes it for European sellers: decimal comma, dates with dots. */
export function settlementV2(file: SettlementFile): string {
  return write(file, V2_HEADER.split(' '), (row, mark) => ({
    'amount-type': row.type,
    'amount-description': row.word,
    amount: decimal(row.minor, mark),
    'posted-date': '07.10.2026',
    'posted-date-time': '07.10.2026 15:31:58 UTC',
    'quantity-purchased': row.orderId ? '1' : '',
  }));
}

const V1_COLUMN: Readonly<Record<string, readonly [word: string, amount: string]>> = {
  ItemPrice: ['price-type', 'price-amount'],
  ItemFees: ['item-related-fee-type', 'item-related-fee-amount'],
  Promotion: ['promotion-type', 'promotion-amount'],
  'Shipment-Fees': ['shipment-fee-type', 'shipment-fee-amount'],
};

/** The same rows in the old layout, one amount a row in its own column. */
export function settlementV1(file: SettlementFile): string {
  return write({ mark: '.', ...file }, V1_HEADER.split(' '), (row, mark) => {
    const [word, amount] = V1_COLUMN[row.type] ?? ['', 'other-amount'];
    return {
      // Account rows of the old layout carry what they are in the transaction type.
      ...(word === '' && row.word !== '' ? { 'transaction-type': row.word } : { [word]: row.word }),
      [amount]: decimal(row.minor, mark),
      'posted-date': '2026-10-07T15:31:58+00:00',
    };
  });
}

function write(
  file: SettlementFile,
  header: readonly string[],
  cellsOf: (row: SettlementRow, mark: ',' | '.') => Record<string, string>,
): string {
  const { settlementId = '25000000001', currency = 'EUR', mark = ',', eol = '\n' } = file;
  const line = (cells: Record<string, string>): string => header.map((name) => cells[name] ?? '').join('\t');
  const lines = [header.join('\t')];
  if (file.statedMinor !== null) {
    const stated = file.statedMinor ?? file.rows.reduce((sum, row) => sum + row.minor, 0);
    lines.push(
      line({
        'settlement-id': settlementId,
        'settlement-start-date': '01.10.2026 07:00:00 UTC',
        'settlement-end-date': '15.10.2026 07:00:00 UTC',
        'deposit-date': '17.10.2026 07:00:00 UTC',
        'total-amount': decimal(stated, mark),
        currency,
      }),
    );
  }
  for (const row of file.rows) {
    lines.push(
      line({
        'settlement-id': row.settlementId ?? settlementId,
        'transaction-type': row.transaction,
        'order-id': row.orderId ?? '',
        'merchant-order-id': row.orderId ?? '',
        'marketplace-name': row.marketplace ?? (row.orderId ? 'Amazon.it' : ''),
        ...cellsOf(row, mark),
      }),
    );
  }
  return lines.join(eol) + eol;
}

/** The rows of a usual order: what the buyer paid and what Amazon keeps. */
export function saleRows(orderId: string, priceMinor: number, feeMinor: number): SettlementRow[] {
  return [
    { transaction: 'Order', orderId, type: 'ItemPrice', word: 'Principal', minor: priceMinor },
    { transaction: 'Order', orderId, type: 'ItemFees', word: 'Commission', minor: -feeMinor },
  ];
}

/** Its refund: the price goes back, the fee comes back, Amazon keeps a part. */
export function refundRows(
  orderId: string,
  priceMinor: number,
  feeMinor: number,
  keptMinor: number,
): SettlementRow[] {
  return [
    { transaction: 'Refund', orderId, type: 'ItemPrice', word: 'Principal', minor: -priceMinor },
    { transaction: 'Refund', orderId, type: 'ItemFees', word: 'Commission', minor: feeMinor },
    { transaction: 'Refund', orderId, type: 'ItemFees', word: 'RefundCommission', minor: -keptMinor },
  ];
}

export function accountRow(
  word: string,
  minor: number,
  transaction = 'ServiceFee',
  type = 'other-transaction',
): SettlementRow {
  return { transaction, type, word, minor };
}

/** Pieces of a text as a stream delivers them. */
export async function* inPieces(
  contents: string | Uint8Array,
  pieceBytes = 1 << 16,
): AsyncGenerator<Uint8Array> {
  const bytes = typeof contents === 'string' ? Buffer.from(contents) : contents;
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}
