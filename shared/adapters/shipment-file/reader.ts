import { CsvError, parse } from 'csv-parse/sync';
import type { FileProblem, ReadShipmentFile } from '../../domain/shipment-file.ts';
import { SHIPMENT_FILE_BYTES_MAX, SHIPMENT_FILE_ROWS_MAX } from '../../domain/shipment-file.ts';
import type { ShipmentFileReader } from '../../ports/shipment-file-reader.ts';
import { type Column, columnOf } from './columns.ts';
import { readRow } from './row.ts';

const DELIMITERS = [';', ',', '\t'];
const LINE_BREAK = /\r\n|\n|\r/g;
/** A record longer than this has lost a quotation mark. */
const RECORD_CHARS_MAX = 65_536;
const IGNORED_COLUMNS_MAX = 20;
const HEADER_CHARS_SHOWN = 40;
/** What a spreadsheet or an archive begins with, whatever its name ends with. */
const NOT_TEXT = ['PK\u0003\u0004', '%PDF', '\u00d0\u00cf\u0011\u00e0'];
const ALWAYS_NEEDED: readonly Column[] = ['courier', 'marketplace', 'orderNumber'];
const KNOWN_BY: readonly Column[] = ['reference', 'parcelNumbers', 'trackingNumber'];

/** Files of shipments: CSV with a header in Italian or English, its columns in any order, split by `;`, `,` or tabs. */
export function createShipmentFileReader(): ShipmentFileReader {
  return {
    read(bytes, uploadedAt) {
      if (bytes.byteLength > SHIPMENT_FILE_BYTES_MAX) return refused('too-large', '1 MB');
      const text = textOf(bytes);
      if (text === undefined) return refused('not-text');
      if (text.trim() === '') return refused('empty');
      const [headerLine = ''] = text.trimStart().split(LINE_BREAK, 1);
      const delimiter = mostOf(DELIMITERS, headerLine);
      let records: string[][];
      try {
        records = parse(text, {
          delimiter,
          trim: true,
          relax_column_count: true,
          relax_quotes: true,
          record_delimiter: ['\r\n', '\n', '\r'],
          max_record_size: RECORD_CHARS_MAX,
        });
      } catch (error) {
        if (!(error instanceof CsvError)) throw error;
        return refused('damaged-quotes');
      }
      return readRecords(numbered(records), delimiter, uploadedAt);
    },
  };
}

interface NumberedRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

function readRecords(
  records: readonly NumberedRecord[],
  delimiter: string,
  uploadedAt: string,
): ReadShipmentFile {
  const [header, ...rest] = records.filter(({ cells }) => cells.some((cell) => cell !== ''));
  if (header === undefined) return refused('empty');
  const columns = header.cells.map(columnOf);
  const known = columns.flatMap((column) => column ?? []);
  const twice = known.find((column, index) => known.indexOf(column) !== index);
  if (twice !== undefined) return refused('column-twice', header.cells[columns.lastIndexOf(twice)]);
  const missing = ALWAYS_NEEDED.find((column) => !known.includes(column));
  if (missing !== undefined) return refused('no-header');
  if (!KNOWN_BY.some((column) => known.includes(column))) return refused('no-header');
  if (rest.length === 0) return refused('empty');
  if (rest.length > SHIPMENT_FILE_ROWS_MAX) {
    return refused('too-large', `${rest.length} > ${SHIPMENT_FILE_ROWS_MAX}`);
  }
  const swallower = rest.find(({ cells }) => swallowsRows(cells, delimiter, columns.length));
  if (swallower !== undefined) return refused('damaged-quotes', `${swallower.line}`);
  return {
    outcome: 'read',
    rows: rest.map((record) => readRow(record, columns, uploadedAt)),
    ignoredColumns: header.cells
      .filter((cell, index) => columns[index] === undefined && cell !== '')
      .slice(0, IGNORED_COLUMNS_MAX)
      .map((cell) => cell.slice(0, HEADER_CHARS_SHOWN)),
  };
}

/** Whether a cell holds what look like whole rows: its own quotation mark was lost, and another one ended it lines later. */
function swallowsRows(cells: readonly string[], delimiter: string, columns: number): boolean {
  return cells.some((cell) => {
    const [, ...lines] = cell.split(LINE_BREAK);
    return lines.some((line) => line.split(delimiter).length >= columns);
  });
}

/** With the physical line that each begins on: quoted cells may hold line breaks. */
function numbered(records: readonly (readonly string[])[]): readonly NumberedRecord[] {
  let line = 1;
  return records.map((cells) => {
    const record = { line, cells };
    line += 1 + cells.reduce((breaks, cell) => breaks + (cell.match(LINE_BREAK)?.length ?? 0), 0);
    return record;
  });
}

function mostOf(delimiters: readonly string[], line: string): string {
  const counted = delimiters.map((delimiter) => [line.split(delimiter).length, delimiter] as const);
  return counted.toSorted(([a], [b]) => b - a)[0]?.[1] ?? ',';
}

/** UTF-8, UTF-16 as Excel's "Unicode text", or the old Windows encoding of western Europe; undefined for what is no text. */
function textOf(bytes: Uint8Array): string | undefined {
  const begin = String.fromCharCode(...bytes.subarray(0, 4));
  if (NOT_TEXT.some((each) => begin.startsWith(each))) return undefined;
  if (begin.startsWith('\u00ff\u00fe')) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function refused(code: FileProblem, detail = ''): ReadShipmentFile {
  return { outcome: 'refused', problem: { code, detail } };
}
