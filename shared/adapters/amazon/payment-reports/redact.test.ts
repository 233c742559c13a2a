import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordingSink } from '../../../../tests/support/recording-sink.ts';
import { readDateRange } from './date-range.ts';
import { buildDateRange, ROWS, type Row } from './fixtures/date-range/build.ts';
import { LAYOUTS, layout } from './fixtures/date-range/layouts.ts';
import { type DateRangeFile, recognise } from './recognise.ts';
import { redactDateRange } from './redact.ts';

function asDateRange(bytes: Uint8Array): DateRangeFile {
  const file = recognise(bytes, true);
  if (file.kind !== 'date-range') throw new Error(`recognised as ${file.kind}`);
  return file;
}

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function replay(bytes: Uint8Array) {
  const sink = new RecordingSink();
  const facts = await readDateRange(
    inChunks(bytes, 1 << 16),
    asDateRange(bytes),
    { timeZone: 'Europe/Rome' },
    sink,
  );
  return { calls: sink.calls, facts };
}

async function redact(bytes: Uint8Array, chunkSize = 1000): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of redactDateRange(inChunks(bytes, chunkSize), asDateRange(bytes)))
    pieces.push(piece);
  return Buffer.concat(pieces);
}

const PLACES: Row = { city: 'Vattelapesca', region: 'Regione di Nessuno', postcode: 'ZZ99 9ZZ' };
const ROWS_WITH_PLACES = ROWS.map((row) => ({ ...row, ...PLACES }));
const SECRETS = ['Vattelapesca', 'Nessuno', 'ZZ99'];

function expectNoPlace(bytes: Buffer): void {
  for (const secret of SECRETS) expect(bytes.includes(secret)).toBe(false);
}

describe('the copy without personal data', () => {
  it.each(LAYOUTS.map((each) => [each.name, each] as const))(
    '%s reads like the original',
    async (_, each) => {
      const original = buildDateRange({ layout: each, rows: ROWS_WITH_PLACES });
      expect(original.includes('Vattelapesca')).toBe(true);
      const copy = await redact(original);
      expectNoPlace(copy);
      expect(await replay(copy)).toEqual(await replay(original));
      expect(String(copy)).toContain(each.currencyLine);
      expect(await redact(copy)).toEqual(copy);
    },
  );

  it('is UTF-8 with BOM, also of a Windows-1252 original', async () => {
    const original = buildDateRange({
      layout: layout('IT'),
      rows: ROWS_WITH_PLACES,
      encoding: 'windows-1252',
    });
    const copy = await redact(original, 7);
    expect([...copy.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(String(copy)).toContain('"Città di provenienza dell\'ordine"');
    expect(await replay(copy)).toEqual(await replay(original));
  });

  it('reads like the original when the original was cut, and holds nothing of the cut row', async () => {
    const original = buildDateRange({ layout: layout('IT'), rows: ROWS_WITH_PLACES });
    const start = original.indexOf('\r\n', original.indexOf('Data/Ora'));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: start, max: original.length }), async (end) => {
        const cut = original.subarray(0, end);
        const copy = await redact(cut);
        expectNoPlace(copy);
        expect(await replay(copy)).toEqual(await replay(cut));
      }),
      { numRuns: 60 },
    );
  });

  it('reads like the original when it was cut right before a release date', async () => {
    const text = String(buildDateRange({ layout: layout('IT'), rows: ROWS_WITH_PLACES }));
    const cut = Buffer.from(text.slice(0, text.lastIndexOf('"Rilasciato",') + '"Rilasciato",'.length));
    const copy = await redact(cut);
    expectNoPlace(copy);
    expect(await replay(copy)).toEqual(await replay(cut));
  });

  it('reads like the original when rows are damaged in any way', async () => {
    const cell = fc.constantFrom('', ' ', 'Vattelapesca', '1,50', '"', 'due\nrighe', 'Ordine', '\r', 'x"y');
    const text = String(buildDateRange({ layout: layout('IT'), rows: [], bom: false }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 32 }), { maxLength: 6 }),
        fc.boolean(),
        async (rows, quote) => {
          const lines = rows.map((cells) =>
            cells.map((each) => (quote ? `"${each.replaceAll('"', '""')}"` : each)).join(','),
          );
          const original = Buffer.from(text + lines.join('\n'));
          const outcome = await replay(original).catch((error: unknown) => error);
          const copy = await redact(original);
          expect(await replay(copy).catch((error: unknown) => error)).toEqual(outcome);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('empties columns of unknown name too: one could be the city in a new spelling', async () => {
    const { headers, ...rest } = layout('IT');
    const renamed = headers.map((header) => (header.startsWith('Città') ? 'Comune del cliente' : header));
    const original = buildDateRange({ layout: { ...rest, headers: renamed }, rows: ROWS_WITH_PLACES });
    const copy = await redact(original);
    expectNoPlace(copy);
    expect(await replay(copy)).toEqual(await replay(original));
  });

  it('masks a row whose columns have moved', async () => {
    const text = String(buildDateRange({ layout: layout('IT'), rows: [ROWS_WITH_PLACES[0] ?? {}] }));
    const moved = Buffer.from(text.replace('"LAMPADA-01"', '"LAMPADA","01"'));
    const copy = await redact(moved);
    expectNoPlace(copy);
    expect(await replay(copy)).toEqual(await replay(moved));
  });
});
