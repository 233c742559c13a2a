import { once } from 'node:events';
import http from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type PartnerError,
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnexpectedAnswerError,
} from '../../domain/errors.ts';
import { downloadCustomisation } from './download.ts';

type Answer = (response: http.ServerResponse) => void;
let answers: Answer[] = [];
let seen: string[] = [];
const server = http.createServer((request, response) => {
  seen.push(`${request.headers['x-real-host']}${request.url}`);
  const answer = answers.shift();
  if (answer === undefined) throw new Error(`nothing was set up for ${request.url}`);
  answer(response);
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const real = globalThis.fetch;
  // Requests to public names are led here: only the TLS is left out.
  vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    const url = new URL(String(input));
    return real(`http://127.0.0.1:${address.port}${url.pathname}${url.search}`, {
      ...init,
      headers: { 'x-real-host': url.host },
    });
  });
});
afterAll(async () => {
  vi.restoreAllMocks();
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});
beforeEach(() => {
  answers = [];
  seen = [];
});

const ADDRESS = 'https://files.example.com/package.zip?key=PRIVATE';
const limits = { bytesMax: 1_000, timeoutMs: 5_000 };
const failure = (call: Promise<unknown>): Promise<PartnerError> =>
  call.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: PartnerError) => error,
  );
const status =
  (code: number, headers: http.OutgoingHttpHeaders = {}): Answer =>
  (response) => {
    response.writeHead(code, headers).end('PRIVATE');
  };
/** Nothing of the address or the answer may stand in a failure. */
function expectSilent(error: Error): void {
  const whole = [error.message, error.stack, JSON.stringify(error, Object.getOwnPropertyNames(error))];
  expect(whole.join()).not.toMatch(/PRIVATE|files\.example/);
}

describe('a download', () => {
  test('is the bytes as they are', async () => {
    const bytes = Buffer.from([0, 255, 10, 13, 128]);
    answers.push((response) => response.end(bytes));
    expect(await downloadCustomisation(ADDRESS, limits)).toEqual(bytes);
    expect(seen).toEqual(['files.example.com/package.zip?key=PRIVATE']);
  });

  test('follows a redirect to another public name', async () => {
    answers.push(status(302, { location: 'https://store.example.com/x' }), (response) =>
      response.end('here'),
    );
    expect(String(await downloadCustomisation(ADDRESS, limits))).toBe('here');
    expect(seen[1]).toBe('store.example.com/x');
  });

  test('does not follow one into our own network, nor one after the other', async () => {
    answers.push(status(302, { location: 'https://169.254.169.254/latest/PRIVATE' }));
    const inside = await failure(downloadCustomisation(ADDRESS, limits));
    expect(inside).toBeInstanceOf(UnexpectedAnswerError);
    expectSilent(inside);
    answers = Array.from({ length: 4 }, () => status(302, { location: '/again' }));
    expect(await failure(downloadCustomisation(ADDRESS, limits))).toBeInstanceOf(UnexpectedAnswerError);
    expect(answers).toEqual([]);
  });

  test.each([
    'http://files.example.com/PRIVATE',
    'ftp://files.example.com/PRIVATE',
    'file:///etc/PRIVATE',
    'https://127.0.0.1/PRIVATE',
    'https://0x7f.1/PRIVATE',
    'https://2130706433/PRIVATE',
    'https://[::1]/PRIVATE',
    'https://[::ffff:10.0.0.1]/PRIVATE',
    'https://localhost/PRIVATE',
    'https://localhost./PRIVATE',
    'https://api.localhost/PRIVATE',
    'https://files/PRIVATE',
    'https://ip-10-0-0-1.eu-west-1.compute.internal/PRIVATE',
    'https://PRIVATE:PRIVATE@files.example.com/',
    'https://files.example.com:8443/PRIVATE',
    'PRIVATE',
    '',
  ])('of %s is not even begun', async (address) => {
    const error = await failure(downloadCustomisation(address, limits));
    expect(error).toBeInstanceOf(UnexpectedAnswerError);
    expectSilent(error);
    expect(seen).toEqual([]);
  });

  test('that is too large is broken off, whether or not its length was stated', async () => {
    answers.push((response) => response.end(Buffer.alloc(1_001)));
    const large = await failure(downloadCustomisation(ADDRESS, limits));
    expect(large).toBeInstanceOf(UnexpectedAnswerError);
    expect(large.message).toBe('amazon customisation: larger than 1000 bytes');
    answers.push((response) => {
      for (let piece = 0; piece < 20; piece += 1) response.write(Buffer.alloc(100));
      response.end();
    });
    expect(await failure(downloadCustomisation(ADDRESS, limits))).toBeInstanceOf(UnexpectedAnswerError);
    answers.push((response) => response.end(Buffer.alloc(1_000)));
    expect(await downloadCustomisation(ADDRESS, limits)).toHaveLength(1_000);
  });

  test.each([
    [429, ThrottledError, { retryAfterMs: 60_000 }],
    [500, UnavailableError, {}],
    [503, UnavailableError, {}],
    [400, RejectedError, { status: 400 }],
    [403, RejectedError, { status: 403 }],
    [404, RejectedError, { status: 404 }],
    [410, RejectedError, { status: 410 }],
    [204, UnexpectedAnswerError, {}],
    [418, UnexpectedAnswerError, {}],
  ])(
    'answered %i is a failure of its family, and says nothing of the address',
    async (code, family, fields) => {
      answers.push(status(code));
      const error = await failure(downloadCustomisation(ADDRESS, limits));
      expect(error).toBeInstanceOf(family);
      expect(error).toMatchObject({ ...fields, message: `amazon customisation: ${code}` });
      expectSilent(error);
    },
  );

  test('that is throttled waits as long as it is told', async () => {
    answers.push(status(429, { 'retry-after': '7' }));
    expect(await failure(downloadCustomisation(ADDRESS, limits))).toMatchObject({ retryAfterMs: 7_000 });
    answers.push(status(429, { 'retry-after': 'soon' }));
    expect(await failure(downloadCustomisation(ADDRESS, limits))).toMatchObject({ retryAfterMs: 60_000 });
  });

  test('whose connection breaks off, before or inside the answer, is unavailable', async () => {
    answers.push((response) => response.destroy());
    const before = await failure(downloadCustomisation(ADDRESS, limits));
    answers.push((response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    const inside = await failure(downloadCustomisation(ADDRESS, limits));
    for (const error of [before, inside]) {
      expect(error).toBeInstanceOf(UnavailableError);
      expectSilent(error);
    }
  });

  test('that never ends is given up', async () => {
    answers.push((response) => {
      response.writeHead(200).write('begun');
    });
    const error = await failure(downloadCustomisation(ADDRESS, { ...limits, timeoutMs: 200 }));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error.message).toBe('amazon customisation: not there in time');
  });
});
