import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BACKGROUND_SLICE_MS,
  earlier,
  firstSlice,
  isoInstant,
  nextPullWindow,
  OVERLAP_MS,
  reachesBackTo,
  SETTLING_MS,
  WINDOW_MAX_MS,
} from './pull-window.ts';

const now = Date.parse('2026-11-23T10:00:00.000Z');
const channel = (ordersWatermark: string | undefined, ordersFrom = '2026-10-24T10:00:00.000Z') => ({
  ordersSync: true,
  ordersWatermark,
  ordersFrom,
});

describe('nextPullWindow', () => {
  test('starts a quarter of an hour before the watermark and ends two minutes ago', () => {
    expect(nextPullWindow([channel('2026-11-23T09:55:00.000Z')], now)).toEqual({
      from: '2026-11-23T09:40:00.000Z',
      until: '2026-11-23T09:58:00.000Z',
    });
  });

  test('starts where the operator said before the first pull', () => {
    expect(nextPullWindow([channel(undefined, '2026-11-01T00:00:00Z')], now)?.from).toBe(
      '2026-11-01T00:00:00.000Z',
    );
  });

  test('reaches back to the channel that is furthest behind', () => {
    const window = nextPullWindow(
      [channel('2026-11-23T09:55:00.000Z'), channel('2026-11-22T00:15:00.000Z')],
      now,
    );
    expect(window?.from).toBe('2026-11-22T00:00:00.000Z');
  });

  test('ignores channels whose order sync is off', () => {
    const off = { ...channel('2026-01-01T00:00:00.000Z'), ordersSync: false };
    expect(nextPullWindow([off], now)).toBeUndefined();
    expect(nextPullWindow([off, channel('2026-11-23T09:55:00.000Z')], now)?.from).toBe(
      '2026-11-23T09:40:00.000Z',
    );
  });

  test('is cut to the longest length and catches up window by window', () => {
    const window = nextPullWindow([channel(undefined, '2026-01-01T00:00:00.000Z')], now);
    expect(window?.until).toBe(isoInstant(Date.parse('2026-01-01T00:00:00.000Z') + WINDOW_MAX_MS));
  });

  test('is empty while the start lies in the future', () => {
    expect(nextPullWindow([channel(undefined, '2026-11-23T09:58:00.000Z')], now)).toBeUndefined();
    expect(nextPullWindow([channel(undefined, '2027-01-01T00:00:00.000Z')], now)).toBeUndefined();
  });

  test('never leaves a gap and never ends where the partner may still be writing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 400 * 86_400_000 }), { minLength: 1, maxLength: 5 }),
        (ages) => {
          const channels = ages.map((ageMs) => channel(isoInstant(now - ageMs)));
          const window = nextPullWindow(channels, now);
          if (window === undefined) throw new Error('a pulled channel always has a next window');
          expect(Date.parse(window.until)).toBeLessThanOrEqual(now - SETTLING_MS);
          for (const each of channels) {
            expect(reachesBackTo(window, each)).toBe(true);
            expect(Date.parse(window.from)).toBeLessThanOrEqual(
              Date.parse(each.ordersWatermark ?? '') - OVERLAP_MS,
            );
          }
        },
      ),
    );
  });
});

describe('reachesBackTo', () => {
  test('says no for a window that begins after what the channel has seen', () => {
    expect(reachesBackTo({ from: '2026-11-23T09:56:00.000Z' }, channel('2026-11-23T09:55:00.000Z'))).toBe(
      false,
    );
  });

  test('wants the overlap too: what became visible late lies right before the watermark', () => {
    const seen = channel('2026-11-23T09:55:00.000Z');
    expect(reachesBackTo({ from: '2026-11-23T09:40:00.000Z' }, seen)).toBe(true);
    expect(reachesBackTo({ from: '2026-11-23T09:40:00.001Z' }, seen)).toBe(false);
  });

  test('says no for a channel opened further back than the window', () => {
    expect(
      reachesBackTo({ from: '2026-11-23T09:40:00.000Z' }, channel(undefined, '2026-10-01T00:00:00Z')),
    ).toBe(false);
  });
});

test('instants are compared as instants, whatever their spelling', () => {
  expect(earlier('2026-11-23T10:00:00Z', '2026-11-23T10:00:00.500Z')).toBe('2026-11-23T10:00:00Z');
  expect(earlier(undefined, '2026-11-23T10:00:00Z')).toBe('2026-11-23T10:00:00Z');
  expect(earlier('2026-11-23T10:00:00Z', undefined)).toBe('2026-11-23T10:00:00Z');
});

describe('firstSlice', () => {
  test('leaves a short span as it is', () => {
    const span = { from: '2026-11-18T10:00:00.000Z', until: '2026-11-23T10:00:00.000Z' };
    expect(firstSlice(span)).toEqual(span);
  });

  test('cuts a span so that its slices cover it, each once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 800 * 86_400_000 }), (lengthMs) => {
        const span = { from: isoInstant(now - lengthMs), until: isoInstant(now) };
        let slice: ReturnType<typeof firstSlice> = firstSlice(span);
        expect(slice.from).toBe(span.from);
        for (let slices = 1; slice.goesOnUntil !== undefined; slices += 1) {
          expect(Date.parse(slice.until) - Date.parse(slice.from)).toBe(BACKGROUND_SLICE_MS);
          expect(slices).toBeLessThan(800);
          slice = firstSlice({ from: slice.until, until: slice.goesOnUntil });
        }
        expect(slice.until).toBe(span.until);
      }),
    );
  });
});
