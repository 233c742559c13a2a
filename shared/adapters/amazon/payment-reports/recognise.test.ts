import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordingSink } from '../../../../tests/support/recording-sink.ts';
import { REFUSAL_CODES, type RefusalCode, RefusedReport } from '../../../domain/statement.ts';
import { refusalText } from '../../../domain/texts/index.ts';
import { readDateRange } from './date-range.ts';
import { buildDateRange, ROWS } from './fixtures/date-range/build.ts';
import { LAYOUTS, layout } from './fixtures/date-range/layouts.ts';
import { type DateRangeFile, RECOGNISE_BYTES, recognise } from './recognise.ts';

const FIXTURES = new URL('./fixtures/', import.meta.url);

async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function read(bytes: Uint8Array): Promise<{ file: DateRangeFile; sink: RecordingSink }> {
  const file = recognise(bytes, true);
  if (file.kind !== 'date-range') throw new Error(`recognised as ${file.kind}`);
  const sink = new RecordingSink();
  await readDateRange(whole(bytes), file, { timeZone: 'Europe/Rome' }, sink);
  return { file, sink };
}

const V2 = (
  'settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency transaction-type order-id ' +
  'merchant-order-id adjustment-id shipment-id marketplace-name amount-type amount-description amount fulfillment-id ' +
  'posted-date posted-date-time order-item-code merchant-order-item-id merchant-adjustment-item-id sku quantity-purchased promotion-id'
).split(' ');
const V1 = (
  'settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency transaction-type order-id ' +
  'merchant-order-id adjustment-id shipment-id marketplace-name shipment-fee-type shipment-fee-amount order-fee-type ' +
  'order-fee-amount fulfillment-id posted-date order-item-code merchant-order-item-id merchant-adjustment-item-id sku ' +
  'quantity-purchased price-type price-amount item-related-fee-type item-related-fee-amount misc-fee-amount other-fee-amount ' +
  'other-fee-reason-description promotion-id promotion-type promotion-amount direct-payment-type direct-payment-amount other-amount'
).split(' ');

describe('settlement files', () => {
  const kindOf = (columns: readonly string[], end = '\n') =>
    recognise(Buffer.from(columns.join('\t') + end), true).kind;

  it('V2, with all columns, with fewer, with more, with a BOM', () => {
    expect(kindOf(V2)).toBe('settlement-v2');
    expect(kindOf(V2, '\r\n')).toBe('settlement-v2');
    expect(kindOf(V2.filter((name) => !/^merchant-/.test(name)))).toBe('settlement-v2');
    expect(kindOf([...V2, 'new-column'])).toBe('settlement-v2');
    expect(kindOf(['\uFEFFsettlement-id', ...V2.slice(1)])).toBe('settlement-v2');
    expect(kindOf(V2.map((name) => name.toUpperCase()))).toBe('settlement-v2');
  });

  it('V1, with 36, 37 and 33 columns', () => {
    expect(kindOf(V1)).toBe('settlement-v1');
    expect(kindOf(V1.toSpliced(18, 0, 'posted-date-time'))).toBe('settlement-v1');
    const withoutOrders = V1.filter((name) => !name.startsWith('promotion-'));
    expect(withoutOrders).toHaveLength(33);
    expect(kindOf(withoutOrders)).toBe('settlement-v1');
  });
});

describe('date-range files', () => {
  it.each(LAYOUTS.map((each) => [each.name, each] as const))('%s', (_, each) => {
    const bytes = buildDateRange({ layout: each, rows: ROWS });
    const file = recognise(bytes, true);
    expect(file).toMatchObject({
      kind: 'date-range',
      language: each.language,
      headerLine: 10,
      preambleCurrency: each.currency,
    });
    if (file.kind === 'date-range') {
      expect(file.columns).toHaveLength(each.headers.length);
      expect(file.columns).not.toContain(undefined);
      const firstRow = String(bytes.subarray(file.dataOffsetBytes));
      expect(firstRow.startsWith(`"${each.date(new Date('2025-12-31T23:31:10Z'))}"`)).toBe(true);
    }
  });

  it('headers in capitals, with typographic apostrophes, no-break spaces and colons', () => {
    const { headers, ...rest } = layout('IT');
    const odd = headers.map(
      (header) => ` ${header.toUpperCase().replaceAll("'", '’').replaceAll(' ', '\u00a0')} : `,
    );
    const odder = odd.map((header) => header.replace('::', ':').replace(': :', ':'));
    expect(recognise(buildDateRange({ layout: { ...rest, headers: odder }, rows: [] }), true)).toMatchObject({
      language: 'it',
    });
  });

  it('the two columns after the total by their place, whatever they are called', () => {
    const file = recognise(buildDateRange({ layout: layout('PL'), rows: [] }), true);
    expect(file).toMatchObject({ columns: expect.arrayContaining(['total', 'status', 'releaseDate']) });
  });

  it('no currency from a preamble that names two', () => {
    const two = { ...layout('UK'), currencyLine: 'All amounts in GBP, converted from EUR' };
    expect(recognise(buildDateRange({ layout: two, rows: [] }), true)).toMatchObject({
      preambleCurrency: undefined,
    });
  });

  it.each(readdirSync(new URL('date-range/', FIXTURES)).filter((name) => name.endsWith('.csv')))(
    '%s',
    async (name) => {
      const { sink } = await read(readFileSync(new URL(`date-range/${name}`, FIXTURES)));
      expect(sink.rejects).toEqual([]);
      expect(sink.rows.map((row) => row.parts)).toEqual(ROWS.map((row) => row.parts));
    },
  );
});

describe('damaged files', () => {
  it('are read or refused, never a crash, and no line is counted twice', async () => {
    const bytes = readFileSync(new URL('date-range/it-29-columns.csv', FIXTURES));
    const damage = fc.record({
      at: fc.nat(bytes.length - 1),
      byte: fc.constantFrom(0x22, 0x2c, 0x0a, 0x0d, 0x00, 0xff, 0x35),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 6 }), async (damages) => {
        const damaged = Buffer.from(bytes);
        for (const { at, byte } of damages) damaged[at] = byte;
        const outcome = await read(damaged).catch((error: unknown) => error);
        if (outcome instanceof RefusedReport) return;
        if (outcome instanceof Error) throw outcome;
        const { sink } = outcome as { sink: RecordingSink };
        const lines = sink.calls.map((call) => call.line);
        expect(new Set(lines).size).toBe(lines.length);
        expect(lines).toEqual(lines.toSorted((a, b) => a - b));
      }),
      { numRuns: 150 },
    );
  });

  it('of any bytes are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, complete) => {
        expect(() => recognise(bytes, complete)).toThrow(RefusedReport);
      }),
    );
  });
});

describe('files that are refused', () => {
  const names = readdirSync(new URL('refused/', FIXTURES));
  const codeOf = (name: string) => name.split('--')[0] as RefusalCode;

  it.each(names)('%s', async (name) => {
    const bytes = readFileSync(new URL(`refused/${name}`, FIXTURES));
    const refusal = await read(bytes).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(RefusedReport);
    if (!(refusal instanceof RefusedReport)) return;
    expect(refusal.code).toBe(codeOf(name));
    expect(refusal.detail.length).toBeLessThanOrEqual(80);
    expect(refusalText(refusal.code, refusal.detail)).toContain(' — ');
  });

  it('a file is there for every reason', () => {
    // Refused elsewhere: by the reader of larger files, and by the use case.
    const elsewhere = ['damaged-quotes', 'unknown-channel'];
    expect([...new Set(names.map(codeOf))].sort()).toEqual(
      REFUSAL_CODES.filter((code) => !elsewhere.includes(code)).sort(),
    );
  });

  it('shows the header that is not known', () => {
    const bytes = readFileSync(new URL('refused/unknown-columns--new-money-column-it.csv', FIXTURES));
    expect(() => recognise(bytes, true)).toThrow('26: "Commissione del domani"');
  });

  it('never by name: a head that ends inside the header of a longer file is not enough', () => {
    const bytes = buildDateRange({ layout: layout('IT'), rows: ROWS });
    const inHeader = bytes.indexOf('Vendite');
    expect(() => recognise(bytes.subarray(0, inHeader), false)).toThrow(RefusedReport);
    expect(recognise(bytes.subarray(0, RECOGNISE_BYTES), true)).toMatchObject({ headerLine: 10 });
  });

  it('a head that ends within the header or its line end', () => {
    const bytes = buildDateRange({ layout: layout('IT'), rows: ROWS });
    const lineEnd = bytes.indexOf('\r\n', bytes.indexOf('Data/Ora'));
    for (const end of [lineEnd - 5, lineEnd, lineEnd + 1])
      expect(() => recognise(bytes.subarray(0, end), false)).toThrow('cut-in-header');
    expect(recognise(bytes.subarray(0, lineEnd + 2), false)).toMatchObject({ dataOffsetBytes: lineEnd + 2 });
  });

  it('a header further down than any preamble reaches', () => {
    const far = buildDateRange({ layout: layout('IT'), rows: ROWS, preambleLines: 200 });
    expect(() => recognise(far, true)).toThrow('not-a-payment-report');
  });
});
