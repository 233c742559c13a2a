import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type * as z from 'zod';
import { needsIdempotencyKey, type Route } from '../../events/http/route.ts';
import { Problem } from '../../shared/runtime/http-problem.ts';

/** What most routes need is a form or a handful of credentials; those that need more say so. */
const BODY_BYTES_MAX = 64 * 1024;
const IDEMPOTENCY_KEY = /^[\w-]{8,64}$/;
const VERSION = /^"(\d{1,9})"$/;

type Issues = NonNullable<Problem['facts']['issues']>;
type Where = Issues[number]['where'];

/** What a request says, as its route allows it. */
export interface CheckedRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly bodyText: string;
  readonly version: number;
  readonly idempotencyKey: string | undefined;
}

/**
 * Checks a request against its route, all of it before the first complaint.
 * @throws Problem 400, 413, 415 or 428; it names fields and rules, never what was sent
 */
export function checkRequest(route: Route, event: APIGatewayProxyEventV2): CheckedRequest {
  const bodyText = bodyOf(event, route.bodyBytesMax ?? BODY_BYTES_MAX);
  const issues: Issues = [];
  const check = (where: Where, schema: z.ZodType, value: unknown): unknown => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    for (const { path, code } of parsed.error.issues)
      issues.push({ where, field: path.join('.'), rule: code });
    return undefined;
  };
  const params = check('path', route.params, event.pathParameters ?? {});
  const query = check('query', route.query, event.queryStringParameters ?? {});
  const body = route.body === undefined ? undefined : check('body', route.body, jsonOf(event, bodyText));
  const idempotencyKey = needsIdempotencyKey(route) ? event.headers['idempotency-key'] : undefined;
  if (needsIdempotencyKey(route) && !(idempotencyKey && IDEMPOTENCY_KEY.test(idempotencyKey))) {
    throw new Problem('idempotency-key-required');
  }
  const version = route.onVersion ? versionOf(event.headers['if-match']) : 0;
  if (issues.length > 0) throw new Problem('invalid-request', { issues });
  return { params, query, body, bodyText, version, idempotencyKey };
}

export function etagOf(version: number): string {
  return `"${version}"`;
}

function bodyOf({ body = '', isBase64Encoded }: APIGatewayProxyEventV2, bytesMax: number): string {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > bytesMax) throw new Problem('body-too-large');
  return bytes.toString('utf8');
}

function jsonOf({ headers }: APIGatewayProxyEventV2, text: string): unknown {
  if (!/^application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? '')) throw new Problem('not-json');
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem('invalid-request', { issues: [{ where: 'body', field: '', rule: 'not_json' }] });
  }
}

function versionOf(ifMatch: string | undefined): number {
  if (ifMatch === undefined) throw new Problem('version-required');
  const version = VERSION.exec(ifMatch.trim())?.[1];
  if (version !== undefined) return Number(version);
  throw new Problem('invalid-request', {
    issues: [{ where: 'header', field: 'if-match', rule: 'invalid_format' }],
  });
}
