import { setTimeout as pause } from 'node:timers/promises';
import { type AttributeValue, BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import {
  createConfirmationStore,
  itemOfConfirmation,
} from '../shared/adapters/dynamodb/confirmation-store.ts';
import { createOrderList } from '../shared/adapters/dynamodb/order-list.ts';
import { createOrderStore } from '../shared/adapters/dynamodb/order-store.ts';
import { createReceiptStore } from '../shared/adapters/dynamodb/receipt-store.ts';
import { createReceiptUploadStore } from '../shared/adapters/dynamodb/receipt-upload-store.ts';
import { itemOfShipment } from '../shared/adapters/dynamodb/shipment-item.ts';
import { createShipmentStore } from '../shared/adapters/dynamodb/shipment-store.ts';
import { keys, STATE_TABLE } from '../shared/adapters/dynamodb/table.ts';
import { orderId } from '../shared/domain/order.ts';
import { orderSearchText } from '../shared/domain/order-search.ts';
import { searchOrders } from '../shared/usecases/search-orders.ts';
import { createStateTable, startDynamoDbLocal, testClient } from '../tests/support/dynamodb-local.ts';
import { MemoryChannelStore } from '../tests/support/memory/channel-store.ts';
import { anOrder } from '../tests/support/orders.ts';
import { aConfirmation, aShipment } from '../tests/support/shipments.ts';
import { atMost, type Figure, seen } from './figure.ts';

const CHANNELS = 3;
const SMALL = 10_000;
/** As many as DynamoDB Local takes within two minutes on two cores; `order-list-million` loads all of a million. */
const LARGE = 100_000;
const MILLION = 1_000_000;
const BATCH_ITEMS = 25;
const LANES = 6;
const PAGE = 50;
const WARM_UP = 20;
const PAGES = 120;
/** Flat: what is left is the machine's mood. */
const RATIO_MAX = 1.5;
/** Of a page: the lists of the channels, their orders' packages by key twice, shipments, confirmations and receipts. */
const REQUESTS_MAX = CHANNELS + 5;
/** Every third order has a parcel; every thirtieth has three. */
const SHIPPED_EVERY = 3;
const PARTED_EVERY = 30;

/** The first page of the order list, and one from the middle, over tables of different size in one run. */
export const orderList = (progress: (step: string) => void): Promise<Figure[]> => compare(LARGE, progress);
export const orderListMillion = (progress: (step: string) => void): Promise<Figure[]> =>
  compare(MILLION, progress);

async function compare(large: number, progress: (step: string) => void): Promise<Figure[]> {
  const dynamoDb = await startDynamoDbLocal();
  const client = testClient(dynamoDb.endpoint);
  try {
    const small = await tableOf(client, SMALL, progress);
    const big = await tableOf(client, large, progress);
    // In turns, so that both meet the same moods of the machine.
    const times = { small: [] as number[], big: [] as number[] };
    for (let page = -WARM_UP; page < PAGES; page++) {
      const [smallMs, bigMs] = [
        await pageMs(client, small, SMALL, page),
        await pageMs(client, big, large, page),
      ];
      if (page < 0) continue;
      times.small.push(smallMs);
      times.big.push(bigMs);
    }
    const [smallP95, bigP95] = [p95(times.small), p95(times.big)];
    const requests = await requestsOfPage(client, big, large);
    return [
      atMost('order list page, requests to the table', requests, 'requests', REQUESTS_MAX),
      seen(`order list page p95, ${SMALL} orders`, smallP95, 'ms'),
      seen(`order list page p95, ${large} orders`, bigP95, 'ms'),
      atMost(`order list page p95, ${large} / ${SMALL} orders`, bigP95 / smallP95, '×', RATIO_MAX),
    ];
  } finally {
    client.destroy();
    await dynamoDb.stop();
  }
}

/** First pages and pages from anywhere in the list, in turns. */
async function pageMs(client: DynamoDBClient, table: string, orders: number, page: number): Promise<number> {
  const channels = new MemoryChannelStore(
    Array.from({ length: CHANNELS }, (_, channel) => ({
      channelId: channelOf(channel),
      name: channelOf(channel),
      marketplace: 'amazon' as const,
      accountId: 'A1EXAMPLE',
      siteIds: [String(channel)],
      country: 'IT',
      timeZone: 'Europe/Rome',
      ordersSync: true,
      ordersFrom: '2020-01-01T00:00:00.000Z',
    })),
  );
  const after = page % 2 === 0 ? undefined : `${purchasedAt(Math.floor((orders / PAGES) * Math.abs(page)))}#`;
  const began = performance.now();
  const found = await searchOrders(
    {
      list: createOrderList(client, table),
      orders: createOrderStore(client, table),
      shipments: createShipmentStore(client, table),
      receipts: createReceiptStore(client, table),
      receiptUploads: createReceiptUploadStore(client, table),
      confirmations: createConfirmationStore(client, table),
      channels,
      clock: { now: Date.now },
    },
    { limit: PAGE, after },
  );
  const tookMs = performance.now() - began;
  if (after === undefined && found?.orders.length !== PAGE) throw new Error('the first page is not full');
  return tookMs;
}

/** The most that any page asks of the table, parcels of all its orders included. */
async function requestsOfPage(client: DynamoDBClient, table: string, orders: number): Promise<number> {
  let most = 0;
  let sent = 0;
  client.middlewareStack.add(
    (next) => (args) => {
      sent += 1;
      return next(args);
    },
    { step: 'initialize', name: 'count' },
  );
  for (let page = 0; page < 10; page++) {
    sent = 0;
    await pageMs(client, table, orders, page);
    most = Math.max(most, sent);
  }
  client.middlewareStack.remove('count');
  return most;
}

async function tableOf(
  client: DynamoDBClient,
  orders: number,
  progress: (step: string) => void,
): Promise<string> {
  const table = await createStateTable(client);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < orders) {
      const from = next;
      next += BATCH_ITEMS;
      if (from % 50_000 === 0) progress(`${from} of ${orders} orders stored`);
      const items = Array.from({ length: Math.min(BATCH_ITEMS, orders - from) }, (_, i) => itemOf(from + i));
      await write(client, table, items);
      await write(
        client,
        table,
        items.flatMap((_, i) => parcelItemsOf(from + i)),
      );
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return table;
}

async function write(
  client: DynamoDBClient,
  table: string,
  items: readonly Record<string, AttributeValue>[],
): Promise<void> {
  let requests: Record<string, AttributeValue>[] = [...items];
  while (requests.length > 0) {
    const batch = requests.splice(0, BATCH_ITEMS);
    const { UnprocessedItems } = await client.send(
      new BatchWriteItemCommand({
        RequestItems: { [table]: batch.map((Item) => ({ PutRequest: { Item } })) },
      }),
    );
    const left = (UnprocessedItems?.[table] ?? []).flatMap(({ PutRequest }) =>
      PutRequest?.Item ? [PutRequest.Item] : [],
    );
    requests = [...left, ...requests];
    if (left.length > 0) await pause(20);
  }
}

/** As `putOrder` writes it; written in batches, because a million conditional writes would take an hour. */
function itemOf(index: number): Record<string, AttributeValue> {
  const marketplaceOrderId = numberOf(index);
  const id = orderId('amazon', marketplaceOrderId);
  const { orderId: _, ...order } = anOrder({
    orderId: id,
    marketplaceOrderId,
    channelId: channelOf(index % CHANNELS),
    purchasedAt: purchasedAt(index),
  });
  const { partitionKey, sortKey } = STATE_TABLE.indexes.ordersByChannel;
  return marshall(
    {
      ...keys.order(id),
      [partitionKey]: keys.ordersOf(order.channelId),
      [sortKey]: `${order.purchasedAt}#${id}`,
      order,
      orderId: id,
      accountId: order.accountId,
      marketplaceOrderId,
      orderUpdatedAt: order.updatedAt,
      searchText: orderSearchText(order),
    },
    { removeUndefinedValues: true },
  );
}

/** The parcels of an order, as the shipment store writes them. */
function parcelItemsOf(index: number): Record<string, AttributeValue>[] {
  const parcels = index % PARTED_EVERY === 0 ? 3 : index % SHIPPED_EVERY === 0 ? 1 : 0;
  const marketplaceOrderId = numberOf(index);
  const id = orderId('amazon', marketplaceOrderId);
  return Array.from({ length: parcels }, (_, n) => {
    const packageNumber = n + 1;
    const senderReference = String(202_600_000_000_000 + index * 3 + packageNumber);
    const shipment = aShipment({ senderReference, orders: [{ orderId: id, lines: [] }] });
    const { shipmentKey } = shipment;
    const confirmation = aConfirmation({ orderId: id, shipmentKey, marketplaceOrderId, packageNumber });
    return [
      itemOfShipment(shipment),
      { ...keys.package(id, packageNumber), orderId: id, shipmentKey, packageNumber },
      itemOfConfirmation(confirmation),
    ].map((item) => marshall(item, { removeUndefinedValues: true }));
  }).flat();
}

function numberOf(index: number): string {
  return `404-${String(index).padStart(7, '0')}-0000001`;
}

function channelOf(channel: number): string {
  return `channel-${channel}`;
}

/** Two minutes apart: a million orders are four years of a large shop. */
function purchasedAt(index: number): string {
  return new Date(Date.parse('2022-01-01T00:00:00Z') + index * 120_000).toISOString();
}

function p95(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? Number.NaN;
}
