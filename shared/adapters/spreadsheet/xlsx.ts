import writeExcelFile, { type Cell as XlsxCell } from 'write-excel-file/node';
import { formatMinor, minorDigits } from '../../domain/money.ts';
import type { Cell, TableWriter } from '../../ports/table-writer.ts';

/** Characters that a column shows. */
const WIDTH_MIN = 10;
const WIDTH_MAX = 48;
/** Sheets' names have at most so many characters (ECMA-376, as Excel keeps it). */
const NAME_LENGTH_MAX = 31;

/** A workbook with one sheet per table, heads kept in sight. Text is stored as text, so that it can be no formula. */
export const xlsxWriter: TableWriter = {
  mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  extension: 'xlsx',
  async write(sheets) {
    return writeExcelFile(
      sheets.map(({ name, head, rows }) => ({
        sheet: name.slice(0, NAME_LENGTH_MAX),
        data: [
          head.map((title) => ({ value: title, type: String, fontWeight: 'bold' as const })),
          ...rows.map((row) => row.map(cellOf)),
        ],
        columns: head.map((title, at) => ({ width: widthOf(title, rows, at) })),
        stickyRowsCount: 1,
      })),
    ).toBuffer();
  },
};

function cellOf(cell: Cell): XlsxCell {
  if (cell === null || cell === '') return null;
  if (typeof cell === 'number') return { value: cell, type: Number };
  if (typeof cell === 'string') return { value: cell, type: String };
  if ('day' in cell) return { value: new Date(`${cell.day}T00:00:00Z`), type: Date, format: 'yyyy-mm-dd' };
  const digits = minorDigits(cell.currency);
  return {
    // A workbook knows no other numbers; two decimals survive it as they are.
    value: Number(formatMinor(cell.amountMinor, cell.currency)),
    type: Number,
    format: digits === 0 ? '#,##0' : `#,##0.${'0'.repeat(digits)}`,
  };
}

function widthOf(title: string, rows: readonly (readonly Cell[])[], at: number): number {
  const lengths = rows.map((row) => {
    const cell = row[at];
    return typeof cell === 'string' ? cell.length : 0;
  });
  const widest = lengths.reduce((most, length) => Math.max(most, length), title.length);
  return Math.min(Math.max(widest + 2, WIDTH_MIN), WIDTH_MAX);
}
