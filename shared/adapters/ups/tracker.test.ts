import { describe, expect, test } from 'vitest';
import { courierFetch } from '../../../tests/support/courier-fetch.ts';
import { describeTroubles, refsOf } from '../../../tests/support/number-tracker.contract.ts';
import { UnavailableError, UnexpectedAnswerError } from '../../domain/errors.ts';
import { newShipment } from '../../domain/shipment.ts';
import { withTracking } from '../../domain/tracking.ts';
import { stateOfUpsEvent } from './events.ts';
import { createUpsTracker } from './tracker.ts';

const NUMBER = '1Z999AA10123456784';
const CREDENTIALS = { clientId: 'CLIENT-1', clientSecret: 'SECRET-1' };
const http = courierFetch();
let nowMs = Date.parse('2026-10-08T12:00:00Z');
const clock = { now: () => nowMs };
const create = (credentials: Parameters<typeof createUpsTracker>[0]) => createUpsTracker(credentials, clock);
const tracker = () => create({ getCredentials: async () => CREDENTIALS });
const signIn = (token = 'TOKEN-1') => http.answersJson({ access_token: token, expires_in: '14399' });

const activity = (more: object = {}) => ({
  date: '20261006',
  time: '100000',
  gmtOffset: '+02:00',
  status: { type: 'I', code: 'AR', description: 'Arrived at Facility' },
  location: { address: { city: 'MILANO', countryCode: 'IT' } },
  ...more,
});
const CREATED = activity({
  date: '20261005',
  status: {
    type: 'M',
    code: 'MP',
    description: 'Shipper created a label, UPS has not received the package yet.',
  },
});
const DELIVERED = activity({
  date: '20261008',
  status: { type: 'D', code: 'KB', statusCode: '011', description: 'DELIVERED ' },
  location: { address: { city: 'LECCO', countryCode: 'IT' } },
});
const answer = (activities: unknown, more: object = {}) => ({
  trackResponse: {
    shipment: [
      { inquiryNumber: NUMBER, package: [{ trackingNumber: NUMBER, activity: activities, ...more }] },
    ],
  },
});

async function tracked(body: unknown) {
  signIn();
  http.answersJson(body);
  const found = await tracker().track(refsOf(NUMBER));
  if (found.found !== 'yes') throw new Error('not found');
  return found;
}
async function stateAfter(body: unknown) {
  const registered = newShipment(
    {
      courier: 'ups',
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

describe('UPS', () => {
  test('is asked by the number, with a token that the credentials were exchanged for', async () => {
    await tracked(answer([]));
    const [token, call] = http.seen;
    expect(token).toMatchObject({ method: 'POST', body: 'grant_type=client_credentials' });
    expect(token?.url.href).toBe('https://onlinetools.ups.com/security/v1/oauth/token');
    expect(token?.headers.get('authorization')).toBe('Basic Q0xJRU5ULTE6U0VDUkVULTE=');
    expect(call?.url.href).toBe(`https://onlinetools.ups.com/api/track/v1/details/${NUMBER}?locale=en_US`);
    expect(call?.headers.get('authorization')).toBe('Bearer TOKEN-1');
    expect(call?.headers.get('transid')).toMatch(/^[0-9a-f]{32}$/);
    expect(call?.headers.get('transactionsrc')).toBe('MarkeplayChannels');
  });

  test('is signed in to once for many calls, again before the token dies, and again when it died early', async () => {
    const one = tracker();
    const asked = async (times = 1) => {
      for (let i = 0; i < times; i += 1) http.answersJson(answer([]));
      await Promise.all(Array.from({ length: times }, () => one.track(refsOf(NUMBER))));
      return http.seen.filter(({ url }) => url.pathname.endsWith('/token')).length;
    };
    signIn();
    expect(await asked(3)).toBe(1);
    nowMs += (14_399 - 61) * 1000;
    expect(await asked()).toBe(1);
    nowMs += 2_000;
    signIn('TOKEN-2');
    expect(await asked()).toBe(2);
    http.answers('', 401);
    signIn('TOKEN-3');
    expect(await asked()).toBe(3);
    expect(http.seen.at(-1)?.headers.get('authorization')).toBe('Bearer TOKEN-3');
  });

  test('that refuses the credentials, or a new token too, waits for a person', async () => {
    for (const status of [400, 401, 403]) {
      http.answersJson({ response: { errors: [{ code: '10401', message: 'SECRET-1' }] } }, status);
      await expect(tracker().track(refsOf(NUMBER))).rejects.toMatchObject({ reason: 'unauthorised' });
    }
    signIn();
    http.answers('', 401);
    signIn();
    http.answers('', 401);
    await expect(tracker().track(refsOf(NUMBER))).rejects.toMatchObject({ reason: 'unauthorised' });
  });

  test('whose sign-in fails or makes no sense fails as such', async () => {
    http.answers('', 503);
    await expect(tracker().track(refsOf(NUMBER))).rejects.toBeInstanceOf(UnavailableError);
    for (const token of [
      {},
      { access_token: '', expires_in: 1 },
      { access_token: 'T', expires_in: 'soon' },
    ]) {
      http.answersJson(token);
      await expect(tracker().track(refsOf(NUMBER))).rejects.toBeInstanceOf(UnexpectedAnswerError);
    }
  });

  test('says newest first what is told oldest first, and where the recipient lives is left out', async () => {
    const { events } = await tracked(answer([DELIVERED, activity(), CREATED]));
    expect(events.map(({ code, state, at }) => [code, state, at])).toEqual([
      ['M-MP', 'data-transmitted', '2026-10-05T08:00:00.000Z'],
      ['I-AR', 'in-transit', '2026-10-06T08:00:00.000Z'],
      ['D-KB', 'delivered', '2026-10-08T08:00:00.000Z'],
    ]);
    expect(events.map(({ depot }) => depot)).toEqual(['MILANO', 'MILANO', undefined]);
  });

  test('may leave out hours, offsets, places, a first zero, a list', async () => {
    const { events } = await tracked(
      answer([
        activity({ time: '' }),
        activity({ gmtOffset: undefined }),
        activity({ gmtOffset: undefined, location: undefined }),
        activity({ time: '71356' }),
        activity({ date: '', time: '' }),
      ]),
    );
    expect(events.map(({ date, time, at }) => [date, time, at]).reverse()).toEqual([
      ['2026-10-06', undefined, undefined],
      ['2026-10-06', '10:00', '2026-10-06T08:00:00.000Z'],
      ['2026-10-06', '10:00', undefined],
      ['2026-10-06', '07:13', '2026-10-06T05:13:00.000Z'],
      [undefined, undefined, undefined],
    ]);
    for (const activities of [undefined, []]) expect((await tracked(answer(activities))).events).toEqual([]);
    expect((await tracked(answer(activity()))).events).toHaveLength(1);
  });

  test('that does not know a number says so with 404, or in a warning: not yet', async () => {
    signIn();
    http.answersJson({ response: { errors: [{ code: 'TW0001', message: 'Not Found' }] } }, 404);
    expect(await tracker().track(refsOf(NUMBER))).toEqual({ found: 'not-yet' });
    signIn();
    const warnings = [{ code: 'TW0001', message: 'Tracking Information Not Found' }];
    http.answersJson({ trackResponse: { shipment: [{ inquiryNumber: NUMBER, warnings }] } });
    expect(await tracker().track(refsOf(NUMBER))).toEqual({ found: 'not-yet' });
  });

  test('is believed about our package only', async () => {
    const [shipment] = answer([DELIVERED], { trackingNumber: '1Z999AA10123456999' }).trackResponse.shipment;
    signIn();
    http.answersJson({ trackResponse: { shipment: [shipment] } });
    await expect(tracker().track(refsOf(NUMBER))).rejects.toBeInstanceOf(UnexpectedAnswerError);
    const both = { trackResponse: { shipment: [shipment, ...answer([CREATED]).trackResponse.shipment] } };
    expect((await tracked(both)).events).toMatchObject([{ state: 'data-transmitted' }]);
  });

  test.each<[string, unknown]>([
    ['no package', { trackResponse: { shipment: [] } }],
    ['another warning', { trackResponse: { shipment: [{ warnings: [{ code: 'TW9999' }] }] } }],
    ['a day in another form', answer([activity({ date: '2026-10-06' })])],
    ['a day that is none', answer([activity({ date: '20260231' })])],
    ['an hour that is none', answer([activity({ time: '250000' })])],
    ['a scan without a status', answer([{ date: '20261006' }])],
  ])('with %s is an alarm, and no state', async (_, body) => {
    signIn();
    http.answersJson(body);
    await expect(tracker().track(refsOf(NUMBER))).rejects.toBeInstanceOf(UnexpectedAnswerError);
  });
});

describe('a return', () => {
  const RETURNED = activity({
    date: '20261009',
    status: { type: 'D', code: 'UA', description: 'Package was returned to the sender ' },
  });

  test('is signed for like a delivery, and is none', async () => {
    expect(await stateAfter(answer([RETURNED, CREATED]))).toBe('returned');
    expect(await stateAfter(answer([DELIVERED, CREATED]))).toBe('delivered');
    expect(await stateAfter(answer([RETURNED, DELIVERED, CREATED]))).toBe('returned');
  });

  test('is told by what UPS says of the package as a whole', async () => {
    for (const currentStatus of [
      { code: '034', description: 'Returned to Sender' },
      { statusCode: '036', description: '' },
      { code: 'X', description: 'Returning to the sender' },
    ]) {
      expect(await stateAfter(answer([DELIVERED, CREATED], { currentStatus }))).toBe('returned');
    }
    const currentStatus = { code: '011', description: 'Delivered' };
    expect(await stateAfter(answer([DELIVERED, CREATED], { currentStatus }))).toBe('delivered');
  });
});

test('a scan without a status in UPS’s own words is kept, and calls nobody; one of a new type does', async () => {
  const silent = activity({ status: { type: 'NA', code: 'ZZ', description: 'Loaded on trailer' } });
  const { events } = await tracked(answer([silent, CREATED]));
  expect(events.at(-1)).toMatchObject({ description: 'Loaded on trailer', state: undefined, silent: true });
  const unknown = await tracked(
    answer([activity({ status: { type: 'Q', code: 'ZZ', description: 'New' } })]),
  );
  expect(unknown.events[0]).not.toHaveProperty('silent');
});

describe('a scan', () => {
  const of = (type: string, words = '', digits = '', code = '') =>
    stateOfUpsEvent({ type, words, digits, code });

  test.each([
    ['M', 'data-transmitted'],
    ['MV', 'cancelled'],
    ['P', 'picked-up'],
    ['I', 'in-transit'],
    ['O', 'out-for-delivery'],
    ['DO', 'in-transit'],
    ['DD', 'in-transit'],
    ['W', 'on-hold'],
    ['X', 'exception'],
    ['RS', 'returned'],
    ['NA', undefined],
    ['D', undefined],
    ['', undefined],
  ] as const)('of type "%s" is %s', (type, state) => {
    expect(of(type)).toBe(state);
  });

  test('is a delivery in UPS’s plain word for it only', () => {
    expect(of('D', 'Delivered')).toBe('delivered');
    expect(of('D', 'Delivered by Local Post Office')).toBe('delivered');
    expect(of('D', 'Delivered to UPS Access Point™')).toBe('ready-for-pickup');
    expect(of('D', 'Delivered to somebody new')).toBeUndefined();
    expect(of('D', 'Delivered', '034')).toBe('returned');
    expect(of('D', 'Delivered', '', 'UA')).toBe('returned');
    expect(of('I', 'Out For Delivery Today', '', 'UA')).toBe('in-transit');
  });

  test.each([
    ['003', 'data-transmitted'],
    ['012', 'customs'],
    ['014', 'in-transit'],
    ['016', 'on-hold'],
    ['017', 'ready-for-pickup'],
    ['018', 'postponed'],
    ['019', 'postponed'],
    ['021', 'out-for-delivery'],
    ['022', 'notice-left'],
    ['023', 'notice-left'],
    ['024', 'notice-left'],
    ['032', 'delayed'],
    ['033', 'returned'],
    ['034', 'returned'],
    ['035', 'returned'],
    ['036', 'returned'],
    ['037', 'returned'],
    ['038', 'picked-up'],
    ['040', 'ready-for-pickup'],
    ['046', 'delayed'],
    ['047', 'delayed'],
    ['048', 'delayed'],
    ['050', 'address-problem'],
    ['051', 'delayed'],
    ['052', 'delayed'],
    ['053', 'delayed'],
    ['055', 'postponed'],
    ['058', 'customs'],
    ['059', 'damaged-or-lost'],
    ['064', 'refused'],
    ['067', 'returned'],
    ['068', 'damaged-or-lost'],
    ['069', 'not-collected'],
    ['999', 'exception'],
  ] as const)('of type X and the digits %s is %s', (digits, state) => {
    expect(of('X', '', digits)).toBe(state);
  });
});

describeTroubles({
  http,
  credentials: CREDENTIALS,
  number: NUMBER,
  create,
  signIn,
  wholeAnswer: JSON.stringify(answer([DELIVERED, CREATED])),
});
