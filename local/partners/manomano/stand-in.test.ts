import { describe, expect, test } from 'vitest';
import { CONNECTION_DROPPED, type PartnerAnswer } from '../partner.ts';
import { DEMO_CONTRACTS, DEMO_MANOMANO, manomanoDemoOrders } from './demo-shop.ts';
import { createManomanoStandIn, type ManomanoStandIn } from './stand-in.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const HOUR_MS = 3_600_000;
const HOST = 'https://partnersapi.manomano.com';
const ORDERS = '/orders/v1/orders';
const OFFERS = '/api/v1/offer-information/offers';
const CONTRACT = { seller_contract_id: '900001' };
const HEADERS = {
  'x-api-key': DEMO_MANOMANO.apiKey,
  'x-thirdparty-name': 'MarkeplayChannels_0.1.0',
  accept: 'application/json',
};

class Shop {
  nowMs = NOW;
  readonly manomano: ManomanoStandIn = createManomanoStandIn({
    apiKey: DEMO_MANOMANO.apiKey,
    contracts: Object.values(DEMO_CONTRACTS),
    orders: manomanoDemoOrders(NOW),
    now: () => this.nowMs,
  });

  get(path: string, query: Record<string, string> = {}, headers: Record<string, string> = HEADERS) {
    const url = new URL(path, HOST);
    for (const [name, value] of Object.entries(query)) url.searchParams.append(name, value);
    return this.manomano.answer({ method: 'GET', url, headers, body: '' });
  }

  answered(...asked: Parameters<Shop['get']>): PartnerAnswer {
    const answer = this.get(...asked);
    if (answer === CONNECTION_DROPPED) throw new Error('dropped');
    return answer;
  }

  found(query: Record<string, string>) {
    const answer = this.answered(ORDERS, { ...CONTRACT, ...query });
    expect(answer.status).toBe(200);
    return JSON.parse(answer.body);
  }
}

const referencesOf = (answer: { content: { order_reference: string }[] }): string[] =>
  answer.content.map((order) => order.order_reference);

describe('the headers', () => {
  test.each([
    ['no key', { 'x-api-key': '' }, 401],
    ['another key', { 'x-api-key': 'other' }, 401],
    ['no integrator', { 'x-thirdparty-name': '' }, 400],
    ['an integrator without a version', { 'x-thirdparty-name': 'MarkeplayChannels' }, 400],
    ['another kind of answer wanted', { accept: '*/*' }, 400],
  ])('with %s are refused', (_, changed, status) => {
    expect(new Shop().answered(ORDERS, CONTRACT, { ...HEADERS, ...changed }).status).toBe(status);
  });

  test('with a revoked key are refused, with a new one taken', () => {
    const shop = new Shop();
    shop.manomano.revoke();
    expect(shop.answered(ORDERS, CONTRACT).status).toBe(401);
    shop.manomano.renew('new-key');
    expect(shop.answered(ORDERS, CONTRACT).status).toBe(401);
    expect(shop.answered(ORDERS, CONTRACT, { ...HEADERS, 'x-api-key': 'new-key' }).status).toBe(200);
  });
});

describe('the list of orders', () => {
  test.each([
    ['no contract', { seller_contract_id: '' }],
    ['an unknown parameter', { updated_after: '2026-11-01T00:00:00Z' }],
    ['milliseconds', { status_updated_at_start: '2026-11-01T00:00:00.000Z' }],
    ['another zone', { status_updated_at_start: '2026-11-01T00:00:00+01:00' }],
    ['a day', { created_at_end: '2026-11-01' }],
    [
      'an end before the start',
      { created_at_start: '2026-11-02T00:00:00Z', created_at_end: '2026-11-01T00:00:00Z' },
    ],
    ['page 0', { page: '0' }],
    ['a page of 101', { limit: '101' }],
  ])('refuses %s', (_, query: Record<string, string>) => {
    const answer = new Shop().answered(ORDERS, { ...CONTRACT, ...query });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { message: expect.any(String) } });
  });

  test('refuses a parameter given twice', () => {
    const answer = new Shop().answered(`${ORDERS}?page=1&page=2`, CONTRACT);
    expect(answer.status).toBe(400);
  });

  test('knows its contracts: 404 for a stranger, 403 for one that is not enabled', () => {
    const shop = new Shop();
    expect(shop.answered(ORDERS, { seller_contract_id: '1' }).status).toBe(404);
    shop.manomano.refuseContract(900001);
    expect(shop.answered(ORDERS, CONTRACT).status).toBe(403);
    expect(shop.answered(ORDERS, { seller_contract_id: '900002' }).status).toBe(200);
    shop.manomano.allowContract(900001);
    expect(shop.answered(ORDERS, CONTRACT).status).toBe(200);
  });

  test('holds the bounds of a window, both of them', () => {
    const shop = new Shop();
    const changed = shop.manomano.order('M2600000000001')?.status_updated_at ?? '';
    const within = (from: string, until: string) =>
      referencesOf(shop.found({ status_updated_at_start: from, status_updated_at_end: until }));
    expect(within(changed, changed)).toEqual(['M2600000000001']);
    const second = (by: number) =>
      new Date(Date.parse(changed) + by * 1000).toISOString().replace('.000Z', 'Z');
    expect(within(second(1), second(2))).toEqual([]);
    expect(within(second(-2), second(-1))).toEqual([]);
  });

  test('filters by status, reference and carrier, and by nothing else', () => {
    const shop = new Shop();
    expect(referencesOf(shop.found({ status: 'PENDING' }))).toEqual(['M2600000000004']);
    expect(referencesOf(shop.found({ order_reference: 'M2600000000002' }))).toEqual(['M2600000000002']);
    expect(referencesOf(shop.found({ carrier: 'GLS' }))).toEqual([]);
    expect(referencesOf(shop.found({ carrier: 'BRT' }))).toHaveLength(5);
  });

  test('pages by number, with links that are paths and carry every parameter', () => {
    const shop = new Shop();
    const first = shop.found({ limit: '2', status_updated_at_start: '2026-11-01T00:00:00Z' });
    expect(first.pagination).toMatchObject({ items: 5, limit: 2, page: 1, pages: 3 });
    const { next, goto, previous } = first.pagination.links;
    expect(next).toMatch(/^\/orders\/v1\/orders\?.*seller_contract_id=900001/);
    expect([goto.endsWith('page={page}'), previous]).toEqual([true, null]);
    const seen = referencesOf(first);
    let page = first;
    while (page.pagination.links.next !== null) {
      page = JSON.parse(shop.answered(page.pagination.links.next).body);
      seen.push(...referencesOf(page));
    }
    expect(new Set(seen).size).toBe(5);
    expect(shop.found({ page: '9' }).content).toEqual([]);
  });

  test('writes amounts as numbers for one contract and as text for another', () => {
    const shop = new Shop();
    expect(shop.found({}).content[0].total_price).toEqual({ amount: 96.8, currency: 'EUR' });
    expect(shop.found({ seller_contract_id: '900002' }).content[0].total_price).toEqual({
      amount: '89.90',
      currency: 'EUR',
    });
  });
});

test('a single order is an object, and only its own contract has it', () => {
  const shop = new Shop();
  const answer = shop.answered(`${ORDERS}/M2600000000001`, CONTRACT);
  expect(JSON.parse(answer.body).content).toMatchObject({ order_reference: 'M2600000000001' });
  expect(shop.answered(`${ORDERS}/M2600000000001`, { seller_contract_id: '900002' }).status).toBe(404);
  expect(shop.answered(`${ORDERS}/M2600000000001`).status).toBe(400);
});

test('offers are listed by contract', () => {
  const shop = new Shop();
  expect(JSON.parse(shop.answered(OFFERS, { ...CONTRACT, page: '1', limit: '1' }).body)).toMatchObject({
    content: [],
    pagination: { items: 0 },
  });
  expect(shop.answered(OFFERS, { ...CONTRACT, limit: '1001' }).status).toBe(400);
  expect(shop.answered(OFFERS).status).toBe(400);
});

test('any hour holds 250 calls of a key, over all operations; then Cloudflare says how long to wait', () => {
  const shop = new Shop();
  for (let n = 0; n < 250; n += 1) {
    shop.nowMs = NOW + n * 1000;
    expect(shop.answered(n % 2 === 0 ? ORDERS : OFFERS, CONTRACT).status).toBe(200);
  }
  const refused = shop.answered(ORDERS, CONTRACT);
  expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '3351' } });
  expect(JSON.parse(refused.body)).toMatchObject({ error_code: 1015, retry_after: 3_351 });
  shop.nowMs = NOW + HOUR_MS - 1;
  expect(shop.answered(ORDERS, CONTRACT).status).toBe(429);
  shop.nowMs = NOW + HOUR_MS;
  expect(shop.answered(ORDERS, CONTRACT).status).toBe(200);
  expect(shop.answered(ORDERS, CONTRACT).status).toBe(429);
});

test('troubles come in the order asked for, and then it answers', () => {
  const shop = new Shop();
  shop.manomano.trouble('throttled-header', 1);
  shop.manomano.trouble('throttled-body', 1);
  shop.manomano.trouble('throttled-silent', 1);
  shop.manomano.trouble('server-error', 1);
  shop.manomano.trouble('not-json', 1);
  shop.manomano.trouble('truncated', 1);
  shop.manomano.trouble('dropped', 1);
  const next = () => shop.answered(ORDERS, CONTRACT);
  expect(next()).toMatchObject({ status: 429, headers: { 'retry-after': '30' } });
  const inBody = next();
  expect([inBody.headers['retry-after'], JSON.parse(inBody.body).retry_after]).toEqual([undefined, 30]);
  const silent = next();
  expect([silent.status, silent.headers['retry-after'], silent.body]).toEqual([
    429,
    undefined,
    '{"message":"Too many requests"}',
  ]);
  expect(next().status).toBe(502);
  expect(next()).toMatchObject({ status: 200, headers: { 'content-type': 'text/html' } });
  const truncated = next();
  expect(truncated.status).toBe(200);
  expect(() => JSON.parse(truncated.body)).toThrow(SyntaxError);
  expect(shop.get(ORDERS, CONTRACT)).toBe(CONNECTION_DROPPED);
  expect(next().status).toBe(200);
  expect(shop.manomano.calls.get('orders')).toBe(8);
});

test('what it does not have is not found, and an order that breaks the published shape is not taken', () => {
  const shop = new Shop();
  expect(shop.answered('/orders/v2/orders', CONTRACT).status).toBe(404);
  const order = shop.manomano.order('M2600000000001');
  if (order === undefined) throw new Error('the demonstration has it');
  expect(() => shop.manomano.putOrder({ ...order, status_updated_at: '2026-11-23T09:59:00.123Z' })).toThrow();
});
