import { describe, expect, it } from 'vitest';
import { CONNECTION_DROPPED, type PartnerAnswer } from '../partner.ts';
import { DEMO_EBAY, demoEbayOrders, euro } from './demo-shop.ts';
import { type EbayOrder, ebayOrderSchema, getOrdersResponseSchema } from './schemas.ts';
import { createEbayStandIn, type EbayStandIn } from './stand-in.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const DAY_MS = 86_400_000;
const ORDERS = 'https://api.ebay.com/sell/fulfillment/v1/order';
const SCOPE = 'https://api.ebay.com/oauth/api_scope';
const FROM = 'lastmodifieddate:[2026-10-01T00:00:00.000Z..]';

class Shop {
  nowMs = NOW;
  readonly ebay: EbayStandIn;
  token = '';

  constructor(orders: readonly EbayOrder[] = demoEbayOrders(NOW)) {
    this.ebay = createEbayStandIn({ seller: DEMO_EBAY, orders, now: () => this.nowMs });
    this.signIn();
  }

  signIn(changes: Record<string, string> = {}, headers: Record<string, string> = {}): PartnerAnswer {
    const fields = {
      grant_type: 'refresh_token',
      refresh_token: DEMO_EBAY.refreshToken,
      scope: `${SCOPE}/sell.fulfillment ${SCOPE}/commerce.identity.readonly`,
      ...changes,
    };
    if (changes.grant_type === 'client_credentials') Reflect.deleteProperty(fields, 'refresh_token');
    const answer = this.ebay.answer({
      method: 'POST',
      url: new URL('https://api.ebay.com/identity/v1/oauth2/token'),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(`${DEMO_EBAY.appId}:${DEMO_EBAY.certId}`).toString('base64')}`,
        ...headers,
      },
      body: new URLSearchParams(fields).toString(),
    });
    if (answer === CONNECTION_DROPPED) throw new Error('dropped');
    if (answer.status === 200) this.token = JSON.parse(answer.body).access_token;
    return answer;
  }

  call(url: string, authorization = `Bearer ${this.token}`): PartnerAnswer {
    const answer = this.ebay.answer({
      method: 'GET',
      url: new URL(url),
      headers: { authorization },
      body: '',
    });
    if (answer === CONNECTION_DROPPED) throw new Error('dropped');
    return answer;
  }

  list(query: Record<string, string>): PartnerAnswer {
    return this.call(`${ORDERS}?${new URLSearchParams(query)}`);
  }

  found(query: Record<string, string>): ReturnType<typeof getOrdersResponseSchema.parse> {
    const answer = this.list(query);
    expect(answer).toMatchObject({ status: 200 });
    return getOrdersResponseSchema.parse(JSON.parse(answer.body));
  }
}

const errorOf = ({ status, body }: PartnerAnswer): unknown[] => [status, JSON.parse(body).errors[0].errorId];

describe('OAuth', () => {
  it('gives a user token for two hours and never another refresh token', () => {
    const answer = JSON.parse(new Shop().signIn().body);
    expect(answer).toMatchObject({ token_type: 'User Access Token', expires_in: 7200 });
    expect(answer).not.toHaveProperty('refresh_token');
  });

  it.each([
    [{ refresh_token: 'other' }, {}, 'invalid_grant'],
    [{ scope: `${SCOPE}/sell.marketing` }, {}, 'invalid_scope'],
    [{ grant_type: 'password' }, {}, 'invalid_request'],
    [{ surprise: 'x' }, {}, 'invalid_request'],
    [{}, { authorization: 'Basic eDp5' }, 'invalid_client'],
    [{}, { 'content-type': 'application/json' }, 'invalid_request'],
  ])('refuses %j %j in its own error shape', (changes, headers, error) => {
    const answer = new Shop().signIn(changes, headers);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(JSON.parse(answer.body)).toMatchObject({ error, error_description: expect.any(String) });
  });

  it('a call without a token, with an unknown or an expired one is refused', () => {
    const shop = new Shop();
    expect(errorOf(shop.call(ORDERS, ''))).toEqual([401, 1001]);
    expect(errorOf(shop.call(ORDERS, 'Bearer other'))).toEqual([401, 1001]);
    shop.nowMs += 7_200_000;
    expect(errorOf(shop.list({}))).toEqual([401, 1001]);
    shop.signIn();
    expect(shop.list({}).status).toBe(200);
  });

  it('an application’s token is given, and sees no seller’s orders', () => {
    const shop = new Shop();
    shop.signIn({ grant_type: 'client_credentials', scope: `${SCOPE}/sell.fulfillment` });
    expect(errorOf(shop.list({}))).toEqual([403, 1100]);
  });

  it('a token reaches only as far as its scopes', () => {
    const shop = new Shop();
    shop.signIn({ scope: `${SCOPE}/sell.finances` });
    expect(errorOf(shop.list({}))).toEqual([403, 1100]);
    expect(errorOf(shop.call('https://apiz.ebay.com/commerce/identity/v1/user/'))).toEqual([403, 1100]);
  });

  it('nothing works after a revocation until the seller consents again', () => {
    const shop = new Shop();
    shop.ebay.revoke();
    expect(errorOf(shop.list({}))).toEqual([401, 1001]);
    expect(JSON.parse(shop.signIn().body)).toMatchObject({ error: 'invalid_grant' });
    shop.ebay.renew('renewed');
    expect(shop.signIn({ refresh_token: 'renewed' }).status).toBe(200);
    expect(shop.list({}).status).toBe(200);
  });
});

describe('getOrders', () => {
  it('answers newest creation first, without tax numbers and requests to cancel', () => {
    const page = new Shop().found({ filter: FROM });
    expect(page).toMatchObject({ total: 8, limit: 50, offset: 0 });
    const times = page.orders.map(({ creationDate }) => creationDate);
    expect(times).toEqual([...times].sort().reverse());
    expect(JSON.stringify(page)).not.toMatch(/taxIdentifier|cancelRequestId/);
    expect(page.orders.map(({ cancelStatus }) => cancelStatus.cancelState)).toContain('IN_PROGRESS');
  });

  it.each([
    [{ filter: 'sku:[x]' }, 30_700],
    [{ filter: 'lastmodifieddate:2026-10-01T00:00:00.000Z' }, 30_800],
    [{ filter: `${FROM},creationdate:[2026-10-01T00:00:00.000Z..]` }, 30_800],
    [{ filter: 'orderfulfillmentstatus:{FULFILLED}' }, 30_800],
    [{ filter: 'creationdate:[2026-10-01..]' }, 30_810],
    [{ filter: 'creationdate:[2026-10-01T00:00:00Z..]' }, 30_810],
    [{ filter: 'creationdate:[..2026-10-01T00:00:00.000Z]' }, 30_820],
    [{ filter: 'creationdate:[2024-11-01T00:00:00.000Z..]' }, 30_830],
    [{ filter: 'creationdate:[2026-10-02T00:00:00.000Z..2026-10-01T00:00:00.000Z]' }, 30_840],
    [{ filter: 'creationdate:[2026-10-02T00:00:00.000Z..2026-11-23T10:00:00.001Z]' }, 30_850],
    [{ orderIds: Array.from({ length: 51 }, (_, n) => `10-00001-${10_000 + n}`).join(',') }, 30_900],
    [{ limit: '200', offset: '100' }, 31_000],
    [{ offset: '-50' }, 31_000],
    [{ limit: '201' }, 31_100],
    [{ limit: '0' }, 31_100],
    [{ sort: 'creationdate' }, 2_004],
  ])('refuses %j with %i', (query: Record<string, string>, errorId) => {
    expect(errorOf(new Shop().list(query))).toEqual([400, errorId]);
  });

  it('takes the limits themselves, and both sets of statuses', () => {
    const shop = new Shop();
    shop.found({ filter: 'creationdate:[2026-11-01T00:00:00.000Z..2026-11-23T10:00:00.000Z]', limit: '200' });
    const of = (statuses: string) =>
      new Set(
        shop
          .found({ filter: `${FROM},orderfulfillmentstatus:${statuses}` })
          .orders.map(({ orderFulfillmentStatus }) => orderFulfillmentStatus),
      );
    expect(of('{NOT_STARTED|IN_PROGRESS}')).toEqual(new Set(['NOT_STARTED', 'IN_PROGRESS']));
    expect(of('{FULFILLED|IN_PROGRESS}')).toEqual(new Set(['FULFILLED', 'IN_PROGRESS']));
  });

  it('both ends of a window are inside it', () => {
    const shop = new Shop();
    const [order] = demoEbayOrders(NOW);
    const at = order?.lastModifiedDate;
    expect(shop.found({ filter: `lastmodifieddate:[${at}..${at}]` }).orders).toHaveLength(1);
  });

  it('pages move when an order leaves the result, and each says where the next one is', () => {
    const shop = new Shop();
    const query = {
      filter: 'lastmodifieddate:[2026-10-01T00:00:00.000Z..2026-11-23T09:58:00.000Z]',
      limit: '4',
    };
    const first = shop.found(query);
    expect(first.prev).toBeUndefined();
    const [gone] = first.orders;
    const order = shop.ebay.order(gone?.orderId ?? '');
    if (order === undefined) throw new Error('no order');
    shop.ebay.putOrder({ ...order, lastModifiedDate: '2026-11-23T09:59:00.000Z' });
    const second = getOrdersResponseSchema.parse(JSON.parse(shop.call(first.next ?? '').body));
    expect(second).toMatchObject({ total: 7, offset: 4 });
    // Eight orders, seven of them left, and yet only seven seen: one slipped through.
    const seen = new Set([...first.orders, ...second.orders].map(({ orderId }) => orderId));
    expect(seen.size).toBe(7);
  });

  it('finds orders by their ids', () => {
    const page = new Shop().found({ orderIds: '10-00001-00001,10-00006-00006' });
    expect(page.orders.map(({ orderId }) => orderId)).toEqual(['10-00006-00006', '10-00001-00001']);
  });
});

describe('getOrder', () => {
  it('answers the tax number and the requests to cancel', () => {
    const answer = new Shop().call(`${ORDERS}/10-00007-00007`);
    expect(ebayOrderSchema.parse(JSON.parse(answer.body))).toMatchObject({
      buyer: { taxIdentifier: { taxIdentifierType: 'CODICE_FISCALE' } },
      cancelStatus: { cancelRequests: [{ cancelRequestState: 'REQUESTED' }] },
    });
  });

  it('does not know other orders, nor parameters', () => {
    const shop = new Shop();
    expect(errorOf(shop.call(`${ORDERS}/10-11111-11111`))).toEqual([400, 32_100]);
    expect(errorOf(shop.call(`${ORDERS}/10-00001-00001?fields=all`))).toEqual([400, 2_004]);
  });

  it('tells the e-mail for 14 days and the person for 90', () => {
    const shop = new Shop();
    const body = (days: number): string => {
      shop.nowMs = NOW + days * DAY_MS;
      shop.signIn();
      return shop.call(`${ORDERS}/10-00008-00008`).body;
    };
    expect(body(13)).toContain('members.ebay.example');
    expect(body(15)).not.toContain('members.ebay.example');
    expect(body(89)).toContain('Via Immaginaria');
    expect(body(91)).not.toMatch(/Immaginaria|Inventato|NVNCNT|"phoneNumber"/);
  });
});

it('the account is told by the Identity API, on its own host', () => {
  const answer = new Shop().call('https://apiz.ebay.com/commerce/identity/v1/user/');
  expect(JSON.parse(answer.body)).toMatchObject({ userId: 'demoEbayUser', username: 'negozio-dimostrativo' });
});

it('knows no other path', () => {
  expect(errorOf(new Shop().call('https://api.ebay.com/sell/marketing/v1/ad_campaign'))).toEqual([
    404, 2_002,
  ]);
});

it('troubles come in the order asked for, then it answers again; each call is counted', () => {
  const shop = new Shop();
  shop.ebay.trouble('throttled', 1);
  shop.ebay.trouble('throttled-silent', 1);
  shop.ebay.trouble('server-error', 1);
  shop.ebay.trouble('dropped', 1);
  shop.ebay.trouble('truncated', 1);
  expect(shop.list({})).toMatchObject({ status: 429, headers: { 'retry-after': '30' } });
  const silent = shop.list({});
  expect(silent.status).toBe(429);
  expect(silent.headers).not.toHaveProperty('retry-after');
  expect(errorOf(shop.list({}))).toEqual([500, 30_500]);
  expect(() => shop.list({})).toThrow('dropped');
  expect(() => JSON.parse(shop.list({}).body)).toThrow(SyntaxError);
  expect(shop.list({}).status).toBe(200);
  expect(Object.fromEntries(shop.ebay.calls)).toEqual({ token: 1, getOrders: 6 });
});

it('a truth that the published schema does not allow never leaves', () => {
  const [order] = demoEbayOrders(NOW);
  if (order === undefined) throw new Error('no demo order');
  const shop = new Shop([{ ...order, orderId: 'not-an-id' }]);
  expect(() => shop.list({})).toThrow('orderId');
});

it('amounts are written as eBay writes them', () => {
  expect([2_020, 0, -1_485, 7_033, 5].map((cents) => euro(cents).value)).toEqual([
    '20.2',
    '0.0',
    '-14.85',
    '70.33',
    '0.05',
  ]);
});
