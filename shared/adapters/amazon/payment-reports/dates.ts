import { DateTime, FixedOffsetZone, IANAZone } from 'luxon';
import { monthOf } from './month-words.ts';

/** Offsets from UTC, in minutes, of the zone words these files use. They are offsets, not zones: PST stays PST in July. */
const ZONE_OFFSETS: Readonly<Record<string, number>> = {
  utc: 0,
  gmt: 0,
  z: 0,
  wet: 0,
  west: 60,
  bst: 60,
  cet: 60,
  mez: 60,
  cest: 120,
  mesz: 120,
  eet: 120,
  eest: 180,
  trt: 180,
  brt: -180,
  gst: 240,
  ist: 330,
  jst: 540,
  awst: 480,
  sgt: 480,
  acst: 570,
  acdt: 630,
  aest: 600,
  aedt: 660,
  nzst: 720,
  nzdt: 780,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
};

/** Dates repeat by the second within an order and by the day in the release column; a bound, so that no file can grow it. */
const CACHED_DAYS_MAX = 4096;

const DATE_FORMS: readonly RegExp[] = [
  // 31 dic 2025 · 29 June 2026 · 15 de enero de 2026
  /^(?<day>\d{1,2}) (?:de )?(?<word>\p{L}+),? (?:de )?(?<year>\d{4})(?!\d)/u,
  // Jan 15, 2026
  /^(?<word>\p{L}+) (?<day>\d{1,2}),? (?<year>\d{4})(?!\d)/u,
  // 02.06.2026 · 02-06-2026; with slashes, day and month could be either way round
  /^(?<day>\d{1,2})([.-])(?<month>\d{1,2})\2(?<year>\d{4})(?!\d)/,
  // 2026-06-02 · 2026/06/02
  /^(?<year>\d{4})([./-])(?<month>\d{1,2})\2(?<day>\d{1,2})(?!\d)/,
];

const TIME_FORM =
  /^,?(?: |t)(?<hour>\d{1,2})[:.](?<minute>\d{2})(?:[:.](?<second>\d{2})(?:\.\d+)?)?(?: ?(?<half>[ap]) ?m)?(?: ?(?<zone>\S.*))?$/;

const OFFSET_FORM = /^(?:gmt|utc)? ?(?<sign>[+-])(?<hours>\d{1,2})(?::?(?<minutes>\d{2}))?$/;

/**
 * A reader of the date cells of one file: the calendar day `YYYY-MM-DD` in `timeZone`, or null when the cell is no date.
 * A bare date is that day; a time without a zone is UTC, as these exports are stamped.
 * @param timeZone IANA zone of the account
 * @throws RangeError when `timeZone` is no IANA zone
 */
export function createDayReader(timeZone: string): (cell: string) => string | null {
  const local = IANAZone.create(timeZone);
  if (!local.isValid) throw new RangeError(`not an IANA time zone: ${timeZone}`);
  const days = new Map<string, string | null>();
  return (cell) => {
    const known = days.get(cell);
    if (known !== undefined) return known;
    if (days.size >= CACHED_DAYS_MAX) days.clear();
    const day = readDay(cell, local);
    days.set(cell, day);
    return day;
  };
}

function readDay(cell: string, local: IANAZone): string | null {
  // The dots go from "janv." and "a.m.", not from "02.06.2026".
  const text = cell
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/\u2212/g, '-')
    .replace(/(\p{L})\./gu, '$1');
  for (const form of DATE_FORMS) {
    const match = form.exec(text);
    if (!match?.groups) continue;
    const { day, month, word, year } = match.groups;
    const date = {
      day: Number(day),
      month: word === undefined ? Number(month) : (monthOf(word) ?? 0),
      year: Number(year),
    };
    const rest = text.slice(match[0].length);
    if (rest === '') return DateTime.fromObject(date, { zone: 'utc' }).toISODate();
    const time = readTime(rest);
    if (!time) return null;
    const { zone, ...clock } = time;
    return DateTime.fromObject({ ...date, ...clock }, { zone })
      .setZone(local)
      .toISODate();
  }
  return null;
}

function readTime(
  text: string,
): { hour: number; minute: number; second: number; zone: FixedOffsetZone } | null {
  const groups = TIME_FORM.exec(text)?.groups;
  if (!groups) return null;
  const zone = readZone(groups.zone ?? 'utc');
  if (!zone) return null;
  let hour = Number(groups.hour);
  if (groups.half !== undefined) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (groups.half === 'p' ? 12 : 0);
  }
  return { hour, minute: Number(groups.minute), second: Number(groups.second ?? '0'), zone };
}

function readZone(word: string): FixedOffsetZone | null {
  const named = ZONE_OFFSETS[word];
  if (named !== undefined) return FixedOffsetZone.instance(named);
  const offset = OFFSET_FORM.exec(word)?.groups;
  if (!offset) return null;
  const minutes = Number(offset.hours) * 60 + Number(offset.minutes ?? '0');
  return FixedOffsetZone.instance(offset.sign === '-' ? -minutes : minutes);
}
