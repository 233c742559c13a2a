import { parse } from 'csv-parse/sync';
import readXlsx from 'read-excel-file/node';
import { describe, expect, test } from 'vitest';
import type { Sheet } from '../../ports/table-writer.ts';
import { csvWriter } from './csv.ts';
import { xlsxWriter } from './xlsx.ts';

const FORMULAS = ['=1+1', '+39 000', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1+1'];
const sheet = (rows: Sheet['rows'], more: Partial<Sheet> = {}): Sheet => ({
  name: 'Foglio',
  head: ['A', 'B', 'C'],
  rows,
  ...more,
});

async function csvOf(rows: Sheet['rows']): Promise<string[][]> {
  const text = Buffer.from(await csvWriter.write([sheet(rows)])).toString('utf8');
  return parse(text, { delimiter: ';', bom: true, from_line: 2 });
}
async function xlsxOf(sheets: readonly Sheet[]) {
  return readXlsx(Buffer.from(await xlsxWriter.write(sheets)));
}

describe('CSV', () => {
  test('says that it is UTF-8, and writes amounts as Italian programs read them', async () => {
    const bytes = Buffer.from(
      await csvWriter.write([sheet([['è', { amountMinor: -5, currency: 'EUR' }, 4.5]])]),
    );
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    expect(await csvOf([['è', { amountMinor: -123_456, currency: 'EUR' }, 25.5]])).toEqual([
      ['è', '-1234,56', '25,5'],
    ]);
  });

  test('no text begins a formula, whatever a buyer or a seller wrote', async () => {
    for (const formula of FORMULAS)
      expect(await csvOf([[formula, null, null]])).toEqual([[`'${formula}`, '', '']]);
  });

  test('separators, quotes and line ends stay in their cell', async () => {
    expect(await csvOf([['a;b', 'c"d', 'e\nf']])).toEqual([['a;b', 'c"d', 'e\nf']]);
  });
});

describe('xlsx', () => {
  test('keeps text, numbers, amounts and days apart', async () => {
    const [read] = await xlsxOf([
      sheet([
        ['00123', { amountMinor: 1_005, currency: 'EUR' }, { day: '2026-11-24' }],
        ['1E5', 7, null],
      ]),
    ]);
    expect(read?.data).toEqual([
      ['A', 'B', 'C'],
      ['00123', 10.05, new Date('2026-11-24T00:00:00Z')],
      ['1E5', 7, null],
    ]);
  });

  test('no text is a formula', async () => {
    const bytes = Buffer.from(await xlsxWriter.write([sheet(FORMULAS.map((each) => [each, null, null]))]));
    const [read] = await readXlsx(bytes);
    expect(read?.data.slice(1).map(([cell]) => cell)).toEqual(FORMULAS.map((each) => each.trim()));
  });

  test('has a sheet per table, and cuts a name that is too long', async () => {
    const read = await xlsxOf([
      sheet([], { name: 'Documenti' }),
      sheet([], { name: 'Un nome molto più lungo di trentuno caratteri' }),
    ]);
    expect(read.map((each) => each.sheet)).toEqual(['Documenti', 'Un nome molto più lungo di tren']);
  });
});
