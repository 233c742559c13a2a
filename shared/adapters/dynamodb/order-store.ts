import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { PersonalDataState } from '../../domain/buyer.ts';
import type { Order, OrderId } from '../../domain/order.ts';
import { orderSearchText } from '../../domain/order-search.ts';
import { shipByDeadline } from '../../domain/shipping-deadline.ts';
import type { LedgerChange, OrderRecord, OrderStore } from '../../ports/order-store.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import { batchGet } from './batch-get.ts';
import { updateIf } from './conditional.ts';
import { writeLedgers } from './ledger-write.ts';
import { type Item, recordOfItem, waitingRecordOfItem } from './order-item.ts';
import { queryIndex } from './query-index.ts';
import { keys, STATE_TABLE } from './table.ts';

/** Orders and their ledgers in the state table. */
export function createOrderStore(client: DynamoDBClient, tableName: string): OrderStore {
  return {
    async getMany(ids) {
      const records = new Map<OrderId, OrderRecord>();
      for (const item of await batchGet(client, tableName, [...new Set(ids)].map(orderKey))) {
        const record = recordOfItem(item);
        records.set(record.orderId, record);
      }
      return records;
    },

    putOrder: (order, personalData) =>
      callAws('dynamodb', () => putOrder(client, tableName, order, personalData)),

    async setPersonalData(id, state) {
      await updateIf(client, {
        TableName: tableName,
        Key: orderKey(id),
        UpdateExpression: 'SET #personalData = :state',
        ConditionExpression: 'attribute_exists(#order)',
        ExpressionAttributeNames: { '#personalData': 'personalData', '#order': 'order' },
        ExpressionAttributeValues: { ':state': { S: state } },
      });
    },

    async setCustomisationMissing(id, missing) {
      await updateIf(client, {
        TableName: tableName,
        Key: orderKey(id),
        UpdateExpression: missing ? 'SET #missing = :true' : 'REMOVE #missing',
        ConditionExpression: `attribute_exists(#order) AND ${missing ? 'attribute_not_exists' : 'attribute_exists'}(#missing)`,
        ExpressionAttributeNames: { '#missing': 'customisationMissing', '#order': 'order' },
        ...(missing ? { ExpressionAttributeValues: { ':true': { BOOL: true } } } : {}),
      });
    },

    changeLedgers: (changes: readonly LedgerChange[]) => writeLedgers(client, tableName, changes),

    async listOrders({ channelId, limit, cursor }) {
      const index = STATE_TABLE.indexes.ordersByChannel;
      const page = await queryIndex(client, tableName, index, keys.ordersOf(channelId), limit, cursor, false);
      return { records: page.items.map(recordOfItem), cursor: page.cursor };
    },

    async listWaiting({ accountId, limit, cursor }) {
      const index = STATE_TABLE.indexes.waitingOrders;
      const page = await queryIndex(client, tableName, index, keys.waiting(accountId), limit, cursor, true);
      return { records: page.items.map(waitingRecordOfItem), cursor: page.cursor };
    },
  };
}

function orderKey(id: OrderId): Item {
  const { pk, sk } = keys.order(id);
  return { pk: { S: pk }, sk: { S: sk } };
}

async function putOrder(
  client: DynamoDBClient,
  tableName: string,
  order: Order,
  personalData: PersonalDataState | undefined,
): Promise<'created' | 'updated' | 'older'> {
  const { orderId, ...stored } = order;
  const deadline = shipByDeadline(order);
  const set = [
    '#order = :order',
    '#updated = :updated',
    '#orderId = :orderId',
    '#account = :account',
    '#marketplaceOrderId = :marketplaceOrderId',
    '#channel = :channel',
    '#purchased = :purchased',
    'searchText = :searchText',
    ...(personalData === undefined ? [] : ['personalData = :personalData']),
    ...(deadline === undefined ? [] : ['#toShip = :toShip', '#shipBy = :shipBy']),
  ];
  // Removing the waiting keys in this same write is what matches payment rows that came first.
  const remove = ['#waiting', '#since', ...(deadline === undefined ? ['#toShip', '#shipBy'] : [])];
  try {
    const answer = await client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: orderKey(orderId),
        UpdateExpression: `SET ${set.join(', ')} REMOVE ${remove.join(', ')}`,
        ConditionExpression: 'attribute_not_exists(#updated) OR #updated < :updated',
        ExpressionAttributeNames: {
          '#order': 'order',
          '#updated': 'orderUpdatedAt',
          '#orderId': 'orderId',
          '#account': 'accountId',
          '#marketplaceOrderId': 'marketplaceOrderId',
          '#channel': STATE_TABLE.indexes.ordersByChannel.partitionKey,
          '#purchased': STATE_TABLE.indexes.ordersByChannel.sortKey,
          '#waiting': STATE_TABLE.indexes.waitingOrders.partitionKey,
          '#since': STATE_TABLE.indexes.waitingOrders.sortKey,
          '#toShip': STATE_TABLE.indexes.ordersToShip.partitionKey,
          '#shipBy': STATE_TABLE.indexes.ordersToShip.sortKey,
        },
        ExpressionAttributeValues: {
          ':order': { M: marshall(stored, { removeUndefinedValues: true }) },
          ':updated': { S: order.updatedAt },
          ':orderId': { S: orderId },
          ':account': { S: order.accountId },
          ':marketplaceOrderId': { S: order.marketplaceOrderId },
          ':channel': { S: keys.ordersOf(order.channelId) },
          ':purchased': { S: `${order.purchasedAt}#${orderId}` },
          // For the order list, which filters where the orders are (order-list.ts).
          ':searchText': { S: orderSearchText(order) },
          ...(personalData === undefined ? {} : { ':personalData': { S: personalData } }),
          ...(deadline === undefined
            ? {}
            : { ':toShip': { S: keys.ordersToShip }, ':shipBy': { S: `${deadline.until}#${orderId}` } }),
        },
        ReturnValues: 'UPDATED_OLD',
      }),
    );
    return answer.Attributes?.orderUpdatedAt === undefined ? 'created' : 'updated';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'older';
    throw error;
  }
}
