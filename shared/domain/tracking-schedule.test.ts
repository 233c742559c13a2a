import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shipmentKey } from './shipment.ts';
import { isGivenUp, nextCheck } from './tracking-schedule.ts';
import type { ShipmentState } from './tracking-state.ts';

const CREATED = Date.parse('2026-11-23T10:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const shipment = (reference = '1', state: ShipmentState = 'created') => ({
  shipmentKey: shipmentKey('brt', reference),
  courier: 'brt' as const,
  state,
  createdAt: new Date(CREATED).toISOString(),
});
const nextMs = (of: ReturnType<typeof shipment>, ageMs: number): number | undefined => {
  const at = nextCheck(of, CREATED + ageMs);
  return at === undefined ? undefined : Date.parse(at) - CREATED;
};
function agesOf(of: ReturnType<typeof shipment>): number[] {
  const ages: number[] = [];
  for (let age = nextMs(of, 0); age !== undefined; age = nextMs(of, age)) ages.push(age);
  return ages;
}
const references = fc.nat({ max: 1_000_000 }).map(String);

describe('a shipment is asked for', () => {
  test('after 5, 15, 30 and 60 minutes, then every hour for a day', () => {
    const minutes = agesOf(shipment()).map((age) => age / MINUTE_MS);
    expect(minutes.slice(0, 27)).toEqual([
      5,
      15,
      30,
      60,
      ...Array.from({ length: 23 }, (_, i) => (i + 2) * 60),
    ]);
  });

  test('every four hours from then on, to its thirtieth day', () => {
    fc.assert(
      fc.property(references, (reference) => {
        const ages = agesOf(shipment(reference));
        const later = ages.filter((age) => age >= DAY_MS);
        later.slice(1).forEach((age, i) => {
          expect(age - (later[i] ?? 0)).toBeLessThanOrEqual(4 * HOUR_MS);
        });
        const last = ages.at(-1) ?? 0;
        expect(last).toBeLessThanOrEqual(30 * DAY_MS);
        expect(last).toBeGreaterThan(30 * DAY_MS - 4 * HOUR_MS);
        expect(ages.length).toBeLessThanOrEqual(4 + 23 + 29 * 6);
      }),
    );
  });

  test('at instants that do not depend on when or how often it was decided', () => {
    fc.assert(
      fc.property(references, fc.nat({ max: 31 * DAY_MS }), (reference, ageMs) => {
        const of = shipment(reference);
        const next = nextMs(of, ageMs);
        expect(next).toBe(agesOf(of).find((age) => age > ageMs));
        if (next !== undefined) expect(nextMs(of, next - 1)).toBe(next);
      }),
    );
  });

  test('spread over the hours, when many labels were made at once', () => {
    const perMinute = new Map<number, number>();
    for (let i = 0; i < 10_000; i += 1) {
      const at = nextMs(shipment(`2026${String(i).padStart(11, '0')}`), 2 * DAY_MS) ?? 0;
      perMinute.set(at, (perMinute.get(at) ?? 0) + 1);
    }
    expect(perMinute.size).toBe(240);
    // Evenly it would be 42 a minute.
    expect(Math.max(...perMinute.values())).toBeLessThan(3 * 42);
  });
});

describe('a shipment', () => {
  test.each<ShipmentState>(['delivered', 'returned', 'cancelled'])(
    'is not asked for when it is %s',
    (state) => {
      expect(nextMs(shipment('1', state), HOUR_MS)).toBeUndefined();
      expect(isGivenUp(shipment('1', state), CREATED + 31 * DAY_MS)).toBe(false);
    },
  );

  test.each<ShipmentState>(['partly-delivered', 'on-hold', 'refused'])(
    'is still asked for while %s',
    (state) => {
      expect(nextMs(shipment('1', state), HOUR_MS)).toBe(2 * HOUR_MS);
    },
  );

  test('is not asked for after 30 days, and is given up then', () => {
    expect(nextMs(shipment(), 30 * DAY_MS)).toBeUndefined();
    expect(isGivenUp(shipment(), CREATED + 30 * DAY_MS)).toBe(false);
    expect(isGivenUp(shipment(), CREATED + 30 * DAY_MS + 1)).toBe(true);
  });

  test('of a courier whom nobody can ask is not asked for', () => {
    expect(nextCheck({ ...shipment(), courier: 'manual' }, CREATED)).toBeUndefined();
  });
});
