import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import type { FunctionRunner } from '../function-runner.ts';
import { HTTP_API, HTTP_AUTHORIZER, HTTP_INTEGRATION, HTTP_ROUTE } from '../resource-types.ts';
import { type StackModel, TemplateRefused } from '../template.ts';
import type { Trace } from '../trace.ts';

/** API Gateway quotas, "HTTP API": payload size. */
const PAYLOAD_BYTES_MAX = 10 * 1024 * 1024;
const TEXT_TYPES = /^(?:text\/|application\/(?:json|javascript|xml)|[^;]*\+(?:json|xml))/;

/** API Gateway's place: the routes of the template, its authorizer, events of format 2.0 to the function behind. */
export interface HttpApiEmulator {
  readonly endpoint: string;
  /** From now on requests go to the functions. */
  open(model: StackModel, runners: ReadonlyMap<string, FunctionRunner>, keys: JSONWebKeySet): void;
  stop(): Promise<void>;
}

interface OpenRoute {
  readonly key: string;
  readonly method: string;
  readonly pattern: RegExp;
  readonly runner: FunctionRunner;
  readonly timeoutMs: number;
  readonly authorizer: Authorizer;
}
type Authorizer = (authorization: string | undefined) => Promise<JWTPayload | undefined>;

/** Listens at once, so that the address can be written into the stack's outputs. */
export async function startHttpApi(trace: Trace): Promise<HttpApiEmulator> {
  let routes: readonly OpenRoute[] = [];
  let place = { accountId: '', apiId: '' };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => message(response, 500, 'Internal Server Error'));
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', headers } = request;
    const url = new URL(request.url ?? '/', 'http://localhost');
    const found = routes
      .filter((route) => route.method === method)
      .map((route) => ({ route, match: route.pattern.exec(url.pathname) }))
      .find(({ match }) => match !== null);
    if (found === undefined) return message(response, 404, 'Not Found');
    const { route } = found;
    const claims = await route.authorizer(headers.authorization);
    if (claims === undefined) {
      response.setHeader('www-authenticate', 'Bearer');
      return message(response, 401, 'Unauthorized');
    }
    const body = await bodyOf(request);
    if (body === undefined) return message(response, 413, 'Request Entity Too Large');

    const requestId = randomUUID();
    trace.add('http-request', { route: route.key, requestId });
    const event = eventOf(request, url, body, {
      ...place,
      routeKey: route.key,
      requestId,
      claims,
      pathParameters: found.match?.groups ?? {},
    });
    const late = new AbortController();
    const result = await Promise.race([
      route.runner.invoke(event),
      pause(route.timeoutMs, undefined, { signal: late.signal, ref: false }).catch(() => undefined),
    ]);
    late.abort();
    if (result === undefined) return message(response, 503, 'Service Unavailable');
    if (result.status === 'failed') return message(response, 500, 'Internal Server Error');
    answer(response, result.value);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    open(model, runners, keys) {
      const [api] = model.of(HTTP_API);
      place = { accountId: model.accountId, apiId: api?.ref ?? '' };
      routes = openRoutes(model, runners, keys);
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The template's routes, those with the fewest variables first, as API Gateway prefers them. */
function openRoutes(
  model: StackModel,
  runners: ReadonlyMap<string, FunctionRunner>,
  keys: JSONWebKeySet,
): readonly OpenRoute[] {
  const integrations = new Map(model.of(HTTP_INTEGRATION).map((each) => [`integrations/${each.ref}`, each]));
  const authorizers = new Map(
    model
      .of(HTTP_AUTHORIZER)
      .map(({ ref, properties }) => [ref, createAuthorizer(properties.JwtConfiguration, keys)]),
  );
  return model
    .of(HTTP_ROUTE)
    .map(({ logicalId, properties }): OpenRoute => {
      const integration = integrations.get(properties.Target);
      const runner = runners.get(integration?.properties.IntegrationUri ?? '');
      const authorizer = authorizers.get(properties.AuthorizerId);
      if (integration === undefined || runner === undefined || authorizer === undefined) {
        throw new TemplateRefused(`${logicalId}: its function or its authorizer is in none of these stacks`);
      }
      const [method = '', path = ''] = properties.RouteKey.split(' ');
      return {
        key: properties.RouteKey,
        method,
        pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
        runner,
        timeoutMs: integration.properties.TimeoutInMillis,
        authorizer,
      };
    })
    .sort((a, b) => variables(a) - variables(b));
}

function variables({ key }: OpenRoute): number {
  return key.split('{').length;
}

/**
 * Signature, issuer, time and audience of a token; undefined when one of them is wrong. The audience is `aud`, or the
 * client where a token has none (HTTP API developer guide, "Control access to HTTP APIs with JWT authorizers").
 */
export function createAuthorizer(
  { Issuer, Audience }: { readonly Issuer: string; readonly Audience: readonly string[] },
  keys: JSONWebKeySet,
): Authorizer {
  const keySet = createLocalJWKSet(keys);
  return async (authorization) => {
    const token = /^(?:Bearer\s+)?(\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return undefined;
    try {
      const { payload } = await jwtVerify(token, keySet, {
        issuer: Issuer,
        algorithms: ['RS256'],
        requiredClaims: ['exp', 'iat'],
      });
      const meantFor = [payload.aud ?? payload.client_id].flat();
      return meantFor.some((audience) => Audience.includes(String(audience))) ? payload : undefined;
    } catch {
      return undefined;
    }
  };
}

/** The whole body; undefined when it is more than API Gateway takes. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request) {
    bytes += piece.length;
    // Read to the end all the same: a connection cut off tells the caller nothing.
    if (bytes <= PAYLOAD_BYTES_MAX) pieces.push(piece);
  }
  return bytes > PAYLOAD_BYTES_MAX ? undefined : Buffer.concat(pieces);
}

/** Source: API Gateway developer guide, "Lambda proxy integrations for HTTP APIs", payload format version 2.0. */
function eventOf(
  request: IncomingMessage,
  url: URL,
  body: Buffer,
  of: {
    readonly accountId: string;
    readonly apiId: string;
    readonly routeKey: string;
    readonly requestId: string;
    readonly claims: JWTPayload;
    readonly pathParameters: Readonly<Record<string, string>>;
  },
): object {
  const isText = TEXT_TYPES.test(request.headers['content-type'] ?? 'text/plain');
  const now = new Date();
  const query: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    query[name] = query[name] === undefined ? value : `${query[name]},${value}`;
  }
  return {
    version: '2.0',
    routeKey: of.routeKey,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, [value ?? ''].flat().join(',')]),
    ),
    ...(Object.keys(query).length === 0 ? {} : { queryStringParameters: query }),
    ...(Object.keys(of.pathParameters).length === 0
      ? {}
      : {
          pathParameters: Object.fromEntries(
            Object.entries(of.pathParameters).map(([name, value]) => [name, decodeURIComponent(value)]),
          ),
        }),
    requestContext: {
      accountId: of.accountId,
      apiId: of.apiId,
      authorizer: { jwt: { claims: asStrings(of.claims), scopes: null } },
      domainName: request.headers.host ?? '',
      domainPrefix: of.apiId,
      http: {
        method: request.method ?? 'GET',
        path: url.pathname,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: of.requestId,
      routeKey: of.routeKey,
      stage: '$default',
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
    },
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** API Gateway hands on every claim as text, a list as `[one two]`. */
function asStrings(claims: JWTPayload): Record<string, string> {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      Array.isArray(value) ? `[${value.join(' ')}]` : String(value),
    ]),
  );
}

const answerSchema = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().default(false),
});

function answer(response: ServerResponse, value: unknown): void {
  const parsed = answerSchema.safeParse(value);
  if (!parsed.success) {
    message(response, 500, 'Internal Server Error');
    return;
  }
  const { statusCode, headers, body = '', isBase64Encoded } = parsed.data;
  for (const [name, header] of Object.entries(headers)) response.setHeader(name, String(header));
  response.writeHead(statusCode).end(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'));
}

/** What API Gateway says by itself. */
function message(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message: text }));
}
