import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { orderId } from './order.ts';
import { newShipment, numericSenderReference, type Shipment, shipmentKey } from './shipment.ts';
import { type TrackingFound, trackingKnown, trackingNumberFor, withTracking } from './tracking.ts';
import { eventKey, mergeEvents, type TrackingEvent } from './tracking-events.ts';
import type { ShipmentState } from './tracking-state.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const ID = '066061651641';

const shipment = newShipment(
  {
    courier: 'brt',
    courierAccountId: 'shop',
    senderReference: '202600000800630',
    orders: [{ orderId: orderId('ebay', '1-2'), lines: [{ orderLineId: 'L1', quantity: 1 }] }],
    parcels: [{ trackingByParcelId: '066010001100001' }],
  },
  NOW,
);

let count = 0;
/** An event that equals no other. */
function event(state: ShipmentState | undefined, more: Partial<TrackingEvent> = {}): TrackingEvent {
  count += 1;
  return {
    code: state === undefined ? `X${count}` : state,
    description: `EVENT ${count}`,
    date: '2026-11-23',
    time: undefined,
    at: undefined,
    depot: `DEPOT ${count}`,
    state,
    ...more,
  };
}
const found = (events: readonly TrackingEvent[], more: Partial<TrackingFound> = {}): TrackingFound => ({
  courierShipmentId: undefined,
  returnInstructed: false,
  events,
  ...more,
});
const told = (events: readonly TrackingEvent[], more: Partial<TrackingFound> = {}, from = shipment) =>
  withTracking(from, found(events, more), NOW);
const stateOf = (...states: (ShipmentState | undefined)[]): ShipmentState =>
  told(states.map((state) => event(state))).shipment.state;

describe('the state of a shipment', () => {
  test.each<[string, (ShipmentState | undefined)[], ShipmentState]>([
    ['no event', [], 'created'],
    ['only our data', ['data-transmitted'], 'data-transmitted'],
    ['a plain delivery', ['data-transmitted', 'picked-up', 'in-transit', 'delivered'], 'delivered'],
    ['our data listed after the pick-up', ['picked-up', 'data-transmitted'], 'picked-up'],
    ['a scan listed after the delivery', ['picked-up', 'delivered', 'in-transit'], 'delivered'],
    ['a giacenza that was solved', ['on-hold', 'out-for-delivery', 'delivered', 'on-hold'], 'delivered'],
    ['a second try', ['out-for-delivery', 'notice-left', 'in-transit'], 'in-transit'],
    ['a return, which ends as a delivery', ['refused', 'on-hold', 'returned', 'delivered'], 'returned'],
    ['a return listed after its delivery', ['refused', 'delivered', 'returned'], 'returned'],
    ['an unknown event last', ['in-transit', undefined], 'in-transit'],
    ['an unknown event alone', [undefined], 'created'],
    ['a part that was delivered', ['out-for-delivery', 'partly-delivered'], 'partly-delivered'],
    ['the rest too', ['partly-delivered', 'delivered'], 'delivered'],
  ])('after %s', (_, states, expected) => {
    expect(stateOf(...states)).toBe(expected);
  });

  test('is returned when the instruction is to bring it back, whatever the last event says', () => {
    const events = [event('refused'), event('on-hold'), event('delivered')];
    expect(told(events, { returnInstructed: true }).shipment.state).toBe('returned');
    expect(told(events).shipment.state).toBe('delivered');
  });

  test('is corrected from delivered to returned later, and says so', () => {
    const delivered = event('delivered', { at: '2026-11-23T09:00:00.000Z' });
    const first = told([delivered]);
    expect(first.shipment).toMatchObject({ state: 'delivered', deliveredAt: '2026-11-23T09:00:00.000Z' });
    const second = told([event('returned'), delivered], {}, first.shipment);
    expect(second.shipment.state).toBe('returned');
    expect(second.shipment.deliveredAt).toBeUndefined();
    expect(second.alerts).toEqual([{ kind: 'delivery-was-return' }]);
  });

  test('of one that was taken back does not come alive again', () => {
    const cancelled: Shipment = { ...shipment, state: 'cancelled' };
    expect(told([event('in-transit')], {}, cancelled).shipment.state).toBe('cancelled');
  });

  test('depends on neither the order nor the number of the answers', () => {
    const STATES: (ShipmentState | undefined)[] = [
      'data-transmitted',
      'picked-up',
      'in-transit',
      'out-for-delivery',
      'on-hold',
      'refused',
      'delivered',
      'returned',
      undefined,
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...STATES), { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (states, picks) => {
          const history = states.map((state) => event(state));
          const whole = told(history).shipment;
          const lengths = [...picks.map((pick) => pick % (history.length + 1)), history.length];
          for (const at of [0, lengths.length - 1]) {
            const asked = [...lengths];
            // The complete answer first, with older ones read after it; or last.
            if (at === 0) asked.unshift(asked.pop() ?? 0);
            const last = asked.reduce(
              (known, length) => told(history.slice(0, length), {}, known).shipment,
              shipment,
            );
            expect(last.events).toEqual(whole.events);
            expect(last.state).toBe(whole.state);
          }
        },
      ),
    );
  });

  test('once delivered or returned is only ever corrected to returned', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<ShipmentState>('delivered', 'returned'),
        fc.array(fc.constantFrom<ShipmentState>('data-transmitted', 'in-transit', 'on-hold', 'delivered')),
        (end, late) => {
          const first = told([event(end)]).shipment;
          const next = told([...first.events, ...late.map((state) => event(state))], {}, first).shipment;
          expect(next.state).toBe(end);
        },
      ),
    );
  });
});

describe('the list of events', () => {
  const key = shipmentKey('brt', '1');
  const [a, b, c, d] = [
    event('data-transmitted'),
    event('picked-up'),
    event('in-transit'),
    event('delivered'),
  ];

  test('keeps the courier’s order, not that of the times', () => {
    const later = event('data-transmitted', { time: '18:33' });
    const earlier = event('picked-up', { time: '18:00' });
    expect(mergeEvents(key, [], [later, earlier]).events).toEqual([later, earlier]);
  });

  test('has a repeated event once, and tells which are new', () => {
    const merged = mergeEvents(key, [a, b], [a, b, b, { ...c }, c]);
    expect(merged.events).toEqual([a, b, c]);
    expect(merged.added).toEqual([c]);
  });

  test('loses nothing to an older answer, or to one that leaves something out', () => {
    expect(mergeEvents(key, [a, b, c], [a]).events).toEqual([a, b, c]);
    expect(mergeEvents(key, [a, b, c], [a, c, d]).events).toEqual([a, b, c, d]);
    expect(mergeEvents(key, [a, b], [c, d]).events).toEqual([a, b, c, d]);
  });

  test('tells events apart by kind, day, hour and depot, and by text only where there is no code', () => {
    const one = event('in-transit', { code: '703', time: '10:00' });
    const same = eventKey(key, one);
    expect(eventKey(key, { ...one, description: 'OTHER WORDS' })).toBe(same);
    const nameless = { ...one, code: undefined };
    expect(eventKey(key, { ...nameless, description: 'event x ' })).toBe(
      eventKey(key, { ...nameless, description: 'EVENT X' }),
    );
    const others = [
      { ...one, code: '702' },
      { ...one, date: '2026-11-24' },
      { ...one, time: undefined },
      { ...one, depot: 'ELSEWHERE' },
      nameless,
    ];
    expect(new Set([same, ...others.map((other) => eventKey(key, other))]).size).toBe(others.length + 1);
    expect(eventKey(shipmentKey('brt', '2'), one)).not.toBe(same);
  });
});

describe('the tracking', () => {
  const transmitted = event('data-transmitted');

  test('is not known while the courier has only our data', () => {
    const { shipment: still, becameKnown } = told([transmitted]);
    expect(becameKnown).toBe(false);
    expect(trackingKnown(still)).toBe(false);
    expect(trackingNumberFor(still, 'parcel-number')).toBeUndefined();
  });

  test('is known with the courier’s id, once', () => {
    const answer = { courierShipmentId: { id: ID, year: 2026 } };
    const first = told([transmitted], answer);
    expect(first).toMatchObject({
      becameKnown: true,
      changed: true,
      shipment: { trackingNumber: ID, trackingKnownAt: '2026-11-23T10:00:00.000Z' },
    });
    const again = withTracking(first.shipment, found([transmitted], answer), NOW + 60_000);
    expect(again).toMatchObject({ becameKnown: false, changed: false });
    expect(again.shipment).toBe(first.shipment);
  });

  test.each<ShipmentState | undefined>(['picked-up', 'returned', undefined])(
    'is known without the id when something else than our data is reported (%s)',
    (state) => {
      const { shipment: moved, becameKnown } = told([transmitted, event(state)]);
      expect(becameKnown).toBe(true);
      expect(trackingNumberFor(moved, 'definitive')).toBeUndefined();
      expect(trackingNumberFor(moved, 'parcel-number')).toBe('066010001100001');
      const later = told(moved.events, { courierShipmentId: { id: ID, year: undefined } }, moved);
      expect(later).toMatchObject({ becameKnown: false, changed: true });
      expect(trackingNumberFor(later.shipment, 'definitive')).toBe(ID);
    },
  );

  test('keeps the first id when another comes, and a person is told once', () => {
    const first = told([], { courierShipmentId: { id: ID, year: undefined } }).shipment;
    const other = { courierShipmentId: { id: '066000000001', year: 2026 } };
    const second = told([], other, first);
    expect(second.shipment).toMatchObject({ trackingNumber: ID, courierShipmentId: { id: ID } });
    expect(second.alerts).toEqual([{ kind: 'other-shipment-id', shipmentId: '066000000001' }]);
    expect(told([], other, second.shipment)).toMatchObject({ alerts: [], changed: false });
  });

  test('learns the year of the id when the courier says it', () => {
    const first = told([], { courierShipmentId: { id: ID, year: undefined } }).shipment;
    const second = told([], { courierShipmentId: { id: ID, year: 2026 } }, first);
    expect(second).toMatchObject({
      changed: true,
      shipment: { courierShipmentId: { id: ID, year: 2026 } },
    });
    expect(
      told([], { courierShipmentId: { id: ID, year: undefined } }, second.shipment).shipment
        .courierShipmentId,
    ).toEqual({ id: ID, year: 2026 });
  });
});

describe('a person is told', () => {
  test('of an event nobody knows, once, with its text', () => {
    const unknown = event(undefined, { description: 'PASSATA DI QUI' });
    const first = told([event('in-transit'), unknown]);
    expect(first.alerts).toEqual([{ kind: 'unknown-event', event: unknown }]);
    expect(told(first.shipment.events, {}, first.shipment).alerts).toEqual([]);
  });

  test('of a delivery after a refusal without a word of a return, and of no other', () => {
    const alertsAfter = (...states: ShipmentState[]) => told(states.map((state) => event(state))).alerts;
    expect(alertsAfter('refused', 'delivered')).toEqual([{ kind: 'delivered-after-refusal' }]);
    expect(alertsAfter('refused', 'returned', 'delivered')).toEqual([]);
    expect(alertsAfter('notice-left', 'delivered')).toEqual([]);
  });
});

describe('the sender’s reference', () => {
  test('is the year and a sequence, 15 digits that a JSON number can hold', () => {
    expect(numericSenderReference({ year: 2026, sequence: 800_630 })).toBe('202600000800630');
    const largest = numericSenderReference({ year: 9999, sequence: 99_999_999_999 });
    expect(largest).toHaveLength(15);
    expect(String(Number(largest))).toBe(largest);
  });

  test('is never another shipment’s', () => {
    const key = fc.record({
      year: fc.integer({ min: 2000, max: 9999 }),
      sequence: fc.integer({ min: 1, max: 99_999_999_999 }),
    });
    fc.assert(
      fc.property(key, key, (one, other) => {
        const same = one.year === other.year && one.sequence === other.sequence;
        expect(numericSenderReference(one) === numericSenderReference(other)).toBe(same);
      }),
    );
  });

  test.each([
    { year: 2026, sequence: 0 },
    { year: 2026, sequence: 100_000_000_000 },
    { year: 2026, sequence: 1.5 },
    { year: 26, sequence: 1 },
    { year: Number.NaN, sequence: 1 },
  ])('refuses $year and $sequence', (parts) => {
    expect(() => numericSenderReference(parts)).toThrow(RangeError);
  });

  test('of a shipment cannot be blank', () => {
    expect(() => shipmentKey('brt', ' ')).toThrow(RangeError);
  });
});
