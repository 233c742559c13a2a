import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anOrder } from '../../tests/support/orders.ts';
import { orderId } from './order.ts';
import { carriesGoods, checkNamedOnce, checkShippedLines, openQuantities } from './shipped-quantities.ts';

const order = {
  marketplaceOrderId: '404-1',
  lines: [
    { ...lineOf('A'), quantityOrdered: 3 },
    { ...lineOf('B'), quantityOrdered: 1 },
  ],
};
function lineOf(orderLineId: string) {
  const [line] = anOrder().lines;
  if (line === undefined) throw new Error('an order without lines');
  return { ...line, orderLineId };
}
const take = (orderLineId: string, quantity: number) => ({ lines: [{ orderLineId, quantity }] });

describe('what is left of an order', () => {
  test('is what no shipment carries, in parts', () => {
    expect([...openQuantities(order, [take('A', 2)])]).toEqual([
      ['A', 1],
      ['B', 1],
    ]);
  });

  test('is nothing after a shipment of all that was left, whatever comes after it', () => {
    expect([...openQuantities(order, [take('A', 1), { lines: [] }, take('B', 1)]).values()]).toEqual([0, 0]);
  });

  test('is never less than nothing, and never more than was ordered', () => {
    const taken = fc.array(fc.record({ orderLineId: fc.constantFrom('A', 'B'), quantity: fc.nat(5) }));
    fc.assert(
      fc.property(fc.array(fc.record({ lines: taken })), (shipped) => {
        const open = openQuantities(order, shipped);
        for (const { orderLineId, quantityOrdered } of order.lines) {
          expect(open.get(orderLineId)).toBeGreaterThanOrEqual(0);
          expect(open.get(orderLineId)).toBeLessThanOrEqual(quantityOrdered);
        }
      }),
    );
  });
});

describe('lines that are to travel', () => {
  test('may be all that is left, or less', () => {
    checkShippedLines(order, [], [take('A', 3)]);
    checkShippedLines(order, take('A', 1).lines, [take('A', 2)]);
  });

  test.each([
    ['a line of another order', take('C', 1).lines, [], 'line-unknown', 'C'],
    ['more than was ordered', take('B', 2).lines, [], 'too-many', 'B: 2 > 1'],
    ['more than is left', take('A', 2).lines, [take('A', 2)], 'too-many', 'A: 2 > 1'],
    ['nothing, where nothing is left', [], [{ lines: [] }], 'nothing-left', '404-1'],
  ])('are refused when they are %s', (_, wanted, shipped, code, detail) => {
    expect(() => checkShippedLines(order, wanted, shipped)).toThrow(
      expect.objectContaining({ refusal: { code, detail } }),
    );
  });

  test('name an order and a line once', () => {
    const one = { orderId: orderId('ebay', '1'), lines: take('A', 1).lines };
    checkNamedOnce([one, { ...one, orderId: orderId('ebay', '2') }]);
    expect(() => checkNamedOnce([one, one])).toThrow('order-twice ebay:1');
    expect(() => checkNamedOnce([{ ...one, lines: [...one.lines, ...one.lines] }])).toThrow('line-twice A');
  });
});

test('goods that stayed here or came back are in no shipment any more', () => {
  const making = {
    parcelCount: 1,
    weightGrams: 1,
    labelFormat: 'PDF',
    attempts: 1,
    warnings: [],
    labelKeys: [],
  } as const;
  expect(carriesGoods({ state: 'created', making: { ...making, state: 'refused' } })).toBe(true);
  expect(carriesGoods({ state: 'delivered' })).toBe(true);
  expect(carriesGoods({ state: 'returned' })).toBe(false);
  expect(carriesGoods({ state: 'created', making: { ...making, state: 'deleted' } })).toBe(false);
});
