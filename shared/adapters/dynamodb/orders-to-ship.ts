import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { OrdersToShip, ShipmentsToScan } from '../../ports/orders-to-ship.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import { recordOfItem } from './order-item.ts';
import { shipmentOfItem } from './shipment-item.ts';
import { keys, STATE_TABLE } from './table.ts';

/** Before every instant. */
const EARLIEST = '0';

/** The sparse index `ordersToShip`, whose keys the order store writes and takes away with the order. */
export function createOrdersToShip(client: DynamoDBClient, tableName: string): OrdersToShip {
  const { name, partitionKey, sortKey } = STATE_TABLE.indexes.ordersToShip;
  return {
    async list({ limit, after }) {
      const answer = await callAws('dynamodb', () =>
        client.send(
          new QueryCommand({
            TableName: tableName,
            IndexName: name,
            KeyConditionExpression: '#toShip = :toShip AND #shipBy > :after',
            ExpressionAttributeNames: { '#toShip': partitionKey, '#shipBy': sortKey },
            ExpressionAttributeValues: {
              ':toShip': { S: keys.ordersToShip },
              ':after': { S: after ?? EARLIEST },
            },
            Limit: limit,
          }),
        ),
      );
      return {
        found: (answer.Items ?? []).map((item) => ({
          position: item[sortKey]?.S ?? '',
          record: recordOfItem(item),
        })),
        more: answer.LastEvaluatedKey !== undefined,
      };
    },
  };
}

/** The same index's other partition, whose keys the shipment store writes and takes away with the shipment. */
export function createShipmentsToScan(client: DynamoDBClient, tableName: string): ShipmentsToScan {
  const { name, partitionKey, sortKey } = STATE_TABLE.indexes.ordersToShip;
  return {
    async list({ since, limit }) {
      const answer = await callAws('dynamodb', () =>
        client.send(
          new QueryCommand({
            TableName: tableName,
            IndexName: name,
            KeyConditionExpression: '#toScan = :toScan AND #known >= :since',
            ExpressionAttributeNames: { '#toScan': partitionKey, '#known': sortKey },
            ExpressionAttributeValues: { ':toScan': { S: keys.shipmentsToScan }, ':since': { S: since } },
            ScanIndexForward: false,
            Limit: limit,
          }),
        ),
      );
      return (answer.Items ?? []).map(shipmentOfItem);
    },
  };
}
