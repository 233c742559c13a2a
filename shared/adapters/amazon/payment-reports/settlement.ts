import { minorDigits } from '../../../domain/money.ts';
import {
  type ReadFacts,
  type ReadHints,
  type ReadNotice,
  RefusedReport,
  type RejectReason,
  type RowClass,
  type StatementHandle,
  type StatementSink,
} from '../../../domain/statement.ts';
import { MARKETPLACE_CURRENCY, meaningOf, type RowMeaning } from './vocabulary.ts';

/**
 * Settlement flat files, V2 and V1: tab separated, never quoted, English headers in every country.
 *
 * The file is read as bytes, a chunk at a time, and only the columns that decide are looked at: a year of a large
 * seller is millions of rows, and turning every cell into a string would cost most of the time.
 * Source: SP-API docs "Settlement Reports"; header variants from real files (V2 with 21 and 24 columns, V1 with
 * 33, 36 and 37).
 */

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;

/** Rows kept until a cell decides between decimal comma and point; real files decide in their second line. */
const UNDECIDED_ROWS_MAX = 10_000;
/** No line of a settlement file comes near this; a longer one means that the file is something else. */
const LINE_BYTES_MAX = 64 * 1024;
const NOTICES_MAX = 100;
const CUT_NOTICE: ReadNotice = { code: 'last-line-cut', detail: '' };

/** V1: the amount columns, each with the column that names it (or none) and the V2 amount type it became. */
const V1_AMOUNTS: readonly { amount: string; word: string | undefined; type: string }[] = [
  { amount: 'shipment-fee-amount', word: 'shipment-fee-type', type: 'Shipment-Fees' },
  { amount: 'order-fee-amount', word: 'order-fee-type', type: 'Order-Fee' },
  { amount: 'price-amount', word: 'price-type', type: 'ItemPrice' },
  { amount: 'item-related-fee-amount', word: 'item-related-fee-type', type: 'ItemFees' },
  { amount: 'misc-fee-amount', word: undefined, type: 'ItemFees' },
  { amount: 'other-fee-amount', word: 'other-fee-reason-description', type: 'ItemFees' },
  { amount: 'promotion-amount', word: 'promotion-type', type: 'Promotion' },
  { amount: 'direct-payment-amount', word: 'direct-payment-type', type: 'other-transaction' },
  { amount: 'other-amount', word: undefined, type: 'other-transaction' },
];

/**
 * Reads a settlement file into the sink.
 * @throws RefusedReport for the file as a whole; rows that cannot be used go to `sink.reject`
 */
export async function readSettlement(
  source: AsyncIterable<Uint8Array>,
  hints: ReadHints,
  sink: StatementSink,
): Promise<ReadFacts> {
  const reader = new SettlementReader(hints, sink);
  let rest: Buffer | undefined;
  for await (const piece of source) {
    const chunk = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    let start = 0;
    if (rest) {
      const end = chunk.indexOf(LF);
      if (end < 0) {
        rest = Buffer.concat([rest, chunk]);
        if (rest.length > LINE_BYTES_MAX) throw new RefusedReport('not-a-payment-report');
        continue;
      }
      reader.line(Buffer.concat([rest, chunk.subarray(0, end)]), 0, rest.length + end, true);
      start = end + 1;
    }
    for (let end = chunk.indexOf(LF, start); end >= 0; end = chunk.indexOf(LF, start)) {
      reader.line(chunk, start, end, true);
      start = end + 1;
    }
    rest = start < chunk.length ? Buffer.from(chunk.subarray(start)) : undefined;
  }
  if (rest) reader.line(rest, 0, rest.length, false);
  return reader.finish();
}

/** One amount as it stands in a cell: minor units, or why it is none. */
type Problem = Extract<RejectReason, 'unreadable-amount' | 'too-many-decimals'>;

class SettlementReader {
  readonly #hints: ReadHints;
  readonly #sink: StatementSink;
  readonly #notices: ReadNotice[] = [];
  readonly #newWords = new Set<string>();
  readonly #stated = new Map<string, number>();
  readonly #meanings = new MeaningCache();
  readonly #v1Classes: RowClass[] = [];
  readonly #v1Amounts: number[] = [];
  #columns: Columns | undefined;
  #lineNumber = 0;
  #currency = '';
  #marketplaceCurrency = '';
  #amountsRead = false;

  /** COMMA or POINT once a cell has decided; until then rows with an open amount are held back. */
  #decimal = 0;
  #held: { bytes: Buffer; line: number; ended: boolean }[] | undefined;

  /** Where each cell of the current line starts; the end is the next start minus one. */
  #starts = new Int32Array(64);
  #cells = 0;

  #handle: StatementHandle = -1;
  #settlementId = '';
  #settlementBytes: Uint8Array = new Uint8Array(0);
  #orderId = '';
  #orderBytes: Uint8Array = new Uint8Array(0);
  #problem: Problem | 'open' | undefined;

  constructor(hints: ReadHints, sink: StatementSink) {
    this.#hints = hints;
    this.#sink = sink;
  }

  line(bytes: Buffer, start: number, lineEnd: number, ended: boolean): void {
    this.#lineNumber++;
    let end = lineEnd;
    if (end > start && bytes[end - 1] === CR) end--;
    if (!this.#columns) {
      if (end - start > LINE_BYTES_MAX) throw new RefusedReport('not-a-payment-report');
      this.#columns = readHeader(bytes.toString('utf8', start, end));
      return;
    }
    if (isBlank(bytes, start, end)) return;
    if (this.#held) {
      this.#hold(bytes, start, end, ended);
      return;
    }
    this.#row(this.#columns, bytes, start, end, this.#lineNumber, ended);
  }

  finish(): ReadFacts {
    if (!this.#columns) throw new RefusedReport('empty');
    if (this.#held) {
      this.#decimal = this.#hintedDecimal();
      this.#replayHeld();
    }
    const currency = this.#currency || this.#marketplaceCurrency || this.#hints.currency || '';
    if (currency === '') throw new RefusedReport('currency-unknown');
    if (minorDigits(currency) !== 2 && this.#currency === '') throw new RefusedReport('currency-unknown');
    return {
      format: this.#columns.amount >= 0 ? 'settlement-v2' : 'settlement-v1',
      language: 'en',
      currency,
      statedBySettlement: this.#stated,
      notices: this.#notices,
    };
  }

  #row(columns: Columns, bytes: Buffer, start: number, end: number, line: number, ended: boolean): void {
    this.#split(bytes, start, end, columns.last);
    const transactionStart = this.#start(columns.transactionType);
    const transactionEnd = this.#end(columns.transactionType);
    if (isBlank(bytes, transactionStart, transactionEnd) && !this.#isBlankCell(bytes, columns.total)) {
      this.#summary(columns, bytes, line);
      return;
    }
    if (columns.currency >= 0 && !this.#isBlankCell(bytes, columns.currency)) {
      this.#setCurrency(this.#text(bytes, columns.currency));
    }
    // A row that stops before its amount was cut; so is a last row that stops right in it.
    const reached =
      this.#cells > columns.firstAmount &&
      (ended || this.#cells > columns.firstAmount + 1 || columns.firstAmount === columns.last);
    if (!reached) {
      if (!ended) this.#notices.push(CUT_NOTICE);
      this.#sink.reject(line, 'too-few-columns', null);
      return;
    }
    if (!this.#settlement(columns, bytes)) {
      const amount = columns.amount >= 0 ? this.#amount(bytes, columns.amount) : 0;
      this.#sink.reject(line, 'no-settlement-id', this.#problem ? null : amount);
      return;
    }
    const orderStart = this.#start(columns.orderId);
    const orderEnd = this.#end(columns.orderId);
    if (!same(this.#orderBytes, bytes, orderStart, orderEnd)) {
      this.#orderId = bytes.toString('latin1', orderStart, orderEnd).trim();
      this.#orderBytes = Buffer.from(bytes.subarray(orderStart, orderEnd));
      if (isBrokenOrderId(this.#orderId)) throw new RefusedReport('broken-order-ids', this.#orderId);
    }
    if (this.#marketplaceCurrency === '' && columns.marketplace >= 0)
      this.#learnMarketplace(bytes, columns.marketplace);
    if (columns.amount >= 0) this.#rowV2(columns, bytes, line, start, end, ended);
    else this.#rowV1(columns, bytes, line, start, end, ended);
  }

  #rowV2(columns: Columns, bytes: Buffer, line: number, start: number, end: number, ended: boolean): void {
    const amountMinor = this.#amount(bytes, columns.amount);
    if (this.#problem === 'open') {
      this.#holdFrom(bytes, start, end, line, ended);
      return;
    }
    if (this.#problem) {
      const blank = this.#isBlankCell(bytes, columns.amount);
      this.#sink.reject(line, blank ? 'no-amount' : this.#problem, null);
      return;
    }
    const meaning = this.#meanings.get(
      bytes,
      this.#start(columns.transactionType),
      this.#end(columns.transactionType),
      this.#start(columns.amountType),
      this.#end(columns.amountType),
      this.#start(columns.description),
      this.#end(columns.description),
    );
    if (!meaning.known) this.#newWord(meaning);
    this.#amountsRead = true;
    this.#sink.row(
      this.#handle,
      meaning.cls,
      this.#orderId,
      amountMinor,
      line,
      meaning.label,
    );
  }

  #rowV1(columns: Columns, bytes: Buffer, line: number, start: number, end: number, ended: boolean): void {
    const transaction = this.#text(bytes, columns.transactionType);
    let count = 0;
    let label = transaction;
    for (const column of columns.v1) {
      if (column.amount >= this.#cells || this.#isBlankCell(bytes, column.amount)) continue;
      const amountMinor = this.#amount(bytes, column.amount);
      if (this.#problem === 'open') {
        this.#holdFrom(bytes, start, end, line, ended);
        return;
      }
      if (this.#problem) {
        this.#sink.reject(line, this.#problem, null);
        return;
      }
      const word = column.word >= 0 ? this.#text(bytes, column.word) : '';
      const meaning = meaningOf(transaction, column.type, word);
      if (!meaning.known) this.#newWord(meaning);
      this.#v1Classes[count] = meaning.cls;
      this.#v1Amounts[count] = amountMinor;
      label = meaning.label;
      count++;
    }
    this.#amountsRead ||= count > 0;
    this.#sink.rowParts(
      this.#handle,
      this.#v1Classes,
      this.#v1Amounts,
      count,
      this.#orderId,
      line,
      label,
    );
  }

  #summary(columns: Columns, bytes: Buffer, line: number): void {
    const id = this.#text(bytes, columns.settlementId);
    if (columns.currency >= 0) this.#setCurrency(this.#text(bytes, columns.currency));
    const total = this.#amount(bytes, columns.total);
    if (this.#problem === 'open') {
      this.#holdFrom(bytes, this.#start(0), this.#end(this.#cells - 1), line, true);
      return;
    }
    if (this.#problem) {
      this.#sink.reject(line, this.#problem, null);
      return;
    }
    if (id === '') this.#sink.reject(line, 'no-settlement-id', null);
    else if (this.#stated.has(id)) this.#sink.reject(line, 'second-summary-row', null);
    else {
      this.#stated.set(id, total);
      this.#useSettlement(
        id,
        bytes.subarray(this.#start(columns.settlementId), this.#end(columns.settlementId)),
      );
    }
  }

  /** Sets the statement of the current row; a blank id belongs to the summary above it. */
  #settlement(columns: Columns, bytes: Buffer): boolean {
    const start = this.#start(columns.settlementId);
    const end = this.#end(columns.settlementId);
    if (same(this.#settlementBytes, bytes, start, end)) return this.#settlementId !== '';
    if (isBlank(bytes, start, end)) return this.#settlementId !== '';
    this.#useSettlement(bytes.toString('latin1', start, end).trim(), bytes.subarray(start, end));
    return true;
  }

  #useSettlement(id: string, bytes: Uint8Array): void {
    if (isBrokenOrderId(id) && !/^\d+$/.test(id)) throw new RefusedReport('saved-by-excel', id);
    this.#settlementId = id;
    this.#settlementBytes = Buffer.from(bytes);
    this.#handle = this.#sink.statement({ settlementId: id, marketplace: '', day: '', released: true });
  }

  #setCurrency(text: string): void {
    const currency = text.trim().toUpperCase();
    if (currency === '' || currency === this.#currency) return;
    const tooLate = this.#amountsRead && minorDigits(currency) !== minorDigits(this.#currency || 'EUR');
    if (this.#currency !== '' || tooLate)
      throw new RefusedReport('mixed-currencies', `${this.#currency} ${currency}`.trim());
    this.#currency = currency;
  }

  #learnMarketplace(bytes: Buffer, column: number): void {
    const name = this.#text(bytes, column).toLowerCase();
    this.#marketplaceCurrency = MARKETPLACE_CURRENCY[name] ?? '';
  }

  #newWord(meaning: RowMeaning): void {
    if (this.#newWords.has(meaning.label) || this.#newWords.size >= NOTICES_MAX) return;
    this.#newWords.add(meaning.label);
    this.#notices.push({ code: 'unknown-word', detail: meaning.label });
  }

  // ── amounts ────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * The cell as minor units. Sets `#problem` when it is none: `open` means that only the decimal separator is
   * missing to read it (`1.234` is a thousand in one country and too precise in another).
   */
  #amount(bytes: Buffer, column: number): number {
    this.#problem = undefined;
    let at = this.#start(column);
    let end = this.#end(column);
    while (at < end && (bytes[at] as number) <= SPACE) at++;
    while (end > at && (bytes[end - 1] as number) <= SPACE) end--;
    const from = at;
    const negative = bytes[at] === MINUS;
    if (negative) at++;
    let whole = 0;
    let digits = 0;
    for (; at < end; at++, digits++) {
      const digit = (bytes[at] as number) - 0x30;
      if (digit < 0 || digit > 9) break;
      whole = whole * 10 + digit;
    }
    if (digits === 0 || digits > 13) return this.#slowAmount(bytes, from, end);
    const cents = this.#currency === '' || minorDigits(this.#currency) === 2;
    if (!cents) return this.#slowAmount(bytes, from, end);
    if (at === end) return negative && whole !== 0 ? -whole * 100 : whole * 100;
    const separator = bytes[at] as number;
    const decimals = end - at - 1;
    if ((separator !== COMMA && separator !== POINT) || decimals < 1 || decimals > 2) {
      return this.#slowAmount(bytes, from, end);
    }
    const tens = (bytes[at + 1] as number) - 0x30;
    const ones = decimals === 2 ? (bytes[at + 2] as number) - 0x30 : 0;
    if (tens < 0 || tens > 9 || ones < 0 || ones > 9) return this.#slowAmount(bytes, from, end);
    if (this.#decimal !== separator) this.#decide(separator);
    const minor = whole * 100 + tens * 10 + ones;
    return negative && minor !== 0 ? -minor : minor;
  }

  /** Everything unusual: thousands separators, typographic minus, other currencies, too many decimals. */
  #slowAmount(bytes: Buffer, from: number, end: number): number {
    const text = decodeCell(bytes.subarray(from, end))
      .replace(/[\s\u00a0\u202f]/g, '')
      .replace(/^[\u2212\u2013]/, '-');
    const match = /^([+-]?)(\d{1,3}(?:([.,])\d{3})*|\d+)(?:([.,])(\d+))?$/.exec(text);
    if (!match) return this.#fail('unreadable-amount');
    const [, sign, wholeText = '', thousands, lastSeparator, fraction = ''] = match;
    const digits = minorDigits(this.#currency || 'EUR');
    const separators = new Set(text.replace(/[^.,]/g, ''));
    if (separators.size === 2) {
      // Two different separators: the last one is the decimal one, whatever stands after it.
      const last = text.lastIndexOf(',') > text.lastIndexOf('.') ? COMMA : POINT;
      if (!lastSeparator || thousands === lastSeparator) return this.#fail('unreadable-amount');
      this.#decide(last);
    } else if (separators.size === 1) {
      const only = text.includes(',') ? COMMA : POINT;
      const times = [...text].filter((c) => c === ',' || c === '.').length;
      const tail = text.length - 1 - Math.max(text.lastIndexOf(','), text.lastIndexOf('.'));
      if (times > 1 || (tail === 3 && this.#decimal !== 0 && this.#decimal !== only)) {
        // Can only be thousands.
        if (!/^[+-]?\d{1,3}([.,]\d{3})+$/.test(text)) return this.#fail('unreadable-amount');
        return this.#whole(sign === '-', text.replace(/[^\d]/g, ''), digits);
      }
      if (tail === 3 && this.#decimal === 0) {
        this.#problem = 'open';
        return 0;
      }
      if (tail !== 3) this.#decide(only);
      const cut = text.lastIndexOf(only === COMMA ? ',' : '.');
      return this.#decimalNumber(sign === '-', text.slice(sign ? 1 : 0, cut), text.slice(cut + 1), digits);
    }
    return fraction === ''
      ? this.#whole(sign === '-', wholeText.replace(/[^\d]/g, ''), digits)
      : this.#decimalNumber(sign === '-', wholeText.replace(/[^\d]/g, ''), fraction, digits);
  }

  #whole(negative: boolean, digitsText: string, digits: number): number {
    return this.#decimalNumber(negative, digitsText, '', digits);
  }

  #decimalNumber(negative: boolean, whole: string, fraction: string, digits: number): number {
    if (fraction.length > digits && /[1-9]/.test(fraction.slice(digits)))
      return this.#fail('too-many-decimals');
    if (fraction.length > Math.max(2, digits)) return this.#fail('too-many-decimals');
    const minor = Number(`${whole}${fraction.slice(0, digits).padEnd(digits, '0')}`);
    if (!Number.isSafeInteger(minor)) return this.#fail('unreadable-amount');
    return negative && minor !== 0 ? -minor : minor;
  }

  #fail(problem: Problem): number {
    this.#problem = problem;
    return 0;
  }

  #decide(separator: number): void {
    if (this.#decimal === separator) return;
    if (this.#decimal !== 0) throw new RefusedReport('mixed-decimals', `line ${this.#lineNumber}`);
    this.#decimal = separator;
  }

  // ── rows held back until a cell decides ──────────────────────────────────────────────────────────────────────

  #holdFrom(bytes: Buffer, start: number, end: number, line: number, ended: boolean): void {
    this.#held = [{ bytes: Buffer.from(bytes.subarray(start, end)), line, ended }];
  }

  #hold(bytes: Buffer, start: number, end: number, ended: boolean): void {
    const held = this.#held ?? [];
    held.push({ bytes: Buffer.from(bytes.subarray(start, end)), line: this.#lineNumber, ended });
    this.#look(bytes, start, end);
    if (this.#decimal === 0 && held.length >= UNDECIDED_ROWS_MAX) this.#decimal = this.#hintedDecimal();
    if (this.#decimal !== 0) this.#replayHeld();
  }

  /** Lets the amounts of a line decide, without using them. */
  #look(bytes: Buffer, start: number, end: number): void {
    const columns = this.#columns as Columns;
    this.#split(bytes, start, end, columns.last);
    for (const column of [columns.amount, columns.total, ...columns.v1.map((c) => c.amount)]) {
      if (column >= 0 && column < this.#cells && !this.#isBlankCell(bytes, column))
        this.#amount(bytes, column);
    }
  }

  #replayHeld(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const { bytes, line, ended } of held) {
      this.#row(this.#columns as Columns, bytes, 0, bytes.length, line, ended);
    }
  }

  /** Amazon writes the local form: a comma on the continent, a point where English is spoken. */
  #hintedDecimal(): number {
    const currency = this.#currency || this.#marketplaceCurrency || this.#hints.currency;
    if (!currency) throw new RefusedReport('undecided-decimals');
    return ['EUR', 'PLN', 'SEK', 'TRY', 'BRL'].includes(currency) ? COMMA : POINT;
  }

  // ── cells ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** Finds where the cells of a line start, up to the last column that matters (and one more). */
  #split(bytes: Buffer, start: number, end: number, last: number): void {
    const starts = this.#starts;
    const wanted = last + 2;
    let cells = 1;
    starts[0] = start;
    for (let at = start; at < end; at++) {
      if (bytes[at] === TAB) {
        starts[cells++] = at + 1;
        if (cells > wanted) break;
      }
    }
    this.#cells = Math.min(cells, wanted);
    if (cells <= wanted) starts[cells] = end + 1;
  }

  /** An absent cell (a shortened row) is an empty one at the end of the line. */
  #start(column: number): number {
    return this.#starts[Math.min(column, this.#cells)] as number;
  }

  #end(column: number): number {
    if (column >= this.#cells) return this.#start(column);
    return (this.#starts[column + 1] as number) - 1;
  }

  #isBlankCell(bytes: Buffer, column: number): boolean {
    return column < 0 || column >= this.#cells || isBlank(bytes, this.#start(column), this.#end(column));
  }

  #text(bytes: Buffer, column: number): string {
    if (column < 0 || column >= this.#cells) return '';
    return decodeCell(bytes.subarray(this.#start(column), this.#end(column))).trim();
  }
}

interface Columns {
  readonly settlementId: number;
  readonly total: number;
  readonly currency: number;
  readonly transactionType: number;
  readonly orderId: number;
  readonly marketplace: number;
  /** V2 only; -1 in V1. */
  readonly amountType: number;
  readonly description: number;
  readonly amount: number;
  readonly v1: readonly { readonly amount: number; readonly word: number; readonly type: string }[];
  /** The first column that may hold an amount, and the last that is looked at. */
  readonly firstAmount: number;
  readonly last: number;
}

function readHeader(text: string): Columns {
  const names = text
    .replace(/^\ufeff/, '')
    .split('\t')
    .map((name) => name.trim().toLowerCase());
  const find = (name: string): number => names.indexOf(name);
  const v2 = find('amount') >= 0 && find('amount-type') >= 0 && find('amount-description') >= 0;
  const v1 = v2
    ? []
    : V1_AMOUNTS.map(({ amount, word, type }) => ({
        amount: find(amount),
        word: word ? find(word) : -1,
        type,
      })).filter((column) => column.amount >= 0);
  const required = ['settlement-id', 'transaction-type', 'order-id'];
  const missing = required.find((name) => find(name) < 0);
  if (missing !== undefined) throw new RefusedReport('unknown-columns', missing);
  if (!v2 && v1.length === 0) throw new RefusedReport('unknown-columns', 'amount');
  // A money column that no table knows would be dropped in silence.
  const known = new Set(['total-amount', 'amount', ...V1_AMOUNTS.map((column) => column.amount)]);
  const stranger = names.find((name) => /(^|-)amount$/.test(name) && !known.has(name));
  if (stranger !== undefined) throw new RefusedReport('unknown-columns', stranger);
  const columns = {
    settlementId: find('settlement-id'),
    total: find('total-amount'),
    currency: find('currency'),
    transactionType: find('transaction-type'),
    orderId: find('order-id'),
    marketplace: find('marketplace-name'),
    amountType: v2 ? find('amount-type') : -1,
    description: v2 ? find('amount-description') : -1,
    amount: v2 ? find('amount') : -1,
  };
  const all = [...Object.values(columns), ...v1.flatMap((column) => [column.amount, column.word])];
  return {
    ...columns,
    v1,
    // V1 rows are shortened by some writers after their only amount: what must be there is the order id.
    firstAmount: v2 ? columns.amount : columns.orderId,
    last: Math.max(...all),
  };
}

/** Excel turns `404-3160427-6375551` into nothing useful and long numbers into `1,21E+17`. */
function isBrokenOrderId(id: string): boolean {
  return /^\d+([.,]\d+)?E\+?\d+$/i.test(id) || /^\d{15,}$/.test(id);
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((bytes[at] as number) > SPACE) return false;
  return true;
}

function same(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false;
  return true;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const cp1252 = new TextDecoder('windows-1252');

/** European files come as cp1252, others as UTF-8; a cell that is not valid UTF-8 is the former. */
function decodeCell(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return cp1252.decode(bytes);
  }
}

/** Meanings by the bytes of the three deciding cells, so that a known triple costs no string. */
class MeaningCache {
  readonly #byHash = new Map<
    number,
    { parts: readonly [Uint8Array, Uint8Array, Uint8Array]; meaning: RowMeaning }[]
  >();

  get(
    bytes: Buffer,
    aStart: number,
    aEnd: number,
    bStart: number,
    bEnd: number,
    cStart: number,
    cEnd: number,
  ): RowMeaning {
    let hash = 0x811c9dc5;
    for (let at = aStart; at < aEnd; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    for (let at = bStart; at < bEnd; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    for (let at = cStart; at < cEnd; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    const candidates = this.#byHash.get(hash);
    if (candidates) {
      for (const { parts, meaning } of candidates) {
        if (
          same(parts[0], bytes, aStart, aEnd) &&
          same(parts[1], bytes, bStart, bEnd) &&
          same(parts[2], bytes, cStart, cEnd)
        ) {
          return meaning;
        }
      }
    }
    const parts = [
      bytes.subarray(aStart, aEnd),
      bytes.subarray(bStart, bEnd),
      bytes.subarray(cStart, cEnd),
    ].map((part) => Buffer.from(part)) as [Buffer, Buffer, Buffer];
    const [transaction, type, description] = parts.map((part) => decodeCell(part).trim()) as [
      string,
      string,
      string,
    ];
    const meaning = meaningOf(transaction, type, description);
    this.#byHash.set(hash, [...(candidates ?? []), { parts, meaning }]);
    return meaning;
  }
}
