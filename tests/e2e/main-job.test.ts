import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand, paginateScan, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDemoChannels, pullOrders, untilSettled, uploadReport } from '../../local/demonstration.ts';
import { objectCreatedEvent } from '../../local/emulators/bucket-notifications.ts';
import { readState, runProgram, type ShownOrder, type ShownReport } from '../../local/facts.ts';
import { type LocalStack, start } from '../../local/main.ts';
import {
  DEMO_ACCOUNT,
  DEMO_SALE_NOT_PULLED,
  DEMO_SALES,
  DEMO_SITES,
  demoOrder,
} from '../../local/partners/amazon/demo-shop.ts';
import { demoEbayOrders } from '../../local/partners/ebay/demo-shop.ts';
import { issueDemoReceipts } from '../../local/receipts.ts';
import { shipDemoOrders } from '../../local/shipping.ts';
import { readPdf } from '../support/pdf.ts';

/**
 * The main job on the synthesised stack: the schedule pulls the orders of three marketplaces, a payment file put into the
 * bucket becomes the fee on each of Amazon's. Each test goes on from the state the one before it left.
 */

let stack: LocalStack;
let demoKey: string;

beforeAll(async () => {
  stack = await start({ tenant: 'demo' });
  await openDemoChannels(stack);
  await pullOrders(stack);
}, 120_000);
afterAll(() => stack?.stop());

/** What the stack knows; of the orders, Amazon's, which payment files are about. */
async function state() {
  const { orders, reports } = await readState(stack.environment);
  return { orders: orders.filter(({ marketplace }) => marketplace === 'amazon'), reports };
}
const feesOf = (orders: readonly ShownOrder[]) =>
  new Map(orders.map(({ marketplaceOrderId, fee, settlement }) => [marketplaceOrderId, { fee, settlement }]));
/** The uploads of one key, newest first, each with its outcome. */
const reportsAt = (reports: readonly ShownReport[], key: string) =>
  reports.filter(({ file }) => file === key);
/** The upload of a key whose rows count. */
const standing = (reports: readonly ShownReport[], key: string) =>
  reportsAt(reports, key).find(({ outcome }) => outcome === 'imported');

function clientOptions(endpoint: string) {
  return {
    endpoint,
    region: stack.model.region,
    credentials: { accessKeyId: 'LOCALPERSON', secretAccessKey: 'local' },
  };
}

async function itemsOf(tableName: string | undefined): Promise<string[]> {
  const client = new DynamoDBClient(clientOptions(stack.endpoints.dynamodb));
  const items: string[] = [];
  for await (const page of paginateScan({ client }, { TableName: tableName })) {
    items.push(...(page.Items ?? []).map((item) => JSON.stringify(item)));
  }
  return items;
}

/** One more pull, to its end. The schedule would not ask again so soon: a person does. */
async function pullAgain(): Promise<void> {
  const searches = stack.amazon.calls.get('searchOrders') ?? 0;
  await runProgram(['functions/open-channel/cli.ts', 'pull', '--id', 'amazon-it'], stack.environment);
  await untilSettled(stack, 'another pull');
  expect(stack.amazon.calls.get('searchOrders')).toBe(searches + 1);
}

const orderRows = (items: readonly string[]) => items.filter((item) => item.includes('"ORDER#')).sort();

it('what we believe of the orders is what Amazon believes', async () => {
  const { orders } = await state();
  expect(orders.map(({ marketplaceOrderId }) => marketplaceOrderId).sort()).toEqual(
    DEMO_SALES.map(({ orderId }) => orderId).sort(),
  );
  for (const { marketplaceOrderId, channel, total, currency } of orders) {
    const theirs = stack.amazon.order(marketplaceOrderId);
    expect(total).toBe(theirs?.proceeds?.grandTotal?.amount ?? null);
    expect(currency).toBe(theirs?.proceeds?.grandTotal?.currencyCode ?? null);
    expect(channel).toBe(theirs?.salesChannel.marketplaceName === 'Amazon.de' ? 'amazon-de' : 'amazon-it');
  }
});

it('what we believe of the orders is what eBay and ManoMano believe', async () => {
  const { orders } = await readState(stack.environment);
  const of = (channel: string) => orders.filter((order) => order.channel === channel);
  expect(
    of('ebay-it')
      .map(({ marketplaceOrderId }) => marketplaceOrderId)
      .sort(),
  ).toEqual(
    demoEbayOrders(stack.demoBeganAtMs)
      .map(({ orderId }) => orderId)
      .sort(),
  );
  for (const { marketplaceOrderId, total } of of('ebay-it')) {
    expect(Number(total)).toBe(Number(stack.ebay.order(marketplaceOrderId)?.pricingSummary?.total?.value));
  }
  expect(of('manomano-it').length).toBeGreaterThan(3);
  for (const { marketplaceOrderId, total } of of('manomano-it')) {
    expect(Number(total)).toBe(Number(stack.manomano.order(marketplaceOrderId)?.total_price.amount));
  }
});

it('one search was enough for all of them, beside the one that tried the credentials', () => {
  expect(stack.amazon.calls.get('searchOrders')).toBe(2);
  expect(stack.amazon.calls.get('getOrder')).toBeUndefined();
});

it('what a buyer had printed on a product is fetched and kept where people are', async () => {
  // Amazon names the file ten minutes after the sale; both customised lines of the demonstration are older.
  await stack.function('fetch-customisations').invoke({});
  await untilSettled(stack, 'customisations');
  const s3 = new S3Client(clientOptions(stack.endpoints.s3));
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: stack.environment.PERSONAL_BUCKET_NAME, Prefix: 'customisations/' }),
  );
  const read = Contents.find(({ Key }) => Key?.endsWith('/customisation.json'))?.Key;
  const answer = await s3.send(
    new GetObjectCommand({ Bucket: stack.environment.PERSONAL_BUCKET_NAME, Key: read ?? 'none' }),
  );
  const { parts } = JSON.parse((await answer.Body?.transformToString()) ?? '') as {
    parts: { kind: string }[];
  };
  expect(new Set(parts.map(({ kind }) => kind))).toEqual(new Set(['text', 'option', 'image']));
});

it("the buyers are in their own table and nowhere in the orders'", async () => {
  expect((await itemsOf(stack.environment.BUYER_TABLE_NAME)).join()).toContain('Cliente Inventato 1');
  const rows = (await itemsOf(stack.environment.STATE_TABLE_NAME)).join();
  for (const personal of ['Inventato', 'Inventata', 'buyer.example', 'Cittainventata']) {
    expect(rows).not.toContain(personal);
  }
});

it('a name that is missing is asked for, one whose time is over is deleted, and neither is in a log, a trace or a row', async () => {
  const db = new DynamoDBClient(clientOptions(stack.endpoints.dynamodb));
  const [asked, ended] = ['300-0000001-0000001', '300-0000002-0000002'];
  const state = stack.environment.STATE_TABLE_NAME;
  const row = (sk: string) => ({ pk: { S: `ORDER#amazon:${asked}` }, sk: { S: sk } });
  const past = new Date(Date.now() - 60_000).toISOString();
  await db.send(
    new UpdateItemCommand({
      TableName: state,
      Key: row('ORDER'),
      UpdateExpression: 'SET personalData = :waiting',
      ExpressionAttributeValues: { ':waiting': { S: 'waiting' } },
    }),
  );
  const text = {
    kind: 'personal-data',
    orderId: `amazon:${asked}`,
    orderLineId: '',
    marketplace: 'amazon',
    marketplaceOrderId: asked,
    accountId: DEMO_ACCOUNT.sellerId,
    siteId: DEMO_SITES.it.marketplaceId,
    channelId: 'amazon-it',
    wantedAt: past,
    state: 'waiting',
    dueAt: past,
    dueKey: 'DUE#personal-data',
  };
  await db.send(
    new PutItemCommand({
      TableName: state,
      Item: {
        ...row('FOLLOWUP#personal-data#'),
        ...Object.fromEntries(Object.entries(text).map(([name, S]) => [name, { S: String(S) }])),
        attempts: { N: '0' },
        version: { N: '1' },
      },
    }),
  );
  await db.send(
    new UpdateItemCommand({
      TableName: stack.environment.BUYER_TABLE_NAME,
      Key: { pk: { S: `ORDER#amazon:${ended}` } },
      UpdateExpression: 'SET endsAt = :past',
      ExpressionAttributeValues: { ':past': { S: past } },
    }),
  );
  const singly = stack.amazon.calls.get('getOrder') ?? 0;
  await stack.function('fetch-personal-data-amazon').invoke({});
  await stack.function('delete-personal-data').invoke({});
  await untilSettled(stack, 'personal data');

  expect(stack.amazon.calls.get('getOrder')).toBe(singly + 1);
  const rows = await itemsOf(state);
  const orderRow = (id: string) =>
    rows.find((item) => item.includes(`"S":"ORDER#amazon:${id}"`) && item.includes('"sk":{"S":"ORDER"}'));
  expect(orderRow(asked)).toContain('"personalData":{"S":"present"}');
  expect(orderRow(ended)).toContain('"personalData":{"S":"deleted"}');
  expect(rows.filter((item) => item.includes('personal-data-deleted') && item.includes(ended))).toHaveLength(
    2,
  );
  const buyer = (await itemsOf(stack.environment.BUYER_TABLE_NAME)).find((item) => item.includes(ended));
  expect(buyer).toMatch(/"deletedAt"/);
  expect(buyer).not.toMatch(/Invent|expiresAtSeconds|endsAt/);

  const logs = await Promise.all(
    (await readdir(stack.logFolder)).map((file) => readFile(join(stack.logFolder, file), 'utf8')),
  );
  for (const said of ['personal-data-fetched', 'personal-data-deleted'])
    expect(logs.join('')).toContain(said);
  const outside = [...rows, ...logs, stack.trace.tail(10_000)].join('\n');
  for (const personal of ['Inventato', 'Inventata', 'buyer.example', 'Cittainventata']) {
    expect(outside).not.toContain(personal);
  }
});

it('a payment file put into the bucket becomes the fee on each order', async () => {
  demoKey = await uploadReport(stack, undefined);
  await untilSettled(stack, 'the payment file');
  const { orders, reports } = await state();
  expect(Object.fromEntries(feesOf(orders))).toEqual({
    '300-0000001-0000001': { fee: '-4.57', settlement: 'settled' },
    '300-0000002-0000002': { fee: '-10.56', settlement: 'settled' },
    '300-0000003-0000003': { fee: '-2.00', settlement: 'refunded' },
    '300-0000004-0000004': { fee: '-7.66', settlement: 'settled' },
    '300-0000005-0000005': { fee: '-10.69', settlement: 'settled' },
    '300-0000006-0000006': { fee: null, settlement: 'not-due' },
    '300-0000007-0000007': { fee: null, settlement: 'not-due' },
    '300-0000008-0000008': { fee: null, settlement: 'not-due' },
    '300-0000009-0000009': { fee: null, settlement: 'not-due' },
  });
  expect(standing(reports, demoKey)).toMatchObject({
    format: 'settlement-v2',
    control: { balanced: true },
    buckets: {
      waiting: { rows: 7, amount: '25.23' },
      account: { rows: 4 },
      unclassified: { rows: 0 },
      rejected: { rows: 0 },
    },
  });
});

it('the same file again changes no order', async () => {
  const before = await state();
  await uploadReport(stack, undefined);
  await untilSettled(stack, 'the same file');
  const after = await state();
  expect(feesOf(after.orders)).toEqual(feesOf(before.orders));
  expect(standing(after.reports, demoKey)).toEqual(standing(before.reports, demoKey));
  // S3 tells times in whole seconds: uploads within one are one upload.
  for (const { outcome } of reportsAt(after.reports, demoKey).slice(0, -1)) expect(outcome).toBe('duplicate');
});

it('an event that S3 delivers three times changes nothing', async () => {
  const before = await state();
  const sqs = new SQSClient(clientOptions(stack.endpoints.sqs));
  const event = objectCreatedEvent({
    bucket: stack.environment.REPORT_BUCKET_NAME ?? '',
    key: demoKey,
    sizeBytes: 1,
    eTag: 'repeated',
    region: stack.model.region,
    at: new Date(),
  });
  for (let time = 0; time < 3; time += 1) {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: stack.environment.REPORT_UPLOAD_QUEUE_URL,
        MessageBody: JSON.stringify(event),
      }),
    );
  }
  await untilSettled(stack, 'three events');
  const after = await state();
  expect(feesOf(after.orders)).toEqual(feesOf(before.orders));
  expect(standing(after.reports, demoKey)).toEqual(standing(before.reports, demoKey));
});

it('a file that is no payment file is refused in words, and changes no order', async () => {
  const before = await state();
  const Key = 'payment-reports/amazon-it/riepilogo.pdf';
  const s3 = new S3Client(clientOptions(stack.endpoints.s3));
  await s3.send(
    new PutObjectCommand({ Bucket: stack.environment.REPORT_BUCKET_NAME, Key, Body: '%PDF-1.7\n%âãÏÓ\n' }),
  );
  await untilSettled(stack, 'the refused file');
  const after = await state();
  expect(reportsAt(after.reports, Key)).toMatchObject([
    { outcome: 'refused', refused: expect.stringContaining('PDF') },
  ]);
  expect(feesOf(after.orders)).toEqual(feesOf(before.orders));
});

it('an order that arrives after its payment rows gets its fee, with no new upload', async () => {
  const now = Date.now();
  const order = demoOrder(DEMO_SALE_NOT_PULLED, 99, now);
  stack.amazon.putOrder({ ...order, lastUpdatedTime: new Date(now - 3 * 60_000).toISOString() });
  await pullAgain();
  const { orders, reports } = await state();
  expect(feesOf(orders).get(order.orderId)).toEqual({ fee: '-4.57', settlement: 'settled' });
  expect(standing(reports, demoKey)).toMatchObject({
    buckets: { waiting: { rows: 0 }, order: { rows: 44 } },
  });
});

it('a further pull of unchanged orders writes none of them', async () => {
  const before = await itemsOf(stack.environment.STATE_TABLE_NAME);
  await pullAgain();
  expect(orderRows(await itemsOf(stack.environment.STATE_TABLE_NAME))).toEqual(orderRows(before));
});

it('a second look at the last five days finds nothing missing and changes no order', async () => {
  const before = orderRows(await itemsOf(stack.environment.STATE_TABLE_NAME));
  const searches = stack.amazon.calls.get('searchOrders') ?? 0;
  await stack.function('plan-re-scans').invoke({});
  await untilSettled(stack, 'a second look');
  expect(stack.amazon.calls.get('searchOrders')).toBeGreaterThan(searches);
  expect(orderRows(await itemsOf(stack.environment.STATE_TABLE_NAME))).toEqual(before);
});

it('a pull that Amazon throttles is put back with a delay', async () => {
  stack.amazon.trouble('throttled', 1);
  await pullAgain();
  const refused = stack.trace.events.find(({ what, of }) => what === 'partner-call' && of.status === 429);
  expect(refused?.of.operation).toBe('searchOrders');
  const { Attributes } = await new SQSClient(clientOptions(stack.endpoints.sqs)).send(
    new GetQueueAttributesCommand({
      QueueUrl: stack.environment.AMAZON_ORDER_PULL_QUEUE_URL,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesDelayed'],
    }),
  );
  expect(Attributes).toEqual({
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesDelayed: '1',
  });
});

it('a parcel goes from its label to the marketplace: each has the number that BRT gave it', async () => {
  const shipments = await shipDemoOrders(stack);
  expect(shipments.map(({ marketplace }) => marketplace)).toEqual(['amazon', 'ebay', 'manomano']);
  for (const shipment of shipments) {
    const { marketplaceOrderId: id, shipmentKey, trackingNumber } = shipment;
    const [truth] = stack.brt.truths(shipmentKey.replace('brt:', ''));
    expect(shipment).toMatchObject({ confirmation: 'confirmed', trackingNumber: truth?.shipmentId });
    expect(shipment.labelBytes).toBeGreaterThan(0);
    const believed = {
      amazon: () => stack.amazon.order(id)?.packages?.map((parcel) => parcel.trackingNumber),
      ebay: () => stack.ebay.fulfillments(id).map((each) => each.shipmentTrackingNumber),
      manomano: () => stack.manomano.packages(id).map((parcel) => parcel.trackingNumber),
    };
    const ask = Object.entries(believed).find(([marketplace]) => marketplace === shipment.marketplace)?.[1];
    expect(ask?.()).toEqual([trackingNumber]);
  }
  // A second look makes no second shipment and tells nobody twice.
  const labelled = stack.brt.calls.get('create');
  expect(await shipDemoOrders(stack)).toEqual(shipments);
  expect(labelled).toBe(3);
  expect(stack.brt.calls.get('create')).toBe(labelled);
});

it('receipts are issued for every channel, ManoMano holds the very PDF, and Amazon works on its own', async () => {
  const receipts = await issueDemoReceipts(stack);
  // One series for all channels, without a gap.
  expect(receipts.map(({ number }) => Number(number.split('/')[0])).sort()).toEqual([1, 2, 3, 4]);
  expect(receipts.map(({ channel }) => channel).sort()).toEqual([
    'amazon-de',
    'amazon-it',
    'ebay-it',
    'manomano-it',
  ]);
  const s3 = new S3Client({ ...clientOptions(stack.endpoints.s3), forcePathStyle: true });
  for (const { marketplaceOrderId, number, gross, pdf } of receipts) {
    const kept = await s3.send(new GetObjectCommand({ Bucket: pdf.bucket, Key: pdf.key }));
    const [page = ''] = (await readPdf((await kept.Body?.transformToByteArray()) ?? new Uint8Array())).pages;
    expect(page).toContain(number);
    expect(page).toContain(marketplaceOrderId);
    expect(page.replaceAll(',', '.')).toContain(gross);
  }
  const of = (channelId: string) => receipts.find(({ channel }) => channel === channelId);
  expect(of('manomano-it')).toMatchObject({ isHeld: true, upload: { state: 'accepted' } });
  expect(of('ebay-it')).toMatchObject({ isHeld: false, upload: { state: 'not-available' } });
  // One feed for each, at its own pace: Amazon answers a feed when it has worked on it.
  const atAmazon = new Set([of('amazon-it'), of('amazon-de')].map((each) => each?.upload?.state ?? 'none'));
  expect(['followed', 'accepted'].some((state) => atAmazon.has(state))).toBe(true);
  expect([...atAmazon].filter((state) => !['wanted', 'followed', 'accepted'].includes(state))).toEqual([]);

  // SQS may deliver anything twice: what is to be made, and the news of it.
  const sqs = new SQSClient(clientOptions(stack.endpoints.sqs));
  const again = (name: string, message: object) =>
    sqs.send(
      new SendMessageCommand({
        QueueUrl: `${stack.endpoints.sqs}/${stack.model.accountId}/markeplay-demo-${name}`,
        MessageBody: JSON.stringify(message),
      }),
    );
  for (const { marketplace, marketplaceOrderId, channel } of receipts) {
    const receiptId = `${marketplace}:${marketplaceOrderId}/sale-1`;
    await again('receipt-making', { receiptId });
    await again('receipts-issued', { receiptId, marketplace, channelId: channel });
  }
  await untilSettled(stack, 'receipts again');
  expect((await issueDemoReceipts(stack)).map(({ number, pdf }) => [number, pdf.key])).toEqual(
    receipts.map(({ number, pdf }) => [number, pdf.key]),
  );
  expect(stack.manomano.documents(of('manomano-it')?.marketplaceOrderId ?? '')).toHaveLength(1);
}, 30_000);

it('nothing was called that a role does not allow, and nobody outside was spoken to', () => {
  const seen = stack.trace.events.filter(({ what }) =>
    [
      'access-denied',
      'host-refused',
      'message-failed',
      'async-retry-planned',
      'notification-failed',
    ].includes(what),
  );
  expect(seen).toEqual([]);
});
