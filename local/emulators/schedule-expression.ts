import { DateTime } from 'luxon';
import { TemplateRefused } from '../template.ts';

/** When a schedule is due. */
export interface ScheduleTimes {
  /** A rate begins with the schedule itself; a cron waits for its first match. */
  readonly startsAtOnce: boolean;
  /** The first due instant after the given one (both milliseconds since the epoch); undefined when there is none. */
  next(afterMs: number): number | undefined;
}

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
/** A cron that matches on no day of the next eight years (two leap days) never will. */
const DAYS_LOOKED_AT = 8 * 366;

/**
 * Reads `rate(…)`, `cron(…)` and `at(…)` as EventBridge Scheduler does.
 * Source: EventBridge Scheduler user guide, "Schedule types".
 * The special signs L, W and # are refused by name.
 */
export function parseScheduleExpression(expression: string, timeZone: string): ScheduleTimes {
  if (!DateTime.utc().setZone(timeZone).isValid) {
    throw new TemplateRefused(`time zone ${timeZone} of ${expression}`);
  }
  const [, kind = '', body = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression) ?? [];
  switch (kind) {
    case 'rate':
      return parseRate(expression, body);
    case 'cron':
      return parseCron(expression, body, timeZone);
    case 'at':
      return parseAt(expression, body, timeZone);
    default:
      throw new TemplateRefused(`schedule expression ${expression}`);
  }
}

function parseRate(expression: string, body: string): ScheduleTimes {
  const [, count = '', unit = ''] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(body) ?? [];
  if (unit !== 'minute' && unit !== 'hour' && unit !== 'day') {
    throw new TemplateRefused(`schedule expression ${expression}`);
  }
  const everyMs = Number(count) * UNIT_MS[unit];
  return { startsAtOnce: true, next: (afterMs) => afterMs + everyMs };
}

function parseAt(expression: string, body: string, timeZone: string): ScheduleTimes {
  const at = DateTime.fromISO(body, { zone: timeZone });
  if (!at.isValid) throw new TemplateRefused(`schedule expression ${expression}`);
  return {
    startsAtOnce: false,
    next: (afterMs) => (at.toMillis() > afterMs ? at.toMillis() : undefined),
  };
}

function parseCron(expression: string, body: string, timeZone: string): ScheduleTimes {
  const refuse = (): never => {
    throw new TemplateRefused(`schedule expression ${expression}`);
  };
  const fields = body.split(/\s+/);
  if (fields.length !== 6) return refuse();
  const [
    minuteField = '',
    hourField = '',
    dayField = '',
    monthField = '',
    weekdayField = '',
    yearField = '',
  ] = fields;
  // Exactly one of the two day fields is left open with a question mark.
  if ((dayField === '?') === (weekdayField === '?')) return refuse();
  const minutes = parseField(minuteField, 0, 59) ?? refuse();
  const hours = parseField(hourField, 0, 23) ?? refuse();
  const days = parseField(dayField, 1, 31) ?? refuse();
  const months = parseField(monthField, 1, 12, MONTHS) ?? refuse();
  const weekdays = parseField(weekdayField, 1, 7, WEEKDAYS) ?? refuse();
  const years = parseField(yearField, 1970, 2199) ?? refuse();

  return {
    startsAtOnce: false,
    next(afterMs) {
      const start = DateTime.fromMillis(afterMs, { zone: timeZone });
      for (let offset = 0; offset < DAYS_LOOKED_AT; offset += 1) {
        const day = start.startOf('day').plus({ days: offset });
        // Luxon's Sunday is 7, cron's is 1.
        const weekday = (day.weekday % 7) + 1;
        if (!years.has(day.year) || !months.has(day.month) || !days.has(day.day) || !weekdays.has(weekday)) {
          continue;
        }
        for (const hour of hours) {
          for (const minute of minutes) {
            const due = day.set({ hour, minute });
            // An hour that the change to summer time skips does not exist that day.
            if (due.hour === hour && due.minute === minute && due.toMillis() > afterMs) return due.toMillis();
          }
        }
      }
      return undefined;
    },
  };
}

/** The values one cron field allows, ascending; undefined when it cannot be read. */
function parseField(
  field: string,
  min: number,
  max: number,
  names: readonly string[] = [],
): ReadonlySet<number> | undefined {
  const readValue = (text: string): number => {
    const named = names.indexOf(text.toUpperCase());
    return named >= 0 ? named + min : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  };
  const values: number[] = [];
  for (const part of field.split(',')) {
    const [range = '', stepText] = part.split('/');
    const step = stepText === undefined ? 1 : Number(stepText);
    const [fromText = '', toText] = range.split('-');
    const open = range === '*' || range === '?';
    const from = open ? min : readValue(fromText);
    const to = open ? max : toText !== undefined ? readValue(toText) : stepText !== undefined ? max : from;
    if (!(from >= min && to <= max && from <= to && Number.isInteger(step) && step >= 1)) return undefined;
    for (let value = from; value <= to; value += step) values.push(value);
  }
  return new Set(values.sort((a, b) => a - b));
}
