import { setTimeout as pause } from 'node:timers/promises';
import type { DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { ThrottledError } from '../../domain/errors.ts';
import type { OrderId } from '../../domain/order.ts';
import type { LedgerChange } from '../../ports/order-store.ts';
import { TRANSACTION_ITEMS_MAX, tryTransaction } from './conditional.ts';
import { entriesAttribute, type Item } from './order-item.ts';
import { keys } from './table.ts';

/** Transactions under way at once: the fastest in measurements, two overlap marshalling with waiting. */
const TRANSACTIONS_AT_ONCE = 2;
/** Rounds of one transaction before its changes are written one by one; a second round is rare already. */
const ROUNDS_MAX = 4;
/** Pause after another writer was on the same item, doubled each round. */
const CONFLICT_PAUSE_MS = 50;

/**
 * Applies each change on its expected version and order, and answers the ids where either had moved on.
 * Transactions are used as conditional batches: nothing needs the changes to be applied together.
 */
export async function writeLedgers(
  client: DynamoDBClient,
  tableName: string,
  changes: readonly LedgerChange[],
): Promise<OrderId[]> {
  if (new Set(changes.map((change) => change.orderId)).size !== changes.length) {
    throw new RangeError('two ledger changes of one order in one call');
  }
  const batches: (readonly LedgerChange[])[] = [];
  for (let at = 0; at < changes.length; at += TRANSACTION_ITEMS_MAX) {
    batches.push(changes.slice(at, at + TRANSACTION_ITEMS_MAX));
  }
  const moved: OrderId[] = [];
  const worker = async () => {
    for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) {
      moved.push(...(await writeBatch(client, tableName, batch)));
    }
  };
  await Promise.all(Array.from({ length: TRANSACTIONS_AT_ONCE }, worker));
  return moved;
}

async function writeBatch(
  client: DynamoDBClient,
  tableName: string,
  batch: readonly LedgerChange[],
): Promise<OrderId[]> {
  const moved: OrderId[] = [];
  let left = batch;
  for (let round = 0; round < ROUNDS_MAX && left.length > 0; round += 1) {
    const reasons = await tryTransaction(
      client,
      left.map((change) => writeOf(tableName, change)),
    );
    if (reasons === undefined) return moved;
    const codeOf = (index: number) => reasons[index]?.Code ?? 'None';
    const failed = left.filter((_, index) => codeOf(index) === 'ConditionalCheckFailed');
    moved.push(...failed.map((change) => change.orderId));
    const contended = left.some((_, index) => !['None', 'ConditionalCheckFailed'].includes(codeOf(index)));
    left = left.filter((_, index) => codeOf(index) !== 'ConditionalCheckFailed');
    if (contended) await pause(CONFLICT_PAUSE_MS * 2 ** round);
  }
  for (const change of left) {
    const reasons = await tryTransaction(client, [writeOf(tableName, change)]);
    if (reasons === undefined) continue;
    if (reasons[0]?.Code !== 'ConditionalCheckFailed') {
      throw new ThrottledError('dynamodb', `dynamodb: ${change.orderId} is contended`, {
        retryAfterMs: CONFLICT_PAUSE_MS * 2 ** ROUNDS_MAX,
      });
    }
    moved.push(change.orderId);
  }
  return moved;
}

/**
 * The change as one conditional write. The condition pins the ledger's version and whether the order is there.
 * Attribute names are spelled out: none is a reserved word, and a hundred tables of aliases cost time.
 */
function writeOf(tableName: string, change: LedgerChange): TransactWriteItem {
  const { pk, sk } = keys.order(change.orderId);
  const base = { TableName: tableName };
  const key: Item = { pk: { S: pk }, sk: { S: sk } };
  const entries = entriesAttribute(change.entries);
  const next = { N: String(change.expectedVersion + 1) };
  const first = change.expectedVersion === 0;
  const versionHolds = first ? 'attribute_not_exists(entriesVersion)' : 'entriesVersion = :expected';
  const values: Item = {
    ':entries': entries,
    ':next': next,
    ...(first ? {} : { ':expected': { N: String(change.expectedVersion) } }),
  };
  if (change.orderKnown) {
    return {
      Update: {
        ...base,
        Key: key,
        UpdateExpression: 'SET entries = :entries, entriesVersion = :next',
        ConditionExpression: `${versionHolds} AND attribute_exists(orderUpdatedAt)`,
        ExpressionAttributeValues: values,
      },
    };
  }
  const ConditionExpression = `${versionHolds} AND attribute_not_exists(orderUpdatedAt)`;
  const waitingKey = { S: keys.waiting(change.accountId) };
  const waitingSinceKey = { S: `${change.waitingSince}#${change.orderId}` };
  // An order nothing is known of any more waits for nothing. The item stays: its version must never start again.
  const emptied = Object.keys(change.entries).length === 0;
  if (first) {
    // Nothing is there yet, so the item is written whole: faster than the same by expressions.
    const item: Item = {
      ...key,
      orderId: { S: change.orderId },
      accountId: { S: change.accountId },
      marketplaceOrderId: { S: change.marketplaceOrderId },
      entries,
      entriesVersion: next,
      ...(emptied ? {} : { waitingKey, waitingSinceKey }),
    };
    return { Put: { ...base, Item: item, ConditionExpression } };
  }
  return {
    Update: {
      ...base,
      Key: key,
      UpdateExpression: emptied
        ? 'SET entries = :entries, entriesVersion = :next REMOVE waitingKey, waitingSinceKey'
        : 'SET entries = :entries, entriesVersion = :next, waitingKey = :waiting, waitingSinceKey = if_not_exists(waitingSinceKey, :since)',
      ConditionExpression,
      ExpressionAttributeValues: emptied
        ? values
        : { ...values, ':waiting': waitingKey, ':since': waitingSinceKey },
    },
  };
}
