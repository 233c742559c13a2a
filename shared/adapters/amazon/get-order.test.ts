import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RejectedError, UnexpectedAnswerError } from '../../domain/errors.ts';
import type { AmazonRequest } from './client.ts';
import { createAmazonOrderReader, GET_ORDER_QUOTA } from './get-order.ts';

const page = JSON.parse(readFileSync(new URL('fixtures/search-orders-page.json', import.meta.url), 'utf8'));
const wanted = {
  accountId: 'A1EXAMPLE',
  siteId: 'APJ6JRA9NG5V4',
  marketplaceOrderId: '404-1111111-1111111',
};

function readerAnswering(answer: () => string) {
  const requests: AmazonRequest[] = [];
  const reader = createAmazonOrderReader(async (accountId) => {
    if (accountId !== 'A1EXAMPLE') throw new Error(`no client was set up for ${accountId}`);
    return {
      call: async (request) => {
        requests.push(request);
        return { statusCode: 200, headers: {}, body: answer() };
      },
    };
  });
  return { reader, requests };
}

test('an order is one call, with all that the search asks for', async () => {
  const { reader, requests } = readerAnswering(() => JSON.stringify({ order: page.orders[0] }));
  const read = await reader.fetchOrder(wanted);
  expect(requests).toEqual([
    {
      operation: 'getOrder',
      documentedRatePerSecond: GET_ORDER_QUOTA.ratePerSecond,
      path: { orderId: '404-1111111-1111111' },
      query: {
        includedData: ['BUYER', 'RECIPIENT', 'PROCEEDS', 'CANCELLATION', 'FULFILLMENT', 'PACKAGES', 'TAX'],
      },
    },
  ]);
  expect(read?.order).toMatchObject({ orderId: 'amazon:404-1111111-1111111', status: 'unshipped' });
  expect(read?.buyer?.lines[0]?.customisationUrl).toBe('https://PERSONAL.example/custom.zip');
});

test('an order that Amazon does not have is none; another refusal is one', async () => {
  const refusing = (status: number) =>
    readerAnswering(() => {
      throw new RejectedError('amazon', 'amazon getOrder', { status });
    }).reader.fetchOrder(wanted);
  expect(await refusing(404)).toBeUndefined();
  await expect(refusing(403)).rejects.toMatchObject({ status: 403 });
});

test.each([
  ['not JSON', '<html>PERSONAL'],
  ['without an order', '{"payload":{}}'],
  ['with a broken order', JSON.stringify({ order: { ...page.orders[0], lastUpdatedTime: 'PERSONAL' } })],
])('an answer %s is unexpected, and not quoted', async (_, body) => {
  const error = await readerAnswering(() => body)
    .reader.fetchOrder(wanted)
    .catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(UnexpectedAnswerError);
  expect(String(error)).not.toContain('PERSONAL');
});
