import fc from 'fast-check';
import { expect, test } from 'vitest';
import { amountText, countText } from './numbers.ts';

test("amounts have the language's marks, and thousands apart", () => {
  expect(amountText('-1234.50', 'it')).toBe('-1.234,50');
  expect(amountText('1234567.05', 'en')).toBe('1,234,567.05');
  expect(amountText('0.00', 'it')).toBe('0,00');
  expect(amountText('1500', 'it')).toBe('1.500');
  expect(countText(54_979, 'it')).toBe('54.979');
});

test('no digit is ever lost or changed, however long the amount', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 18n }),
      fc.constantFrom('it' as const, 'en' as const),
      (minor, language) => {
        const digits = String(minor).padStart(3, '0');
        const text = amountText(`${digits.slice(0, -2)}.${digits.slice(-2)}`, language);
        expect(text.replace(/\D/g, '')).toBe(digits);
      },
    ),
  );
});
