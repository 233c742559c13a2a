import * as z from 'zod';
import { CourierRefusedError } from '../../domain/courier-refusal.ts';
import type { TrackingFound } from '../../domain/tracking.ts';
import type { TrackingEvent } from '../../domain/tracking-events.ts';
import { type Asked, believed, listOf, text, unexpected } from '../courier-http/call.ts';
import { blankIsNone, dayOf, descriptionOf, instantOf, zoneOf } from '../courier-http/event-words.ts';
import { isDhlSilent, stateOfDhlEvent } from './events.ts';

const placeSchema = z.object({
  address: z.object({ countryCode: text, addressLocality: text }).nullish(),
});
const eventSchema = z.object({
  timestamp: text,
  statusCode: z.string(),
  status: text,
  description: text,
  location: placeSchema.nullish(),
});
type DhlEvent = z.infer<typeof eventSchema>;

const shipmentSchema = z.object({
  id: text,
  service: text,
  returnFlag: z.boolean().nullish(),
  status: eventSchema.nullish(),
  events: listOf(eventSchema),
  details: z
    .object({ pieceIds: listOf(z.string()), references: listOf(z.object({ number: text })) })
    .nullish(),
});
type DhlShipment = z.infer<typeof shipmentSchema>;
const answerSchema = z.object({ shipments: z.array(shipmentSchema) });

/**
 * DHL's unified tracking in our words. Of sender, recipient and proof of delivery nothing is read.
 * Source: DHL, "Shipment Tracking – Unified" 1.5.8, `TrackingShipments`.
 * @throws UnexpectedAnswerError for a shape that nobody has told us of, and for a shipment that is not ours
 * @throws CourierRefusedError `not-unique` when two of DHL's companies know the number
 */
export function readDhlTracking(
  asked: Asked,
  number: string,
  answer: unknown,
): Pick<TrackingFound, 'events' | 'returnInstructed'> | 'not-yet' {
  const { shipments } = believed(asked, answerSchema, answer);
  if (shipments.length === 0) return 'not-yet';
  const [shipment, another] = shipments.filter((each) => isKnownBy(each, number));
  // Asked without naming one of its companies, DHL may answer with another's shipment.
  if (shipment === undefined) throw unexpected(asked, 'another shipment than the one asked for');
  if (another !== undefined) {
    throw new CourierRefusedError('dhl', 'dhl track: the number stands for more than one shipment', {
      reason: 'not-unique',
    });
  }
  const { events, status, service } = shipment;
  const latest = status ? [status] : [];
  return {
    // Newest first; some answers hold the latest only, beside an empty list.
    events: (events.length === 0 ? latest : events)
      .map((event) => readEvent(asked, service, event))
      .reverse(),
    returnInstructed: shipment.returnFlag === true,
  };
}

function isKnownBy({ id, details }: DhlShipment, number: string): boolean {
  const names = [id, ...(details?.pieceIds ?? []), ...(details?.references ?? []).map((each) => each.number)];
  return names.some((name) => sameNumber(name, number));
}

/** A number in JSON has lost its zeros, and pieces are written with blanks. */
function sameNumber(one: string, other: string): boolean {
  const plain = (number: string) => number.toUpperCase().replace(/\s/g, '').replace(/^0+/, '');
  return plain(one) === plain(other);
}

function readEvent(asked: Asked, service: string, event: DhlEvent): TrackingEvent {
  const { timestamp, statusCode, status, description, location } = event;
  const state = stateOfDhlEvent({ service, statusCode, status, words: `${status} ${description}` });
  const [, day, time, offset] =
    /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(timestamp) ?? [];
  const date = day === undefined ? undefined : dayOf(day, 'yyyy-MM-dd');
  if (timestamp !== '' && date === undefined) throw unexpected(asked, 'an instant in another form');
  const address = location?.address;
  // Without an offset it is the clock of the place.
  const zone = offset === undefined ? zoneOf(address?.countryCode) : offset === 'Z' ? 'UTC' : `UTC${offset}`;
  // What is said of a delivery may name who signed and where they live.
  const isAtTheDoor = statusCode === 'delivered';
  return {
    code: isAtTheDoor ? statusCode : undefined,
    description: descriptionOf(isAtTheDoor ? statusCode : description || status || statusCode),
    date,
    time,
    at: instantOf(date, time, zone),
    depot: isAtTheDoor ? undefined : blankIsNone(descriptionOf(address?.addressLocality ?? '')),
    state,
    ...(state === undefined && isDhlSilent(statusCode) ? { silent: true } : {}),
  };
}
