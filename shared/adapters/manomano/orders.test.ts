import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  DEMO_CONTRACTS,
  DEMO_MANOMANO,
  type ManomanoSale,
  manomanoDemoOrders,
  manomanoOrder,
} from '../../../local/partners/manomano/demo-shop.ts';
import type { ManomanoOrder } from '../../../local/partners/manomano/schemas.ts';
import {
  createManomanoStandIn,
  type ManomanoStandIn,
  type ManomanoTrouble,
} from '../../../local/partners/manomano/stand-in.ts';
import { partnerFetch } from '../../../tests/support/partner-fetch.ts';
import {
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnexpectedAnswerError,
} from '../../domain/errors.ts';
import { checkOrder } from '../../domain/order-check.ts';
import type { OrderPage, OrderWindow } from '../../ports/order-source.ts';
import { createManomanoClient, type ManomanoAnswer, type ManomanoRequest } from './client.ts';
import { createManomanoOrderSource } from './orders.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const IT_SELF = String(DEMO_CONTRACTS.itSelf.contractId);
const IT_MMF = String(DEMO_CONTRACTS.itMmf.contractId);
const FR_SELF = String(DEMO_CONTRACTS.frSelf.contractId);
const ALL = [IT_SELF, IT_MMF, FR_SELF];

const window: OrderWindow = {
  accountId: DEMO_MANOMANO.accountId,
  siteIds: ALL,
  from: '2026-11-01T00:00:00.000Z',
  until: '2026-11-23T09:58:00.000Z',
};

let asked: URL[];
let manomano: ManomanoStandIn;
beforeEach(() => standIn(manomanoDemoOrders(NOW)));
afterEach(() => {
  vi.unstubAllGlobals();
});

/** From here on, ManoMano has these orders and no others. */
function standIn(orders: readonly ManomanoOrder[]): void {
  asked = [];
  manomano = createManomanoStandIn({
    apiKey: DEMO_MANOMANO.apiKey,
    contracts: Object.values(DEMO_CONTRACTS),
    orders,
    now: () => NOW,
  });
  vi.stubGlobal('fetch', partnerFetch(manomano, asked));
}

const source = createManomanoOrderSource(async (accountId) => {
  if (accountId !== DEMO_MANOMANO.accountId) throw new Error(`no client was set up for ${accountId}`);
  return createManomanoClient({ apiKey: DEMO_MANOMANO.apiKey });
});

/** Reads the window to its end, as the use case does; each page may be followed by something that happens meanwhile. */
async function readAll(
  asked: Partial<OrderWindow> = {},
  afterPage: (pages: number) => void = () => {},
): Promise<OrderPage[]> {
  const pages: OrderPage[] = [];
  let token: string | undefined;
  do {
    const page = await source.fetchPage({ ...window, ...asked }, token);
    pages.push(page);
    afterPage(pages.length);
    token = page.nextPageToken;
  } while (token !== undefined);
  return pages;
}

const referencesOf = (pages: readonly OrderPage[]) =>
  pages.flatMap(({ orders }) => orders.map(({ order }) => order.marketplaceOrderId));
const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error,
  );

/** So many orders of the Italian contract, one a minute. */
function manyOrders(count: number): ManomanoOrder[] {
  const sale: ManomanoSale = {
    reference: '',
    contract: 'itSelf',
    placedDaysAgo: 2,
    status: 'PREPARATION',
    lines: [{ sku: 'DEMO-PUNTE', title: 'Punte dimostrative', quantity: 1, unitCents: 1_210 }],
    shippingCents: 490,
  };
  return Array.from({ length: count }, (_, n) =>
    manomanoOrder({ ...sale, reference: `M27${String(n).padStart(11, '0')}` }, n, NOW - n * 60_000),
  );
}

/** A source whose client answers this, and what it asks for. */
function sourceAnswering(answer: (request: ManomanoRequest) => ManomanoAnswer) {
  const requests: ManomanoRequest[] = [];
  const created = createManomanoOrderSource(async () => ({
    call: async (request) => {
      requests.push(request);
      return answer(request);
    },
  }));
  return { source: created, requests };
}
const answering = (body: unknown, outcome: ManomanoAnswer['outcome'] = 'success') =>
  sourceAnswering(() => ({ status: outcome === 'mixed' ? 207 : 200, outcome, body }));

describe('a window', () => {
  test('is read with one call a page, contract after contract, by time of last change of status', async () => {
    const pages = await readAll();
    expect(asked.map(({ pathname, searchParams }) => [pathname, Object.fromEntries(searchParams)])).toEqual(
      ALL.map((contract) => [
        '/orders/v1/orders',
        {
          seller_contract_id: contract,
          status_updated_at_start: '2026-11-01T00:00:00Z',
          status_updated_at_end: '2026-11-23T09:58:00Z',
          page: '1',
          limit: '100',
        },
      ]),
    );
    expect(pages.map(({ orders }) => orders.map(({ order }) => order.siteId))).toEqual([
      [IT_SELF, IT_SELF, IT_SELF, IT_SELF, IT_SELF],
      [IT_MMF],
      [FR_SELF],
    ]);
    expect(referencesOf(pages).sort()).toEqual(
      manomanoDemoOrders(NOW).map(({ order_reference }) => order_reference),
    );
    for (const page of pages) {
      expect(page).toMatchObject({
        unreadable: [],
        effectiveUntil: undefined,
        grantedRatePerSecond: undefined,
      });
      expect(page).not.toHaveProperty('refusedSites');
    }
  });

  test('is rounded outwards to whole seconds, so that nothing falls between two of them', async () => {
    await source.fetchPage(
      { ...window, from: '2026-11-23T09:40:00.501Z', until: '2026-11-23T09:58:00.001Z' },
      undefined,
    );
    await source.fetchPage(
      { ...window, from: '2026-11-23T09:40:00.499Z', until: '2026-11-23T09:58:00.999Z' },
      undefined,
    );
    const bounds = asked.map(({ searchParams }) => [
      searchParams.get('status_updated_at_start'),
      searchParams.get('status_updated_at_end'),
    ]);
    expect(bounds).toEqual([
      ['2026-11-23T09:40:00Z', '2026-11-23T09:58:01Z'],
      ['2026-11-23T09:40:00Z', '2026-11-23T09:58:01Z'],
    ]);
  });

  test('can be about creation', async () => {
    const pages = await readAll({
      by: 'created',
      siteIds: [IT_SELF],
      from: '2026-11-22T00:00:00.000Z',
      until: '2026-11-23T09:58:00.000Z',
    });
    expect([...(asked[0]?.searchParams.keys() ?? [])]).toEqual([
      'seller_contract_id',
      'created_at_start',
      'created_at_end',
      'page',
      'limit',
    ]);
    expect(referencesOf(pages)).toEqual(['M2600000000004', 'M2600000000003']);
  });

  test('sees what was done in ManoMano’s own pages: a refund of an old order', async () => {
    const order = manomano.order('M2600000000001');
    if (order === undefined) throw new Error('the demonstration has it');
    manomano.putOrder({ ...order, status: 'REFUNDED', status_updated_at: '2026-11-23T09:50:00Z' });
    const pages = await readAll({ siteIds: [IT_SELF], from: '2026-11-23T09:45:00.000Z' });
    expect(
      pages[0]?.orders.map(({ order: { marketplaceOrderId, status } }) => [marketplaceOrderId, status]),
    ).toContainEqual(['M2600000000001', 'refunded']);
  });

  test('with a contract twice asks for it once; without one, or with something else, is a programming error', async () => {
    expect(await readAll({ siteIds: [IT_MMF, IT_MMF] })).toHaveLength(1);
    await expect(source.fetchPage({ ...window, siteIds: [] }, undefined)).rejects.toThrow(RangeError);
    await expect(source.fetchPage({ ...window, siteIds: ['EBAY_IT'] }, undefined)).rejects.toThrow(
      RangeError,
    );
  });
});

describe('the orders of the demonstration', () => {
  const orderOf = async (reference: string) => {
    const found = (await readAll())
      .flatMap(({ orders }) => orders)
      .find(({ order }) => order.marketplaceOrderId === reference);
    if (found === undefined) throw new Error(`${reference} was not read`);
    return found;
  };

  test('have exact amounts, as numbers in one contract and as text in another', async () => {
    expect((await orderOf('M2600000000001')).order.total).toEqual({ amountMinor: 12_100, currency: 'EUR' });
    expect((await orderOf('M2600000000006')).order.total).toEqual({ amountMinor: 8_990, currency: 'EUR' });
  });

  test('add up, with discounts and shipping, but for the one that does not', async () => {
    const orders = (await readAll()).flatMap((page) => page.orders.map(({ order }) => order));
    for (const order of orders) {
      expect(checkOrder(order)).toEqual(
        order.marketplaceOrderId === 'M2600000000007'
          ? { state: 'differs', difference: { amountMinor: 250, currency: 'EUR' } }
          : { state: 'adds-up' },
      );
    }
  });

  test('have an unknown word kept as it came', async () => {
    expect((await orderOf('M2600000000005')).order).toMatchObject({
      status: 'unknown',
      partnerStatus: 'AWAITING_COLLECTION',
    });
  });

  test('have a buyer: at the billing address, at a pick-up point, with the code for electronic invoices', async () => {
    expect((await orderOf('M2600000000004')).buyer?.deliveryAddress?.lines).toEqual(['Via Inventata 4']);
    expect((await orderOf('M2600000000005')).buyer?.deliveryAddress?.kind).toBe('PICK_UP_POINT');
    const business = await orderOf('M2600000000003');
    expect(business.order.business).toBe(true);
    expect(business.buyer).toMatchObject({
      invoiceDestination: '0000000',
      taxRegistrations: [{ kind: 'VAT', legalName: 'Ditta Inventata' }],
    });
  });
});

describe('pages', () => {
  const pagesAsked = () => asked.map(({ searchParams }) => searchParams.get('page'));

  test('are read from the last back to the first, each order at least once', async () => {
    const orders = manyOrders(250);
    standIn(orders);
    const pages = await readAll({ siteIds: [IT_SELF] });
    expect(pagesAsked()).toEqual(['1', '3', '2', '1']);
    expect(new Set(referencesOf(pages))).toEqual(new Set(orders.map((order) => order.order_reference)));
  });

  test.each([1, 2, 3])(
    'an order that changes after call %i and leaves the window takes no other with it over the edge of a page',
    async (calls) => {
      const orders = manyOrders(250);
      standIn(orders);
      const pages = await readAll({ siteIds: [IT_SELF] }, (read) => {
        if (read !== calls) return;
        // The newest ones: everything behind them moves up, from each page to the one before.
        for (const order of orders.slice(0, 5)) {
          manomano.putOrder({ ...order, status: 'SHIPPED', status_updated_at: '2026-11-23T09:59:00Z' });
        }
      });
      const seen = new Set(referencesOf(pages));
      expect(orders.filter((order) => !seen.has(order.order_reference))).toEqual([]);
    },
  );

  test('end with the last one, and the next contract follows', async () => {
    standIn([...manyOrders(101), ...manomanoDemoOrders(NOW)]);
    await readAll({ siteIds: [IT_SELF, FR_SELF] });
    expect(
      asked.map(({ searchParams }) => [searchParams.get('seller_contract_id'), searchParams.get('page')]),
    ).toEqual([
      [IT_SELF, '1'],
      [IT_SELF, '2'],
      [IT_SELF, '1'],
      [FR_SELF, '1'],
    ]);
  });

  test.each([
    ['pages', { pages: 2, items: 101, limit: 100 }, true],
    ['one page, though a next link leads on', { pages: 1, links: { next: 'https://evil.example/' } }, false],
    ['items only', { items: 101, limit: 100 }, true],
    ['items that fit', { items: 100, limit: 100 }, false],
    ['nothing, of a short page', {}, false],
    ['no counts at all, of a short page', undefined, false],
    ['nulls', { pages: null, items: null, limit: null }, false],
    ['no pages', { pages: 0, items: 0 }, false],
  ])('are counted by %s', async (_, pagination, more) => {
    const { source: counted } = answering({ content: [], pagination });
    const page = await counted.fetchPage({ ...window, siteIds: [IT_SELF] }, undefined);
    expect(page.nextPageToken !== undefined).toBe(more);
  });

  test('that are full and do not say how many there are cannot be trusted to be all', async () => {
    const content = Array.from({ length: 30 }, () => ({}));
    const { source: uncounted } = answering({ content, pagination: { limit: 30 } });
    expect(await failure(uncounted.fetchPage(window, undefined))).toBeInstanceOf(UnexpectedAnswerError);
  });

  test.each([
    'next',
    '',
    '900001.0.answered',
    '900001.2',
    '123.1.answered',
    '900001.1.answered.x',
    '../x.1.silent',
  ])('are not asked for with the token %j, which is none of this window', async (token) => {
    const error = await failure(source.fetchPage(window, token));
    expect(error).toBeInstanceOf(RejectedError);
    expect(error).toMatchObject({ status: 400 });
    expect(asked).toEqual([]);
  });

  test('that are gone by the time they are asked for are skipped', async () => {
    const { source: shrinking, requests } = sourceAnswering(({ query }) => {
      if (query?.page !== '1') throw new RejectedError('manomano', 'manomano orders: 404', { status: 404 });
      return { status: 200, outcome: 'success', body: { content: [], pagination: { pages: 3 } } };
    });
    let token: string | undefined;
    const pages: OrderPage[] = [];
    do {
      const page = await shrinking.fetchPage({ ...window, siteIds: [IT_SELF] }, token);
      pages.push(page);
      token = page.nextPageToken;
    } while (token !== undefined);
    expect(requests.map(({ query }) => query?.page)).toEqual(['1', '3', '2', '1']);
    expect(pages.some((page) => page.refusedSites !== undefined)).toBe(false);
  });
});

describe('a refused contract', () => {
  test.each([0, 1, 2])('does not keep the others away, wherever it stands (%i)', async (at) => {
    const refused = ALL[at] ?? '';
    manomano.refuseContract(Number(refused));
    const pages = await readAll();
    expect(pages.flatMap(({ refusedSites = [] }) => refusedSites)).toEqual([refused]);
    expect(new Set(pages.flatMap(({ orders }) => orders.map(({ order }) => order.siteId)))).toEqual(
      new Set(ALL.filter((contract) => contract !== refused)),
    );
  });

  test('that ManoMano does not know is refused the same way', async () => {
    const pages = await readAll({ siteIds: ['999999', IT_SELF] });
    expect(pages[0]).toMatchObject({ orders: [], refusedSites: ['999999'] });
    expect(referencesOf(pages)).toHaveLength(5);
  });

  test.each([[[IT_SELF]], [ALL]])('is the key’s fault when there is no other: %j', async (siteIds) => {
    for (const contract of ALL) manomano.refuseContract(Number(contract));
    const error = await failure(readAll({ siteIds }));
    expect(error).toBeInstanceOf(RejectedError);
    expect(error).toMatchObject({
      status: 403,
      message: `manomano orders: refused for every contract, the last was ${siteIds.at(-1)}`,
    });
  });

  test('that is refused in the middle of its pages is said to be, whatever was read of it', async () => {
    standIn(manyOrders(250));
    const pages = await readAll({ siteIds: [IT_SELF, IT_MMF] }, (read) => {
      if (read === 2) manomano.refuseContract(Number(IT_SELF));
    });
    expect(pages.map(({ refusedSites }) => refusedSites)).toEqual([
      undefined,
      undefined,
      [IT_SELF],
      undefined,
    ]);
  });

  test('a key revoked in the middle of a window is rejected at once, for all contracts', async () => {
    const first = await source.fetchPage(window, undefined);
    manomano.revoke();
    const error = await failure(source.fetchPage(window, first.nextPageToken));
    expect(error).toBeInstanceOf(RejectedError);
    expect(error).toMatchObject({ status: 401 });
  });
});

describe('a broken order', () => {
  const fixture = readFileSync(new URL('fixtures/orders-page.json', import.meta.url), 'utf8');

  test('is set aside by its reference and time, and the others are read', async () => {
    const page = JSON.parse(fixture);
    page.content[0].products[0].quantity = 'PRIVATE two';
    page.content.push({
      ...page.content[1],
      order_reference: 'M2600000000103',
      total_price: { amount: 1.005, currency: 'EUR' },
    });
    page.content.push({ ...page.content[1], total_price: { amount: 'PRIVATE much', currency: 'EUR' } });
    page.content.push('PRIVATE nonsense', { order_reference: 'PRIVATE with spaces', created_at: 'PRIVATE' });
    const { source: broken } = answering(page);
    const read = await broken.fetchPage(window, undefined);
    expect(read.orders.map(({ order }) => order.marketplaceOrderId)).toEqual(['M2600000000102']);
    expect(read.unreadable).toMatchObject([
      {
        marketplaceOrderId: 'M2600000000101',
        updatedAt: '2026-11-20T09:00:00.000Z',
        problem: 'products.0.quantity: invalid_type',
      },
      { marketplaceOrderId: 'M2600000000103', problem: 'more decimals than EUR has: 1.005' },
      { marketplaceOrderId: 'M2600000000102', problem: 'total_price.amount: invalid_format' },
      { marketplaceOrderId: undefined, updatedAt: undefined, problem: '(whole): invalid_type' },
      { marketplaceOrderId: undefined, updatedAt: undefined },
    ]);
    expect(JSON.stringify(read.unreadable)).not.toContain('PRIVATE');
  });

  test.each([
    ['without orders', { orders: [] }],
    ['with one order instead of a list', { content: {} }],
    ['with nothing', undefined],
  ])('a page %s is unexpected', async (_, body) => {
    expect(await failure(answering(body).source.fetchPage(window, undefined))).toBeInstanceOf(
      UnexpectedAnswerError,
    );
  });

  test('207 is no answer to a question', async () => {
    expect(
      await failure(answering({ content: [] }, 'mixed').source.fetchPage(window, undefined)),
    ).toBeInstanceOf(UnexpectedAnswerError);
  });
});

test.each<[ManomanoTrouble, new (...args: never[]) => Error, object]>([
  ['throttled-header', ThrottledError, { retryAfterMs: 30_000 }],
  ['throttled-body', ThrottledError, { retryAfterMs: 30_000 }],
  ['throttled-silent', ThrottledError, { retryAfterMs: 60_000 }],
  ['server-error', UnavailableError, {}],
  ['dropped', UnavailableError, {}],
  ['truncated', UnexpectedAnswerError, {}],
  ['not-json', UnexpectedAnswerError, {}],
])(
  'trouble (%s) in the middle of a window fails the call, and the same token works afterwards',
  async (what, family, more) => {
    const first = await source.fetchPage(window, undefined);
    manomano.trouble(what, 1);
    const error = await failure(source.fetchPage(window, first.nextPageToken));
    expect(error).toBeInstanceOf(family);
    expect(error).toMatchObject(more);
    expect((await source.fetchPage(window, first.nextPageToken)).orders).toHaveLength(1);
  },
);

describe('a single order', () => {
  const of = (marketplaceOrderId: string, siteId = IT_SELF) =>
    source.fetchOrder({ accountId: DEMO_MANOMANO.accountId, siteId, marketplaceOrderId });

  test('is the same as in the list', async () => {
    const listed = (await readAll()).flatMap(({ orders }) => orders);
    const one = await of('M2600000000003');
    expect(one).toEqual(listed.find(({ order }) => order.marketplaceOrderId === 'M2600000000003'));
    expect(asked.at(-1)?.pathname).toBe('/orders/v1/orders/M2600000000003');
    expect(asked.at(-1)?.search).toBe(`?seller_contract_id=${IT_SELF}`);
  });

  test('that ManoMano does not have, or not under this contract, is not there', async () => {
    expect(await of('M2699999999999')).toBeUndefined();
    expect(await of('M2600000000006')).toBeUndefined();
  });

  test('of a contract that refuses is rejected: it may well exist', async () => {
    manomano.refuseContract(Number(IT_SELF));
    expect(await failure(of('M2600000000003'))).toMatchObject({ status: 403 });
  });

  test('may come as a list of one', async () => {
    const order = manomano.order('M2600000000003');
    const { source: listing, requests } = answering({ content: [order] });
    const account = { accountId: 'shop', siteId: IT_SELF, marketplaceOrderId: 'a/../b' };
    expect((await listing.fetchOrder(account))?.order.marketplaceOrderId).toBe('M2600000000003');
    expect(requests[0]?.path).toBe('/orders/v1/orders/a%2F..%2Fb');
  });

  test.each([{ content: {} }, { content: [] }, { content: [{}, {}] }, {}, undefined])(
    'that is broken (%j) is unexpected',
    async (body) => {
      const account = { accountId: 'shop', siteId: IT_SELF, marketplaceOrderId: 'M1' };
      expect(await failure(answering(body).source.fetchOrder(account))).toBeInstanceOf(UnexpectedAnswerError);
    },
  );
});
