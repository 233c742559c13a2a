import { expect, test } from 'vitest';
import { MemoryFollowUpStore } from '../../tests/support/memory/follow-up-store.ts';
import { MemoryReceiptSweepStore } from '../../tests/support/memory/receipt-sweep-store.ts';
import { anOrder } from '../../tests/support/orders.ts';
import { ReceiptWorld, receiptChannel } from '../../tests/support/receipt-world.ts';
import type { Channel } from '../domain/channel.ts';
import { orderId } from '../domain/order.ts';
import { sweepReceiptChannels } from './sweep-receipt-channels.ts';

const PLENTY = () => 900_000;
const AUTOMATIC: Partial<Channel> = {
  receipts: { issuer: 'built-in', automatic: { status: 'unshipped', from: '2026-11-01T00:00:00.000Z' } },
  version: 3,
};

/** A shop with orders enough for three pages. */
async function world(channel: Partial<Channel> = AUTOMATIC, orders = 250) {
  const { orders: store, channels, clock } = new ReceiptWorld({ channels: [receiptChannel(channel)] });
  for (let n = 1; n <= orders; n += 1) {
    const marketplaceOrderId = `404-0000001-${String(n).padStart(7, '0')}`;
    await store.putOrder(
      anOrder({ orderId: orderId('amazon', marketplaceOrderId), marketplaceOrderId, status: 'unshipped' }),
      'present',
    );
  }
  const followUps = new MemoryFollowUpStore();
  const sweeps = new MemoryReceiptSweepStore();
  const deps = { orders: store, channels, clock, followUps, sweeps };
  const due = async () => {
    const until = '2099-01-01T00:00:00.000Z';
    return (await followUps.listDue({ kind: 'receipt', until, limit: 1_000 })).followUps.length;
  };
  return { deps, sweeps, channels, due };
}

test('a channel is gone through once for each change of its settings', async () => {
  const { deps, channels, due } = await world();
  expect(await sweepReceiptChannels(deps, PLENTY)).toEqual(['amazon-it']);
  expect(await due()).toBe(250);
  expect(await sweepReceiptChannels(deps, PLENTY)).toEqual([]);
  await channels.changeSettings('amazon-it', { name: 'Amazon' }, 3);
  expect(await sweepReceiptChannels(deps, PLENTY)).toEqual(['amazon-it']);
  expect(await due()).toBe(250);
});

test('a run whose time is up is gone on with by the next, page by page', async () => {
  const { deps, due } = await world();
  const found: [readonly string[], number][] = [];
  for (let run = 0; run < 4; run += 1) {
    let asked = 0;
    const onePage = () => {
      asked += 1;
      return asked === 1 ? 30_000 : 0;
    };
    found.push([await sweepReceiptChannels(deps, onePage), await due()]);
  }
  expect(found).toEqual([
    [[], 100],
    [[], 200],
    [['amazon-it'], 250],
    [[], 250],
  ]);
});

test('a run without time for a page begins none, and says of no channel that it is done', async () => {
  const { deps, sweeps, due } = await world();
  expect(await sweepReceiptChannels(deps, () => 29_999)).toEqual([]);
  expect(await sweeps.getSweep('amazon-it')).toBeUndefined();
  expect(await due()).toBe(0);
});

test.each<[string, Partial<Channel>]>([
  ['whose receipts are switched off', { ...AUTOMATIC, receiptsSync: false }],
  ['that issues nothing by itself', { receipts: { issuer: 'built-in' } }],
  ['that is archived', { ...AUTOMATIC, archivedAt: '2026-11-20T00:00:00.000Z' }],
])('a channel %s is left alone', async (_, channel) => {
  const { deps, due } = await world(channel, 1);
  expect(await sweepReceiptChannels(deps, PLENTY)).toEqual([]);
  expect(await due()).toBe(0);
});
