import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { callAws } from '../../runtime/aws-errors.ts';
import type { Item } from './order-item.ts';

/** Where a list goes on: the last item's keys, opaque to callers. */
const cursorSchema = z.record(z.string(), z.object({ S: z.string() }));

/**
 * One page of an index.
 * @throws RangeError when the cursor is none of this list's
 */
export async function queryIndex(
  client: DynamoDBClient,
  tableName: string,
  index: { readonly name: string; readonly partitionKey: string },
  partition: string,
  limit: number,
  cursor: string | undefined,
  ascending: boolean,
): Promise<{ items: Item[]; cursor: string | undefined }> {
  const start =
    cursor === undefined ? {} : { ExclusiveStartKey: decodeCursor(cursor, index.partitionKey, partition) };
  const answer = await callAws('dynamodb', () =>
    client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: index.name,
        KeyConditionExpression: '#partition = :partition',
        ExpressionAttributeNames: { '#partition': index.partitionKey },
        ExpressionAttributeValues: { ':partition': { S: partition } },
        ScanIndexForward: ascending,
        Limit: limit,
        ...start,
      }),
    ),
  );
  const last = answer.LastEvaluatedKey;
  return {
    items: answer.Items ?? [],
    cursor: last && Buffer.from(JSON.stringify(last)).toString('base64url'),
  };
}

function decodeCursor(cursor: string, partitionKey: string, partition: string): Item {
  try {
    const start = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    if (start[partitionKey]?.S !== partition) throw new RangeError(`it is not of ${partition}`);
    return start;
  } catch (cause) {
    throw new RangeError('not a cursor of this list', { cause });
  }
}
