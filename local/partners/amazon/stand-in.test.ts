import { describe, expect, it } from 'vitest';
import { CONNECTION_DROPPED, type PartnerAnswer } from '../partner.ts';
import { DEMO_ACCOUNT, DEMO_SITES, demoOrders } from './demo-shop.ts';
import { type AmazonOrder, searchOrdersResponseSchema } from './schemas.ts';
import { type AmazonStandIn, createAmazonStandIn } from './stand-in.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const MINUTE_MS = 60_000;
const SEARCH = 'https://sellingpartnerapi-eu.amazon.com/orders/2026-01-01/orders';
const AFTER = { lastUpdatedAfter: '2026-10-01T00:00:00Z' };
const EVERYTHING = 'BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT';

class Shop {
  nowMs = NOW;
  readonly amazon: AmazonStandIn;
  #token = '';

  constructor(options: { orders?: readonly AmazonOrder[]; personalData?: boolean } = {}) {
    this.amazon = createAmazonStandIn({
      account: DEMO_ACCOUNT,
      marketplaceIds: [DEMO_SITES.it.marketplaceId, DEMO_SITES.de.marketplaceId],
      personalData: options.personalData ?? true,
      orders: options.orders ?? demoOrders(NOW),
      now: () => this.nowMs,
    });
    this.signIn();
  }

  signIn(changes: Record<string, string> = {}, contentType = 'application/json'): PartnerAnswer {
    const fields = {
      grant_type: 'refresh_token',
      refresh_token: DEMO_ACCOUNT.refreshToken,
      client_id: DEMO_ACCOUNT.clientId,
      client_secret: DEMO_ACCOUNT.clientSecret,
      ...changes,
    };
    const answer = this.amazon.answer({
      method: 'POST',
      url: new URL('https://api.amazon.com/auth/o2/token'),
      headers: { 'content-type': contentType },
      body:
        contentType === 'application/json' ? JSON.stringify(fields) : new URLSearchParams(fields).toString(),
    });
    if (answer === CONNECTION_DROPPED) throw new Error('dropped');
    if (answer.status === 200) this.#token = JSON.parse(answer.body).access_token;
    return answer;
  }

  call(url: string, headers: Record<string, string> = { 'x-amz-access-token': this.#token }): PartnerAnswer {
    const answer = this.amazon.answer({ method: 'GET', url: new URL(url), headers, body: '' });
    if (answer === CONNECTION_DROPPED) throw new Error('dropped');
    return answer;
  }

  search(query: Record<string, string>): PartnerAnswer {
    return this.call(`${SEARCH}?${new URLSearchParams(query)}`);
  }

  found(query: Record<string, string>): ReturnType<typeof searchOrdersResponseSchema.parse> {
    const answer = this.search(query);
    expect(answer).toMatchObject({ status: 200 });
    return searchOrdersResponseSchema.parse(JSON.parse(answer.body));
  }
}

const errorOf = ({ status, body }: PartnerAnswer): unknown[] => [status, JSON.parse(body).errors[0]];

describe('Login with Amazon', () => {
  it('gives an access token for an hour, in either body form', () => {
    const shop = new Shop();
    for (const contentType of ['application/json', 'application/x-www-form-urlencoded']) {
      const answer = shop.signIn({}, contentType);
      expect(JSON.parse(answer.body)).toMatchObject({ token_type: 'bearer', expires_in: 3600 });
    }
  });

  it.each([
    [{ client_secret: 'wrong' }, 'invalid_client'],
    [{ refresh_token: 'Atzr|other' }, 'invalid_grant'],
    [{ grant_type: 'password' }, 'unsupported_grant_type'],
    [{ surprise: 'x' }, 'invalid_request'],
  ])('refuses %j in its own error shape', (changes, error) => {
    const answer = new Shop().signIn(changes);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ error, error_description: expect.any(String) });
  });

  it('a call without a token, with an unknown or an expired one is refused', () => {
    const shop = new Shop();
    expect(errorOf(shop.call(SEARCH, {}))).toMatchObject([403, { code: 'Unauthorized' }]);
    expect(errorOf(shop.call(SEARCH, { 'x-amz-access-token': 'Atza|other' }))).toMatchObject([403, {}]);
    shop.nowMs += 60 * MINUTE_MS;
    expect(errorOf(shop.search(AFTER))).toMatchObject([403, { details: expect.stringContaining('expired') }]);
    shop.signIn();
    expect(shop.search(AFTER).status).toBe(200);
  });
});

describe('searchOrders', () => {
  it('answers orders without a payload wrapper, oldest change first, and echoes the effective bound', () => {
    const shop = new Shop();
    const answer = shop.found(AFTER);
    expect(answer.orders).toHaveLength(demoOrders(NOW).length);
    expect(answer.lastUpdatedBefore).toBe('2026-11-23T09:58:00.000Z');
    expect(answer.pagination).toBeUndefined();
    const times = answer.orders.map(({ lastUpdatedTime }) => lastUpdatedTime);
    expect(times).toEqual([...times].sort());
    expect(shop.found({ createdAfter: '2026-10-01T00:00:00Z' }).createdBefore).toBe(
      '2026-11-23T09:58:00.000Z',
    );
  });

  it('states its rate and a request id', () => {
    expect(new Shop().search(AFTER).headers).toMatchObject({
      'x-amzn-ratelimit-limit': '0.0056',
      'x-amzn-requestid': expect.any(String),
    });
  });

  it.each([
    ['no time at all', {}],
    ['both families', { ...AFTER, createdAfter: '2026-10-01T00:00:00Z' }],
    ['a before of the other family', { ...AFTER, createdBefore: '2026-11-01T00:00:00Z' }],
    ['a before alone', { lastUpdatedBefore: '2026-11-01T00:00:00Z' }],
    ['a before that precedes the after', { ...AFTER, lastUpdatedBefore: '2026-09-01T00:00:00Z' }],
    ['a before one minute ago', { ...AFTER, lastUpdatedBefore: '2026-11-23T09:59:00Z' }],
    ['a time that is none', { lastUpdatedAfter: 'yesterday' }],
    ['a page of none', { ...AFTER, maxResultsPerPage: '0' }],
    ['a page of 101', { ...AFTER, maxResultsPerPage: '101' }],
    ['an unknown data set', { ...AFTER, includedData: 'BUYER,SECRETS' }],
    ['an unknown status', { ...AFTER, fulfillmentStatuses: 'Shipped' }],
    ['an unknown parameter', { ...AFTER, sortBy: 'date' }],
    [
      '51 marketplaces',
      { ...AFTER, marketplaceIds: Array.from({ length: 51 }, () => DEMO_SITES.it.marketplaceId).join(',') },
    ],
    ['an unknown page token', { ...AFTER, paginationToken: 'x' }],
  ])('refuses %s', (_, query: Record<string, string>) => {
    expect(errorOf(new Shop().search(query))).toMatchObject([
      400,
      { code: 'InvalidInput', details: expect.any(String) },
    ]);
  });

  it('takes the limits themselves', () => {
    const shop = new Shop();
    shop.found({ ...AFTER, lastUpdatedBefore: '2026-11-23T09:58:00Z' });
    shop.found({ ...AFTER, maxResultsPerPage: '1' });
    shop.found({ ...AFTER, maxResultsPerPage: '100' });
  });

  it('filters by marketplace, status and fulfilment, and refuses a marketplace of others', () => {
    const shop = new Shop();
    const ids = (query: Record<string, string>): string[] =>
      shop.found({ ...AFTER, ...query }).orders.map(({ orderId }) => orderId);
    expect(ids({ marketplaceIds: DEMO_SITES.de.marketplaceId })).toEqual(['300-0000005-0000005']);
    expect(ids({ fulfillmentStatuses: 'CANCELLED' })).toEqual(['300-0000006-0000006']);
    expect(ids({ fulfilledBy: 'AMAZON' })).toEqual(['300-0000004-0000004']);
    expect(errorOf(shop.search({ ...AFTER, marketplaceIds: 'A13V1IB3VIYZZH' }))).toMatchObject([403, {}]);
  });

  it('shows nothing newer than two minutes', () => {
    const shop = new Shop({ orders: [] });
    const [order] = demoOrders(NOW);
    if (order === undefined) throw new Error('no demo order');
    shop.amazon.putOrder({ ...order, lastUpdatedTime: new Date(NOW - MINUTE_MS).toISOString() });
    expect(shop.found(AFTER).orders).toEqual([]);
    shop.nowMs += MINUTE_MS;
    expect(shop.found(AFTER).orders).toHaveLength(1);
  });

  it('answers only the data sets asked for', () => {
    const shop = new Shop();
    const [bare] = shop.found(AFTER).orders;
    expect(Object.keys(bare ?? {}).sort()).toEqual(
      ['createdTime', 'lastUpdatedTime', 'orderId', 'orderItems', 'programs', 'salesChannel'].sort(),
    );
    const [full] = shop.found({ ...AFTER, includedData: EVERYTHING }).orders;
    expect(full).toMatchObject({ buyer: {}, recipient: {}, proceeds: {}, fulfillment: {} });
  });

  it('leaves personal data out without the restricted roles, and still answers', () => {
    const query = { ...AFTER, includedData: EVERYTHING };
    const allowed = new Shop().search(query).body;
    const restricted = new Shop({ personalData: false }).search(query).body;
    for (const word of ['Inventato', 'Via Inventata', 'buyer.example', '00000"', 'customizedUrl']) {
      expect(allowed).toContain(word);
      expect(restricted).not.toContain(word);
    }
    expect(restricted).toContain('Cittainventata');
  });
});

describe('pages', () => {
  const query = { ...AFTER, maxResultsPerPage: '4' };

  function pages(shop: Shop): string[][] {
    const found: string[][] = [];
    for (let token: string | undefined, first = true; first || token !== undefined; first = false) {
      const page = shop.found(token === undefined ? query : { ...query, paginationToken: token });
      found.push(page.orders.map(({ orderId }) => orderId));
      token = page.pagination?.nextToken;
    }
    return found;
  }

  it('show every order once, and the last has no token', () => {
    const found = pages(new Shop());
    expect(found.map(({ length }) => length)).toEqual([4, 4, 1]);
    expect(new Set(found.flat()).size).toBe(9);
  });

  it('keep the bound of the first, so that an order changed in between is not seen twice', () => {
    const shop = new Shop();
    const first = shop.found(query);
    const [seen] = first.orders;
    const order = shop.amazon.order(seen?.orderId ?? '');
    if (order === undefined) throw new Error('no order');
    shop.nowMs += 10 * MINUTE_MS;
    shop.amazon.putOrder({ ...order, lastUpdatedTime: new Date(shop.nowMs - 5 * MINUTE_MS).toISOString() });
    const second = shop.found({ ...query, paginationToken: first.pagination?.nextToken ?? '' });
    expect(second.lastUpdatedBefore).toBe(first.lastUpdatedBefore);
    expect(second.orders.map(({ orderId }) => orderId)).not.toContain(order.orderId);
  });

  it('want the parameters repeated, but for page size and data sets', () => {
    const shop = new Shop();
    const token = shop.found(query).pagination?.nextToken ?? '';
    const changed = shop.search({
      ...query,
      lastUpdatedAfter: '2026-10-02T00:00:00Z',
      paginationToken: token,
    });
    expect(errorOf(changed)).toMatchObject([400, { details: expect.stringContaining('repeated unchanged') }]);
    shop.found({ ...AFTER, maxResultsPerPage: '2', includedData: 'BUYER', paginationToken: token });
  });

  it('die after a day', () => {
    const shop = new Shop();
    const token = shop.found(query).pagination?.nextToken ?? '';
    shop.nowMs += 24 * 60 * MINUTE_MS;
    shop.signIn();
    shop.found({ ...query, paginationToken: token });
    shop.nowMs += 1;
    expect(errorOf(shop.search({ ...query, paginationToken: token }))).toMatchObject([
      400,
      { details: expect.stringContaining('expired') },
    ]);
  });
});

describe('quota', () => {
  it('twenty searches at once, then one every three minutes', () => {
    const shop = new Shop();
    for (let call = 0; call < 20; call += 1) expect(shop.search(AFTER).status).toBe(200);
    expect(errorOf(shop.search(AFTER))).toMatchObject([429, { code: 'QuotaExceeded' }]);
    shop.nowMs += 3 * MINUTE_MS;
    expect(shop.search(AFTER).status).toBe(200);
    expect(shop.search(AFTER).status).toBe(429);
  });

  it('each operation has its own', () => {
    const shop = new Shop();
    for (let call = 0; call < 21; call += 1) shop.search(AFTER);
    expect(shop.call(`${SEARCH}/300-0000001-0000001`).status).toBe(200);
  });
});

describe('getOrder', () => {
  it('answers one order, without a wrapper of the old kind', () => {
    const answer = new Shop().call(`${SEARCH}/300-0000001-0000001?includedData=FULFILLMENT`);
    expect(JSON.parse(answer.body)).toMatchObject({
      order: { orderId: '300-0000001-0000001', fulfillment: { fulfillmentStatus: 'SHIPPED' } },
    });
  });

  it('does not know other orders, nor other parameters', () => {
    const shop = new Shop();
    expect(errorOf(shop.call(`${SEARCH}/300-1111111-1111111`))).toMatchObject([404, { code: 'NotFound' }]);
    expect(errorOf(shop.call(`${SEARCH}/300-0000001-0000001?fields=all`))).toMatchObject([400, {}]);
  });
});

it('troubles come in the order asked for, then it answers again', () => {
  const shop = new Shop();
  shop.amazon.trouble('throttled', 1);
  shop.amazon.trouble('server-error', 1);
  shop.amazon.trouble('dropped', 1);
  expect(shop.search(AFTER).status).toBe(429);
  expect(shop.search(AFTER).status).toBe(500);
  expect(() => shop.search(AFTER)).toThrow('dropped');
  expect(shop.search(AFTER).status).toBe(200);
});

it('a truth that the published schema does not allow never leaves', () => {
  const [order] = demoOrders(NOW);
  if (order === undefined) throw new Error('no demo order');
  const shop = new Shop({ orders: [{ ...order, orderId: 'not-an-id' }] });
  expect(() => shop.search(AFTER)).toThrow('orderId');
});
