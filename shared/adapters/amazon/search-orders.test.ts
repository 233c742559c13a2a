import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import type { AmazonRequest } from './client.ts';
import { createAmazonOrderSource } from './search-orders.ts';

const fixture = readFileSync(new URL('fixtures/search-orders-page.json', import.meta.url), 'utf8');
const window = {
  accountId: 'A1EXAMPLE',
  siteIds: ['APJ6JRA9NG5V4', 'A1PA6795UKMFR9'],
  from: '2026-11-23T09:40:00.000Z',
  until: '2026-11-23T09:58:00.000Z',
};

function sourceAnswering(body: string, headers: Record<string, string> = {}) {
  const requests: AmazonRequest[] = [];
  const source = createAmazonOrderSource(async (accountId) => {
    if (accountId !== 'A1EXAMPLE') throw new Error(`no client was set up for ${accountId}`);
    return {
      call: async (request) => {
        requests.push(request);
        return { statusCode: 200, headers, body };
      },
    };
  });
  return { source, requests };
}

test('one page is one call for all sites, everything included', async () => {
  const { source, requests } = sourceAnswering(fixture, { 'x-amzn-ratelimit-limit': '0.0056' });
  const page = await source.fetchPage(window, undefined);
  expect(requests).toEqual([
    {
      operation: 'searchOrders',
      documentedRatePerSecond: 0.0056,
      query: {
        lastUpdatedAfter: '2026-11-23T09:40:00.000Z',
        lastUpdatedBefore: '2026-11-23T09:58:00.000Z',
        marketplaceIds: ['APJ6JRA9NG5V4', 'A1PA6795UKMFR9'],
        includedData: ['BUYER', 'RECIPIENT', 'PROCEEDS', 'CANCELLATION', 'FULFILLMENT', 'PACKAGES', 'TAX'],
        maxResultsPerPage: 100,
      },
    },
  ]);
  expect(page.orders.map(({ order }) => order.orderId)).toEqual([
    'amazon:404-1111111-1111111',
    'amazon:404-2222222-2222222',
  ]);
  expect(page).toMatchObject({
    unreadable: [],
    nextPageToken: 'next-page-token',
    effectiveUntil: '2026-11-23T09:58:00.000Z',
    grantedRatePerSecond: 0.0056,
  });
});

test('a further page repeats the question and adds the token', async () => {
  const { source, requests } = sourceAnswering('{"orders":[]}');
  const page = await source.fetchPage(window, 'next-page-token');
  expect(requests[0]?.query).toMatchObject({
    lastUpdatedAfter: window.from,
    lastUpdatedBefore: window.until,
    paginationToken: 'next-page-token',
  });
  expect(page).toEqual({
    orders: [],
    unreadable: [],
    nextPageToken: undefined,
    effectiveUntil: undefined,
    grantedRatePerSecond: undefined,
  });
});

test('a window on purchases asks for nothing by last update', async () => {
  const { source, requests } = sourceAnswering('{"orders":[],"createdBefore":"2026-11-23T09:57:00Z"}');
  const page = await source.fetchPage({ ...window, by: 'created' }, undefined);
  expect(requests[0]?.query).toMatchObject({ createdAfter: window.from, createdBefore: window.until });
  expect(Object.keys(requests[0]?.query ?? {}).join()).not.toContain('lastUpdated');
  expect(page.effectiveUntil).toBe('2026-11-23T09:57:00.000Z');
});

test('a broken order is set aside by its id and time, and the others are read', async () => {
  const page = JSON.parse(fixture);
  page.orders[0].orderItems[0].quantityOrdered = 'PRIVATE two';
  page.orders.push({
    ...page.orders[1],
    orderId: '404-3',
    proceeds: { grandTotal: { amount: '1.005', currencyCode: 'EUR' } },
  });
  page.orders.push('PRIVATE nonsense', { orderId: 'PRIVATE id with spaces', lastUpdatedTime: 'yesterday' });
  const read = await sourceAnswering(JSON.stringify(page)).source.fetchPage(window, undefined);
  expect(read.orders.map(({ order }) => order.marketplaceOrderId)).toEqual(['404-2222222-2222222']);
  expect(read.unreadable).toMatchObject([
    {
      marketplaceOrderId: '404-1111111-1111111',
      updatedAt: '2026-11-20T09:00:00.000Z',
      problem: 'orderItems.0.quantityOrdered: invalid_type',
    },
    { marketplaceOrderId: '404-3', updatedAt: '2026-11-23T09:30:05.250Z' },
    { marketplaceOrderId: undefined, updatedAt: undefined, problem: '(whole): invalid_type' },
    { marketplaceOrderId: undefined, updatedAt: undefined },
  ]);
  expect(JSON.stringify(read.unreadable)).not.toContain('PRIVATE');
});

test.each([
  ['not JSON', '<html>'],
  ['without orders', '{"payload":{"orders":[]}}'],
  ['with orders that are no list', '{"orders":{}}'],
])('a page %s is unexpected, and not quoted', async (_, body) => {
  const { source } = sourceAnswering(body);
  const error = await source.fetchPage(window, undefined).catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(UnexpectedAnswerError);
  expect(String(error)).not.toContain('<html>');
});

test('a window without sites, or with more than Amazon takes, is a programming error', async () => {
  const { source, requests } = sourceAnswering(fixture);
  await expect(source.fetchPage({ ...window, siteIds: [] }, undefined)).rejects.toThrow(RangeError);
  const many = Array.from({ length: 51 }, (_, n) => `SITE${n}`);
  await expect(source.fetchPage({ ...window, siteIds: many }, undefined)).rejects.toThrow(RangeError);
  expect(requests).toEqual([]);
});
