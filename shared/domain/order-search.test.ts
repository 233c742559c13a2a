import { expect, test } from 'vitest';
import { anOrder } from '../../tests/support/orders.ts';
import { matchesText } from './order-search.ts';

test.each(['404-0000001-0000001', '404-00', 'mug-bl', 'BLUE MUG', ' b000000001 '])(
  'an order is found by %j',
  (text) => {
    expect(matchesText(anOrder(), text)).toBe(true);
  },
);

test.each(['404-0000002', 'red', 'unshipped', 'mug-bluex', 'amazon'])(
  'an order is not found by %j',
  (text) => {
    expect(matchesText(anOrder(), text)).toBe(false);
  },
);

test('an order without lines is found by its number alone', () => {
  const order = anOrder({ lines: [] });
  expect(matchesText(order, '0000001')).toBe(true);
  expect(matchesText(order, 'mug')).toBe(false);
});
