import * as z from 'zod';
import { CourierRefusedError } from '../../domain/courier-refusal.ts';
import { UnavailableError } from '../../domain/errors.ts';
import type { TrackingFound } from '../../domain/tracking.ts';
import type { TrackingEvent } from '../../domain/tracking-events.ts';
import { type Asked, believed, listOf, text, unexpected } from '../courier-http/call.ts';
import { blankIsNone, dayOf, descriptionOf, instantOf } from '../courier-http/event-words.ts';
import { stateOfPosteEvent } from './events.ts';

/** Poste writes days and hours without a zone. */
const ZONE = 'Europe/Rome';

const eventSchema = z.object({
  data: text,
  status: text,
  StatusDescription: text,
  officeDescription: text,
  phase: text,
});
type PosteEvent = z.infer<typeof eventSchema>;

const answerSchema = z.object({
  return: z.object({
    outcome: text,
    code: z.union([
      z.int(),
      z
        .string()
        .regex(/^\d{1,4}$/)
        .transform(Number),
    ]),
    shipment: listOf(z.object({ waybillNumber: text, tracking: listOf(eventSchema) })),
  }),
});

/** Poste's outcomes; those of a failure come with HTTP 200 too. */
const DONE = 0;
/** "Tracking without results". */
const NO_RESULT = 207;
const ANY_FAILURE = 999;

/**
 * Poste's tracking in our words.
 * Source: Poste Italiane, "Poste Delivery Business – API" (manual 1.9), tracking.
 * @throws UnexpectedAnswerError for a shape or an outcome that nobody has told us of
 */
export function readPosteTracking(
  asked: Asked,
  number: string,
  answer: unknown,
): Pick<TrackingFound, 'events' | 'returnInstructed'> | 'not-yet' {
  const { code, outcome, shipment: shipments } = believed(asked, answerSchema, answer).return;
  if (code === NO_RESULT) return 'not-yet';
  if (code !== DONE) throw failureOfCode(asked, code);
  if (outcome !== '' && outcome.toUpperCase() !== 'OK') throw unexpected(asked, 'code 0, and not OK');
  if (shipments.length === 0) return 'not-yet';
  const shipment = shipments.find(
    ({ waybillNumber }) => waybillNumber.toUpperCase() === number.toUpperCase(),
  );
  if (shipment === undefined) throw unexpected(asked, 'another shipment than the one asked for');
  if (shipment.tracking.length === 0) return 'not-yet';
  return {
    events: oldestFirst(shipment.tracking.map((event) => readEvent(asked, event))),
    returnInstructed: false,
  };
}

/** 100 to 199: the request breaks a rule; 999: anything. Texts are left out, they may quote the request. */
function failureOfCode(asked: Asked, code: number): Error {
  const message = `poste ${asked.operation}: code ${code}`;
  if (code >= 100 && code < 200) return new CourierRefusedError('poste', message, { reason: 'invalid' });
  if (code === ANY_FAILURE) return new UnavailableError('poste', message);
  return unexpected(asked, `code ${code}`);
}

function readEvent(asked: Asked, event: PosteEvent): TrackingEvent {
  const { data, status, StatusDescription: words, officeDescription, phase } = event;
  const [, day, time] = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?)?$/.exec(data) ?? [];
  const date = day === undefined ? undefined : dayOf(day, 'yyyy-MM-dd');
  if (data !== '' && date === undefined) throw unexpected(asked, 'a day in another form');
  return {
    code: blankIsNone(status.toUpperCase()),
    description: descriptionOf(words || phase),
    date,
    time,
    at: instantOf(date, time, ZONE),
    depot: blankIsNone(descriptionOf(officeDescription)),
    state: stateOfPosteEvent(words, phase),
  };
}

/** Both orders have been seen. The list is turned as a whole: within it the order is Poste's. */
function oldestFirst(events: readonly TrackingEvent[]): readonly TrackingEvent[] {
  const instants = events.flatMap(({ date, time }) => (date === undefined ? [] : `${date}T${time ?? ''}`));
  const [first, last] = [instants[0], instants.at(-1)];
  return first !== undefined && last !== undefined && first > last ? events.toReversed() : events;
}
