import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type PartnerError,
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnexpectedAnswerError,
} from '../../domain/errors.ts';
import {
  createManomanoClient,
  createManomanoClients,
  MANOMANO_CALLS_QUOTA,
  type ManomanoClient,
} from './client.ts';

/** What the server answers next; a call nobody set an answer for fails the test. */
type Answer = (response: http.ServerResponse) => void;
let answers: Answer[] = [];
const seen: { method: string; url: string; headers: http.IncomingHttpHeaders; body: string }[] = [];

const server = http.createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
  const answer = answers.shift();
  if (answer === undefined) throw new Error(`nothing was set up for ${request.method} ${request.url}`);
  answer(response);
});

function json(status: number, body: unknown, headers: http.OutgoingHttpHeaders = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const real = fetch;
  // The client's own requests, to the real host name, are led here: only the TLS is left out.
  vi.stubGlobal('fetch', (url: URL, init: RequestInit) => {
    if (url.origin !== 'https://partnersapi.manomano.com') throw new Error(`a call to ${url.origin}`);
    return real(`http://127.0.0.1:${address.port}${url.pathname}${url.search}`, init);
  });
});
afterAll(async () => {
  vi.unstubAllGlobals();
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

let client: ManomanoClient;
beforeEach(() => {
  answers = [];
  seen.length = 0;
  client = createManomanoClient({ apiKey: 'SECRET-1' });
});

const list = (query: Record<string, string> = { seller_contract_id: '900001', page: '1' }) =>
  client.call({ operation: 'orders', method: 'GET', path: '/orders/v1/orders', query });
const failure = (call: Promise<unknown>): Promise<PartnerError> =>
  call.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: PartnerError) => error,
  );

describe('a call', () => {
  test('carries the key, the integrator’s name with its version, and its query', async () => {
    answers.push(json(200, { content: [] }));
    expect(await list()).toEqual({ status: 200, outcome: 'success', body: { content: [] } });
    expect(seen).toMatchObject([
      { method: 'GET', url: '/orders/v1/orders?seller_contract_id=900001&page=1', body: '' },
    ]);
    const version = JSON.parse(
      readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
    ).version;
    expect(seen[0]?.headers).toMatchObject({
      accept: 'application/json',
      'x-api-key': 'SECRET-1',
      'x-thirdparty-name': `MarkeplayChannels_${version}`,
    });
    expect(seen[0]?.headers).not.toHaveProperty('content-type');
  });

  test('with a body sends it as JSON, and 204 answers without one', async () => {
    answers.push((response) => response.writeHead(204).end());
    const body = [{ order_reference: 'M2600000000001', seller_contract_id: 900001 }];
    expect(
      await client.call({ operation: 'accept', method: 'POST', path: '/orders/v1/accept-orders', body }),
    ).toEqual({ status: 204, outcome: 'success', body: undefined });
    expect(seen[0]?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual(body);
  });

  test('answered 207 is not a success, and says of each element what became of it', async () => {
    const body = { content: [{ order_reference: 'M2600000000001', result: 'KO' }] };
    answers.push(json(207, body));
    expect(await list()).toEqual({ status: 207, outcome: 'mixed', body });
  });

  test('to anywhere else than ManoMano’s paths is a programming error, and the key does not leave', async () => {
    for (const path of ['https://evil.example/orders', '//evil.example/orders', '/orders?page=2']) {
      await expect(client.call({ operation: 'orders', method: 'GET', path })).rejects.toBeInstanceOf(
        RangeError,
      );
    }
    expect(seen).toEqual([]);
  });
});

describe('a failure', () => {
  test.each([
    ['the header, in seconds', {}, { 'retry-after': '12' }, 12_000],
    [
      'the header, as a date',
      {},
      { 'retry-after': 'Mon, 23 Nov 2026 10:00:40 GMT', date: 'Mon, 23 Nov 2026 10:00:00 GMT' },
      40_000,
    ],
    ['Cloudflare’s body', { error_code: 1015, retry_after: 30 }, {}, 30_000],
    ['Cloudflare’s body, as text', { error_code: '1015', retry_after: '30' }, {}, 30_000],
    ['neither', { message: 'Too many requests' }, {}, 60_000],
    ['neither, and no JSON', '<html>busy</html>', {}, 60_000],
    ['nonsense', { retry_after: 'soon' }, { 'retry-after': 'later' }, 60_000],
    ['zero, which would be a storm', { retry_after: 0 }, { 'retry-after': '0' }, 60_000],
    ['a day, of an allowance by the hour', {}, { 'retry-after': '86400' }, 3_600_000],
  ])('429 says in %s how long to wait', async (_, body, headers, retryAfterMs) => {
    answers.push(json(429, body, headers));
    const error = await failure(list());
    expect(error).toBeInstanceOf(ThrottledError);
    expect(error).toMatchObject({ retryAfterMs, retryable: true });
    expect(seen).toHaveLength(1);
  });

  test('Cloudflare’s limit under another status is a limit too, and no revoked key', async () => {
    answers.push(json(403, { error_code: 1015, retry_after: 5 }));
    expect(await failure(list())).toBeInstanceOf(ThrottledError);
  });

  test.each([500, 502, 503, 504, 408, 522])('%i is unavailable', async (status) => {
    answers.push(json(status, '<html>busy</html>'));
    expect(await failure(list())).toBeInstanceOf(UnavailableError);
  });

  test.each([400, 401, 403, 404, 409, 422])('%i is rejected, with its status', async (status) => {
    answers.push(json(status, { error: { message: 'PRIVATE' } }));
    const error = await failure(list());
    expect(error).toBeInstanceOf(RejectedError);
    expect(error).toMatchObject({ status });
  });

  test('a redirection is not followed', async () => {
    answers.push(json(302, '', { location: 'https://evil.example/' }));
    expect(await failure(list())).toBeInstanceOf(UnexpectedAnswerError);
    expect(seen).toHaveLength(1);
  });

  test.each([
    ['a page for people', '<!doctype html>PRIVATE'],
    ['half of the JSON', '{"content":[{"customer":{"firstname":"PRIVATE'],
  ])('%s under 200 is unexpected, and not quoted', async (_, body) => {
    answers.push(json(200, body));
    const error = await failure(list());
    expect(error).toBeInstanceOf(UnexpectedAnswerError);
    expect(allTextOf(error)).not.toContain('PRIVATE');
  });

  test('names ManoMano’s code and quotes nothing else: neither its texts, nor the address, nor the key', async () => {
    answers.push(
      json(400, { error: { code: 'ERR_1405', message: 'PRIVATE text' }, message: 'PRIVATE too' }),
      json(400, { code: 'PRIVATE words, not a code' }),
    );
    const error = await failure(list({ order_reference: 'PRIVATE-M1' }));
    expect(error.message).toBe('manomano orders: 400, ERR_1405');
    for (const each of [error, await failure(list())]) {
      expect(allTextOf(each)).not.toMatch(/PRIVATE|SECRET/);
    }
  });

  test('a connection that breaks before the answer is unavailable, and not tried again by itself', async () => {
    answers.push((response) => response.destroy());
    const error = await failure(list());
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error.message).toBe('manomano orders: no answer (UND_ERR_SOCKET)');
    expect(seen).toHaveLength(1);
  });

  test('a connection that breaks inside the answer is unavailable', async () => {
    answers.push((response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"content":[', () => response.destroy());
    });
    expect(await failure(list())).toBeInstanceOf(UnavailableError);
  });

  test.each([
    ['no answer', () => {}],
    ['an answer that stops arriving', (response: http.ServerResponse) => response.write('{"content":[')],
  ])('%s is unavailable when the time is over', async (_, answer) => {
    const over = new AbortController();
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(over.signal);
    try {
      answers.push((response) => {
        answer(response);
        over.abort(new DOMException('The operation timed out.', 'TimeoutError'));
      });
      const error = await failure(list());
      expect(error).toBeInstanceOf(UnavailableError);
      expect(error.message).toBe('manomano orders: no answer (TimeoutError)');
      expect(timeout).toHaveBeenCalledWith(30_000);
    } finally {
      timeout.mockRestore();
    }
  });
});

describe('the clients of several accounts', () => {
  const storeOf = (get: () => Record<string, string> | undefined) => ({
    getCredentials: async (marketplace: string) => {
      if (marketplace !== 'manomano') throw new Error(`credentials of ${marketplace}`);
      return get();
    },
    putCredentials: async () => {
      throw new Error('nothing is written here');
    },
  });
  const request = { operation: 'orders', method: 'GET', path: '/orders/v1/orders' } as const;

  test('are made once per account and kept', async () => {
    let reads = 0;
    const clientOf = createManomanoClients(
      storeOf(() => {
        reads += 1;
        return { apiKey: 'SECRET-1' };
      }),
    );
    expect(await clientOf('one')).toBe(await clientOf('one'));
    expect(await clientOf('two')).not.toBe(await clientOf('one'));
    expect(reads).toBe(2);
  });

  test.each([401, 403])('are made anew after %i, with the key that is stored by then', async (status) => {
    let apiKey = 'SECRET-1';
    const clientOf = createManomanoClients(storeOf(() => ({ apiKey })));
    answers.push(json(status, {}), json(200, {}), json(404, {}), json(200, {}));
    await failure((await clientOf('one')).call(request));
    apiKey = 'SECRET-2';
    await (await clientOf('one')).call(request);
    apiKey = 'SECRET-3';
    await failure((await clientOf('one')).call(request));
    await (await clientOf('one')).call(request);
    expect(seen.map(({ headers }) => headers['x-api-key'])).toEqual([
      'SECRET-1',
      'SECRET-2',
      'SECRET-2',
      'SECRET-2',
    ]);
  });

  test.each<Record<string, string> | undefined>([undefined, {}, { apiKey: '' }, { apiKey: 'SECRET\n' }])(
    'are refused without a key that can be sent, and do not show it',
    async (stored) => {
      const clientOf = createManomanoClients(storeOf(() => stored));
      const error = await failure(clientOf('one'));
      expect(error).toBeInstanceOf(RejectedError);
      expect(allTextOf(error)).not.toContain('SECRET');
    },
  );
});

test('no hour holds more calls than ManoMano allows, however full the bucket was', () => {
  const { burst, ratePerSecond } = MANOMANO_CALLS_QUOTA;
  expect(burst + Math.round(ratePerSecond * 3_600)).toBe(250);
});

/** All an error carries, its causes included. */
function allTextOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.stack} ${JSON.stringify(error, Object.getOwnPropertyNames(error))} ${allTextOf(error.cause)}`;
}
