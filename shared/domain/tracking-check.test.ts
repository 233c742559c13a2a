import { describe, expect, test } from 'vitest';
import { orderId } from './order.ts';
import { newShipment, type Shipment, shipmentKey } from './shipment.ts';
import { afterCheck, type CheckAnswer, givenUp } from './tracking-check.ts';
import type { TrackingEvent } from './tracking-events.ts';
import { checkJob, isSuperseded } from './tracking-job.ts';
import type { ShipmentState } from './tracking-state.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const CREATED = Date.parse('2026-11-20T10:00:00Z');
const ID = { id: '066061651641', year: 2026 };

const fresh: Shipment = newShipment(
  {
    courier: 'brt',
    courierAccountId: 'shop',
    senderReference: '202600000800630',
    orders: [{ orderId: orderId('ebay', '1-2'), lines: [] }],
    parcels: [{ trackingByParcelId: '066010001100001' }],
    nextCheckAt: '2026-11-20T10:05:00.000Z',
  },
  CREATED,
);
const event = (state: ShipmentState | undefined, code = String(state)): TrackingEvent => ({
  code,
  description: code,
  date: '2026-11-20',
  time: undefined,
  at: undefined,
  depot: undefined,
  state,
});
const told = (events: readonly TrackingEvent[], more: object = {}): CheckAnswer => ({
  found: 'yes',
  courierShipmentId: undefined,
  returnInstructed: false,
  events,
  ...more,
});
const NOT_YET: CheckAnswer = { found: 'not-yet' };
const UNREADABLE: CheckAnswer = { found: 'nothing-usable', problem: { kind: 'unknown-shape' } };
const REFUSED: CheckAnswer = {
  found: 'nothing-usable',
  problem: { kind: 'tracking-refused', detail: 'not-unique' },
};
const kinds = ({ problems = [] }: Shipment) => problems.map(({ kind }) => kind);

describe('a shipment after a check', () => {
  test('is the very same when there is nothing new', () => {
    const checked = afterCheck(fresh, NOT_YET, CREATED + 5 * MINUTE_MS);
    expect(checked.shipment).toBe(fresh);
    expect(checked).toMatchObject({ becameTellable: false, raised: [] });
  });

  test('can be told to its marketplaces from the answer on that has its number, and once', () => {
    const answer = told([event('picked-up')], { courierShipmentId: ID });
    const first = afterCheck(fresh, answer, CREATED + HOUR_MS);
    expect(first).toMatchObject({ becameTellable: true, shipment: { trackingNumber: ID.id } });
    const again = afterCheck(first.shipment, answer, CREATED + 2 * HOUR_MS);
    expect(again).toMatchObject({ becameTellable: false });
    expect(again.shipment).toBe(first.shipment);
  });

  test('cannot be told while it moves without a number of its own', () => {
    const checked = afterCheck(fresh, told([event('picked-up')]), CREATED + HOUR_MS);
    expect(checked).toMatchObject({ becameTellable: false, shipment: { state: 'picked-up' } });
  });

  test('that is at its end is not asked for again', () => {
    const checked = afterCheck(fresh, told([event('delivered')]), CREATED + DAY_MS);
    expect(checked.shipment).toMatchObject({ state: 'delivered', nextCheckAt: undefined });
    expect(kinds(checked.shipment)).toEqual([]);
  });

  test('is asked for again by its schedule, whenever the check was made', () => {
    const checked = afterCheck(fresh, told([event('picked-up')]), CREATED + 7 * MINUTE_MS);
    expect(checked.shipment.nextCheckAt).toBe('2026-11-20T10:15:00.000Z');
  });
});

describe('problems', () => {
  test('an answer that nobody understands is one, once, until one is understood', () => {
    const first = afterCheck(fresh, UNREADABLE, CREATED + HOUR_MS);
    expect(first.raised).toEqual([{ kind: 'unknown-shape', at: '2026-11-20T11:00:00.000Z' }]);
    expect(first.shipment).toEqual({
      ...fresh,
      nextCheckAt: '2026-11-20T12:00:00.000Z',
      problems: first.raised,
    });
    const again = afterCheck(first.shipment, UNREADABLE, CREATED + 2 * HOUR_MS);
    expect(again.shipment).toBe(first.shipment);
    const healed = afterCheck(first.shipment, NOT_YET, CREATED + 3 * HOUR_MS);
    expect(healed.shipment.problems).toBeUndefined();
  });

  test('a refusal is one, with the reason for it', () => {
    expect(afterCheck(fresh, REFUSED, CREATED + HOUR_MS).raised).toMatchObject([
      { kind: 'tracking-refused', detail: 'not-unique' },
    ]);
  });

  test('each unknown event is one, by its code', () => {
    const events = [
      event(undefined, 'X1'),
      event(undefined, 'X2'),
      { ...event(undefined, 'X1'), depot: 'B' },
    ];
    expect(afterCheck(fresh, told(events), CREATED + HOUR_MS).raised).toMatchObject([
      { kind: 'unknown-event', detail: 'X1' },
      { kind: 'unknown-event', detail: 'X2' },
    ]);
  });

  test('another id than before is one, with the id', () => {
    const known = { ...fresh, courierShipmentId: ID, trackingNumber: ID.id };
    const answer = told([], { courierShipmentId: { id: '066000000009', year: 2026 } });
    expect(afterCheck(known, answer, CREATED + HOUR_MS)).toMatchObject({
      raised: [{ kind: 'other-shipment-id', detail: '066000000009' }],
      shipment: { trackingNumber: ID.id },
    });
  });

  test('a delivery that was a return is one', () => {
    const delivered = afterCheck(fresh, told([event('delivered')]), CREATED + HOUR_MS).shipment;
    const answer = told([event('delivered'), event('returned')]);
    expect(afterCheck(delivered, answer, CREATED + DAY_MS).raised).toMatchObject([
      { kind: 'delivery-was-return' },
    ]);
  });

  test('goods that have not moved in a day are one, until they move', () => {
    const transmitted = told([event('data-transmitted')]);
    const early = afterCheck(fresh, transmitted, CREATED + DAY_MS - 1);
    expect(early.raised).toEqual([]);
    const late = afterCheck(early.shipment, transmitted, CREATED + DAY_MS);
    expect(late.raised).toMatchObject([{ kind: 'never-moved' }]);
    expect(kinds(late.shipment)).toEqual(['never-moved']);
    const moved = afterCheck(late.shipment, told([event('picked-up')]), CREATED + DAY_MS + HOUR_MS);
    expect(kinds(moved.shipment)).toEqual([]);
  });

  test.each([
    ['an answer that nobody understands', UNREADABLE],
    ['an unknown event', told([event(undefined, 'X1')])],
  ])('%s is no sign that they have not moved', (_, answer) => {
    expect(kinds(afterCheck(fresh, answer, CREATED + 2 * DAY_MS).shipment)).not.toContain('never-moved');
  });
});

describe('a shipment without an end', () => {
  test('is given up with its last check, and a late delivery takes that back', () => {
    expect(givenUp(fresh, CREATED + 29 * DAY_MS)).toBeUndefined();
    const ended = givenUp(fresh, CREATED + 30 * DAY_MS);
    expect(ended).toMatchObject({ nextCheckAt: undefined, problems: [{ kind: 'given-up' }] });
    const delivered = afterCheck(ended ?? fresh, told([event('delivered')]), CREATED + 30 * DAY_MS);
    expect(delivered.shipment).toMatchObject({ state: 'delivered', problems: undefined });
  });

  test('is none when it has ended', () => {
    expect(givenUp({ ...fresh, state: 'delivered' }, CREATED + 30 * DAY_MS)).toBeUndefined();
  });

  test('is given up by the check itself when that comes first', () => {
    const checked = afterCheck(fresh, told([event('in-transit')]), CREATED + 30 * DAY_MS);
    expect(kinds(checked.shipment)).toEqual(['given-up']);
    expect(givenUp(checked.shipment, CREATED + 30 * DAY_MS)?.problems).toHaveLength(1);
  });
});

describe('a job', () => {
  const job = checkJob('brt', [shipmentKey('brt', '202600000800630')], {
    urgent: true,
    correlationId: 'c',
    nowMs: CREATED + 5 * MINUTE_MS,
  });

  test('is of use until the following check has come', () => {
    expect(isSuperseded(fresh, job, CREATED + 15 * MINUTE_MS - 1)).toBe(false);
    expect(isSuperseded(fresh, job, CREATED + 15 * MINUTE_MS)).toBe(true);
  });

  test('is of use however late when no other check follows', () => {
    const last = { ...job, plannedAt: new Date(CREATED + 30 * DAY_MS).toISOString() };
    expect(isSuperseded(fresh, last, CREATED + 34 * DAY_MS)).toBe(false);
  });
});
