import { describe, expect, test } from 'vitest';
import { anOrder } from '../../tests/support/orders.ts';
import { orderAttention } from './order-attention.ts';

const quiet = {
  order: anOrder(),
  check: 'adds-up',
  settlement: 'not-due',
  foreignCurrencies: [],
  personalData: 'present',
  customisationMissing: false,
} as const;
const wanted = (status: 'unshipped' | 'shipped') => {
  const [line] = anOrder().lines;
  if (line === undefined) throw new Error('the fixture has no line');
  return anOrder({ status, lines: [{ ...line, cancellationRequested: true }] });
};

describe('what a person has to look at', () => {
  test('an order as it should be asks for nobody', () => {
    expect(orderAttention(quiet)).toEqual([]);
  });

  test("a buyer's wish to cancel is shown until the order is on its way", () => {
    expect(orderAttention({ ...quiet, order: wanted('unshipped') })).toEqual(['cancellation-requested']);
    expect(orderAttention({ ...quiet, order: wanted('shipped') })).toEqual([]);
  });

  test('refused personal data matters only while there is something to ship', () => {
    expect(orderAttention({ ...quiet, personalData: 'refused' })).toEqual(['personal-data-refused']);
    expect(
      orderAttention({ ...quiet, order: anOrder({ status: 'shipped' }), personalData: 'refused' }),
    ).toEqual([]);
    expect(orderAttention({ ...quiet, personalData: 'waiting' })).toEqual([]);
  });

  test('a missing customisation matters until the order is on its way', () => {
    const missing = { ...quiet, customisationMissing: true };
    for (const status of ['pending', 'unshipped', 'partly-shipped'] as const) {
      expect(orderAttention({ ...missing, order: anOrder({ status }) })).toEqual(['customisation-missing']);
    }
    for (const status of ['shipped', 'cancelled'] as const) {
      expect(orderAttention({ ...missing, order: anOrder({ status }) })).toEqual([]);
    }
  });

  test('everything at once is listed, the most urgent first', () => {
    const order = anOrder({
      status: 'unknown',
      unexpectedMove: { from: 'shipped', to: 'unknown', at: '2026-11-21T08:00:00.000Z' },
    });
    expect(
      orderAttention({
        order,
        check: 'differs',
        settlement: 'overdue',
        foreignCurrencies: ['GBP'],
        personalData: undefined,
        customisationMissing: true,
      }),
    ).toEqual([
      'does-not-add-up',
      'unexpected-status-change',
      'unknown-status',
      'payment-overdue',
      'foreign-currency',
    ]);
  });

  test('an amount that is not known yet is no difference', () => {
    expect(orderAttention({ ...quiet, check: 'incomplete' })).toEqual([]);
  });
});
