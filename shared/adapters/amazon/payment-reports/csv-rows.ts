import { finished } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { parse as parseSync } from 'csv-parse/sync';
import { RefusedReport } from '../../../domain/statement.ts';

/** One record of a CSV file, with the physical line it starts on. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
  /** Set on the last record when the file ends inside a quoted cell: how many physical lines it swallowed. */
  readonly cutLines?: number;
}

/** Characters in one record; real ones have a few hundred. A lost quotation mark would otherwise swallow the file. */
const RECORD_CHARS_MAX = 65_536;

const LINE_BREAKS = ['\r\n', '\n', '\r'];
const LINE_BREAK = /\r\n|\n|\r/g;

function countLineBreaks(text: string): number {
  return text.match(LINE_BREAK)?.length ?? 0;
}

/**
 * The records of a CSV text, streamed in batches (one per piece of text), blank lines included.
 * A file that ends inside a quoted cell yields that cell's record last, marked `cutLines`.
 * @param firstLine physical line number of the first record
 * @throws RefusedReport `damaged-quotes` when a record does not end within {@link RECORD_CHARS_MAX}
 */
export async function* csvRows(
  text: AsyncIterable<string>,
  firstLine: number,
): AsyncGenerator<readonly CsvRow[]> {
  let batch: CsvRow[] = [];
  let line = firstLine;
  let lastPieceBreaks = 0;
  const parser = parse({
    record_delimiter: LINE_BREAKS,
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: RECORD_CHARS_MAX,
    // Called for each record while its text is being written, so that rows before a cut are never lost to the error.
    on_record: (cells: string[]) => {
      batch.push({ line, cells });
      line += 1;
      for (const cell of cells) if (cell.includes('\n') || cell.includes('\r')) line += countLineBreaks(cell);
      return null;
    },
  });
  // Failures arrive through the callbacks below; without a listener they would end the process.
  parser.on('error', () => {});
  parser.resume();
  let breaks = 0;
  let endsWithBreak = true;
  let endsWithCarriageReturn = false;
  try {
    for await (const piece of text) {
      if (piece === '') continue;
      lastPieceBreaks = countLineBreaks(piece);
      breaks += lastPieceBreaks - (endsWithCarriageReturn && piece.startsWith('\n') ? 1 : 0);
      endsWithCarriageReturn = piece.endsWith('\r');
      endsWithBreak = endsWithCarriageReturn || piece.endsWith('\n');
      await new Promise<void>((resolve, reject) => {
        parser.write(piece, (error) => (error ? reject(error) : resolve()));
      });
      yield batch;
      batch = [];
    }
    const ended = finished(parser);
    parser.end();
    await ended;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code !== 'CSV_QUOTE_NOT_CLOSED')
      throw new RefusedReport('damaged-quotes', `line ${line}`, { cause: error });
    const lastLine = firstLine + breaks - (endsWithBreak ? 1 : 0);
    batch.push({ line, cells: [], cutLines: lastLine - line + 1 });
  } finally {
    parser.destroy();
  }
  yield batch;
}

/** The cells of one line taken by itself; a line with a lost quotation mark is read as far as it goes. */
export function cellsOfLine(line: string, delimiter: string): readonly string[] {
  for (const text of [line, `${line}"`]) {
    try {
      const [cells = []] = parseSync(text, {
        delimiter,
        relax_column_count: true,
        relax_quotes: true,
      });
      return cells;
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
    }
  }
  return [line];
}

/** True for a line without any content, such as the `,,,,` that spreadsheets leave at the end. */
export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '');
}
