import * as z from 'zod';
import type { TrackingFound } from '../../domain/tracking.ts';
import type { TrackingEvent } from '../../domain/tracking-events.ts';
import { type Asked, believed, listOf, text, unexpected } from '../courier-http/call.ts';
import { blankIsNone, dayOf, descriptionOf, instantOf, zoneOf } from '../courier-http/event-words.ts';
import { isUpsReturn, isUpsSilent, stateOfUpsEvent } from './events.ts';

const statusSchema = z.object({ type: text, code: text, statusCode: text, description: text });
const activitySchema = z.object({
  date: text,
  time: text,
  gmtOffset: text,
  status: statusSchema,
  location: z
    .object({ address: z.object({ city: text, countryCode: text, country: text }).nullish() })
    .nullish(),
});
type UpsActivity = z.infer<typeof activitySchema>;

const packageSchema = z.object({
  trackingNumber: text,
  currentStatus: statusSchema.nullish(),
  activity: listOf(activitySchema),
});
const answerSchema = z.object({
  trackResponse: z.object({
    shipment: listOf(
      z.object({ package: listOf(packageSchema), warnings: listOf(z.object({ code: text })) }),
    ),
  }),
});

/** "Tracking Information Not Found", said in a warning beside nothing. */
const NOT_FOUND = 'TW0001';

/**
 * UPS's tracking in our words. Of addresses, references and deliveries nothing is read.
 * Source: UPS, "Tracking API", `TrackApiResponse`.
 * @throws UnexpectedAnswerError for a shape that nobody has told us of, and for a package that is not ours
 */
export function readUpsTracking(
  asked: Asked,
  number: string,
  answer: unknown,
): Pick<TrackingFound, 'events' | 'returnInstructed'> | 'not-yet' {
  const { shipment: shipments } = believed(asked, answerSchema, answer).trackResponse;
  const packages = shipments.flatMap((shipment) => shipment.package);
  if (packages.length === 0) {
    const warned = shipments.flatMap(({ warnings }) => warnings).some(({ code }) => code === NOT_FOUND);
    if (warned) return 'not-yet';
    throw unexpected(asked, 'no package');
  }
  const ours = packages.find(({ trackingNumber }) => trackingNumber.toUpperCase() === number.toUpperCase());
  if (ours === undefined) throw unexpected(asked, 'another package than the one asked for');
  const { activity, currentStatus } = ours;
  return {
    // Newest first.
    events: activity.map((scan) => readEvent(asked, scan)).reverse(),
    returnInstructed: isUpsReturn({
      // Of the package as a whole the three digits stand in either place.
      digits: currentStatus?.statusCode || currentStatus?.code || '',
      words: currentStatus?.description ?? '',
    }),
  };
}

function readEvent(asked: Asked, { date, time, gmtOffset, status, location }: UpsActivity): TrackingEvent {
  const { type, code, statusCode: digits, description } = status;
  const state = stateOfUpsEvent({ type, code, digits, words: description });
  const day = dateOf(asked, date);
  const clock = timeOf(asked, time);
  const address = location?.address;
  const zone = /^[+-]\d\d:\d\d$/.test(gmtOffset)
    ? `UTC${gmtOffset}`
    : zoneOf(address?.countryCode || address?.country);
  return {
    code: blankIsNone([type, code || digits].filter((part) => part !== '').join('-')),
    description: descriptionOf(description),
    date: day,
    time: clock,
    at: instantOf(day, clock, zone),
    // Of a delivery it is where the recipient lives.
    depot: type.toUpperCase() === 'D' ? undefined : blankIsNone(descriptionOf(address?.city ?? '')),
    state,
    ...(state === undefined && isUpsSilent(type) ? { silent: true } : {}),
  };
}

/** `20261005` */
function dateOf(asked: Asked, digits: string): string | undefined {
  if (digits === '') return undefined;
  const day = dayOf(digits, 'yyyyMMdd');
  if (day === undefined) throw unexpected(asked, 'a day in another form');
  return day;
}

/** `071356`; the first zero may be missing. */
function timeOf(asked: Asked, digits: string): string | undefined {
  if (digits === '') return undefined;
  const [, hours, minutes] = /^([01]\d|2[0-3])([0-5]\d)[0-5]\d$/.exec(digits.padStart(6, '0')) ?? [];
  if (hours === undefined) throw unexpected(asked, 'an hour in another form');
  return `${hours}:${minutes}`;
}
