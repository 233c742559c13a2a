import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type PartnerError,
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnexpectedAnswerError,
} from '../../domain/errors.ts';
import { type AmazonClient, createAmazonClient, createAmazonClients } from './client.ts';

/** What the stand-in answers next, per host; a call nobody set an answer for fails the test. */
type Answer = (response: http.ServerResponse) => void;
const answers: { token: Answer[]; orders: Answer[] } = { token: [], orders: [] };
const seen: {
  host: string;
  method: string;
  path: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}[] = [];

const server = http.createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const host = request.headers['x-real-host'];
  const path = request.url ?? '';
  seen.push({ host: String(host), method: request.method ?? '', path, headers: request.headers, body });
  const queue = host === 'api.amazon.com' ? answers.token : answers.orders;
  const answer = queue.shift();
  if (answer === undefined) throw new Error(`nothing was set up for ${request.method} ${host}${path}`);
  answer(response);
});

function json(status: number, body: unknown, headers: http.OutgoingHttpHeaders = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}
const token = (value = 'Atza|one') => json(200, { access_token: value, expires_in: 3600 });
const refused = (status: number, code: string, details = '', headers: http.OutgoingHttpHeaders = {}) =>
  json(status, { errors: [{ code, message: 'PRIVATE message', details }] }, headers);

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  // The library's own requests, to the real host names, are led here: only the TLS is left out.
  vi.spyOn(https, 'request').mockImplementation((...args: unknown[]) => {
    const [options, onAnswer] = args as [https.RequestOptions, (answer: http.IncomingMessage) => void];
    const { hostname, method, path, headers } = options;
    return http.request(
      {
        hostname: '127.0.0.1',
        port: address.port,
        method,
        path,
        headers: { ...headers, 'x-real-host': String(hostname) },
      },
      onAnswer,
    );
  });
});
afterAll(async () => {
  vi.restoreAllMocks();
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

let nowMs = 0;
let client: AmazonClient;
beforeEach(() => {
  nowMs = Date.parse('2026-11-23T10:00:00Z');
  answers.token = [];
  answers.orders = [];
  seen.length = 0;
  client = createAmazonClient(
    { clientId: 'client', clientSecret: 'SECRET-1', refreshToken: 'REFRESH-1' },
    { now: () => nowMs },
  );
});

const search = (query: Record<string, unknown> = {}) =>
  client.call({ operation: 'searchOrders', documentedRatePerSecond: 0.0056, query });
const failure = (call: Promise<unknown>): Promise<PartnerError> =>
  call.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: PartnerError) => error,
  );

describe('a call', () => {
  test('signs in, then asks the pinned version at the European host, lists joined by commas', async () => {
    answers.token.push(token());
    answers.orders.push(json(200, { orders: [] }, { 'x-amzn-RateLimit-Limit': '0.0056' }));
    const answer = await search({
      lastUpdatedAfter: '2026-11-23T09:40:00.000Z',
      marketplaceIds: ['APJ6JRA9NG5V4', 'A1PA6795UKMFR9'],
    });
    expect(answer).toMatchObject({ statusCode: 200, body: '{"orders":[]}' });
    expect(answer.headers['x-amzn-ratelimit-limit']).toBe('0.0056');
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'REFRESH-1',
      client_id: 'client',
      client_secret: 'SECRET-1',
    });
    expect(seen[1]).toMatchObject({
      host: 'sellingpartnerapi-eu.amazon.com',
      method: 'GET',
      path: '/orders/2026-01-01/orders?lastUpdatedAfter=2026-11-23T09%3A40%3A00.000Z&marketplaceIds=APJ6JRA9NG5V4%2CA1PA6795UKMFR9',
    });
    expect(seen[1]?.headers['x-amz-access-token']).toBe('Atza|one');
  });

  test('that confirms a shipment is a write of the version it stayed in, and no answer is one', async () => {
    answers.token.push(token());
    answers.orders.push((response) => response.writeHead(204).end());
    const answer = await client.call({
      operation: 'confirmShipment',
      documentedRatePerSecond: 2,
      path: { orderId: '404-0000001-0000001' },
      body: { marketplaceId: 'APJ6JRA9NG5V4' },
    });
    expect(answer).toMatchObject({ statusCode: 204, body: '' });
    expect(seen[1]).toMatchObject({
      method: 'POST',
      path: '/orders/v0/orders/404-0000001-0000001/shipmentConfirmation',
      body: '{"marketplaceId":"APJ6JRA9NG5V4"}',
    });
    expect(seen[1]?.headers['content-type']).toContain('application/json');
  });

  test('signs in once for many calls and again before the hour is over', async () => {
    answers.token.push(token('Atza|one'), token('Atza|two'));
    for (let n = 0; n < 3; n += 1) answers.orders.push(json(200, {}));
    await search();
    nowMs += 54 * 60_000;
    await search();
    nowMs += 60_000;
    await search();
    expect(seen.map(({ headers }) => headers['x-amz-access-token'])).toEqual([
      undefined,
      'Atza|one',
      'Atza|one',
      undefined,
      'Atza|two',
    ]);
  });

  test('two calls at once share one sign-in', async () => {
    answers.token.push(token());
    answers.orders.push(json(200, {}), json(200, {}));
    await Promise.all([search(), search()]);
    expect(seen.filter(({ host }) => host === 'api.amazon.com')).toHaveLength(1);
  });

  test.each([
    [
      'getOrder',
      { path: { orderId: '404-1111111-1111111' } },
      '/orders/2026-01-01/orders/404-1111111-1111111',
    ],
    [
      'getReports',
      { query: { reportTypes: ['GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2'] } },
      '/reports/2021-06-30/reports?reportTypes=GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2',
    ],
    [
      'getReportDocument',
      { path: { reportDocumentId: 'amzn1.spdoc.1.4.eu.x/y' } },
      '/reports/2021-06-30/documents/amzn1.spdoc.1.4.eu.x%2Fy',
    ],
    ['getMarketplaceParticipations', {}, '/sellers/v1/marketplaceParticipations'],
  ] as const)('%s goes to its own API, in the version we know', async (operation, parts, path) => {
    answers.token.push(token());
    answers.orders.push(json(200, {}));
    await client.call({ operation, documentedRatePerSecond: 1, ...parts });
    expect(seen[1]).toMatchObject({ method: 'GET', path });
  });

  test('with a path is made a second time with the same path', async () => {
    answers.token.push(token(), token());
    answers.orders.push(
      refused(403, 'Unauthorized', 'The access token you provided has expired.'),
      json(200, {}),
    );
    await client.call({
      operation: 'getReportDocument',
      documentedRatePerSecond: 1,
      path: { reportDocumentId: 'a/b' },
    });
    expect(seen.at(-1)?.path).toBe('/reports/2021-06-30/documents/a%2Fb');
  });

  test('with a token that Amazon calls revoked learns from the sign-in that a person must authorise again', async () => {
    answers.token.push(token(), json(400, { error: 'invalid_grant' }));
    answers.orders.push(
      refused(403, 'Unauthorized', 'The access token you provided is revoked, malformed or invalid.'),
    );
    expect(await failure(search())).toMatchObject({ status: 401, message: 'amazon sign-in: invalid_grant' });
  });

  test('that the role forbids is not taken for a matter of the token', async () => {
    answers.token.push(token());
    answers.orders.push(refused(403, 'Unauthorized', 'Access to the resource is forbidden'));
    expect(await failure(search())).toMatchObject({ status: 403 });
    expect(seen).toHaveLength(2);
  });

  test('with a token that died early signs in anew and is made once more', async () => {
    answers.token.push(token('Atza|one'), token('Atza|two'));
    answers.orders.push(
      refused(403, 'Unauthorized', 'The access token you provided has expired.'),
      json(200, {}),
    );
    expect((await search()).statusCode).toBe(200);
    expect(seen.at(-1)?.headers['x-amz-access-token']).toBe('Atza|two');
  });

  test('is not repeated for ever when the token keeps being refused', async () => {
    answers.token.push(token(), token());
    const expired = refused(403, 'Unauthorized', 'The access token you provided has expired.');
    answers.orders.push(expired, expired);
    expect(await failure(search())).toBeInstanceOf(RejectedError);
  });
});

describe('a failure', () => {
  test('429 is throttled until the granted rate allows a call, or the documented one', async () => {
    answers.token.push(token());
    answers.orders.push(
      refused(429, 'QuotaExceeded', '', { 'x-amzn-RateLimit-Limit': '0.5' }),
      refused(429, 'QuotaExceeded'),
      refused(429, 'QuotaExceeded', '', { 'x-amzn-RateLimit-Limit': 'none' }),
    );
    expect(await failure(search())).toMatchObject({ retryAfterMs: 2_000 });
    expect(await failure(search())).toMatchObject({ retryAfterMs: 178_572 });
    const last = await failure(search());
    expect(last).toBeInstanceOf(ThrottledError);
    expect(last).toMatchObject({ retryAfterMs: 178_572 });
    expect(seen).toHaveLength(4);
  });

  test.each([500, 502, 503, 504])('%i is unavailable', async (status) => {
    answers.token.push(token());
    answers.orders.push(json(status, '<html>busy</html>'));
    expect(await failure(search())).toBeInstanceOf(UnavailableError);
  });

  test.each([400, 401, 403, 404, 413, 415])('%i is rejected, with its status', async (status) => {
    answers.token.push(token());
    answers.orders.push(refused(status, 'InvalidInput'));
    const error = await failure(search());
    expect(error).toBeInstanceOf(RejectedError);
    expect(error).toMatchObject({ status });
  });

  test('a status nobody documented is unexpected', async () => {
    answers.token.push(token());
    answers.orders.push(json(302, ''));
    expect(await failure(search())).toBeInstanceOf(UnexpectedAnswerError);
  });

  test('names Amazon’s code and request id and quotes nothing else', async () => {
    answers.token.push(token());
    answers.orders.push(refused(400, 'InvalidInput', 'PRIVATE details', { 'x-amzn-RequestId': 'req-1' }));
    const error = await failure(search());
    expect(error.message).toBe('amazon searchOrders: 400, InvalidInput, request req-1');
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('PRIVATE');
  });

  test('a connection that breaks before the answer is unavailable, and not tried again by itself', async () => {
    answers.token.push(token());
    answers.orders.push((response) => response.destroy());
    expect(await failure(search())).toBeInstanceOf(UnavailableError);
    expect(seen).toHaveLength(2);
  });

  test('a connection that breaks inside the answer is unavailable in the end', async () => {
    answers.token.push(token());
    answers.orders.push((response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"orders":[', () => response.destroy());
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const pending = failure(search());
      await vi.waitFor(() => expect(answers.orders).toHaveLength(0));
      await vi.advanceTimersByTimeAsync(60_000);
      const error = await pending;
      expect(error).toBeInstanceOf(UnavailableError);
      // The library itself would have waited for ever.
      expect(error.message).toBe('amazon searchOrders: no answer in 32000 ms');
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a sign-in', () => {
  test.each(['invalid_grant', 'invalid_client', 'unauthorized_client'])(
    'answered %s is rejected: a person must authorise again',
    async (error) => {
      answers.token.push(json(400, { error, error_description: 'REFRESH-1 is not valid' }));
      const rejected = await failure(search());
      expect(rejected).toBeInstanceOf(RejectedError);
      expect(rejected).toMatchObject({ status: 401, message: `amazon sign-in: ${error}` });
      expect(rejected).not.toHaveProperty('cause');
    },
  );

  test('answered by a gateway’s page is unavailable', async () => {
    answers.token.push(json(502, '<html>bad gateway</html>'));
    expect(await failure(search())).toBeInstanceOf(UnavailableError);
  });

  test('without a token in the answer is unexpected, and the answer is not quoted', async () => {
    answers.token.push(json(200, { id_token: 'PRIVATE' }));
    const error = await failure(search());
    expect(error).toBeInstanceOf(UnexpectedAnswerError);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('PRIVATE');
  });

  test('that failed is tried again by the next call', async () => {
    answers.token.push(json(503, 'busy'), token());
    answers.orders.push(json(200, {}));
    await failure(search());
    expect((await search()).statusCode).toBe(200);
  });
});

describe('the clients of several accounts', () => {
  const stored = { clientId: 'client', clientSecret: 'SECRET-1', refreshToken: 'REFRESH-1' };
  const clock = { now: () => nowMs };
  const storeOf = (get: () => Record<string, string> | undefined) => ({
    getCredentials: async () => get(),
    putCredentials: async () => {
      throw new Error('nothing is written here');
    },
  });

  test('are made once per account and kept', async () => {
    let reads = 0;
    const clientOf = createAmazonClients(
      storeOf(() => {
        reads += 1;
        return stored;
      }),
      clock,
    );
    expect(await clientOf('A1')).toBe(await clientOf('A1'));
    expect(await clientOf('A2')).not.toBe(await clientOf('A1'));
    expect(reads).toBe(2);
  });

  test('are made anew after Amazon refused the sign-in, from what is stored by then', async () => {
    let current = stored;
    const clientOf = createAmazonClients(
      storeOf(() => current),
      clock,
    );
    const request = { operation: 'searchOrders', documentedRatePerSecond: 1, query: {} } as const;
    answers.token.push(json(400, { error: 'invalid_grant' }), token());
    answers.orders.push(json(200, {}));
    await failure((await clientOf('A1')).call(request));
    current = { ...stored, refreshToken: 'REFRESH-2' };
    await (await clientOf('A1')).call(request);
    expect(JSON.parse(seen[1]?.body ?? '')).toMatchObject({ refresh_token: 'REFRESH-2' });
  });

  test.each([undefined, { clientId: 'client' }])(
    'are refused without complete credentials',
    async (partial) => {
      const clientOf = createAmazonClients(
        storeOf(() => partial),
        clock,
      );
      await expect(clientOf('A1')).rejects.toBeInstanceOf(RejectedError);
    },
  );
});
