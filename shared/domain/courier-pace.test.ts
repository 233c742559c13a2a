import { expect, test } from 'vitest';
import type { AskedCourier } from './courier-account.ts';
import { callsKept, courierBuckets } from './courier-pace.ts';
import { type QuotaState, takeCall } from './quota.ts';

const COURIERS: readonly AskedCourier[] = ['brt', 'gls', 'dhl', 'poste', 'ups'];
const HOUR_MS = 3_600_000;

/** Calls that a worker gets who asks all the time. */
function callsWithin(courier: AskedCourier, spanMs: number): number {
  const buckets = courierBuckets(courier, 'shop');
  const states = new Map<string, QuotaState>();
  let calls = 0;
  for (let nowMs = 0; nowMs < spanMs; nowMs += 200) {
    const taken = buckets.every(({ bucket, plan }) => {
      const decision = takeCall(states.get(bucket), plan, nowMs);
      states.set(bucket, decision.state);
      return decision.granted;
    });
    if (taken) calls += 1;
  }
  return calls;
}

test('BRT is asked 18,000 times in an hour at most, and may be asked as often', () => {
  expect(callsWithin('brt', HOUR_MS)).toBeLessThanOrEqual(18_000);
  expect(callsWithin('brt', HOUR_MS)).toBeGreaterThan(17_900);
});

test('DHL is asked 250 times in a day at most, and never twice in five seconds', () => {
  expect(callsWithin('dhl', 24 * HOUR_MS)).toBeLessThanOrEqual(250);
  expect(callsWithin('dhl', 24 * HOUR_MS)).toBeGreaterThan(240);
  expect(callsWithin('dhl', 60_000)).toBe(12);
});

test.each(COURIERS)(
  '%s: checks that can wait leave calls to those that cannot, and are not shut out',
  (courier) => {
    const kept = callsKept(courier, false);
    const largest = Math.max(...courierBuckets(courier, 'shop').map(({ plan }) => plan.burst));
    expect(callsKept(courier, true)).toBe(0);
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(largest);
  },
);

test('each account of a courier has buckets of its own', () => {
  expect(courierBuckets('dhl', 'shop').map(({ bucket }) => bucket)).toEqual([
    'dhl/shop/spacing',
    'dhl/shop/calls',
  ]);
});
