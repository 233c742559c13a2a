import { ROUTE_IDS, ROUTES, type RouteId } from '../../events/http/routes.ts';
import { createHttpApiHandler, type HttpApiEvent } from '../../functions/http-api/handler.ts';
import type { Implementations } from '../../functions/http-api/implementation.ts';
import type { IdempotencyStore } from '../../shared/ports/idempotency-store.ts';
import { MemoryIdempotencyStore } from '../support/memory/idempotency-store.ts';

export interface Call {
  readonly groups?: string | readonly string[];
  /** Claims in place of an access token's; null for none at all. */
  readonly claims?: object | null;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** An event as API Gateway sends it after its authorizer let the token pass. */
export function eventOf(id: RouteId, call: Call = {}): HttpApiEvent {
  const { method, path } = ROUTES[id];
  const { groups = '[owner]', claims = { sub: 'person-1', token_use: 'access', 'cognito:groups': groups } } =
    call;
  return {
    version: '2.0',
    routeKey: `${method} ${path}`,
    rawPath: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => call.path?.[name] ?? name),
    rawQueryString: new URLSearchParams(call.query).toString(),
    headers: { 'content-type': 'application/json', ...call.headers },
    ...(call.query === undefined ? {} : { queryStringParameters: { ...call.query } }),
    ...(call.path === undefined ? {} : { pathParameters: { ...call.path } }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'api.example',
      domainPrefix: 'api',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'request-1',
      routeKey: `${method} ${path}`,
      stage: '$default',
      time: '23/Nov/2026:09:00:00 +0000',
      timeEpoch: 0,
      ...(claims === null ? {} : { authorizer: { jwt: { claims } } }),
    },
    ...(call.body === undefined ? {} : { body: call.body }),
    isBase64Encoded: call.isBase64Encoded ?? false,
  };
}

class NotSetUp extends Error {}

/** Implementations that fail unless the test says what they do. */
function routesWith(some: Partial<Implementations>): Implementations {
  const none: Record<string, unknown> = Object.fromEntries(
    ROUTE_IDS.map((id) => [
      id,
      async () => {
        throw new NotSetUp(id);
      },
    ]),
  );
  return Object.assign(none, some) as Implementations;
}

export interface Line {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The handler over the given implementations, with what it logged. */
export function handlerWith(
  some: Partial<Implementations>,
  requests: IdempotencyStore = new MemoryIdempotencyStore(),
) {
  const lines: Line[] = [];
  const log =
    (level: Line['level']) =>
    (message: string, fields: Readonly<Record<string, unknown>>): void => {
      lines.push({ level, message, fields });
    };
  const handler = createHttpApiHandler({
    contracts: ROUTES,
    routes: routesWith(some),
    requests,
    clock: { now: () => Date.parse('2026-11-23T09:00:00Z') },
    logger: { info: log('info'), warn: log('warn'), error: log('error') },
  });
  return {
    lines,
    handler,
    async call(id: RouteId, call?: Call) {
      const {
        statusCode,
        headers = {},
        body,
      } = await handler(eventOf(id, call), {
        getRemainingTimeInMillis: () => 10_000,
      });
      const json: unknown = body === undefined ? undefined : JSON.parse(body);
      return { status: statusCode, headers, json };
    },
  };
}
