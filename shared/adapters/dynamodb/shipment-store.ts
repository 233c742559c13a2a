import { setTimeout as pause } from 'node:timers/promises';
import { type DynamoDBClient, type TransactWriteItem, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { ThrottledError, UnexpectedAnswerError } from '../../domain/errors.ts';
import type { OrderId } from '../../domain/order.ts';
import { isUnattended, type Shipment, type ShipmentKey } from '../../domain/shipment.ts';
import type { ShippingConfirmation } from '../../domain/shipping-confirmation.ts';
import { checkPriority } from '../../domain/tracking-schedule.ts';
import type { OrderPackage, ShipmentStore } from '../../ports/shipment-store.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import { batchGet } from './batch-get.ts';
import { putOnVersion, TRANSACTION_ITEMS_MAX, tryTransaction, updateIf } from './conditional.ts';
import { itemOfConfirmation } from './confirmation-store.ts';
import type { Item } from './order-item.ts';
import { queryIndex } from './query-index.ts';
import { readItem, readPartition } from './read-items.ts';
import { itemOfShipment, shipmentItemKey, shipmentOfItem } from './shipment-item.ts';
import { keys, STATE_TABLE } from './table.ts';

/** Rounds of one transaction while other writers are on one of its items. */
const ROUNDS_MAX = 5;
/** Pause after another writer was on the same item, doubled each round: 50 ms, 100 ms, … about a second and a half in all. */
const CONFLICT_PAUSE_MS = 50;

/** Packages of an order that are asked for by their numbers at once: hardly any order has more. */
const PACKAGES_AT_ONCE = 2;

const { shipmentsByTime, dueChecks, dueFollowUps } = STATE_TABLE.indexes;
const sequenceSchema = z.object({ last: z.int().min(1) });
const packageSchema = z.object({
  orderId: z.string(),
  shipmentKey: z.string(),
  packageNumber: z.int().min(1),
});

/** Shipments in the state table. Both indexes hold keys only: what a list shows is read as of this moment. */
export function createShipmentStore(client: DynamoDBClient, tableName: string): ShipmentStore {
  const read = async (shipmentKeys: readonly Item[]): Promise<Shipment[]> =>
    (await batchGet(client, tableName, shipmentKeys)).map(shipmentOfItem);

  /** The shipments of a page of an index, in the page's order. */
  const readInOrder = async (page: readonly Item[]): Promise<Shipment[]> => {
    const found = new Map<string, Shipment>();
    const itemKeys = page.flatMap(({ pk, sk }) => (pk && sk ? [{ pk, sk }] : []));
    for (const shipment of await read(itemKeys)) {
      found.set(keys.shipment(shipment.shipmentKey).pk, shipment);
    }
    return page.flatMap(({ pk }) => found.get(pk?.S ?? '') ?? []);
  };

  const readDue = async (list: string, until: string, limit: number): Promise<Shipment[]> => {
    const page = await queryIndex(client, tableName, dueFollowUps, list, limit, undefined, true);
    return readInOrder(page.items.filter((item) => (item[dueFollowUps.sortKey]?.S ?? '') <= until));
  };

  return {
    async nextSequence(year) {
      const answer = await callAws('dynamodb', () =>
        client.send(
          new UpdateItemCommand({
            TableName: tableName,
            Key: marshall(keys.shipmentSequence(year)),
            UpdateExpression: 'ADD #last :one',
            ExpressionAttributeNames: { '#last': 'last' },
            ExpressionAttributeValues: { ':one': { N: '1' } },
            ReturnValues: 'UPDATED_NEW',
          }),
        ),
      );
      return sequenceSchema.parse(unmarshall(answer.Attributes ?? {})).last;
    },

    async create(shipment, packages, confirmations) {
      const failed = await write(client, tableName, {
        shipment: putNew(tableName, { ...itemOfShipment(shipment), version: 1 }),
        packages: packages.flatMap((each) => [
          putNew(tableName, { ...keys.package(each.orderId, each.packageNumber), ...each }),
          ...(each.packageNumber === 1 ? [] : [afterTheOneBefore(tableName, each)]),
        ]),
        confirmations,
      });
      if (failed === 'shipment') return 'exists';
      return failed === 'package' ? 'package-taken' : 'created';
    },

    async get(key) {
      const item = await readItem(client, tableName, keys.shipment(key));
      return item && shipmentOfItem(item);
    },

    getMany: (shipmentKeys) => read([...new Set(shipmentKeys)].map(shipmentItemKey)),

    async change(shipment, expectedVersion, confirmations = []) {
      // Version 0 is none that a stored shipment has, and `putOnVersion` would create it.
      if (expectedVersion < 1) return 'conflict';
      const item = itemOfShipment(shipment);
      if (confirmations.length === 0) {
        return (await putOnVersion(client, tableName, item, expectedVersion)) ? 'changed' : 'conflict';
      }
      const failed = await write(client, tableName, {
        shipment: putOver(tableName, item, expectedVersion),
        packages: [],
        confirmations,
      });
      return failed === undefined ? 'changed' : 'conflict';
    },

    async moveCheck(key, seen, next) {
      const moved = await updateIf(client, {
        TableName: tableName,
        Key: shipmentItemKey(key),
        UpdateExpression: next === undefined ? 'REMOVE #at, #check' : 'SET #at = :next',
        ConditionExpression: '#at = :seen',
        ExpressionAttributeNames: {
          '#at': dueChecks.sortKey,
          ...(next === undefined ? { '#check': dueChecks.partitionKey } : {}),
        },
        ExpressionAttributeValues: {
          ':seen': { S: seen },
          ...(next === undefined ? {} : { ':next': { S: next } }),
        },
      });
      return moved ? 'moved' : 'conflict';
    },

    async listDue({ courier, tracking, until, limit, cursor }) {
      const list = keys.dueChecks(courier, tracking);
      const page = await queryIndex(client, tableName, dueChecks, list, limit, cursor, true);
      const due = page.items.filter((item) => (item[dueChecks.sortKey]?.S ?? '') <= until);
      // The index is behind the table by moments: what was moved or answered meanwhile is due no more.
      const shipments = (await readInOrder(due)).filter(
        (shipment) =>
          shipment.nextCheckAt !== undefined &&
          shipment.nextCheckAt <= until &&
          checkPriority(shipment) === tracking,
      );
      // The index is in order of time: the first one that is not due yet ends the list.
      return { shipments, cursor: due.length < page.items.length ? undefined : page.cursor };
    },

    listUnattended: async ({ until, limit }) =>
      (await readDue(keys.dueMakings, until, limit)).filter((shipment) => isUnattended(shipment, until)),

    listEventsToDelete: async ({ until, limit }) =>
      (await readDue(keys.eventsToDelete, until, limit)).filter(
        ({ eventsKeptUntil }) => eventsKeptUntil !== undefined && eventsKeptUntil <= until,
      ),

    async list({ limit, cursor }) {
      const page = await queryIndex(client, tableName, shipmentsByTime, keys.shipments, limit, cursor, false);
      return { shipments: await readInOrder(page.items), cursor: page.cursor };
    },

    packagesOf: async (orderId) =>
      (await readPartition(client, tableName, keys.order(orderId).pk, 'PACKAGE#')).map(packageOf),

    async packagesOfMany(orderIds) {
      const found: OrderPackage[] = [];
      let more: readonly OrderId[] = [...new Set(orderIds)];
      for (let first = 1; more.length > 0; first += PACKAGES_AT_ONCE) {
        const numbers = Array.from({ length: PACKAGES_AT_ONCE }, (_, n) => first + n);
        const itemKeys = more.flatMap((id) => numbers.map((number) => marshall(keys.package(id, number))));
        const packages = (await batchGet(client, tableName, itemKeys)).map(packageOf);
        found.push(...packages);
        // Numbers have no gaps: an order that has the last of them may have more.
        const last = first + PACKAGES_AT_ONCE - 1;
        more = packages.flatMap(({ orderId, packageNumber }) => (packageNumber === last ? [orderId] : []));
      }
      return found;
    },
  };
}

interface ShipmentWrite {
  readonly shipment: TransactWriteItem;
  readonly packages: readonly TransactWriteItem[];
  readonly confirmations: readonly ShippingConfirmation[];
}

/**
 * Writes all of it or nothing, except for confirmations that are there already, which stay as they are.
 * @returns whose condition did not hold; undefined when it was written
 */
async function write(
  client: DynamoDBClient,
  tableName: string,
  { shipment, packages, confirmations }: ShipmentWrite,
): Promise<'shipment' | 'package' | undefined> {
  let added = confirmations.map((each) => putNew(tableName, { ...itemOfConfirmation(each), version: 1 }));
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const items = [shipment, ...packages, ...added];
    if (items.length > TRANSACTION_ITEMS_MAX) {
      throw new RangeError(`${items.length} items in one transaction: a shipment of too many orders`);
    }
    const reasons = await tryTransaction(client, items);
    if (reasons === undefined) return undefined;
    const isHeld = (index: number): boolean => reasons[index]?.Code !== 'ConditionalCheckFailed';
    if (!isHeld(0)) return 'shipment';
    if (packages.some((_, index) => !isHeld(1 + index))) return 'package';
    const missing = added.filter((_, index) => isHeld(1 + packages.length + index));
    // Another writer was on one of the items: nobody knows yet what it left.
    if (missing.length === added.length) await pause(CONFLICT_PAUSE_MS * 2 ** round);
    added = missing;
  }
  throw new ThrottledError('dynamodb', 'dynamodb: a shipment is contended', {
    retryAfterMs: CONFLICT_PAUSE_MS * 2 ** ROUNDS_MAX,
  });
}

function putNew(tableName: string, item: Readonly<Record<string, unknown>>): TransactWriteItem {
  return {
    Put: {
      TableName: tableName,
      Item: marshall(item, { removeUndefinedValues: true }),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** Numbers without gaps are what lets the packages of many orders be asked for by their keys. */
function afterTheOneBefore(tableName: string, { orderId, packageNumber }: OrderPackage): TransactWriteItem {
  return {
    ConditionCheck: {
      TableName: tableName,
      Key: marshall(keys.package(orderId, packageNumber - 1)),
      ConditionExpression: 'attribute_exists(pk)',
    },
  };
}

function putOver(
  tableName: string,
  item: Readonly<Record<string, unknown>>,
  expectedVersion: number,
): TransactWriteItem {
  return {
    Put: {
      TableName: tableName,
      Item: marshall({ ...item, version: expectedVersion + 1 }, { removeUndefinedValues: true }),
      ConditionExpression: '#version = :expected',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':expected': { N: String(expectedVersion) } },
    },
  };
}

function packageOf(item: Item): OrderPackage {
  const parsed = packageSchema.safeParse(unmarshall(item));
  if (!parsed.success) {
    throw new UnexpectedAnswerError(
      'dynamodb',
      `stored package ${item.pk?.S ?? '?'} ${item.sk?.S ?? '?'} is not in our format`,
      { cause: parsed.error },
    );
  }
  const { orderId, shipmentKey, packageNumber } = parsed.data;
  return { orderId: orderId as OrderId, shipmentKey: shipmentKey as ShipmentKey, packageNumber };
}
