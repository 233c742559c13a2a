import type { TrackingFound } from '../../domain/tracking.ts';
import type { TrackingEvent } from '../../domain/tracking-events.ts';
import type { ShipmentState } from '../../domain/tracking-state.ts';
import { type Asked, unexpected } from '../courier-http/call.ts';
import { blankIsNone, dayOf, descriptionOf, instantOf } from '../courier-http/event-words.ts';
import { stateOfGlsEvent, stateOfWordsAbroad } from './events.ts';
import { childrenOf, childText, type XmlElement, xmlOf } from './xml.ts';

/** GLS writes days and hours without a zone. */
const ZONE = 'Europe/Rome';

/**
 * The answer of `get_xml_track.php` in our words. `Note` is not read: of a delivery it holds who signed.
 * Source: GLS Italy, manual MU40 rev. 8.1, sections 2.5 to 2.7.
 * @param number without the depot's letters
 * @throws UnexpectedAnswerError for a shape that nobody has told us of
 */
export function readGlsTracking(
  asked: Asked,
  number: string,
  body: Uint8Array,
): Pick<TrackingFound, 'events' | 'returnInstructed'> | 'not-yet' {
  const roots = xmlOf(body);
  const list = roots?.find(({ name }) => ['ELENCO', 'SPEDIZIONE', 'ERRORE'].includes(name));
  if (list === undefined) throw unexpected(asked, 'no list of shipments');
  const inside = list.name === 'ELENCO' ? list.children : [list];

  const error = inside.find(({ name }) => name === 'ERRORE');
  if (error !== undefined) {
    const words = [error, ...error.children].map((element) => element.text).join(' ');
    if (/\bnon\s+(e'\s+stata\s+)?trovat/i.test(words)) return 'not-yet';
    throw unexpected(asked, 'an error that is not "not found"');
  }

  const shipments = inside.filter(({ name }) => name === 'SPEDIZIONE');
  if (shipments.length === 0) {
    if (inside.length === 0) return 'not-yet';
    throw unexpected(asked, 'something else than shipments');
  }
  const [shipment, another] = shipments.filter(
    (each) => withoutZeros(childText(each, 'NumSped')) === withoutZeros(number),
  );
  if (shipment === undefined) throw unexpected(asked, 'another shipment than the one asked for');
  if (another !== undefined) throw unexpected(asked, 'more than one shipment of that number');
  return storyOf(asked, shipment);
}

/** What a shipment went through, the one that it was forwarded with included, and whether it comes back. */
function storyOf(asked: Asked, shipment: XmlElement): { events: TrackingEvent[]; returnInstructed: boolean } {
  const own = eventsIn(asked, childrenOf(shipment, 'TRACKING'), stateOfGlsEvent);
  const abroad = eventsAbroad(asked, childrenOf(shipment, 'ColloInternazionale'));
  const forwarded = childrenOf(shipment, 'SPEDIZIONEDINOLTRO').map((each) => storyOf(asked, each));
  // The return is a shipment of its own, and ends in a delivery: to us.
  const returning = childrenOf(shipment, 'SPEDIZIONEDIRIENTRO').map((each) => storyOf(asked, each));
  return {
    events: [
      ...own,
      ...abroad,
      ...forwarded.flatMap(({ events }) => events),
      ...returning.flatMap(({ events }) => events).map((event) => ({ ...event, state: 'returned' as const })),
    ],
    returnInstructed: returning.length > 0 || forwarded.some(({ returnInstructed }) => returnInstructed),
  };
}

/** Each parcel abroad is followed by itself: all of them make a delivery. */
function eventsAbroad(asked: Asked, parcels: readonly XmlElement[]): TrackingEvent[] {
  const stories = parcels.map((parcel) =>
    eventsIn(asked, childrenOf(parcel, 'TRACKINGINT'), (_, words) => stateOfWordsAbroad(words)),
  );
  const allDelivered = stories.every((events) => events.some(({ state }) => state === 'delivered'));
  const ofOne = (state: ShipmentState | undefined) =>
    state === 'delivered' && !allDelivered ? 'partly-delivered' : state;
  return stories.flat().map((event) => ({ ...event, state: ofOne(event.state) }));
}

interface EventFields {
  Data: string;
  Ora?: string;
  Luogo?: string;
  Stato?: string;
  Codice?: string;
}

/** Oldest first: GLS has the newest on top. */
function eventsIn(
  asked: Asked,
  lists: readonly XmlElement[],
  stateOf: (code: string | undefined, words: string) => ShipmentState | undefined,
): TrackingEvent[] {
  return lists
    .flatMap((list) => groupedByDay(asked, list))
    .filter(({ Data, Stato, Codice }) => [Data, Stato, Codice].some((field) => (field ?? '') !== ''))
    .map(({ Data, Ora = '', Luogo = '', Stato = '', Codice = '' }) => {
      const code = blankIsNone(withoutZeros(Codice));
      const date = dateOf(asked, Data);
      const time = timeOf(asked, Ora);
      return {
        code,
        description: descriptionOf(Stato),
        date,
        time,
        at: instantOf(date, time, ZONE),
        depot: blankIsNone(descriptionOf(Luogo)),
        state: stateOf(code, Stato),
      };
    })
    .reverse();
}

/** The fields of all events stand in one row, and each event begins with its day. */
function groupedByDay(asked: Asked, list: XmlElement): EventFields[] {
  const events: EventFields[] = [];
  for (const { name, text } of list.children) {
    const event = events.at(-1);
    if (name === 'Data') {
      events.push({ Data: text });
    } else if (name === 'Ora' || name === 'Luogo' || name === 'Stato' || name === 'Codice') {
      if (event === undefined || event[name] !== undefined) throw unexpected(asked, `${name} without a day`);
      event[name] = text;
    }
  }
  return events;
}

/** `18/10/18` among the events, `18/10/2018` elsewhere; blank is no day. */
function dateOf(asked: Asked, words: string): string | undefined {
  if (words === '') return undefined;
  const day = dayOf(words, /\/\d{4}$/.test(words) ? 'dd/MM/yyyy' : 'dd/MM/yy');
  if (day === undefined) throw unexpected(asked, 'a day in another form');
  return day;
}

/** `10.00` or `10:00`; blank is no hour. */
function timeOf(asked: Asked, words: string): string | undefined {
  if (words === '') return undefined;
  const [, hours, minutes] = /^([01]?\d|2[0-3])[.:]([0-5]\d)([.:][0-5]\d)?$/.exec(words) ?? [];
  if (hours === undefined) throw unexpected(asked, 'an hour in another form');
  return `${hours.padStart(2, '0')}:${minutes}`;
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=.)/, '');
}
