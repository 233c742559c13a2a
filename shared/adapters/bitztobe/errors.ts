import {
  type PartnerError,
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnexpectedAnswerError,
} from '../../domain/errors.ts';
import type { IssuerHttpAnswer } from './client.ts';
import { problemSchema } from './schemas.ts';

export const PARTNER = 'bitztobe';
/** When an answer asks for patience and does not say how much. */
const RETRY_AFTER_MS = 60_000;

export interface IssuerProblem {
  readonly code: string | undefined;
  readonly receiptId: string | undefined;
  /** `totals.gross: DOES_NOT_ADD_UP`: fields and codes, never values. */
  readonly violations: readonly string[];
}

/** What a problem document says, as far as it is what the contract lets it be. */
export function problemOf({ json }: IssuerHttpAnswer): IssuerProblem {
  const problem = problemSchema.safeParse(json).data;
  const violations = (problem?.violations ?? [])
    .filter(({ field, code }) => /^[\w.[\]]{1,80}$/.test(field) && /^[A-Z][A-Z_]{0,59}$/.test(code))
    .slice(0, 20)
    .map(({ field, code }) => `${field}: ${code}`);
  return { code: problem?.code, receiptId: problem?.id, violations };
}

/** How long the issuer wants to be left alone. */
export function retryAfterMs({ retryAfter, json }: IssuerHttpAnswer): number {
  const header = retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined;
  const seconds = header ?? problemSchema.safeParse(json).data?.retryAfter;
  return seconds === undefined ? RETRY_AFTER_MS : Math.ceil(seconds * 1000);
}

/** An answer that is no success, as one of the four families. Its text is never repeated: it may quote a person. */
export function failureOf(operation: string, answer: IssuerHttpAnswer): PartnerError {
  const { status, requestId } = answer;
  const { code } = problemOf(answer);
  const text = `${PARTNER} ${operation}: ${status}${code ? ` ${code}` : ''}, request ${requestId}`;
  if (status === 429) return new ThrottledError(PARTNER, text, { retryAfterMs: retryAfterMs(answer) });
  if (status >= 500) return new UnavailableError(PARTNER, text);
  // What is refused for being what it is, the callers answer; a call that is none of the contract is our mistake.
  if (status === 401 || status === 403) return new RejectedError(PARTNER, text, { status });
  return new UnexpectedAnswerError(PARTNER, text);
}

/** What the network did instead of an answer. The cause stays out: it may hold the address with its key. */
export function networkFailure(operation: string, requestId: string, cause: unknown): UnavailableError {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = inner instanceof Error && 'code' in inner && typeof inner.code === 'string' ? inner.code : '';
  const name = /^[A-Z_]{1,60}$/.test(code) ? code : cause instanceof Error ? cause.name : 'unknown';
  return new UnavailableError(PARTNER, `${PARTNER} ${operation}: no answer (${name}), request ${requestId}`);
}

/** An answer that is not what the contract says. */
export function unexpected(operation: string, requestId: string, what: string): UnexpectedAnswerError {
  return new UnexpectedAnswerError(PARTNER, `${PARTNER} ${operation}: ${what}, request ${requestId}`);
}
