import { stringify } from 'csv-stringify/sync';
import { formatMinor } from '../../domain/money.ts';
import type { Cell, TableWriter } from '../../ports/table-writer.ts';

/** Programs take a file for UTF-8 only when it says so. */
const BOM = '\uFEFF';
/** What a spreadsheet program takes for the begin of a formula (OWASP, "CSV Injection"). */
const FORMULA_BEGIN = /^[=+\-@\t\r＝＋－＠]/u;

/**
 * Semicolons and decimal commas, as Italian spreadsheet programs read them. Several tables stand below each other, an
 * empty line apart. Text that would begin a formula gets an apostrophe before it.
 */
export const csvWriter: TableWriter = {
  mediaType: 'text/csv; charset=utf-8',
  extension: 'csv',
  async write(sheets) {
    const blocks = sheets.map(({ head, rows }) =>
      stringify([head.map(text), ...rows.map((row) => row.map(text))], {
        delimiter: ';',
        record_delimiter: 'windows',
      }),
    );
    return Buffer.from(BOM + blocks.join('\r\n'));
  },
};

function text(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell).replace('.', ',');
  if (typeof cell === 'string') return FORMULA_BEGIN.test(cell) ? `'${cell}` : cell;
  if ('day' in cell) return cell.day;
  return formatMinor(cell.amountMinor, cell.currency).replace('.', ',');
}
