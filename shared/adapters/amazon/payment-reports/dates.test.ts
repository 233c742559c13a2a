import fc from 'fast-check';
import { Info } from 'luxon';
import { describe, expect, it } from 'vitest';
import { createDayReader } from './dates.ts';
import { LAYOUTS } from './fixtures/date-range/layouts.ts';
import { monthOf } from './month-words.ts';

const inUtc = createDayReader('UTC');
const inRome = createDayReader('Europe/Rome');

describe('dates', () => {
  it.each([
    ['31 dic 2025 23:31:10 UTC', '2026-01-01'],
    ['31 dic. 2025 23:21:47 UTC', '2026-01-01'],
    ['7 avr. 2026 10:00:00 UTC', '2026-04-07'],
    ['1 févr. 2026 10:00:00 UTC', '2026-02-01'],
    ['1 sept. 2026 10:00:00 UTC', '2026-09-01'],
    ['1 sept 2026 10:00:00 UTC', '2026-09-01'],
    ['15 de enero de 2026 10:00:00 UTC', '2026-01-15'],
    ['2 gen 2026 1:02:03 p. m. UTC', '2026-01-02'],
    ['02.06.2026 18:28:02 UTC', '2026-06-02'],
    ['02-06-2026 18:28:02 UTC', '2026-06-02'],
    ['2.6.2026 18:28:02 CEST', '2026-06-02'],
    ['2026-06-02 23:28:02 UTC', '2026-06-03'],
    ['2026-06-02T23:28:02Z', '2026-06-03'],
    ['2026-06-02T23:28:02.123+02:00', '2026-06-02'],
    ['2026/01/15 0:00:00 JST', '2026-01-14'],
    ['Jan 15, 2026 12:00:00 AM PST', '2026-01-15'],
    ['Jan 15, 2026 3:00:00 PM PST', '2026-01-16'],
    ['Jul 15, 2026 12:00:00 PM PDT', '2026-07-15'],
    ['29 June 2026 5:39:32 pm GMT+9', '2026-06-29'],
    ['29 June 2026 5:39:32 a.m. GMT+9', '2026-06-28'],
    ['29 June 2026 23:59:00 GMT-3:30', '2026-06-30'],
    ['29 June 2026 23:59 UTC+05:30', '2026-06-29'],
    ['1 Jul 2026 00:30:00 BST', '2026-07-01'],
    ['1\u00a0Jul\u202f2026 12:30:00\u00a0PM BST', '2026-07-01'],
    ['31 dic 2025 23:31:10', '2026-01-01'],
  ])('%s is the day %s in Rome', (cell, day) => {
    expect(inRome(cell)).toBe(day);
  });

  it.each(['Jan 20, 2026', '20 gen 2026', '20.01.2026', '2026-01-20'])(
    '%s is that day everywhere',
    (cell) => {
      for (const zone of ['Europe/Rome', 'America/Los_Angeles', 'Pacific/Auckland'])
        expect(createDayReader(zone)(cell)).toBe('2026-01-20');
    },
  );

  it.each([
    '',
    'Released',
    '01/02/2026 10:00:00 UTC',
    '32 gen 2026 10:00:00 UTC',
    '29 feb 2026',
    '12 foo 2026',
    '00.01.2026',
    '2026-13-01',
    '1 gen 2026 24:30:00 UTC',
    '1 gen 2026 13:00:00 PM PST',
    '1 gen 2026 0:00:00 AM PST',
    '1 gen 2026 10:00:00 XYZ',
    '1 gen 20261 10:00:00 UTC',
    '46022,5',
  ])('%j is no date', (cell) => {
    expect(inRome(cell)).toBeNull();
    expect(inRome(cell)).toBeNull();
  });

  it('follows the clock change of the zone, not a fixed offset', () => {
    expect(inRome('28 mar 2026 23:00:00 UTC')).toBe('2026-03-29');
    expect(inRome('29 mar 2026 21:59:59 UTC')).toBe('2026-03-29');
    expect(inRome('29 mar 2026 22:00:00 UTC')).toBe('2026-03-30');
  });

  it('reads every instant in every country’s form as the same day', () => {
    const countries = LAYOUTS.filter((each) => each.name !== 'ES-old');
    const instants = fc.date({
      min: new Date('2015-01-01T00:00:00Z'),
      max: new Date('2035-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, fc.constantFrom(...countries), (instant, { date }) => {
        expect(inUtc(date(instant))).toBe(instant.toISOString().slice(0, 10));
      }),
    );
  });

  it('knows every month word of the runtime’s own locales', () => {
    for (const locale of ['it', 'de', 'fr', 'es', 'en', 'en-GB', 'nl', 'sv', 'pl']) {
      for (const length of ['long', 'short'] as const) {
        for (const words of [Info.months(length, { locale }), Info.monthsFormat(length, { locale })]) {
          for (const [index, word] of words.entries())
            expect([locale, word, monthOf(word.toLowerCase().replace(/\.$/, ''))]).toEqual([
              locale,
              word,
              index + 1,
            ]);
        }
      }
    }
  });
});
