import {
  type PartnerError,
  ThrottledError,
  UnavailableError,
  UnexpectedAnswerError,
} from '../../domain/errors.ts';
import { type ProviderProblem, ProviderRefusedError } from '../../domain/provider-account.ts';
import type { ProviderHttpAnswer } from './client.ts';
import { problemSchema } from './schemas.ts';

const PARTNER = 'personal-data-provider';
/** When a throttle does not say for how long. */
const RETRY_AFTER_MS = 60_000;

/** The contract's codes, as ours. */
const PROBLEM_BY_CODE: Readonly<Record<string, ProviderProblem>> = {
  ACCOUNT_SUSPENDED: 'account-suspended',
  ACCOUNT_NOT_FOUND: 'account-unknown',
  MODULE_NOT_FOUND: 'module-unknown',
  MODULE_NOT_MATCHED: 'module-not-matched',
  MODULE_ALREADY_MATCHED: 'module-already-matched',
  CHANNEL_ALREADY_MATCHED: 'channel-already-matched',
  COUNTRY_MISMATCH: 'country-mismatch',
};
const PROBLEM_BY_STATUS: Readonly<Record<number, ProviderProblem>> = {
  401: 'key-refused',
  403: 'key-refused',
  412: 'changed-meanwhile',
};

/** The code of a problem document (RFC 7807). Only words: what is not one may be anything. */
export function codeOf(body: unknown): string | undefined {
  const code = problemSchema.safeParse(body).data?.code ?? undefined;
  return code !== undefined && /^[A-Z][A-Z_]{0,59}$/.test(code) ? code : undefined;
}

/** How long the provider wants to be left alone, by its header or its problem document. */
export function retryAfterMs({ retryAfter, body }: Pick<ProviderHttpAnswer, 'retryAfter' | 'body'>): number {
  const header = retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined;
  const seconds = header ?? problemSchema.safeParse(body).data?.retryAfter ?? undefined;
  return seconds === undefined ? RETRY_AFTER_MS : Math.ceil(seconds * 1000);
}

/** An answer that is no success, as one of the four families. Its text is never repeated: it may quote a person. */
export function failureOf(operation: string, answer: ProviderHttpAnswer): PartnerError {
  const { status, requestId } = answer;
  const code = codeOf(answer.body);
  const text = `${PARTNER} ${operation}: ${status}${code ? ` ${code}` : ''}, request ${requestId}`;
  if (status === 429) return new ThrottledError(PARTNER, text, { retryAfterMs: retryAfterMs(answer) });
  if (status >= 500) return new UnavailableError(PARTNER, text);
  if (status < 400) return new UnexpectedAnswerError(PARTNER, text);
  const problem = PROBLEM_BY_CODE[code ?? ''] ?? PROBLEM_BY_STATUS[status] ?? 'not-accepted';
  return new ProviderRefusedError(problem, text, { status });
}

/** What the network did instead of an answer. The cause stays out: it may hold the address with its key. */
export function networkFailure(operation: string, requestId: string, cause: unknown): UnavailableError {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = inner instanceof Error && 'code' in inner && typeof inner.code === 'string' ? inner.code : '';
  const name = /^[A-Z_]{1,60}$/.test(code) ? code : cause instanceof Error ? cause.name : 'unknown';
  return new UnavailableError(PARTNER, `${PARTNER} ${operation}: no answer (${name}), request ${requestId}`);
}

/** An answer that is not what the contract says. Which fields, never what they hold. */
export function unexpectedAnswer(
  operation: string,
  requestId: string,
  fields: readonly string[],
): UnexpectedAnswerError {
  const what = [...new Set(fields)].slice(0, 10).join(', ') || 'not JSON';
  return new UnexpectedAnswerError(PARTNER, `${PARTNER} ${operation}: ${what}, request ${requestId}`);
}
