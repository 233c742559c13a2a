import { describe, expect, it } from 'vitest';
import { anOrder } from '../../tests/support/orders.ts';
import type { FollowUp } from './follow-up.ts';
import { orderId } from './order.ts';
import { afterResult, isParked, nextTry, personalDataEnd } from './personal-data.ts';

const WANTED_AT = '2026-11-23T08:00:00.000Z';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const at = (ms: number) => Date.parse(WANTED_AT) + ms;
const followUp = (overrides: Partial<FollowUp> = {}): FollowUp => ({
  kind: 'personal-data',
  orderId: orderId('amazon', '404-1'),
  orderLineId: '',
  marketplace: 'amazon',
  marketplaceOrderId: '404-1',
  accountId: 'A1EXAMPLE',
  siteId: 'APJ6JRA9NG5V4',
  channelId: 'amazon-it',
  wantedAt: WANTED_AT,
  state: 'waiting',
  dueAt: WANTED_AT,
  attempts: 0,
  version: 1,
  ...overrides,
});

/** All tries from the first moment on, each made a minute after it was due, as minutes after it began. */
function tries(deadline?: string): number[] {
  const found: number[] = [];
  for (let nowMs = at(0); ; ) {
    const next = nextTry({ wantedAt: WANTED_AT, deadline }, nowMs);
    if (next === undefined) return found;
    found.push((Date.parse(next) - at(0)) / MINUTE_MS);
    nowMs = Date.parse(next) + MINUTE_MS;
  }
}

describe('the end of personal data', () => {
  it('is 27 days after delivery, or after the latest promised day while that is unknown, or 60 days after the sale', () => {
    const order = anOrder({ deliverBy: { latest: '2026-11-27T22:59:59.000Z' } });
    expect(personalDataEnd({ ...order, deliveredAt: '2026-11-25T10:00:00.000Z' })).toBe(
      '2026-12-22T10:00:00.000Z',
    );
    expect(personalDataEnd(order)).toBe('2026-12-24T22:59:59.000Z');
    expect(personalDataEnd({ ...order, deliverBy: {} })).toBe('2027-01-19T08:00:00.000Z');
  });
});

describe('a missing name is asked for', () => {
  it('after 5, 15, 30 and 60 minutes, then hourly for a day, when nobody waits to ship', () => {
    expect(tries()).toEqual([5, 15, 30, ...Array.from({ length: 24 }, (_, hour) => 60 * (hour + 1))]);
  });

  it('twice a day after that while there is something to ship, and always six hours and one before', () => {
    const later = tries('2026-11-26T10:00:00.000Z').filter((minute) => minute > 24 * 60);
    expect(later).toEqual([36, 48, 60, 68, 72, 73].map((hour) => hour * 60));
  });

  it('before a parcel that leaves the same day too', () => {
    expect(tries('2026-11-23T10:30:00.000Z')).toContain(90);
  });
});

describe('the follow-up', () => {
  it('is done when the name is there', () => {
    expect(afterResult(followUp(), { result: 'found' }, at(0))).toMatchObject({ state: 'done', attempts: 1 });
    expect(afterResult(followUp(), { result: 'found' }, at(0))).not.toHaveProperty('dueAt');
  });

  it.each(['not-visible', 'not-given'] as const)(
    'goes on after %s, and is given up after a day',
    (result) => {
      expect(afterResult(followUp(), { result }, at(0))).toMatchObject({
        state: 'waiting',
        dueAt: '2026-11-23T08:05:00.000Z',
      });
      expect(afterResult(followUp(), { result }, at(24 * HOUR_MS))).toMatchObject({
        state: 'gave-up',
        problem: result,
      });
    },
  );

  it('that ended without a name stays countable until its parcel had to leave, and no longer', () => {
    const deadline = '2026-11-25T08:00:00.000Z';
    const ended = afterResult(followUp({ deadline }), { result: 'expired' }, at(0));
    expect(ended).toMatchObject({ state: 'refused', problem: 'expired', dueAt: deadline });
    expect(afterResult(followUp({ deadline }), { result: 'expired' }, at(72 * HOUR_MS))).not.toHaveProperty(
      'dueAt',
    );
  });

  it('waits as long as the source asks for, within reason', () => {
    const dueAfter = (retryAfterMs: number) =>
      afterResult(followUp(), { result: 'being-fetched', retryAfterMs }, at(0)).dueAt;
    expect(dueAfter(600_000)).toBe('2026-11-23T08:10:00.000Z');
    expect(dueAfter(0)).toBe('2026-11-23T08:01:00.000Z');
    expect(dueAfter(99 * HOUR_MS)).toBe('2026-11-23T09:00:00.000Z');
  });

  it('is looked at within the hour while an account is in trouble, counts no try, and sooner when a parcel has to leave', () => {
    const parked = afterResult(followUp(), { result: 'module-not-matched' }, at(0));
    expect(parked).toMatchObject({ state: 'waiting', attempts: 0, dueAt: '2026-11-23T09:00:00.000Z' });
    expect(isParked(parked)).toBe(true);
    const soon = followUp({ deadline: '2026-11-23T09:40:00.000Z' });
    expect(afterResult(soon, { result: 'module-not-matched' }, at(0)).dueAt).toBe('2026-11-23T08:40:00.000Z');
  });

  it('outlives an outage of days, but not of weeks', () => {
    const day = 24 * HOUR_MS;
    expect(afterResult(followUp(), { result: 'unavailable' }, at(3 * day))).toMatchObject({
      state: 'waiting',
      dueAt: '2026-11-26T09:00:00.000Z',
    });
    expect(afterResult(followUp(), { result: 'unavailable' }, at(15 * day))).toMatchObject({
      state: 'gave-up',
    });
  });
});
