import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SHIPMENT_FILE_BYTES_MAX, SHIPMENT_FILE_ROWS_MAX } from '../../domain/shipment-file.ts';
import { createShipmentFileReader } from './reader.ts';

const UPLOADED_AT = '2026-11-24T09:00:00.000Z';
const reader = createShipmentFileReader();
const read = (file: string | Uint8Array) =>
  reader.read(typeof file === 'string' ? Buffer.from(file) : file, UPLOADED_AT);
const HEADER = 'corriere;marketplace;ordine;riferimento';
const ROW = 'brt;amazon;404-0000001-0000001;1001';

function rowsOf(file: string | Uint8Array) {
  const answer = read(file);
  if (answer.outcome === 'refused') throw new Error(`refused: ${answer.problem.code}`);
  return answer.rows;
}
function rowOf(file: string | Uint8Array) {
  const [row] = rowsOf(file);
  if (row === undefined || !('row' in row)) throw new Error(`no row: ${JSON.stringify(row)}`);
  return row.row;
}
function problemOf(header: string, row: string) {
  const [first] = rowsOf(`${header}\n${row}\n`);
  return first !== undefined && 'problem' in first ? first.problem : undefined;
}

describe('a file of shipments', () => {
  test('says all it can say, in Italian', () => {
    const file = [
      'Corriere;Contratto;Riferimento;Colli;Numero spedizione;Vettore;Link tracking;Data spedizione;Marketplace;Numero ordine;Riga;Quantità;Note',
      'BRT;shop;1001;066123456789012 066123456789013;067000000001;;https://example.com/1;23/11/2026 17:30;Amazon;404-0000001-0000001;12345;2;fragile',
    ].join('\r\n');
    expect(rowOf(file)).toEqual({
      courier: 'brt',
      courierAccountId: 'shop',
      reference: '1001',
      parcelNumbers: ['066123456789012', '066123456789013'],
      trackingNumber: '067000000001',
      carrierName: undefined,
      trackingUrl: 'https://example.com/1',
      shippedAt: '2026-11-23T16:30:00.000Z',
      orderId: 'amazon:404-0000001-0000001',
      orderLineId: '12345',
      quantity: 2,
    });
    expect(read(file)).toMatchObject({ ignoredColumns: ['Note'] });
  });

  test('is the same in English, with commas, tabs, quotes, a mark at its beginning, and in the encodings of Excel', () => {
    const expected = rowOf(`${HEADER}\n${ROW}`);
    for (const file of [
      'courier,marketplace,order,reference\nbrt,amazon,404-0000001-0000001,1001',
      `\uFEFF${HEADER}\n${ROW}`,
      `${HEADER}\t\n${ROW}\t`.replaceAll(';', '\t'),
      `\n\n${HEADER}\r${ROW}\r`,
      'reference,order,marketplace,courier\n"1001","404-0000001-0000001"," amazon ","BRT"',
    ]) {
      expect(rowOf(file), JSON.stringify(file)).toEqual(expected);
    }
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`${HEADER}\n${ROW}`, 'utf16le')]);
    expect(rowOf(utf16)).toEqual(expected);
    const windows = Buffer.from(`${HEADER};quantit\u00e0;riga\n${ROW};1;7`, 'latin1');
    expect(rowOf(windows)).toMatchObject({ quantity: 1, orderLineId: '7' });
  });

  test.each([
    ['empty', ''],
    ['empty', ' \n\n'],
    ['empty', HEADER],
    ['empty', `${HEADER}\n;;;\n`],
    ['not-text', 'PK\u0003\u0004rest'],
    ['not-text', '%PDF-1.7'],
    ['not-text', 'a\u0000b'],
    ['no-header', ROW],
    ['no-header', 'corriere;marketplace;ordine\nbrt;amazon;1'],
    ['no-header', 'corriere;ordine;riferimento\nbrt;1;2'],
    ['column-twice', `${HEADER};reference\n${ROW};1`],
    ['damaged-quotes', `${HEADER}\n"${ROW}\n${ROW}\n`],
    ['damaged-quotes', `${HEADER};note\n${ROW};"x\n${ROW};y\n${ROW};"z\n`],
    ['too-large', `${HEADER}\n${`${ROW}\n`.repeat(SHIPMENT_FILE_ROWS_MAX + 1)}`],
    ['too-large', 'x'.repeat(SHIPMENT_FILE_BYTES_MAX + 1)],
  ])('is refused as a whole, %s', (code, file) => {
    expect(read(file)).toMatchObject({ outcome: 'refused', problem: { code } });
  });

  test.each([
    ['cut-off', HEADER, 'brt;amazon;404-0000001-0000001'],
    ['too-many-columns', HEADER, `${ROW};more`],
    ['courier-unknown', HEADER, 'fedex;amazon;404-0000001-0000001;1001'],
    ['courier-unknown', HEADER, ';amazon;404-0000001-0000001;1001'],
    ['marketplace-unknown', HEADER, 'brt;etsy;404-0000001-0000001;1001'],
    ['order-missing', HEADER, 'brt;amazon;;1001'],
    ['order-missing', HEADER, 'brt;amazon;4,05E+16;1001'],
    ['order-missing', HEADER, 'brt;amazon;404/1;1001'],
    ['reference-malformed', HEADER, 'brt;amazon;404-0000001-0000001;4.05E+16'],
    ['reference-malformed', HEADER, 'brt;amazon;404-0000001-0000001;a b'],
    ['reference-malformed', `${HEADER};colli`, `${ROW};6,61E+13`],
    ['quantity-malformed', `${HEADER};riga;quantita`, `${ROW};1;0`],
    ['quantity-malformed', `${HEADER};riga;quantita`, `${ROW};1;1,5`],
    ['quantity-malformed', `${HEADER};riga;quantita`, `${ROW};1;-1`],
    ['line-missing', `${HEADER};riga;quantita`, `${ROW};;1`],
    ['line-missing', `${HEADER};riga;quantita`, `${ROW};1;`],
    ['date-malformed', `${HEADER};data`, `${ROW};ieri`],
    ['date-malformed', `${HEADER};data`, `${ROW};31/02/2026`],
    ['date-malformed', `${HEADER};data`, `${ROW};25/11/2026`],
    ['date-malformed', `${HEADER};data`, `${ROW};2026-11-24 10:01`],
    ['address-malformed', `${HEADER};link`, `${ROW};http://example.com`],
    ['address-malformed', `${HEADER};link`, `${ROW};example.com/1`],
  ])('says of one row: %s', (code, header, row) => {
    expect(problemOf(header, row)).toMatchObject({ code });
  });

  test('never says what stands in a cell', () => {
    const detail = problemOf(
      `${HEADER};data`,
      'brt;amazon;404-0000001-0000001;PERSONA INVENTATA;PERSONA INVENTATA',
    )?.detail;
    expect(detail).toBe('reference');
  });

  test.each([
    ['23/11/2026', '2026-11-23T22:59:59.999Z'],
    ['3/7/2026', '2026-07-03T21:59:59.999Z'],
    ['2026-11-23', '2026-11-23T22:59:59.999Z'],
    ['24/11/2026', UPLOADED_AT],
    ['2026-11-24 09:59', '2026-11-24T08:59:00.000Z'],
    ['2026-11-24T08:30:00Z', '2026-11-24T08:30:00.000Z'],
    ['2026-11-24T09:30:00+01:00', '2026-11-24T08:30:00.000Z'],
  ])('takes %s for %s: the shop has one clock, and nothing left after the upload', (cell, instant) => {
    expect(rowOf(`${HEADER};data\n${ROW};${cell}`).shippedAt).toBe(instant);
  });

  test('counts its lines as an editor does: blank ones and breaks in quoted cells included', () => {
    const file = `${HEADER};note\n\n${ROW};"two\nlines"\n;;;;\n${ROW};\n`;
    expect(rowsOf(file).map(({ line }) => line)).toEqual([3, 6]);
  });

  test('has one name for the rows of one shipment, whatever else they say', () => {
    const rows = rowsOf(
      `${HEADER};colli\n${ROW};1\n${ROW.replace('brt', 'BRT')};2\n${ROW.replace('1001', '')};3\nbrt;amazon;;1001;`,
    );
    expect(rows.map(({ name }) => name)).toEqual(['brt 1001', 'brt 1001', 'brt 3', 'brt 1001']);
  });

  test('answers for every row of any text, and throws for none', () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('brt', 'amazon', '1001', '"', '\u0000', ';', '\n'));
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 6 }), { maxLength: 8 }), (rows) => {
        const answer = read(`${HEADER}\n${rows.map((cells) => cells.join(';')).join('\n')}`);
        expect(['refused', 'read']).toContain(answer.outcome);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['refused', 'read']).toContain(read(bytes).outcome);
      }),
    );
  });
});
