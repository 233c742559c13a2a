import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryReceiptStore } from '../../tests/support/memory/receipt-store.ts';
import { aDraft, receiptLine } from '../../tests/support/receipts.ts';
import { csvWriter } from '../adapters/spreadsheet/csv.ts';
import { orderId } from '../domain/order.ts';
import type { Receipt } from '../domain/receipt.ts';
import { totalsOf } from '../domain/vat.ts';
import { exportReceipts } from './export-receipts.ts';

type Line = Parameters<typeof receiptLine>[0];

/** A store with one issued document per list of lines, in the order given. */
async function storeOf(
  documents: readonly { lines: Line[]; issueDate?: string; change?: Partial<Receipt> }[],
) {
  const store = new MemoryReceiptStore();
  for (const [at, { lines, issueDate = '2026-11-23', change = {} }] of documents.entries()) {
    const all = lines.map((each, line) => receiptLine({ lineNumber: line + 1, ...each }));
    const order = orderId('amazon', `404-0000001-${String(at).padStart(7, '0')}`);
    const [stored] = await store.create([
      aDraft({ orderId: order, issueDate, lines: all, totals: totalsOf(all) }),
    ]);
    if (stored === undefined) throw new Error('not stored');
    await store.change({ ...stored.receipt, state: 'issued', ...change });
  }
  return store;
}

const NOVEMBER = { from: '2026-11', until: '2026-11' };

/** The two tables of the file, as a program that reads semicolons sees them. */
async function tablesOf(store: MemoryReceiptStore, period = NOVEMBER) {
  const { bytes, fileName } = await exportReceipts({ receipts: store, writer: csvWriter }, period, 'it');
  const [documents = '', totals = ''] = Buffer.from(bytes).toString('utf8').split('\r\n\r\n');
  const rows = (text: string): string[][] => parse(text, { delimiter: ';', bom: true });
  return { documents: rows(documents), totals: rows(totals), fileName };
}
const cents = (text: string | undefined): number => Number((text ?? '').replace(',', ''));

describe('the accountant’s export', () => {
  test('has one row per document and rate, and the totals that they add up to', async () => {
    const store = await storeOf([
      { lines: [{ grossMinor: 12_200 }, { grossMinor: 10_400, rateHundredths: 400 }] },
      { lines: [{ grossMinor: 2_440 }] },
    ]);
    const { documents, totals, fileName } = await tablesOf(store);
    expect(documents.slice(1).map((row) => [row[0], row[1], ...row.slice(8, 13)])).toEqual([
      ['2026-11-23', '1/RC/2026', '22', '', '100,00', '22,00', '122,00'],
      ['2026-11-23', '1/RC/2026', '4', '', '100,00', '4,00', '104,00'],
      ['2026-11-23', '2/RC/2026', '22', '', '20,00', '4,40', '24,40'],
    ]);
    expect(totals.slice(1)).toEqual([
      ['EUR', '22', '', '', '120,00', '26,40', '146,40'],
      ['EUR', '4', '', '', '100,00', '4,00', '104,00'],
      ['EUR', 'tutte', '', '2', '220,00', '30,40', '250,40'],
    ]);
    expect(fileName).toBe('receipts-2026-11.csv');
  });

  test('rows, control totals and documents agree to the cent, whatever was sold and taken back', async () => {
    const line = fc.record({
      grossMinor: fc.integer({ min: -500_000, max: 500_000 }),
      rateHundredths: fc.constantFrom(0, 400, 1_000, 2_200, 2_550),
    });
    const documents = fc.array(fc.array(line, { minLength: 1, maxLength: 5 }), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(documents, async (drawn) => {
        const store = await storeOf(drawn.map((lines) => ({ lines })));
        const tables = await tablesOf(store);
        const sold = drawn.flat().reduce((sum, { grossMinor }) => sum + grossMinor, 0);
        const inRows = (column: number) =>
          tables.documents.slice(1).reduce((sum, row) => sum + cents(row[column]), 0);
        expect(inRows(12)).toBe(sold);
        expect(inRows(10) + inRows(11)).toBe(sold);
        const last = tables.totals.at(-1);
        expect([cents(last?.[4]), cents(last?.[5]), cents(last?.[6])]).toEqual([
          inRows(10),
          inRows(11),
          sold,
        ]);
      }),
      { numRuns: 60 },
    );
  });

  test('a void number is listed, so that none is missing, and counts nothing', async () => {
    const store = await storeOf([
      { lines: [{ grossMinor: 12_200 }] },
      { lines: [{ grossMinor: 99_900 }], change: { state: 'void' } },
      { lines: [{ grossMinor: 2_440 }] },
    ]);
    const { documents, totals } = await tablesOf(store);
    expect(documents.slice(1).map((row) => [row[1], row[3], row[12]])).toEqual([
      ['1/RC/2026', 'emesso', '122,00'],
      ['2/RC/2026', 'annullato', ''],
      ['3/RC/2026', 'emesso', '24,40'],
    ]);
    expect(totals.at(-1)).toEqual(['EUR', 'tutte', '', '2', '120,00', '26,40', '146,40']);
  });

  test('currencies are never added to each other', async () => {
    const store = await storeOf([
      { lines: [{ grossMinor: 12_200 }] },
      { lines: [{ grossMinor: 12_500 }], change: { currency: 'SEK' } },
    ]);
    const { totals } = await exportReceipts({ receipts: store, writer: csvWriter }, NOVEMBER, 'it');
    expect(totals.map(({ currency, gross }) => [currency, gross.amountMinor])).toEqual([
      ['EUR', 12_200],
      ['SEK', 12_500],
    ]);
  });

  test('goes over the year’s end, and through more documents than one page of the store', async () => {
    const store = await storeOf([
      ...Array.from({ length: 501 }, () => ({ lines: [{ grossMinor: 100 }], issueDate: '2026-12-31' })),
      { lines: [{ grossMinor: 100 }], issueDate: '2027-01-01' },
      { lines: [{ grossMinor: 100 }], issueDate: '2027-02-01' },
    ]);
    const { documents, fileName } = await tablesOf(store, { from: '2026-12', until: '2027-01' });
    expect(documents).toHaveLength(503);
    expect(fileName).toBe('receipts-2026-12-2027-01.csv');
  });

  test('a period that ends before it begins, or is longer than a year, is refused', async () => {
    const store = new MemoryReceiptStore();
    for (const period of [
      { from: '2026-12', until: '2026-11' },
      { from: '2025-01', until: '2026-01' },
    ]) {
      await expect(tablesOf(store, period)).rejects.toThrow(RangeError);
    }
  });

  test('an empty month is a file with heads only', async () => {
    const { documents, totals } = await tablesOf(new MemoryReceiptStore());
    expect([documents.length, totals.length]).toEqual([1, 1]);
  });
});
