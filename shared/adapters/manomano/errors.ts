import * as z from 'zod';
import {
  type PartnerError,
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnexpectedAnswerError,
} from '../../domain/errors.ts';
import { AlreadyInPackageError } from '../../ports/shipping-confirmer.ts';

/** Statuses after which the same call would get the same answer. */
const REJECTED = new Set([400, 401, 403, 404, 405, 409, 413, 415, 422]);
/** While ManoMano does not say how long: a few calls' worth of the hourly allowance, and no storm. */
const RETRY_DEFAULT_MS = 60_000;
/** The allowance is counted by the hour: no wait is longer. */
const RETRY_MAX_MS = 3_600_000;
/** Cloudflare, which stands before the API, says "you are being rate limited" with this code. */
const RATE_LIMITED_CODE = '1015';

/** ManoMano's three shapes of refusal; of all of them only codes are read, its texts may quote the request. */
const refusalSchema = z.object({
  error_code: z.union([z.string(), z.number()]).nullish().catch(undefined),
  retry_after: z.union([z.string(), z.number()]).nullish().catch(undefined),
  code: z.string().nullish().catch(undefined),
  error: z
    .object({ code: z.string().nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
});

/** An answer that is not a success, as one of the four families. */
export function failureOf(
  operation: string,
  answer: { readonly status: number; readonly headers: Headers; readonly text: string },
): PartnerError {
  const { status } = answer;
  const refusal = refusalOf(answer.text);
  const code = [refusal?.error_code, refusal?.error?.code, refusal?.code]
    .map((each) => (each === null || each === undefined ? '' : String(each)))
    .find((each) => /^\w{1,40}$/.test(each));
  const message = `manomano ${operation}: ${status}${code === undefined ? '' : `, ${code}`}`;
  if (status === 429 || code === RATE_LIMITED_CODE) {
    const retryAfterMs =
      headerMs(answer.headers) ?? secondsMs(refusal?.retry_after ?? undefined) ?? RETRY_DEFAULT_MS;
    return new ThrottledError('manomano', message, { retryAfterMs: Math.min(retryAfterMs, RETRY_MAX_MS) });
  }
  if (status >= 500 || status === 408) return new UnavailableError('manomano', message);
  if (REJECTED.has(status)) {
    const Refusal = saysAlreadyInPackage(answer.text) ? AlreadyInPackageError : RejectedError;
    return new Refusal('manomano', message, { status });
  }
  return new UnexpectedAnswerError('manomano', message);
}

/**
 * Whether an answer says that goods are in a parcel already: `{"error":{"message":"Product already in package"}}`. It has
 * no code, so its words count, wherever they stand.
 */
export function saysAlreadyInPackage(answer: unknown): boolean {
  return /product already in package/i.test(typeof answer === 'string' ? answer : JSON.stringify(answer));
}

/** No answer, or one that broke off: the network or a timeout. For a write the outcome is unknown. */
export function networkFailure(operation: string, cause: unknown): PartnerError {
  return new UnavailableError('manomano', `manomano ${operation}: no answer (${codeOf(cause)})`, { cause });
}

/** Which fields broke which rule. Paths and rule names only: messages may quote what was there. */
export function problemOf(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly code: string }[],
): string {
  return issues.map(({ path, code }) => `${path.join('.') || '(whole)'}: ${code}`).join('; ');
}

function refusalOf(text: string): z.infer<typeof refusalSchema> | undefined {
  try {
    return refusalSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // A page of Cloudflare's, or of a gateway.
    return undefined;
  }
}

/** `Retry-After`: seconds, or a date, which is measured against the answer's own clock. */
function headerMs(headers: Headers): number | undefined {
  const header = headers.get('retry-after');
  if (header === null) return undefined;
  const seconds = secondsMs(header);
  if (seconds !== undefined) return seconds;
  const waitMs = Date.parse(header) - Date.parse(headers.get('date') ?? '');
  return waitMs > 0 ? waitMs : undefined;
}

function secondsMs(seconds: string | number | undefined): number | undefined {
  const value = typeof seconds === 'string' && seconds.trim() !== '' ? Number(seconds) : seconds;
  return typeof value === 'number' && value > 0 && Number.isFinite(value)
    ? Math.ceil(value * 1000)
    : undefined;
}

function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown';
  // `fetch` hides the reason one level down.
  const reason = cause.cause instanceof Error ? cause.cause : cause;
  const code = 'code' in reason ? reason.code : undefined;
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : reason.name;
}

/** Failures before a connection stood, by the codes of Node and of its `fetch`: the request never left. */
const BEFORE_CONNECTING = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Whether a call certainly did not arrive. */
export function neverConnected({ cause }: UnavailableError): boolean {
  return cause !== undefined && BEFORE_CONNECTING.has(codeOf(cause));
}
