import { describe, expect, test } from 'vitest';
import { CourierRefusedError } from '../../domain/courier-refusal.ts';
import { UnavailableError, UnexpectedAnswerError } from '../../domain/errors.ts';
import type { TrackingRefs } from '../../ports/shipment-tracker.ts';
import type { BrtClient } from './client.ts';
import { stateOfEvent } from './events.ts';
import type { SoapQuestion } from './soap.ts';
import { createBrtTracker } from './tracker.ts';

const ID = '066000000001';
const refs: TrackingRefs = {
  courierAccountId: 'shop',
  senderReference: '202500000000001',
  parcels: [],
  createdAt: '2025-12-31T10:00:00.000Z',
};
const labelled: TrackingRefs = { ...refs, parcels: [{ trackingByParcelId: '066010000000101' }] };
const numbered: TrackingRefs = { ...refs, courierShipmentId: { id: ID, year: 2025 } };

type SoapAnswer = Record<string, unknown> | 'not-yet' | Error;

/** A client that has these answers, and no others. */
function brt(answers: { rest?: unknown; soap?: SoapAnswer[] }) {
  const asked: SoapQuestion[] = [];
  const soap = [...(answers.soap ?? [])];
  const client: BrtClient = {
    account: { customerCode: '1234567', departureDepot: '66' },
    ship: () => Promise.reject(new Error('not asked for')),
    async trackParcel(id) {
      expect(id).toBe('066010000000101');
      if (!('rest' in answers)) throw new Error('not set up');
      return answers.rest === 'not-yet' ? 'not-yet' : { answer: answers.rest };
    },
    async ask(question) {
      asked.push(question);
      const answer = soap.shift();
      if (answer === undefined) throw new Error('not set up');
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return { asked, tracker: createBrtTracker(async () => client) };
}

const evento = (more: object = {}) => ({
  data: '05.10.2026',
  ora: '18.33',
  id: '703',
  descrizione: 'ARRIVATA IN FILIALE',
  filiale: 'ARRIVO (092)',
  ...more,
});
const rest = (events: unknown, shipment: object = {}, notes: unknown = []) => ({
  bolla: { dati_spedizione: { spedizione_id: ID, spedizione_data: '05.10.2026', ...shipment } },
  lista_eventi: events,
  lista_note: notes,
});
const tracked = async (answer: unknown) => {
  const found = await brt({ rest: answer }).tracker.track(labelled);
  if (found.found !== 'yes') throw new Error('not found');
  return found;
};
const oneEvent = async (more: object) => (await tracked(rest([{ evento: evento(more) }]))).events[0];

describe('the tracking of a parcel', () => {
  test('says what BRT says, oldest first, in the order of its list', async () => {
    const first = evento({ id: '700', descrizione: 'DATI SPEDIZ. TRASMESSI A BRT', ora: '18.33' });
    const second = evento({ id: '701', descrizione: 'RITIRATA', ora: '18.00' });
    const found = await tracked(rest([{ evento: second }, { evento: first }]));
    expect(found.courierShipmentId).toEqual({ id: ID, year: 2026 });
    expect(found.events.map(({ code, time }) => [code, time])).toEqual([
      ['700', '18:33'],
      ['701', '18:00'],
    ]);
  });

  test('that is not there yet is an ordinary answer', async () => {
    expect(await brt({ rest: 'not-yet' }).tracker.track(labelled)).toEqual({ found: 'not-yet' });
  });

  test('reads BRT’s clock in Rome, in winter, in summer and on the night it is changed', async () => {
    expect(await oneEvent({})).toMatchObject({ date: '2026-10-05', at: '2026-10-05T16:33:00.000Z' });
    expect(await oneEvent({ data: '05.12.2026' })).toMatchObject({ at: '2026-12-05T17:33:00.000Z' });
    expect(await oneEvent({ data: '29.03.2026', ora: '02:30:15' })).toMatchObject({ time: '02:30' });
  });

  test('leaves out what is not given', async () => {
    expect(await oneEvent({ ora: '', filiale: ' ' })).toMatchObject({
      date: '2026-10-05',
      time: undefined,
      at: undefined,
      depot: undefined,
    });
    expect(await oneEvent({ data: '', ora: '' })).toMatchObject({ date: undefined, at: undefined });
    expect(await oneEvent({ data: '00.00.0000' })).toMatchObject({ date: undefined });
  });

  test('skips empty lines, and does not mind a count of them', async () => {
    const empty = { evento: { data: '', ora: '', id: '', descrizione: '', filiale: '' } };
    const found = await tracked({ ...rest([{ evento: evento() }, empty, empty]), contatore_eventi: '1' });
    expect(found.events).toHaveLength(1);
    expect((await tracked({ ...rest([empty]), contatore_eventi: 0 })).events).toEqual([]);
  });

  test.each<[string, unknown, string | undefined]>([
    ['blank', '', undefined],
    ['zero', '0', undefined],
    ['the number zero', 0, undefined],
    ['missing', undefined, undefined],
    ['text', ID, ID],
    ['a number without its zero', 66_000_000_001, ID],
  ])('knows the shipment’s id when it is %s', async (_, spedizione_id, id) => {
    expect((await tracked(rest([], { spedizione_id }))).courierShipmentId?.id).toBe(id);
  });

  test.each<[string, unknown]>([
    ['nothing', {}],
    ['no list where there should be one', rest('EVENTI')],
    ['an id of eleven digits', rest([], { spedizione_id: '12345678901' })],
    ['a day in another form', rest([{ evento: evento({ data: '2026-10-05' }) }])],
    ['a day that is none', rest([{ evento: evento({ data: '31.02.2026' }) }])],
    ['an hour that is none', rest([{ evento: evento({ ora: '25.00' }) }])],
    ['words for an hour', rest([{ evento: evento({ ora: 'mattina' }) }])],
    ['another name for an event', rest([{ evt: evento() }])],
    ['a count of events that it does not have', { ...rest(undefined), contatore_eventi: 3 }],
  ])('with %s is an alarm, and no state', async (_, answer) => {
    await expect(brt({ rest: answer }).tracker.track(labelled)).rejects.toBeInstanceOf(UnexpectedAnswerError);
  });
});

describe('an instruction to bring the goods back', () => {
  const instructed = async (shipment: object, notes: unknown = []) =>
    (await tracked(rest([], shipment, notes))).returnInstructed;

  test('is seen in the words of the state, in either spelling, and in notes that speak of instructions', async () => {
    expect(await instructed({ descrizione_stato_sped_parte1: 'Rientro al mittente' })).toBe(true);
    expect(await instructed({ stato_sped_parte_2: 'RESO MITTENTE' })).toBe(true);
    expect(await instructed({}, [{ nota: { descrizione: 'Disposizioni: RIENTRO' } }])).toBe(true);
    expect(await instructed({}, { nota: 'Disposizione RIENTRO' })).toBe(true);
  });

  test('is not seen in other words', async () => {
    expect(await instructed({ descrizione_stato_sped_parte1: 'CONSEGNATA' })).toBe(false);
    expect(await instructed({}, [{ nota: { descrizione: 'Disposizioni: RICONSEGNA' } }])).toBe(false);
    expect(await instructed({}, [{ nota: { descrizione: 'Suonare al rientro' } }])).toBe(false);
  });
});

describe('an event', () => {
  test('is told by its id, and by its words where it has none', () => {
    expect(stateOfEvent('704', 'ANY WORDS')).toBe('delivered');
    expect(stateOfEvent(undefined, ' consegnata ')).toBe('delivered');
    expect(stateOfEvent(undefined, 'Destin.Assente:LASCIATO  AVVISO')).toBe('notice-left');
    expect(stateOfEvent('ZSC', '')).toBe('delayed');
  });

  test('is not told by an id or by words that are not known, but a return always is', () => {
    expect(stateOfEvent('X99', 'CONSEGNATA')).toBeUndefined();
    expect(stateOfEvent('1', 'RIFIUTA')).toBeUndefined();
    expect(stateOfEvent(undefined, 'CONSEGNATA A MANO')).toBeUndefined();
    expect(stateOfEvent('X99', 'RESO MITTENTE')).toBe('returned');
    expect(stateOfEvent(undefined, 'Reso al mittente')).toBe('returned');
  });

  test('with an id that came as a number has its zeros again', async () => {
    expect(await oneEvent({ id: 1, descrizione: 'RIFIUTA' })).toMatchObject({
      code: '001',
      state: 'refused',
    });
    expect(await oneEvent({ id: 704 })).toMatchObject({ code: '704', state: 'delivered' });
  });

  test('that nobody knows keeps its words', async () => {
    expect(await oneEvent({ id: 'X99', descrizione: 'NUOVO EVENTO' })).toMatchObject({
      code: 'X99',
      description: 'NUOVO EVENTO',
      state: undefined,
    });
  });
});

describe('a shipment without a label’s number', () => {
  const refusal = (reason: 'not-unique' | 'unauthorised') =>
    new CourierRefusedError('brt', 'brt: no', { reason });

  test('is looked for by its numeric reference, and asked for by its id the next time', async () => {
    const { tracker, asked } = brt({ soap: [{ SPEDIZIONE_ID: ID }] });
    expect(await tracker.track(refs)).toEqual({
      found: 'yes',
      courierShipmentId: { id: ID, year: undefined },
      events: [],
      returnInstructed: false,
    });
    expect(asked).toEqual([
      {
        service: 'GetIdSpedizioneByRMN',
        input: { CLIENTE_ID: '1234567', RIFERIMENTO_MITTENTE_NUMERICO: '202500000000001' },
      },
    ]);
  });

  test('is not there yet when BRT says so, or says zero', async () => {
    expect(await brt({ soap: ['not-yet'] }).tracker.track(refs)).toEqual({ found: 'not-yet' });
    expect(await brt({ soap: [{ SPEDIZIONE_ID: '0' }] }).tracker.track(refs)).toEqual({ found: 'not-yet' });
  });

  test('is looked for by its other references when one is not unique, and then waits for a person', async () => {
    const known = { ...refs, alphanumericReference: 'ORDINE-1', parcels: [{ parcelId: 'P1' }] };
    const { tracker, asked } = brt({
      soap: [refusal('not-unique'), refusal('not-unique'), { SPEDIZIONE_ID: ID, SPEDIZIONE_ANNO: '2026' }],
    });
    expect(await tracker.track(known)).toMatchObject({ courierShipmentId: { id: ID, year: 2026 } });
    expect(asked.map(({ service }) => service)).toEqual([
      'GetIdSpedizioneByRMN',
      'GetIdSpedizioneByRMA',
      'GetIdSpedizioneByIdCollo',
    ]);
    await expect(brt({ soap: [refusal('not-unique')] }).tracker.track(refs)).rejects.toMatchObject({
      reason: 'not-unique',
    });
  });

  test('is not looked for further after any other failure', async () => {
    const known = { ...refs, alphanumericReference: 'ORDINE-1' };
    for (const failure of [refusal('unauthorised'), new UnavailableError('brt', 'brt: nothing')]) {
      const { tracker, asked } = brt({ soap: [failure] });
      await expect(tracker.track(known)).rejects.toBe(failure);
      expect(asked).toHaveLength(1);
    }
  });

  test('that was registered under words is looked for by them', async () => {
    const { tracker, asked } = brt({ soap: ['not-yet'] });
    await tracker.track({ ...refs, senderReference: 'BANCO-17' });
    expect(asked).toMatchObject([{ input: { RIFERIMENTO_MITTENTE_ALFABETICO: 'BANCO-17' } }]);
    const nothing = { ...refs, senderReference: 'A reference of more than 15' };
    await expect(brt({}).tracker.track(nothing)).rejects.toMatchObject({ reason: 'invalid' });
  });

  test.each([{ SPEDIZIONE_ID: '66' }, { SPEDIZIONE_ID: 'abc' }])(
    'with the id %o is an alarm',
    async (answer) => {
      await expect(brt({ soap: [answer] }).tracker.track(refs)).rejects.toBeInstanceOf(UnexpectedAnswerError);
    },
  );
});

describe('the tracking by the shipment’s id', () => {
  const EVENTO = { DATA: '05.10.2026', ORA: '18.33', ID: '703', DESCRIZIONE: 'X', FILIALE: 'Y' };
  const soap = (lists: unknown, id: string = ID) => ({
    ESITO: '0',
    BOLLA: { DATI_SPEDIZIONE: { SPEDIZIONE_ID: id, SPEDIZIONE_DATA: '02.01.2026' } },
    ...(lists === undefined ? {} : { LISTA_EVENTI: lists }),
  });

  test.each<[string, unknown, number]>([
    ['no list', undefined, 0],
    ['an empty list', '', 0],
    ['one list of one event', { EVENTO }, 1],
    ['one list of two events', { EVENTO: [EVENTO, { ...EVENTO, ID: '702' }] }, 2],
    ['two lists of one event', [{ EVENTO }, { EVENTO: { ...EVENTO, ID: '702' } }], 2],
    ['a list with an empty event', [{ EVENTO: '' }, { EVENTO }], 1],
  ])('reads %s', async (_, lists, count) => {
    const { tracker, asked } = brt({ soap: [soap(lists)] });
    const found = await tracker.track(numbered);
    expect(found).toMatchObject({ found: 'yes', courierShipmentId: { id: ID, year: 2026 } });
    expect(found.found === 'yes' ? found.events : undefined).toHaveLength(count);
    expect(asked).toEqual([
      {
        service: 'BRT_TrackingByBRTshipmentID',
        input: { LINGUA_ISO639_ALPHA2: 'it', SPEDIZIONE_ANNO: '2025', SPEDIZIONE_BRT_ID: ID },
      },
    ]);
  });

  test('tries the running year and then the shipment’s own, while nobody has said which', async () => {
    const unknown = { ...refs, courierShipmentId: { id: ID, year: undefined } };
    const { tracker, asked } = brt({ soap: ['not-yet', soap({ EVENTO })] });
    expect(await tracker.track(unknown)).toMatchObject({ found: 'yes' });
    expect(asked.map(({ input }) => input.SPEDIZIONE_ANNO)).toEqual(['0', '2025']);
    expect(await brt({ soap: ['not-yet', 'not-yet'] }).tracker.track(unknown)).toEqual({ found: 'not-yet' });
  });

  test('tries the year before as well for one that was registered in January', async () => {
    const unknown = {
      ...refs,
      createdAt: '2026-01-03T10:00:00.000Z',
      courierShipmentId: { id: ID, year: undefined },
    };
    const { tracker, asked } = brt({ soap: ['not-yet', 'not-yet', soap({ EVENTO })] });
    expect(await tracker.track(unknown)).toMatchObject({ found: 'yes' });
    expect(asked.map(({ input }) => input.SPEDIZIONE_ANNO)).toEqual(['0', '2026', '2025']);
  });

  test('does not believe an answer about another shipment', async () => {
    await expect(
      brt({ soap: [soap({ EVENTO }, '066000000002')] }).tracker.track(numbered),
    ).rejects.toBeInstanceOf(UnexpectedAnswerError);
  });
});
