import {
  type PartnerError,
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnexpectedAnswerError,
} from '../../domain/errors.ts';

/** An answer of the Selling Partner API as it came, before anything is believed of it. */
export interface RawAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** What is known of an operation without asking. */
export interface OperationFacts {
  readonly operation: string;
  /** SP-API docs, "Usage Plans and Rate Limits" and the operation's own page. */
  readonly documentedRatePerSecond: number;
}

/** Statuses after which the same call would get the same answer (SP-API docs, Orders API responses). */
const REJECTED = new Set([400, 401, 403, 404, 409, 413, 415, 422]);
/** LWA's words for credentials that will not work again (Login with Amazon docs, "Access token errors"). */
const LWA_REJECTED = new Set([
  'access_denied',
  'invalid_client',
  'invalid_grant',
  'invalid_request',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
]);

/** Calls per second Amazon grants at the moment; its header is not on every answer. */
export function grantedRatePerSecond(headers: RawAnswer['headers']): number | undefined {
  const header = headers['x-amzn-ratelimit-limit'];
  const rate = typeof header === 'string' ? Number(header) : Number.NaN;
  return Number.isFinite(rate) && rate > 0 ? rate : undefined;
}

/**
 * True when it is the access token that Amazon refuses, not the call. A token too old is replaced by a fresh one; of a
 * revoked one only the next sign-in tells whether the seller took the authorisation back.
 */
export function accessTokenRefused(answer: RawAnswer): boolean {
  if (answer.statusCode !== 401 && answer.statusCode !== 403) return false;
  const error = firstErrorOf(answer);
  return (
    error?.code === 'Unauthorized' &&
    /access token.*(expired|revoked)/is.test(`${error.details ?? ''} ${error.message ?? ''}`)
  );
}

/** An answer that is not a success, as one of the four families. */
export function failureOf(answer: RawAnswer, facts: OperationFacts): PartnerError {
  const { statusCode } = answer;
  const requestId = answer.headers['x-amzn-requestid'];
  const text = [
    `amazon ${facts.operation}: ${statusCode}`,
    // Amazon's code only: its messages may quote the request.
    firstErrorOf(answer)?.code,
    typeof requestId === 'string' ? `request ${requestId}` : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
  if (statusCode === 429) {
    const rate = grantedRatePerSecond(answer.headers) ?? facts.documentedRatePerSecond;
    return new ThrottledError('amazon', text, { retryAfterMs: Math.ceil(1000 / rate) });
  }
  if (statusCode >= 500) return new UnavailableError('amazon', text);
  if (REJECTED.has(statusCode)) return new RejectedError('amazon', text, { status: statusCode });
  return new UnexpectedAnswerError('amazon', text);
}

/** What the library threw instead of an answer: the network, a timeout, or one of its own objections. */
export function networkFailure(operation: string, cause: unknown): PartnerError {
  return new UnavailableError('amazon', `amazon ${operation}: no answer (${codeOf(cause) ?? 'unknown'})`, {
    cause,
  });
}

/**
 * A failed sign-in. Login with Amazon answers `{error, error_description}`, which the library throws as code and
 * message; when it could not read the answer at all the message is the whole body, so no cause is kept.
 */
export function signInFailure(cause: unknown): PartnerError {
  const code = codeOf(cause) ?? 'unknown';
  if (LWA_REJECTED.has(code)) {
    return new RejectedError('amazon', `amazon sign-in: ${code}`, { status: 401 });
  }
  if (code === 'UNKNOWN_REFRESH_ACCESS_TOKEN_ERROR') {
    return new UnexpectedAnswerError('amazon', `amazon sign-in: ${code}`);
  }
  return new UnavailableError('amazon', `amazon sign-in: ${code}`);
}

function codeOf(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined;
  // Only words: a code is shown to people and must not carry anything else.
  return typeof cause.code === 'string' && /^[\w.:-]{1,80}$/.test(cause.code) ? cause.code : undefined;
}

interface AmazonError {
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly details: string | undefined;
}

function firstErrorOf(answer: RawAnswer): AmazonError | undefined {
  let body: unknown;
  try {
    body = JSON.parse(answer.body);
  } catch {
    return undefined;
  }
  if (typeof body !== 'object' || body === null || !('errors' in body) || !Array.isArray(body.errors)) {
    return undefined;
  }
  const first: unknown = body.errors[0];
  if (typeof first !== 'object' || first === null) return undefined;
  const textOf = (field: string) => {
    const value: unknown = Reflect.get(first, field);
    return typeof value === 'string' ? value : undefined;
  };
  return { code: codeOf(first), message: textOf('message'), details: textOf('details') };
}
