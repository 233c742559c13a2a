import type * as z from 'zod';
import type { ProblemDocument } from '../../../events/http/problem.ts';
import type { ROUTES, RouteId } from '../../../events/http/routes.ts';
import { PATHS } from './paths.ts';

export type Answer<Id extends RouteId> = z.output<(typeof ROUTES)[Id]['answer']>;
type Body<Id extends RouteId> = (typeof ROUTES)[Id] extends { readonly body?: infer Schema extends z.ZodType }
  ? z.input<Schema>
  : never;
type Query<Id extends RouteId> = Partial<z.input<(typeof ROUTES)[Id]['query']>>;
export type CalledRoute = keyof typeof PATHS;

export interface Call<Id extends RouteId> {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Query<Id>;
  readonly body?: Body<Id>;
  /** Version that was seen, for routes that ask for one. */
  readonly version?: number;
  /** The same key is the same request: made once per click, kept for its repetitions. */
  readonly key?: string;
  readonly signal?: AbortSignal;
}

/** The API said no, or could not be asked (`status` 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: ProblemDocument | undefined;

  constructor(status: number, problem?: ProblemDocument) {
    super(problem?.code ?? `status ${status}`);
    this.name = 'ApiError';
    this.status = status;
    this.problem = problem;
  }
}

/** Who gives the token, and is told when it is refused. */
export interface Tokens {
  token(): string | undefined;
  /** Tries for a new one; false: somebody has to sign in. */
  renew(): Promise<boolean>;
}

export interface ApiClient {
  call<Id extends CalledRoute>(id: Id, call?: Call<Id>): Promise<Answer<Id>>;
}

/** The HTTP API, behind the console's own address. A refused token is renewed once. */
export function createApiClient(tokens: Tokens): ApiClient {
  async function ask<Id extends CalledRoute>(id: Id, call: Call<Id>): Promise<Response> {
    const { method, path } = PATHS[id];
    const headers: Record<string, string> = { authorization: `Bearer ${tokens.token() ?? ''}` };
    if (call.body !== undefined) headers['content-type'] = 'application/json';
    if (call.version !== undefined) headers['if-match'] = `"${call.version}"`;
    if (method === 'POST') headers['idempotency-key'] = call.key ?? crypto.randomUUID();
    try {
      return await fetch(addressOf(path, call), {
        method,
        headers,
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        ...(call.signal === undefined ? {} : { signal: call.signal }),
      });
    } catch (error) {
      if (call.signal?.aborted) throw error;
      throw new ApiError(0);
    }
  }

  return {
    async call(id, call = {}) {
      // One key for the request and its repetition.
      const named = { key: crypto.randomUUID(), ...call };
      let response = await ask(id, named);
      if (response.status === 401 && (await tokens.renew())) response = await ask(id, named);
      if (response.ok) return await response.json();
      throw new ApiError(response.status, await problemOf(response));
    },
  };
}

function addressOf(
  path: string,
  { params = {}, query = {} }: { params?: Readonly<Record<string, string>>; query?: object },
): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`${path}: no ${name}`);
    return encodeURIComponent(value);
  });
  const wanted = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(wanted.map(([name, value]) => [name, String(value)]));
  return search.size === 0 ? filled : `${filled}?${search}`;
}

async function problemOf(response: Response): Promise<ProblemDocument | undefined> {
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) return undefined;
  return response.json().catch(() => undefined);
}
