import { afterEach, beforeEach, vi } from 'vitest';

export interface SeenCall {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
  readonly redirect: string | undefined;
}

/** `fetch` with these answers, in this order, and no others; for every test of the file that asks for it. */
export function courierFetch() {
  let answers: (() => Response | Promise<Response>)[] = [];
  const seen: SeenCall[] = [];
  beforeEach(() => {
    answers = [];
    seen.length = 0;
    vi.stubGlobal('fetch', async (url: URL, init: RequestInit) => {
      seen.push({
        url,
        method: init.method ?? 'GET',
        headers: new Headers(init.headers),
        body: typeof init.body === 'string' ? init.body : '',
        redirect: init.redirect,
      });
      const answer = answers.shift();
      if (answer === undefined) throw new Error(`nothing was set up for ${url}`);
      return answer();
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  return {
    seen,
    answers: (body: string | Uint8Array<ArrayBuffer>, status = 200, headers: Record<string, string> = {}) => {
      answers.push(() => new Response(body, { status, headers }));
    },
    answersJson: (body: unknown, status = 200) => {
      answers.push(() => Response.json(body, { status }));
    },
    breaksOff: () => {
      answers.push(() =>
        Promise.reject(
          new TypeError('fetch failed', {
            cause: Object.assign(new Error('SECRET-1'), { code: 'UND_ERR_SOCKET' }),
          }),
        ),
      );
    },
  };
}
export type CourierFetch = ReturnType<typeof courierFetch>;
