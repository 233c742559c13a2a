import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The shape of a made-up settlement file. */
export interface SettlementShape {
  readonly rows: number;
  /** Seven for each item, as an Italian seller with VAT gets them. */
  readonly rowsPerOrder: number;
  /** Another number is another settlement with orders of its own; 0 unless given. */
  readonly settlement?: number;
}

/** Orders of one settlement and of the next are this far apart. */
const ORDERS_BETWEEN = 200_000;

const HEADER =
  'settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency transaction-type order-id merchant-order-id adjustment-id shipment-id marketplace-name amount-type amount-description amount fulfillment-id posted-date posted-date-time order-item-code merchant-order-item-id merchant-adjustment-item-id sku quantity-purchased promotion-id'.replaceAll(
    ' ',
    '\t',
  );
const PARTS = [
  ['ItemPrice', 'Principal', 5084],
  ['ItemPrice', 'Tax', 1118],
  ['ItemPrice', 'Shipping', 975],
  ['ItemPrice', 'ShippingTax', 215],
  ['ItemFees', 'Commission', -960],
  ['ItemFees', 'ShippingHB', -185],
  ['ItemFees', 'DigitalServicesFee', -23],
] as const;
const PIECE_CHARS = 256 * 1024;

function decimal(minor: number): string {
  const digits = String(Math.abs(minor)).padStart(3, '0');
  return `${minor < 0 ? '-' : ''}${digits.slice(0, -2)},${digits.slice(-2)}`;
}

/** Cents that vary from order to order, so that no two orders are alike. */
function minorOf(order: number, part: number): number {
  return (PARTS[part]?.[2] ?? 0) + (order % 97);
}

/** The sum of all amount rows, in cents. */
function totalMinor({ rows, rowsPerOrder }: SettlementShape): number {
  let total = 0;
  for (let row = 0; row < rows; row++) total += minorOf(Math.floor(row / rowsPerOrder), row % PARTS.length);
  return total;
}

/** The order that a row (from 0) belongs to. */
export function orderIdOf(shape: SettlementShape, row: number): string {
  return idOf((shape.settlement ?? 0) * ORDERS_BETWEEN + Math.floor(row / shape.rowsPerOrder));
}

function idOf(order: number): string {
  const tail = (order * 7919) % 10_000_000;
  return `4${String((order % 90) + 10)}-${String(1_000_000 + order).padStart(7, '0')}-${String(tail).padStart(7, '0')}`;
}

/** The file's bytes, piece by piece. */
export function* settlementBytes(shape: SettlementShape): Generator<Buffer> {
  const settlement = shape.settlement ?? 0;
  const settlementId = String(25_000_000_001 + settlement);
  let piece = `${HEADER}\n${settlementId}\t01.10.2026 07:00:00 UTC\t15.10.2026 07:00:00 UTC\t17.10.2026 07:00:00 UTC\t${decimal(totalMinor(shape))}\tEUR${'\t'.repeat(18)}\n`;
  for (let row = 0; row < shape.rows; row++) {
    const order = Math.floor(row / shape.rowsPerOrder);
    const part = row % PARTS.length;
    const [type, word] = PARTS[part] ?? ['', ''];
    const id = orderIdOf(shape, row);
    piece += `${settlementId}\t\t\t\t\t\tOrder\t${id}\t${id}\t\tUq${order}xZ\tAmazon.it\t${type}\t${word}\t${decimal(minorOf(order, part))}\tMFN\t07.10.2026\t07.10.2026 15:31:58 UTC\t1361044836930${order % 90}\t\t\tSKU-${order % 500}-RED\t1\t\n`;
    if (piece.length < PIECE_CHARS) continue;
    yield Buffer.from(piece, 'latin1');
    piece = '';
  }
  yield Buffer.from(piece, 'latin1');
}

export async function writeSettlementFile(file: string, shape: SettlementShape): Promise<void> {
  await pipeline(Readable.from(settlementBytes(shape)), createWriteStream(file));
}
