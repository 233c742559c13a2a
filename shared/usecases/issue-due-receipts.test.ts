import { describe, expect, test } from 'vitest';
import { MemoryFollowUpStore } from '../../tests/support/memory/follow-up-store.ts';
import { ReceiptWorld, receiptChannel } from '../../tests/support/receipt-world.ts';
import type { Channel } from '../domain/channel.ts';
import { RejectedError } from '../domain/errors.ts';
import { dueAtOnce } from '../domain/follow-up.ts';
import { type Order, orderId } from '../domain/order.ts';
import { dueReceipt } from '../domain/receipt-schedule.ts';
import { issueDueReceipts, requestReceiptsOfChannel } from './issue-due-receipts.ts';

const ORDER = orderId('amazon', '404-0000001-0000001');
const PLENTY = () => 900_000;
const HOUR_MS = 3_600_000;
const automatic = (status: 'unshipped' | 'shipped', from = '2026-11-20T00:00:00.000Z'): Channel =>
  receiptChannel({ receipts: { issuer: 'built-in', automatic: { status, from } } });

function world(channel = automatic('unshipped')) {
  const receiptWorld = new ReceiptWorld({ channels: [channel] });
  const followUps = new MemoryFollowUpStore();
  const followUp = async () => followUps.get({ orderId: ORDER, kind: 'receipt', orderLineId: '' });
  const due = async (order: Order) => {
    const wanted = dueReceipt(order, channel, receiptWorld.nowMs);
    if (wanted !== undefined) await followUps.ensure(wanted);
  };
  const run = () => issueDueReceipts({ ...receiptWorld.deps, followUps }, PLENTY);
  return { receiptWorld, followUps, followUp, due, run, channel };
}

describe('a receipt is due by itself', () => {
  const nowMs = Date.parse('2026-11-23T10:00:00.000Z');
  const isDue = async (channel: Channel, order: Partial<Order> = {}) =>
    dueReceipt(await new ReceiptWorld().sold(order), channel, nowMs) !== undefined;

  test.each([
    ['unshipped', 'unshipped', true],
    ['unshipped', 'partly-shipped', true],
    ['unshipped', 'shipped', true],
    ['unshipped', 'pending', false],
    ['unshipped', 'cancelled', false],
    ['unshipped', 'refunded', false],
    ['shipped', 'unshipped', false],
    ['shipped', 'partly-shipped', false],
    ['shipped', 'shipped', true],
  ] as const)('from %s on: an order that is %s – %s', async (chosen, status, due) => {
    expect(await isDue(automatic(chosen), { status })).toBe(due);
  });

  test('from a day on, and not before it', async () => {
    const channel = automatic('unshipped', '2026-11-20T08:00:00.000Z');
    expect(await isDue(channel, { purchasedAt: '2026-11-20T08:00:00.000Z' })).toBe(true);
    expect(await isDue(channel, { purchasedAt: '2026-11-20T07:59:59.999Z' })).toBe(false);
  });

  test('only where it was switched on', async () => {
    expect(await isDue(receiptChannel())).toBe(false);
    expect(await isDue({ ...automatic('unshipped'), receiptsSync: false })).toBe(false);
    expect(await isDue({ ...automatic('unshipped'), receipts: undefined })).toBe(false);
  });
});

describe('what is due', () => {
  test('is issued once, in the name of nobody', async () => {
    const { receiptWorld, due, run, followUp } = world();
    await due(await receiptWorld.sold());
    expect(await run()).toEqual({ done: 1, waiting: 0, failures: [] });
    expect(await followUp()).toMatchObject({ state: 'done', attempts: 1 });
    const [receipt] = await receiptWorld.receipts.ofOrder(ORDER);
    expect(receipt).toMatchObject({ state: 'issued', requestedBy: 'system' });
    await due(await receiptWorld.sold({ status: 'shipped', updatedAt: '2026-11-21T09:00:00.000Z' }));
    expect(await run()).toEqual({ done: 0, waiting: 0, failures: [] });
    expect(await receiptWorld.receipts.ofOrder(ORDER)).toHaveLength(1);
  });

  test('waits for a name that is on its way, and is issued when it has come', async () => {
    const { receiptWorld, due, run, followUp } = world();
    const order = await receiptWorld.sold(
      {},
      { state: 'waiting', name: undefined, deliveryAddress: undefined },
    );
    await due(order);
    expect(await run()).toMatchObject({ waiting: 1 });
    expect(await followUp()).toMatchObject({
      problem: 'buyer-waiting',
      dueAt: '2026-11-23T10:10:00.000Z',
    });
    expect(await run()).toMatchObject({ done: 0, waiting: 0 });
    await receiptWorld.sold();
    receiptWorld.nowMs += HOUR_MS;
    expect(await run()).toMatchObject({ done: 1 });
  });

  test('that a setting stands in the way of is tried every hour for a month, then left to a person', async () => {
    const { receiptWorld, due, run, followUp } = world();
    await due(await receiptWorld.sold({ total: { amountMinor: 2491, currency: 'EUR' } }));
    await run();
    expect(await followUp()).toMatchObject({ problem: 'totals-differ', dueAt: '2026-11-23T11:00:00.000Z' });
    receiptWorld.nowMs += 30 * 24 * HOUR_MS;
    expect(await run()).toMatchObject({ failures: [{ orderId: ORDER, problem: 'totals-differ' }] });
    expect(await followUp()).toMatchObject({ state: 'gave-up' });
    expect((await followUp())?.dueAt).toBeUndefined();
  });

  test.each([
    [{ status: 'cancelled' }, 'order-cancelled'],
    [{ total: { amountMinor: 0, currency: 'EUR' } }, 'nothing-to-pay'],
  ] as const)('but never will be, is closed (%j)', async (order, problem) => {
    const { receiptWorld, followUps, run, followUp } = world();
    const sold = await receiptWorld.sold(order);
    await followUps.ensure(dueAtOnce('receipt', ORDER, sold, '2026-11-23T09:59:00.000Z'));
    expect(await run()).toEqual({ done: 1, waiting: 0, failures: [] });
    expect(await followUp()).toMatchObject({ state: 'done', problem });
  });

  test('whose document came to nothing is left to a person, and takes no second number', async () => {
    const { receiptWorld, due, run, followUp } = world();
    await due(await receiptWorld.sold());
    receiptWorld.renderer.failure = new RejectedError('pdf', 'no picture');
    expect(await run()).toMatchObject({ failures: [{ problem: 'cannot-be-rendered' }] });
    expect(await followUp()).toMatchObject({ state: 'refused' });
    receiptWorld.nowMs += 24 * HOUR_MS;
    await run();
    expect(await receiptWorld.receipts.listSeries()).toMatchObject([{ last: 1 }]);
  });

  test('before its order is stored waits for it', async () => {
    const { followUps, run, followUp } = world();
    await followUps.ensure(dueAtOnce('receipt', ORDER, undefined, '2026-11-23T09:59:00.000Z'));
    expect(await run()).toMatchObject({ waiting: 1 });
    expect(await followUp()).toMatchObject({ problem: 'order-not-here' });
  });

  test('is left for the next run without time', async () => {
    const { receiptWorld, followUps, due } = world();
    await due(await receiptWorld.sold());
    await issueDueReceipts({ ...receiptWorld.deps, followUps }, () => 1_000);
    expect(await receiptWorld.receipts.ofOrder(ORDER)).toEqual([]);
  });
});

describe("a channel's orders that are here already", () => {
  test('get their receipts from the chosen day on, and each once', async () => {
    const { receiptWorld, followUps, run, channel } = world();
    const days = ['2026-11-18', '2026-11-20', '2026-11-21', '2026-11-22'];
    for (const [n, day] of days.entries()) {
      await receiptWorld.sold({
        marketplaceOrderId: `404-0000009-000000${n}`,
        purchasedAt: `${day}T08:00:00.000Z`,
      });
    }
    const deps = { orders: receiptWorld.orders, followUps, clock: receiptWorld.clock };
    expect(await requestReceiptsOfChannel(deps, channel, PLENTY)).toBeUndefined();
    expect(await requestReceiptsOfChannel(deps, channel, PLENTY)).toBeUndefined();
    expect(await run()).toMatchObject({ done: 3 });
    expect(await receiptWorld.receipts.listSeries()).toMatchObject([{ last: 3 }]);
  });

  test('are left alone where nothing is automatic', async () => {
    const { receiptWorld, followUps, run } = world();
    await receiptWorld.sold();
    const deps = { orders: receiptWorld.orders, followUps, clock: receiptWorld.clock };
    await requestReceiptsOfChannel(deps, receiptChannel(), PLENTY);
    expect(await run()).toEqual({ done: 0, waiting: 0, failures: [] });
  });
});
