import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { UnavailableError } from '../../domain/errors.ts';
import { type Asked, callCourier } from './call.ts';

const ASKED: Asked = { courier: 'ups', operation: 'track' };
let server: Server | undefined;

/** A courier that really listens, and answers like this. */
async function courierThat(listener: RequestListener): Promise<URL> {
  const listening = createServer(listener);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('it does not listen');
  return new URL(`http://127.0.0.1:${address.port}/track`);
}
afterEach(() => {
  vi.restoreAllMocks();
  server?.closeAllConnections();
  server?.close();
});
const call = (url: URL) => callCourier(ASKED, { url, method: 'GET', headers: { 'x-key': 'SECRET-1' } });

describe('a call over a real connection', () => {
  test('gives status, headers and bytes as they came', async () => {
    const url = await courierThat((request, response) => {
      response.writeHead(418, { 'x-seen': String(request.headers['x-key']) });
      response.end(Buffer.from([0xe8]));
    });
    const answer = await call(url);
    expect(answer.status).toBe(418);
    expect(answer.headers.get('x-seen')).toBe('SECRET-1');
    expect([...answer.body]).toEqual([0xe8]);
  });

  test('does not follow a redirect, which would carry the credentials along', async () => {
    let calls = 0;
    const url = await courierThat((_, response) => {
      calls += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect((await call(url)).status).toBe(302);
    expect(calls).toBe(1);
  });

  test('that breaks off in the body is no answer', async () => {
    const url = await courierThat((_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"trackResponse":', () => response.destroy());
    });
    await expect(call(url)).rejects.toBeInstanceOf(UnavailableError);
  });

  test('that nobody takes is no answer, and says which way', async () => {
    const url = await courierThat(() => undefined);
    await new Promise((resolve) => server?.close(resolve));
    await expect(call(url)).rejects.toMatchObject({ message: 'ups track: no answer (ECONNREFUSED)' });
  });

  test('that takes too long is given up, whether it began to answer or not', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout');
    for (const begin of [false, true]) {
      const tooLate = new AbortController();
      timeout.mockReturnValueOnce(tooLate.signal);
      const giveUp = () => tooLate.abort(new DOMException('too late', 'TimeoutError'));
      const url = await courierThat((_, response) => {
        if (begin) response.write('{', giveUp);
        else giveUp();
      });
      await expect(call(url)).rejects.toMatchObject({ message: 'ups track: no answer (TimeoutError)' });
      server?.closeAllConnections();
      server?.close();
    }
    expect(timeout.mock.calls).toEqual([[20_000], [20_000]]);
  });
});
