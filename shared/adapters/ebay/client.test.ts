import eBayApi from 'ebay-api';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createEbayDemo, DEMO_EBAY } from '../../../local/partners/ebay/demo-shop.ts';
import { createEbayStandIn, type EbayStandIn } from '../../../local/partners/ebay/stand-in.ts';
import type { PartnerAnswer, PartnerRequest } from '../../../local/partners/partner.ts';
import { partnerFetch } from '../../../tests/support/partner-fetch.ts';
import {
  type PartnerError,
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnexpectedAnswerError,
} from '../../domain/errors.ts';
import { createEbayClient, createEbayClients, type EbayClient } from './client.ts';

const { appId, certId, ruName, refreshToken } = DEMO_EBAY;
const credentials = { appId, certId, ruName, refreshToken };

let nowMs = Date.parse('2026-11-23T10:00:00Z');
const clock = { now: () => nowMs };
let ebay: EbayStandIn;
/** Answers given before the stand-in is asked; for what it would never say. */
let said: (PartnerAnswer | undefined)[];
let seen: PartnerRequest[];
let client: EbayClient;

beforeEach(() => {
  nowMs = Date.parse('2026-11-23T10:00:00Z');
  ebay = createEbayStandIn({ seller: DEMO_EBAY, orders: [], now: clock.now });
  said = [];
  seen = [];
  vi.stubGlobal(
    'fetch',
    partnerFetch({
      hosts: ebay.hosts,
      answer(request) {
        seen.push(request);
        return said.shift() ?? ebay.answer(request);
      },
    }),
  );
  client = createEbayClient(credentials, clock);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const getOrders = (of: EbayClient = client) =>
  of.call('getOrders', (api) => api.sell.fulfillment.api({ returnResponse: true }).getOrders({ limit: 1 }));
const failure = (call: Promise<unknown>): Promise<PartnerError> =>
  call.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: PartnerError) => error,
  );
const answer = (status: number, body: unknown, headers: Record<string, string> = {}): PartnerAnswer => ({
  operation: 'said',
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
/** After a sign-in by the stand-in. */
const afterSignIn = (...answers: PartnerAnswer[]) => said.push(undefined, ...answers);
const everythingIn = (error: unknown): string =>
  JSON.stringify(error, (_, value) =>
    value instanceof Error
      ? Object.fromEntries(Object.getOwnPropertyNames(value).map((name) => [name, Reflect.get(value, name)]))
      : value,
  );
const tokenCalls = () => ebay.calls.get('token') ?? 0;

describe('a call', () => {
  test('signs in with the scopes it needs and speaks Italian of the Italian site', async () => {
    expect(await getOrders()).toMatchObject({ status: 200, data: { total: 0, orders: [] } });
    expect(Object.fromEntries(new URLSearchParams(seen[0]?.body))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      scope: 'https://api.ebay.com/oauth/api_scope/sell.fulfillment',
    });
    expect(seen[1]?.url.href).toBe('https://api.ebay.com/sell/fulfillment/v1/order?limit=1');
    expect(seen[1]?.headers).toMatchObject({
      'accept-language': 'it-IT',
      'content-language': 'it-IT',
      'x-ebay-c-marketplace-id': 'EBAY_IT',
    });
  });

  test('signs in once for many calls and again before the two hours are over', async () => {
    await getOrders();
    nowMs += 114 * 60_000;
    await getOrders();
    expect(tokenCalls()).toBe(1);
    nowMs += 60_000;
    await getOrders();
    expect(tokenCalls()).toBe(2);
  });

  test('that is one of many at once shares one sign-in with them, the first time and when the token ends', async () => {
    await Promise.all([getOrders(), getOrders(), getOrders()]);
    expect(tokenCalls()).toBe(1);
    nowMs += 3 * 3_600_000;
    await Promise.all([getOrders(), getOrders(), getOrders()]);
    expect(tokenCalls()).toBe(2);
  });

  test('with a token that died early is made once more with a new one, however many found it dead', async () => {
    await getOrders();
    ebay.expireAccessTokens();
    const answers = await Promise.all([getOrders(), getOrders(), getOrders()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(tokenCalls()).toBe(2);
  });

  test('is not repeated for ever when its token keeps being refused', async () => {
    const refused = answer(401, { errors: [{ errorId: 1001, message: 'Invalid access token' }] });
    said.push(undefined, refused, undefined, refused);
    expect(await failure(getOrders())).toMatchObject({ status: 401, errorIds: [1001] });
    expect(seen).toHaveLength(4);
  });

  test('that forgets to ask for the whole response is a programming error', async () => {
    await expect(client.call('getOrders', (api) => api.sell.fulfillment.getOrders())).rejects.toThrow(
      'status',
    );
  });
});

describe('a failure', () => {
  test('429 is a throttle although eBay files it under ACCESS, for as long as eBay says', async () => {
    ebay.trouble('throttled', 1);
    const error = await failure(getOrders());
    expect(error).toBeInstanceOf(ThrottledError);
    expect(error).toMatchObject({ retryAfterMs: 30_000 });
  });

  test('429 that does not say how long is a throttle of five minutes', async () => {
    ebay.trouble('throttled-silent', 1);
    expect(await failure(getOrders())).toMatchObject({ retryAfterMs: 300_000 });
  });

  test.each([
    ['Mon, 23 Nov 2026 10:01:00 GMT', 60_000],
    ['Mon, 23 Nov 2026 09:00:00 GMT', 300_000],
    ['soon', 300_000],
    ['-5', 300_000],
    ['0.5', 500],
  ])('429 with retry-after %j waits %i ms', async (header, retryAfterMs) => {
    afterSignIn(answer(429, {}, { 'retry-after': header }));
    expect(await failure(getOrders())).toMatchObject({ retryAfterMs });
  });

  test.each([500, 502, 503, 504, 408])('%i is unavailable, whatever page it comes with', async (status) => {
    afterSignIn(answer(status, '<html>busy</html>', { 'content-type': 'text/html' }));
    expect(await failure(getOrders())).toBeInstanceOf(UnavailableError);
  });

  test.each([400, 403, 404, 409])('%i is rejected, with its status', async (status) => {
    afterSignIn(answer(status, { errors: [{ errorId: 30_800, domain: 'ACCESS' }] }));
    const error = await failure(getOrders());
    expect(error).toBeInstanceOf(RejectedError);
    expect(error).toMatchObject({ status });
  });

  test.each([
    ['no errors', { errors: [] }],
    ['an empty answer', ''],
    ['a list', []],
    ['a number', 7],
    ['errors that are none', { errors: [null, 'x', { errorId: 'PRIVATE' }] }],
  ])('400 with %s in it keeps its status', async (_, body) => {
    afterSignIn(answer(400, body));
    expect(await failure(getOrders())).toMatchObject({ status: 400, errorIds: [] });
  });

  test('a status nobody documented is unexpected', async () => {
    afterSignIn(answer(302, ''));
    expect(await failure(getOrders())).toBeInstanceOf(UnexpectedAnswerError);
  });

  test('names eBay’s error numbers and request and quotes nothing else', async () => {
    const error = {
      errorId: 30_850,
      message: 'PRIVATE message',
      longMessage: 'PRIVATE',
      parameters: [{ name: 'x', value: 'PRIVATE' }],
    };
    afterSignIn(answer(400, { errors: [error] }, { 'x-ebay-c-request-id': 'req-1' }));
    const failed = await failure(getOrders());
    expect(failed.message).toBe('ebay getOrders: 400, error 30850, request req-1');
    expect(everythingIn(failed)).not.toContain('PRIVATE');
  });

  test('a connection that breaks before the answer is unavailable, not tried again, and holds no token', async () => {
    ebay.trouble('dropped', 1);
    const error = await failure(getOrders());
    expect(error).toBeInstanceOf(UnavailableError);
    expect(seen).toHaveLength(2);
    expect(everythingIn(error)).not.toMatch(/Bearer|demo-not-a-secret|v\^1/);
  });

  test.each([
    ['never answers', () => new Promise<Response>(() => {})],
    ['stops inside its body', async () => new Response(new ReadableStream({}), { status: 200 })],
  ])(
    'a partner that %s is unavailable after 20 seconds; the library would wait for ever',
    async (_, hang) => {
      await getOrders();
      vi.stubGlobal('fetch', hanging(hang));
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const pending = failure(getOrders());
      await vi.advanceTimersByTimeAsync(19_900);
      await vi.advanceTimersByTimeAsync(200);
      expect(await pending).toBeInstanceOf(UnavailableError);
    },
  );

  test('a connection that breaks inside the body is unavailable', async () => {
    await getOrders();
    const breaking = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"orders":['));
        controller.error(new TypeError('terminated'));
      },
    });
    vi.stubGlobal('fetch', async () => new Response(breaking, { status: 200 }));
    expect(await failure(getOrders())).toBeInstanceOf(UnavailableError);
  });
});

/** A fetch that hangs until the caller gives up, as the real one does. */
function hanging(hang: () => Promise<Response>): typeof fetch {
  return async (input, init) => {
    const { signal } = new Request(input, init);
    const given = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
    const response = await Promise.race([hang(), given]);
    vi.spyOn(response, 'text').mockImplementation(() => given);
    return response;
  };
}

describe('a sign-in', () => {
  test('after a revocation is rejected with 401: a person must authorise again', async () => {
    ebay.revoke();
    const error = await failure(getOrders());
    expect(error).toBeInstanceOf(RejectedError);
    expect(error).toMatchObject({ status: 401, message: 'ebay sign-in: invalid_grant' });
    expect(everythingIn(error)).not.toContain('demo-not-a-secret');
  });

  test('of a wrong application is rejected with 401', async () => {
    const wrong = createEbayClient({ ...credentials, certId: 'PRD-other' }, clock);
    expect(await failure(getOrders(wrong))).toMatchObject({
      status: 401,
      message: 'ebay sign-in: invalid_client',
    });
  });

  test('for more than the seller consented to is rejected with 403', async () => {
    const seller = { ...DEMO_EBAY, consentedScopes: ['commerce.identity.readonly'] };
    ebay = createEbayStandIn({ seller, orders: [], now: clock.now });
    expect(await failure(getOrders())).toMatchObject({ status: 403, message: 'ebay sign-in: invalid_scope' });
  });

  test.each([
    ['nothing', {}],
    ['an empty token', { access_token: '', expires_in: 7200, token_type: 'User Access Token' }],
    [
      'an application’s token',
      { access_token: 'PRIVATE', expires_in: 7200, token_type: 'Application Access Token' },
    ],
    ['a text', '<html>PRIVATE</html>'],
  ])('answered with %s is unexpected, and no application token is asked for instead', async (_, body) => {
    said.push(answer(200, body));
    const error = await failure(getOrders());
    expect(error).toBeInstanceOf(UnexpectedAnswerError);
    expect(everythingIn(error)).not.toContain('PRIVATE');
    expect(seen.map((request) => new URLSearchParams(request.body).get('grant_type'))).toEqual([
      'refresh_token',
    ]);
  });

  test('without an answer of its own does not live on the token before', async () => {
    await getOrders();
    nowMs += 3 * 3_600_000;
    said.push(answer(200, { token_type: 'User Access Token', expires_in: 7200 }));
    expect(await failure(getOrders())).toBeInstanceOf(UnexpectedAnswerError);
  });

  test.each([
    [429, {}, ThrottledError],
    [503, '<html>busy</html>', UnavailableError],
    [500, { error: 'invalid_grant' }, UnavailableError],
    [400, { error: 'something_new' }, UnexpectedAnswerError],
  ])('answered %i is no word on the authorisation', async (status, body, family) => {
    said.push(answer(status, body));
    expect(await failure(getOrders())).toBeInstanceOf(family);
  });

  test('that failed is tried again by the next call', async () => {
    said.push(answer(503, 'busy'));
    await failure(getOrders());
    expect((await getOrders()).status).toBe(200);
  });

  test('leaves the library no way to an application’s token, which it would take without a word', async () => {
    // The trap itself: a library without a user token gets the other kind and calls.
    const library = new eBayApi({ appId, certId, sandbox: false, axiosConfig: { adapter: 'fetch' } });
    await failure(library.sell.fulfillment.getOrders());
    expect(new URLSearchParams(seen[0]?.body).get('grant_type')).toBe('client_credentials');
    seen.length = 0;
    await getOrders();
    await client.call('getOrders', async (api) => {
      expect(api.OAuth2.getUserAccessToken()).toMatch(/^v\^1/);
      return { status: 200, headers: {}, data: {} };
    });
    expect(seen.filter(({ body }) => body.includes('client_credentials'))).toEqual([]);
  });
});

test('XML keeps its words: a SKU 1E5 is no number', async () => {
  const xml =
    '<?xml version="1.0"?><GetItemResponse><Ack>Success</Ack><Item><SKU>1E5</SKU><StartPrice>12.50</StartPrice>' +
    '<Flag>true</Flag></Item></GetItemResponse>';
  afterSignIn(answer(200, xml, { 'content-type': 'text/xml' }));
  let item: unknown;
  await client.call('GetItem', async (api) => {
    item = await api.trading.GetItem({ ItemID: '1' });
    return { status: 200, headers: {}, data: {} };
  });
  expect(item).toMatchObject({ Item: { SKU: '1E5', StartPrice: '12.50', Flag: 'true' } });
});

describe('the clients of several accounts', () => {
  const storeOf = (get: () => Record<string, string> | undefined) => ({
    getCredentials: async () => get(),
    putCredentials: async () => {
      throw new Error('nothing is written here');
    },
  });

  test('are made once per account and kept, even when asked for at the same time', async () => {
    let reads = 0;
    const clientOf = createEbayClients(
      storeOf(() => {
        reads += 1;
        return credentials;
      }),
      clock,
    );
    const [one, same] = await Promise.all([clientOf('A1'), clientOf('A1')]);
    expect(one).toBe(same);
    expect(await clientOf('A2')).not.toBe(one);
    expect(reads).toBe(2);
  });

  test('are made anew after eBay refused the sign-in, from what is stored by then', async () => {
    let current = credentials;
    const clientOf = createEbayClients(
      storeOf(() => current),
      clock,
    );
    ebay.revoke();
    await failure(getOrders(await clientOf('A1')));
    current = { ...credentials, refreshToken: 'v^1.1#renewed' };
    ebay.renew('v^1.1#renewed');
    expect((await getOrders(await clientOf('A1'))).status).toBe(200);
  });

  test.each([undefined, { appId: 'app' }, { ...credentials, refreshToken: '' }])(
    'are refused without complete credentials, and asked for again later',
    async (partial) => {
      let stored: Record<string, string> | undefined = partial;
      const clientOf = createEbayClients(
        storeOf(() => stored),
        clock,
      );
      await expect(clientOf('A1')).rejects.toMatchObject({ status: 401 });
      stored = credentials;
      expect((await getOrders(await clientOf('A1'))).status).toBe(200);
    },
  );
});

test('the demonstration’s shop lets the demonstration’s credentials in', async () => {
  ebay = createEbayDemo(Date.now());
  expect((await getOrders()).data).toMatchObject({ total: 8 });
});
