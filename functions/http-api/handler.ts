import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { PROBLEM_TYPE } from '../../events/http/problem.ts';
import type { Route } from '../../events/http/route.ts';
import { Problem, problemOf } from '../../shared/runtime/http-problem.ts';
import { type AnswerOnceDeps, answerOnce, type KeptAnswer } from '../../shared/usecases/answer-once.ts';
import { type Caller, callerOf } from './caller.ts';
import type { Implementations, RouteId } from './implementation.ts';
import { type CheckedRequest, checkRequest, etagOf } from './request.ts';

export interface HttpApiHandlerDeps extends AnswerOnceDeps {
  /**
   * How its routes are asked and answered. A function brings those it serves: building the schemas of all others would be
   * most of its start.
   */
  readonly contracts: Readonly<Partial<Record<RouteId, Route>>>;
  /** Those this function serves. */
  readonly routes: Partial<Implementations>;
  readonly logger: {
    info(message: string, fields: Record<string, unknown>): void;
    warn(message: string, fields: Record<string, unknown>): void;
    error(message: string, fields: Record<string, unknown>): void;
  };
}

/** What API Gateway sends; the authorizer's part is there when a token was accepted. */
export type HttpApiEvent = APIGatewayProxyEventV2 & {
  readonly requestContext: { readonly authorizer?: { readonly jwt?: { readonly claims?: unknown } } };
};

/** A worker that does the same request needs about this long. */
const IN_PROGRESS_RETRY_MS = 1_000;

/** One call of the HTTP API: who asks, whether they may, what exactly, the answer. Neither body nor query is logged. */
export function createHttpApiHandler(deps: HttpApiHandlerDeps) {
  /** Which route a call is for, by API Gateway's name of it. */
  const served = new Map(
    Object.entries(deps.contracts).map(([id, route]) => [
      `${route.method} ${route.path}`,
      { id: id as RouteId, route },
    ]),
  );
  return async (
    event: HttpApiEvent,
    context: { getRemainingTimeInMillis(): number },
  ): Promise<APIGatewayProxyStructuredResultV2> => {
    const { requestId } = event.requestContext;
    try {
      const { id, route } = served.get(event.routeKey) ?? {};
      if (id === undefined || route === undefined || deps.routes[id] === undefined) {
        throw new Problem('not-found');
      }
      const caller = callerOf(event.requestContext.authorizer?.jwt?.claims);
      if (!route.roles.some((role) => caller.roles.includes(role))) throw new Problem('not-allowed');
      const request = checkRequest(route, event);
      const requestKey =
        request.idempotencyKey === undefined ? '' : `${caller.subject}/${request.idempotencyKey}`;
      const run = () =>
        answer(deps, id, route, request, {
          caller,
          requestId,
          requestKey,
          remainingMs: () => context.getRemainingTimeInMillis(),
        });
      const kept =
        requestKey === '' ? await run() : await once(deps, requestKey, fingerprintOf(event, request), run);
      deps.logger.info('request-answered', { route: id, status: kept.status, subject: caller.subject });
      return responseOf(kept, 'application/json');
    } catch (error) {
      const problem = problemOf(error);
      const fields = { requestId, routeKey: event.routeKey, status: problem.status, code: problem.message };
      if (problem.status >= 500) deps.logger.error('request-failed', { ...fields, error });
      else deps.logger.warn('request-refused', fields);
      return problemResponse(problem, requestId);
    }
  };
}

/** Runs the route and checks its answer: what the contract does not name does not leave. */
async function answer(
  { routes, logger }: HttpApiHandlerDeps,
  id: RouteId,
  route: Route,
  { params, query, body, version }: CheckedRequest,
  asking: {
    readonly caller: Caller;
    readonly requestId: string;
    readonly requestKey: string;
    readonly remainingMs: () => number;
  },
): Promise<KeptAnswer> {
  // The request was checked against this very route, which is what the implementation is typed by.
  const implementation = routes[id] as (asked: object) => Promise<{ body: unknown; version?: number }>;
  const answered = await implementation({ params, query, body, version, ...asking });
  const checked = route.answer.safeParse(answered.body);
  if (!checked.success) {
    const wrong = checked.error.issues.map(({ path, code }) => `${path.join('.')}: ${code}`);
    logger.error('answer-not-as-agreed', { route: id, wrong });
    throw new Problem('internal-error');
  }
  return {
    status: route.status,
    body: JSON.stringify(checked.data),
    ...(answered.version === undefined ? {} : { etag: etagOf(answered.version) }),
  };
}

/** The answer under a key: made now, or the one made before. */
async function once(
  deps: HttpApiHandlerDeps,
  key: string,
  fingerprint: string,
  run: () => Promise<KeptAnswer>,
): Promise<KeptAnswer> {
  const answered = await answerOnce(deps, { key, fingerprint }, run);
  switch (answered.state) {
    case 'answered':
      return answered.answer;
    case 'other-request':
      throw new Problem('key-of-another-request');
    case 'in-progress':
      throw new Problem('request-in-progress', { retryAfterMs: IN_PROGRESS_RETRY_MS });
  }
}

/** What a request asks for; a key is good for nothing else. */
function fingerprintOf(
  { routeKey, rawPath, rawQueryString }: HttpApiEvent,
  { bodyText }: CheckedRequest,
): string {
  return createHash('sha256').update(`${routeKey}\n${rawPath}?${rawQueryString}\n${bodyText}`).digest('hex');
}

/** An answer may hold what belongs to one person: nothing on the way keeps it. */
const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

function responseOf(
  { status, body, etag }: KeptAnswer,
  contentType: string,
): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: { ...HEADERS, 'content-type': contentType, ...(etag === undefined ? {} : { etag }) },
    ...(body === undefined ? {} : { body }),
  };
}

function problemResponse(problem: Problem, requestId: string): APIGatewayProxyStructuredResultV2 {
  const { retryAfterMs } = problem.facts;
  const response = responseOf(
    { status: problem.status, body: JSON.stringify(problem.document(requestId)) },
    PROBLEM_TYPE,
  );
  return retryAfterMs === undefined
    ? response
    : {
        ...response,
        headers: { ...response.headers, 'retry-after': String(Math.ceil(retryAfterMs / 1000)) },
      };
}
