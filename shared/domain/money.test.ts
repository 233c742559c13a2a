import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatMinor, parseDecimal } from './money.ts';

test('minor units are written with two decimals, a sign and no rounding', () => {
  expect(formatMinor(-1168, 'EUR')).toBe('-11.68');
  expect(formatMinor(5, 'EUR')).toBe('0.05');
  expect(formatMinor(-5, 'EUR')).toBe('-0.05');
  expect(formatMinor(0, 'EUR')).toBe('0.00');
  expect(formatMinor(1500, 'JPY')).toBe('1500');
});

test('an amount that is not whole minor units is not written at all', () => {
  expect(() => formatMinor(1.5, 'EUR')).toThrow(RangeError);
  expect(() => formatMinor(Number.MAX_SAFE_INTEGER + 1, 'EUR')).toThrow(RangeError);
});

test('decimal text is read exactly, with fewer or more zeros than the currency has', () => {
  expect(parseDecimal('95', 'EUR')).toBe(9500);
  expect(parseDecimal('95.5', 'EUR')).toBe(9550);
  expect(parseDecimal('95.500', 'EUR')).toBe(9550);
  expect(parseDecimal('-0.00', 'EUR')).toBe(0);
  expect(parseDecimal('1500.00', 'JPY')).toBe(1500);
});

test.each(['', '1,5', '1.005', '1e3', 'NaN', '--1', '99999999999999999', '0x10'])(
  '%j is refused, not guessed',
  (text) => {
    expect(() => parseDecimal(text, 'EUR')).toThrow(RangeError);
  },
);

test('what is written is read back, for every amount', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.constantFrom('EUR', 'JPY', 'SEK'), (minor, currency) => {
      expect(parseDecimal(formatMinor(minor, currency), currency)).toBe(minor === 0 ? 0 : minor);
    }),
  );
});
