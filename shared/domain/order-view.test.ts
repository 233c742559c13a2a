import { describe, expect, test } from 'vitest';
import { aLedgerEntry, anOrder } from '../../tests/support/orders.ts';
import { listedOrder, orderDetail } from './order-view.ts';

const NOW = Date.parse('2026-11-23T12:00:00.000Z');
const eBay = anOrder({ marketplace: 'ebay', marketplaceFee: { amountMinor: 219, currency: 'EUR' } });

describe('the fee in the list', () => {
  test("is Amazon's, by its payment file", () => {
    const entries = { one: aLedgerEntry() };
    expect(listedOrder({ order: anOrder(), entries }, [], NOW)).toMatchObject({
      fee: '-3.74',
      provisional: false,
    });
  });

  test('is what eBay says with the order, as long as nothing better is known', () => {
    expect(listedOrder({ order: eBay, entries: {} }, [], NOW)).toMatchObject({
      fee: '-2.19',
      provisional: true,
      settlement: 'not-tracked',
    });
  });

  test('is unknown where nobody says it, and where it is in another currency than the order', () => {
    expect(listedOrder({ order: anOrder(), entries: {} }, [], NOW)).toMatchObject({
      fee: null,
      provisional: false,
    });
    const pounds = { ...eBay, marketplaceFee: { amountMinor: 219, currency: 'GBP' } };
    expect(listedOrder({ order: pounds, entries: {} }, [], NOW).fee).toBeNull();
  });
});

describe('a customised order that still has to be picked', () => {
  const work = (state: 'waiting' | 'done' | 'gave-up') => ({
    kind: 'customisation' as const,
    orderId: anOrder().orderId,
    orderLineId: '1',
    marketplace: 'amazon' as const,
    marketplaceOrderId: anOrder().marketplaceOrderId,
    accountId: 'A1EXAMPLE',
    siteId: 'APJ6JRA9NG5V4',
    channelId: 'amazon-it',
    wantedAt: '2026-11-20T08:00:00.000Z',
    state,
    attempts: 1,
    version: 1,
  });
  const attention = (state: 'waiting' | 'done' | 'gave-up', status: 'unshipped' | 'shipped' = 'unshipped') =>
    orderDetail({ order: anOrder({ status }), entries: {}, followUps: [work(state)], parcels: [] }, NOW)
      .attention;

  test('is flagged while what the buyer had made is not here', () => {
    expect(attention('waiting')).toContain('customisation-missing');
    expect(attention('gave-up')).toContain('customisation-missing');
  });

  test('is flagged in the list once it was noted on the order', () => {
    const listed = (customisationMissing?: boolean) =>
      listedOrder({ order: anOrder(), entries: {}, customisationMissing }, [], NOW).attention;
    expect(listed(true)).toEqual(['customisation-missing']);
    expect(listed()).toEqual([]);
  });

  test('is not flagged once it is here, or once the order is shipped', () => {
    expect(attention('done')).not.toContain('customisation-missing');
    expect(attention('gave-up', 'shipped')).not.toContain('customisation-missing');
  });
});
