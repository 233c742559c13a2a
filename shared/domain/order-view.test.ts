import { describe, expect, test } from 'vitest';
import { aLedgerEntry, anOrder } from '../../tests/support/orders.ts';
import { listedOrder } from './order-view.ts';

const NOW = Date.parse('2026-11-23T12:00:00.000Z');
const eBay = anOrder({ marketplace: 'ebay', marketplaceFee: { amountMinor: 219, currency: 'EUR' } });

describe('the fee in the list', () => {
  test("is Amazon's, by its payment file", () => {
    const entries = { one: aLedgerEntry() };
    expect(listedOrder({ order: anOrder(), entries }, NOW)).toMatchObject({
      fee: '-3.74',
      provisional: false,
    });
  });

  test('is what eBay says with the order, as long as nothing better is known', () => {
    expect(listedOrder({ order: eBay, entries: {} }, NOW)).toMatchObject({
      fee: '-2.19',
      provisional: true,
      settlement: 'not-tracked',
    });
  });

  test('is unknown where nobody says it, and where it is in another currency than the order', () => {
    expect(listedOrder({ order: anOrder(), entries: {} }, NOW)).toMatchObject({
      fee: null,
      provisional: false,
    });
    const pounds = { ...eBay, marketplaceFee: { amountMinor: 219, currency: 'GBP' } };
    expect(listedOrder({ order: pounds, entries: {} }, NOW).fee).toBeNull();
  });
});
