import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RecordingSink } from '../../../../tests/support/recording-sink.ts';
import {
  accountRow,
  inPieces,
  refundRows,
  type SettlementFile,
  saleRows,
  settlementV1,
  settlementV2,
} from '../../../../tests/support/settlement-files.ts';
import { type ReadHints, RefusedReport } from '../../../domain/statement.ts';
import { readSettlement } from './settlement.ts';

const A = '404-1000001-0000001';
const B = '404-1000002-0000002';
const hints: ReadHints = { timeZone: 'Europe/Rome' };

async function read(text: string | Uint8Array, options: { hints?: ReadHints; pieceBytes?: number } = {}) {
  const sink = new RecordingSink();
  const facts = await readSettlement(inPieces(text, options.pieceBytes), options.hints ?? hints, sink);
  return { sink, facts };
}

async function refusal(text: string | Uint8Array, given: ReadHints = hints): Promise<string> {
  try {
    await readSettlement(inPieces(text), given, new RecordingSink());
  } catch (error) {
    if (error instanceof RefusedReport) return error.code;
    throw error;
  }
  return 'read';
}

const usual: SettlementFile = {
  rows: [
    ...saleRows(A, 5084, 960),
    ...saleRows(B, 7342, 1352),
    ...refundRows(A, 5084, 960, 192),
    accountRow('Subscription Fee', -4641),
    accountRow('Current Reserve Amount', -10000, 'other-transaction'),
  ],
};

describe('a V2 settlement', () => {
  test('gives every amount row once, with its meaning, side and exact amount', async () => {
    const { sink, facts } = await read(settlementV2(usual));
    expect(facts).toMatchObject({ format: 'settlement-v2', language: 'en', currency: 'EUR' });
    expect([...facts.statedBySettlement]).toEqual([
      ['25000000001', usual.rows.reduce((sum, row) => sum + row.minor, 0)],
    ]);
    expect(sink.rows.map((row) => [row.orderId, row.parts])).toEqual([
      [A, { price: 5084 }],
      [A, { commission: -960 }],
      [B, { price: 7342 }],
      [B, { commission: -1352 }],
      [A, { 'price-': -5084 }],
      [A, { 'commission-': 960 }],
      [A, { 'refundCommission-': -192 }],
      ['', { accountCost: -4641 }],
      ['', { balance: -10000 }],
    ]);
    expect(sink.rows[0]?.line).toBe(3);
  });

  test('reads the same with a decimal point, Windows line ends, a BOM and any number of bytes at a time', async () => {
    const expected = (await read(settlementV2(usual))).sink.calls;
    for (const text of [
      settlementV2({ ...usual, mark: '.' }),
      settlementV2({ ...usual, eol: '\r\n' }),
      `\ufeff${settlementV2(usual)}`,
    ]) {
      for (const pieceBytes of [1, 7, 100, 1 << 16]) {
        expect((await read(text, { pieceBytes })).sink.calls).toEqual(expected);
      }
    }
  });

  test('keeps identical rows apart: they are legitimate', async () => {
    const rows = [...saleRows(A, 1000, 150), ...saleRows(A, 1000, 150)];
    expect((await read(settlementV2({ rows }))).sink.rows).toHaveLength(4);
  });

  test('rows without a settlement id belong to the summary above them', async () => {
    const text = settlementV2(usual).replaceAll('\n25000000001\t\t\t\t\t\t', '\n\t\t\t\t\t\t');
    const { sink } = await read(text);
    expect(new Set(sink.rows.map((row) => row.statement.settlementId))).toEqual(new Set(['25000000001']));
  });

  test('a row without any settlement id is rejected with its amount', async () => {
    const text = settlementV2({ rows: saleRows(A, 100, 15), statedMinor: null, settlementId: '' });
    await expect(read(text, { hints: { ...hints, currency: 'EUR' } })).resolves.toMatchObject({
      sink: {
        rejects: [
          { reason: 'no-settlement-id', amountMinor: 100 },
          { reason: 'no-settlement-id', amountMinor: -15 },
        ],
      },
    });
  });

  test('a file cut in a row rejects that row and says so; the rows before it count', async () => {
    const text = settlementV2({ rows: saleRows(A, 5084, 960) });
    const { sink, facts } = await read(text.slice(0, text.indexOf('-9,60') + 4));
    expect(sink.rows).toHaveLength(1);
    expect(sink.rejects).toEqual([{ line: 4, reason: 'too-few-columns', amountMinor: null }]);
    expect(facts.notices).toEqual([{ code: 'last-line-cut', detail: '' }]);
  });

  test('an amount that is none rejects the row, not the file', async () => {
    const text = settlementV2(usual)
      .replace('\t50,84\t', '\tabc\t')
      .replace('\t73,42\t', '\t\t')
      .replace('\t-13,52\t', '\t-13,5277\t');
    const { sink } = await read(text);
    expect(sink.rejects).toEqual([
      { line: 3, reason: 'unreadable-amount', amountMinor: null },
      { line: 5, reason: 'no-amount', amountMinor: null },
      { line: 6, reason: 'too-many-decimals', amountMinor: null },
    ]);
  });

  test('decimal comma and point in one file refuse it: one of the two would be read wrong', async () => {
    expect(await refusal(settlementV2(usual).replace('\t73,42\t', '\t73.42\t'))).toBe('mixed-decimals');
  });

  test('1.234 waits for a later cell to say what the point is', async () => {
    const text = settlementV2({ rows: saleRows(A, 123400, 15050), statedMinor: null, currency: 'EUR' });
    const thousands = text.replace('\t1234,00\t', '\t1.234\t');
    expect((await read(thousands)).sink.rows.map((row) => row.parts)).toEqual([
      { price: 123400 },
      { commission: -15050 },
    ]);
    const decimals = thousands.replace('\t-150,50\t', '\t-150.50\t');
    expect((await read(decimals)).sink.rejects).toEqual([
      { line: 2, reason: 'too-many-decimals', amountMinor: null },
    ]);
  });

  test('with nothing to decide, the currency does; without a currency the file is refused', async () => {
    const text = settlementV2({
      rows: [{ ...saleRows(A, 0, 0)[0], minor: 123400 } as never],
      statedMinor: null,
    })
      .replace('\t1234,00\t', '\t1.234\t')
      .replaceAll('Amazon.it', '');
    expect((await read(text, { hints: { ...hints, currency: 'EUR' } })).sink.rows[0]?.parts).toEqual({
      price: 123400,
    });
    expect(await refusal(text)).toBe('undecided-decimals');
  });

  test('thousands separators and a typographic minus are read', async () => {
    const text = settlementV2(usual)
      .replace('\t50,84\t', '\t1.050,84\t')
      .replace('\t-9,60\t', '\t\u22129,60\t');
    expect((await read(text)).sink.rows.slice(0, 2).map((row) => row.parts)).toEqual([
      { price: 105084 },
      { commission: -960 },
    ]);
  });

  test('two currencies in one file refuse it', async () => {
    const text =
      settlementV2(usual) +
      settlementV2({ ...usual, settlementId: '25000000002', currency: 'GBP' })
        .split('\n')
        .slice(1)
        .join('\n');
    expect(await refusal(text)).toBe('mixed-currencies');
  });

  test('two settlements of one currency in one file are told apart', async () => {
    const second = settlementV2({ rows: saleRows(B, 100, 15), settlementId: '25000000002' })
      .split('\n')
      .slice(1)
      .join('\n');
    const { sink, facts } = await read(settlementV2({ rows: saleRows(A, 200, 30) }) + second);
    expect([...facts.statedBySettlement]).toEqual([
      ['25000000001', 170],
      ['25000000002', 85],
    ]);
    expect(sink.rows.map((row) => [row.statement.settlementId, row.orderId])).toEqual([
      ['25000000001', A],
      ['25000000001', A],
      ['25000000002', B],
      ['25000000002', B],
    ]);
  });

  test('order ids that a spreadsheet destroyed refuse the file', async () => {
    expect(await refusal(settlementV2(usual).replaceAll(A, '4,04E+16'))).toBe('broken-order-ids');
    expect(await refusal(settlementV2(usual).replaceAll(A, '1211455071067537800'))).toBe('broken-order-ids');
  });

  test('a money column in no table refuses the file instead of dropping money', async () => {
    expect(await refusal(settlementV2(usual).replace('promotion-id', 'loyalty-amount'))).toBe(
      'unknown-columns',
    );
  });

  test('the 21-column variant and extra columns are read by name', async () => {
    const drop = (text: string, names: string[]): string => {
      const lines = text.split('\n').map((line) => line.split('\t'));
      const keep = (lines[0] ?? []).map((name) => !names.includes(name));
      return lines.map((cells) => cells.filter((_, i) => keep[i]).join('\t')).join('\n');
    };
    const short = drop(settlementV2(usual), [
      'merchant-order-item-id',
      'merchant-adjustment-item-id',
      'promotion-id',
    ]);
    expect((await read(short)).sink.calls).toEqual((await read(settlementV2(usual))).sink.calls);
    const long = settlementV2(usual)
      .split('\n')
      .map((line, i) => (line ? `${line}\t${i ? 'x' : 'new-column'}` : line))
      .join('\n');
    expect((await read(long)).sink.calls).toEqual((await read(settlementV2(usual))).sink.calls);
  });

  test('a word nobody knows is kept as unclassified, a new fee as another fee, and both are named', async () => {
    const { sink, facts } = await read(
      settlementV2({
        rows: [
          { transaction: 'Order', orderId: A, type: 'Mystery', word: 'Thing', minor: -100 },
          { transaction: 'Order', orderId: A, type: 'ItemFees', word: 'BrandNewFee', minor: -50 },
        ],
      }),
    );
    expect(sink.rows.map((row) => row.parts)).toEqual([{ unclassified: -100 }, { other: -50 }]);
    expect(facts.notices.map((notice) => notice.detail)).toEqual([
      'Order / Mystery / Thing',
      'Order / ItemFees / BrandNewFee',
    ]);
  });

  test('a second summary row of one settlement is not believed', async () => {
    const text = settlementV2(usual);
    const summary = text.split('\n')[1];
    expect((await read(`${text}${summary}\n`)).sink.rejects).toEqual([
      { line: 12, reason: 'second-summary-row', amountMinor: null },
    ]);
  });

  test('amounts of any size and sign come out as they went in, whatever the pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -99_999_999, max: 99_999_999 }), { minLength: 1, maxLength: 30 }),
        fc.constantFrom(',' as const, '.' as const),
        fc.integer({ min: 1, max: 500 }),
        async (amounts, mark, pieceBytes) => {
          const rows = amounts.map((minor, i) => ({ ...saleRows(i % 3 ? A : B, 0, 0)[0], minor }) as never);
          const { sink } = await read(settlementV2({ rows, mark }), { pieceBytes });
          expect(sink.rows.map((row) => row.parts)).toEqual(
            amounts.map((price) => ({ price: price === 0 ? 0 : price })),
          );
        },
      ),
    );
  });
});

describe('a V1 settlement', () => {
  test('gives the same meanings and amounts as V2 for the same rows', async () => {
    const v1 = await read(settlementV1(usual));
    const v2 = await read(settlementV2(usual));
    expect(v1.facts.format).toBe('settlement-v1');
    expect(v1.sink.rows.map((row) => [row.orderId, row.parts])).toEqual(
      v2.sink.rows.map((row) => [row.orderId, row.parts]),
    );
  });

  test('the row that only carries a quantity counts as a row without money', async () => {
    const text = settlementV1({ rows: saleRows(A, 5084, 960) });
    const blank = text
      .split('\n')
      .map((line, i) => (i === 2 ? line.replace('50.84', '').replace('Principal', '') : line));
    const { sink } = await read(blank.join('\n'));
    expect(sink.rows.map((row) => row.parts)).toEqual([{}, { commission: -960 }]);
  });

  test('account rows are named by their transaction type; spaces after the amount do not matter', async () => {
    const text = settlementV1({
      rows: [{ transaction: 'Successful charge', type: 'other', word: '', minor: 3209 }],
    });
    const { sink } = await read(text.replace('32.09\n', '32.09    \n\n\n').replace(/32.09$/, '32.09   '));
    expect(sink.rows.at(-1)).toMatchObject({ orderId: '', parts: { balance: 3209 } });
  });
});
