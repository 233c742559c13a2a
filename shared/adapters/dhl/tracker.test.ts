import { describe, expect, test } from 'vitest';
import { courierFetch } from '../../../tests/support/courier-fetch.ts';
import { describeTroubles, refsOf } from '../../../tests/support/number-tracker.contract.ts';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import { newShipment } from '../../domain/shipment.ts';
import { withTracking } from '../../domain/tracking.ts';
import { stateOfDhlEvent } from './events.ts';
import { createDhlTracker } from './tracker.ts';

const NUMBER = '00340434292135100124';
const CREDENTIALS = { apiKey: 'SECRET-1' };
const http = courierFetch();
const tracker = () => createDhlTracker({ getCredentials: async () => CREDENTIALS });

const event = (more: object = {}) => ({
  timestamp: '2026-10-06T10:00:00',
  statusCode: 'transit',
  status: 'transit',
  description: 'Arrived at facility',
  location: { address: { countryCode: 'IT', addressLocality: 'MILANO' } },
  ...more,
});
const CREATED = event({
  timestamp: '2026-10-05T09:00:00',
  statusCode: 'pre-transit',
  description: 'Announced',
});
const DELIVERED = event({
  timestamp: '2026-10-08T12:00:00',
  statusCode: 'delivered',
  status: 'DELIVERED',
  description: 'Signed for by ROSSI',
  location: { address: { countryCode: 'IT', addressLocality: 'Via Nuova 1, LECCO' } },
});
const answer = (events: unknown, more: object = {}) => ({
  shipments: [{ id: NUMBER, service: 'express', status: event(), events, ...more }],
});

async function tracked(body: unknown) {
  http.answersJson(body);
  const found = await tracker().track(refsOf(NUMBER));
  if (found.found !== 'yes') throw new Error('not found');
  return found;
}
async function stateAfter(body: unknown) {
  const registered = newShipment(
    {
      courier: 'dhl',
      courierAccountId: 'shop',
      senderReference: NUMBER,
      orders: [],
      parcels: [],
      trackingNumber: NUMBER,
    },
    0,
  );
  return withTracking(registered, await tracked(body), 0).shipment.state;
}

describe('DHL', () => {
  test('is asked by the number, with the key in a header', async () => {
    await tracked(answer([]));
    const [call] = http.seen;
    expect(call?.url.href).toBe(
      `https://api-eu.dhl.com/track/shipments?trackingNumber=${NUMBER}&language=en`,
    );
    expect(call?.headers.get('dhl-api-key')).toBe('SECRET-1');
  });

  test('says newest first what is told oldest first, and who signed, and where, is left out', async () => {
    const { events } = await tracked(answer([DELIVERED, event(), CREATED]));
    expect(events.map(({ state }) => state)).toEqual(['data-transmitted', 'in-transit', 'delivered']);
    expect(events[1]).toMatchObject({ depot: 'MILANO', description: 'Arrived at facility' });
    expect(JSON.stringify(events)).not.toMatch(/ROSSI|LECCO/);
  });

  test('tells two events of one minute apart, and one told twice from none', async () => {
    const departed = event({ description: 'Departed' });
    const registered = newShipment(
      {
        courier: 'dhl',
        courierAccountId: 'shop',
        senderReference: NUMBER,
        orders: [],
        parcels: [],
        trackingNumber: NUMBER,
      },
      0,
    );
    const once = withTracking(registered, await tracked(answer([departed, event(), event()])), 0);
    expect(once.addedEvents).toHaveLength(2);
    const again = withTracking(once.shipment, await tracked(answer([event(), departed])), 0);
    expect(again.changed).toBe(false);
  });

  test.each<[string, string, string | undefined, string | undefined]>([
    [
      'without an offset, of a place with one clock',
      '2026-10-06T10:00:00',
      '10:00',
      '2026-10-06T08:00:00.000Z',
    ],
    ['with an offset', '2026-10-06T10:00:00+03:00', '10:00', '2026-10-06T07:00:00.000Z'],
    ['in universal time', '2026-10-06T10:00:00.000Z', '10:00', '2026-10-06T10:00:00.000Z'],
    ['without an hour', '2026-10-06', undefined, undefined],
  ])('gives an instant %s', async (_, timestamp, time, at) => {
    expect((await tracked(answer([event({ timestamp })]))).events).toMatchObject([
      { date: '2026-10-06', time, at },
    ]);
  });

  test('gives no instant for a clock of which nobody knows the zone', async () => {
    const location = { address: { countryCode: 'US', addressLocality: 'CINCINNATI' } };
    expect((await tracked(answer([event({ location })]))).events).toMatchObject([
      { time: '10:00', at: undefined },
    ]);
    const nowhere = event({ timestamp: undefined, location: null });
    expect((await tracked(answer([nowhere]))).events).toMatchObject([{ date: undefined, at: undefined }]);
  });

  test('may give no list, an empty one or a single event, and its latest word is then taken', async () => {
    for (const events of [undefined, null, [], event()]) {
      expect((await tracked(answer(events))).events).toMatchObject([{ state: 'in-transit' }]);
    }
    expect((await tracked(answer([], { status: null }))).events).toEqual([]);
  });

  test('that does not know a number says so in words of its own: not yet', async () => {
    http.answersJson({ title: 'No result found', status: 404, detail: 'No shipment with …' }, 404);
    expect(await tracker().track(refsOf(NUMBER))).toEqual({ found: 'not-yet' });
    http.answersJson({ shipments: [] });
    expect(await tracker().track(refsOf(NUMBER))).toEqual({ found: 'not-yet' });
  });

  test('may know the number by a piece, by a reference, as a number, or with blanks', async () => {
    const event_ = [DELIVERED];
    for (const more of [
      { id: 340434292135100, details: { pieceIds: ['0034 0434 2921 3510 0124'] } },
      { id: 'OTHER', details: { references: [{ number: NUMBER, type: 'local-tracking-number' }] } },
      { id: 'OTHER', details: { references: { number: NUMBER, type: 'shipment-id' } } },
    ]) {
      expect((await tracked(answer(event_, more))).events).toHaveLength(1);
    }
  });

  test('that answers with somebody else’s shipment, or with two of the number, is not believed', async () => {
    http.answersJson(answer([DELIVERED], { id: '7777777770' }));
    await expect(tracker().track(refsOf(NUMBER))).rejects.toBeInstanceOf(UnexpectedAnswerError);
    http.answersJson({ shipments: [answer([]).shipments[0], answer([]).shipments[0]] });
    await expect(tracker().track(refsOf(NUMBER))).rejects.toMatchObject({ reason: 'not-unique' });
  });

  test.each<[string, unknown]>([
    ['an instant in another form', answer([event({ timestamp: '06/10/2026' })])],
    ['a day that is none', answer([event({ timestamp: '2026-02-31T10:00:00' })])],
    ['an event without a group', answer([{ timestamp: '2026-10-06T10:00:00' }])],
    ['words for events', answer('EVENTS')],
  ])('with %s is an alarm, and no state', async (_, body) => {
    http.answersJson(body);
    await expect(tracker().track(refsOf(NUMBER))).rejects.toBeInstanceOf(UnexpectedAnswerError);
  });
});

describe('a return', () => {
  test('is told by DHL’s flag, and the delivery it ends in is none', async () => {
    expect(await stateAfter(answer([DELIVERED, CREATED], { returnFlag: true }))).toBe('returned');
    expect(await stateAfter(answer([DELIVERED, CREATED], { returnFlag: false }))).toBe('delivered');
  });

  test('is told by words, wherever they stand', async () => {
    const returning = event({
      statusCode: 'failure',
      description: 'The shipment will be returned to the sender',
    });
    expect(await stateAfter(answer([DELIVERED, returning, CREATED]))).toBe('returned');
    const signed = { ...DELIVERED, description: 'Delivered - returned to shipper' };
    expect(await stateAfter(answer([signed, CREATED]))).toBe('returned');
  });
});

test('an event that DHL could not sort is kept with its words, and calls nobody', async () => {
  const unsorted = event({ statusCode: 'unknown', status: 'unknown', description: 'Shipment on its way' });
  const { events } = await tracked(answer([unsorted, CREATED]));
  expect(events.at(-1)).toMatchObject({ description: 'Shipment on its way', state: undefined, silent: true });
  const registered = newShipment(
    { courier: 'dhl', courierAccountId: 'shop', senderReference: NUMBER, orders: [], parcels: [] },
    0,
  );
  const found = { courierShipmentId: undefined, events, returnInstructed: false };
  const { alerts, shipment } = withTracking(registered, found, 0);
  expect([alerts, shipment.state, shipment.trackingKnownAt]).toEqual([[], 'data-transmitted', undefined]);
});

test('an event of a group that nobody has told us of calls somebody, and so does a return in DHL’s unknown', async () => {
  const { events } = await tracked(answer([event({ statusCode: 'something-new' })]));
  expect(events[0]).not.toHaveProperty('silent');
  const back = await tracked(answer([event({ statusCode: 'unknown', description: 'Returned to sender' })]));
  expect(back.events[0]).toMatchObject({ state: 'returned' });
  expect(back.events[0]).not.toHaveProperty('silent');
});

describe('an event', () => {
  const of = (statusCode: string, status = '', service = 'express', words = '') =>
    stateOfDhlEvent({ service, statusCode, status, words });

  test.each([
    ['pre-transit', 'data-transmitted'],
    ['transit', 'in-transit'],
    ['delivered', 'delivered'],
    ['failure', 'exception'],
    ['unknown', undefined],
    ['something-new', undefined],
  ] as const)('of the group %s is %s', (group, state) => {
    expect(of(group)).toBe(state);
  });

  test.each([
    ['ES', 'picked-up'],
    ['AE', 'picked-up'],
    ['PO', 'out-for-delivery'],
    ['LA', 'ready-for-pickup'],
    ['ZF', 'ready-for-pickup'],
    ['ZO', 'customs'],
    ['AA', 'in-transit'],
  ] as const)('of a German parcel, %s, is %s, and of another company’s it is not', (status, state) => {
    expect(of('transit', status, 'parcel-de')).toBe(state);
    expect(of('transit', status)).toBe('in-transit');
    expect(of('delivered', status, 'parcel-de')).toBe('delivered');
  });

  test('that nobody knows keeps its words', async () => {
    const found = await tracked(answer([event({ statusCode: 'new', description: 'Something <b>new</b>' })]));
    expect(found.events).toMatchObject([{ state: undefined, description: 'Something new' }]);
  });
});

describeTroubles({
  http,
  credentials: CREDENTIALS,
  number: NUMBER,
  create: createDhlTracker,
  wholeAnswer: JSON.stringify(answer([DELIVERED, CREATED])),
});
