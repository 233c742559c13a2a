import { describe, expect, it, test } from 'vitest';
import { anOrder } from '../../tests/support/orders.ts';
import { ORDER_STATUSES } from './order.ts';
import {
  alertToRaise,
  type Deadline,
  deadlineState,
  shipByDeadline,
  validTrackingDeadline,
} from './shipping-deadline.ts';

const at = (iso: string): number => Date.parse(iso);

describe('by when an order has to leave', () => {
  it('is what the marketplace said, from the purchase on', () => {
    const order = anOrder({
      purchasedAt: '2026-11-20T08:00:00.000Z',
      shipBy: { latest: '2026-11-23T22:59:59.000Z' },
    });
    expect(shipByDeadline(order)).toEqual({
      clock: 'ship-by',
      from: '2026-11-20T08:00:00.000Z',
      until: '2026-11-23T22:59:59.000Z',
      assumed: false,
    });
  });

  it('begins when the order may leave, where that is later: nobody is warned of a pre-order for weeks', () => {
    const order = anOrder({
      purchasedAt: '2026-10-01T08:00:00.000Z',
      shipBy: { earliest: '2026-11-20T23:00:00.000Z', latest: '2026-11-23T22:59:59.000Z' },
    });
    expect(shipByDeadline(order)?.from).toBe('2026-11-20T23:00:00.000Z');
  });

  it('begins with the purchase, where the marketplace’s window has no length or ends before it began', () => {
    const sameInstant = { earliest: '2026-11-23T22:59:59.000Z', latest: '2026-11-23T22:59:59.000Z' };
    expect(shipByDeadline(anOrder({ shipBy: sameInstant }))?.from).toBe('2026-11-20T08:00:00.000Z');
    const past = anOrder({ shipBy: { latest: '2026-11-19T22:59:59.000Z' } });
    const deadline = shipByDeadline(past);
    expect([deadline?.from, deadline?.until]).toEqual([
      '2026-11-19T22:59:59.000Z',
      '2026-11-19T22:59:59.000Z',
    ]);
    expect(deadline && deadlineState(deadline, at('2026-11-20T08:00:00Z')).level).toBe('over');
  });

  it('is only asked of orders that we still have to ship, or a part of them', () => {
    const withClock = ORDER_STATUSES.filter((status) => shipByDeadline(anOrder({ status })) !== undefined);
    expect(withClock).toEqual(['to-accept', 'unshipped', 'partly-shipped']);
  });

  it('is not asked of what the marketplace ships (FBA, MMF), and asked where nobody said who ships', () => {
    expect(shipByDeadline(anOrder({ fulfilledBy: 'marketplace' }))).toBeUndefined();
    expect(shipByDeadline(anOrder({ fulfilledBy: 'unknown' }))?.assumed).toBe(false);
  });
});

describe('an order that comes without a last day', () => {
  const until = (purchasedAt: string): string | undefined =>
    shipByDeadline(anOrder({ marketplace: 'manomano', purchasedAt, shipBy: {} }))?.until;

  it('has to leave by the end of the second working day in Italy, and says that this is assumed', () => {
    const order = anOrder({ marketplace: 'manomano', purchasedAt: '2026-11-17T10:00:00.000Z', shipBy: {} });
    expect(shipByDeadline(order)).toEqual({
      clock: 'ship-by',
      from: '2026-11-17T10:00:00.000Z',
      until: '2026-11-19T22:59:59.999Z',
      assumed: true,
    });
  });

  it.each([
    ['bought on a Thursday', '2026-11-19T10:00:00.000Z', '2026-11-23T22:59:59.999Z'],
    ['bought on a Friday', '2026-11-20T10:00:00.000Z', '2026-11-24T22:59:59.999Z'],
    ['bought on a Saturday', '2026-11-21T10:00:00.000Z', '2026-11-24T22:59:59.999Z'],
    ['bought on a Sunday', '2026-11-22T10:00:00.000Z', '2026-11-24T22:59:59.999Z'],
    ['bought on a Monday', '2026-11-23T10:00:00.000Z', '2026-11-25T22:59:59.999Z'],
  ])('does not count the weekend: %s', (_, purchasedAt, expected) => {
    expect(until(purchasedAt)).toBe(expected);
  });

  it('is of the day in Italy, not of the day in UTC', () => {
    // Monday, half past midnight in Rome; still Sunday in Greenwich.
    expect(until('2026-11-22T23:30:00.000Z')).toBe('2026-11-25T22:59:59.999Z');
    expect(until('2026-11-22T22:59:59.999Z')).toBe('2026-11-24T22:59:59.999Z');
    // In summer the day in Rome begins two hours before.
    expect(until('2026-07-05T22:00:00.000Z')).toBe('2026-07-08T21:59:59.999Z');
    expect(until('2026-07-05T21:59:59.999Z')).toBe('2026-07-07T21:59:59.999Z');
  });

  it('ends at midnight by the clocks of that day, when they were changed in between', () => {
    // Clocks go back on Sunday 25 October, and forward on Sunday 28 March.
    expect(until('2026-10-23T10:00:00.000Z')).toBe('2026-10-27T22:59:59.999Z');
    expect(until('2026-10-22T10:00:00.000Z')).toBe('2026-10-26T22:59:59.999Z');
    expect(until('2026-10-21T10:00:00.000Z')).toBe('2026-10-23T21:59:59.999Z');
    expect(until('2026-03-27T10:00:00.000Z')).toBe('2026-03-31T21:59:59.999Z');
    expect(until('2026-03-25T10:00:00.000Z')).toBe('2026-03-27T22:59:59.999Z');
  });
});

describe('a window at a moment', () => {
  const window: Deadline = {
    clock: 'ship-by',
    from: '2026-11-20T00:00:00.000Z',
    until: '2026-11-20T10:00:00.000Z',
    assumed: false,
  };
  it.each([
    ['before it opens', '2026-11-19T23:00:00Z', 660, 0, 'none'],
    ['as it opens', '2026-11-20T00:00:00Z', 600, 0, 'none'],
    ['a second before half', '2026-11-20T04:59:59Z', 300, 49, 'none'],
    ['at half', '2026-11-20T05:00:00Z', 300, 50, 'half'],
    ['a second before four fifths', '2026-11-20T07:59:59Z', 120, 79, 'half'],
    ['at four fifths', '2026-11-20T08:00:00Z', 120, 80, 'most'],
    ['in its last minute', '2026-11-20T09:59:30Z', 0, 99, 'most'],
    ['at its last instant, which is still in time', '2026-11-20T10:00:00.000Z', 0, 100, 'most'],
    ['a thousandth of a second later', '2026-11-20T10:00:00.001Z', -1, 100, 'over'],
    ['an hour later', '2026-11-20T11:00:00Z', -60, 110, 'over'],
  ])('%s', (_, now, minutesLeft, usedPercent, level) => {
    expect(deadlineState(window, at(now))).toEqual({ ...window, minutesLeft, usedPercent, level });
  });

  it('counts real hours through the night in which clocks go back', () => {
    // Midnight to midnight in Rome: 25 hours.
    const night: Deadline = {
      ...window,
      from: '2026-10-24T22:00:00.000Z',
      until: '2026-10-25T23:00:00.000Z',
    };
    expect(deadlineState(night, at('2026-10-25T10:29:59Z')).level).toBe('none');
    expect(deadlineState(night, at('2026-10-25T10:30:00Z'))).toMatchObject({
      level: 'half',
      minutesLeft: 750,
    });
  });

  it('is the same moment however its instants are written', () => {
    const rome: Deadline = {
      ...window,
      from: '2026-11-20T01:00:00+01:00',
      until: '2026-11-20T11:00:00+01:00',
    };
    expect(deadlineState(rome, at('2026-11-20T05:00:00Z'))).toMatchObject({
      usedPercent: 50,
      minutesLeft: 300,
    });
  });
});

describe('an alert', () => {
  const raised = (...levels: ('half' | 'most' | 'over')[]) =>
    levels.map((level) => ({ level, at: '2026-11-20T05:00:00.000Z' }));

  test('is raised once for each level', () => {
    expect(alertToRaise({ level: 'half' }, [])).toBe('half');
    expect(alertToRaise({ level: 'half' }, raised('half'))).toBeUndefined();
    expect(alertToRaise({ level: 'most' }, raised('half'))).toBe('most');
    expect(alertToRaise({ level: 'over' }, raised('half', 'most'))).toBe('over');
    expect(alertToRaise({ level: 'over' }, raised('half', 'most', 'over'))).toBeUndefined();
  });

  test('of a level that was jumped over, or of a window that was made longer, is not raised behind a later one', () => {
    expect(alertToRaise({ level: 'over' }, [])).toBe('over');
    expect(alertToRaise({ level: 'half' }, raised('most'))).toBeUndefined();
    expect(alertToRaise({ level: 'none' }, raised('over'))).toBeUndefined();
    expect(alertToRaise({ level: 'none' }, [])).toBeUndefined();
  });
});

describe('by when a declared number has to be scanned', () => {
  const order = anOrder({ status: 'shipped', shipBy: { latest: '2026-11-23T22:59:59.000Z' } });
  const shipment = { courier: 'gls', state: 'created' } as const;
  const told = {
    state: 'confirmed',
    knownAt: '2026-11-20T09:00:00.000Z',
    confirmedAt: '2026-11-20T09:05:00.000Z',
  } as const;

  it('is two days after Amazon was told', () => {
    expect(validTrackingDeadline(order, shipment, told)).toEqual({
      clock: 'valid-tracking',
      from: '2026-11-20T09:05:00.000Z',
      until: '2026-11-22T09:05:00.000Z',
      assumed: true,
    });
  });

  it('runs before the marketplace has the number: nobody will stop it', () => {
    const about = { state: 'wanted', knownAt: told.knownAt } as const;
    expect(validTrackingDeadline(order, shipment, about)?.from).toBe('2026-11-20T09:00:00.000Z');
    expect(validTrackingDeadline(order, shipment, { ...about, state: 'sending' })?.from).toBe(told.knownAt);
  });

  it('is the last day of shipping at eBay, or a day after that', () => {
    const ebay = { ...order, marketplace: 'ebay' as const };
    expect(validTrackingDeadline(ebay, shipment, told)?.until).toBe('2026-11-23T22:59:59.000Z');
    const late = { ...told, confirmedAt: '2026-11-24T09:00:00.000Z' };
    expect(validTrackingDeadline(ebay, shipment, late)?.until).toBe('2026-11-25T09:00:00.000Z');
    expect(validTrackingDeadline({ ...ebay, shipBy: {} }, shipment, told)?.until).toBe(
      '2026-11-21T09:05:00.000Z',
    );
  });

  it.each(['picked-up', 'in-transit', 'delivered', 'returned', 'exception'] as const)(
    'is over with the first scan: %s',
    (state) => {
      expect(validTrackingDeadline(order, { ...shipment, state }, told)).toBeUndefined();
    },
  );

  it('still runs while the courier has the data only', () => {
    expect(validTrackingDeadline(order, { ...shipment, state: 'data-transmitted' }, told)?.from).toBe(
      told.confirmedAt,
    );
  });

  it('is not asked of a shipment that was taken back, nor of a courier whom nobody can ask', () => {
    expect(validTrackingDeadline(order, { ...shipment, state: 'cancelled' }, told)).toBeUndefined();
    expect(validTrackingDeadline(order, { ...shipment, courier: 'manual' }, told)).toBeUndefined();
  });

  it.each(['left-alone', 'refused'] as const)('is not asked of a number that was not told: %s', (state) => {
    expect(validTrackingDeadline(order, shipment, { ...told, state })).toBeUndefined();
  });

  it('is not asked of orders that nobody waits for, or that the marketplace ships', () => {
    const clockOf = (changes: Parameters<typeof anOrder>[0]) =>
      validTrackingDeadline(anOrder(changes), shipment, told);
    expect(clockOf({ status: 'cancelled' })).toBeUndefined();
    expect(clockOf({ status: 'refunded' })).toBeUndefined();
    expect(clockOf({ status: 'shipped', fulfilledBy: 'marketplace' })).toBeUndefined();
    expect(clockOf({ status: 'partly-shipped' })?.from).toBe(told.confirmedAt);
  });
});
