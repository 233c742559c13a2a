import { DateTime } from 'luxon';
import type { CourierShipmentId } from '../../domain/shipment.ts';
import type { TrackingFound } from '../../domain/tracking.ts';
import type { TrackingEvent } from '../../domain/tracking-events.ts';
import { problemOf, unexpected } from './errors.ts';
import { stateOfEvent } from './events.ts';
import { type BrtEvent, type BrtShipmentData, type BrtTracking, trackingSchema } from './schemas.ts';

/** BRT writes days and hours without a zone. */
const ZONE = 'Europe/Rome';

/**
 * BRT's tracking in our words.
 * @param answer what stands under the root, in lower-case names
 * @throws UnexpectedAnswerError for a shape that nobody has told us of
 */
export function readTracking(operation: string, answer: unknown): TrackingFound {
  const parsed = trackingSchema.safeParse(answer);
  if (!parsed.success) throw unexpected(operation, problemOf(parsed.error.issues));
  const { bolla, lista_eventi, contatore_eventi } = parsed.data;
  // The list is padded with empty events, newest first.
  const events = lista_eventi
    .filter((event) => event !== undefined)
    .filter(({ id, descrizione }) => id !== '' || descrizione !== '')
    .map((event) => readEvent(operation, event))
    .reverse();
  if (events.length === 0 && (contatore_eventi ?? 0) > 0) {
    throw unexpected(operation, `${contatore_eventi} events, and none of them readable`);
  }
  return {
    courierShipmentId: shipmentIdOf(operation, bolla.dati_spedizione ?? undefined),
    events,
    returnInstructed: isReturnInstructed(parsed.data),
  };
}

function readEvent(operation: string, { data, ora, id, descrizione, filiale }: BrtEvent): TrackingEvent {
  const code = blankIsNone(id.toUpperCase());
  const date = dateOf(operation, data);
  const time = timeOf(operation, ora);
  return {
    code,
    description: descrizione,
    date,
    time,
    at: date === undefined || time === undefined ? undefined : instantOf(date, time),
    depot: blankIsNone(filiale),
    state: stateOfEvent(code, descrizione),
  };
}

function shipmentIdOf(
  operation: string,
  shipment: BrtShipmentData | undefined,
): CourierShipmentId | undefined {
  if (shipment?.spedizione_id === undefined) return undefined;
  const date = dateOf(operation, shipment.spedizione_data);
  return { id: shipment.spedizione_id, year: date === undefined ? undefined : Number(date.slice(0, 4)) };
}

/**
 * What is done with goods that were refused or lie unclaimed has no field of its own in the services: BRT's public page
 * has it as `RIENTRO` in a list of instructions. It is looked for in what the services say in words of the
 * shipment's state, and in notes that speak of instructions.
 */
function isReturnInstructed({ bolla, lista_note }: BrtTracking): boolean {
  const { spedizione_id: _, spedizione_data: __, ...states } = bolla.dati_spedizione ?? {};
  const ofState = Object.values(states).some((words) =>
    /\bRIENTRO\b|\bRES[AO] (AL )?MITTENTE\b/i.test(words),
  );
  return ofState || lista_note.some((note) => /\bDISPOSIZION[EI]\b.*\bRIENTRO\b/i.test(note));
}

/** `05.10.2026` → `2026-10-05`; blank, or nothing but zeros, is no day. */
function dateOf(operation: string, text: string): string | undefined {
  if (/^[0.]*$/.test(text)) return undefined;
  const day = DateTime.fromFormat(text, 'dd.MM.yyyy', { zone: ZONE });
  if (!day.isValid) throw unexpected(operation, 'a day in another form');
  return day.toISODate();
}

/** `18.33` → `18:33`; seconds, where there are any, are left out. */
function timeOf(operation: string, text: string): string | undefined {
  if (text === '') return undefined;
  const [, hours, minutes] = /^([01]\d|2[0-3])[.:]([0-5]\d)([.:][0-5]\d)?$/.exec(text) ?? [];
  if (hours === undefined) throw unexpected(operation, 'an hour in another form');
  return `${hours}:${minutes}`;
}

function instantOf(date: string, time: string): string {
  return new Date(DateTime.fromISO(`${date}T${time}`, { zone: ZONE }).toMillis()).toISOString();
}

function blankIsNone(text: string): string | undefined {
  return text === '' ? undefined : text;
}
