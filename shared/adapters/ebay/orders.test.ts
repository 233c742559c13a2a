import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  DEMO_EBAY,
  demoEbayOrder,
  demoEbayOrders,
  type EbaySale,
} from '../../../local/partners/ebay/demo-shop.ts';
import type { EbayOrder } from '../../../local/partners/ebay/schemas.ts';
import { createEbayStandIn, type EbayStandIn } from '../../../local/partners/ebay/stand-in.ts';
import type { PartnerAnswer, PartnerRequest } from '../../../local/partners/partner.ts';
import { partnerFetch } from '../../../tests/support/partner-fetch.ts';
import {
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnexpectedAnswerError,
} from '../../domain/errors.ts';
import { checkOrder } from '../../domain/order-check.ts';
import { shippingBlock } from '../../domain/order-status.ts';
import type { OrderPage, OrderWindow } from '../../ports/order-source.ts';
import { createEbayClient } from './client.ts';
import { createEbayOrderSource, EBAY_CALLS_QUOTA } from './orders.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const DAY_MS = 86_400_000;
const { appId, certId, ruName, refreshToken } = DEMO_EBAY;

let nowMs: number;
let ebay: EbayStandIn;
let seen: PartnerRequest[];
/** Changes an answer on its way. */
let onTheWay: (answer: PartnerAnswer, request: PartnerRequest) => PartnerAnswer;

function open(orders: readonly EbayOrder[]) {
  ebay = createEbayStandIn({ seller: DEMO_EBAY, orders, now: () => nowMs });
  vi.stubGlobal(
    'fetch',
    partnerFetch({
      hosts: ebay.hosts,
      answer(request) {
        seen.push(request);
        const answer = ebay.answer(request);
        return typeof answer === 'string' ? answer : onTheWay(answer, request);
      },
    }),
  );
  const client = createEbayClient({ appId, certId, ruName, refreshToken }, { now: () => nowMs });
  return createEbayOrderSource(async (accountId) => {
    if (accountId !== 'demo') throw new Error(`no client was set up for ${accountId}`);
    return client;
  });
}

beforeEach(() => {
  nowMs = NOW;
  seen = [];
  onTheWay = (answer) => answer;
});
afterEach(() => vi.unstubAllGlobals());

const window: OrderWindow = {
  accountId: 'demo',
  siteIds: ['EBAY_IT'],
  from: '2026-11-01T00:00:00Z',
  until: '2026-11-23T09:58:00Z',
};
const idsOf = (page: OrderPage) => page.orders.map(({ order }) => order.marketplaceOrderId);

/** A shop with many orders, the first the oldest. */
function manyOrders(count: number): EbayOrder[] {
  const sale: EbaySale = {
    orderId: '',
    placedDaysAgo: 3,
    state: 'paid',
    lines: [{ sku: 'DEMO', title: 'Articolo dimostrativo', quantity: 1, unitCents: 1_000 }],
    shippingCents: 0,
  };
  return Array.from({ length: count }, (_, n) => {
    const at = new Date(NOW - 3 * DAY_MS + n * 60_000).toISOString();
    const orderId = `20-00000-${String(n).padStart(5, '0')}`;
    return { ...demoEbayOrder({ ...sale, orderId }, 1, NOW), creationDate: at, lastModifiedDate: at };
  });
}

async function pagesOf(
  source: ReturnType<typeof open>,
  betweenPages: (page: number) => void = () => {},
): Promise<string[][]> {
  const pages: string[][] = [];
  let token: string | undefined;
  do {
    const page = await source.fetchPage(window, token);
    pages.push(idsOf(page));
    token = page.nextPageToken;
    betweenPages(pages.length);
  } while (token !== undefined);
  return pages;
}

describe('a page', () => {
  test('asks for what changed in the window, both ends in UTC and in the past, as many as eBay gives', async () => {
    const source = open(demoEbayOrders(NOW));
    const page = await source.fetchPage({ ...window, from: '2026-11-01T01:00:00+01:00' }, undefined);
    const asked = seen.at(-1)?.url;
    expect(asked?.pathname).toBe('/sell/fulfillment/v1/order');
    expect(Object.fromEntries(asked?.searchParams ?? [])).toEqual({
      filter: 'lastmodifieddate:[2026-11-01T00:00:00.000Z..2026-11-23T09:58:00.000Z]',
      limit: '200',
      offset: '0',
    });
    expect(page.orders).toHaveLength(8);
    expect(page).toMatchObject({ unreadable: [], nextPageToken: undefined });
  });

  test('asks for what was created in the window, and for nothing else with it', async () => {
    const source = open(demoEbayOrders(NOW));
    await source.fetchPage({ ...window, by: 'created' }, undefined);
    expect(seen.at(-1)?.url.searchParams.get('filter')).toBe(
      'creationdate:[2026-11-01T00:00:00.000Z..2026-11-23T09:58:00.000Z]',
    );
  });

  test('with its end in the future is refused by eBay, not answered wrongly', async () => {
    const source = open([]);
    const error = await source
      .fetchPage({ ...window, until: '2026-11-23T10:01:00Z' }, undefined)
      .catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(RejectedError);
    expect(error).toMatchObject({ status: 400, errorIds: [30_850] });
  });

  test('with nothing in it is empty', async () => {
    expect(await open([]).fetchPage(window, undefined)).toMatchObject({
      orders: [],
      nextPageToken: undefined,
    });
  });

  test('of the demonstration adds up in every order, and says which may not be shipped', async () => {
    const page = await open(demoEbayOrders(NOW)).fetchPage(window, undefined);
    expect(page.orders.map(({ order }) => checkOrder(order).state)).toEqual(Array(8).fill('adds-up'));
    const blocks = Object.fromEntries(
      page.orders.map(({ order }) => [order.marketplaceOrderId, shippingBlock(order)]),
    );
    expect(blocks).toMatchObject({
      '10-00006-00006': undefined,
      '10-00007-00007': 'cancellation-requested',
      '10-00008-00008': 'not-ready',
    });
  });

  test('says that an Italian order is to be fetched for its tax number', async () => {
    const page = await open(demoEbayOrders(NOW)).fetchPage(window, undefined);
    expect(page.orders.every(({ incomplete }) => incomplete === true)).toBe(true);
    expect(page.orders.every(({ buyer }) => buyer?.taxRegistrations.length === 0)).toBe(true);
  });

  test('sets a broken order aside by its id and time, and reads the others', async () => {
    const source = open(demoEbayOrders(NOW));
    onTheWay = (answer, request) => {
      if (!request.url.pathname.endsWith('/order')) return answer;
      const page = JSON.parse(answer.body);
      page.orders[0].lineItems[0].quantity = 'PRIVATE two';
      page.orders[1].pricingSummary.total.value = '1.005';
      page.orders.push('PRIVATE nonsense', {
        orderId: 'PRIVATE id with spaces',
        lastModifiedDate: 'yesterday',
      });
      return { ...answer, body: JSON.stringify(page) };
    };
    const page = await source.fetchPage(window, undefined);
    expect(page.orders).toHaveLength(6);
    expect(page.unreadable).toMatchObject([
      {
        marketplaceOrderId: '10-00008-00008',
        updatedAt: expect.stringMatching(/^2026-11-23T/),
        problem: 'lineItems.0.quantity: invalid_type',
      },
      { marketplaceOrderId: '10-00007-00007' },
      { marketplaceOrderId: undefined, updatedAt: undefined, problem: '(whole): invalid_type' },
      { marketplaceOrderId: undefined, updatedAt: undefined },
    ]);
    expect(JSON.stringify(page.unreadable)).not.toContain('PRIVATE');
  });

  test('reads an order in words that are new to us, and says that it does not understand them', async () => {
    const source = open(demoEbayOrders(NOW));
    onTheWay = (answer) => ({ ...answer, body: answer.body.replaceAll('"NOT_STARTED"', '"A_NEW_WORD"') });
    const page = await source.fetchPage(window, undefined);
    expect(page.unreadable).toEqual([]);
    expect(page.orders.filter(({ order }) => order.status === 'unknown')).toHaveLength(3);
  });

  test.each([
    ['not JSON', '<html>PRIVATE</html>'],
    ['without a total', '{"orders":[]}'],
    ['with orders that are no list', '{"total":1,"orders":{}}'],
  ])('that is %s is unexpected, and not quoted', async (_, body) => {
    const source = open([]);
    onTheWay = (answer, { url }) => (url.pathname.endsWith('/order') ? { ...answer, body } : answer);
    const error = await source.fetchPage(window, undefined).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(UnexpectedAnswerError);
    expect(String(error)).not.toContain('PRIVATE');
  });

  test.each([
    ['throttled', ThrottledError],
    ['throttled-silent', ThrottledError],
    ['server-error', UnavailableError],
    ['dropped', UnavailableError],
    ['truncated', UnexpectedAnswerError],
  ] as const)('that meets %s fails in its family, and can be asked for again', async (trouble, family) => {
    const source = open(demoEbayOrders(NOW));
    ebay.trouble(trouble, 1);
    await expect(source.fetchPage(window, undefined)).rejects.toBeInstanceOf(family);
    expect((await source.fetchPage(window, undefined)).orders).toHaveLength(8);
  });

  test('after a revocation is a refused authorisation', async () => {
    const source = open([]);
    ebay.revoke();
    await expect(source.fetchPage(window, undefined)).rejects.toMatchObject({ status: 401 });
  });

  test.each(['x', '-200', '150', '1e400'])(
    'token %j is none of ours: the window begins again',
    async (token) => {
      await expect(open([]).fetchPage(window, token)).rejects.toMatchObject({ status: 400 });
      expect(seen).toEqual([]);
    },
  );
});

describe('pages', () => {
  test('show every order, and are no more than one call beyond what is needed', async () => {
    const orders = manyOrders(450);
    const pages = await pagesOf(open(orders));
    expect(pages.map(({ length }) => length)).toEqual([200, 50, 200, 200]);
    expect(new Set(pages.flat())).toEqual(new Set(orders.map(({ orderId }) => orderId)));
  });

  test.each([200, 201, 400, 401])('of exactly %i orders lose none', async (count) => {
    expect(new Set((await pagesOf(open(manyOrders(count)))).flat()).size).toBe(count);
  });

  test('that move, because orders read already change meanwhile, lose none of those that stayed', async () => {
    const orders = manyOrders(650);
    const source = open(orders);
    const changed: string[] = [];
    const change = (order: EbayOrder | undefined): void => {
      if (order === undefined) throw new Error('no order');
      // A change after the window's end: the order leaves the result, all behind it move up.
      ebay.putOrder({ ...order, lastModifiedDate: new Date(NOW - 60_000).toISOString() });
      changed.push(order.orderId);
    };
    // The newest come first.
    const pages = await pagesOf(source, (page) => {
      for (let n = 0; n < 7; n += 1) change(orders.at(-1 - n - 7 * page));
    });
    const read = new Set(pages.flat());
    const stayed = orders.map(({ orderId }) => orderId).filter((orderId) => !changed.includes(orderId));
    expect(stayed.filter((orderId) => !read.has(orderId))).toEqual([]);
    // Some are on two pages: the same order twice is the store's business.
    expect(pages.flat().length).toBeGreaterThan(read.size);
  });

  test('that grew short of a page are read on', async () => {
    const orders = manyOrders(401);
    const source = open(orders);
    const first = await source.fetchPage(window, undefined);
    const [oldest] = orders;
    if (oldest === undefined) throw new Error('no order');
    ebay.putOrder({ ...oldest, lastModifiedDate: new Date(NOW - 60_000).toISOString() });
    const last = await source.fetchPage(window, first.nextPageToken);
    expect(last).toMatchObject({ orders: [], nextPageToken: '200' });
  });
});

describe('a single order', () => {
  const account = { accountId: 'demo', siteId: 'EBAY_IT' };

  test('has the tax number, which the list leaves out', async () => {
    const source = open(demoEbayOrders(NOW));
    const order = await source.fetchOrder({ ...account, marketplaceOrderId: '10-00006-00006' });
    expect(order?.incomplete).toBeUndefined();
    expect(order?.buyer?.taxRegistrations).toEqual([{ kind: 'CODICE_FISCALE', number: 'NVNCNT00A00X006X' }]);
    expect(order?.order.lines[0]?.sku).toBe('1E5');
  });

  test('that eBay does not know is undefined, in either of its ways to say so', async () => {
    const source = open([]);
    const missing = { ...account, marketplaceOrderId: '10-99999-99999' };
    expect(await source.fetchOrder(missing)).toBeUndefined();
    onTheWay = (answer, { url }) =>
      url.pathname.includes('/order/') ? { ...answer, status: 404, body: '' } : answer;
    expect(await source.fetchOrder(missing)).toBeUndefined();
    onTheWay = (answer, { url }) =>
      url.pathname.includes('/order/')
        ? { ...answer, status: 400, body: '{"errors":[{"errorId":11001}]}' }
        : answer;
    expect(await source.fetchOrder(missing)).toBeUndefined();
  });

  test('that eBay refuses for another reason is a refusal', async () => {
    const source = open([]);
    onTheWay = (answer, { url }) =>
      url.pathname.includes('/order/')
        ? { ...answer, status: 403, body: '{"errors":[{"errorId":1100}]}' }
        : answer;
    const asked = source.fetchOrder({ ...account, marketplaceOrderId: '10-99999-99999' });
    await expect(asked).rejects.toMatchObject({ status: 403 });
  });

  test('has an id that cannot lead elsewhere', async () => {
    await open([]).fetchOrder({ ...account, marketplaceOrderId: '../user?x=1' });
    expect(seen.at(-1)?.url.href).toBe('https://api.ebay.com/sell/fulfillment/v1/order/..%2Fuser%3Fx%3D1');
  });

  test.each([
    ['has no lines', (order: { lineItems: unknown }) => Object.assign(order, { lineItems: [] })],
    [
      'has an amount that is none',
      (order: object) =>
        Object.assign(order, { pricingSummary: { total: { value: 'PRIVATE', currency: 'EUR' } } }),
    ],
  ])('that %s is unexpected', async (_, spoil) => {
    const source = open(demoEbayOrders(NOW));
    onTheWay = (answer, { url }) =>
      url.pathname.includes('/order/')
        ? { ...answer, body: JSON.stringify(spoil(JSON.parse(answer.body))) }
        : answer;
    const asked = source.fetchOrder({ ...account, marketplaceOrderId: '10-00006-00006' });
    await expect(asked).rejects.toBeInstanceOf(UnexpectedAnswerError);
  });

  test('loses its e-mail after 14 days and the person after 90, and is still read', async () => {
    const source = open(demoEbayOrders(NOW));
    const fetched = () => source.fetchOrder({ ...account, marketplaceOrderId: '10-00006-00006' });
    nowMs = NOW + 13 * DAY_MS;
    expect((await fetched())?.buyer).toMatchObject({ state: 'present', email: undefined });
    nowMs = NOW + 89 * DAY_MS;
    expect((await fetched())?.buyer).toMatchObject({
      state: 'refused',
      name: undefined,
      deliveryAddress: undefined,
      taxRegistrations: [],
    });
  });
});

test('the allowance is no more than what every new application has', () => {
  expect(EBAY_CALLS_QUOTA.ratePerSecond * 86_400).toBeCloseTo(5_000);
});
