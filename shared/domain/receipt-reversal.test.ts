import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aReceipt, receiptLine } from '../../tests/support/receipts.ts';
import type { Receipt, ReceiptLine } from './receipt.ts';
import { offeredReversal, type ReversalWanted, reverse, reversibleMinor } from './receipt-reversal.ts';
import { totalsOf, vatContained } from './vat.ts';

const LINES: readonly ReceiptLine[] = [
  receiptLine({ lineNumber: 1, grossMinor: 3000 }),
  receiptLine({ lineNumber: 2, grossMinor: 1000, rateHundredths: 400 }),
  receiptLine({ lineNumber: 3, kind: 'discount', grossMinor: -400 }),
];
const receipt = aReceipt({ lines: LINES, totals: totalsOf(LINES) });

function reversed(of: Pick<Receipt, 'lines' | 'reversedByLine'>, wanted: ReversalWanted) {
  const answer = reverse(of, wanted);
  if (answer.state !== 'split') throw new Error(answer.problem);
  return answer;
}

describe('taking a receipt back', () => {
  test('whole, is the receipt with the sign turned', () => {
    const { lines, totals, reversedByLine } = reversed(receipt, { of: 'rest' });
    expect(lines.map(({ lineNumber, grossMinor, vatMinor }) => [lineNumber, grossMinor, vatMinor])).toEqual(
      LINES.map(({ lineNumber, grossMinor, vatMinor }) => [lineNumber, -grossMinor, -vatMinor]),
    );
    expect(totals.grossMinor).toBe(-receipt.totals.grossMinor);
    expect(reversibleMinor({ ...receipt, reversedByLine })).toBe(0);
  });

  test('by an amount, is shared out over all lines in proportion', () => {
    const { lines, totals } = reversed(receipt, { of: 'amount', amountMinor: 1800 });
    expect(lines.map(({ grossMinor }) => grossMinor)).toEqual([-1500, -500, 200]);
    expect(totals.grossMinor).toBe(-1800);
  });

  test('by lines, touches those lines alone', () => {
    const { lines, reversedByLine } = reversed(receipt, {
      of: 'lines',
      lines: [{ lineNumber: 2, grossMinor: 520 }],
    });
    expect(lines).toMatchObject([{ lineNumber: 2, grossMinor: -520, netMinor: -500, vatMinor: -20 }]);
    expect(reversedByLine).toEqual({ 2: 520 });
  });

  test('never takes back more than there was', () => {
    const problem = (wanted: ReversalWanted, of = receipt) => {
      const answer = reverse(of, wanted);
      return answer.state === 'refused' ? answer.problem : 'split';
    };
    expect(problem({ of: 'amount', amountMinor: 3601 })).toBe('reversal-exceeds');
    expect(problem({ of: 'amount', amountMinor: 3600 })).toBe('split');
    expect(problem({ of: 'amount', amountMinor: 0 })).toBe('reversal-exceeds');
    expect(problem({ of: 'amount', amountMinor: 0.5 })).toBe('reversal-exceeds');
    expect(problem({ of: 'lines', lines: [{ lineNumber: 2, grossMinor: 1001 }] })).toBe('reversal-exceeds');
    expect(problem({ of: 'lines', lines: [{ lineNumber: 9, grossMinor: 1 }] })).toBe('reversal-exceeds');
    expect(problem({ of: 'lines', lines: [{ lineNumber: 3, grossMinor: 1 }] })).toBe('reversal-exceeds');
    expect(problem({ of: 'lines', lines: [] })).toBe('reversal-exceeds');
    const twice = { lineNumber: 2, grossMinor: 600 };
    expect(problem({ of: 'lines', lines: [twice, twice] })).toBe('reversal-exceeds');
    const both = [
      { lineNumber: 1, grossMinor: 3000 },
      { lineNumber: 2, grossMinor: 1000 },
    ];
    // The discount would be lost: 40.00 back of 36.00 paid.
    expect(problem({ of: 'lines', lines: both })).toBe('reversal-exceeds');
    const { reversedByLine } = reversed(receipt, { of: 'rest' });
    expect(problem({ of: 'rest' }, { ...receipt, reversedByLine })).toBe('nothing-to-reverse');
  });

  test('piece by piece, takes back exactly what there was, VAT included', () => {
    const line = fc
      .record({ gross: fc.integer({ min: 1, max: 90_000 }), rate: fc.constantFrom(400, 1000, 2200) })
      .map(({ gross, rate }) => ({ gross, rate }));
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 50 }),
        fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 8 }),
        (goods, percentOff, cuts) => {
          const plain = goods.map(({ gross, rate }, at) =>
            receiptLine({ lineNumber: at + 1, grossMinor: gross, rateHundredths: rate }),
          );
          const off = plain.map((each, at) =>
            receiptLine({
              ...each,
              lineNumber: plain.length + at + 1,
              kind: 'discount',
              grossMinor: -Math.floor((each.grossMinor * percentOff) / 100),
            }),
          );
          let left: Pick<Receipt, 'lines' | 'reversedByLine'> = { lines: [...plain, ...off] };
          const back: ReceiptLine[] = [];
          for (const cut of cuts) {
            const amountMinor = Math.floor((reversibleMinor(left) * cut) / 100);
            if (amountMinor === 0) continue;
            const { lines, totals, reversedByLine } = reversed(left, { of: 'amount', amountMinor });
            expect(totals.grossMinor).toBe(-amountMinor);
            back.push(...lines);
            left = { ...left, reversedByLine };
          }
          back.push(...reversed(left, { of: 'rest' }).lines);
          const all = totalsOf(left.lines);
          const taken = totalsOf(back);
          expect([taken.grossMinor, taken.netMinor, taken.vatMinor]).toEqual(
            [all.grossMinor, all.netMinor, all.vatMinor].map((amount) => 0 - amount),
          );
        },
      ),
    );
  });
});

describe('the credit that is offered', () => {
  const issued = aReceipt({ lines: LINES, totals: totalsOf(LINES), state: 'issued' });

  test('is what went back and was not taken back yet', () => {
    expect(offeredReversal([issued], 1000)).toEqual({ receipt: issued, amountMinor: 1000 });
    const part = { ...issued, reversedByLine: { 1: 600 } };
    expect(offeredReversal([part], 1000)?.amountMinor).toBe(400);
    expect(offeredReversal([part], 9999)?.amountMinor).toBe(3000);
  });

  test('is none where nothing went back, nothing is left, or nothing was issued', () => {
    expect(offeredReversal([issued], 0)).toBeUndefined();
    expect(offeredReversal([{ ...issued, reversedByLine: { 1: 600 } }], 600)).toBeUndefined();
    expect(offeredReversal([], 1000)).toBeUndefined();
    expect(offeredReversal([{ ...issued, state: 'void' }], 1000)).toBeUndefined();
    expect(offeredReversal([{ ...issued, kind: 'courtesy-reversal' }], 1000)).toBeUndefined();
  });
});

test('the fixture is what it says: VAT contained in its amounts', () => {
  for (const { grossMinor, vatMinor, rateHundredths } of LINES) {
    expect(vatMinor).toBe(vatContained(grossMinor, rateHundredths));
  }
});
