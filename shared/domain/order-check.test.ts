import { expect, test } from 'vitest';
import { anOrder } from '../../tests/support/orders.ts';
import { checkOrder } from './order-check.ts';

const euro = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const lines = anOrder().lines;

test('lines and extras that make up the total add up', () => {
  expect(checkOrder({ total: euro(2490), lines })).toEqual({ state: 'adds-up' });
  const extras = [
    { kind: 'shipping', amount: euro(700) },
    { kind: 'discount', amount: euro(-200) },
  ] as const;
  expect(checkOrder({ total: euro(2990), lines, extras })).toEqual({ state: 'adds-up' });
});

test('a cent too little or too much is the difference, with its sign', () => {
  expect(checkOrder({ total: euro(2491), lines })).toEqual({ state: 'differs', difference: euro(1) });
  expect(checkOrder({ total: euro(2489), lines })).toEqual({ state: 'differs', difference: euro(-1) });
});

test('a discount with the wrong sign does not add up', () => {
  const extras = [{ kind: 'discount', amount: euro(200) }] as const;
  expect(checkOrder({ total: euro(2290), lines, extras })).toEqual({
    state: 'differs',
    difference: euro(-400),
  });
});

test('amounts in two currencies do not add up, whatever their figures', () => {
  const dollars = lines.map((line) => ({ ...line, total: { amountMinor: 2490, currency: 'USD' } }));
  expect(checkOrder({ total: euro(2490), lines: dollars }).state).toBe('differs');
});

test('an order with amounts not known yet is incomplete', () => {
  expect(checkOrder({ total: undefined, lines })).toEqual({ state: 'incomplete' });
  expect(checkOrder({ total: euro(1), lines: [] })).toEqual({ state: 'incomplete' });
  expect(checkOrder({ total: euro(1), lines: lines.map((line) => ({ ...line, total: undefined })) })).toEqual(
    {
      state: 'incomplete',
    },
  );
});
