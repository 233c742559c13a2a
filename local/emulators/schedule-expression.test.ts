import { describe, expect, it } from 'vitest';
import { parseScheduleExpression } from './schedule-expression.ts';

const next = (expression: string, after: string, zone = 'UTC'): string | undefined => {
  const due = parseScheduleExpression(expression, zone).next(Date.parse(after));
  return due === undefined ? undefined : new Date(due).toISOString();
};

describe('rate', () => {
  it('counts minutes, hours and days from the last call, and begins at once', () => {
    expect(next('rate(4 minutes)', '2026-11-23T10:00:00Z')).toBe('2026-11-23T10:04:00.000Z');
    expect(next('rate(1 hour)', '2026-11-23T10:00:00Z')).toBe('2026-11-23T11:00:00.000Z');
    expect(next('rate(2 days)', '2026-11-23T10:00:00Z')).toBe('2026-11-25T10:00:00.000Z');
    expect(parseScheduleExpression('rate(1 hour)', 'UTC').startsAtOnce).toBe(true);
  });
});

describe('cron', () => {
  it('finds the next minute that matches, and waits for it', () => {
    expect(next('cron(30 2 * * ? *)', '2026-11-23T02:30:00Z')).toBe('2026-11-24T02:30:00.000Z');
    expect(next('cron(0/15 * * * ? *)', '2026-11-23T10:16:20Z')).toBe('2026-11-23T10:30:00.000Z');
    expect(next('cron(0 9 ? * MON-FRI *)', '2026-11-21T00:00:00Z')).toBe('2026-11-23T09:00:00.000Z');
    expect(next('cron(0 0 29 2 ? *)', '2026-11-23T00:00:00Z')).toBe('2028-02-29T00:00:00.000Z');
    expect(parseScheduleExpression('cron(0 9 * * ? *)', 'UTC').startsAtOnce).toBe(false);
  });

  it('counts in its time zone, and leaves out an hour that summer time skips', () => {
    expect(next('cron(0 9 * * ? *)', '2026-11-23T00:00:00Z', 'Europe/Rome')).toBe('2026-11-23T08:00:00.000Z');
    expect(next('cron(30 2 * * ? *)', '2026-03-28T12:00:00Z', 'Europe/Rome')).toBe(
      '2026-03-30T00:30:00.000Z',
    );
  });

  it('has no next time when its year is over', () => {
    expect(next('cron(0 0 1 1 ? 2020)', '2026-11-23T00:00:00Z')).toBeUndefined();
  });
});

it('at is due once', () => {
  expect(next('at(2026-12-01T09:00:00)', '2026-11-23T00:00:00Z', 'Europe/Rome')).toBe(
    '2026-12-01T08:00:00.000Z',
  );
  expect(next('at(2026-12-01T09:00:00)', '2026-12-02T00:00:00Z')).toBeUndefined();
});

describe('what cannot be honoured is refused by name', () => {
  it.each([
    'rate(0 minutes)',
    'rate(5 weeks)',
    'every(5 minutes)',
    'cron(0 9 * * *)',
    'cron(0 9 * * * *)',
    'cron(0 9 ? * ? *)',
    'cron(60 9 * * ? *)',
    'cron(0 9 L * ? *)',
    'cron(0 9 ? * 6#3 *)',
    'cron(0 9-8 * * ? *)',
  ])('%s', (expression) => {
    expect(() => parseScheduleExpression(expression, 'UTC')).toThrow(expression);
  });

  it('a time zone that does not exist', () => {
    expect(() => parseScheduleExpression('rate(1 hour)', 'Europe/Nowhere')).toThrow('Europe/Nowhere');
  });
});
