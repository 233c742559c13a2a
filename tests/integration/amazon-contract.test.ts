import { beforeEach, describe, expect, it, test, vi } from 'vitest';
import { demoFoundSettlement } from '../../local/partners/amazon/demo-settlement.ts';
import {
  DEMO_ACCOUNT,
  DEMO_SITES,
  demoCustomisations,
  demoOrders,
} from '../../local/partners/amazon/demo-shop.ts';
import { type AmazonStandIn, createAmazonStandIn } from '../../local/partners/amazon/stand-in.ts';
import { CONNECTION_DROPPED, type PartnerAnswer } from '../../local/partners/partner.ts';
import {
  createAmazonAccountProbe,
  createAmazonHealthProbe,
} from '../../shared/adapters/amazon/account-probe.ts';
import type { AmazonClient, AmazonRequest } from '../../shared/adapters/amazon/client.ts';
import { readPackage } from '../../shared/adapters/amazon/customisation/read.ts';
import { downloadCustomisation } from '../../shared/adapters/amazon/download.ts';
import { failureOf } from '../../shared/adapters/amazon/errors.ts';
import { feedsSince, readFeed, readFeedResult, submitFeed } from '../../shared/adapters/amazon/feeds.ts';
import { createAmazonOrderReader } from '../../shared/adapters/amazon/get-order.ts';
import { createAmazonOrderSource } from '../../shared/adapters/amazon/search-orders.ts';
import { createAmazonSettlementFinder } from '../../shared/adapters/amazon/settlement-reports.ts';
import { createAmazonShippingConfirmer } from '../../shared/adapters/amazon/shipping-confirmer.ts';
import { RejectedError, ThrottledError, UnavailableError } from '../../shared/domain/errors.ts';
import { checkOrder } from '../../shared/domain/order-check.ts';
import { AMAZON_ROUTES } from '../support/amazon-client.ts';
import { AMAZON_MODELS_THERE, publishedModel } from '../support/amazon-models.ts';

/*
 * Our calls and the stand-in's answers, without a network between them: what one says the other must understand. Where
 * Amazon's models lie beside the repository, every call is held against them too.
 */
const NOW = Date.parse('2026-11-23T10:00:00Z');
const IT = DEMO_SITES.it.marketplaceId;
const DE = DEMO_SITES.de.marketplaceId;
const MODEL_FILES = {
  searchOrders: 'orders_2026-01-01.json',
  getOrder: 'orders_2026-01-01.json',
  getReports: 'reports_2021-06-30.json',
  getReportDocument: 'reports_2021-06-30.json',
  createReport: 'reports_2021-06-30.json',
  getReport: 'reports_2021-06-30.json',
  searchListingsItems: 'listingsItems_2021-08-01.json',
  patchListingsItem: 'listingsItems_2021-08-01.json',
  getMarketplaceParticipations: 'sellers.json',
  confirmShipment: 'ordersV0.json',
  createFeedDocument: 'feeds_2021-06-30.json',
  createFeed: 'feeds_2021-06-30.json',
  getFeed: 'feeds_2021-06-30.json',
  getFeeds: 'feeds_2021-06-30.json',
  getFeedDocument: 'feeds_2021-06-30.json',
} as const;
const BODIES: Readonly<Partial<Record<AmazonRequest['operation'], string>>> = {
  confirmShipment: 'ConfirmShipmentRequest',
  createFeedDocument: 'CreateFeedDocumentSpecification',
  createFeed: 'CreateFeedSpecification',
  createReport: 'CreateReportSpecification',
  patchListingsItem: 'ListingsItemPatchRequest',
};

let nowMs: number;
let amazon: AmazonStandIn;
let token: string;
const answered = (answer: PartnerAnswer | typeof CONNECTION_DROPPED): PartnerAnswer => {
  if (answer === CONNECTION_DROPPED) throw new Error('dropped');
  return answer;
};
function signIn(): PartnerAnswer {
  const { clientId, clientSecret, refreshToken } = DEMO_ACCOUNT;
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: clientId,
    client_secret: clientSecret,
    refresh_token: refreshToken,
  });
  const answer = answered(
    amazon.answer({
      method: 'POST',
      url: new URL('https://api.amazon.com/auth/o2/token'),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
    }),
  );
  token = answer.status === 200 ? JSON.parse(answer.body).access_token : token;
  return answer;
}

/** Our client with the stand-in for a network. */
const client: AmazonClient = {
  async call(request) {
    checkAgainstModel(request);
    let path: string = AMAZON_ROUTES[request.operation];
    for (const [name, value] of Object.entries(request.path ?? {})) {
      path = path.replace(`{${name}}`, encodeURIComponent(value));
    }
    const url = new URL(path, 'https://sellingpartnerapi-eu.amazon.com');
    for (const [name, value] of Object.entries(request.query ?? {})) {
      url.searchParams.set(name, [value].flat().join(','));
    }
    const { status, headers, body } = answered(
      amazon.answer({
        method: request.body === undefined ? 'GET' : 'POST',
        url,
        headers: { 'x-amz-access-token': token },
        body: request.body === undefined ? '' : JSON.stringify(request.body),
      }),
    );
    const answer = { statusCode: status, headers, body };
    if (![200, 201, 202, 204].includes(status)) throw failureOf(answer, request);
    return answer;
  },
};
const models = new Map<string, ReturnType<typeof publishedModel>>();
function checkAgainstModel({ operation, path = {}, query = {}, body }: AmazonRequest): void {
  if (!AMAZON_MODELS_THERE) return;
  const file = MODEL_FILES[operation];
  const model = models.get(file) ?? publishedModel(file);
  models.set(file, model);
  expect(`${body === undefined ? 'GET' : 'POST'} ${AMAZON_ROUTES[operation]}`).toBe(model.route(operation));
  const named = [...AMAZON_ROUTES[operation].matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  expect(Object.keys(path)).toEqual(named);
  const check = model.query(operation);
  check(JSON.parse(JSON.stringify(query)));
  expect(check.errors, operation).toBeNull();
  if (body === undefined) return;
  const checkBody = model.answer(BODIES[operation] ?? 'none');
  checkBody(JSON.parse(JSON.stringify(body)));
  expect(checkBody.errors, operation).toBeNull();
}
const clientOf = async (): Promise<AmazonClient> => client;
const clock = { now: () => nowMs };
const credentials = { clientId: 'client', clientSecret: 'secret', refreshToken: 'refresh' };
async function textOf(contents: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of contents) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

beforeEach(() => {
  nowMs = NOW;
  models.clear();
  amazon = createAmazonStandIn({
    account: DEMO_ACCOUNT,
    marketplaceIds: [IT, DE],
    personalData: true,
    orders: demoOrders(NOW),
    reports: [demoFoundSettlement(NOW)],
    customisations: demoCustomisations(NOW),
    now: () => nowMs,
  });
  signIn();
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const url = new URL(String(input));
    if (!amazon.hosts.includes(url.host)) throw new TypeError(`no partner at ${url.host}`);
    const { method = 'GET', headers, body } = init ?? {};
    const answer = answered(
      amazon.answer({
        method,
        url,
        headers: Object.fromEntries(new Headers(headers)),
        body: typeof body === 'string' ? body : '',
      }),
    );
    return new Response(answer.bytes === undefined ? answer.body : new Uint8Array(answer.bytes), answer);
  });
  return () => {
    vi.restoreAllMocks();
  };
});

describe('orders', () => {
  const search = (by: 'updated' | 'created') =>
    createAmazonOrderSource(clientOf).fetchPage(
      {
        accountId: DEMO_ACCOUNT.sellerId,
        siteIds: [IT, DE],
        from: '2026-10-01T00:00:00.000Z',
        until: '2026-11-23T09:58:00.000Z',
        by,
      },
      undefined,
    );

  it.each(['updated', 'created'] as const)(
    'are understood, and each adds up, in a search by %s',
    async (by) => {
      const page = await search(by);
      expect(page.unreadable).toEqual([]);
      expect(page.orders).toHaveLength(demoOrders(NOW).length);
      expect(page.effectiveUntil).toBe('2026-11-23T09:58:00.000Z');
      for (const { order } of page.orders) {
        const state = order.status === 'pending' ? 'incomplete' : 'adds-up';
        expect(checkOrder(order), order.orderId).toEqual({ state });
      }
      expect(page.orders.filter(({ order }) => order.business)).toHaveLength(1);
    },
  );

  it('alone say what the search says; one that is not there is none', async () => {
    const reader = createAmazonOrderReader(clientOf);
    const wanted = { accountId: DEMO_ACCOUNT.sellerId, siteId: IT };
    const [first] = (await search('updated')).orders;
    const marketplaceOrderId = first?.order.marketplaceOrderId ?? '';
    expect(await reader.fetchOrder({ ...wanted, marketplaceOrderId })).toEqual(first);
    expect(await reader.fetchOrder({ ...wanted, marketplaceOrderId: '300-9999999-9999999' })).toBeUndefined();
  });
});

describe('a shipment', () => {
  const confirmer = createAmazonShippingConfirmer(clientOf);
  const parcel = {
    packageNumber: 1,
    trackingNumber: '067061651641',
    shippedAt: '2026-11-23T09:00:00.000Z',
    carrierCode: 'BRT',
  };
  const shippable = async () => {
    const read = await createAmazonOrderReader(clientOf).fetchOrder({
      accountId: DEMO_ACCOUNT.sellerId,
      siteId: IT,
      marketplaceOrderId: '300-0000007-0000007',
    });
    if (read === undefined) throw new Error('no order');
    const order = { ...read.order, channelId: 'amazon-it' };
    const lines = order.lines.map(({ orderLineId, quantityOrdered: quantity }) => ({
      orderLineId,
      quantity,
    }));
    return { order, lines };
  };

  it('is told in the words of the model, edited under its reference, and found', async () => {
    const { order, lines } = await shippable();
    expect(await confirmer.find(order, { ...parcel, lines })).toEqual({ found: 'no' });
    await confirmer.confirm(order, { ...parcel, lines });
    expect(await confirmer.find(order, { ...parcel, lines })).toEqual({ found: 'same' });
    const edited = { ...parcel, lines, trackingNumber: '067061651642' };
    expect(await confirmer.find(order, edited)).toEqual({ found: 'other', trackingNumber: '067061651641' });
    await confirmer.confirm(order, { ...edited, carrierCode: 'Other', carrierName: 'Trasporti Rossi' });
    expect(amazon.order(order.marketplaceOrderId)?.packages).toMatchObject([
      { packageReferenceId: '1', trackingNumber: '067061651642', carrier: 'Trasporti Rossi' },
    ]);
    expect((await shippable()).order.status).toBe('shipped');
  });

  it.each([
    ['a carrier that is not in the list', { carrierCode: 'Bartolini' }],
    ['Other without a name', { carrierCode: 'Other' }],
    ['a day to come', { shippedAt: '2026-11-24T09:00:00.000Z' }],
    ['a package without a number of its own', { packageNumber: 0 }],
    ['a line of another order', { lines: [{ orderLineId: '1', quantity: 1 }] }],
  ])('with %s is refused, and the order stays as it was', async (_, wrong) => {
    const { order, lines } = await shippable();
    await expect(confirmer.confirm(order, { ...parcel, lines, ...wrong })).rejects.toMatchObject({
      status: 400,
    });
    expect((await shippable()).order.status).toBe('unshipped');
  });

  it('without any line is never asked for', async () => {
    const { order } = await shippable();
    await expect(confirmer.confirm(order, { ...parcel, lines: [] })).rejects.toBeInstanceOf(RangeError);
  });

  it('has a quota of its own', async () => {
    const { order, lines } = await shippable();
    for (let call = 0; call < 10; call += 1) await confirmer.confirm(order, { ...parcel, lines });
    await expect(confirmer.confirm(order, { ...parcel, lines })).rejects.toMatchObject({ retryAfterMs: 500 });
  });
});

describe('customisations', () => {
  const read = () =>
    createAmazonOrderReader(clientOf).fetchOrder({
      accountId: DEMO_ACCOUNT.sellerId,
      siteId: IT,
      marketplaceOrderId: '300-0000007-0000007',
    });
  const limits = { bytesMax: 1_000_000, timeoutMs: 5_000 };

  it('are named after a while, and their package says on both surfaces what was ordered', async () => {
    const address = (await read())?.buyer?.lines[0]?.customisationUrl ?? '';
    const { customisation } = await readPackage(await downloadCustomisation(address, limits));
    expect(customisation.parts).toMatchObject([
      { surface: 'Fronte', kind: 'text', value: 'Benvenuti in Casa Inventata', font: 'Demo Serif' },
      { surface: 'Fronte', kind: 'option', value: 'Ottone satinato' },
      { surface: 'Retro', kind: 'image', value: expect.stringMatching(/\.jpg$/) },
    ]);
    expect(customisation.notUnderstood).toEqual([]);
    expect(customisation.files.map(({ mediaType }) => mediaType).sort()).toEqual([
      'application/json',
      'application/xml',
      'image/jpeg',
      'image/svg+xml',
    ]);
  });

  it('stand on the line without a file until there is one, and without the role', async () => {
    const address = (await read())?.buyer?.lines[0]?.customisationUrl ?? '';
    const orderItemId = (await read())?.order.lines[0]?.orderLineId ?? '';
    amazon.putCustomisation({ orderItemId, namedFromMs: NOW + 60_000, package: Buffer.from('later') });
    expect((await read())?.order.lines[0]?.customised).toBe(true);
    expect((await read())?.buyer?.lines).toEqual([]);
    await expect(downloadCustomisation(address, limits)).rejects.toMatchObject({ status: 404 });
    nowMs += 60_000;
    expect((await read())?.buyer?.lines[0]?.customisationUrl).toBe(address);
    expect(String(await downloadCustomisation(address, limits))).toBe('later');
    amazon.setRoles({ personalData: false });
    expect((await read())?.buyer).toMatchObject({ state: 'refused', lines: [] });
  });
});

describe('settlement reports', () => {
  const finder = createAmazonSettlementFinder(clientOf);
  const find = () =>
    finder.findSettlements(DEMO_ACCOUNT.sellerId, { createdSince: '2026-08-26T00:00:00.000Z' });
  const settlement = demoFoundSettlement(NOW);

  it('are found when they close, and their file is the one that Amazon made', async () => {
    const [found] = (await find()).settlements;
    expect(found).toMatchObject({ reportId: settlement.reportId, siteIds: [IT], state: 'ready' });
    const contents = await finder.openSettlement({
      accountId: DEMO_ACCOUNT.sellerId,
      reportId: settlement.reportId,
      documentId: found?.documentId ?? '',
    });
    expect(await textOf(contents)).toBe(settlement.contents);
  });

  it('appear by themselves, are made for a while, and end in one of three ways', async () => {
    amazon.putReport({ ...settlement, reportId: '60', createdMs: NOW + 60_000, doneMs: NOW + 120_000 });
    amazon.putReport({ ...settlement, reportId: '61', ends: 'CANCELLED' });
    amazon.putReport({ ...settlement, reportId: '62', ends: 'FATAL' });
    const states = async () =>
      Object.fromEntries((await find()).settlements.map(({ reportId, state }) => [reportId, state]));
    expect(await states()).toEqual({ [settlement.reportId]: 'ready', 61: 'empty', 62: 'failed' });
    nowMs += 60_000;
    expect(await states()).toMatchObject({ 60: 'preparing' });
    nowMs += 60_000;
    expect(await states()).toMatchObject({ 60: 'ready' });
  });

  it('come in pages, and a page token goes alone', async () => {
    for (let n = 0; n < 120; n += 1) amazon.putReport({ ...settlement, reportId: `7${n}` });
    const first = await find();
    expect(first.settlements).toHaveLength(100);
    const pageToken = first.nextPageToken ?? '';
    const rest = await finder.findSettlements(DEMO_ACCOUNT.sellerId, { pageToken });
    expect(rest.settlements).toHaveLength(21);
    expect(rest.nextPageToken).toBeUndefined();
    await expect(
      client.call({ operation: 'getReports', documentedRatePerSecond: 1, query: { nextToken: 'other' } }),
    ).rejects.toMatchObject({ status: 400 });
  });

  it('of more than 90 days ago are not asked for, nor answered', async () => {
    await expect(
      finder.findSettlements(DEMO_ACCOUNT.sellerId, { createdSince: '2026-08-01T00:00:00.000Z' }),
    ).rejects.toMatchObject({ status: 400 });
    nowMs += 80 * 86_400_000;
    signIn();
    const since = new Date(nowMs - 89 * 86_400_000).toISOString();
    expect(
      (await finder.findSettlements(DEMO_ACCOUNT.sellerId, { createdSince: since })).settlements,
    ).toEqual([]);
  });

  it('have an address that is good for five minutes', async () => {
    const [found] = (await find()).settlements;
    const answer = await client.call({
      operation: 'getReportDocument',
      documentedRatePerSecond: 1,
      path: { reportDocumentId: found?.documentId ?? '' },
    });
    const { url } = JSON.parse(answer.body);
    nowMs += 5 * 60_000;
    expect((await fetch(url)).status).toBe(200);
    nowMs += 1;
    expect((await fetch(url)).status).toBe(403);
  });

  it('need the role for finance, and keep to their own quota', async () => {
    for (let call = 0; call < 10; call += 1) await find();
    await expect(find()).rejects.toBeInstanceOf(ThrottledError);
    amazon.setRoles({ finance: false });
    await expect(find()).rejects.toMatchObject({ status: 403 });
  });
});

describe('an account', () => {
  it('is found with its shop, its marketplaces and its roles', async () => {
    const probe = createAmazonAccountProbe(clock, () => client);
    expect(await probe.probe(credentials, [IT])).toMatchObject({
      shopName: 'Negozio Dimostrativo',
      sites: expect.arrayContaining([
        { siteId: IT, name: 'Amazon.it', active: true },
        { siteId: 'A13V1IB3VIYZZH', name: 'Amazon.fr', active: false },
      ]),
      missing: [],
    });
    amazon.setRoles({ personalData: false });
    expect((await probe.probe(credentials, [IT])).missing).toEqual([
      'Direct-to-Consumer Delivery (Restricted)',
    ]);
    amazon.setRoles({ orders: false });
    expect((await probe.probe(credentials, [IT])).missing).toEqual(['Inventory and Order Tracking']);
  });

  it('whose authorisation is taken back is refused with every token, until it is given again', async () => {
    const probe = createAmazonHealthProbe(clock, () => client);
    amazon.revoke();
    await expect(probe.probe(credentials, [IT])).rejects.toBeInstanceOf(RejectedError);
    expect(JSON.parse(signIn().body)).toMatchObject({ error: 'invalid_grant' });
    amazon.authorise();
    expect(signIn().status).toBe(200);
    expect((await probe.probe(credentials, [IT])).sites).not.toEqual([]);
  });
});

test.runIf(AMAZON_MODELS_THERE)('a call that the model does not allow is noticed', async () => {
  const wrong = (request: Partial<AmazonRequest>) =>
    client.call({ operation: 'getReports', documentedRatePerSecond: 1, ...request });
  await expect(wrong({ query: { pageSize: 101 } })).rejects.toMatchObject({ name: 'AssertionError' });
  await expect(wrong({ query: { surprise: 1 } })).rejects.toMatchObject({ name: 'AssertionError' });
  await expect(wrong({ query: {}, path: { reportId: '1' } })).rejects.toMatchObject({
    name: 'AssertionError',
  });
});

describe('feeds', () => {
  const feed = {
    feedType: 'POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA',
    siteIds: [IT],
    contentType: 'text/tab-separated-values; charset=UTF-8',
    content:
      'order-id\tcancellation-reason-code\tamazon-order-item-code\r\n300-0000099-0000099\tNoInventory\t1\r\n',
  };

  test('a feed is handed over, listed, followed, and its report read', async () => {
    const feedId = await submitFeed(client, feed);
    const processing = { feedId, state: 'processing', resultDocumentId: undefined };
    expect(await readFeed(client, feedId)).toEqual(processing);
    const since = new Date(NOW).toISOString();
    expect(await feedsSince(client, feed.feedType, since)).toEqual([processing]);
    const later = new Date(NOW + 1).toISOString();
    expect(await feedsSince(client, feed.feedType, later)).toEqual([]);
    nowMs += 60_000;
    const done = await readFeed(client, feedId);
    expect(done.state).toBe('done');
    const report = await readFeedResult(client, done.resultDocumentId ?? '');
    expect(report).toContain('Number of records processed\t\t1');
    expect(report).toContain('Number of records successful\t\t0');
  });

  test('an upload that is refused has done nothing, and a feed without its upload is refused', async () => {
    vi.mocked(globalThis.fetch).mockResolvedValueOnce(new Response(null, { status: 403 }));
    await expect(submitFeed(client, feed)).rejects.toThrow(UnavailableError);
    expect(amazon.calls.get('createFeed')).toBeUndefined();
    vi.mocked(globalThis.fetch).mockResolvedValueOnce(new Response(null, { status: 200 }));
    await expect(submitFeed(client, feed)).rejects.toThrow(RejectedError);
  });

  test('a feed that Amazon does not know is no feed', async () => {
    await expect(readFeed(client, '1')).rejects.toThrow(RejectedError);
    await expect(readFeedResult(client, 'result-1')).rejects.toThrow(RejectedError);
  });
});
