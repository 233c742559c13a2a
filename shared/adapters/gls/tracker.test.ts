import { describe, expect, test } from 'vitest';
import { courierFetch } from '../../../tests/support/courier-fetch.ts';
import { describeTroubles, refsOf } from '../../../tests/support/number-tracker.contract.ts';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import { newShipment } from '../../domain/shipment.ts';
import { withTracking } from '../../domain/tracking.ts';
import type { ShipmentState } from '../../domain/tracking-state.ts';
import { GLS_CODES, stateOfGlsEvent, stateOfWordsAbroad } from './events.ts';
import { createGlsTracker } from './tracker.ts';

const NUMBER = '612345678';
const CREDENTIALS = { depot: 'M1', contractCode: '4321' };
const http = courierFetch();
const tracker = () => createGlsTracker({ getCredentials: async () => CREDENTIALS });

type Fields = Partial<Record<'Data' | 'Ora' | 'Luogo' | 'Stato' | 'Note' | 'Codice', string>>;
const cdata = (name: string, value: string) => `<${name}><![CDATA[ ${value} ]]></${name}>`;
const event = (fields: Fields = {}) =>
  Object.entries({
    Data: '06/10/26',
    Ora: '10.00',
    Luogo: 'Milano',
    Stato: 'In transito. Attesa in sede destinataria',
    Note: '',
    Codice: '903',
    ...fields,
  })
    .map(([name, value]) => cdata(name, value))
    .join('\n');
const tracking = (...events: string[]) => `<TRACKING>${events.join('')}</TRACKING>`;
const shipment = (inside: string, number = NUMBER) =>
  `<SPEDIZIONE>${cdata('NumSped', number)}${cdata('DataPartenza', '05/10/2026')}${cdata('Peso', '2,0')}${inside}</SPEDIZIONE>`;
const list = (inside: string) => `<?xml version="1.0" encoding="ISO-8859-1" ?><ELENCO>${inside}</ELENCO>`;

async function tracked(body: string | Uint8Array<ArrayBuffer>) {
  http.answers(body);
  const found = await tracker().track(refsOf(NUMBER));
  if (found.found !== 'yes') throw new Error('not found');
  return found;
}
const eventsOf = async (...events: string[]) => (await tracked(list(shipment(tracking(...events))))).events;
/** Where a shipment stands after this answer. */
async function stateAfter(body: string): Promise<ShipmentState> {
  const registered = newShipment(
    {
      courier: 'gls',
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

const DELIVERED = event({ Stato: 'CONSEGNATA', Codice: '906', Data: '08/10/26', Note: 'Rossi' });
const CREATED = event({
  Stato: 'Spedizione registrata nei nostri sistemi ma non ancora partita',
  Codice: '901',
  Data: '05/10/26',
  Ora: '',
});

describe('GLS is asked', () => {
  test('by the number and the contract, with the contract’s depot', async () => {
    await tracked(list(shipment('')));
    expect(http.seen.map(({ url }) => url.href)).toEqual([
      'https://infoweb.gls-italy.com/XML/get_xml_track.php?locpartenza=M1&NumSped=612345678&CodCli=4321',
    ]);
  });

  test('with the depot before the number, and the contract’s beside it where it is another', async () => {
    for (const [number, query] of [
      ['M1612345678', 'locpartenza=M1&NumSped=612345678&CodCli=4321'],
      ['r2612345678', 'locpartenza=R2&NumSped=612345678&sedecon=M1&CodCli=4321'],
    ] as const) {
      http.answers(list(shipment('')));
      await tracker().track(refsOf(number));
      expect(http.seen.at(-1)?.url.search).toBe(`?${query}`);
    }
  });
});

describe('an answer of GLS', () => {
  test('is told oldest first, and says nothing of who signed', async () => {
    const events = await eventsOf(DELIVERED, event(), CREATED);
    expect(events.map(({ code, state }) => [code, state])).toEqual([
      ['901', 'data-transmitted'],
      ['903', 'in-transit'],
      ['906', 'delivered'],
    ]);
    expect(JSON.stringify(events)).not.toContain('Rossi');
  });

  test('has its days in two forms, and its hours in two forms or none', async () => {
    const events = await eventsOf(
      event({ Data: '06/10/2026', Ora: '11:05' }),
      event({ Ora: '9.30' }),
      event({ Ora: '' }),
      event({ Data: '', Ora: '' }),
    );
    expect(events.map(({ date, time, at }) => [date, time, at])).toEqual([
      [undefined, undefined, undefined],
      ['2026-10-06', undefined, undefined],
      ['2026-10-06', '09:30', '2026-10-06T07:30:00.000Z'],
      ['2026-10-06', '11:05', '2026-10-06T09:05:00.000Z'],
    ]);
    expect((await eventsOf(event({ Data: '06/12/26' })))[0]?.at).toBe('2026-12-06T09:00:00.000Z');
  });

  test('is read in ISO-8859-1, and in UTF-8 where it says so', async () => {
    const body = list(shipment(tracking(event({ Luogo: 'Forlì' }))));
    const latin1 = await tracked(new Uint8Array(Buffer.from(body, 'latin1')));
    expect(latin1.events[0]?.depot).toBe('Forlì');
    const utf8 = await tracked(body.replace('ISO-8859-1', 'utf-8'));
    expect(utf8.events[0]?.depot).toBe('Forlì');
  });

  test('may have no event, one, an empty one, a list per event, or one without a field', async () => {
    expect((await tracked(list(shipment('')))).events).toEqual([]);
    expect(await eventsOf()).toEqual([]);
    expect(await eventsOf(event())).toHaveLength(1);
    expect(await eventsOf(event({ Data: '', Ora: '', Stato: '', Codice: '' }), event())).toHaveLength(1);
    const apart = await tracked(list(shipment(tracking(DELIVERED) + tracking(CREATED))));
    expect(apart.events.map(({ code }) => code)).toEqual(['901', '906']);
    const withoutHour = `${cdata('Data', '06/10/26')}${cdata('Stato', 'CONSEGNATA')}${cdata('Codice', '906')}`;
    expect((await eventsOf(withoutHour, CREATED)).map(({ code, time }) => [code, time])).toEqual([
      ['901', undefined],
      ['906', undefined],
    ]);
  });

  test('in another order, and with an event twice, leads to the same end', async () => {
    expect(await stateAfter(list(shipment(tracking(event(), DELIVERED, CREATED, DELIVERED))))).toBe(
      'delivered',
    );
  });

  test('that it knows no such shipment is "not yet"', async () => {
    const error = '<ERRORE><TESTOERRORE>Spedizione non trovata</TESTOERRORE></ERRORE>';
    for (const body of [list(''), list(error), error]) {
      http.answers(body);
      expect(await tracker().track(refsOf(NUMBER))).toEqual({ found: 'not-yet' });
    }
  });

  test.each<[string, string]>([
    ['another error', list('<ERRORE><TESTOERRORE>Contratto errato</TESTOERRORE></ERRORE>')],
    ['something else', list('<RITIRO></RITIRO>')],
    ['another root', '<RISPOSTA></RISPOSTA>'],
    ['another shipment', list(shipment(tracking(DELIVERED), '612345679'))],
    ['two of the number', list(shipment('') + shipment(''))],
    ['a day in another form', list(shipment(tracking(event({ Data: '2026-10-06' }))))],
    ['a day that is none', list(shipment(tracking(event({ Data: '31/02/26' }))))],
    ['an hour that is none', list(shipment(tracking(event({ Ora: '25.00' }))))],
    ['a field before its day', list(shipment(tracking(cdata('Ora', '10.00') + event())))],
    ['a field twice', list(shipment(tracking(event() + cdata('Codice', '906'))))],
    ['a document type', `<!DOCTYPE x [<!ENTITY a "x">]>${list(shipment(tracking(event())))}`],
  ])('with %s is an alarm, and no state', async (_, body) => {
    http.answers(body);
    await expect(tracker().track(refsOf(NUMBER))).rejects.toBeInstanceOf(UnexpectedAnswerError);
  });
});

describe('a shipment that goes on as another', () => {
  const nested = (name: string, ...events: string[]) =>
    `<${name}>${cdata('NumSped', '999')}${tracking(...events)}</${name}>`;
  const sentOn = event({ Stato: 'INOLTRO AD ALTRA SEDE', Codice: '16' });

  test('is delivered when the one it was forwarded with is', async () => {
    const forwarded = nested('SPEDIZIONEDINOLTRO', DELIVERED, CREATED);
    expect(await stateAfter(list(shipment(tracking(sentOn, CREATED) + forwarded)))).toBe('delivered');
  });

  test('is returned when it comes back, although that ends in a delivery', async () => {
    const returning = nested('SPEDIZIONEDIRIENTRO', DELIVERED, CREATED);
    const refused = event({ Stato: 'RIFIUTATO', Codice: '4' });
    const found = await tracked(list(shipment(tracking(refused, CREATED) + returning)));
    expect(found.returnInstructed).toBe(true);
    expect(found.events.map(({ state }) => state)).toEqual([
      'data-transmitted',
      'refused',
      'returned',
      'returned',
    ]);
    expect(await stateAfter(list(shipment(tracking(refused, CREATED) + returning)))).toBe('returned');
    expect(await stateAfter(list(shipment(tracking(event({ Codice: '29', Stato: 'RESO MITTENTE' })))))).toBe(
      'returned',
    );
  });

  test('abroad is told by words, and delivered when all its parcels are', async () => {
    const abroad = (...words: string[]) =>
      `<ColloInternazionale><TRACKINGINT>${words
        .map(
          (Stato) =>
            cdata('Data', '08/10/26') +
            cdata('Ora', '10:00') +
            cdata('Luogo', 'Wien') +
            cdata('Stato', Stato),
        )
        .join('')}</TRACKINGINT></ColloInternazionale>`;
    const one = abroad('Consegnata.', 'In transito');
    expect(await stateAfter(list(shipment(tracking(CREATED) + one + one)))).toBe('delivered');
    expect(await stateAfter(list(shipment(tracking(CREATED) + one + abroad('In transito'))))).not.toBe(
      'delivered',
    );
    expect((await tracked(list(shipment(abroad('Parole nuove'))))).events).toMatchObject([
      { state: undefined, description: 'Parole nuove' },
    ]);
  });
});

describe('a code of GLS', () => {
  const codes = Object.entries(GLS_CODES).flatMap(([state, rows]) =>
    Object.entries(rows ?? {}).map(([code, words]) => [code, words, state] as const),
  );

  test.each(codes)('%s (%s) is %s, in an answer', async (code, words, state) => {
    expect(await eventsOf(event({ Codice: code.padStart(3, '0'), Stato: words }))).toMatchObject([
      { code, state },
    ]);
  });

  test('stands for one state only', () => {
    expect(new Set(codes.map(([code]) => code)).size).toBe(codes.length);
  });

  test('that nobody knows is an event without a state, whatever its words', () => {
    expect(stateOfGlsEvent('999', 'CONSEGNATA')).toBeUndefined();
    expect(stateOfGlsEvent(undefined, 'Consegnata')).toBe('delivered');
    expect(stateOfGlsEvent(undefined, 'Consegnata al portiere')).toBeUndefined();
  });

  test.each<[string, ShipmentState | undefined]>([
    ['La spedizione è stata consegnata', 'delivered'],
    ['Consegna prevista nel corso della giornata', 'out-for-delivery'],
    ['Consegnata a Parcel Shop', 'ready-for-pickup'],
    ['Spedizione resa al mittente', 'returned'],
    ['In attesa di sdoganamento, dogana', 'customs'],
    ['Partita dalla sede GLS', 'in-transit'],
    ['Non consegnata', undefined],
  ])('is missing abroad: "%s" is %s', (words, state) => {
    expect(stateOfWordsAbroad(words)).toBe(state);
  });
});

describeTroubles({
  http,
  credentials: CREDENTIALS,
  number: NUMBER,
  create: createGlsTracker,
  wholeAnswer: list(shipment(tracking(DELIVERED, CREATED))),
});
