import { minorDigits } from '../../../domain/money.ts';
import {
  type ReadFacts,
  type ReadHints,
  type ReadNotice,
  RefusedReport,
  type RowClass,
  type StatementHandle,
  type StatementSink,
} from '../../../domain/statement.ts';
import { AmountCells } from './amount-cells.ts';
import type { DecimalMark } from './decimals.ts';
import { decodeText } from './decode.ts';
import { currencyOfMarketplace, usualDecimalMark } from './marketplaces.ts';
import { readSettlementHeader, type SettlementColumns } from './settlement-columns.ts';
import { meaningOf, type RowMeaning } from './vocabulary.ts';

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

/** Rows kept until a cell decides between decimal comma and point; real files decide in their second line. */
const UNDECIDED_ROWS_MAX = 10_000;
/** No line of a settlement file comes near this; a longer one means that the file is something else. */
const LINE_BYTES_MAX = 64 * 1024;
const NOTICES_MAX = 100;
const CUT_NOTICE: ReadNotice = { code: 'last-line-cut', detail: '' };

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

class SettlementReader {
  readonly #hints: ReadHints;
  readonly #sink: StatementSink;
  readonly #notices: ReadNotice[] = [];
  readonly #newWords = new Set<string>();
  readonly #stated = new Map<string, number>();
  readonly #meanings = new MeaningCache();
  readonly #v1Classes: RowClass[] = [];
  readonly #v1Amounts: number[] = [];
  #columns: SettlementColumns | undefined;
  #lineNumber = 0;
  readonly #amounts = new AmountCells();
  #marketplaceCurrency = '';
  #amountsRead = false;

  /** Rows that came while the decimal mark was open. */
  #held: { bytes: Buffer; line: number; ended: boolean }[] | undefined;

  /** Where each cell of the current line starts; the end is the next start minus one. */
  #starts = new Int32Array(64);
  #cells = 0;

  #handle: StatementHandle = -1;
  #settlementId = '';
  #settlementBytes: Uint8Array = new Uint8Array(0);
  #orderId = '';
  #orderBytes: Uint8Array = new Uint8Array(0);

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
      this.#columns = readSettlementHeader(decodeText(bytes.subarray(start, end)));
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
      this.#amounts.mark = this.#hintedMark();
      this.#replayHeld();
    }
    const currency = this.#amounts.currency || this.#marketplaceCurrency || this.#hints.currency || '';
    if (currency === '') throw new RefusedReport('currency-unknown');
    if (minorDigits(currency) !== 2 && this.#amounts.currency === '')
      throw new RefusedReport('currency-unknown');
    return {
      format: this.#columns.amount >= 0 ? 'settlement-v2' : 'settlement-v1',
      language: 'en',
      currency,
      statedBySettlement: this.#stated,
      notices: this.#notices,
    };
  }

  #row(
    columns: SettlementColumns,
    bytes: Buffer,
    start: number,
    end: number,
    line: number,
    ended: boolean,
  ): void {
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
    // A row that stops before its amount was cut; so was a last row without a line end that stops right in it.
    const lastNeeded = columns.amount >= 0 ? columns.amount : columns.last;
    const reached =
      this.#cells > columns.neededUpTo &&
      (ended ||
        this.#cells > lastNeeded + 1 ||
        (this.#cells > lastNeeded && lastNeeded === columns.width - 1));
    if (!reached) {
      if (!ended) this.#notices.push(CUT_NOTICE);
      this.#sink.reject(line, 'too-few-columns', null);
      return;
    }
    if (!this.#settlement(columns, bytes)) {
      const amount = columns.amount >= 0 ? this.#amountIn(bytes, columns.amount) : 0;
      this.#sink.reject(line, 'no-settlement-id', this.#amounts.problem ? null : amount);
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

  #rowV2(
    columns: SettlementColumns,
    bytes: Buffer,
    line: number,
    start: number,
    end: number,
    ended: boolean,
  ): void {
    const amountMinor = this.#amountIn(bytes, columns.amount);
    if (this.#amounts.problem === 'open') {
      this.#holdFrom(bytes, start, end, line, ended);
      return;
    }
    if (this.#amounts.problem) {
      const blank = this.#isBlankCell(bytes, columns.amount);
      this.#sink.reject(line, blank ? 'no-amount' : this.#amounts.problem, null);
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
    this.#sink.row(this.#handle, meaning.cls, this.#orderId, amountMinor, line, meaning.label);
  }

  #rowV1(
    columns: SettlementColumns,
    bytes: Buffer,
    line: number,
    start: number,
    end: number,
    ended: boolean,
  ): void {
    const transaction = this.#text(bytes, columns.transactionType);
    let count = 0;
    let label = transaction;
    for (const column of columns.v1) {
      if (column.amount >= this.#cells || this.#isBlankCell(bytes, column.amount)) continue;
      const amountMinor = this.#amountIn(bytes, column.amount);
      if (this.#amounts.problem === 'open') {
        this.#holdFrom(bytes, start, end, line, ended);
        return;
      }
      if (this.#amounts.problem) {
        this.#sink.reject(line, this.#amounts.problem, null);
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
    this.#sink.rowParts(this.#handle, this.#v1Classes, this.#v1Amounts, count, this.#orderId, line, label);
  }

  #summary(columns: SettlementColumns, bytes: Buffer, line: number): void {
    const id = this.#text(bytes, columns.settlementId);
    if (columns.currency >= 0) this.#setCurrency(this.#text(bytes, columns.currency));
    const total = this.#amountIn(bytes, columns.total);
    if (this.#amounts.problem === 'open') {
      this.#holdFrom(bytes, this.#start(0), this.#end(this.#cells - 1), line, true);
      return;
    }
    if (this.#amounts.problem) {
      this.#sink.reject(line, this.#amounts.problem, null);
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
  #settlement(columns: SettlementColumns, bytes: Buffer): boolean {
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
    if (currency === '' || currency === this.#amounts.currency) return;
    const tooLate =
      this.#amountsRead && minorDigits(currency) !== minorDigits(this.#amounts.currency || 'EUR');
    if (this.#amounts.currency !== '' || tooLate)
      throw new RefusedReport('mixed-currencies', `${this.#amounts.currency} ${currency}`.trim());
    this.#amounts.currency = currency;
  }

  #learnMarketplace(bytes: Buffer, column: number): void {
    const name = this.#text(bytes, column).toLowerCase();
    this.#marketplaceCurrency = currencyOfMarketplace(name) ?? '';
  }

  #newWord(meaning: RowMeaning): void {
    if (this.#newWords.has(meaning.label) || this.#newWords.size >= NOTICES_MAX) return;
    this.#newWords.add(meaning.label);
    this.#notices.push({ code: 'unknown-word', detail: meaning.label });
  }

  // ── rows held back until a cell decides ──────────────────────────────────────────────────────────────────────

  #holdFrom(bytes: Buffer, start: number, end: number, line: number, ended: boolean): void {
    this.#held = [{ bytes: Buffer.from(bytes.subarray(start, end)), line, ended }];
  }

  #hold(bytes: Buffer, start: number, end: number, ended: boolean): void {
    const held = this.#held ?? [];
    held.push({ bytes: Buffer.from(bytes.subarray(start, end)), line: this.#lineNumber, ended });
    this.#look(bytes, start, end);
    if (this.#amounts.mark === undefined && held.length >= UNDECIDED_ROWS_MAX)
      this.#amounts.mark = this.#hintedMark();
    if (this.#amounts.mark !== undefined) this.#replayHeld();
  }

  /** Lets the amounts of a line decide, without using them. */
  #look(bytes: Buffer, start: number, end: number): void {
    const columns = this.#columns as SettlementColumns;
    this.#split(bytes, start, end, columns.last);
    for (const column of [columns.amount, columns.total, ...columns.v1.map((c) => c.amount)]) {
      if (column >= 0 && column < this.#cells && !this.#isBlankCell(bytes, column))
        this.#amountIn(bytes, column);
    }
  }

  #replayHeld(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const { bytes, line, ended } of held) {
      this.#row(this.#columns as SettlementColumns, bytes, 0, bytes.length, line, ended);
    }
  }

  #hintedMark(): DecimalMark {
    const currency = this.#amounts.currency || this.#marketplaceCurrency || this.#hints.currency;
    if (!currency) throw new RefusedReport('undecided-decimals');
    return usualDecimalMark(currency);
  }

  #amountIn(bytes: Buffer, column: number): number {
    return this.#amounts.read(bytes, this.#start(column), this.#end(column));
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
    return decodeText(bytes.subarray(this.#start(column), this.#end(column))).trim();
  }
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
    const [transaction, type, description] = parts.map((part) => decodeText(part).trim()) as [
      string,
      string,
      string,
    ];
    const meaning = meaningOf(transaction, type, description);
    this.#byHash.set(hash, [...(candidates ?? []), { parts, meaning }]);
    return meaning;
  }
}
