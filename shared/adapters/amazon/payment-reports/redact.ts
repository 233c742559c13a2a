import { stringify } from 'csv-stringify/sync';
import { type CsvRow, isBlank } from './csv-rows.ts';
import { columnCountProblem, dataRows } from './date-range.ts';
import type { Column } from './date-range-columns/columns.ts';
import { decodeText } from './decode.ts';
import type { DateRangeFile } from './recognise.ts';

/** Columns that say where a buyer lives, and columns of unknown name: one of those could be such a column in a new spelling. */
const PERSONAL: ReadonlySet<Column | undefined> = new Set(['city', 'region', 'postcode', undefined]);

/**
 * A copy of a date-range file without the buyers' city, region and postcode, as UTF-8 with BOM. Every column and every
 * physical line stays where it was, so reading the copy gives exactly the rows of the original.
 * Rows whose cells do not match the header may hold a city anywhere; they are rejected by the reader anyway, so all
 * their text is masked.
 * @throws RefusedReport `damaged-quotes` as the reader does
 */
export async function* redactDateRange(
  source: AsyncIterable<Uint8Array>,
  file: DateRangeFile,
): AsyncGenerator<Uint8Array> {
  const head: Uint8Array[] = [];
  let headWritten = false;
  for await (const rows of dataRows(source, file, (bytes) => head.push(bytes))) {
    if (!headWritten) {
      yield Buffer.from(`\uFEFF${decodeText(Buffer.concat(head))}`);
      headWritten = true;
    }
    if (rows.length > 0) yield Buffer.from(rows.map((row) => redactRow(row, file)).join(''));
  }
}

function redactRow(row: CsvRow, file: DateRangeFile): string {
  if (row.cut) return `"${new Array(row.lineCount).fill('x').join('\n')}`;
  return stringify([redactCells(row, file)], { quoted: true, quoted_empty: true, eof: row.ended });
}

function redactCells(row: CsvRow, file: DateRangeFile): readonly string[] {
  const { cells } = row;
  if (columnCountProblem(row, file)) return cells.map((cell) => replaceText(cell, 'x'));
  const redacted = cells.map((cell, i) => (PERSONAL.has(file.columns[i]) ? replaceText(cell, '') : cell));
  // A row of nothing but a city would turn into a blank line, which the reader does not count.
  return isBlank(redacted) && !isBlank(cells) ? cells.map((cell) => replaceText(cell, 'x')) : redacted;
}

/** Another text with the same line breaks: line numbers must not move. */
function replaceText(cell: string, text: string): string {
  return cell.replace(/[^\r\n]+/g, (old) => (old.trim() === '' ? '' : text));
}
