import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callsLeft, correctQuota, type QuotaState, takeCall } from './quota.ts';

const plan = { ratePerSecond: 0.0056, burst: 20 };

test('what is left is whole calls, and a bucket that nobody used is full', () => {
  expect(callsLeft(undefined, plan, 0)).toBe(20);
  expect(callsLeft({ tokens: 0.9, ratePerSecond: 0.5, atMs: 0 }, plan, 2_000)).toBe(1);
});

describe('takeCall', () => {
  test('grants the documented burst and then one call in about three minutes', () => {
    let state: QuotaState | undefined;
    for (let call = 0; call < 20; call += 1) {
      const decision = takeCall(state, plan, 0);
      expect(decision.granted).toBe(true);
      state = decision.state;
    }
    const refused = takeCall(state, plan, 0);
    expect(refused).toMatchObject({ granted: false, retryAfterMs: 178_572 });
    expect(takeCall(refused.state, plan, 178_571).granted).toBe(false);
    expect(takeCall(refused.state, plan, 178_572).granted).toBe(true);
  });

  test('does not grow beyond the burst', () => {
    expect(takeCall({ tokens: 5, ratePerSecond: 1, atMs: 0 }, plan, 1e9).state.tokens).toBe(19);
  });

  test('does not lose calls when another worker’s clock is behind', () => {
    const decision = takeCall({ tokens: 1, ratePerSecond: 1, atMs: 10_000 }, plan, 4_000);
    expect(decision).toEqual({ granted: true, state: { tokens: 0, ratePerSecond: 1, atMs: 10_000 } });
  });

  test('never grants more than the burst plus what the rate allows', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 200 }), (pauses) => {
        let nowMs = 0;
        let state: QuotaState | undefined;
        let granted = 0;
        for (const pause of pauses) {
          nowMs += pause;
          const decision = takeCall(state, plan, nowMs);
          state = decision.state;
          if (decision.granted) granted += 1;
        }
        expect(granted).toBeLessThanOrEqual(plan.burst + (nowMs / 1000) * plan.ratePerSecond + 1e-6);
      }),
    );
  });
});

describe('correctQuota', () => {
  test('takes over the rate the partner states', () => {
    expect(
      correctQuota({ tokens: 3, ratePerSecond: 0.0056, atMs: 0 }, plan, { ratePerSecond: 0.5 }, 0),
    ).toEqual({ tokens: 3, ratePerSecond: 0.5, atMs: 0 });
  });

  test('is empty after the partner refused a call', () => {
    const state = correctQuota({ tokens: 12, ratePerSecond: 0.0056, atMs: 0 }, plan, { exhausted: true }, 0);
    expect(takeCall(state, plan, 0).granted).toBe(false);
  });

  test('ignores a rate that cannot be one', () => {
    for (const ratePerSecond of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(correctQuota(undefined, plan, { ratePerSecond }, 0).ratePerSecond).toBe(plan.ratePerSecond);
    }
  });
});
