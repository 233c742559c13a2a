import { CourierRefusedError } from '../../domain/courier-refusal.ts';
import {
  type PartnerError,
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnexpectedAnswerError,
} from '../../domain/errors.ts';

/** Statuses after which the same call would get the same answer. */
const REJECTED = new Set([400, 404, 405, 409, 413, 415, 422]);
/** While BRT does not say how long: its allowance is counted by the hour, and a minute's wait is no storm. */
const RETRY_DEFAULT_MS = 60_000;
const RETRY_MAX_MS = 3_600_000;

/** An answer without anything of BRT's own in it: from a gateway, by its status. */
export function failureOfStatus(operation: string, status: number, headers: Headers): PartnerError {
  const message = `brt ${operation}: ${status}`;
  if (status === 401 || status === 403) {
    return new CourierRefusedError('brt', message, { reason: 'unauthorised' });
  }
  if (status === 429) {
    const seconds = Number(headers.get('retry-after') ?? '');
    const retryAfterMs = seconds > 0 ? Math.min(Math.ceil(seconds * 1000), RETRY_MAX_MS) : RETRY_DEFAULT_MS;
    return new ThrottledError('brt', message, { retryAfterMs });
  }
  if (status >= 500 || status === 408) return new UnavailableError('brt', message);
  if (REJECTED.has(status)) return new RejectedError('brt', message, { status });
  return unexpected(operation, `${status}, and nothing that we know`);
}

/** No answer, or one that broke off. For a write the outcome is unknown. */
export function networkFailure(operation: string, cause: unknown): PartnerError {
  return new UnavailableError('brt', `brt ${operation}: no answer (${codeOf(cause)})`, { cause });
}

export function unexpected(operation: string, problem: string): UnexpectedAnswerError {
  return new UnexpectedAnswerError('brt', `brt ${operation}: ${problem}`);
}

/** Which fields broke which rule. Paths and rule names only: messages may quote what was there. */
export function problemOf(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly code: string }[],
): string {
  return issues.map(({ path, code }) => `${path.join('.') || '(whole)'}: ${code}`).join('; ');
}

function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown';
  // `fetch` hides the reason one level down.
  const reason = cause.cause instanceof Error ? cause.cause : cause;
  const code = 'code' in reason ? reason.code : undefined;
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : reason.name;
}
