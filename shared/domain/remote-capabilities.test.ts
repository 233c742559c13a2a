import { describe, expect, test } from 'vitest';
import { aLedgerEntry, anOrder } from '../../tests/support/orders.ts';
import { aRemoteAction } from '../../tests/support/remote-actions.ts';
import { MARKETPLACES, ORDER_STATUSES, type Order } from './order.ts';
import { nextPackageNumber, REMOTE_ACTION_KINDS, type RemoteActionWish, wishText } from './remote-action.ts';
import { type CapabilityFacts, remoteCapabilities, settledWish, wishRefusal } from './remote-capabilities.ts';

const [LINE] = anOrder().lines;
if (LINE === undefined) throw new Error('an order without lines');
const NOW = Date.parse('2026-11-20T12:00:00.000Z');

function facts(order: Partial<Order> = {}, more: Partial<CapabilityFacts> = {}): CapabilityFacts {
  return { order: anOrder(order), entries: {}, actions: [], canSign: true, ...more };
}
const blocks = (of: CapabilityFacts): Record<string, string> =>
  Object.fromEntries(remoteCapabilities(of).kinds.map(({ kind, block }) => [kind, block ?? 'possible']));
const possible = (of: CapabilityFacts): string[] =>
  Object.entries(blocks(of)).flatMap(([kind, block]) => (block === 'possible' ? [kind] : []));

describe('what can be done', () => {
  test.each([
    ['amazon', 'unshipped', ['ship', 'cancel']],
    ['amazon', 'partly-shipped', ['ship', 'refund']],
    ['amazon', 'shipped', ['refund']],
    ['ebay', 'unshipped', ['ship', 'cancel', 'refund']],
    ['ebay', 'shipped', ['refund']],
    ['manomano', 'to-accept', ['accept', 'refuse']],
    ['manomano', 'unshipped', ['ship']],
    ['manomano', 'shipped', []],
  ] as const)('at %s to an order that is %s', (marketplace, status, kinds) => {
    expect(possible(facts({ marketplace, status }))).toEqual(kinds);
  });

  test.each(MARKETPLACES)(
    'nothing at %s to an order that is pending, over, or its own to ship',
    (marketplace) => {
      for (const status of ['pending', 'cancelled', 'refunded', 'unfulfillable', 'unknown'] as const) {
        expect(possible(facts({ marketplace, status })), status).toEqual([]);
      }
      for (const status of ORDER_STATUSES) {
        expect(possible(facts({ marketplace, status, fulfilledBy: 'marketplace' })), status).toEqual([]);
      }
    },
  );

  test('a buyer’s wish to cancel is answered first, and only where there is one', () => {
    const asked = { marketplace: 'ebay', lines: [{ ...LINE, cancellationRequested: true }] } as const;
    expect(blocks(facts(asked))).toMatchObject({
      ship: 'cancellation-requested',
      'approve-cancellation': 'possible',
      'reject-cancellation': 'possible',
    });
    expect(blocks(facts({ marketplace: 'ebay' }))).toMatchObject({
      ship: 'possible',
      'approve-cancellation': 'no-request',
    });
  });

  test('what eBay wants signed needs a key', () => {
    expect(blocks(facts({ marketplace: 'ebay', status: 'shipped' }, { canSign: false }))).toMatchObject({
      refund: 'signature-missing',
    });
    expect(blocks(facts({ status: 'shipped' }, { canSign: false })).refund).toBe('possible');
  });
});

describe('after an action', () => {
  const cancel = (more = {}) =>
    aRemoteAction({
      wish: { kind: 'cancel', reason: 'out-of-stock' },
      sentAt: '2026-11-20T10:00:00.000Z',
      ...more,
    });

  test.each(['wanted', 'sending', 'followed'] as const)('that is %s nothing else begins', (state) => {
    const of = facts({}, { actions: [cancel({ state })] });
    expect(possible(of)).toEqual([]);
    expect(wishRefusal(of, { kind: 'cancel', reason: 'other' })).toMatchObject({
      code: 'under-way',
      blockedBy: { requestedBy: 'person-1' },
    });
  });

  test('of which nobody knows how it went a person looks first', () => {
    expect(blocks(facts({}, { actions: [cancel({ state: 'unclear' })] })).ship).toBe('unclear-before');
  });

  test('that is done the next sync is waited for, and a newer order speaks for itself', () => {
    const actions = [cancel({ state: 'done' })];
    expect(blocks(facts({}, { actions }))).toMatchObject({
      cancel: 'waits-for-sync',
      ship: 'waits-for-sync',
    });
    const later = { updatedAt: '2026-11-20T11:00:00.000Z' };
    expect(blocks(facts({ ...later, status: 'cancelled' }, { actions }))).toMatchObject({
      cancel: 'wrong-status',
    });
    // Taken back by the marketplace.
    expect(blocks(facts(later, { actions })).cancel).toBe('possible');
  });

  test('that was refused everything is as before', () => {
    expect(blocks(facts({}, { actions: [cancel({ state: 'refused' })] })).cancel).toBe('possible');
  });
});

describe('goods', () => {
  const three: Partial<Order> = { lines: [{ ...LINE, quantityOrdered: 3, quantityFulfilled: 1 }] };
  const ship = (quantity?: number): RemoteActionWish => ({
    kind: 'ship',
    courier: 'brt',
    trackingNumber: '0670 6165 1641',
    lines: quantity === undefined ? [] : [{ orderLineId: LINE.orderLineId, quantity }],
  });
  const told = (quantity: number, state: 'done' | 'refused') =>
    aRemoteAction({ wish: ship(quantity), state, actionId: `ship-${quantity}`, packageNumber: 9_001 });

  test('that are gone are not shipped again: by the sync, or by what was told from here', () => {
    expect(wishRefusal(facts(three), ship(2))).toBeUndefined();
    expect(wishRefusal(facts(three), ship(3))).toMatchObject({ code: 'too-many' });
    const after = facts(three, { actions: [told(2, 'done')] });
    expect(wishRefusal(after, ship(1))).toBeUndefined();
    expect(wishRefusal(after, ship(2))).toMatchObject({ code: 'too-many' });
    expect(wishRefusal(facts(three, { actions: [told(2, 'refused')] }), ship(2))).toBeUndefined();
    expect(blocks(facts(three, { actions: [told(3, 'done')] })).ship).toBe('nothing-left');
  });

  test('of all that is left are written down, with the number as it is told and where it can be followed', () => {
    expect(settledWish(facts(three), ship(), NOW)).toEqual({
      ...ship(2),
      trackingNumber: '067061651641',
      trackingUrl: expect.stringContaining('brt.it'),
      shippedAt: '2026-11-20T12:00:00.000Z',
    });
    const future = { ...ship(1), shippedAt: '2026-11-21T00:00:00.000Z' } as RemoteActionWish;
    expect(settledWish(facts(three), future, NOW)).toMatchObject({ shippedAt: '2026-11-20T12:00:00.000Z' });
  });

  test.each([
    ['line-unknown', {}, { lines: [{ orderLineId: 'none', quantity: 1 }] }],
    ['line-twice', {}, { lines: [LINE, LINE].map(({ orderLineId }) => ({ orderLineId, quantity: 1 })) }],
    ['too-many', {}, { lines: [{ orderLineId: LINE.orderLineId, quantity: 0 }] }],
    ['tracking-number-malformed', {}, { trackingNumber: '12' }],
    [
      'carrier-not-mapped',
      { marketplace: 'manomano' },
      { courier: 'manual', carrierName: 'Trasporti Rossi' },
    ],
    [
      'tracking-url-missing',
      { marketplace: 'manomano' },
      { courier: 'manual', carrierName: 'DSV', trackingNumber: 'X-1' },
    ],
    ['line-without-sku', { marketplace: 'manomano', lines: [{ ...LINE, sku: undefined }] }, {}],
  ] as const)('are refused with %s', (code, order, wish) => {
    expect(wishRefusal(facts(order), { ...ship(1), ...wish } as RemoteActionWish)).toMatchObject({ code });
  });

  test('have a package number that none of our own shipments gets', () => {
    expect(nextPackageNumber([])).toBe(9_001);
    expect(nextPackageNumber([{}, { packageNumber: 9_003 }, { packageNumber: 9_001 }])).toBe(9_004);
  });
});

describe('money', () => {
  const refund = (goodsMinor: number, shippingMinor = 0): RemoteActionWish => ({
    kind: 'refund',
    reason: 'returned',
    currency: 'EUR',
    lines: [{ orderLineId: LINE.orderLineId, goodsMinor, shippingMinor }],
  });
  const shipped = (more: Partial<CapabilityFacts> = {}, order: Partial<Order> = {}): CapabilityFacts =>
    facts({ status: 'shipped', ...order }, more);
  const given = (minor: number, state: 'done' | 'refused') =>
    aRemoteAction({ wish: refund(minor), state, actionId: `refund-${minor}-${state}` });

  test('is given back up to what the line cost, and not a cent more', () => {
    expect(wishRefusal(shipped(), refund(1990, 500))).toBeUndefined();
    expect(wishRefusal(shipped(), refund(1990, 501))).toMatchObject({ code: 'too-much' });
    const after = shipped({ actions: [given(2000, 'done'), given(400, 'refused')] });
    expect(wishRefusal(after, refund(490))).toBeUndefined();
    expect(wishRefusal(after, refund(491))).toMatchObject({ code: 'too-much' });
    expect(blocks(shipped({ actions: [given(2490, 'done')] })).refund).toBe('nothing-left');
  });

  test('that the payment files know was given back is not given again; the same refund is not counted twice', () => {
    const entries = {
      one: aLedgerEntry({ reversal: { price: -1000, tax: 0, discount: 0, taxWithheld: 0 } }),
    };
    expect(wishRefusal(shipped({ entries }), refund(1490))).toBeUndefined();
    expect(wishRefusal(shipped({ entries }), refund(1491))).toMatchObject({ code: 'too-much' });
    const both = shipped({ entries, actions: [given(1000, 'done')] });
    expect(wishRefusal(both, refund(1490))).toBeUndefined();
  });

  test.each([
    ['amount-malformed', refund(0)],
    ['amount-malformed', refund(-1, 2)],
    ['amount-malformed', refund(1.5)],
    ['other-currency', { ...refund(1), currency: 'USD' }],
    ['no-lines', { ...refund(1), lines: [] }],
    ['line-unknown', { ...refund(1), lines: [{ orderLineId: 'none', goodsMinor: 1, shippingMinor: 0 }] }],
    ['reason-not-taken', { kind: 'cancel', reason: 'other' }],
  ] as const)('is refused with %s', (code, wish) => {
    const order = code === 'reason-not-taken' ? { marketplace: 'ebay', status: 'unshipped' } : {};
    expect(wishRefusal(shipped({}, order as Partial<Order>), wish as RemoteActionWish)).toMatchObject({
      code,
    });
  });

  test('of an order whose price nobody knows is given back elsewhere', () => {
    expect(blocks(shipped({}, { total: undefined })).refund).toBe('amount-unknown');
    expect(blocks(shipped({}, { lines: [{ ...LINE, total: undefined }] })).refund).toBe('amount-unknown');
  });
});

test('a wish is the same text whatever order its fields came in, and another text when it is another', () => {
  const [one, other] = [
    { kind: 'cancel', reason: 'other' },
    { reason: 'other', kind: 'cancel' },
  ] as const;
  expect(wishText(one)).toBe(wishText(other));
  expect(wishText({ kind: 'cancel', reason: 'address' })).not.toBe(wishText(one));
  expect(REMOTE_ACTION_KINDS).toHaveLength(7);
});
