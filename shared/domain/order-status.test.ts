import { describe, expect, test } from 'vitest';
import { anOrder } from '../../tests/support/orders.ts';
import { ORDER_STATUSES } from './order.ts';
import { isExpectedMove, shippingBlock, withMoveNoted } from './order-status.ts';

describe('a status', () => {
  test.each([
    ['pending', 'unshipped'],
    ['to-accept', 'pending'],
    ['unshipped', 'shipped'],
    ['shipped', 'refunded'],
    ['unknown', 'shipped'],
  ] as const)('may go from %s to %s', (from, to) => {
    expect(isExpectedMove(from, to)).toBe(true);
  });

  test.each([
    ['shipped', 'unshipped'],
    ['shipped', 'cancelled'],
    ['cancelled', 'unshipped'],
    ['refunded', 'shipped'],
  ] as const)('is not expected to go from %s to %s', (from, to) => {
    expect(isExpectedMove(from, to)).toBe(false);
  });

  test('may stay, and may become a word we do not know', () => {
    for (const status of ORDER_STATUSES) {
      expect(isExpectedMove(status, status)).toBe(true);
      expect(isExpectedMove(status, 'unknown')).toBe(true);
    }
  });
});

describe('an order whose status moved', () => {
  test('is marked when nobody expects the move, and keeps the mark', () => {
    const back = anOrder({ status: 'unshipped', updatedAt: '2026-11-21T00:00:00.000Z' });
    const marked = withMoveNoted(anOrder({ status: 'shipped' }), back);
    expect(marked.unexpectedMove).toEqual({
      from: 'shipped',
      to: 'unshipped',
      at: '2026-11-21T00:00:00.000Z',
    });
    expect(withMoveNoted(marked, anOrder({ status: 'shipped' })).unexpectedMove).toEqual(
      marked.unexpectedMove,
    );
  });

  test('is left as it came when the move is expected or it is new', () => {
    const order = anOrder({ status: 'shipped' });
    expect(withMoveNoted(anOrder({ status: 'unshipped' }), order)).toBe(order);
    expect(withMoveNoted(undefined, order)).toBe(order);
  });
});

describe('shipping', () => {
  const line = anOrder().lines[0];
  if (line === undefined) throw new Error('the example order has a line');

  test.each([
    [anOrder(), undefined],
    [anOrder({ status: 'partly-shipped' }), undefined],
    [anOrder({ lines: [line, { ...line, cancellationRequested: true }] }), 'cancellation-requested'],
    [anOrder({ status: 'to-accept' }), 'not-ready'],
    [anOrder({ status: 'pending' }), 'not-ready'],
    [anOrder({ status: 'shipped' }), 'already-shipped'],
    [anOrder({ status: 'refunded' }), 'cancelled'],
    [anOrder({ fulfilledBy: 'marketplace' }), 'marketplace-ships'],
  ])('of an order is forbidden for one reason or none (%#)', (order, block) => {
    expect(shippingBlock(order)).toBe(block);
  });
});
