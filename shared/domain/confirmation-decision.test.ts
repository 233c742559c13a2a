import { describe, expect, test } from 'vitest';
import { anOrder } from '../../tests/support/orders.ts';
import { aConfirmation } from '../../tests/support/shipments.ts';
import { type ConfirmationFacts, confirmationDecision, takesEdits } from './confirmation-decision.ts';
import type { Order } from './order.ts';
import type { ShippingConfirmation } from './shipping-confirmation.ts';

const open = { trackingSync: true, archivedAt: undefined, carriers: undefined };
const [mug] = anOrder().lines;
if (mug === undefined) throw new Error('the example has a line');

function decide(
  {
    order = {},
    confirmation = {},
    ...facts
  }: Partial<Pick<ConfirmationFacts, 'shipment' | 'channel' | 'elsewhere'>> & {
    order?: Partial<Order>;
    confirmation?: Partial<ShippingConfirmation>;
  } = {},
  here = true,
) {
  return confirmationDecision({
    confirmation: aConfirmation(confirmation),
    shipment: { state: 'in-transit' },
    channel: open,
    order: here ? anOrder(order) : undefined,
    ...facts,
  });
}

test('an order on its way is told in its marketplace’s words, with the lines it waits for', () => {
  const lines = [
    { ...mug, orderLineId: 'A', quantityOrdered: 3, quantityFulfilled: 1 },
    { ...mug, orderLineId: 'B', quantityOrdered: 1, quantityFulfilled: 1 },
  ];
  expect(decide({ order: { status: 'partly-shipped', lines } })).toEqual({
    do: 'send',
    carrier: { code: 'BRT' },
    trackingNumber: '067138050000001',
    lines: [{ orderLineId: 'A', quantity: 2 }],
  });
});

describe('the rest of an order', () => {
  const lines = [
    { ...mug, orderLineId: 'A', quantityOrdered: 3, quantityFulfilled: 0 },
    { ...mug, orderLineId: 'B', quantityOrdered: 1, quantityFulfilled: 0 },
  ];
  const elsewhere = [{ lines: [{ orderLineId: 'A', quantity: 2 }] }];
  const rest = [
    { orderLineId: 'A', quantity: 1 },
    { orderLineId: 'B', quantity: 1 },
  ];

  test.each(['amazon', 'ebay', 'manomano'] as const)(
    'is what its other shipments do not hold, before %s has heard of them',
    (marketplace) => {
      const confirmation = { marketplace };
      const decision = decide({ order: { marketplace, lines }, confirmation, elsewhere });
      expect(decision).toMatchObject({ do: 'send', lines: rest });
    },
  );

  test('is not asked for where it is said what travels', () => {
    const said = [{ orderLineId: 'B', quantity: 1 }];
    const decision = decide({ order: { lines }, confirmation: { lines: said }, elsewhere });
    expect(decision).toMatchObject({ do: 'send', lines: said });
  });

  test('is everything again when another one took everything and this one goes instead', () => {
    const confirmation = { marketplace: 'ebay' as const };
    const decision = decide({
      order: { marketplace: 'ebay', lines },
      confirmation,
      elsewhere: [{ lines: [] }],
    });
    expect(decision).toMatchObject({ do: 'send', lines: [] });
  });
});

describe('what protects from the machine', () => {
  test.each([
    ['delivered', { shipment: { state: 'delivered' } }, { do: 'leave-alone', reason: 'delivered' }],
    ['returned', { shipment: { state: 'returned' } }, { do: 'leave-alone', reason: 'returned' }],
    ['already shipped', { order: { status: 'shipped' } }, { do: 'leave-alone', reason: 'already-shipped' }],
    [
      'a wish to cancel',
      { order: { lines: [{ ...mug, cancellationRequested: true }] } },
      { do: 'wait', reason: 'cancellation-requested', forMs: 900_000 },
    ],
  ] as const)('%s, does not from a person', (_, facts, decision) => {
    expect(decide(facts)).toEqual(decision);
    expect(decide({ ...facts, confirmation: { askedBy: 'user-1' } }).do).toBe('send');
  });
});

describe('what cannot be, a person cannot either', () => {
  const asked = { askedBy: 'user-1' };
  test.each([
    ['cancelled', { order: { status: 'cancelled' } }, { do: 'leave-alone', reason: 'cancelled' }],
    ['taken back', { shipment: { state: 'cancelled' } }, { do: 'leave-alone', reason: 'cancelled' }],
    [
      'shipped by Amazon',
      { order: { fulfilledBy: 'marketplace' } },
      { do: 'leave-alone', reason: 'marketplace-ships' },
    ],
    ['unpaid', { order: { status: 'pending' } }, { do: 'wait', reason: 'not-ready', forMs: 900_000 }],
    [
      'of a channel switched off',
      { channel: { ...open, trackingSync: false } },
      { do: 'wait', reason: 'tracking-sync-off', forMs: 3_600_000 },
    ],
    [
      'of a closed channel',
      { channel: { ...open, archivedAt: '2026-11-01T00:00:00.000Z' } },
      { do: 'wait', reason: 'tracking-sync-off', forMs: 3_600_000 },
    ],
  ] as const)('%s', (_, facts, decision) => {
    expect(decide(facts)).toEqual(decision);
    expect(decide({ ...facts, confirmation: asked })).toEqual(decision);
  });

  test('an order that is not here yet', () => {
    expect(decide({}, false)).toEqual({ do: 'wait', reason: 'order-not-here', forMs: 900_000 });
  });

  test('an eBay order that is shipped: eBay takes no edits', () => {
    expect(takesEdits('ebay')).toBe(false);
    expect(
      decide({
        order: { marketplace: 'ebay', status: 'shipped' },
        confirmation: { ...asked, marketplace: 'ebay' },
      }),
    ).toEqual({ do: 'leave-alone', reason: 'already-shipped' });
  });
});

describe('what is wrong with what would be told', () => {
  const line = (orderLineId: string, quantity: number) => ({ orderLineId, quantity });
  test.each<[string, Partial<ShippingConfirmation>, Partial<Order>, string]>([
    ['a word for a number', { trackingNumber: 'TODAY' }, {}, 'tracking-number-malformed'],
    ['a carrier without a name', { courier: 'manual' }, {}, 'carrier-not-mapped'],
    ['a line of another order', { lines: [line('X', 1)] }, {}, 'unknown-line'],
    ['more than was ordered', { lines: [line(mug.orderLineId, 2)] }, {}, 'unknown-line'],
    ['a line twice', { lines: [line(mug.orderLineId, 1), line(mug.orderLineId, 1)] }, {}, 'unknown-line'],
    [
      'no address for ManoMano',
      { marketplace: 'manomano', trackingUrl: undefined },
      { marketplace: 'manomano' },
      'tracking-url-missing',
    ],
    [
      'a line that ManoMano has no name for',
      { marketplace: 'manomano', lines: [line(mug.orderLineId, 1)] },
      { marketplace: 'manomano', lines: [{ ...mug, sku: undefined }] },
      'line-without-sku',
    ],
  ])('%s is refused', (_, confirmation, order, reason) => {
    expect(decide({ confirmation, order })).toEqual({ do: 'refuse', reason });
  });
});
