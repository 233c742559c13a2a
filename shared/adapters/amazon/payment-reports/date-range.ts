import { minorDigits } from '../../../domain/money.ts';
import type {
  Component,
  ReadFacts,
  ReadHints,
  ReadNotice,
  RejectReason,
  StatementHandle,
  StatementSink,
} from '../../../domain/statement.ts';
import { COMPONENTS, RefusedReport, rowClass, type Side } from '../../../domain/statement.ts';
import { type CsvRow, csvRows, isBlank } from './csv-rows.ts';
import { type Column, isMoneyColumn, MONEY_COLUMNS } from './date-range-columns/columns.ts';
import { type RowMeaning, rowMeaning, saysDeferred } from './date-range-types.ts';
import { createDayReader } from './dates.ts';
import { type AmountProblem, type DecimalMark, decimalEvidence, readAmount } from './decimals.ts';
import { decodeStream } from './decode.ts';
import { currencyOfMarketplace, usualDecimalMark } from './marketplaces.ts';
import { type DateRangeFile, DETAIL_CHARS_MAX } from './recognise.ts';

/** Rows kept while neither a cell nor the preamble has settled decimal mark and currency; real files settle both in the first row. */
const HELD_ROWS_MAX = 5_000;
/** The longest type word known has 61 characters; it is kept with the row, so a damaged file must not make it long. */
const WORD_CHARS_MAX = 80;
/** Distinct notices reported per file. */
const NOTICES_MAX = 100;

/** `1,21E+17`, the number `1211455071067537800`, an id without its leading zeros: what a spreadsheet makes of an order id. */
const BROKEN_ORDER_ID = /^(?:\d+(?:[.,]\d+)?E\+?\d+|\d{15,}|\d{1,2}-\d{7}-\d{7})$/i;
const SCIENTIFIC = /^\d+(?:[.,]\d+)?E\+?\d+$/i;
/** "Jan 15, 2026 12:00:00 AM PST": the form of the United States, where the preamble may be missing. */
const US_DATE = /^[A-Z][a-z]{2} \d{1,2}, \d{4} .*\bP[SD]T$/;

/** Read with hundredths while the currency is not known; checked when it is. */
const ASSUMED_CURRENCY = 'EUR';

const ORDER_COST = COMPONENTS.indexOf('orderCost');
const CLASSES: Readonly<Record<Side, readonly number[]>> = {
  sale: COMPONENTS.map((component) => rowClass(component, 'sale')),
  reversal: COMPONENTS.map((component) => rowClass(component, 'reversal')),
};

interface MoneyIndex {
  readonly index: number;
  readonly component: number;
}

/**
 * Reads a date-range, monthly or unified transaction file into the sink, one call per data row.
 * A row's money columns must add up to its total; fees are the columns, the type word says whose they are.
 * Source: Seller Central, "Date Range Reports"; columns and words as found in real files of 2025 and 2026.
 * @param source the whole file, from its first byte
 * @param file what `recognise` said of its head
 * @throws RefusedReport when the file as a whole cannot be read; what the sink got before is void then
 */
export async function readDateRange(
  source: AsyncIterable<Uint8Array>,
  file: DateRangeFile,
  hints: ReadHints,
  sink: StatementSink,
): Promise<ReadFacts> {
  const reader = new DateRangeReader(file, hints, sink);
  for await (const rows of dataRows(source, file)) for (const row of rows) reader.take(row);
  return reader.finish();
}

/**
 * The data rows of a file, decoded, without preamble and header.
 * @param onHead gets the bytes of preamble and header, in pieces, before the first row
 */
export function dataRows(
  source: AsyncIterable<Uint8Array>,
  file: DateRangeFile,
  onHead: (bytes: Uint8Array) => void = () => {},
): AsyncGenerator<readonly CsvRow[]> {
  return csvRows(decodeStream(splitHead(source, file.dataOffsetBytes, onHead)), file.headerLine + 1);
}

async function* splitHead(
  source: AsyncIterable<Uint8Array>,
  headBytes: number,
  onHead: (bytes: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  let left = headBytes;
  for await (const chunk of source) {
    if (left > 0) onHead(chunk.subarray(0, left));
    if (left < chunk.length) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

/**
 * Whether a row has the columns of the header; empty cells beyond them do no harm.
 * A last row without line end and without release date has been cut right before that date, unless its status says
 * deferred: it would pass for money that is still held back.
 */
export function columnCountProblem(
  { cells, ended }: CsvRow,
  file: DateRangeFile,
): 'too-few-columns' | 'too-many-columns' | undefined {
  const { length } = file.columns;
  if (cells.length < length) return 'too-few-columns';
  if (!ended && file.columns.at(-1) === 'releaseDate' && cells.length === length && cells.at(-1) === '') {
    if (!saysDeferred(cells[file.columns.indexOf('status')] ?? '')) return 'too-few-columns';
  }
  return isBlank(cells.slice(length)) ? undefined : 'too-many-columns';
}

class DateRangeReader {
  readonly #file: DateRangeFile;
  readonly #hints: ReadHints;
  readonly #sink: StatementSink;
  readonly #dayOf: (cell: string) => string | null;
  readonly #at: Readonly<Partial<Record<Column, number>>>;
  readonly #money: readonly MoneyIndex[];
  readonly #total: number;
  readonly #unknownWords = new Set<string>();
  #rowsWithOther = 0;
  #lastRowShort = false;

  /** Rows waiting for the decimal mark or the currency; null once they have been let through. */
  #held: CsvRow[] | null = [];
  #mark: DecimalMark | undefined;
  /** The mark an ambiguous cell was read with before any cell had decided it. */
  #assumedMark: DecimalMark | undefined;
  #marketplaceCurrency: string | undefined;
  #lastMarketplace: string | undefined;
  #hasUsDates = false;
  /** The currency whose decimals the amounts were read with. */
  #readAs: string | undefined;

  #lastKey = '';
  #lastHandle: StatementHandle = 0;
  readonly #sums: number[] = new Array(COMPONENTS.length).fill(0);
  readonly #classes: number[] = new Array(COMPONENTS.length).fill(0);
  readonly #amounts: number[] = new Array(COMPONENTS.length).fill(0);

  constructor(file: DateRangeFile, hints: ReadHints, sink: StatementSink) {
    this.#file = file;
    this.#hints = hints;
    this.#sink = sink;
    this.#dayOf = createDayReader(hints.timeZone);
    const at: Partial<Record<Column, number>> = {};
    const money: MoneyIndex[] = [];
    for (const [index, column] of file.columns.entries()) {
      if (column === undefined) continue;
      if (isMoneyColumn(column)) {
        money.push({ index, component: COMPONENTS.indexOf(MONEY_COLUMNS[column]) });
      } else at[column] = index;
    }
    this.#at = at;
    this.#money = money;
    this.#total = at.total ?? -1;
  }

  take(row: CsvRow): void {
    if (!row.cut && isBlank(row.cells)) return;
    if (columnCountProblem(row, this.#file) === undefined) this.#inspect(row);
    if (!this.#held) {
      this.#push(row);
      return;
    }
    this.#held.push(row);
    const settled = this.#mark !== undefined && this.#certainCurrency() !== undefined;
    if (settled || this.#held.length >= HELD_ROWS_MAX) this.#release();
  }

  finish(): ReadFacts {
    const rows = this.#held?.length !== 0;
    this.#release();
    const currency = this.#currency();
    if (currency === undefined && rows) throw new RefusedReport('currency-unknown');
    if (currency !== undefined && minorDigits(currency) !== minorDigits(this.#readAs ?? currency))
      throw new RefusedReport('currency-unknown', currency);
    const notices: ReadNotice[] = [...this.#unknownWords].map((detail) => ({ code: 'unknown-word', detail }));
    if (this.#rowsWithOther > 0)
      notices.push({ code: 'other-column-on-order', detail: String(this.#rowsWithOther) });
    if (this.#lastRowShort) notices.push({ code: 'last-line-cut', detail: '' });
    return {
      format: 'date-range',
      language: this.#file.language,
      currency: currency ?? '',
      statedBySettlement: new Map(),
      notices,
    };
  }

  /** What a row says about the whole file: damage, currency, decimal mark. */
  #inspect(row: CsvRow): void {
    const orderId = this.#cell(row, 'orderId');
    if (BROKEN_ORDER_ID.test(orderId))
      throw new RefusedReport('broken-order-ids', orderId.slice(0, DETAIL_CHARS_MAX));
    const settlementId = this.#cell(row, 'settlementId');
    if (SCIENTIFIC.test(settlementId))
      throw new RefusedReport('saved-by-excel', settlementId.slice(0, DETAIL_CHARS_MAX));
    if (this.#file.preambleCurrency === undefined) this.#inspectCurrency(row);
    if (this.#mark === undefined) this.#inspectDecimals(row);
  }

  #inspectCurrency(row: CsvRow): void {
    const marketplace = this.#cell(row, 'marketplace').toLowerCase();
    const currency = currencyOfMarketplace(marketplace);
    if (currency === undefined) {
      if (!this.#hasUsDates) this.#hasUsDates = US_DATE.test(this.#cell(row, 'dateTime'));
      return;
    }
    this.#lastMarketplace = marketplace;
    if (this.#marketplaceCurrency !== undefined && this.#marketplaceCurrency !== currency)
      throw new RefusedReport('mixed-currencies', `${this.#marketplaceCurrency}, ${currency}`);
    this.#marketplaceCurrency = currency;
  }

  #inspectDecimals(row: CsvRow): void {
    const decide = (index: number) => {
      const evidence = decimalEvidence(row.cells[index] ?? '');
      if (evidence === ',' || evidence === '.') this.#decide(evidence, row, index);
    };
    decide(this.#total);
    for (const { index } of this.#money) decide(index);
  }

  #decide(mark: DecimalMark, row: CsvRow, index: number): void {
    const decided = this.#mark ?? this.#assumedMark;
    if (decided !== undefined && decided !== mark)
      throw new RefusedReport(
        'mixed-decimals',
        `${row.line}: ${row.cells[index]}`.slice(0, DETAIL_CHARS_MAX),
      );
    this.#mark = mark;
  }

  #certainCurrency(): string | undefined {
    return this.#file.preambleCurrency ?? this.#marketplaceCurrency;
  }

  #currency(): string | undefined {
    return this.#certainCurrency() ?? (this.#hasUsDates ? 'USD' : this.#hints.currency);
  }

  #release(): void {
    const held = this.#held;
    this.#held = null;
    for (const row of held ?? []) this.#push(row);
  }

  /** One row into the sink, in exactly one call. */
  #push(row: CsvRow): void {
    const countProblem = columnCountProblem(row, this.#file);
    this.#lastRowShort = countProblem === 'too-few-columns';
    if (countProblem) {
      // A lost quotation mark makes one record of several rows: none of them may vanish.
      for (let i = 0; i < row.lineCount; i += 1) this.#sink.reject(row.line + i, countProblem, null);
      return;
    }
    const total = this.#readTotal(row);
    if (typeof total !== 'number') {
      this.#sink.reject(row.line, total, null);
      return;
    }
    const problem = this.#sumColumns(row, total) ?? this.#problemOf(row);
    if (problem) this.#sink.reject(row.line, problem, total);
    else this.#place(row, total);
  }

  #readTotal(row: CsvRow): number | RejectReason {
    return this.#cell(row, 'total') === '' ? 'no-amount' : this.#amount(row, this.#total);
  }

  #problemOf(row: CsvRow): RejectReason | undefined {
    if (this.#dayOf(this.#cell(row, 'dateTime')) === null) return 'unreadable-date';
    return this.#cell(row, 'type') === '' ? 'amount-without-type' : undefined;
  }

  /** The row's money per component into `#sums`; the columns have to add up to the total. */
  #sumColumns(row: CsvRow, total: number): RejectReason | undefined {
    this.#sums.fill(0);
    let sum = 0;
    for (const { index, component } of this.#money) {
      const cell = row.cells[index];
      if (cell === '0' || cell === undefined || cell.trim() === '') continue;
      const amount = this.#amount(row, index);
      if (typeof amount !== 'number') return amount;
      this.#sums[component] = (this.#sums[component] ?? 0) + amount;
      sum += amount;
    }
    return sum === total ? undefined : 'row-does-not-add-up';
  }

  #place(row: CsvRow, total: number): void {
    const handle = this.#statement(row);
    const word = this.#cell(row, 'type').slice(0, WORD_CHARS_MAX);
    const orderId = this.#cell(row, 'orderId');
    const meaning = rowMeaning(word);
    const side: Side = meaning === 'reversal' || meaning === 'returnFee' ? 'reversal' : 'sale';
    if (meaning === undefined && this.#unknownWords.size < NOTICES_MAX) this.#unknownWords.add(word);
    const whole = wholeRowComponent(meaning, orderId);
    if (whole !== undefined) {
      this.#sink.row(handle, rowClass(whole, side), orderId, total, row.line, word);
      return;
    }
    if (this.#sums[ORDER_COST] !== 0) this.#rowsWithOther += 1;
    let count = 0;
    for (const [component, amount] of this.#sums.entries()) {
      if (amount === 0) continue;
      this.#classes[count] = CLASSES[side][component] ?? 0;
      this.#amounts[count] = amount;
      count += 1;
    }
    // Replacements and cancelled orders have rows of nothing but zeros; they are rows all the same.
    if (count === 0) this.#sink.row(handle, rowClass('price', side), orderId, 0, row.line, word);
    else this.#sink.rowParts(handle, this.#classes, this.#amounts, count, orderId, row.line, word);
  }

  #statement(row: CsvRow): StatementHandle {
    const day = this.#dayOf(this.#cell(row, 'dateTime')) ?? '';
    const settlementId = this.#cell(row, 'settlementId');
    const marketplace = this.#cell(row, 'marketplace').toLowerCase();
    const released = this.#isReleased(row);
    const key = `${settlementId}\t${marketplace}\t${day}\t${released}`;
    if (key !== this.#lastKey) {
      this.#lastHandle = this.#sink.statement({ settlementId, marketplace, day, released });
      this.#lastKey = key;
    }
    return this.#lastHandle;
  }

  /** An empty release date means that Amazon still holds the money; files from before 2025 list released money only. */
  #isReleased(row: CsvRow): boolean {
    const deferredWord = saysDeferred(this.#cell(row, 'status'));
    if (this.#at.releaseDate === undefined) return !deferredWord;
    const releaseDate = this.#cell(row, 'releaseDate');
    if (releaseDate === '') return false;
    return this.#dayOf(releaseDate) !== null || !deferredWord;
  }

  /** A money cell in minor units; a cell that speaks for the other decimal mark refuses the file. */
  #amount(row: CsvRow, index: number): number | AmountProblem {
    const cell = row.cells[index] ?? '';
    this.#readAs ??= this.#currency() ?? ASSUMED_CURRENCY;
    const mark = this.#mark ?? this.#markFor(cell);
    const amount = readAmount(cell, mark, this.#readAs);
    if (typeof amount === 'number') return amount;
    const evidence = decimalEvidence(cell);
    if (evidence !== mark && (evidence === ',' || evidence === '.')) this.#decide(evidence, row, index);
    return amount;
  }

  /** The mark to read a cell with while no cell of the file has decided one. */
  #markFor(cell: string): DecimalMark {
    if (decimalEvidence(cell) !== 'ambiguous') return '.';
    const currency = this.#currency();
    if (currency === undefined)
      throw new RefusedReport('undecided-decimals', cell.slice(0, DETAIL_CHARS_MAX));
    this.#assumedMark ??= usualDecimalMark(currency, this.#lastMarketplace);
    return this.#assumedMark;
  }

  #cell(row: CsvRow, column: Column): string {
    const index = this.#at[column];
    return index === undefined ? '' : (row.cells[index] ?? '').trim();
  }
}

/** What the whole row is, or undefined for a row whose columns go to an order one by one. */
function wholeRowComponent(meaning: RowMeaning | undefined, orderId: string): Component | undefined {
  if (meaning === undefined) return 'unclassified';
  if (meaning === 'reimbursement' || meaning === 'balance') return meaning;
  return orderId === '' ? 'accountCost' : undefined;
}
