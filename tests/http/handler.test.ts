import { describe, expect, test } from 'vitest';
import { problemSchema } from '../../events/http/problem.ts';
import { ROLES } from '../../events/http/roles.ts';
import { needsIdempotencyKey, type Route } from '../../events/http/route.ts';
import { ROUTE_IDS, ROUTES, type RouteId } from '../../events/http/routes.ts';
import { openCursor, sealCursor } from '../../functions/http-api/cursor.ts';
import {
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnexpectedAnswerError,
} from '../../shared/domain/errors.ts';
import { eventOf, handlerWith } from './calls.ts';

const EMPTY = { orders: [], cursor: null, searchedBackTo: null };
const UPLOAD = {
  path: { channelId: 'amazon-it' },
  headers: { 'idempotency-key': 'key-00000001' },
  body: JSON.stringify({ fileName: 'a.txt', sizeBytes: 10, contentType: 'text/plain' }),
} as const;
const ADDRESS = {
  method: 'PUT' as const,
  url: 'https://bucket.example/key',
  headers: {},
  objectKey: 'payment-reports/amazon-it/a.txt',
  expiresAt: '2026-11-23T09:15:00.000Z',
};

/** Who is refused before anything else of the request is looked at. */
const isRefusedRole = ({ status, json }: { status: number | undefined; json: unknown }): boolean =>
  status === 403 && problemSchema.parse(json).code === 'not-allowed';

describe('who may call what', () => {
  describe.each(ROUTE_IDS)('%s', (id) => {
    test.each([...ROLES, 'stranger'])('%s', async (role) => {
      const answer = await handlerWith({}).call(id, { groups: `[${role}]` });
      const allowed: readonly string[] = ROUTES[id].roles;
      expect(isRefusedRole(answer)).toBe(!allowed.includes(role));
    });

    test('nobody without an access token', async () => {
      const claims = [
        null,
        {},
        { sub: 'person-1', 'cognito:groups': '[owner]' },
        { sub: 'person-1', token_use: 'id', 'cognito:groups': '[owner]' },
        { token_use: 'access', 'cognito:groups': '[owner]' },
      ];
      for (const each of claims) {
        expect((await handlerWith({}).call(id, { claims: each })).status, JSON.stringify(each)).toBe(401);
      }
    });

    test('nobody who is in no group', async () => {
      const claims = { sub: 'person-1', token_use: 'access' };
      expect(isRefusedRole(await handlerWith({}).call(id, { claims }))).toBe(true);
    });
  });

  test('a person in two groups may do what either may', async () => {
    const { call } = handlerWith({ listActivity: async () => ({ body: { activities: [], cursor: null } }) });
    expect((await call('listActivity', { groups: '[warehouse operator]' })).status).toBe(200);
    expect((await call('listActivity', { groups: ['viewer', 'owner'] })).status).toBe(200);
    expect((await call('listActivity', { groups: '[warehouse viewer]' })).status).toBe(403);
    expect((await call('listActivity', { groups: '[ownership]' })).status).toBe(403);
  });

  test('each role may do something and no role but the owner everything', () => {
    for (const role of ROLES) {
      const open = ROUTE_IDS.filter((id) => (ROUTES[id].roles as readonly string[]).includes(role));
      expect(open.length, role).toBeGreaterThan(2);
      expect(open.length === ROUTE_IDS.length, role).toBe(role === 'owner');
    }
  });
});

describe('what is asked', () => {
  test('wrong fields are named with their rule, and nothing of what was sent comes back', async () => {
    const { call, lines } = handlerWith({});
    const answer = await call('listOrders', {
      query: { status: 'Mario Rossi', from: 'yesterday', limit: '1000', secret: 'x' },
    });
    const problem = problemSchema.parse(answer.json);
    expect([answer.status, answer.headers['content-type']]).toEqual([400, 'application/problem+json']);
    expect(problem).toMatchObject({
      type: 'urn:markeplay:problem:invalid-request',
      status: 400,
      code: 'invalid-request',
      instance: 'request-1',
    });
    expect(problem.issues).toEqual([
      { where: 'query', field: 'status', rule: 'invalid_value' },
      { where: 'query', field: 'from', rule: 'invalid_format' },
      { where: 'query', field: 'limit', rule: 'too_big' },
      { where: 'query', field: '', rule: 'unrecognized_keys' },
    ]);
    expect(JSON.stringify([answer.json, lines])).not.toMatch(/Mario|yesterday|secret/);
  });

  test.each([
    ['{', 400],
    ['[]', 400],
    ['{"fileName":"a.exe","sizeBytes":10,"contentType":"text/plain"}', 400],
    ['{"fileName":"../a.txt","sizeBytes":10,"contentType":"text/plain"}', 400],
    ['{"fileName":"a.txt","sizeBytes":600000000,"contentType":"text/plain"}', 400],
    ['{"fileName":"a.txt","sizeBytes":10,"contentType":"text/html"}', 400],
    [`{"fileName":"${'a'.repeat(70_000)}"}`, 413],
  ])('a body that is not as agreed is refused: %.60s', async (body, status) => {
    expect((await handlerWith({}).call('requestReportUpload', { ...UPLOAD, body })).status).toBe(status);
  });

  test('a body is read from base64, and JSON has to be called JSON', async () => {
    const { call } = handlerWith({ requestReportUpload: async () => ({ body: ADDRESS }) });
    const encoded = { ...UPLOAD, body: Buffer.from(UPLOAD.body).toString('base64'), isBase64Encoded: true };
    expect((await call('requestReportUpload', encoded)).status).toBe(201);
    const text = { ...UPLOAD, headers: { 'idempotency-key': 'key-00000002', 'content-type': 'text/plain' } };
    expect((await call('requestReportUpload', text)).status).toBe(415);
  });

  test('every POST wants a key of its own, every change the version it is made on', async () => {
    for (const id of ROUTE_IDS) {
      const route: Route = ROUTES[id];
      const path = { channelId: 'amazon-it', switch: 'orders', marketplace: 'amazon', orderNumber: '1' };
      const call = { path, body: '{}' };
      if (needsIdempotencyKey(route)) {
        for (const key of ['', 'short', 'with space 12345', 'x'.repeat(65)]) {
          const headers: Record<string, string> = key === '' ? {} : { 'idempotency-key': key };
          const { json } = await handlerWith({}).call(id, { ...call, headers });
          expect(problemSchema.parse(json).code, id).toBe('idempotency-key-required');
        }
      }
      if (route.onVersion) {
        const key = { 'idempotency-key': 'key-00000001' };
        expect((await handlerWith({}).call(id, { ...call, headers: key })).status, id).toBe(428);
        for (const etag of ['*', 'W/"1"', '"one"', '1']) {
          const headers = { ...key, 'if-match': etag };
          expect((await handlerWith({}).call(id, { ...call, headers })).status, `${id} ${etag}`).toBe(400);
        }
      }
    }
  });

  test('an unknown route is no route', async () => {
    const { handler } = handlerWith({});
    const event = { ...eventOf('listOrders'), routeKey: 'GET /v1/else' };
    expect((await handler(event, { getRemainingTimeInMillis: () => 1 })).statusCode).toBe(404);
  });
});

describe('what is answered', () => {
  test('an answer leaves as agreed, and what is not agreed stays here', async () => {
    const { call } = handlerWith({
      listOrders: async () => ({ body: Object.assign({ ...EMPTY }, { buyer: 'Mario Rossi' }) }),
    });
    const answer = await call('listOrders', { groups: '[viewer]' });
    expect(answer).toMatchObject({ status: 200, json: EMPTY });
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  });

  test('an answer that breaks the agreement is our mistake, and only its fields are logged', async () => {
    const { call, lines } = handlerWith({
      listOrders: async () => ({
        body: Object.assign({}, EMPTY, { searchedBackTo: { name: 'Mario Rossi' } }),
      }),
    });
    expect((await call('listOrders')).status).toBe(500);
    expect(lines[0]).toMatchObject({
      message: 'answer-not-as-agreed',
      fields: { wrong: ['searchedBackTo: invalid_type'] },
    });
    expect(JSON.stringify(lines)).not.toContain('Mario');
  });

  test.each([
    [new ThrottledError('amazon', 'secret', { retryAfterMs: 61_001 }), 429, 'throttled', '62'],
    [new UnavailableError('dynamodb', 'secret'), 503, 'unavailable', '5'],
    [new RejectedError('amazon', 'secret', { status: 400 }), 422, 'refused-by-partner', undefined],
    [new RejectedError('dynamodb', 'secret'), 500, 'internal-error', undefined],
    [new UnexpectedAnswerError('ebay', 'secret'), 502, 'unexpected-answer', undefined],
    [new UnexpectedAnswerError('dynamodb', 'secret'), 500, 'internal-error', undefined],
    [new TypeError('secret'), 500, 'internal-error', undefined],
  ])('%s becomes a problem', async (error, status, code, retryAfter) => {
    const { call } = handlerWith({ listOrders: () => Promise.reject(error) });
    const answer = await call('listOrders');
    expect([answer.status, problemSchema.parse(answer.json).code]).toEqual([status, code]);
    expect(answer.headers['retry-after']).toBe(retryAfter);
    expect(JSON.stringify(answer.json)).not.toContain('secret');
  });
});

describe('the same request again', () => {
  const upload = (once: () => Promise<void>) => {
    let times = 0;
    const made = handlerWith({
      async requestReportUpload() {
        times += 1;
        await once();
        return { body: { ...ADDRESS, objectKey: `object-${times}` } };
      },
    });
    return { ...made, times: () => times };
  };

  test('gets the same answer and does nothing again', async () => {
    const { call, times } = upload(async () => {});
    const first = await call('requestReportUpload', UPLOAD);
    const second = await call('requestReportUpload', UPLOAD);
    expect(first.status).toBe(201);
    expect(second).toEqual(first);
    expect(times()).toBe(1);
  });

  test('with another body, path or person is another request', async () => {
    const { call } = upload(async () => {});
    await call('requestReportUpload', UPLOAD);
    const body = UPLOAD.body.replace('10', '11');
    expect((await call('requestReportUpload', { ...UPLOAD, body })).status).toBe(422);
    const path = { channelId: 'amazon-fr' };
    expect((await call('requestReportUpload', { ...UPLOAD, path })).status).toBe(422);
    const claims = { sub: 'person-2', token_use: 'access', 'cognito:groups': '[owner]' };
    expect((await call('requestReportUpload', { ...UPLOAD, claims })).status).toBe(201);
  });

  test('while the first is under way is told to wait', async () => {
    let finish: () => void = () => {};
    const { call, times } = upload(() => new Promise((resolve) => (finish = resolve)));
    const first = call('requestReportUpload', UPLOAD);
    const second = await call('requestReportUpload', UPLOAD);
    expect([second.status, second.headers['retry-after']]).toEqual([409, '1']);
    finish();
    expect((await first).status).toBe(201);
    expect(times()).toBe(1);
  });

  test('after a failure is tried again', async () => {
    let fails = true;
    const { call, times } = upload(async () => {
      if (fails) throw new UnavailableError('s3', 'away');
    });
    expect((await call('requestReportUpload', UPLOAD)).status).toBe(503);
    fails = false;
    expect((await call('requestReportUpload', UPLOAD)).status).toBe(201);
    expect(times()).toBe(2);
  });
});

describe('a cursor', () => {
  const sealed = sealCursor('2026-11-20T08:00:00.000Z#amazon:1', 'orders {}') ?? '';

  test('leads back to where it was made', () => {
    expect(openCursor(sealed, 'orders {}')).toBe('2026-11-20T08:00:00.000Z#amazon:1');
    expect(sealCursor(undefined, 'orders {}')).toBeNull();
  });

  test('altered anywhere, cut, or of another list is refused', () => {
    for (let at = 0; at < sealed.length; at++) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      const altered = sealed.slice(0, at) + other + sealed.slice(at + 1);
      expect(() => openCursor(altered, 'orders {}'), String(at)).toThrow('invalid-cursor');
    }
    for (const cursor of ['', sealed.slice(0, -2), `${sealed}AA`, `${sealed}=`]) {
      expect(() => openCursor(cursor, 'orders {}'), cursor).toThrow('invalid-cursor');
    }
    expect(() => openCursor(sealed, 'orders {"status":"shipped"}')).toThrow('invalid-cursor');
  });
});

test('every route has a purpose, and roles of its own', () => {
  for (const id of ROUTE_IDS satisfies readonly RouteId[]) {
    expect(ROUTES[id].summary.length, id).toBeGreaterThan(5);
    expect(ROUTES[id].roles.length, id).toBeGreaterThan(0);
  }
});
