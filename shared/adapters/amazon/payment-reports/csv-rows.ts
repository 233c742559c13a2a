import { finished } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { parse as parseSync } from 'csv-parse/sync';
import { RefusedReport } from '../../../domain/statement.ts';

/** One record of a CSV file. */
export interface CsvRow {
  /** The physical line it starts on. */
  readonly line: number;
  /** Physical lines it takes: more than one when a quoted cell holds line breaks, or has lost its closing mark. */
  readonly lineCount: number;
  /** Empty when `cut`. */
  readonly cells: readonly string[];
  /** The last record of a file that ends inside a quoted cell. */
  readonly cut: boolean;
  /** Whether a line end follows. Without one, the last record may have lost its end. */
  readonly ended: boolean;
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
 * A file that ends inside a quoted cell yields that cell's record last, marked `cut`.
 * @param firstLine physical line number of the first record
 * @throws RefusedReport `damaged-quotes` when a record does not end within {@link RECORD_CHARS_MAX}
 */
export async function* csvRows(
  text: AsyncIterable<string>,
  firstLine: number,
): AsyncGenerator<readonly CsvRow[]> {
  let batch: CsvRow[] = [];
  let line = firstLine;
  const parser = parse({
    record_delimiter: LINE_BREAKS,
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: RECORD_CHARS_MAX,
    // Called for each record while its text is being written, so that rows before a cut are never lost to the error.
    on_record: (cells: string[]) => {
      let lineCount = 1;
      for (const cell of cells) {
        if (cell.includes('\n') || cell.includes('\r')) lineCount += countLineBreaks(cell);
      }
      batch.push({ line, lineCount, cells, cut: false, ended: true });
      line += lineCount;
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
      breaks += countLineBreaks(piece) - (endsWithCarriageReturn && piece.startsWith('\n') ? 1 : 0);
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
    const last = batch.at(-1);
    if (last && !endsWithBreak) batch[batch.length - 1] = { ...last, ended: false };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code !== 'CSV_QUOTE_NOT_CLOSED')
      throw new RefusedReport('damaged-quotes', `line ${line}`, { cause: error });
    const lastLine = firstLine + breaks - (endsWithBreak ? 1 : 0);
    batch.push({ line, lineCount: lastLine - line + 1, cells: [], cut: true, ended: false });
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
