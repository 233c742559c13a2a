import { beforeEach, expect, test } from 'vitest';
import { anOrder } from '../../tests/support/orders.ts';
import { type ReportWorld, reportWorld } from '../../tests/support/report-world.ts';
import { settlementV2 } from '../../tests/support/settlement-files.ts';
import { orderId } from '../domain/order.ts';
import { listPaymentReports, readBucket, readPaymentReport } from './read-payment-reports.ts';
import { reconcileReport } from './reconcile-report.ts';

const KEY = 'payment-reports/amazon-it/settlement.txt';
const ORDERS = [1, 2, 3, 4, 5].map((n) => `404-000000${n}-0000001`);

let world: ReportWorld;
let reportId: string;
beforeEach(async () => {
  world = reportWorld();
  // Orders 1 and 3 are here; the others wait. One more belongs to another sales channel.
  for (const number of [ORDERS[0], ORDERS[2]]) await pulled(number ?? '');
  const sale = (number: string, minor: number) => ({
    transaction: 'Order',
    orderId: number,
    type: 'ItemPrice',
    word: 'Principal',
    minor,
    marketplace: 'Amazon.it',
  });
  const object = world.files.put(
    KEY,
    settlementV2({
      rows: [
        ...ORDERS.map((number, index) => sale(number, 1000 + index)),
        { ...sale(ORDERS[0] ?? '', -150), type: 'ItemFees', word: 'Commission' },
        sale('S01-0000001-0000001', 500),
        {
          transaction: 'other-transaction',
          type: 'other-transaction',
          word: 'Subscription Fee',
          minor: -4641,
        },
      ],
    }),
    '2026-11-20T10:00:00Z',
  );
  await reconcileReport(world, KEY);
  reportId = world.reportIdOf(object);
});

async function pulled(marketplaceOrderId: string): Promise<void> {
  await world.orders.putOrder(
    anOrder({ orderId: orderId('amazon', marketplaceOrderId), marketplaceOrderId }),
  );
}

async function numbersIn(bucket: 'order' | 'waiting' | 'otherChannel', limit: number) {
  const pages: (string | null)[][] = [];
  let skip: number | undefined = 0;
  while (skip !== undefined) {
    const page = await readBucket(world, reportId, bucket, { skip, limit });
    if (page.outcome !== 'found') throw new Error(page.outcome);
    pages.push(page.rows.map(({ marketplaceOrderId }) => marketplaceOrderId));
    skip = page.next;
  }
  return pages.flat();
}

test('a report says where each of its rows is now: an order that arrived no longer waits', async () => {
  const rows = async () =>
    new Map((await readPaymentReport(world, reportId))?.buckets.map(({ bucket, rows }) => [bucket, rows]));
  expect(await rows()).toEqual(
    new Map([
      ['order', 3],
      ['account', 1],
      ['waiting', 3],
      ['otherChannel', 1],
      ['unclassified', 0],
      ['rejected', 0],
    ]),
  );
  await pulled(ORDERS[4] ?? '');
  expect((await rows()).get('waiting')).toBe(2);
  expect((await rows()).get('order')).toBe(4);
});

test.each([1, 2, 100])('a bucket is read whole in pages of %i', async (limit) => {
  expect((await numbersIn('order', limit)).sort()).toEqual([ORDERS[0], ORDERS[2]]);
  expect((await numbersIn('waiting', limit)).sort()).toEqual([ORDERS[1], ORDERS[3], ORDERS[4]]);
  expect(await numbersIn('otherChannel', limit)).toEqual(['S01-0000001-0000001']);
});

test("an order's rows are summed, and its fee stands apart", async () => {
  const page = await readBucket(world, reportId, 'order', { skip: 0, limit: 100 });
  expect(page).toMatchObject({
    outcome: 'found',
    currency: 'EUR',
    rows: expect.arrayContaining([
      {
        marketplaceOrderId: ORDERS[0],
        label: null,
        line: expect.any(Number),
        rows: 2,
        amount: '8.50',
        fee: '-1.50',
      },
    ]),
  });
});

test('what is of the account stands under the words of the file', async () => {
  expect(await readBucket(world, reportId, 'account', { skip: 0, limit: 10 })).toMatchObject({
    outcome: 'found',
    rows: [{ marketplaceOrderId: null, rows: 1, amount: '-46.41' }],
    next: undefined,
  });
});

test('nothing is read of a report that is not there, or was refused', async () => {
  expect(await readBucket(world, 'none', 'order', { skip: 0, limit: 1 })).toEqual({
    outcome: 'unknown-report',
  });
  expect(await readPaymentReport(world, 'none')).toBeUndefined();
  const refused = world.files.put(
    'payment-reports/amazon-it/note.txt',
    'not a report',
    '2026-11-21T10:00:00Z',
  );
  await reconcileReport(world, refused.objectKey);
  const id = world.reportIdOf(refused);
  expect(await readBucket(world, id, 'order', { skip: 0, limit: 1 })).toEqual({ outcome: 'without-rows' });
  expect(await readPaymentReport(world, id)).toMatchObject({ outcome: 'refused', buckets: [], rows: null });
});

test("a channel's reports are listed newest first; a channel that is not there has none to list", async () => {
  const listed = await listPaymentReports(world, { channelId: 'amazon-it', limit: 10 });
  expect(listed?.reports.map(({ fileName, outcome }) => [fileName, outcome])).toEqual([
    ['settlement.txt', 'imported'],
  ]);
  expect(await listPaymentReports(world, { channelId: 'amazon-fr', limit: 10 })).toBeUndefined();
});
