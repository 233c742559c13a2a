import type { Order, OrderStatus } from './order.ts';

/**
 * Which changes of status we expect. A marketplace is always believed (its newer version is stored), but a move that is
 * not here is shown to a person: an order shipped and then cancelled, or one that came back from a refund.
 */
const MOVES: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  pending: ['to-accept', 'unshipped', 'partly-shipped', 'shipped', 'cancelled', 'refunded', 'unfulfillable'],
  'to-accept': ['pending', 'unshipped', 'partly-shipped', 'shipped', 'cancelled', 'refunded'],
  unshipped: ['partly-shipped', 'shipped', 'cancelled', 'refunded', 'unfulfillable'],
  'partly-shipped': ['shipped', 'cancelled', 'refunded'],
  shipped: ['refunded'],
  cancelled: ['refunded'],
  refunded: [],
  unfulfillable: ['unshipped', 'cancelled', 'refunded'],
  // A word we could not read says nothing about what may follow.
  unknown: [
    'pending',
    'to-accept',
    'unshipped',
    'partly-shipped',
    'shipped',
    'cancelled',
    'refunded',
    'unfulfillable',
  ],
};

/** Whether an order may go from one status to another; staying is always allowed, and so is a word we do not know. */
export function isExpectedMove(from: OrderStatus, to: OrderStatus): boolean {
  return from === to || to === 'unknown' || MOVES[from].includes(to);
}

/** The newer version of an order, with a mark when its status moved in a way nobody expects; an earlier mark stays. */
export function withMoveNoted<Newer extends Omit<Order, 'channelId'>>(
  stored: Pick<Order, 'status' | 'unexpectedMove'> | undefined,
  newer: Newer,
): Newer {
  if (stored === undefined) return newer;
  const move = isExpectedMove(stored.status, newer.status)
    ? stored.unexpectedMove
    : { from: stored.status, to: newer.status, at: newer.updatedAt };
  return move === undefined ? newer : { ...newer, unexpectedMove: move };
}

/** Why an order must not be shipped now; undefined when nothing forbids it. */
export type ShippingBlock =
  | 'cancellation-requested'
  | 'not-ready'
  | 'already-shipped'
  | 'cancelled'
  | 'marketplace-ships';

/** Whether something forbids to ship an order, and what. A buyer's wish to cancel is answered first. */
export function shippingBlock(
  order: Pick<Order, 'status' | 'fulfilledBy' | 'lines'>,
): ShippingBlock | undefined {
  if (order.fulfilledBy === 'marketplace') return 'marketplace-ships';
  if (order.status === 'shipped') return 'already-shipped';
  if (['cancelled', 'refunded', 'unfulfillable'].includes(order.status)) return 'cancelled';
  if (order.lines.some((line) => line.cancellationRequested)) return 'cancellation-requested';
  if (['pending', 'to-accept', 'unknown'].includes(order.status)) return 'not-ready';
  return undefined;
}
