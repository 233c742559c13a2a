import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eanOf } from './ean.ts';

test.each([
  ['8001234567890', undefined],
  ['4006381333931', '4006381333931'],
  ['04006381333931', '4006381333931'],
  ['036000291452', '0036000291452'],
  ['0036000291452', '0036000291452'],
  ['96385074', '96385074'],
  ['96385075', undefined],
  ['4006381333930', undefined],
  ['4.00638E+12', undefined],
  ['400638133393', undefined],
  ['0000000000000', undefined],
  ['', undefined],
])('the number %s is the EAN %s', (text, ean) => {
  expect(eanOf(text)).toBe(ean);
});

test('one digit mistyped is always found out', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 12 }),
      fc.integer({ min: 0, max: 11 }),
      fc.integer({ min: 1, max: 9 }),
      (digits, at, by) => {
        const good = [...Array(10).keys()]
          .map((check) => `${digits.join('')}${check}`)
          .filter((each) => eanOf(each));
        const [ean] = good;
        if (ean === undefined) return digits.every((digit) => digit === 0);
        const wrong = `${ean.slice(0, at)}${(Number(ean[at]) + by) % 10}${ean.slice(at + 1)}`;
        return good.length === 1 && eanOf(wrong) === undefined;
      },
    ),
  );
});
