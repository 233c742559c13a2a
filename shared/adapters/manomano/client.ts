import * as z from 'zod';
import { RejectedError, UnexpectedAnswerError } from '../../domain/errors.ts';
import type { CredentialStore } from '../../ports/credentials.ts';
import type { QuotaPlan } from '../../ports/quota.ts';
import { failureOf, networkFailure } from './errors.ts';

const BASE_URL = 'https://partnersapi.manomano.com';
/** `Name_Version`, the form ManoMano asks of integrators (Partner API docs, introduction). */
const THIRD_PARTY_NAME = 'MarkeplayChannels_0.1.0';
/** The whole answer; a page of 100 orders takes a few seconds. */
const CALL_TIMEOUT_MS = 30_000;

/**
 * 250 calls in an hour, one allowance for all operations and all contracts of a key. What a full bucket gives at once
 * and what it gains in an hour make 250 together, so that no hour ever sees more.
 */
export const MANOMANO_CALLS_QUOTA: QuotaPlan = { ratePerSecond: 210 / 3_600, burst: 40 };

/** The seller's key (Toolbox, Settings, API keys), under this name in the credential store. It serves all contracts. */
export const manomanoCredentialsSchema = z.object({
  // Exactly what may stand in a header: a key pasted with a line end would come back in the error about it.
  apiKey: z.string().regex(/^[\x21-\x7e]{1,512}$/),
});
export type ManomanoCredentials = z.infer<typeof manomanoCredentialsSchema>;

export interface ManomanoRequest {
  /** Our word for the call, for errors and logs. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** Begins with a slash; holds no query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON, or as multipart where it is a form. */
  readonly body?: unknown;
}

export interface ManomanoAnswer {
  readonly status: number;
  /**
   * `mixed` is ManoMano's 207: some elements were refused, and `body` says for each one. It is no success; what asked
   * for several things has to look at every one.
   */
  readonly outcome: 'success' | 'mixed';
  /** The JSON of the answer, not yet believed; undefined when there was none (204). */
  readonly body: unknown;
}

/** One seller's key at ManoMano: calls once, and answers or fails with one of the four families. */
export interface ManomanoClient {
  call(request: ManomanoRequest): Promise<ManomanoAnswer>;
}

export function createManomanoClient({ apiKey }: ManomanoCredentials): ManomanoClient {
  return {
    async call(request) {
      const { operation } = request;
      const answer = await send(request, apiKey);
      const done = answer.status >= 200 && answer.status < 300;
      if (!done) throw failureOf(operation, answer);
      return {
        status: answer.status,
        outcome: answer.status === 207 ? 'mixed' : 'success',
        body: jsonOf(operation, answer.text),
      };
    },
  };
}

/**
 * The client of each account, kept for as long as the process lives. After a refusal the key is read anew: it may
 * have been replaced meanwhile.
 */
export function createManomanoClients(
  credentials: CredentialStore,
): (accountId: string) => Promise<ManomanoClient> {
  const clients = new Map<string, ManomanoClient>();
  return async (accountId) => {
    const known = clients.get(accountId);
    if (known !== undefined) return known;
    const parsed = manomanoCredentialsSchema.safeParse(
      await credentials.getCredentials('manomano', accountId),
    );
    if (!parsed.success) {
      throw new RejectedError('manomano', `manomano: no usable credentials stored for account ${accountId}`);
    }
    const client = createManomanoClient(parsed.data);
    const forgetting: ManomanoClient = {
      async call(request) {
        try {
          return await client.call(request);
        } catch (error) {
          if (error instanceof RejectedError && (error.status === 401 || error.status === 403)) {
            clients.delete(accountId);
          }
          throw error;
        }
      },
    };
    clients.set(accountId, forgetting);
    return forgetting;
  };
}

async function send(
  { operation, method, path, query = {}, body }: ManomanoRequest,
  apiKey: string,
): Promise<{ status: number; headers: Headers; text: string }> {
  const url = new URL(path, BASE_URL);
  // The key goes to one host: a path that leads elsewhere is a programming error.
  if (url.origin !== BASE_URL || url.search !== '') throw new RangeError('not a path of ManoMano’s');
  url.search = new URLSearchParams(query).toString();
  const isForm = body instanceof FormData;
  try {
    const response = await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        'x-api-key': apiKey,
        'x-thirdparty-name': THIRD_PARTY_NAME,
        // Of a form the type names a boundary, which `fetch` makes.
        ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
      // Followed, it would carry the key along.
      redirect: 'manual',
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    // The signal holds for the body too: one that stops arriving ends with the same timeout.
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    throw networkFailure(operation, error);
  }
}

function jsonOf(operation: string, text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new UnexpectedAnswerError('manomano', `manomano ${operation}: the answer is not JSON`);
  }
}
