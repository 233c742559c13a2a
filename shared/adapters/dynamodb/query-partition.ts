import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { callAws } from '../../runtime/aws-errors.ts';
import type { Item } from './order-item.ts';

/** What of a partition's items is asked for. */
export interface PartitionQuery {
  readonly pk: string;
  /** Which items: the begin of their sort keys. */
  readonly prefix: string;
  readonly ascending?: boolean;
  /** Items looked at; DynamoDB stops at 1 MB in any case. */
  readonly limit?: number;
  /** The last sort key of the page before. */
  readonly after?: string | undefined;
  readonly consistent?: boolean;
  readonly filter?: PartitionFilter | undefined;
  /** Only these attributes. */
  readonly attributes?: readonly string[];
}

export interface PartitionFilter {
  readonly expression: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Item;
}

export interface PartitionPage {
  readonly items: readonly Item[];
  /** How many were looked at, found or not. */
  readonly read: number;
  /** Sort key to go on after; undefined at the end. */
  readonly next: string | undefined;
}

/** One request's worth of a partition's items. */
async function queryPartition(
  client: DynamoDBClient,
  tableName: string,
  { pk, prefix, ascending = true, limit, after, consistent = false, filter, attributes }: PartitionQuery,
): Promise<PartitionPage> {
  const projected = Object.fromEntries((attributes ?? []).map((name, at) => [`#a${at}`, name]));
  const names = { ...filter?.names, ...projected };
  const answer = await callAws('dynamodb', () =>
    client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': { S: pk }, ':prefix': { S: prefix }, ...filter?.values },
        ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: names }),
        ...(filter === undefined ? {} : { FilterExpression: filter.expression }),
        ...(attributes === undefined ? {} : { ProjectionExpression: Object.keys(projected).join(', ') }),
        ScanIndexForward: ascending,
        ConsistentRead: consistent,
        ...(limit === undefined ? {} : { Limit: limit }),
        ...(after === undefined ? {} : { ExclusiveStartKey: { pk: { S: pk }, sk: { S: after } } }),
      }),
    ),
  );
  return {
    items: answer.Items ?? [],
    read: answer.ScannedCount ?? 0,
    next: answer.LastEvaluatedKey?.sk?.S,
  };
}

/** Every item, page by page. */
export async function* queryWholePartition(
  client: DynamoDBClient,
  tableName: string,
  query: PartitionQuery,
): AsyncGenerator<readonly Item[]> {
  let after: string | undefined;
  do {
    const page = await queryPartition(client, tableName, { ...query, after });
    yield page.items;
    after = page.next;
  } while (after !== undefined);
}

/**
 * As many items as a page holds, from as many requests as that takes, up to a bound.
 * @param readMax items looked at in all
 * @throws RangeError when the place is none of this partition's
 */
export async function fillPage(
  client: DynamoDBClient,
  tableName: string,
  query: PartitionQuery & { readonly limit: number },
  readMax: number,
): Promise<{ items: readonly Item[]; next: string | undefined }> {
  const { limit, filter, prefix } = query;
  if (query.after !== undefined && !query.after.startsWith(prefix))
    throw new RangeError('not a cursor of this list');
  const items: Item[] = [];
  let read = 0;
  let after = query.after;
  for (;;) {
    // Without a filter each item looked at is one found. With one most are not: then a megabyte is read at once.
    const { limit: _, ...unlimited } = query;
    const page = await queryPartition(client, tableName, {
      ...unlimited,
      ...(filter === undefined ? { limit: limit - items.length } : {}),
      after,
    });
    read += page.read;
    for (const item of page.items) {
      items.push(item);
      if (items.length < limit) continue;
      const isLast = page.next === undefined && item === page.items.at(-1);
      return { items, next: isLast ? undefined : item.sk?.S };
    }
    after = page.next;
    if (after === undefined || read >= readMax) return { items, next: after };
  }
}
