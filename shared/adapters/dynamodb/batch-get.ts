import { setTimeout as pause } from 'node:timers/promises';
import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ThrottledError } from '../../domain/errors.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import type { Item } from './order-item.ts';

/** DynamoDB's limit for one BatchGetItem. */
const BATCH_KEYS_MAX = 100;
/** Requests under way at once: more gained nothing in measurements, and a Lambda has few cores. */
const BATCHES_AT_ONCE = 4;
/** Rounds for keys DynamoDB left out, with doubling pauses: 50 ms, 100 ms, … about six seconds in all. */
const ROUNDS_MAX = 8;
const FIRST_PAUSE_MS = 50;

/** Reads items by key, strongly consistent, in no particular order; missing ones are absent. Keys must be distinct. */
export async function batchGet(
  client: DynamoDBClient,
  tableName: string,
  itemKeys: readonly Item[],
): Promise<Item[]> {
  const batches: Item[][] = [];
  for (let at = 0; at < itemKeys.length; at += BATCH_KEYS_MAX) {
    batches.push(itemKeys.slice(at, at + BATCH_KEYS_MAX));
  }
  const found: Item[] = [];
  const worker = async () => {
    for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) {
      found.push(...(await getBatch(client, tableName, batch)));
    }
  };
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, worker));
  return found;
}

async function getBatch(client: DynamoDBClient, tableName: string, batch: Item[]): Promise<Item[]> {
  const found: Item[] = [];
  let keys = batch;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    if (round > 0) await pause(FIRST_PAUSE_MS * 2 ** (round - 1));
    const answer = await callAws('dynamodb', () =>
      client.send(
        new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: keys, ConsistentRead: true } } }),
      ),
    );
    found.push(...(answer.Responses?.[tableName] ?? []));
    keys = answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
    if (keys.length === 0) return found;
  }
  throw new ThrottledError(
    'dynamodb',
    `dynamodb: ${keys.length} keys still unread after ${ROUNDS_MAX} rounds`,
    {
      retryAfterMs: FIRST_PAUSE_MS * 2 ** ROUNDS_MAX,
    },
  );
}
