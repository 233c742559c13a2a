import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../shared/adapters/ebay/errors.ts';
import { mapOrder, mayHaveTaxNumber } from '../shared/adapters/ebay/order-mapper.ts';
import { getOrdersAnswerSchema, remoteOrderSchema } from '../shared/adapters/ebay/schemas.ts';
import { checkOrder } from '../shared/domain/order-check.ts';

/** Real answers of real shops, their people replaced; kept outside the project. */
const samples = join(import.meta.dirname, '../../shared/samples/ebay');

describe.runIf(existsSync(samples))('eBay’s real answers', () => {
  const json = (name: string): unknown => JSON.parse(readFileSync(join(samples, name), 'utf8'));
  const mapped = (remote: unknown) => mapOrder('sample', remoteOrderSchema.parse(remote));
  const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

  test('a page of eBay.de: the buyer pays 75.28 and 256.51, although the payments say 63.09 and 216.28', () => {
    const page = getOrdersAnswerSchema.parse(json('getOrders_de_page.json'));
    expect(page.total).toBe(480);
    const orders = (page.orders ?? []).map(mapped);
    expect(orders.map(({ order }) => order)).toMatchObject([
      {
        siteId: 'EBAY_DE',
        siteName: 'eBay.de',
        status: 'unshipped',
        total: eur(7_528),
        marketplaceFee: eur(1_219),
        serviceLevel: 'DE_DPDClassic',
        shipBy: { latest: '2026-09-24T21:59:59.000Z' },
      },
      { status: 'shipped', total: eur(25_651), marketplaceFee: eur(4_023) },
    ]);
    expect(orders.map(({ order }) => checkOrder(order))).toEqual([
      { state: 'adds-up' },
      { state: 'adds-up' },
    ]);
    expect(orders.map(({ buyer }) => buyer.state)).toEqual(['present', 'present']);
    expect(orders[1]?.order.lines.map(({ breakdown, total }) => [breakdown, total])).toEqual([
      [
        [
          { kind: 'item', amount: eur(12_220) },
          { kind: 'discount', amount: eur(-608) },
          { kind: 'shipping', amount: eur(495) },
        ],
        eur(12_107),
      ],
      [
        [
          { kind: 'item', amount: eur(14_260) },
          { kind: 'discount', amount: eur(-716) },
        ],
        eur(13_544),
      ],
    ]);
  });

  test('an order of eBay.com: the tax that eBay remits is in no total, the seller’s price is', () => {
    const remote = remoteOrderSchema.parse(json('getOrder_us_2026_collect_and_remit.json'));
    const { order } = mapped(remote);
    expect(order).toMatchObject({
      siteId: 'EBAY_US',
      total: { amountMinor: 12_000, currency: 'USD' },
      marketplaceFee: { amountMinor: 1_127, currency: 'USD' },
      lines: [{ total: { amountMinor: 12_000 }, sku: 'WB 9321-72/73 10.25' }],
    });
    expect(checkOrder(order)).toEqual({ state: 'adds-up' });
    expect(mayHaveTaxNumber(remote)).toBe(false);
  });

  test('errors are told by their numbers and quote nothing', () => {
    const { restful } = json('errors_rest_and_trading.json') as { restful: unknown };
    const failure = failureOf('getOrders', { status: 400, headers: {}, data: restful }, 0);
    expect(failure.message).toBe('ebay getOrders: 400, error 1');
  });
});
