import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entryTotal } from './order-money.ts';
import { BUCKETS, type EntryOrigin, Reconciliation, unitKey, unitRank } from './reconciliation.ts';
import {
  COMPONENTS,
  type Component,
  type ReadFacts,
  rowClass,
  SIDES,
  type Side,
  type Statement,
} from './statement.ts';

const A = '404-1000001-0000001';
const B = '404-1000002-0000002';
const MCF = 'S02-1000003-0000003';
const statement: Statement = { settlementId: '25000000001', marketplace: '', day: '', released: true };

function facts(stated?: number): ReadFacts {
  return {
    format: 'settlement-v2',
    language: 'en',
    currency: 'EUR',
    statedBySettlement: new Map(stated === undefined ? [] : [[statement.settlementId, stated]]),
    notices: [],
  };
}
const origin: EntryOrigin = {
  format: 'settlement-v2',
  currency: 'EUR',
  reportId: 'r1',
  ranks: new Map([['settlement-v2|25000000001', 'rank']]),
};

interface Row {
  readonly orderId: string;
  readonly component: Component;
  readonly side: Side;
  readonly minor: number;
}
function reconcile(rows: readonly Row[], of: Statement = statement): Reconciliation {
  const file = new Reconciliation();
  const handle = file.statement(of);
  for (const [i, row] of rows.entries()) {
    file.row(handle, rowClass(row.component, row.side), row.orderId, row.minor, i + 3, row.component);
  }
  return file;
}

const anyRow: fc.Arbitrary<Row> = fc.record({
  orderId: fc.constantFrom('', A, B, MCF),
  component: fc.constantFrom(...COMPONENTS),
  side: fc.constantFrom(...SIDES),
  minor: fc.integer({ min: -10_000_000, max: 10_000_000 }),
});

describe('every row lands in one bucket and the buckets add up to the file', () => {
  test('for any rows in any order, any of them known', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 200 }), fc.boolean(), (rows, known) => {
        const sum = rows.reduce((total, row) => total + row.minor, 0);
        const result = reconcile(rows).finish(facts(sum), () => known);
        const buckets = BUCKETS.map((bucket) => result.buckets[bucket]);
        expect(buckets.reduce((total, bucket) => total + bucket.amountMinor, 0)).toBe(sum);
        expect(buckets.reduce((total, bucket) => total + bucket.rows, 0)).toBe(rows.length);
        expect(result.control).toEqual({ statedMinor: sum, computedMinor: sum, balanced: true });
        expect(known ? result.buckets.waiting.rows : result.buckets.order.rows).toBe(0);
      }),
    );
  });

  test('a shuffle of the rows gives the same sums and the same fingerprint; a changed cent does not', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 60 }), fc.nat(), (rows, seed) => {
        const shuffled = [...rows].sort((a, b) => hash(a, seed) - hash(b, seed));
        const [unit] = reconcile(rows).units('settlement-v2');
        expect(reconcile(shuffled).units('settlement-v2')[0]?.fingerprint).toBe(unit?.fingerprint);
        const [first, ...rest] = rows as [Row, ...Row[]];
        const changed = reconcile([{ ...first, minor: first.minor + 1 }, ...rest]).units('settlement-v2')[0];
        // An unclassified row of an order is outside orders on either side: its cent shows in the outside sum.
        expect(changed?.fingerprint).not.toBe(unit?.fingerprint);
      }),
    );
  });

  test('the entries of the orders add up to their buckets', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 100 }), (rows) => {
        const file = reconcile(rows);
        const { buckets } = file.finish(facts(), () => true);
        const entries = [...file.orderIds()].flatMap((id) => file.entriesOf(id, origin));
        expect(entries.reduce((sum, entry) => sum + entryTotal(entry), 0)).toBe(
          buckets.order.amountMinor + buckets.otherChannel.amountMinor,
        );
        expect(entries.reduce((sum, entry) => sum + entry.rows, 0)).toBe(
          buckets.order.rows + buckets.otherChannel.rows,
        );
      }),
    );
  });
});

test("rows of an order that was not pulled wait; another channel's order is neither known nor waiting", () => {
  const file = reconcile([
    { orderId: A, component: 'price', side: 'sale', minor: 1000 },
    { orderId: B, component: 'price', side: 'sale', minor: 2000 },
    { orderId: MCF, component: 'fba', side: 'sale', minor: -364 },
    { orderId: '', component: 'accountCost', side: 'sale', minor: -50 },
  ]);
  const result = file.finish(facts(), (id) => id === A);
  expect(result.buckets).toMatchObject({
    order: { rows: 1, amountMinor: 1000 },
    waiting: { rows: 1, amountMinor: 2000 },
    otherChannel: { rows: 1, amountMinor: -364 },
    account: { rows: 1, amountMinor: -50 },
  });
  expect(result.fees.fba).toBe(-364);
  expect(result.accountLines).toEqual([{ label: 'accountCost', rows: 1, amountMinor: -50 }]);
});

test('a stated total that the rows do not reach is flagged, and nothing is hidden', () => {
  const result = reconcile([{ orderId: A, component: 'price', side: 'sale', minor: 1000 }]).finish(
    facts(1001),
    () => true,
  );
  expect(result.control).toEqual({ statedMinor: 1001, computedMinor: 1000, balanced: false });
});

test('a file that states nothing is neither balanced nor unbalanced', () => {
  expect(reconcile([]).finish(facts(), () => true).control.balanced).toBeNull();
});

test('a rejected row counts with the amount that could be read, and with none where it could not', () => {
  const file = reconcile([{ orderId: A, component: 'price', side: 'sale', minor: 1000 }]);
  file.reject(4, 'no-settlement-id', 50);
  file.reject(5, 'unreadable-amount', null);
  const result = file.finish(facts(1050), () => true);
  expect(result.buckets.rejected).toEqual({ rows: 2, amountMinor: 50 });
  expect(result.control.balanced).toBe(true);
  expect(result.rejected.map((row) => row.line)).toEqual([4, 5]);
});

test('an entry tells sale from reversal, keeps withheld tax out of the fees, and points at its lines', () => {
  const file = reconcile([
    { orderId: A, component: 'price', side: 'sale', minor: 5000 },
    { orderId: A, component: 'tax', side: 'sale', minor: 1100 },
    { orderId: B, component: 'price', side: 'sale', minor: 1 },
    { orderId: A, component: 'taxWithheld', side: 'sale', minor: -1100 },
    { orderId: A, component: 'commission', side: 'sale', minor: -750 },
    { orderId: A, component: 'commission', side: 'reversal', minor: 750 },
    { orderId: A, component: 'refundCommission', side: 'reversal', minor: -150 },
  ]);
  const [entry] = file.entriesOf(A, origin);
  expect(entry).toMatchObject({
    fees: { sale: { commission: -750 }, reversal: { commission: 750, refundCommission: -150 } },
    sale: { price: 5000, tax: 1100, discount: 0, taxWithheld: -1100 },
    rows: 6,
    lines: [
      [3, 4],
      [6, 9],
    ],
    rank: 'rank',
  });
});

test('an order whose rows are spread over the whole file keeps a bounded number of line ranges that cover them all', () => {
  const file = new Reconciliation();
  const handle = file.statement(statement);
  for (let i = 1; i <= 999; i += 2) file.row(handle, rowClass('commission', 'sale'), A, -1, i, '');
  const [entry] = file.entriesOf(A, origin);
  expect(entry).toMatchObject({ rows: 500 });
  expect(entry?.lines).toHaveLength(32);
  expect(entry?.lines.at(0)).toEqual([1, 1]);
  expect(entry?.lines.at(-1)).toEqual([63, 999]);
});

test('many orders fill many pages without mixing their sums', () => {
  const file = new Reconciliation();
  const handle = file.statement(statement);
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 10_000; i++)
      file.row(handle, rowClass('commission', 'sale'), `order-${i}`, -i, round * 10_000 + i, '');
  }
  for (const i of [0, 1, 4095, 4096, 8191, 9999]) {
    expect(file.entriesOf(`order-${i}`, origin)[0]?.fees.sale.commission ?? 0).toBe(i === 0 ? 0 : -2 * i);
  }
});

test('a day in a date-range file is one unit whichever settlements its rows name; a settlement is one by itself', () => {
  const day = { settlementId: '1', marketplace: 'amazon.it', day: '2026-10-01' };
  expect(unitKey({ source: 'date-range', ...day })).toBe(
    unitKey({ source: 'date-range', ...day, settlementId: '2' }),
  );
  expect(unitKey({ source: 'settlement-v2', ...day })).not.toBe(
    unitKey({ source: 'settlement-v2', ...day, settlementId: '2' }),
  );
});

test('the newest upload of a settlement ranks highest; of a day the one with more rows', () => {
  const few = { key: 'k', rows: 9, fingerprint: 'f' };
  const many = { key: 'k', rows: 10, fingerprint: 'm' };
  const early = '2026-10-01T00:00:00.000Z';
  const late = '2026-10-02T00:00:00.000Z';
  expect(unitRank('settlement-v2', few, late, 'a') > unitRank('settlement-v2', many, early, 'b')).toBe(true);
  expect(unitRank('date-range', few, late, 'a') < unitRank('date-range', many, early, 'b')).toBe(true);
  expect(unitRank('date-range', few, late, 'a') > unitRank('date-range', few, early, 'b')).toBe(true);
});

function hash(row: Row, seed: number): number {
  return Math.imul(JSON.stringify(row).length + row.minor, seed | 1) % 1009;
}
