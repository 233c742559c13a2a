import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordingSink } from '../../../../tests/support/recording-sink.ts';
import type { ReadFacts, ReadHints } from '../../../domain/statement.ts';
import { readDateRange } from './date-range.ts';
import { buildDateRange, type FileOptions, ROWS, type Row } from './fixtures/date-range/build.ts';
import { LAYOUTS, type Layout, layout } from './fixtures/date-range/layouts.ts';
import { RECOGNISE_BYTES, recognise } from './recognise.ts';

const HINTS: ReadHints = { timeZone: 'Europe/Rome' };

async function* inChunks(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (let i = 0; start < bytes.length; i += 1) {
    const end = start + (sizes.length === 0 ? bytes.length : (sizes[i % sizes.length] ?? 1));
    yield bytes.subarray(start, end);
    start = end;
  }
}

async function read(
  bytes: Uint8Array,
  hints: ReadHints = HINTS,
  chunkSizes: readonly number[] = [],
): Promise<{ sink: RecordingSink; facts: ReadFacts }> {
  const file = recognise(bytes.subarray(0, RECOGNISE_BYTES), bytes.length <= RECOGNISE_BYTES);
  if (file.kind !== 'date-range') throw new Error(`recognised as ${file.kind}`);
  const sink = new RecordingSink();
  const facts = await readDateRange(inChunks(bytes, chunkSizes), file, hints, sink);
  return { sink, facts };
}

const build = (rows: readonly Row[], options: Partial<FileOptions> = {}) =>
  buildDateRange({ layout: layout('IT'), rows, ...options });

const ORDER: Row = { type: 'order', orderId: '408-1112223-3334445', sales: 1000, selling: -150 };
const lastColumns = (each: Layout) => each.fields.includes('releaseDate');

describe('the same rows in every country', () => {
  it.each(LAYOUTS.map((each) => [each.name, each] as const))('%s gives the same calls', async (_, each) => {
    // A layout without the column of withheld tax cannot print a row that has some.
    const rows = ROWS.filter((row) => each.fields.includes('withheld') || row.withheld === undefined);
    const { sink, facts } = await read(buildDateRange({ layout: each, rows }));

    expect(sink.rejects).toEqual([]);
    expect(sink.rows).toEqual(
      rows.map((row, i) => ({
        line: 11 + i,
        statement: {
          settlementId: '27205273902',
          marketplace: row.marketplace ?? each.marketplace,
          day: DAYS[ROWS.indexOf(row)],
          released: !(row.deferred === true && lastColumns(each)),
        },
        orderId: row.orderId ?? '',
        label: row.word ?? each.words[row.type ?? 'order'],
        parts: row.parts,
      })),
    );
    expect(facts).toEqual({
      format: 'date-range',
      language: each.language,
      currency: each.currency,
      statedBySettlement: new Map(),
      notices: [
        { code: 'unknown-word', detail: 'Parola Nuova' },
        { code: 'other-column-on-order', detail: '1' },
      ],
    });
  });
});

/** Local days in Rome of the rows' instants: the first is 2025-12-31T23:31:10Z. */
const DAYS = [
  ...['2026-01-01', '2026-01-15', '2026-02-28', '2026-03-01', '2026-04-07', '2026-05-20', '2026-06-02'],
  ...['2026-07-09', '2026-08-10', '2026-09-11', '2026-10-12', '2026-11-13', '2026-12-14'],
];

describe('the same rows in every wrapping', () => {
  const reference = async () => (await read(build(ROWS))).sink.calls;
  const withLine = (calls: RecordingSink['calls'], shift: number) =>
    calls.map((call) => ({ ...call, line: call.line + shift }));

  it.each([0, 1, 2, 7, 8, 9, 13, 29])('with %i lines of preamble', async (preambleLines) => {
    const { sink, facts } = await read(build(ROWS, { preambleLines }));
    expect(sink.calls).toEqual(withLine(await reference(), preambleLines - 9));
    expect(facts.currency).toBe('EUR');
  });

  it.each([
    ['UTF-8 without BOM', { bom: false }],
    ['Windows-1252', { encoding: 'windows-1252' }],
    ['LF', { eol: '\n' }],
    ['CR', { eol: '\r' }],
    ['quotation marks only where needed', { quotes: 'needed' }],
    ['no final line end', { finalEol: false }],
    ['a typographic minus', { minus: '\u2212' }],
    ['decimal point', { layout: { ...layout('IT'), numbers: '1,234.56' } }],
    ['no-break spaces as thousands', { layout: { ...layout('IT'), numbers: '1\u00a0234,56' } }],
    ['plain spaces as thousands', { layout: { ...layout('IT'), numbers: '1 234,56' } }],
  ] as const)('as %s', async (_, options) => {
    expect((await read(build(ROWS, options))).sink.calls).toEqual(await reference());
  });

  it('with line ends of several kinds', async () => {
    const lines = String(build(ROWS)).split('\r\n');
    const mixed = lines.map((text, i) => text + ['\r\n', '\n', '\r'][i % 3]).join('');
    expect((await read(Buffer.from(mixed.slice(0, -1)))).sink.calls).toEqual(await reference());
  });

  it('in any chunks', async () => {
    const bytes = build(ROWS, { eol: '\r\n' });
    const expected = await reference();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 }),
        async (sizes) => {
          expect((await read(bytes, HINTS, sizes)).sink.calls).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
    expect((await read(bytes, HINTS, [1])).sink.calls).toEqual(expected);
  });

  it('in any order, with any repeats: each row stands for itself', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...ROWS), { maxLength: 30 }), async (rows) => {
        const { sink } = await read(build(rows));
        expect(sink.rows.map((row) => row.parts)).toEqual(rows.map((row) => row.parts));
      }),
      { numRuns: 30 },
    );
  });

  it('with the first accent after the head that recognition sees', async () => {
    const english = layout('UK');
    const plain: Row[] = Array.from({ length: 700 }, () => ({ ...ORDER, city: '' }));
    const rows = [...plain, { ...ORDER, word: 'Servicegebühr', orderId: '', at: '2026-01-15T08:00:00Z' }];
    for (const encoding of ['utf-8', 'windows-1252'] as const) {
      const bytes = buildDateRange({ layout: english, rows, encoding, bom: false });
      expect(bytes.findIndex((byte) => byte > 0x7f)).toBeGreaterThan(RECOGNISE_BYTES);
      const { sink } = await read(bytes, HINTS, [65_536]);
      expect(sink.rows.at(-1)).toMatchObject({ label: 'Servicegebühr', parts: { accountCost: 850 } });
    }
  });
});

describe('what a row is', () => {
  const partsOf = async (row: Row) => (await read(build([row]))).sink.rows.map(({ parts }) => parts);

  it.each([
    ['A-to-z Guarantee Claim', { 'price-': 1000, 'commission-': -150 }],
    ['Erstattung durch Rückbuchung', { 'price-': 1000, 'commission-': -150 }],
    ['Bestellung_Wiedereinzug', { 'price-': 1000, 'commission-': -150 }],
    ['Liquidations Adjustments', { 'price-': 1000, 'commission-': -150 }],
    ['Liquidations', { price: 1000, commission: -150 }],
    ['ORDINE', { price: 1000, commission: -150 }],
    ['FBA Customer Return Fee', { 'price-': 1000, 'commission-': -150 }],
    ['FBA Transaction fees', { price: 1000, commission: -150 }],
    ['Modifica', { reimbursement: 850 }],
  ])('%s with an order', async (word, parts) => {
    expect(await partsOf({ ...ORDER, word })).toEqual([parts]);
  });

  it.each([
    ['Tariffa di servizio', { accountCost: 850 }],
    ['Tariffa dell’Offerta Lampo', { accountCost: 850 }],
    ['Ordine', { accountCost: 850 }],
    ['FBA Customer Return Fee', { 'accountCost-': 850 }],
    ['Ordini', { unclassified: 850 }],
  ])('%s without an order', async (word, parts) => {
    expect(await partsOf({ ...ORDER, word, orderId: '' })).toEqual([parts]);
  });

  it('keeps two rows that are equal in every field', async () => {
    const { sink } = await read(build([ORDER, ORDER]));
    expect(sink.rows.map(({ line, parts }) => [line, parts])).toEqual([
      [11, { price: 1000, commission: -150 }],
      [12, { price: 1000, commission: -150 }],
    ]);
  });

  it('reads a missing release column as released, unless the status says deferred', async () => {
    const { fields, headers, ...rest } = layout('IT');
    const without = { ...rest, fields: fields.slice(0, -1), headers: headers.slice(0, -1) };
    const { sink } = await read(build([ORDER, { ...ORDER, deferred: true }], { layout: without }));
    expect(sink.rows.map((row) => row.statement.released)).toEqual([true, false]);
  });

  it('reads an empty release date as deferred, whatever word stands beside it', async () => {
    const rows = ['Rilasciato', 'In sospeso', ''].map(
      (status): Row => ({ ...ORDER, cells: { status, releaseDate: '' } }),
    );
    const { sink } = await read(build(rows));
    expect(sink.rows.map((row) => row.statement.released)).toEqual([false, false, false]);
  });

  it('takes a bare release date', async () => {
    const { sink } = await read(build([{ ...ORDER, cells: { releaseDate: '20 gen 2026' } }]));
    expect(sink.rows[0]?.statement.released).toBe(true);
  });

  it('cuts days in the account’s own zone', async () => {
    const bytes = build([ORDER]);
    const dayIn = async (timeZone: string) => (await read(bytes, { timeZone })).sink.rows[0]?.statement.day;
    expect(await dayIn('Europe/Rome')).toBe('2026-01-01');
    expect(await dayIn('Europe/London')).toBe('2025-12-31');
    expect(await dayIn('America/Los_Angeles')).toBe('2025-12-31');
  });

  it('refuses a zone that does not exist', async () => {
    await expect(read(build([ORDER]), { timeZone: 'Europe/Roma' })).rejects.toThrow(RangeError);
  });
});

describe('rows that cannot be used', () => {
  const rejectsOf = async (cells: NonNullable<Row['cells']>) =>
    (await read(build([ORDER, { ...ORDER, cells }, ORDER]))).sink.calls.map((call) =>
      'reason' in call ? [call.line, call.reason, call.amountMinor] : 'row',
    );

  it.each([
    ['no-amount', { total: ' ' }, null],
    ['unreadable-amount', { total: 'n/a' }, null],
    ['too-many-decimals', { total: '8,500' }, null],
    ['too-many-decimals', { selling: '-1,5000' }, 850],
    ['unreadable-amount', { selling: '--1,50' }, 850],
    ['row-does-not-add-up', { total: '8,51' }, 851],
    ['row-does-not-add-up', { other: '0,01' }, 850],
    ['unreadable-date', { dateTime: '31 foo 2026 10:00:00 UTC' }, 850],
    ['unreadable-date', { dateTime: '30 feb 2026 10:00:00 UTC' }, 850],
    ['unreadable-date', { dateTime: '' }, 850],
    ['amount-without-type', { type: '' }, 850],
  ] as const)('%s for %j', async (reason, cells, amountMinor) => {
    expect(await rejectsOf(cells)).toEqual(['row', [12, reason, amountMinor], 'row']);
  });

  it('an amount with its comma outside quotation marks moves the columns', async () => {
    const text = String(build([ORDER, ORDER])).replace('"-1,50"', '-1,50');
    const { sink } = await read(Buffer.from(text));
    expect(sink.calls).toMatchObject([
      { line: 11, reason: 'too-many-columns' },
      { line: 12, parts: {} },
    ]);
  });

  it('blank lines and spreadsheet leftovers are no rows, and lines keep their numbers', async () => {
    const lines = String(build([ORDER, ORDER])).split('\r\n');
    lines.splice(11, 0, '', ',,,,,');
    const { sink } = await read(Buffer.from(lines.join('\r\n')));
    expect(sink.calls.map((call) => call.line)).toEqual([11, 14]);
  });

  it('a description with a line break counts its lines', async () => {
    const { sink } = await read(build([{ ...ORDER, description: 'due\r\nrighe\ne mezza' }, ORDER]));
    expect(sink.rows.map((row) => row.line)).toEqual([11, 14]);
  });
});

describe('a file that was cut', () => {
  // Without the deferred row: cut right before its empty date it is complete as it stands.
  const whole = build(
    ROWS.filter((row) => !row.deferred),
    { eol: '\n' },
  );
  const headerEnd = whole.indexOf('\n', whole.indexOf('Data/Ora')) + 1;

  it('counts every row before the cut, wherever it falls', async () => {
    const ends: number[] = [];
    for (let i = headerEnd; i < whole.length; i += 1) if (whole[i] === 0x0a) ends.push(i + 1);
    const complete = (await read(whole)).sink.calls;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: headerEnd, max: whole.length - 2 }), async (cut) => {
        const { sink, facts } = await read(whole.subarray(0, cut));
        const wholeRows = ends.filter((end) => end <= cut + 1).length;
        expect(sink.calls.slice(0, wholeRows)).toEqual(complete.slice(0, wholeRows));
        // Whatever is left of the next row is one rejected row, or nothing when the cut falls on a line end.
        const rest = sink.calls.slice(wholeRows);
        if (ends.some((end) => end === cut || end === cut + 1) || cut === headerEnd) expect(rest).toEqual([]);
        else {
          expect(rest).toEqual([{ line: 11 + wholeRows, reason: 'too-few-columns', amountMinor: null }]);
          expect(facts.notices).toContainEqual({ code: 'last-line-cut', detail: '' });
        }
      }),
      { numRuns: 60 },
    );
  });

  const lostMark = (count: number, at: number): Buffer => {
    const rows = Array.from({ length: count }, (_, i) =>
      i === at ? { ...ORDER, description: 'x, y' } : ORDER,
    );
    return Buffer.from(String(build(rows, { quotes: 'needed' })).replace('"x, y"', '"x, y'));
  };

  // With a decimal point nothing but these descriptions needs quotation marks.
  const uk = { layout: layout('UK'), quotes: 'needed' } as const;
  const quoted = { ...ORDER, description: 'x, y' };

  it('a lost quotation mark rejects every row it swallows', async () => {
    const text = String(build([ORDER, quoted, ORDER, quoted, ORDER], uk)).replace('"x, y"', '"x, y');
    const { sink } = await read(Buffer.from(text));
    expect(sink.calls.map((call) => call.line)).toEqual([11, 12, 13, 14, 15]);
    expect(sink.rejects.map((reject) => reject.line)).toEqual([12, 13, 14]);
  });

  it('up to the end of the file, in any chunks', async () => {
    const text = String(build([ORDER, quoted, ORDER, ORDER], uk)).replace('"x, y"', '"x, y');
    for (const sizes of [[], [1], [3]]) {
      const { sink, facts } = await read(Buffer.from(text), HINTS, sizes);
      expect(sink.rejects.map((reject) => [reject.line, reject.reason])).toEqual([
        [12, 'too-few-columns'],
        [13, 'too-few-columns'],
        [14, 'too-few-columns'],
      ]);
      expect(facts.notices).toEqual([{ code: 'last-line-cut', detail: '' }]);
    }
  });

  it('a row cut right before its release date does not pass for deferred money', async () => {
    const text = String(build([ORDER, ORDER]));
    const cut = text.slice(0, text.lastIndexOf('"Rilasciato",') + '"Rilasciato",'.length);
    expect((await read(Buffer.from(cut))).sink.calls).toMatchObject([
      { line: 11, statement: { released: true } },
      { line: 12, reason: 'too-few-columns' },
    ]);
    const deferred = build([ORDER, { ...ORDER, deferred: true }], { finalEol: false });
    expect((await read(deferred)).sink.rows.map((row) => row.statement.released)).toEqual([true, false]);
  });

  it('and refuses the file when it swallows more than a record can be', async () => {
    const [before, after = ''] = String(lostMark(2000, 1)).split('"x, y');
    const noMoreMarks = after.replaceAll('"', '');
    await expect(read(Buffer.from(`${before}"x, y${noMoreMarks}`))).rejects.toMatchObject({
      code: 'damaged-quotes',
    });
  });

  it('a header without rows is a report of no movements', async () => {
    const { sink, facts } = await read(build([]));
    expect(sink.calls).toEqual([]);
    expect(facts).toMatchObject({ currency: 'EUR', notices: [] });
  });
});

describe('the decimal mark', () => {
  const amountsOf = async (total: string[], hints: ReadHints = HINTS, options: Partial<FileOptions> = {}) => {
    const rows = total.map((text): Row => ({ type: 'transfer', cells: { total: text, other: text } }));
    return (await read(build(rows, options), hints)).sink.calls.map((call) =>
      'reason' in call ? call.reason : call.parts.balance,
    );
  };

  it('decides a thousand by later cells', async () => {
    expect(await amountsOf(['1.234', '0', '15', '2.000,50'])).toEqual([123400, 0, 1500, 200050]);
    expect(await amountsOf(['1,234', '0', '15', '2,000.50'])).toEqual([123400, 0, 1500, 200050]);
  });

  it('reads three decimals as too many once the file has decided', async () => {
    expect(await amountsOf(['1.50', '1.234'])).toEqual([150, 'too-many-decimals']);
  });

  it('takes the usual mark of the currency when no cell decides', async () => {
    expect(await amountsOf(['1.234', '7'])).toEqual([123400, 700]);
    expect(await amountsOf(['1,234', '7'])).toEqual(['too-many-decimals', 700]);
    expect(await amountsOf(['1,234'], { ...HINTS, currency: 'GBP' }, { ...NO_CURRENCY })).toEqual([123400]);
  });

  it('refuses when neither cells nor currency decide', async () => {
    await expect(amountsOf(['1.234'], HINTS, NO_CURRENCY)).rejects.toMatchObject({
      code: 'undecided-decimals',
    });
  });

  it.each([[['1,50', '1.50']], [['1.50', '0', '1.234,50']], [['1,234.50', '1,5']]])(
    'refuses a contradiction: %j',
    async (cells) => {
      await expect(amountsOf(cells)).rejects.toMatchObject({ code: 'mixed-decimals' });
    },
  );

  it('refuses a contradiction thousands of rows after an assumption', async () => {
    const cells = ['1.234', ...Array.from({ length: 6000 }, () => '10'), '1.50'];
    await expect(amountsOf(cells)).rejects.toMatchObject({ code: 'mixed-decimals' });
  });

  it('yen have no decimals', async () => {
    const japan = {
      layout: { ...layout('UK'), marketplace: 'amazon.co.jp', currencyLine: 'All amounts in JPY' },
    };
    expect(await amountsOf(['1,234', '15', '1,234,567'], HINTS, japan)).toEqual([1234, 15, 1234567]);
  });
});

const NO_CURRENCY: Partial<FileOptions> = {
  nameCurrency: false,
  layout: { ...layout('IT'), marketplace: '' },
};

describe('the currency', () => {
  const currencyOf = async (rows: Row[], options: Partial<FileOptions>, hints = HINTS) =>
    (await read(build(rows, options), hints)).facts.currency;

  it('comes from the preamble before anything else', async () => {
    expect(await currencyOf([{ ...ORDER, marketplace: 'amazon.se' }], {})).toBe('EUR');
  });

  it('comes from the first marketplace, thousands of account rows later', async () => {
    const account: Row = { type: 'serviceFee', other: -100, marketplace: '' };
    const rows = [...Array.from({ length: 6000 }, () => account), { ...ORDER, marketplace: 'Amazon.se' }];
    expect(await currencyOf(rows, { nameCurrency: false })).toBe('SEK');
  });

  it('refuses yen that turn up after amounts were read with decimals', async () => {
    const account: Row = { type: 'serviceFee', cells: { other: '-100', total: '-100' }, marketplace: '' };
    const rows = [
      ...Array.from({ length: 6000 }, () => account),
      { ...account, marketplace: 'amazon.co.jp' },
    ];
    await expect(currencyOf(rows, { nameCurrency: false })).rejects.toMatchObject({
      code: 'currency-unknown',
      detail: 'JPY',
    });
  });

  it('is USD for a file of American dates without marketplace', async () => {
    const us = { ...layout('US'), marketplace: '' };
    expect(await currencyOf([ORDER], { layout: us, nameCurrency: false, preambleLines: 0 })).toBe('USD');
    expect(
      await currencyOf([{ ...ORDER, marketplace: 'amazon.ca' }], { layout: us, nameCurrency: false }),
    ).toBe('CAD');
  });

  it('comes from the hints when the file is silent', async () => {
    expect(await currencyOf([ORDER], NO_CURRENCY, { ...HINTS, currency: 'PLN' })).toBe('PLN');
  });

  it('refuses a file that nobody can name the currency of', async () => {
    await expect(currencyOf([ORDER], NO_CURRENCY)).rejects.toMatchObject({ code: 'currency-unknown' });
  });

  it('refuses two currencies', async () => {
    const rows = [ORDER, { ...ORDER, marketplace: 'amazon.co.uk' }];
    await expect(currencyOf(rows, { nameCurrency: false })).rejects.toMatchObject({
      code: 'mixed-currencies',
      detail: 'EUR, GBP',
    });
    expect(await currencyOf([ORDER, { ...ORDER, marketplace: 'amazon.de' }], { nameCurrency: false })).toBe(
      'EUR',
    );
  });
});

describe('order ids', () => {
  it.each(['1,21E+17', '1.21145507106754E+17', '1211455071067537800', '28-4141567-1447500'])(
    'refuses a file with %s: a spreadsheet has been at it',
    async (orderId) => {
      await expect(read(build([ORDER, { ...ORDER, orderId }]))).rejects.toMatchObject({
        code: 'broken-order-ids',
        detail: orderId,
      });
    },
  );

  it.each(['111-AAA', 'S02-1231231-1231231', ' 408-1112223-3334445 ', '12345'])(
    'passes %s on, trimmed',
    async (orderId) => {
      expect((await read(build([{ ...ORDER, orderId }]))).sink.rows[0]?.orderId).toBe(orderId.trim());
    },
  );

  it('refuses a settlement number in scientific notation', async () => {
    await expect(read(build([{ ...ORDER, settlementId: '2,72053E+10' }]))).rejects.toMatchObject({
      code: 'saved-by-excel',
    });
  });
});

const SAMPLES = new URL('../../../../../shared/samples/amazon/', import.meta.url);

describe.runIf(existsSync(SAMPLES))('public samples', () => {
  it('a German file with real rows', async () => {
    const { sink, facts } = await read(readFileSync(new URL('daterange-de-2026-real-rows.csv', SAMPLES)));
    expect(sink.sum).toBe(2460);
    expect(sink.rejects).toEqual([]);
    expect(sink.rows).toMatchObject([
      {
        line: 11,
        orderId: '028-4141567-1447500',
        parts: { price: 2636, tax: 554, commission: -580, fba: -385 },
        statement: {
          settlementId: '27205273902',
          marketplace: 'amazon.de',
          day: '2026-06-02',
          released: true,
        },
      },
      { parts: { reimbursement: 241 } },
      { parts: { balance: -6 } },
    ]);
    expect(facts).toMatchObject({ language: 'de', currency: 'EUR', notices: [] });
  });

  it('an American file', async () => {
    const { sink, facts } = await read(readFileSync(new URL('daterange-us-2026-synthetic.csv', SAMPLES)));
    const totals = sink.rows.map((row) => Object.values(row.parts).reduce((a, b) => a + b, 0));
    expect(totals).toEqual([700, -325, -5000, -50000]);
    expect(sink.rows.map((row) => row.orderId)).toEqual(['111-AAA', '111-BBB', '', '']);
    expect(facts).toMatchObject({ language: 'en', currency: 'USD' });
  });
});
