import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DecimalMark, decimalEvidence, readAmount } from './decimals.ts';
import { printMinor } from './fixtures/date-range/build.ts';
import type { NumberStyle } from './fixtures/date-range/layouts.ts';

const STYLES: readonly NumberStyle[] = [
  ...(['1.234,56', '1 234,56', '1\u00a0234,56', '1\u202f234,56', '1,234.56', '1,23,456.78'] as const),
];
const markOf = (style: NumberStyle) => style.at(-3) as DecimalMark;

describe('amounts', () => {
  it('come back from every way of printing them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -99_999_999_999_999, max: 99_999_999_999_999 }),
        fc.constantFrom(...STYLES),
        fc.constantFrom('-', '\u2212', '- ', '\u2013'),
        fc.constantFrom('', ' ', '\u00a0'),
        (minor, style, minus, space) => {
          const cell = `${space}${printMinor(minor, style, minus)}${space}`;
          expect(readAmount(cell, markOf(style), 'EUR')).toBe(minor);
          if (minor !== 0) expect(decimalEvidence(cell)).toBe(markOf(style));
        },
      ),
    );
  });

  it.each([
    ['0', ',', 0],
    ['-0', ',', 0],
    ['0,0', ',', 0],
    ['+3', ',', 300],
    ['14.9', '.', 1490],
    ['14,9', ',', 1490],
    ['15', '.', 1500],
    [',5', ',', 50],
    ['5,', ',', 500],
    ['1.234', ',', 123400],
    ['12,34,567', '.', 123456700],
  ] as const)('%s with %s is %i', (cell, mark, minor) => {
    expect(readAmount(cell, mark, 'EUR')).toBe(minor);
  });

  it.each([
    ['1.234', '.', 'too-many-decimals'],
    ['1,999', ',', 'too-many-decimals'],
    ['1,9990', ',', 'too-many-decimals'],
    ['0.12', ',', 'unreadable-amount'],
    ['1.23', ',', 'unreadable-amount'],
    ['1.2345', ',', 'unreadable-amount'],
    ['1.2.345', ',', 'unreadable-amount'],
    ['1,5,5', ',', 'unreadable-amount'],
    ['1,5.5', ',', 'unreadable-amount'],
    ['1 2', ',', 'unreadable-amount'],
    ['12 34,5', ',', 'unreadable-amount'],
    ['', ',', 'unreadable-amount'],
    [',', ',', 'unreadable-amount'],
    ['-', ',', 'unreadable-amount'],
    ['5 €', ',', 'unreadable-amount'],
    ['1e5', ',', 'unreadable-amount'],
    ['99999999999999999', ',', 'unreadable-amount'],
  ] as const)('%j with %s is refused as %3$s', (cell, mark, problem) => {
    expect(readAmount(cell, mark, 'EUR')).toBe(problem);
  });

  it('follow the decimals of the currency', () => {
    expect(readAmount('1,234', '.', 'JPY')).toBe(1234);
    expect(readAmount('12.00', '.', 'JPY')).toBe(12);
    expect(readAmount('12.50', '.', 'JPY')).toBe('too-many-decimals');
  });
});

describe('evidence for the decimal mark', () => {
  it.each([
    ['5,80', ','],
    ['5,8', ','],
    ['-5.80', '.'],
    ['1.234,5', ','],
    ['1,234.567', '.'],
    ['1.234.567', ','],
    ['1,23,456', '.'],
    ['1.234', 'ambiguous'],
    ['-0,123', 'ambiguous'],
    ['1.2345', 'none'],
    ['1.2.3', 'none'],
    ['0', 'none'],
    ['1 234', 'none'],
    ['', 'none'],
    ['n/a', 'none'],
  ] as const)('%j says %s', (cell, evidence) => {
    expect(decimalEvidence(cell)).toBe(evidence);
  });
});
