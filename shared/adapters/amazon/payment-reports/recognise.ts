import { RefusedReport, type ReportFormat } from '../../../domain/statement.ts';
import { cellsOfLine } from './csv-rows.ts';
import { type Column, isMoneyColumn } from './date-range-columns/columns.ts';
import { HEADERS, isBrokenHeader, knownHeader, normaliseHeader } from './date-range-columns/index.ts';
import { decodeText } from './decode.ts';
import { currencyNamedIn } from './marketplaces.ts';
import { isTransactionView } from './transaction-view.ts';

/** How much of a file {@link recognise} needs to see, in bytes: the longest preamble and header known take under 5 KiB. */
export const RECOGNISE_BYTES = 65_536;

/** A settlement flat file; its own reader looks at the columns. */
interface SettlementFile {
  readonly kind: Exclude<ReportFormat, 'date-range'>;
}

/** A date-range, monthly or unified transaction file, and where its parts are. */
export interface DateRangeFile {
  readonly kind: 'date-range';
  /** Language of the headers, ISO 639-1. Not the country: the interface language decides. */
  readonly language: string;
  /** What each column of the file is, in file order; undefined for a column that carries no money and is not needed. */
  readonly columns: readonly (Column | undefined)[];
  /** 1-based physical line of the header. */
  readonly headerLine: number;
  /** Bytes before the first data row: preamble, header and its line end. */
  readonly dataOffsetBytes: number;
  /** The currency the preamble names, if it names exactly one. */
  readonly preambleCurrency: string | undefined;
}

export type Recognised = SettlementFile | DateRangeFile;

/** The longest piece of a file that a refusal shows, in characters. */
export const DETAIL_CHARS_MAX = 80;

/** Lines in which the header has to be. Up to 13 lines of preamble are known, and quoted ones may hold line breaks. */
const HEADER_LINES_MAX = 60;
/** A header row has 21 to 31 columns. */
const HEADER_COLUMNS_MIN = 20;
/** So many known headers in a row make it the header row even where "type" or "total" cannot be read. */
const KNOWN_HEADERS_MIN = 8;
/** So many known headers in a last line without line end make it a header that was cut. */
const KNOWN_HEADERS_CUT_MIN = 3;

const REQUIRED: readonly Column[] = ['dateTime', 'settlementId', 'type', 'orderId', 'sellingFees', 'total'];

/** Columns only a V1 settlement file has; files without orders lack some of them. */
const V1_COLUMNS: ReadonlySet<string> = new Set([
  'shipment-fee-type',
  'shipment-fee-amount',
  'order-fee-type',
  'order-fee-amount',
  'price-type',
  'price-amount',
  'item-related-fee-type',
  'item-related-fee-amount',
  'misc-fee-amount',
  'other-fee-amount',
  'other-fee-reason-description',
  'promotion-type',
  'promotion-amount',
  'direct-payment-type',
  'direct-payment-amount',
  'other-amount',
]);
const V2_COLUMNS: readonly string[] = ['amount-type', 'amount-description', 'amount'];

/**
 * Says what a payment file is, from its content alone; names and extensions lie.
 * @param head the first {@link RECOGNISE_BYTES} of the file, or all of it when it is shorter
 * @param complete whether `head` is the whole file
 * @throws RefusedReport when it is nothing that can be reconciled, with the reason
 */
export function recognise(head: Uint8Array, complete: boolean): Recognised {
  refuseOtherFormats(head);
  const lines = readLines(head, complete);
  const settlement = recogniseSettlement(lines);
  if (settlement) return settlement;
  for (const line of lines) {
    const file = recogniseDateRange(line, lines);
    // The rest of the header, or of its line end, is beyond what was seen: the rows could not be found.
    if (file && !line.ended && !complete) throw new RefusedReport('cut-in-header');
    if (file) return file;
  }
  const last = lines.at(-1);
  if (last && !last.ended && startsHeader(cellsOfLine(last.text, ',')))
    throw new RefusedReport('cut-in-header');
  throw new RefusedReport('not-a-payment-report');
}

/** Signatures of formats that are not text, and text formats that are not tables. */
function refuseOtherFormats(head: Uint8Array): void {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const starts = (...signature: number[]) => signature.every((byte, i) => bytes[i] === byte);
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff)) throw new RefusedReport('saved-by-excel', 'UTF-16');
  if (starts(0x50, 0x4b, 0x03, 0x04) || starts(0xd0, 0xcf, 0x11, 0xe0)) throw new RefusedReport('xlsx');
  const text = decodeText(bytes).trimStart();
  if (text === '') throw new RefusedReport('empty');
  if (text.startsWith('%PDF')) throw new RefusedReport('pdf');
  if (isBinary(bytes)) throw new RefusedReport('binary');
  if (/^<(!doctype\s+)?html/i.test(text)) throw new RefusedReport('not-a-payment-report', 'HTML');
  if (text.startsWith('<')) throw new RefusedReport('xml');
}

/** A zero byte, a gzip signature, or more than one control character in fifty. */
function isBinary(bytes: Buffer): boolean {
  if (bytes.includes(0) || (bytes[0] === 0x1f && bytes[1] === 0x8b)) return true;
  let controls = 0;
  for (const byte of bytes) if (byte < 0x20 && (byte < 0x09 || byte > 0x0d)) controls += 1;
  return controls * 50 > bytes.length;
}

interface Line {
  readonly text: string;
  /** 1-based. */
  readonly number: number;
  /** Offset of the byte after its line end. */
  readonly endByte: number;
  /** Whether its line end is inside the head. */
  readonly ended: boolean;
}

/** The first physical lines. A cut last line of an incomplete head is given too, marked not `ended`. */
function readLines(head: Uint8Array, complete: boolean): readonly Line[] {
  const lines: Line[] = [];
  let start = 0;
  while (start < head.length && lines.length < HEADER_LINES_MAX) {
    let end = start;
    while (end < head.length && head[end] !== 0x0a && head[end] !== 0x0d) end += 1;
    const crlf = head[end] === 0x0d && head[end + 1] === 0x0a;
    // A carriage return at the very end of an incomplete head may have its line feed in the next chunk.
    const ended = end < head.length && (complete || head[end] === 0x0a || end + 1 < head.length);
    const endByte = Math.min(head.length, end + (crlf ? 2 : 1));
    lines.push({
      text: decodeText(head.subarray(start, end)),
      number: lines.length + 1,
      endByte,
      ended,
    });
    start = endByte;
  }
  return lines;
}

/** A settlement file by its first line; its headers are English in every country. */
function recogniseSettlement(lines: readonly Line[]): SettlementFile | undefined {
  const [first] = lines;
  if (!first || !/settlement-id/i.test(first.text)) return undefined;
  const names = first.text.split('\t').map((cell) => cell.trim().toLowerCase());
  if (!names.includes('settlement-id')) {
    // The right header with quotation marks, commas or semicolons: a spreadsheet wrote it.
    if (/^"?settlement-id"?[\t,;]/i.test(first.text))
      throw new RefusedReport('saved-by-excel', first.text.slice(0, DETAIL_CHARS_MAX));
    return undefined;
  }
  if (names.includes('"settlement-id"') || names.some((name) => name.startsWith('"')))
    throw new RefusedReport('saved-by-excel', first.text.slice(0, DETAIL_CHARS_MAX));
  if (V2_COLUMNS.every((name) => names.includes(name))) return { kind: 'settlement-v2' };
  if (names.some((name) => V1_COLUMNS.has(name))) return { kind: 'settlement-v1' };
  if (!first.ended) throw new RefusedReport('cut-in-header');
  throw new RefusedReport('unknown-columns', V2_COLUMNS.filter((name) => !names.includes(name)).join(', '));
}

function knownCount(cells: readonly string[]): number {
  return cells.filter((cell) => knownHeader(cell) !== undefined).length;
}

/** The first cells of a header row whose rest is missing. */
function startsHeader(cells: readonly string[]): boolean {
  return knownHeader(cells[0] ?? '')?.column === 'dateTime' || knownCount(cells) >= KNOWN_HEADERS_CUT_MIN;
}

/** A header row has the two headers no row is without, or so many known ones that it can be nothing else. */
function isHeaderRow(cells: readonly string[]): boolean {
  const columns = new Set(cells.map((cell) => knownHeader(cell)?.column));
  const named = columns.has('type') && columns.has('total') && cells.length >= HEADER_COLUMNS_MIN;
  return named || knownCount(cells) >= KNOWN_HEADERS_MIN;
}

function recogniseDateRange(line: Line, lines: readonly Line[]): DateRangeFile | undefined {
  const cells = cellsOfLine(line.text, ',');
  if (!isHeaderRow(cells)) {
    if (isTransactionView(line.text)) throw new RefusedReport('transaction-view');
    // The same header behind another separator, or a whole row packed into one quoted cell.
    const repacked = [
      cellsOfLine(line.text, ';'),
      cellsOfLine(line.text, '\t'),
      cellsOfLine(cells[0] ?? '', ','),
    ];
    if (repacked.some(isHeaderRow))
      throw new RefusedReport('saved-by-excel', line.text.slice(0, DETAIL_CHARS_MAX));
    // Every accent broken in a language that has many: too few headers left to be a header row.
    const broken = cells.find(isBrokenHeader);
    if (broken !== undefined && cells.length >= HEADER_COLUMNS_MIN)
      throw new RefusedReport('mojibake', broken.slice(0, DETAIL_CHARS_MAX));
    return undefined;
  }
  const preamble = lines.slice(0, line.number - 1).map((preambleLine) => preambleLine.text);
  return {
    kind: 'date-range',
    language: languageOf(cells),
    columns: mapColumns(cells, line.ended),
    headerLine: line.number,
    dataOffsetBytes: line.endByte,
    preambleCurrency: currencyNamedIn(preamble.join('\n')),
  };
}

/** The language most headers are written in. */
function languageOf(cells: readonly string[]): string {
  let best = { language: 'en', count: 0 };
  for (const language of Object.keys(HEADERS)) {
    const count = cells.filter((cell) => knownHeader(cell)?.languages.includes(language)).length;
    if (count > best.count) best = { language, count };
  }
  return best.language;
}

/**
 * The meaning of every column. A column in the money part that is not known would silently drop money, and a row
 * without order id or type could not be placed: both refuse the file.
 */
function mapColumns(cells: readonly string[], ended: boolean): readonly (Column | undefined)[] {
  const broken = cells.find(isBrokenHeader);
  if (broken !== undefined) throw new RefusedReport('mojibake', broken.slice(0, DETAIL_CHARS_MAX));
  const columns = cells.map((cell) => knownHeader(cell)?.column);
  const total = columns.indexOf('total');
  if (total < 0 && !ended) throw new RefusedReport('cut-in-header', cells.at(-1)?.slice(0, DETAIL_CHARS_MAX));
  const moneyStart = columns.findIndex((column) => column !== undefined && isMoneyColumn(column));
  const unknown = cells.findIndex(
    (_, i) => columns[i] === undefined && i > moneyStart && (total < 0 || i < total),
  );
  if (moneyStart >= 0 && unknown >= 0)
    throw new RefusedReport('unknown-columns', describeHeader(cells, unknown));
  const missing = REQUIRED.find((column) => !columns.includes(column));
  if (missing !== undefined) {
    const anyUnknown = columns.indexOf(undefined);
    throw new RefusedReport(
      'unknown-columns',
      anyUnknown < 0 ? `- ${missing}` : describeHeader(cells, anyUnknown),
    );
  }
  const twice = columns.findIndex(
    (column, i) => column !== undefined && !isMoneyColumn(column) && columns.indexOf(column) < i,
  );
  if (twice >= 0) throw new RefusedReport('unknown-columns', describeHeader(cells, twice));
  return columns.map((column, i) => column ?? placedAfterTotal(i - total, columns));
}

/** The two columns of 2025 stand right after the total in every language seen. */
function placedAfterTotal(distance: number, columns: readonly (Column | undefined)[]): Column | undefined {
  if (distance === 1 && !columns.includes('status')) return 'status';
  if (distance === 2 && !columns.includes('releaseDate')) return 'releaseDate';
  return undefined;
}

function describeHeader(cells: readonly string[], index: number): string {
  const header = normaliseHeader(cells[index] ?? '') === '' ? '' : ` ${JSON.stringify(cells[index])}`;
  return `${index + 1}:${header}`.slice(0, DETAIL_CHARS_MAX);
}
