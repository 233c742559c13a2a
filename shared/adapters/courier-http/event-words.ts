import { DateTime } from 'luxon';

/** Longer than any courier's phrase; what is longer is prose. Characters. */
const DESCRIPTION_MAX = 200;

/** A courier's words for an event, on one line. */
export function descriptionOf(words: string): string {
  return words
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, DESCRIPTION_MAX);
}

/** For comparing words that a courier writes now so, now so. */
export function comparable(words: string): string {
  return descriptionOf(words)
    .toUpperCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/['’`]/g, '')
    .replace(/\.$/, '');
}

export function blankIsNone(value: string): string | undefined {
  return value === '' ? undefined : value;
}

/** Countries whose clocks are one zone's; the first name of a zone stands for all that go with it. */
const ZONES: Readonly<Record<string, string>> = {
  'Europe/Rome': 'AD AL AT BA BE CH CZ DE DK FR HR HU IT LI LU MC ME MK MT NL NO PL RS SE SI SK SM VA',
  'Europe/London': 'GB IE',
  'Europe/Athens': 'BG CY EE FI GR LT LV RO',
};
const ZONE_BY_COUNTRY = new Map(
  Object.entries(ZONES).flatMap(([zone, countries]) =>
    countries.split(' ').map((each) => [each, zone] as const),
  ),
);

/** @param country two letters; undefined for a country that has several zones, or is not of Europe */
export function zoneOf(country: string | undefined): string | undefined {
  return ZONE_BY_COUNTRY.get((country ?? '').toUpperCase());
}

/**
 * @param date `YYYY-MM-DD`
 * @param time `HH:MM` or `HH:MM:SS`
 * @param zone name of a zone or an offset, `UTC+2`
 * @returns ISO instant
 */
export function instantOf(
  date: string | undefined,
  time: string | undefined,
  zone: string | undefined,
): string | undefined {
  if (date === undefined || time === undefined || zone === undefined) return undefined;
  const instant = DateTime.fromISO(`${date}T${time}`, { zone });
  return instant.isValid ? new Date(instant.toMillis()).toISOString() : undefined;
}

/** `YYYY-MM-DD` of a day in another form; undefined when it is none. @param format luxon's */
export function dayOf(day: string, format: string): string | undefined {
  const parsed = DateTime.fromFormat(day, format);
  return parsed.isValid ? parsed.toISODate() : undefined;
}
