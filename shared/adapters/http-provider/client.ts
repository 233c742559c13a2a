import type * as z from 'zod';
import { ProviderRefusedError } from '../../domain/provider-account.ts';
import type { ProviderConnection } from '../../ports/personal-data-provider.ts';
import { failureOf, networkFailure, unexpectedAnswer } from './errors.ts';

/** The whole answer; the longest is a batch of 50 people. */
const CALL_TIMEOUT_MS = 20_000;
/** Fifty people take about 50 kB. */
const BODY_BYTES_MAX = 2_000_000;
/** Exactly what may stand in a header: another key would come back in the error about it. */
const KEY_PATTERN = /^[\x21-\x7e]{1,512}$/;

export interface ProviderRequest {
  /** Our word for the call, for errors. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Parts of the path behind `/v1`; each is encoded. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly ifMatch?: string;
}

export interface ProviderHttpAnswer {
  readonly status: number;
  readonly requestId: string;
  readonly etag: string | null;
  readonly retryAfter: string | null;
  /** The JSON of the answer, not yet believed; undefined when there was none. */
  readonly body: unknown;
}

/** Calls a provider once. Answers whatever it said; only silence is a failure here. */
export interface HttpProviderClient {
  call(connection: ProviderConnection, request: ProviderRequest): Promise<ProviderHttpAnswer>;
}

/**
 * @param newRequestId a fresh id for each call, by which the provider finds it in its logs
 * @param send the way out; another one only in tests
 */
export function createHttpProviderClient(
  newRequestId: () => string,
  send: typeof fetch = fetch,
): HttpProviderClient {
  return {
    async call({ baseUrl, apiKey }, request) {
      if (!KEY_PATTERN.test(apiKey)) {
        throw new ProviderRefusedError('key-refused', 'the stored key cannot stand in a header');
      }
      const requestId = newRequestId();
      const path = request.path.map(encodeURIComponent).join('/');
      // The contract's one verb: `personal-information:batch`.
      const url = new URL(`${baseUrl}/v1/${path.replaceAll('%3A', ':')}`);
      for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
      try {
        const response = await send(url, {
          method: request.method,
          headers: {
            accept: 'application/json, application/problem+json',
            authorization: `Bearer ${apiKey}`,
            'x-request-id': requestId,
            ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
            ...(request.ifMatch === undefined ? {} : { 'if-match': request.ifMatch }),
          },
          ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
          // A redirection would take the key to whom it was not meant for.
          redirect: 'manual',
          signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
        });
        return {
          status: response.status,
          requestId,
          etag: response.headers.get('etag'),
          retryAfter: response.headers.get('retry-after'),
          body: jsonOf(await textOf(response)),
        };
      } catch (error) {
        throw networkFailure(request.operation, requestId, error);
      }
    },
  };
}

/** The answer by its schema when the provider was willing; else one of the four families. */
export function successOf<Schema extends z.ZodType>(
  operation: string,
  answer: ProviderHttpAnswer,
  schema: Schema,
): z.output<Schema> {
  if (answer.status !== 200 && answer.status !== 201) throw failureOf(operation, answer);
  const parsed = schema.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path, code }) => `${path.join('.')} ${code}`);
  throw unexpectedAnswer(operation, answer.requestId, fields);
}

async function textOf(response: Response): Promise<string> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > BODY_BYTES_MAX) throw new RangeError('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Undefined for what is no JSON: the parser's message would quote it. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
