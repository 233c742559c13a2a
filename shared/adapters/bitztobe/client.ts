import type * as z from 'zod';
import { RejectedError } from '../../domain/errors.ts';
import type { IssuerConnection } from '../../ports/receipt-issuer.ts';
import { failureOf, networkFailure, PARTNER, unexpected } from './errors.ts';

/** The whole answer; an issuer that takes longer says 202. */
const CALL_TIMEOUT_MS = 20_000;
/** A page with a logo takes about 100 kB; ManoMano takes no larger documents than this either. */
const BODY_BYTES_MAX = 5_000_000;
/** Exactly what may stand in a header: another key would come back in the error about it. */
const KEY_PATTERN = /^[\x21-\x7e]{1,512}$/;

export interface IssuerRequest {
  /** Our word for the call, for errors. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Parts of the path behind `/v1`; each is encoded. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
}

export interface IssuerHttpAnswer {
  readonly status: number;
  readonly requestId: string;
  readonly retryAfter: string | null;
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** The JSON of the answer, not yet believed; undefined when it is none. */
  readonly json: unknown;
}

/** Calls an issuer once. Answers whatever it said; only silence is a failure here. */
export interface IssuerClient {
  call(
    connection: Pick<IssuerConnection, 'baseUrl' | 'apiKey'>,
    request: IssuerRequest,
  ): Promise<IssuerHttpAnswer>;
}

/**
 * @param newRequestId a fresh id for each call, by which the issuer finds it in its logs
 * @param send the way out; another one only in tests
 */
export function createIssuerClient(newRequestId: () => string, send: typeof fetch = fetch): IssuerClient {
  return {
    async call({ baseUrl, apiKey }, { operation, method, path, query, body, idempotencyKey }) {
      if (!KEY_PATTERN.test(apiKey)) {
        throw new RejectedError(PARTNER, `${PARTNER}: the stored key cannot stand in a header`, {
          status: 401,
        });
      }
      const requestId = newRequestId();
      const url = new URL(`${baseUrl}/v1/${path.map(encodeURIComponent).join('/')}`);
      for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
      try {
        const response = await send(url, {
          method,
          headers: {
            accept: 'application/json, application/problem+json, application/pdf',
            authorization: `Bearer ${apiKey}`,
            'x-request-id': requestId,
            ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          // A redirection would take the key, and the buyer, to whom they were not meant for.
          redirect: 'manual',
          signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
        });
        const bytes = await bytesOf(response);
        return {
          status: response.status,
          requestId,
          retryAfter: response.headers.get('retry-after'),
          contentType: response.headers.get('content-type') ?? '',
          bytes,
          json: jsonOf(bytes),
        };
      } catch (error) {
        throw networkFailure(operation, requestId, error);
      }
    },
  };
}

/** The answer by its schema when the issuer was willing; else one of the four families. */
export function successOf<Schema extends z.ZodType>(
  operation: string,
  answer: IssuerHttpAnswer,
  schema: Schema,
): z.output<Schema> {
  if (![200, 201, 202].includes(answer.status)) throw failureOf(operation, answer);
  const parsed = schema.safeParse(answer.json);
  if (parsed.success) return parsed.data;
  // Which fields, never what they hold.
  const fields = parsed.error.issues.map(({ path, code }) => `${path.join('.')} ${code}`);
  throw unexpected(operation, answer.requestId, [...new Set(fields)].slice(0, 10).join(', ') || 'not JSON');
}

async function bytesOf(response: Response): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > BODY_BYTES_MAX) throw new RangeError('the answer is too long');
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** Undefined for what is no JSON: the parser's message would quote it. */
function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
