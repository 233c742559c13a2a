import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayAfter, startOfDayMs } from './calendar.ts';

const start = (date: string, timeZone: string): string | undefined => {
  const ms = startOfDayMs(date, timeZone);
  return ms === undefined ? undefined : new Date(ms).toISOString();
};

test('a day begins at midnight of its zone', () => {
  expect(start('2026-11-23', 'Europe/Rome')).toBe('2026-11-22T23:00:00.000Z');
  expect(start('2026-07-01', 'Europe/Rome')).toBe('2026-06-30T22:00:00.000Z');
  expect(start('2026-11-23', 'UTC')).toBe('2026-11-23T00:00:00.000Z');
  expect(start('2026-11-23', 'America/New_York')).toBe('2026-11-23T05:00:00.000Z');
  expect(start('2026-11-23', 'Asia/Kolkata')).toBe('2026-11-22T18:30:00.000Z');
});

test('the days on which clocks change begin by the old time, the days after by the new', () => {
  expect(start('2026-03-29', 'Europe/Rome')).toBe('2026-03-28T23:00:00.000Z');
  expect(start('2026-03-30', 'Europe/Rome')).toBe('2026-03-29T22:00:00.000Z');
  expect(start('2026-10-25', 'Europe/Rome')).toBe('2026-10-24T22:00:00.000Z');
  expect(start('2026-10-26', 'Europe/Rome')).toBe('2026-10-25T23:00:00.000Z');
});

test.each(['2026-02-30', '2026-13-01', '2026-1-1', '23/11/2026', '', 'today', '2026-11-23T00:00'])(
  '%j is no day',
  (text) => expect(startOfDayMs(text, 'Europe/Rome')).toBeUndefined(),
);

test('a zone that does not exist is an error', () => {
  expect(() => startOfDayMs('2026-11-23', 'Europe/Nowhere')).toThrow(RangeError);
});

test('every day of Rome has 23, 24 or 25 hours and leads to the next one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20_000 }), (days) => {
      const date = new Date(days * 86_400_000).toISOString().slice(0, 10);
      const [from, until] = [startOfDayMs(date, 'Europe/Rome'), startOfDayMs(dayAfter(date), 'Europe/Rome')];
      expect([23, 24, 25]).toContain(((until ?? 0) - (from ?? 0)) / 3_600_000);
    }),
  );
});
