import { beforeEach, describe, expect, test } from 'vitest';
import { anOrder } from '../../tests/support/orders.ts';
import { aChannel, type ReportWorld, reportWorld } from '../../tests/support/report-world.ts';
import {
  accountRow,
  refundRows,
  type SettlementFile,
  saleRows,
  settlementV2,
} from '../../tests/support/settlement-files.ts';
import { UnavailableError } from '../domain/errors.ts';
import { orderId } from '../domain/order.ts';
import { orderMoney } from '../domain/order-money.ts';
import { listReports, listStrayReports } from './list-reports.ts';
import { type ReconcileReportDeps, reconcileReport } from './reconcile-report.ts';

const A = '404-1000001-0000001';
const B = '404-1000002-0000002';
const channel = aChannel();
const KEY = 'payment-reports/amazon-it/settlement.txt';
const T1 = '2026-11-01T10:00:00.000Z';
const T2 = '2026-11-02T10:00:00.000Z';
const T3 = '2026-11-03T10:00:00.000Z';

let deps: ReportWorld;
beforeEach(() => {
  deps = reportWorld();
});

async function feeOf(
  marketplaceOrderId: string,
  of: ReconcileReportDeps = deps,
): Promise<number | undefined> {
  const id = orderId('amazon', marketplaceOrderId);
  return orderMoney(Object.values((await of.orders.getMany([id])).get(id)?.entries ?? {}))?.fee;
}
async function upload(file: SettlementFile, at: string, key = KEY) {
  deps.files.put(key, settlementV2(file), at);
  return reconcileReport(deps, key);
}
const first: SettlementFile = {
  rows: [...saleRows(A, 5084, 960), ...saleRows(B, 7342, 1352), accountRow('Subscription Fee', -4641)],
};

describe('an uploaded settlement', () => {
  test('puts the fee on each order it names and accounts for every row', async () => {
    await deps.orders.putOrder(anOrder({ marketplaceOrderId: A }));
    const report = await upload(first, T1);
    expect(report).toMatchObject({
      outcome: 'imported',
      accountId: 'A1EXAMPLE',
      reconciliation: {
        rows: 5,
        control: { balanced: true },
        buckets: {
          order: { rows: 2, amountMinor: 4124 },
          waiting: { rows: 2, amountMinor: 5990 },
          account: { rows: 1, amountMinor: -4641 },
        },
      },
      warnings: [],
    });
    expect(await feeOf(A)).toBe(-960);
    expect(await feeOf(B)).toBe(-1352);
  });

  test("waits for an order with its rows, and the order's arrival matches them without a new upload", async () => {
    await upload(first, T1);
    await deps.orders.putOrder(anOrder({ marketplaceOrderId: B }));
    const [listed] = await Array.fromAsync(listReports(deps, channel));
    expect(listed).toMatchObject({
      buckets: { order: { rows: 2, amount: '59.90' }, waiting: { rows: 2, amount: '41.24' } },
      orders: [
        { marketplaceOrderId: A, state: 'waiting' },
        { marketplaceOrderId: B, state: 'settled' },
      ],
    });
    expect(await feeOf(B)).toBe(-1352);
  });

  test('a second delivery of the same event changes nothing', async () => {
    const report = await upload(first, T1);
    const before = await deps.orders.getMany([orderId('amazon', A)]);
    expect(await reconcileReport(deps, KEY)).toEqual(report);
    expect(await deps.orders.getMany([orderId('amazon', A)])).toEqual(before);
  });

  test('the same contents under another name are a duplicate and change nothing', async () => {
    const original = await upload(first, T1);
    const again = await upload(first, T2, 'payment-reports/amazon-it/settlement (1).txt');
    expect(again).toMatchObject({
      outcome: 'duplicate',
      standsInstead: original?.reportId,
      reconciliation: { rows: 5 },
    });
    expect(await feeOf(A)).toBe(-960);
  });

  test('a corrected file replaces the settlement: changed, new and vanished orders alike', async () => {
    const original = await upload(first, T1);
    const C = '404-1000003-0000003';
    const corrected = await upload({ rows: [...saleRows(A, 5084, 900), ...saleRows(C, 100, 15)] }, T2);
    expect(corrected).toMatchObject({ outcome: 'imported', warnings: [{ code: 'replaced' }] });
    expect([await feeOf(A), await feeOf(B), await feeOf(C)]).toEqual([-900, undefined, -15]);
    expect(await deps.reports.getReport(original?.reportId ?? '')).toMatchObject({
      outcome: 'imported',
      standsInstead: corrected?.reportId,
    });
  });

  test('an older upload that comes in late does not undo a newer one', async () => {
    await upload({ rows: saleRows(A, 5084, 900) }, T2, 'payment-reports/amazon-it/new.txt');
    const late = await upload(first, T1, 'payment-reports/amazon-it/old.txt');
    expect(late).toMatchObject({ outcome: 'superseded', warnings: [{ code: 'kept-newer' }] });
    expect([await feeOf(A), await feeOf(B)]).toEqual([-900, undefined]);
  });

  test('going back to the first file is a correction too, and outlives the one between', async () => {
    await upload(first, T1, 'payment-reports/amazon-it/1.txt');
    await upload(first, T3, 'payment-reports/amazon-it/3.txt');
    await upload({ rows: saleRows(A, 5084, 900) }, T2, 'payment-reports/amazon-it/2.txt');
    expect([await feeOf(A), await feeOf(B)]).toEqual([-960, -1352]);
  });

  test('a refund in a later settlement is added to the order, sale and reversal apart', async () => {
    await upload(first, T1);
    await upload(
      { rows: refundRows(A, 5084, 960, 192), settlementId: '25000000002' },
      T2,
      'payment-reports/amazon-it/2.txt',
    );
    const id = orderId('amazon', A);
    const money = orderMoney(Object.values((await deps.orders.getMany([id])).get(id)?.entries ?? {}));
    expect(money).toMatchObject({
      fee: -192,
      refunds: -5084,
      feeGroups: { sale: { commission: -960 }, reversal: { commission: 960 } },
    });
  });

  test('of another seller account with the same settlement number is another settlement', async () => {
    await deps.channels.createChannel({ ...channel, channelId: 'second', accountId: 'A2OTHER' });
    await upload(first, T1);
    const other = await upload(
      { rows: saleRows('404-9000009-0000009', 100, 15) },
      T2,
      'payment-reports/second/s.txt',
    );
    expect(other?.outcome).toBe('imported');
    expect(await feeOf(A)).toBe(-960);
  });

  test("names the orders whose own currency is not the report's, and leaves their fee out", async () => {
    await deps.orders.putOrder(
      anOrder({ marketplaceOrderId: A, total: { amountMinor: 5084, currency: 'GBP' } }),
    );
    expect((await upload(first, T1))?.warnings).toEqual([{ code: 'foreign-currency', detail: A }]);
  });

  test('keeps a copy for replay', async () => {
    const report = await upload(first, T1);
    expect(Buffer.from(deps.files.copies.get(report?.reportId ?? '') ?? []).toString()).toBe(
      settlementV2(first),
    );
  });
});

describe('a settlement of more orders than one round takes', () => {
  const ids = Array.from({ length: 1_700 }, (_, i) => `404-2${String(i).padStart(6, '0')}-0000001`);
  const large: SettlementFile = { rows: ids.flatMap((id, i) => saleRows(id, 10_000 + i, 1_000 + i)) };

  test('of orders nobody has heard of is written without looking each one up', async () => {
    let looked = 0;
    const getMany = deps.orders.getMany.bind(deps.orders);
    deps.orders.getMany = (some) => {
      looked += some.length;
      return getMany(some);
    };
    const report = await upload(large, T1);
    expect(report?.reconciliation?.buckets.waiting.rows).toBe(2 * ids.length);
    expect(looked).toBeLessThan(ids.length);
    for (const [i, id] of ids.entries()) expect(await feeOf(id)).toBe(-1_000 - i);
  });

  test('finds the pulled ones among them, wherever they stand', async () => {
    for (const i of [600, 1_100, 1_699])
      await deps.orders.putOrder(anOrder({ marketplaceOrderId: ids[i] ?? '' }));
    const report = await upload(large, T1);
    expect(report?.reconciliation?.buckets).toMatchObject({
      order: { rows: 6 },
      waiting: { rows: 2 * ids.length - 6 },
    });
    for (const [i, id] of ids.entries()) expect(await feeOf(id)).toBe(-1_000 - i);
  });

  test('uploaded again with other fees replaces every one of them', async () => {
    await upload(large, T1);
    await upload({ rows: ids.flatMap((id) => saleRows(id, 10_000, 500)) }, T2);
    for (const id of ids) expect(await feeOf(id)).toBe(-500);
  });
});

describe('a file that cannot be used', () => {
  test('is refused with its reason as the outcome, and nothing is applied', async () => {
    deps.files.put(KEY, '%PDF-1.7 …', T1);
    expect(await reconcileReport(deps, KEY)).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'pdf' },
      reconciliation: undefined,
    });
    expect(await deps.reports.listReports({ channelId: 'amazon-it', limit: 10 })).toMatchObject({
      reports: [{ outcome: 'refused' }],
    });
  });

  test('refused half way leaves no order touched', async () => {
    const text = settlementV2(first).replace('\t73,42\t', '\t73.42\t');
    deps.files.put(KEY, text, T1);
    expect(await reconcileReport(deps, KEY)).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'mixed-decimals' },
    });
    expect(await feeOf(A)).toBeUndefined();
  });

  test('under a channel nobody opened is refused; a key outside the prefix and a vanished object are left alone', async () => {
    deps.files.put('payment-reports/nowhere/s.txt', settlementV2(first), T1);
    expect(await reconcileReport(deps, 'payment-reports/nowhere/s.txt')).toMatchObject({
      refusal: { code: 'unknown-channel', detail: 'nowhere' },
    });
    const [stray, ...others] = await Array.fromAsync(listStrayReports(deps));
    expect(stray).toMatchObject({
      file: 'payment-reports/nowhere/s.txt',
      outcome: 'refused',
      code: 'unknown-channel',
    });
    expect(others).toEqual([]);
    expect(await reconcileReport(deps, 'replay/x')).toBeUndefined();
    expect(await reconcileReport(deps, 'payment-reports/amazon-it/gone.txt')).toBeUndefined();
  });
});

describe('a crash', () => {
  /** Lets every method of every store fail once, before or after doing its work, on its n-th call. */
  function crashing(base: ReportWorld, at: number, when: 'before' | 'after') {
    let calls = 0;
    const wrap = <Store extends object>(store: Store): Store =>
      new Proxy(store, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name, target);
          if (typeof member !== 'function' || /^(read|list|get|find)/.test(String(name))) {
            return typeof member === 'function' ? member.bind(target) : member;
          }
          return async (...args: unknown[]) => {
            const mine = ++calls;
            if (mine === at && when === 'before')
              throw new UnavailableError('test', `crash before call ${mine}`);
            const answer: unknown = await Reflect.apply(member, target, args);
            if (mine === at && when === 'after')
              throw new UnavailableError('test', `crash after call ${mine}`);
            return answer;
          };
        },
      });
    const { orders, reports, statements, files } = base;
    const wrapped = {
      ...base,
      orders: wrap(orders),
      reports: wrap(reports),
      statements: wrap(statements),
      files: wrap(files),
    };
    return { wrapped, callCount: () => calls };
  }

  test('before or after any write ends, once repeated, in the state of an undisturbed run', async () => {
    const corrected = settlementV2({ rows: [...saleRows(A, 5084, 900), ...refundRows(B, 7342, 1352, 270)] });
    const run = async (base: ReportWorld, crash?: { at: number; when: 'before' | 'after' }) => {
      base.files.put('payment-reports/amazon-it/1.txt', settlementV2(first), T1);
      await reconcileReport(base, 'payment-reports/amazon-it/1.txt');
      base.files.put('payment-reports/amazon-it/2.txt', corrected, T2);
      let crashed = false;
      let calls = 0;
      if (crash) {
        const { wrapped, callCount } = crashing(base, crash.at, crash.when);
        await reconcileReport(wrapped, 'payment-reports/amazon-it/2.txt').catch(() => {
          crashed = true;
        });
        calls = callCount();
      }
      const report = await reconcileReport(base, 'payment-reports/amazon-it/2.txt');
      const ids = [A, B].map((id) => orderId('amazon', id));
      const records = [...(await base.orders.getMany(ids)).values()].map(({ entries, order }) => ({
        entries,
        order,
      }));
      return {
        state: { outcome: report?.outcome, buckets: report?.reconciliation?.buckets, records },
        crashed,
        calls,
      };
    };
    const expected = (await run(reportWorld())).state;
    let writes = 0;
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; ; at++) {
        const { state, crashed, calls } = await run(reportWorld(), { at, when });
        if (calls < at) break;
        writes = Math.max(writes, calls);
        // After the outcome is stored, a crash is only a lost answer.
        expect(crashed, `crash ${when} call ${at}`).toBe(true);
        expect(state, `crash ${when} call ${at}`).toEqual(expected);
      }
    }
    expect(writes).toBeGreaterThanOrEqual(7);
  });

  test('of the older upload in the middle, overtaken by the newer one, leaves nothing of the older behind', async () => {
    const old = settlementV2(first);
    const corrected = settlementV2({ rows: saleRows(A, 5084, 900) });
    for (let at = 1; at <= 8; at++) {
      const base = reportWorld();
      base.files.put('payment-reports/amazon-it/1.txt', old, T1);
      const { wrapped } = crashing(base, at, 'after');
      await reconcileReport(wrapped, 'payment-reports/amazon-it/1.txt').catch(() => undefined);
      base.files.put('payment-reports/amazon-it/2.txt', corrected, T2);
      await reconcileReport(base, 'payment-reports/amazon-it/2.txt');
      await reconcileReport(base, 'payment-reports/amazon-it/1.txt');
      expect([await feeOf(A, base), await feeOf(B, base)], `crash after call ${at}`).toEqual([
        -900,
        undefined,
      ]);
    }
  });
});

describe('a worker of an older upload that hangs in a write while a newer one is completed', () => {
  const [OLD, NEW] = ['payment-reports/amazon-it/1.txt', 'payment-reports/amazon-it/2.txt'];
  const newer: SettlementFile = { rows: saleRows(A, 5084, 900) };

  /** Reconciles; its first change of ledgers arrives only after `meanwhile`, and with it the worker ends or goes on. */
  async function hanging(key: string, meanwhile: () => Promise<unknown>, then: 'ends' | 'goes on') {
    const { orders } = deps;
    const change = orders.changeLedgers.bind(orders);
    orders.changeLedgers = async (changes) => {
      orders.changeLedgers = change;
      await meanwhile();
      const moved = await change(changes);
      if (then === 'ends') throw new UnavailableError('test', 'the worker is gone');
      return moved;
    };
    return reconcileReport(deps, key);
  }

  test('leaves nothing behind, though nothing of it was there to take out and nobody comes back for it', async () => {
    deps.files.put(KEY, settlementV2(first), T1);
    await expect(hanging(KEY, () => upload(newer, T2), 'ends')).rejects.toThrow('the worker is gone');
    expect([await feeOf(A), await feeOf(B)]).toEqual([-900, undefined]);
  });

  test('leaves nothing on an order that was there before, with no money yet', async () => {
    await deps.orders.putOrder(anOrder({ marketplaceOrderId: B }));
    deps.files.put(KEY, settlementV2(first), T1);
    await expect(hanging(KEY, () => upload(newer, T2), 'ends')).rejects.toThrow('the worker is gone');
    expect([await feeOf(A), await feeOf(B)]).toEqual([-900, undefined]);
    const { records } = await deps.orders.listWaiting({ accountId: 'A1EXAMPLE', limit: 10 });
    expect(records.map(({ marketplaceOrderId }) => marketplaceOrderId)).toEqual([A]);
  });

  test('finds the ledgers moved, looks at its claim before it tries again, and is superseded', async () => {
    deps.files.put(OLD, settlementV2(first), T1);
    const written: string[] = [];
    const report = await hanging(
      OLD,
      async () => {
        await upload(newer, T2, NEW);
        const { orders } = deps;
        const change = orders.changeLedgers.bind(orders);
        orders.changeLedgers = (changes) => {
          written.push(...changes.map(({ marketplaceOrderId }) => marketplaceOrderId));
          return change(changes);
        };
      },
      'goes on',
    );
    expect(report).toMatchObject({ outcome: 'superseded', warnings: [{ code: 'kept-newer' }] });
    expect(written).toEqual([]);
    expect([await feeOf(A), await feeOf(B)]).toEqual([-900, undefined]);
  });

  test('writes nothing either when another delivery of it was done before the newer one came', async () => {
    deps.files.put(OLD, settlementV2(first), T1);
    const meanwhile = async () => {
      await reconcileReport(deps, OLD);
      await upload(newer, T2, NEW);
    };
    expect(await hanging(OLD, meanwhile, 'goes on')).toMatchObject({ outcome: 'imported' });
    expect([await feeOf(A), await feeOf(B)]).toEqual([-900, undefined]);
  });

  test('still applies what was not overtaken: the other settlements of its file', async () => {
    const other = refundRows(B, 7342, 1352, 270).map((row) => ({ ...row, settlementId: '25000000009' }));
    deps.files.put(OLD, settlementV2({ rows: [...first.rows, ...other] }), T1);
    const report = await hanging(OLD, () => upload(newer, T2, NEW), 'goes on');
    expect(report).toMatchObject({ outcome: 'imported', warnings: [{ code: 'kept-newer' }] });
    expect([await feeOf(A), await feeOf(B)]).toEqual([-900, 1352 - 270]);
  });
});
