import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CourierRefusedError } from '../../domain/courier-refusal.ts';
import {
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnexpectedAnswerError,
} from '../../domain/errors.ts';
import { type BrtCredentials, brtCredentialsSchema, createBrtClient, createBrtClients } from './client.ts';
import { EXECUTION_REACTIONS, OUTCOME_REACTIONS } from './execution-codes.ts';

const CREDENTIALS: BrtCredentials = {
  userId: 'USER-1',
  password: 'SECRET-1',
  customerCode: '1234567',
  departureDepot: '66',
};

/** What BRT answers next; a call nobody set an answer for fails the test. */
let answers: (() => Response | Promise<Response>)[] = [];
let seen: { url: string; init: RequestInit }[] = [];
beforeEach(() => {
  answers = [];
  seen = [];
  vi.stubGlobal('fetch', async (url: URL, init: RequestInit) => {
    seen.push({ url: url.href, init });
    const answer = answers.shift();
    if (answer === undefined) throw new Error(`nothing was set up for ${url}`);
    return answer();
  });
});
afterEach(() => vi.unstubAllGlobals());

const text = (body: string, status = 200, headers: Record<string, string> = {}) =>
  answers.push(() => new Response(body, { status, headers }));
const json = (body: unknown, status = 200) => text(JSON.stringify(body), status);
const executed = (code: number | string, more: object = {}) => ({
  executionMessage: { code, severity: 'X', codeDesc: 'Y', message: 'SECRET-1' },
  ...more,
});
const envelope = (body: string) =>
  `<?xml version="1.0"?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>${body}</S:Body></S:Envelope>`;
const returned = (inner: string) =>
  envelope(
    `<ns2:getidspedizionebyrmnResponse xmlns:ns2="urn:x"><return>${inner}</return></ns2:getidspedizionebyrmnResponse>`,
  );

const client = createBrtClient(CREDENTIALS);
const ship = (operation: 'create' | 'confirm' | 'delete', settledBy?: number) =>
  client.ship({
    operation,
    method: operation === 'create' ? 'POST' : 'PUT',
    path: operation === 'delete' ? '/shipments/delete' : '/shipments/shipment',
    body: { someData: { senderCustomerCode: 1234567 } },
    settledBy,
  });
const ask = () =>
  client.ask({
    service: 'GetIdSpedizioneByRMN',
    input: { CLIENTE_ID: '1234567', RIFERIMENTO_MITTENTE_NUMERICO: '1<2&3' },
  });
async function failureOf(call: Promise<unknown>): Promise<Error> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('it did not fail');
  expect(error.message).not.toContain('SECRET-1');
  return error;
}

describe('a call', () => {
  test('about a shipment carries the credentials in its body, and not in its headers', async () => {
    json({ createResponse: executed(0, { labels: {} }) });
    expect(await ship('create')).toMatchObject({ code: 0, answer: { labels: {} } });
    const [call] = seen;
    expect(call).toMatchObject({
      url: 'https://api.brt.it/rest/v1/shipments/shipment',
      init: { method: 'POST', redirect: 'manual' },
    });
    expect(JSON.parse(String(call?.init.body))).toEqual({
      account: { userID: 'USER-1', password: 'SECRET-1' },
      someData: { senderCustomerCode: 1234567 },
    });
    expect(JSON.stringify(call?.init.headers)).not.toContain('SECRET-1');
  });

  test('about a parcel carries them in its headers', async () => {
    json({ ttParcelIdResponse: executed(0, { esito: '0', bolla: {} }) });
    expect(await client.trackParcel('066010001100001')).toMatchObject({ answer: { bolla: {} } });
    expect(seen).toMatchObject([
      {
        url: 'https://api.brt.it/rest/v1/tracking/parcelID/066010001100001',
        init: { method: 'GET', headers: { userID: 'USER-1', password: 'SECRET-1' } },
      },
    ]);
  });

  test('of SOAP carries none, goes to its own port, and escapes what it is given', async () => {
    text(returned('<ESITO>0</ESITO><SPEDIZIONE_ID>066000000001</SPEDIZIONE_ID>'));
    expect(await ask()).toEqual({ ESITO: '0', SPEDIZIONE_ID: '066000000001' });
    const [call] = seen;
    expect(call?.url).toBe('https://wsr.brt.it:10052/web/GetIdSpedizioneByRMNService/GetIdSpedizioneByRMN');
    expect(String(call?.init.body)).toContain(
      '<brt:getidspedizionebyrmn><arg0><CLIENTE_ID>1234567</CLIENTE_ID><RIFERIMENTO_MITTENTE_NUMERICO>1&lt;2&amp;3</RIFERIMENTO_MITTENTE_NUMERICO></arg0></brt:getidspedizionebyrmn>',
    );
    expect(JSON.stringify(call)).not.toContain('SECRET-1');
  });
});

describe('an execution code', () => {
  const RETRIED = [-1, -64, -65, -153, -155];
  const REFUSED: [number, string][] = [
    [-5, 'invalid'],
    [-7, 'unauthorised'],
    [-57, 'unauthorised'],
    [-67, 'unauthorised'],
    [-63, 'address'],
    [-68, 'inconsistent'],
    [-69, 'pick-up-point'],
    [-101, 'not-confirmable'],
    [-102, 'not-confirmable'],
    [-151, 'invalid'],
    [-152, 'taken-over'],
    [-154, 'not-unique'],
  ];

  test.each([0, 4, 5, 99])('of %i is a success', async (code) => {
    json({ createResponse: executed(code) });
    expect((await ship('create')).code).toBe(code);
  });

  test.each(RETRIED)('of %i may be tried again', async (code) => {
    json({ createResponse: executed(code) });
    const error = await failureOf(ship('create'));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ retryable: true, message: `brt create: code ${code}` });
  });

  test.each(REFUSED)('of %i is a no, because: %s', async (code, reason) => {
    json({ deleteResponse: executed(String(code)) });
    const error = await failureOf(ship('delete'));
    expect(error).toBeInstanceOf(CourierRefusedError);
    expect(error).toMatchObject({
      retryable: false,
      reason,
      status: reason === 'unauthorised' ? 401 : undefined,
    });
  });

  test('that every table has is tried here', () => {
    const tried = [0, 4, 5, ...RETRIED, ...REFUSED.map(([code]) => code)];
    expect(new Set(tried)).toEqual(new Set(EXECUTION_REACTIONS.keys()));
  });

  test.each<['confirm' | 'delete', number]>([
    ['confirm', -102],
    ['delete', -151],
  ])('that says that a %s is done already (%i) is a success of it', async (operation, code) => {
    json({ [`${operation}Response`]: executed(code) });
    expect((await ship(operation, code)).code).toBe(code);
  });

  test('nobody has told us of is no success', async () => {
    json({ createResponse: executed(-999) });
    expect(await failureOf(ship('create'))).toBeInstanceOf(UnexpectedAnswerError);
  });

  test('counts for more than the HTTP status', async () => {
    json({ createResponse: executed(-63) }, 500);
    expect(await failureOf(ship('create'))).toMatchObject({ reason: 'address' });
    json({ createResponse: executed(0) }, 500);
    expect((await ship('create')).code).toBe(0);
  });
});

describe('an outcome', () => {
  const REFUSED: [number, string][] = [
    [-4, 'invalid'],
    [-5, 'invalid'],
    [-10, 'invalid'],
    [-20, 'invalid'],
    [-21, 'unauthorised'],
    [-22, 'not-unique'],
    [-23, 'invalid'],
    [-30, 'invalid'],
  ];
  const soap = (code: number) => text(returned(`<ESITO>${code}</ESITO>`));

  test.each([0, 2])('of %i is a success', async (code) => {
    soap(code);
    expect(await ask()).toEqual({ ESITO: String(code) });
  });

  test.each([-1, -3])('of %i may be tried again', async (code) => {
    soap(code);
    expect(await failureOf(ask())).toBeInstanceOf(UnavailableError);
  });

  test.each(REFUSED)('of %i is a no, because: %s', async (code, reason) => {
    soap(code);
    expect(await failureOf(ask())).toMatchObject({ reason, retryable: false });
  });

  test('of -11 is "not yet", in both services and in either place', async () => {
    soap(-11);
    expect(await ask()).toBe('not-yet');
    json({ ttParcelIdResponse: executed(0, { esito: -11 }) });
    expect(await client.trackParcel('1')).toBe('not-yet');
    json({ ttParcelIdResponse: executed(-11) });
    expect(await client.trackParcel('1')).toBe('not-yet');
  });

  test('that every table has is tried here', () => {
    const tried = [0, 2, -1, -3, -11, ...REFUSED.map(([code]) => code)];
    expect(new Set(tried)).toEqual(new Set(OUTCOME_REACTIONS.keys()));
  });

  test.each([100, -99])('of %i is one that nobody has told us of', async (code) => {
    soap(code);
    expect(await failureOf(ask())).toBeInstanceOf(UnexpectedAnswerError);
  });

  test('of the login is told by the tracking too', async () => {
    json({ ttParcelIdResponse: executed(-7) });
    expect(await failureOf(client.trackParcel('1'))).toMatchObject({ reason: 'unauthorised' });
  });
});

describe('an answer', () => {
  const empty = { esito: undefined };
  test.each<[string, string, number, new (...args: never[]) => Error]>([
    ['a page for people', '<!doctype html><p>SECRET-1</p>', 200, UnexpectedAnswerError],
    ['half a body', '{"createResponse":{"execu', 200, UnexpectedAnswerError],
    ['another root', '{"parcelIDResult":{}}', 200, UnexpectedAnswerError],
    ['no code', '{"createResponse":{}}', 200, UnexpectedAnswerError],
    ['a code of words', '{"createResponse":{"executionMessage":{"code":"OK"}}}', 200, UnexpectedAnswerError],
    ['a list', '[]', 200, UnexpectedAnswerError],
    ['a page at 502', '<!doctype html>', 502, UnavailableError],
    ['JSON of a gateway at 503', '{"message":"SECRET-1"}', 503, UnavailableError],
    ['nothing at 408', '', 408, UnavailableError],
    ['nothing at 404', '', 404, RejectedError],
    ['nothing at 302', '', 302, UnexpectedAnswerError],
  ])('of %s is believed as little as it says', async (_, body, status, family) => {
    text(body, status);
    expect(await failureOf(ship('create'))).toBeInstanceOf(family);
  });

  test('of 401 and 403 without a word says that the login is wrong', async () => {
    for (const status of [401, 403]) {
      text('', status);
      expect(await failureOf(client.trackParcel('1'))).toMatchObject({ reason: 'unauthorised' });
    }
  });

  test('of 429 says how long to wait, or is waited for a minute', async () => {
    text('', 429, { 'retry-after': '7' });
    const told = await failureOf(ship('create'));
    expect(told).toBeInstanceOf(ThrottledError);
    expect(told).toMatchObject({ retryAfterMs: 7_000 });
    text('', 429, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' });
    expect(await failureOf(ship('create'))).toMatchObject({ retryAfterMs: 60_000 });
    text('', 429, { 'retry-after': '86400' });
    expect(await failureOf(ship('create'))).toMatchObject({ retryAfterMs: 3_600_000 });
  });

  test('that never comes leaves the outcome unknown', async () => {
    answers.push(() => Promise.reject(new TypeError('fetch failed', { cause: new Error('SECRET-1') })));
    expect(await failureOf(ship('create'))).toBeInstanceOf(UnavailableError);
  });

  test('without any outcome of a tracking is not believed', async () => {
    json({ ttParcelIdResponse: { bolla: {}, ...empty } });
    expect(await failureOf(client.trackParcel('1'))).toBeInstanceOf(UnexpectedAnswerError);
  });
});

describe('an answer of SOAP', () => {
  test('is read before its status of 500', async () => {
    text(returned('<ESITO>0</ESITO><SPEDIZIONE_ID>0</SPEDIZIONE_ID>'), 500);
    expect(await ask()).toEqual({ ESITO: '0', SPEDIZIONE_ID: '0' });
  });

  test.each<[string, string, number, new (...args: never[]) => Error]>([
    [
      'a fault of the server',
      envelope('<S:Fault><faultcode>S:Server</faultcode><faultstring>SECRET-1</faultstring></S:Fault>'),
      500,
      UnavailableError,
    ],
    [
      'a fault of the request',
      envelope('<S:Fault><faultcode>S:Client</faultcode></S:Fault>'),
      500,
      RejectedError,
    ],
    [
      'another operation’s answer',
      envelope('<x:otherResponse xmlns:x="urn:x"/>'),
      200,
      UnexpectedAnswerError,
    ],
    ['no outcome', returned('<SPEDIZIONE_ID>066000000001</SPEDIZIONE_ID>'), 200, UnexpectedAnswerError],
    ['half a body', returned('<ESITO>0</ESITO>').slice(0, 120), 200, UnexpectedAnswerError],
    ['a page for people', '<!doctype html><title>x</title>', 200, UnexpectedAnswerError],
    ['a page at 502', '<html></html>', 502, UnavailableError],
    [
      'a document type with entities',
      `<!DOCTYPE x [<!ENTITY a "066000000001">]>${returned('<ESITO>0</ESITO><SPEDIZIONE_ID>&a;</SPEDIZIONE_ID>')}`,
      200,
      UnexpectedAnswerError,
    ],
  ])('of %s is a failure', async (_, body, status, family) => {
    text(body, status);
    expect(await failureOf(ask())).toBeInstanceOf(family);
  });
});

describe('the clients of the accounts', () => {
  const stored = (credentials: Record<string, string> | undefined) => ({
    getCredentials: vi.fn(async () => credentials),
  });

  test('are kept, and made anew after a refusal of the login only', async () => {
    const store = stored({ ...CREDENTIALS });
    const clientOf = createBrtClients(store);
    const first = await clientOf('shop');
    text('', 503);
    await failureOf(first.trackParcel('1'));
    expect(await clientOf('shop')).toBe(first);
    json({ ttParcelIdResponse: executed(-7) });
    await failureOf(first.trackParcel('1'));
    expect(await clientOf('shop')).not.toBe(first);
    expect(store.getCredentials).toHaveBeenCalledTimes(2);
    expect(store.getCredentials).toHaveBeenCalledWith('brt', 'shop');
  });

  test.each<[string, Record<string, string> | undefined]>([
    ['none', undefined],
    ['a customer code of six digits', { ...CREDENTIALS, customerCode: '123456' }],
    ['a password with a line end', { ...CREDENTIALS, password: 'SECRET-1\n' }],
  ])('with %s stored are refused without a word of it', async (_, credentials) => {
    expect(await failureOf(createBrtClients(stored(credentials))('shop'))).toMatchObject({
      reason: 'unauthorised',
    });
  });

  test('may name the tariff of the contract', () => {
    expect(brtCredentialsSchema.parse({ ...CREDENTIALS, pricingConditionCode: '000' })).toMatchObject({
      pricingConditionCode: '000',
    });
  });
});
