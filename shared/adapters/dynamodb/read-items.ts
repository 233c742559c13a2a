import { type DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { callAws } from '../../runtime/aws-errors.ts';
import type { Item } from './order-item.ts';

/** The item under a key as of this moment; undefined when there is none. */
export async function readItem(
  client: DynamoDBClient,
  tableName: string,
  key: Readonly<Record<string, string>>,
): Promise<Item | undefined> {
  const answer = await callAws('dynamodb', () =>
    client.send(new GetItemCommand({ TableName: tableName, Key: marshall(key), ConsistentRead: true })),
  );
  return answer.Item;
}

/** Every item of a partition as of this moment, or those whose sort key begins alike. For partitions of a handful. */
export async function readPartition(
  client: DynamoDBClient,
  tableName: string,
  pk: string,
  sortKeyPrefix?: string,
): Promise<Item[]> {
  const items: Item[] = [];
  let from: Item | undefined;
  do {
    const answer = await callAws('dynamodb', () =>
      client.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: `pk = :pk${sortKeyPrefix === undefined ? '' : ' AND begins_with(sk, :prefix)'}`,
          ExpressionAttributeValues: {
            ':pk': { S: pk },
            ...(sortKeyPrefix === undefined ? {} : { ':prefix': { S: sortKeyPrefix } }),
          },
          ConsistentRead: true,
          ...(from === undefined ? {} : { ExclusiveStartKey: from }),
        }),
      ),
    );
    items.push(...(answer.Items ?? []));
    from = answer.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
}
