import {
  type PartnerError,
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnexpectedAnswerError,
} from '../../domain/errors.ts';

/** An answer of eBay as it came, before anything is believed of it. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Parsed JSON, or the text when it was none. */
  readonly data: unknown;
}

/** eBay understood and said no; the numbers of its errors say why. */
export class EbayRejectedError extends RejectedError {
  readonly errorIds: readonly number[];
  constructor(message: string, options: { status: number; errorIds: readonly number[] }) {
    super('ebay', message, options);
    this.errorIds = options.errorIds;
  }
}

/** Statuses after which the same call would get the same answer. */
const REJECTED = new Set([400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 422]);
/** How long to wait after a 429 that does not say: eBay counts calls by the day, so a minute would change nothing. */
const RETRY_AFTER_UNSAID_MS = 5 * 60_000;
/** OAuth's words for a sign-in that will not work again (eBay docs, "Using a refresh token to update a User access token"). */
const SIGN_IN_REJECTED: ReadonlyMap<string, number> = new Map([
  ['invalid_grant', 401],
  ['invalid_client', 401],
  ['invalid_request', 401],
  ['unauthorized_client', 401],
  ['access_denied', 401],
  // The seller is known, but did not consent to all that is asked for.
  ['invalid_scope', 403],
]);

export function isSuccess({ status }: RawAnswer): boolean {
  return status >= 200 && status < 300;
}

/**
 * An answer that is not a success, as one of the four families: by its status alone. The library's classes mislead; a
 * 429 of the domain ACCESS is its "access denied".
 */
export function failureOf(operation: string, answer: RawAnswer, nowMs: number): PartnerError {
  const { status } = answer;
  const errorIds = errorIdsOf(answer.data);
  const requestId = wordOf(answer.headers['x-ebay-c-request-id'] ?? answer.headers.rlogid);
  // eBay's numbers only: its messages may quote the request.
  const text = [
    `ebay ${operation}: ${status}`,
    ...errorIds.map((id) => `error ${id}`),
    ...(requestId === undefined ? [] : [`request ${requestId}`]),
  ].join(', ');
  if (status === 429) {
    return new ThrottledError('ebay', text, { retryAfterMs: retryAfterMs(answer.headers, nowMs) });
  }
  if (status >= 500 || status === 408) return new UnavailableError('ebay', text);
  if (REJECTED.has(status)) return new EbayRejectedError(text, { status, errorIds });
  return new UnexpectedAnswerError('ebay', text);
}

/**
 * What the library threw instead of an answer: the network or the timeout. Its error holds the request with the access
 * token, so no cause is kept.
 */
export function networkFailure(operation: string, thrown: unknown): PartnerError {
  return new UnavailableError('ebay', `ebay ${operation}: no answer (${codeOf(thrown) ?? 'unknown'})`);
}

/** A sign-in that eBay answered with anything but a token. */
export function signInFailure(answer: RawAnswer, nowMs: number): PartnerError {
  const { status, data } = answer;
  const word = typeof data === 'object' && data !== null && 'error' in data ? wordOf(data.error) : undefined;
  const rejectedStatus = word === undefined ? undefined : SIGN_IN_REJECTED.get(word);
  if (status < 500 && rejectedStatus !== undefined) {
    return new EbayRejectedError(`ebay sign-in: ${word}`, { status: rejectedStatus, errorIds: [] });
  }
  const failure = failureOf('sign-in', answer, nowMs);
  // A refusal in words we do not know says nothing of the authorisation.
  return failure instanceof RejectedError
    ? new UnexpectedAnswerError('ebay', `ebay sign-in: ${status}`)
    : failure;
}

/** Which fields broke which rule. Paths and rule names only: messages may quote what was there. */
export function problemOf(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly code: string }[],
): string {
  return issues.map(({ path, code }) => `${path.join('.') || '(whole)'}: ${code}`).join('; ');
}

/** `Retry-After` is a number of seconds or a date (RFC 9110, section 10.2.3). */
function retryAfterMs(headers: RawAnswer['headers'], nowMs: number): number {
  const header = headers['retry-after'];
  if (typeof header !== 'string' || header.trim() === '') return RETRY_AFTER_UNSAID_MS;
  const seconds = Number(header);
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(waitMs) && waitMs >= 0 ? Math.ceil(waitMs) : RETRY_AFTER_UNSAID_MS;
}

/** `{"errors":[{"errorId":30850,…}]}`; at most three are named. */
function errorIdsOf(data: unknown): readonly number[] {
  if (typeof data !== 'object' || data === null || !('errors' in data) || !Array.isArray(data.errors))
    return [];
  return data.errors
    .map((error: unknown) =>
      typeof error === 'object' && error !== null && 'errorId' in error ? error.errorId : undefined,
    )
    .filter((id): id is number => Number.isSafeInteger(id))
    .slice(0, 3);
}

/** Only words: a code is shown to people and must not carry anything else. */
function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.:-]{1,80}$/.test(value) ? value : undefined;
}

function codeOf(thrown: unknown): string | undefined {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? wordOf(thrown.code) : undefined;
}
