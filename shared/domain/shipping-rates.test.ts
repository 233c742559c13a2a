import { describe, expect, it } from 'vitest';
import { anOrder } from '../../tests/support/orders.ts';
import { type Order, orderId } from './order.ts';
import { type Shipment, type ShipmentKey, shipmentKey } from './shipment.ts';
import type { ShippingConfirmation } from './shipping-confirmation.ts';
import {
  isInWindow,
  type OrderShipping,
  shippedInTime,
  shippingRates,
  trackedValidly,
} from './shipping-rates.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const UNTIL = '2026-11-20T22:59:59.000Z';
const key = shipmentKey('gls', 'R-1');

function shippedOrder(changes: Partial<Order> = {}): Order {
  return anOrder({
    status: 'shipped',
    purchasedAt: '2026-11-18T08:00:00.000Z',
    updatedAt: '2026-11-20T10:00:00.000Z',
    shipBy: { latest: UNTIL },
    ...changes,
  });
}

function told(changes: Partial<ShippingConfirmation> = {}): ShippingConfirmation {
  return {
    orderId: orderId('amazon', '404-0000001-0000001'),
    shipmentKey: key,
    packageNumber: 1,
    marketplace: 'amazon',
    marketplaceOrderId: '404-0000001-0000001',
    courier: 'gls',
    trackingNumber: 'X1',
    shippedAt: '2026-11-20T09:00:00.000Z',
    lines: [],
    knownAt: '2026-11-20T09:00:00.000Z',
    state: 'confirmed',
    attempts: 1,
    confirmedAt: '2026-11-20T09:05:00.000Z',
    version: 2,
    ...changes,
  };
}

function facts(
  order: Order = shippedOrder(),
  confirmations: readonly ShippingConfirmation[] = [told()],
  shipments: ReadonlyMap<ShipmentKey, Pick<Shipment, 'courier' | 'state'>> = new Map([
    [key, { courier: 'gls', state: 'in-transit' }],
  ]),
): OrderShipping {
  return { order, confirmations, shipments };
}

describe('whether an order left in time', () => {
  it('is when its marketplace was told, to the last instant', () => {
    expect(shippedInTime(facts(), NOW)).toBe('good');
    expect(shippedInTime(facts(shippedOrder(), [told({ confirmedAt: UNTIL })]), NOW)).toBe('good');
    const late = told({ confirmedAt: '2026-11-20T22:59:59.001Z' });
    expect(shippedInTime(facts(shippedOrder(), [late]), NOW)).toBe('bad');
  });

  it('is decided by the last of several packages', () => {
    const second = told({ packageNumber: 2, confirmedAt: '2026-11-21T09:00:00.000Z' });
    expect(shippedInTime(facts(shippedOrder(), [told(), second]), NOW)).toBe('bad');
  });

  it.each(['unshipped', 'partly-shipped', 'to-accept'] as const)(
    'is no while it is still here: %s',
    (status) => {
      expect(shippedInTime(facts(shippedOrder({ status }), []), NOW)).toBe('bad');
      const open = shippedOrder({ status, shipBy: { latest: '2026-11-25T22:59:59.000Z' } });
      expect(shippedInTime(facts(open, []), NOW)).toBe('not-counted');
    },
  );

  it('is known of an order shipped without us only when its last change was before the end', () => {
    expect(shippedInTime(facts(shippedOrder(), []), NOW)).toBe('good');
    const changedLater = shippedOrder({ updatedAt: '2026-11-21T10:00:00.000Z' });
    expect(shippedInTime(facts(changedLater, []), NOW)).toBe('unknown');
    expect(shippedInTime(facts(changedLater, [told({ state: 'left-alone' })]), NOW)).toBe('unknown');
  });

  it('is not known when a person put the number right after the end', () => {
    const edited = told({ confirmedAt: '2026-11-22T09:00:00.000Z', askedBy: 'person-1' });
    expect(shippedInTime(facts(shippedOrder(), [edited]), NOW)).toBe('unknown');
  });

  it.each([
    { status: 'cancelled' },
    { status: 'pending' },
    { status: 'unknown' },
    { status: 'unfulfillable' },
    { fulfilledBy: 'marketplace' },
  ] as const)('is not asked: %o', (changes) => {
    expect(shippedInTime(facts(shippedOrder(changes)), NOW)).toBe('not-counted');
    expect(trackedValidly(facts(shippedOrder(changes)), NOW)).toBe('not-counted');
  });
});

describe('whether a number is valid', () => {
  const withState = (state: Shipment['state'], courier: Shipment['courier'] = 'gls') =>
    new Map([[key, { courier, state }]]);

  it('is when the courier has scanned the goods', () => {
    expect(trackedValidly(facts(), NOW)).toBe('good');
    expect(trackedValidly(facts(shippedOrder(), [told()], withState('returned')), NOW)).toBe('good');
  });

  it('is not, two days after it was told without a scan, and is not decided before', () => {
    const unscanned = facts(shippedOrder(), [told()], withState('data-transmitted'));
    expect(trackedValidly(unscanned, Date.parse('2026-11-22T09:05:00.000Z'))).toBe('not-counted');
    expect(trackedValidly(unscanned, Date.parse('2026-11-22T09:05:00.001Z'))).toBe('bad');
  });

  it('is not, when the shipment was taken back after its number was told', () => {
    expect(trackedValidly(facts(shippedOrder(), [told()], withState('cancelled')), NOW)).toBe('bad');
  });

  it('is not known of numbers that we did not tell, or whose courier nobody can ask', () => {
    expect(trackedValidly(facts(shippedOrder(), []), NOW)).toBe('unknown');
    expect(trackedValidly(facts(shippedOrder(), [told({ state: 'refused' })]), NOW)).toBe('unknown');
    expect(trackedValidly(facts(shippedOrder(), [told()], new Map()), NOW)).toBe('unknown');
    expect(trackedValidly(facts(shippedOrder(), [told()], withState('in-transit', 'manual')), NOW)).toBe(
      'unknown',
    );
  });

  it('is what it is of the worst of an order’s packages', () => {
    const other = shipmentKey('gls', 'R-2');
    const shipments = new Map([
      [key, { courier: 'gls', state: 'in-transit' } as const],
      [other, { courier: 'gls', state: 'created' } as const],
    ]);
    const both = [told(), told({ packageNumber: 2, shipmentKey: other })];
    expect(trackedValidly(facts(shippedOrder(), both, shipments), NOW)).toBe('bad');
  });

  it('is not asked of an order that has not left', () => {
    expect(trackedValidly(facts(shippedOrder({ status: 'unshipped' }), []), NOW)).toBe('not-counted');
  });
});

describe('the rates of a channel', () => {
  const channel = { channelId: 'amazon-it', marketplace: 'amazon' } as const;
  const late = (): OrderShipping =>
    facts(shippedOrder(), [told({ confirmedAt: '2026-11-21T09:00:00.000Z' })]);
  const many = (goods: number, bads: number, unknowns = 0): OrderShipping[] => [
    ...Array.from({ length: goods }, () => facts()),
    ...Array.from({ length: bads }, late),
    ...Array.from({ length: unknowns }, () =>
      facts(shippedOrder({ updatedAt: '2026-11-21T10:00:00.000Z' }), []),
    ),
  ];
  const lateState = (goods: number, bads: number, marketplace: 'amazon' | 'ebay' | 'manomano' = 'amazon') =>
    shippingRates({ channelId: 'c', marketplace }, many(goods, bads), NOW).lateShipment[0]?.state;

  it('count what is known, and what is not, apart', () => {
    expect(shippingRates(channel, many(97, 1, 2), NOW)).toEqual({
      ...channel,
      measuredAt: '2026-11-24T12:00:00.000Z',
      lateShipment: [10, 30].map((days) => ({
        days,
        good: 97,
        bad: 1,
        unknown: 2,
        assumed: 0,
        badBasisPoints: 102,
        state: 'fine',
      })),
      validTracking: [10, 30].map((days) => ({
        days,
        good: 98,
        bad: 0,
        unknown: 2,
        assumed: 0,
        badBasisPoints: 0,
        state: 'fine',
      })),
    });
  });

  it('warn before the threshold is passed', () => {
    expect(lateState(98, 2)).toBe('fine');
    expect(lateState(971, 29)).toBe('fine');
    expect(lateState(970, 30)).toBe('close');
    expect(lateState(961, 39)).toBe('close');
    expect(lateState(960, 40)).toBe('passed');
  });

  it('warn of a small shop when one more would be too many, and not without any', () => {
    expect(lateState(40, 1)).toBe('close');
    expect(lateState(70, 1)).toBe('fine');
    expect(lateState(10, 0)).toBe('fine');
    expect(lateState(20, 1)).toBe('passed');
  });

  it('let eBay’s five late orders pass, however few orders there are', () => {
    expect(lateState(10, 3, 'ebay')).toBe('fine');
    expect(lateState(10, 5, 'ebay')).toBe('close');
    expect(lateState(10, 6, 'ebay')).toBe('passed');
    expect(lateState(300, 6, 'ebay')).toBe('fine');
  });

  it('say that nothing is known when nothing is', () => {
    const [rate] = shippingRates(channel, many(0, 0, 3), NOW).lateShipment;
    expect(rate).toMatchObject({ unknown: 3, badBasisPoints: undefined, state: 'nothing-known' });
    expect(shippingRates(channel, [], NOW).lateShipment[0]?.state).toBe('nothing-known');
  });

  it('count an order by its last instant to leave, in the windows it falls into', () => {
    const old = shippedOrder({ shipBy: { latest: '2026-11-04T22:59:59.000Z' } });
    const rates = shippingRates(channel, [facts(old)], NOW);
    expect(rates.validTracking.map(({ days, good }) => [days, good])).toEqual([
      [10, 0],
      [30, 1],
    ]);
    expect(isInWindow(shippedOrder({ shipBy: { latest: '2026-11-24T12:00:00.000Z' } }), 10, NOW)).toBe(true);
    expect(isInWindow(shippedOrder({ shipBy: { latest: '2026-11-24T12:00:00.001Z' } }), 10, NOW)).toBe(false);
    expect(isInWindow(shippedOrder({ shipBy: { latest: '2026-11-14T12:00:00.000Z' } }), 10, NOW)).toBe(false);
  });

  it('say how many orders were measured by a last day that the marketplace did not state', () => {
    const orders = [facts(shippedOrder({ shipBy: {} })), facts()];
    expect(shippingRates(channel, orders, NOW).lateShipment[0]).toMatchObject({ good: 2, assumed: 1 });
  });
});
