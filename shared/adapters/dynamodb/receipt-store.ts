import { setTimeout as pause } from 'node:timers/promises';
import {
  type CancellationReason,
  type DynamoDBClient,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { ThrottledError, UnexpectedAnswerError } from '../../domain/errors.ts';
import { numberText, type Receipt, receiptIdParts, yearOf } from '../../domain/receipt.ts';
import type { ReceiptDraft, ReceiptStore, SeriesState, StoredDraft } from '../../ports/receipt-store.ts';
import { awsFailure } from '../../runtime/aws-errors.ts';
import { batchGet } from './batch-get.ts';
import { putOnVersion } from './conditional.ts';
import type { Item } from './order-item.ts';
import { queryIndex } from './query-index.ts';
import { readItem, readPartition } from './read-items.ts';
import { marshalReceipt, receiptItem, receiptOf } from './receipt-item.ts';
import { keys, STATE_TABLE } from './table.ts';

/**
 * Documents that take their numbers together. DynamoDB lets 100 items into a transaction and 4 MB; a document with a
 * hundred lines is 30 kB.
 */
const DOCUMENTS_PER_TRANSACTION_MAX = 50;
/** Tries while others take numbers of the same series; each time somebody else got one, so all get theirs. */
const ATTEMPTS_MAX = 60;
/** The pause between two tries is random up to this, doubled each time, and never above the second. */
const CONTENTION_PAUSE_MS = 10;
const CONTENTION_PAUSE_MAX_MS = 400;

const seriesSchema = z.object({
  sellerId: z.string(),
  series: z.string(),
  year: z.int(),
  last: z.int().min(1),
  lastIssueDate: z.string(),
});

/** The series a draft takes its number from. */
type SeriesKey = Pick<SeriesState, 'sellerId' | 'series' | 'year'>;

/** Documents and the counters of their series in the state table. */
export function createReceiptStore(client: DynamoDBClient, tableName: string): ReceiptStore {
  const readSeries = async ({ sellerId, series, year }: SeriesKey): Promise<SeriesState | undefined> => {
    const item = await readItem(client, tableName, keys.receiptSeries(sellerId, series, year));
    return item && seriesOf(item);
  };

  /**
   * Stores documents of one series (or of none), with `beside` in the same transaction. Answers by position; undefined
   * when `beside` did not hold and nothing was stored for that reason.
   */
  const store = async (
    drafts: readonly ReceiptDraft[],
    seriesKey: SeriesKey | undefined,
    beside?: TransactWriteItem,
  ): Promise<readonly StoredDraft[] | undefined> => {
    const stored = new Map<number, StoredDraft>();
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const open = drafts.map((draft, at) => ({ draft, at })).filter(({ at }) => !stored.has(at));
      if (open.length === 0) break;
      const counter = seriesKey && (await readSeries(seriesKey));
      const receipts = open.map(({ draft }, place) => newReceipt(draft, counter, place));
      const writes = [
        ...receipts.map((receipt) => putNew(tableName, receipt)),
        ...(seriesKey === undefined ? [] : [countOn(tableName, seriesKey, counter, receipts)]),
        ...(beside === undefined ? [] : [beside]),
      ];
      const reasons = await transact(client, writes);
      if (reasons === undefined) {
        for (const [place, { at }] of open.entries()) {
          const receipt = receipts[place];
          if (receipt !== undefined) stored.set(at, { state: 'created', receipt });
        }
        break;
      }
      let found = 0;
      for (const [place, { at }] of open.entries()) {
        const { Code, Item: existing } = reasons[place] ?? {};
        if (Code !== 'ConditionalCheckFailed' || existing === undefined) continue;
        stored.set(at, { state: 'exists', receipt: receiptOf(existing) });
        found += 1;
      }
      if (found > 0) continue;
      if (beside !== undefined && reasons.at(-1)?.Code === 'ConditionalCheckFailed') return undefined;
      await pause(Math.random() * Math.min(CONTENTION_PAUSE_MS * 2 ** attempt, CONTENTION_PAUSE_MAX_MS));
    }
    return drafts.map((_, at) => {
      const answer = stored.get(at);
      if (answer !== undefined) return answer;
      throw new ThrottledError('dynamodb', 'dynamodb: the series is contended', {
        retryAfterMs: CONTENTION_PAUSE_MAX_MS,
      });
    });
  };

  return {
    async create(drafts) {
      if (new Set(drafts.map(({ receiptId }) => receiptId)).size !== drafts.length) {
        throw new RangeError('one document twice in one call');
      }
      const answers = new Map<string, StoredDraft>();
      for (const batch of batchesOf(drafts)) {
        const stored = (await store(batch, batch[0] && seriesKeyOf(batch[0]))) ?? [];
        for (const each of stored) answers.set(each.receipt.receiptId, each);
      }
      return drafts.map(({ receiptId }) => {
        const answer = answers.get(receiptId);
        if (answer === undefined) throw new RangeError(`nothing stored for ${receiptId}`);
        return answer;
      });
    },

    async createReversal(draft, original) {
      const { orderId } = receiptIdParts(original.receiptId) ?? draft;
      const beside: TransactWriteItem = {
        Update: {
          TableName: tableName,
          Key: marshall(keys.receipt(orderId, original.receiptId)),
          UpdateExpression: 'SET reversedByLine = :reversed, #version = :next',
          ConditionExpression: '#version = :expected',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: marshall({
            ':reversed': original.reversedByLine,
            ':next': original.expectedVersion + 1,
            ':expected': original.expectedVersion,
          }),
        },
      };
      return (await store([draft], seriesKeyOf(draft), beside))?.[0] ?? 'conflict';
    },

    async change(receipt, beside) {
      if (beside === undefined) {
        const changed = await putOnVersion(client, tableName, receiptItem(receipt), receipt.version);
        return changed ? 'changed' : 'conflict';
      }
      const reasons = await transact(client, [putNext(tableName, receipt), putNext(tableName, beside)]);
      return reasons === undefined ? 'changed' : 'conflict';
    },

    async getMany(ids) {
      const wanted = [...new Set(ids)].flatMap((id) => {
        const parts = receiptIdParts(id);
        return parts === undefined ? [] : [marshall(keys.receipt(parts.orderId, id))];
      });
      const receipts = (await batchGet(client, tableName, wanted)).map(receiptOf);
      return new Map(receipts.map((receipt) => [receipt.receiptId, receipt]));
    },

    async ofOrder(orderId) {
      const items = await readPartition(client, tableName, keys.order(orderId).pk, 'RECEIPT#');
      return items.map(receiptOf).sort((a, b) => (a.requestedAt < b.requestedAt ? -1 : 1));
    },

    async ofMonth({ month, limit, cursor }) {
      const index = STATE_TABLE.indexes.receiptsByMonth;
      const page = await queryIndex(
        client,
        tableName,
        index,
        keys.receiptsOfMonth(month),
        limit,
        cursor,
        true,
      );
      return { receipts: page.items.map(receiptOf), cursor: page.cursor };
    },

    async listDue({ until, limit, cursor }) {
      const index = STATE_TABLE.indexes.dueFollowUps;
      const page = await queryIndex(client, tableName, index, keys.dueReceipts, limit, cursor, true);
      const receipts = page.items.map(receiptOf);
      const due = receipts.filter(({ dueAt }) => dueAt !== undefined && dueAt <= until);
      // The index is in order of time: the first one that is not due yet ends the list.
      return { receipts: due, cursor: due.length < receipts.length ? undefined : page.cursor };
    },

    listSeries: async () =>
      (await readPartition(client, tableName, keys.receiptSeries('', '', 0).pk)).map(seriesOf),
  };
}

function seriesKeyOf({ sellerId, series, issueDate }: ReceiptDraft): SeriesKey | undefined {
  return series === undefined ? undefined : { sellerId, series, year: yearOf(issueDate) };
}

/** Drafts that can be stored together: those of one series, in their order. */
function batchesOf(drafts: readonly ReceiptDraft[]): ReceiptDraft[][] {
  const bySeries = new Map<string, ReceiptDraft[]>();
  for (const draft of drafts) {
    const name = JSON.stringify(seriesKeyOf(draft) ?? null);
    bySeries.set(name, [...(bySeries.get(name) ?? []), draft]);
  }
  return [...bySeries.values()].flatMap((alike) =>
    Array.from({ length: Math.ceil(alike.length / DOCUMENTS_PER_TRANSACTION_MAX) }, (_, at) =>
      alike.slice(at * DOCUMENTS_PER_TRANSACTION_MAX, (at + 1) * DOCUMENTS_PER_TRANSACTION_MAX),
    ),
  );
}

/** The document with the number that is next, `place` behind the first of its transaction. */
function newReceipt(
  { series, ...draft }: ReceiptDraft,
  counter: SeriesState | undefined,
  place: number,
): Receipt {
  if (series === undefined) return { ...draft, state: 'requested', attempts: 0, version: 1 };
  const issueDate = latestOf([draft.issueDate, counter?.lastIssueDate ?? '']);
  const sequence = (counter?.last ?? 0) + 1 + place;
  const year = yearOf(issueDate);
  return {
    ...draft,
    issueDate,
    number: { text: numberText(sequence, series, year), series, year, sequence },
    state: 'numbered',
    attempts: 0,
    version: 1,
  };
}

function latestOf(days: readonly string[]): string {
  return days.toSorted().at(-1) ?? '';
}

function putNew(tableName: string, receipt: Receipt): TransactWriteItem {
  return {
    Put: {
      TableName: tableName,
      Item: marshalReceipt(receipt),
      ConditionExpression: 'attribute_not_exists(pk)',
      // Whoever loses against the same document learns which one it is.
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

function putNext(tableName: string, receipt: Receipt): TransactWriteItem {
  return {
    Put: {
      TableName: tableName,
      Item: marshalReceipt({ ...receipt, version: receipt.version + 1 }),
      ConditionExpression: '#version = :expected',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':expected': { N: String(receipt.version) } },
    },
  };
}

/** The counter moved on by as many numbers as are taken, unless somebody else moved it. */
function countOn(
  tableName: string,
  { sellerId, series, year }: SeriesKey,
  counter: SeriesState | undefined,
  receipts: readonly Receipt[],
): TransactWriteItem {
  const key: Item = marshall(keys.receiptSeries(sellerId, series, year));
  const next: SeriesState = {
    sellerId,
    series,
    year,
    last: (counter?.last ?? 0) + receipts.length,
    lastIssueDate: latestOf(receipts.map(({ issueDate }) => issueDate)),
  };
  return {
    Put: {
      TableName: tableName,
      Item: { ...key, ...marshall(next) },
      ...(counter === undefined
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: '#last = :last',
            ExpressionAttributeNames: { '#last': 'last' },
            ExpressionAttributeValues: { ':last': { N: String(counter.last) } },
          }),
    },
  };
}

/** Undefined when everything was written; else why nothing was, write by write. */
async function transact(
  client: DynamoDBClient,
  writes: readonly TransactWriteItem[],
): Promise<readonly CancellationReason[] | undefined> {
  try {
    await client.send(new TransactWriteItemsCommand({ TransactItems: [...writes] }));
    return undefined;
  } catch (error) {
    if (error instanceof TransactionCanceledException) return error.CancellationReasons ?? [];
    throw awsFailure('dynamodb', error);
  }
}

function seriesOf(item: Item): SeriesState {
  const parsed = seriesSchema.safeParse(unmarshall(item));
  if (parsed.success) return parsed.data;
  throw new UnexpectedAnswerError('dynamodb', `stored series ${item.sk?.S ?? '?'} is not in our format`, {
    cause: parsed.error,
  });
}
