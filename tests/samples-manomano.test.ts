import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ManomanoClient } from '../shared/adapters/manomano/client.ts';
import { createManomanoOrderSource } from '../shared/adapters/manomano/orders.ts';
import { checkOrder } from '../shared/domain/order-check.ts';

/** Answers as public clients of ManoMano's API have recorded or described them, kept outside the project. */
const samples = join(import.meta.dirname, '../../shared/samples/manomano');
const sample = (name: string): unknown => JSON.parse(readFileSync(join(samples, name), 'utf8'));

function sourceAnswering(body: unknown) {
  const client: ManomanoClient = { call: async () => ({ status: 200, outcome: 'success', body }) };
  return createManomanoOrderSource(async () => client);
}
const listed = (body: unknown) =>
  sourceAnswering(body).fetchPage(
    {
      accountId: 'shop',
      siteIds: ['110841'],
      from: '2026-10-05T00:00:00.000Z',
      until: '2026-10-07T00:00:00.000Z',
    },
    undefined,
  );

describe.runIf(existsSync(samples))('a sample of ManoMano', () => {
  test('page of a list is read, and its orders add up', async () => {
    const page = await listed(sample('derived_orders_page1_it_b2c.json'));
    expect(page).toMatchObject({ unreadable: [] });
    expect(page.nextPageToken).toBeDefined();
    expect(page.orders.map(({ order }) => [order.marketplaceOrderId, order.status])).toEqual([
      ['M2610050000011', 'to-accept'],
      ['M2610050000012', 'shipped'],
    ]);
    for (const { order, buyer } of page.orders) {
      expect(order.total).toEqual({ amountMinor: 12_180, currency: 'EUR' });
      expect(checkOrder(order)).toEqual({ state: 'adds-up' });
      expect(buyer).toMatchObject({ state: 'present', taxRegistrations: [{ kind: 'FISCAL_NUMBER' }] });
    }
  });

  test('single order is read', async () => {
    const found = await sourceAnswering(sample('derived_order_single_it_b2c.json')).fetchOrder({
      accountId: 'shop',
      siteId: '110841',
      marketplaceOrderId: 'M2610050000011',
    });
    expect(found?.order).toMatchObject({ siteId: '110841', status: 'to-accept', fulfilledBy: 'merchant' });
  });

  test('list that names neither contract nor products nor the last change is read, and completed later', async () => {
    const page = await listed(sample('orders_list_one_preparation.json'));
    expect(page).toMatchObject({ unreadable: [], nextPageToken: undefined });
    expect(page.orders).toMatchObject([
      {
        incomplete: true,
        order: {
          marketplaceOrderId: 'M2022080713464',
          siteId: '110841',
          status: 'unshipped',
          updatedAt: '2026-09-20T10:00:00.000Z',
          total: { amountMinor: 16_656, currency: 'EUR' },
        },
      },
    ]);
  });

  test('order with amounts as text, an empty shipping address and no prices is read, and is incomplete', async () => {
    const page = await listed({ content: [sample('order_minimal_fr.json')] });
    expect(page.unreadable).toEqual([]);
    const [found] = page.orders;
    if (found === undefined) throw new Error('it was not read');
    expect(found.order).toMatchObject({
      status: 'shipped',
      total: { amountMinor: 5_500, currency: 'EUR' },
      extras: [{ kind: 'shipping', amount: { amountMinor: 500, currency: 'EUR' } }],
      lines: [{ sku: 'MM-SKU', vatRate: '20.00', total: undefined }],
    });
    expect(checkOrder(found.order)).toEqual({ state: 'incomplete' });
    expect(found.buyer?.deliveryAddress).toMatchObject({ lines: ['A'], countryCode: 'FR' });
  });
});
