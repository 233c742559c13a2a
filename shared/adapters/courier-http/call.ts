import * as z from 'zod';
import type { AskedCourier } from '../../domain/courier-account.ts';
import { CourierRefusedError } from '../../domain/courier-refusal.ts';
import {
  type PartnerError,
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnexpectedAnswerError,
} from '../../domain/errors.ts';

/** The whole answer; with a sign-in and a renewal it stays under the time that a check is given. */
const CALL_TIMEOUT_MS = 20_000;
/** Statuses after which the same call would get the same answer. */
const REJECTED = new Set([400, 404, 405, 409, 410, 413, 415, 422]);
/** While a courier does not say how long; its day's calls may be used up. */
const RETRY_DEFAULT_MS = 300_000;
const RETRY_MAX_MS = 3_600_000;

/** Who is asked, and our word for what: all that an error may say. */
export interface Asked {
  readonly courier: AskedCourier;
  readonly operation: string;
}

export interface CourierRequest {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface CourierAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** Calls once. @throws UnavailableError when there is no whole answer */
export async function callCourier(
  asked: Asked,
  { url, method, headers, body }: CourierRequest,
): Promise<CourierAnswer> {
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      // Followed, it would carry the credentials along.
      redirect: 'manual',
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    // The signal holds for the body too: one that stops arriving ends with the same timeout.
    const bytes = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, body: bytes };
  } catch (error) {
    throw new UnavailableError(asked.courier, `${nameOf(asked)}: no answer (${codeOf(error)})`, {
      cause: error,
    });
  }
}

export function isSuccess({ status }: Pick<CourierAnswer, 'status'>): boolean {
  return status >= 200 && status < 300;
}

/** An answer that is no success, by its status: bodies are not quoted, they may repeat what was asked. */
export function failureOf(asked: Asked, { status, headers }: CourierAnswer): PartnerError {
  const { courier } = asked;
  const message = `${nameOf(asked)}: ${status}`;
  if (status === 401 || status === 403) {
    return new CourierRefusedError(courier, message, { reason: 'unauthorised' });
  }
  if (status === 429) {
    const seconds = Number(headers.get('retry-after') ?? '');
    const retryAfterMs = seconds > 0 ? Math.min(Math.ceil(seconds * 1000), RETRY_MAX_MS) : RETRY_DEFAULT_MS;
    return new ThrottledError(courier, message, { retryAfterMs });
  }
  if (status >= 500 || status === 408) return new UnavailableError(courier, message);
  if (REJECTED.has(status)) return new RejectedError(courier, message, { status });
  return unexpected(asked, `${status}, and nothing that we know`);
}

export function unexpected(asked: Asked, problem: string): UnexpectedAnswerError {
  return new UnexpectedAnswerError(asked.courier, `${nameOf(asked)}: ${problem}`);
}

/** The JSON of an answer, not yet believed; undefined when it is none. */
export function jsonOf({ body }: Pick<CourierAnswer, 'body'>): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

/** What a courier said, as far as we read it. @throws UnexpectedAnswerError for another shape */
export function believed<Schema extends z.ZodType>(
  asked: Asked,
  schema: Schema,
  answer: unknown,
): z.output<Schema> {
  if (answer === undefined) throw unexpected(asked, 'the answer is not JSON');
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  // Paths and rule names only: messages may quote what was there.
  const problems = parsed.error.issues.map(({ path, code }) => `${path.join('.') || '(whole)'}: ${code}`);
  throw unexpected(asked, problems.join('; '));
}

/** Text or a number, trimmed; blank where there is none. */
export const text = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .transform((value) => (value ?? '').trim());

/** A list; one alone may stand there by itself, and none at all means an empty one. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z
    .union([z.array(item), item.transform((one) => [one])])
    .nullish()
    .transform((items) => items ?? []);
}

function nameOf({ courier, operation }: Asked): string {
  return `${courier} ${operation}`;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  // `fetch` hides the reason one level down.
  const reason = error.cause instanceof Error ? error.cause : error;
  const code = 'code' in reason ? reason.code : undefined;
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : reason.name;
}
