import { describe, expect, test } from 'vitest';
import type { LedgerEntry } from './ledger.ts';
import { entryKey } from './ledger.ts';
import { entryTotal, orderMoney, replaceEntries, settlementState } from './order-money.ts';
import { unitKey } from './reconciliation.ts';

const zero = { price: 0, tax: 0, discount: 0, taxWithheld: 0 };
function entry(overrides: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    source: 'settlement-v2',
    settlementId: 'S1',
    marketplace: '',
    day: '',
    released: true,
    currency: 'EUR',
    fees: { sale: { commission: -960, digitalServices: -23 }, reversal: {} },
    sale: { price: 5084, tax: 1118, discount: 0, taxWithheld: 0 },
    reversal: zero,
    orderCost: 0,
    reimbursement: 0,
    reportId: 'r1',
    rows: 4,
    lines: [[3, 6]],
    rank: '1',
    ...overrides,
  };
}
const refund = entry({
  settlementId: 'S2',
  fees: { sale: {}, reversal: { commission: 960, refundCommission: -192 } },
  sale: zero,
  reversal: { price: -5084, tax: -1118, discount: 0, taxWithheld: 0 },
});
const order = {
  marketplace: 'amazon' as const,
  status: 'shipped' as const,
  total: { amountMinor: 6202, currency: 'EUR' },
  purchasedAt: '2026-10-01T10:00:00.000Z',
  deliverBy: { latest: '2026-10-06T22:00:00.000Z' },
};
const soon = Date.parse('2026-10-10T00:00:00Z');
const muchLater = Date.parse('2027-01-01T00:00:00Z');

describe("an order's money", () => {
  test('is the sum of its entries, and its parts add up to the net', () => {
    const money = orderMoney([entry(), refund]);
    expect(money).toMatchObject({
      fee: -983 + 960 - 192,
      sales: 5084,
      tax: 1118,
      refunds: -6202,
      other: 0,
      provisional: false,
    });
    expect(money?.net).toBe(entryTotal(entry()) + entryTotal(refund));
    expect(money?.feeGroups.reversal.refundCommission).toBe(-192);
  });

  test('counts V2 before V1 before date-range rows of the same settlement, and never adds them up', () => {
    const v1 = entry({ source: 'settlement-v1', fees: { sale: { commission: -1 }, reversal: {} } });
    const csv = entry({
      source: 'date-range',
      day: '2026-10-01',
      fees: { sale: { commission: -2 }, reversal: {} },
    });
    expect(orderMoney([csv, v1, entry()])?.fee).toBe(-983);
    expect(orderMoney([csv, v1])?.fee).toBe(-1);
    expect(orderMoney([csv])?.fee).toBe(-2);
  });

  test('adds up several days of one settlement, and several settlements of different sources', () => {
    const day = (date: string, fee: number): LedgerEntry =>
      entry({
        source: 'date-range',
        settlementId: 'S9',
        day: date,
        fees: { sale: { commission: fee }, reversal: {} },
      });
    expect(orderMoney([day('2026-10-01', -5), day('2026-10-02', -7), entry()])?.fee).toBe(-983 - 12);
  });

  test('deferred rows show a provisional fee until anything confirmed is known', () => {
    const deferred = entry({
      source: 'date-range',
      released: false,
      settlementId: 'S0',
      fees: { sale: { commission: -5 }, reversal: {} },
    });
    expect(orderMoney([deferred])).toMatchObject({ fee: -5, provisional: true });
    expect(orderMoney([deferred, entry()])).toMatchObject({ fee: -983, provisional: false });
  });

  test('never adds currencies: entries in another one are left out and named', () => {
    const pounds = entry({ settlementId: 'S3', currency: 'GBP' });
    expect(orderMoney([entry(), pounds], 'EUR')).toMatchObject({
      fee: -983,
      foreignCurrencies: ['GBP'],
      entries: 1,
    });
    expect(orderMoney([pounds], 'EUR')).toMatchObject({ fee: 0, foreignCurrencies: ['GBP'], entries: 0 });
  });

  test('is unknown without entries, and zero where Amazon charged nothing', () => {
    expect(orderMoney([])).toBeUndefined();
    expect(orderMoney([entry({ fees: { sale: {}, reversal: {} } })])?.fee).toBe(0);
  });
});

describe('the settlement state', () => {
  test('is not due before the money is due and overdue after it', () => {
    expect(settlementState(undefined, order, soon)).toBe('not-due');
    expect(settlementState(undefined, order, muchLater)).toBe('overdue');
  });

  test("is nobody's concern where the marketplace gives no payment files", () => {
    expect(settlementState(undefined, { ...order, marketplace: 'ebay' }, muchLater)).toBe('not-tracked');
    expect(settlementState(orderMoney([entry()]), { ...order, marketplace: 'ebay' }, soon)).toBe('settled');
  });

  test('of a cancelled order is never overdue, nor is one that costs nothing', () => {
    expect(settlementState(undefined, { ...order, status: 'cancelled' }, muchLater)).toBe('not-due');
    expect(
      settlementState(undefined, { ...order, total: { amountMinor: 0, currency: 'EUR' } }, muchLater),
    ).toBe('not-due');
  });

  test('is settled when the confirmed sale reaches the total, partly settled below it', () => {
    expect(settlementState(orderMoney([entry()]), order, soon)).toBe('settled');
    const half = orderMoney([entry({ sale: { price: 3000, tax: 0, discount: 0, taxWithheld: 0 } })]);
    expect(settlementState(half, order, soon)).toBe('partly-settled');
    expect(settlementState(half, order, muchLater)).toBe('overdue');
  });

  test('is settled although Amazon kept the tax back', () => {
    const withheld = entry({ sale: { price: 5084, tax: 1118, discount: 0, taxWithheld: -1118 } });
    expect(settlementState(orderMoney([withheld]), order, soon)).toBe('settled');
  });

  test('is refunded when everything went back, settled when only a part did', () => {
    expect(settlementState(orderMoney([entry(), refund]), order, soon)).toBe('refunded');
    const part = { ...refund, reversal: { price: -1000, tax: 0, discount: 0, taxWithheld: 0 } };
    expect(settlementState(orderMoney([entry(), part]), order, soon)).toBe('settled');
  });

  test("of a refund whose sale stands in another file is measured by the order's total", () => {
    expect(settlementState(orderMoney([refund]), order, soon)).toBe('refunded');
    const part = { ...refund, reversal: { price: -1000, tax: 0, discount: 0, taxWithheld: 0 } };
    expect(settlementState(orderMoney([part]), order, soon)).toBe('partly-settled');
  });

  test('stays not due on deferred rows and on rows in another currency', () => {
    expect(settlementState(orderMoney([entry({ released: false, source: 'date-range' })]), order, soon)).toBe(
      'not-due',
    );
    expect(settlementState(orderMoney([entry({ currency: 'GBP' })], 'EUR'), order, soon)).toBe('not-due');
  });
});

describe('entries of a replaced statement', () => {
  const unit = unitKey(entry());
  const stored = { [entryKey(entry())]: entry({ rank: '2', reportId: 'r2' }) };

  test('give way to a higher rank and stand against a lower one', () => {
    const newer = entry({ rank: '3', reportId: 'r3' });
    expect(Object.values(replaceEntries(stored, [newer], new Map([[unit, '3']])))).toEqual([newer]);
    expect(replaceEntries(stored, [entry({ rank: '1' })], new Map([[unit, '1']]))).toBe(stored);
  });

  test('go when the new upload does not name the order any more', () => {
    expect(replaceEntries(stored, [], new Map([[unit, '3']]))).toEqual({});
    expect(replaceEntries(stored, [], new Map([['settlement-v2|other', '3']]))).toBe(stored);
  });

  test('come out unchanged when the same report is applied again', () => {
    expect(replaceEntries(stored, [entry({ rank: '2', reportId: 'r2' })], new Map([[unit, '2']]))).toBe(
      stored,
    );
  });

  test('a deferred day gives way to the same day released under another settlement', () => {
    const deferred = entry({
      source: 'date-range',
      day: '2026-10-01',
      released: false,
      settlementId: 'S1',
      rank: '1',
    });
    const released = entry({ source: 'date-range', day: '2026-10-01', settlementId: 'S2', rank: '2' });
    const next = replaceEntries(
      { [entryKey(deferred)]: deferred },
      [released],
      new Map([[unitKey(released), '2']]),
    );
    expect(Object.values(next)).toEqual([released]);
  });
});
