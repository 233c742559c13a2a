import { describe, expect, test, vi } from 'vitest';
import { CourierRefusedError } from '../../shared/domain/courier-refusal.ts';
import {
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnexpectedAnswerError,
} from '../../shared/domain/errors.ts';
import type { CredentialStore } from '../../shared/ports/credentials.ts';
import type { ShipmentTracker, TrackingRefs } from '../../shared/ports/shipment-tracker.ts';
import type { CourierFetch } from './courier-fetch.ts';

type Credentials = Readonly<Record<string, string>>;

export interface NumberTrackerContract {
  readonly http: CourierFetch;
  /** Good ones; the secrets among them are `SECRET-1`. */
  readonly credentials: Credentials;
  readonly number: string;
  readonly create: (credentials: Pick<CredentialStore, 'getCredentials'>) => ShipmentTracker;
  /** Sets up the answers that come before the tracking's: a sign-in. */
  readonly signIn?: () => void;
  /** A whole answer of the courier's; cut in two it must not be believed. */
  readonly wholeAnswer: string;
}

export function refsOf(trackingNumber: string | undefined): TrackingRefs {
  return {
    courierAccountId: 'shop',
    senderReference: 'ORDER-1',
    parcels: [],
    trackingNumber,
    createdAt: '2026-10-05T10:00:00.000Z',
  };
}

/** What every tracker does with an answer that is none. */
export function describeTroubles(contract: NumberTrackerContract): void {
  const { http, credentials, number, create, signIn = () => undefined, wholeAnswer } = contract;
  const storing = (stored: Credentials | undefined) => ({ getCredentials: vi.fn(async () => stored) });

  async function failure(
    tracker = create(storing(credentials)),
    trackingNumber: string | undefined = number,
  ): Promise<Error> {
    const error = await tracker.track(refsOf(trackingNumber)).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof Error)) throw new Error('it did not fail');
    expect(error.message).not.toContain('SECRET-1');
    expect(error.message).not.toContain(number);
    return error;
  }

  describe('an answer that is none', () => {
    test.each<[string, string, number, new (...args: never[]) => Error]>([
      ['a page for people', '<!doctype html><title>SECRET-1</title>', 200, UnexpectedAnswerError],
      ['nothing', '', 200, UnexpectedAnswerError],
      ['half a body', wholeAnswer.slice(0, wholeAnswer.length / 2), 200, UnexpectedAnswerError],
      ['JSON of something else', '{"message":"SECRET-1"}', 200, UnexpectedAnswerError],
      ['a list', '[]', 200, UnexpectedAnswerError],
      ['a word', 'null', 200, UnexpectedAnswerError],
      ['a page at 500', '<!doctype html><title>SECRET-1</title>', 500, UnavailableError],
      ['JSON at 503', '{"message":"SECRET-1"}', 503, UnavailableError],
      ['a whole answer at 502', wholeAnswer, 502, UnavailableError],
      ['nothing at 408', '', 408, UnavailableError],
      ['nothing at 400', '', 400, RejectedError],
      ['a page at 404', '<!doctype html>', 404, RejectedError],
      ['nothing at 302', '', 302, UnexpectedAnswerError],
    ])('of %s is believed as little as it says', async (_, body, status, family) => {
      signIn();
      http.answers(body, status);
      expect(await failure()).toBeInstanceOf(family);
      // Followed, a redirect would carry the credentials along.
      expect(http.seen.every(({ redirect }) => redirect === 'manual')).toBe(true);
    });

    test('of 429 says how long to wait, or is waited for five minutes, an hour at most', async () => {
      for (const [retryAfter, retryAfterMs] of [
        ['7', 7_000],
        ['Wed, 21 Oct 2026 07:28:00 GMT', 300_000],
        ['86400', 3_600_000],
      ] as const) {
        signIn();
        http.answers('', 429, { 'retry-after': retryAfter });
        const error = await failure();
        expect(error).toBeInstanceOf(ThrottledError);
        expect(error).toMatchObject({ retryAfterMs });
      }
      signIn();
      http.answers('', 429);
      expect(await failure()).toMatchObject({ retryAfterMs: 300_000 });
    });

    test('because the connection broke off may be tried again', async () => {
      signIn();
      http.breaksOff();
      const error = await failure();
      expect(error).toBeInstanceOf(UnavailableError);
      expect(error.message).toContain('UND_ERR_SOCKET');
    });
  });

  describe('an account', () => {
    test('that the courier refuses has its credentials read anew the next time, and only then', async () => {
      const stored = storing(credentials);
      const tracker = create(stored);
      signIn();
      http.answers('', 503);
      await failure(tracker);
      http.answers('', 403);
      const refused = await failure(tracker);
      expect(refused).toBeInstanceOf(CourierRefusedError);
      expect(refused).toMatchObject({ reason: 'unauthorised', retryable: false });
      expect(stored.getCredentials).toHaveBeenCalledTimes(1);
      signIn();
      http.answers('', 503);
      await failure(tracker);
      expect(stored.getCredentials).toHaveBeenCalledTimes(2);
    });

    test('without credentials, with one missing or with a line end in one is refused without a word of it', async () => {
      const [first = ''] = Object.keys(credentials);
      for (const stored of [
        undefined,
        {},
        { ...credentials, [first]: '' },
        { ...credentials, [first]: `${credentials[first]}\n` },
      ]) {
        const error = await failure(create(storing(stored)));
        expect(error).toMatchObject({ reason: 'unauthorised' });
        expect(http.seen).toEqual([]);
      }
    });

    test('is not asked about a shipment without a number', async () => {
      const tracker = create(storing(credentials));
      await expect(tracker.track(refsOf(undefined))).rejects.toMatchObject({ reason: 'invalid' });
      expect(http.seen).toEqual([]);
    });
  });
}
