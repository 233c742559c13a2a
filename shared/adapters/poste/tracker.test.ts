import { describe, expect, test } from 'vitest';
import { courierFetch } from '../../../tests/support/courier-fetch.ts';
import { describeTroubles, refsOf } from '../../../tests/support/number-tracker.contract.ts';
import { UnavailableError, UnexpectedAnswerError } from '../../domain/errors.ts';
import { newShipment } from '../../domain/shipment.ts';
import { withTracking } from '../../domain/tracking.ts';
import type { ShipmentState } from '../../domain/tracking-state.ts';
import { stateOfPosteEvent } from './events.ts';
import { createPosteTracker } from './tracker.ts';

const NUMBER = 'ZA123456789IT';
const CREDENTIALS = { clientId: 'CLIENT-1', clientSecret: 'SECRET-1' };
const http = courierFetch();
const clock = { now: () => Date.parse('2026-10-08T12:00:00Z') };
const create = (credentials: Parameters<typeof createPosteTracker>[0]) =>
  createPosteTracker(credentials, clock);
const tracker = () => create({ getCredentials: async () => CREDENTIALS });
const signIn = () => http.answersJson({ token_type: 'Bearer', access_token: 'TOKEN-1', expires_in: 3599 });

const event = (more: object = {}) => ({
  data: '2026-10-06 10:00:00',
  officeDescription: 'Genova (GE)',
  StatusDescription: 'In transito presso il Centro Operativo Postale',
  phase: 'IN TRANSITO',
  status: 'PCP',
  ...more,
});
const ACCEPTED = event({
  data: '2026-10-05 18:00:00',
  StatusDescription: 'Presa in carico',
  status: 'ACC',
  phase: '',
});
const DELIVERED = event({
  data: '2026-10-08 12:00:00',
  StatusDescription: "LA SPEDIZIONE E' STATA CONSEGNATA",
  phase: 'CONSEGNATA',
  status: '000',
});
const answer = (tracking: unknown, more: object = {}) => ({
  return: { outcome: 'OK', code: 0, result: 'OK', shipment: [{ waybillNumber: NUMBER, tracking }], ...more },
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
      courier: 'poste',
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

describe('Poste', () => {
  test('is asked by the waybill, with a token that the credentials were exchanged for', async () => {
    await tracked(answer([event()]));
    const [session, call] = http.seen;
    expect(session?.url.href).toBe('https://apiw.gp.posteitaliane.it/gp/internet/user/sessions');
    expect(session?.headers.get('poste_clientid')).toBe('CLIENT-1');
    expect(JSON.parse(session?.body ?? '')).toMatchObject({
      clientId: 'CLIENT-1',
      secretId: 'SECRET-1',
      grantType: 'client_credentials',
    });
    expect(call?.method).toBe('POST');
    expect(call?.url.href).toBe(
      'https://apiw.gp.posteitaliane.it/gp/internet/postalandlogistics/parcel/tracking',
    );
    expect(call?.headers.get('authorization')).toBe('Bearer TOKEN-1');
    expect(call?.headers.get('poste_clientid')).toBe('CLIENT-1');
    expect(JSON.parse(call?.body ?? '')).toEqual({
      arg0: {
        shipmentsData: [{ waybillNumber: NUMBER, lastTracingState: 'N' }],
        statusDescription: 'E',
        customerType: 'DQ',
      },
    });
  });

  test('lists events in either order, and they are told oldest first', async () => {
    for (const list of [
      [ACCEPTED, event(), DELIVERED],
      [DELIVERED, event(), ACCEPTED],
    ]) {
      const { events } = await tracked(answer(list));
      expect(events.map(({ code, state, at }) => [code, state, at])).toEqual([
        ['ACC', 'picked-up', '2026-10-05T16:00:00.000Z'],
        ['PCP', 'in-transit', '2026-10-06T08:00:00.000Z'],
        ['000', 'delivered', '2026-10-08T10:00:00.000Z'],
      ]);
    }
  });

  test('may leave out hours and days, and an event may stand alone or twice', async () => {
    const { events } = await tracked(answer([event({ data: '2026-10-06' }), event({ data: '' })]));
    expect(events).toMatchObject([
      { date: '2026-10-06', time: undefined, at: undefined },
      { date: undefined, at: undefined },
    ]);
    expect((await tracked(answer(event()))).events).toHaveLength(1);
    expect(await stateAfter(answer([DELIVERED, DELIVERED, ACCEPTED]))).toBe('delivered');
    expect(await stateAfter(answer([event({ data: '2026-12-06 10:00' })]))).toBe('in-transit');
  });

  test('that has nothing to say of a number says it in three ways: not yet', async () => {
    for (const body of [
      answer([]),
      { return: { outcome: 'OK', code: '0' } },
      { return: { outcome: 'KO', code: 207, messages: [{ messages: [{ code: '207' }] }] } },
    ]) {
      signIn();
      http.answersJson(body);
      expect(await tracker().track(refsOf(NUMBER))).toEqual({ found: 'not-yet' });
    }
  });

  test('says in the body what went wrong, and 200 all the same', async () => {
    const failure = async (code: unknown) => {
      signIn();
      http.answersJson({ return: { outcome: 'KO', code, messages: [{ messages: [{ message: NUMBER }] }] } });
      return expect(tracker().track(refsOf(NUMBER))).rejects;
    };
    await (await failure(999)).toBeInstanceOf(UnavailableError);
    await (await failure('110')).toMatchObject({ reason: 'invalid', message: 'poste track: code 110' });
    await (await failure(250)).toBeInstanceOf(UnexpectedAnswerError);
    for (const code of [undefined, null, '', 'OK']) {
      await (await failure(code)).toBeInstanceOf(UnexpectedAnswerError);
    }
    await (await failure(0)).toBeInstanceOf(UnexpectedAnswerError);
  });

  test.each<[string, unknown]>([
    [
      'another shipment',
      { return: { outcome: 'OK', code: 0, shipment: [{ waybillNumber: 'X', tracking: [DELIVERED] }] } },
    ],
    ['a day in another form', answer([event({ data: '06/10/2026' })])],
    ['a day that is none', answer([event({ data: '2026-02-31 10:00:00' })])],
    ['words for events', answer('EVENTI')],
  ])('with %s is an alarm, and no state', async (_, body) => {
    signIn();
    http.answersJson(body);
    await expect(tracker().track(refsOf(NUMBER))).rejects.toBeInstanceOf(UnexpectedAnswerError);
  });

  test('that refuses the credentials waits for a person', async () => {
    http.answersJson({ error: 'invalid_client' }, 401);
    await expect(tracker().track(refsOf(NUMBER))).rejects.toMatchObject({ reason: 'unauthorised' });
  });

  test('that brings a shipment back has returned it, although that ends in a delivery', async () => {
    const returning = event({
      data: '2026-10-07 09:00:00',
      StatusDescription: 'In restituzione al mittente',
    });
    expect(await stateAfter(answer([ACCEPTED, returning, DELIVERED]))).toBe('returned');
  });
});

describe('an event of Poste', () => {
  test.each<[string, ShipmentState | undefined]>([
    ['Spedizione restituita al mittente', 'returned'],
    ['RESO AL MITTENTE', 'returned'],
    ['Rifiutata dal destinatario', 'refused'],
    ['Destinatario sconosciuto', 'address-problem'],
    ['Indirizzo inesatto', 'address-problem'],
    ['Non ritirata per compiuta giacenza', 'not-collected'],
    ["Disponibile per il ritiro presso l'ufficio postale", 'ready-for-pickup'],
    ['IN GIACENZA', 'on-hold'],
    ['Destinatario assente', 'notice-left'],
    ['Mancata consegna', 'exception'],
    ['Non è stato possibile consegnare', 'exception'],
    ['Consegna non riuscita', 'exception'],
    ['Spedizione danneggiata', 'damaged-or-lost'],
    ['Presentata in dogana', 'customs'],
    ['Consegnata', 'delivered'],
    ['La spedizione è stata consegnata.', 'delivered'],
    ["Consegnata all'ufficio postale", undefined],
    ['La spedizione è in consegna', 'out-for-delivery'],
    ['Presa in carico', 'picked-up'],
    ['Partita dal centro di smistamento', 'in-transit'],
    ['Spedizione preannunciata', 'data-transmitted'],
    ['Parole nuove', undefined],
  ])('"%s" is %s', (words, state) => {
    expect(stateOfPosteEvent(words, '')).toBe(state);
  });

  test('with new words is told by its phase, where that cannot mean anything else', () => {
    expect(stateOfPosteEvent('Parole nuove', 'IN TRANSITO')).toBe('in-transit');
    expect(stateOfPosteEvent('Parole nuove', 'PRESA IN CARICO')).toBe('picked-up');
    expect(stateOfPosteEvent('Parole nuove', 'IN LAVORAZIONE')).toBe('in-transit');
    expect(stateOfPosteEvent('Parole nuove', 'IN CONSEGNA')).toBeUndefined();
    expect(stateOfPosteEvent('In giacenza', 'IN CONSEGNA')).toBe('on-hold');
  });
});

describeTroubles({
  http,
  credentials: CREDENTIALS,
  number: NUMBER,
  create,
  signIn,
  wholeAnswer: JSON.stringify(answer([ACCEPTED, DELIVERED])),
});
