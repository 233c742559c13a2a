import { describe, expect, test } from 'vitest';
import type { AccountHealth } from './account.ts';
import {
  type AccountAnswer,
  isSameAccount,
  nextHealth,
  problemOf,
  REVOKED_AFTER_MS,
} from './account-health.ts';
import { RejectedError, ThrottledError, UnavailableError, UnexpectedAnswerError } from './errors.ts';
import { isoInstant } from './pull-window.ts';

const START = Date.parse('2026-11-23T10:00:00.000Z');
const MINUTE_MS = 60_000;

/** Health after answers at these minutes. */
function healthAfter(
  ...answers: readonly (readonly [minute: number, answer: AccountAnswer])[]
): AccountHealth {
  let health: AccountHealth | undefined;
  for (const [minute, answer] of answers) health = nextHealth(health, answer, START + minute * MINUTE_MS);
  if (health === undefined) throw new Error('no answers');
  return health;
}

describe('the health of an account', () => {
  test('works from its first good answer, and keeps since when', () => {
    expect(healthAfter([0, 'working'], [15, 'working'])).toEqual({
      state: 'working',
      since: isoInstant(START),
      checkedAt: isoInstant(START + 15 * MINUTE_MS),
    });
  });

  test('is not revoked by a single 401', () => {
    expect(healthAfter([0, 'working'], [15, 'unauthorised'])).toMatchObject({
      state: 'failing',
      problem: 'unauthorised',
      unauthorisedSince: isoInstant(START + 15 * MINUTE_MS),
    });
  });

  test('is revoked by the second 401 ten minutes later, since then', () => {
    expect(healthAfter([0, 'unauthorised'], [15, 'unauthorised'])).toMatchObject({
      state: 'revoked',
      since: isoInstant(START + 15 * MINUTE_MS),
    });
  });

  test('is not revoked by many 401s within ten minutes', () => {
    const almost = REVOKED_AFTER_MS / MINUTE_MS - 0.001;
    expect(healthAfter([0, 'unauthorised'], [1, 'unauthorised'], [almost, 'unauthorised']).state).toBe(
      'failing',
    );
  });

  test('is not revoked by 401s with a good answer between them', () => {
    expect(healthAfter([0, 'unauthorised'], [15, 'working'], [30, 'unauthorised']).state).toBe('failing');
  });

  test('is revoked by 401s with only silence between them, which says nothing', () => {
    expect(healthAfter([0, 'unauthorised'], [15, 'unavailable'], [30, 'unauthorised']).state).toBe('revoked');
  });

  test.each(['forbidden', 'throttled', 'unavailable', 'unexpected-answer'] as const)(
    'is never revoked by %s, however long it lasts',
    (answer) => {
      const storm = Array.from({ length: 500 }, (_, at) => [at * 15, answer] as const);
      expect(healthAfter([0, 'working'], ...storm)).toMatchObject({
        state: 'failing',
        since: isoInstant(START),
      });
    },
  );

  test('works again at once after a storm of 403s of 25 minutes', () => {
    const storm = Array.from({ length: 26 }, (_, minute) => [minute, 'forbidden'] as const);
    const health = healthAfter([0, 'working'], ...storm, [26, 'working']);
    expect(health).toEqual({
      state: 'working',
      since: isoInstant(START + 26 * MINUTE_MS),
      checkedAt: isoInstant(START + 26 * MINUTE_MS),
    });
  });

  test('works again with the first good answer after it was revoked', () => {
    const health = healthAfter([0, 'unauthorised'], [15, 'unauthorised'], [30, 'working']);
    expect(health.state).toBe('working');
    expect(health.unauthorisedSince).toBeUndefined();
  });

  test.each(['throttled', 'unavailable', 'unexpected-answer'] as const)(
    'stays revoked through %s, which says nothing of the authorisation',
    (answer) => {
      expect(healthAfter([0, 'unauthorised'], [15, 'unauthorised'], [30, answer]).state).toBe('revoked');
    },
  );

  test('is only failing after a 403 that follows a revocation: who is forbidden something is known', () => {
    const health = healthAfter(
      [0, 'unauthorised'],
      [15, 'unauthorised'],
      [30, 'forbidden'],
      [45, 'unauthorised'],
    );
    expect(health.state).toBe('failing');
  });
});

test.each([
  [new ThrottledError('x', 'x', { retryAfterMs: 1 }), 'throttled'],
  [new UnavailableError('x', 'x'), 'unavailable'],
  [new RejectedError('x', 'x', { status: 401 }), 'unauthorised'],
  [new RejectedError('x', 'x', { status: 403 }), 'forbidden'],
  [new RejectedError('x', 'x', { status: 400 }), 'unexpected-answer'],
  [new RejectedError('x', 'x'), 'unexpected-answer'],
  [new UnexpectedAnswerError('x', 'x'), 'unexpected-answer'],
])('%s is %s', (error, problem) => {
  expect(problemOf(error)).toBe(problem);
});

describe('credentials belong to the account', () => {
  test.each([
    ['the marketplace says nothing of it', {}, undefined],
    ['its id is the one given', { accountId: 'shop' }, undefined],
    ['its name is the one given, in any case', { accountId: 'u-1', shopName: 'Shop' }, undefined],
    [
      'its id is the one found before, under a new name',
      { accountId: 'u-1', shopName: 'new' },
      { accountId: 'u-1' },
    ],
  ])('when %s', (_, found, earlier) => {
    expect(isSameAccount('shop', found, earlier)).toBe(true);
  });

  test.each([
    ['neither id nor name is the one given', { accountId: 'u-2', shopName: 'other' }, undefined],
    ['only an id is known, and it is another', { accountId: 'u-2' }, undefined],
    ['another user has the name by now', { accountId: 'u-2', shopName: 'shop' }, { accountId: 'u-1' }],
  ])('but not when %s', (_, found, earlier) => {
    expect(isSameAccount('shop', found, earlier)).toBe(false);
  });
});
