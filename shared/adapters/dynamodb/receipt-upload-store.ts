import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import { MARKETPLACES, type OrderId } from '../../domain/order.ts';
import { type ReceiptId, receiptIdParts } from '../../domain/receipt.ts';
import {
  hasFailed,
  isOpenUpload,
  lineOf,
  RECEIPT_UPLOAD_REASONS,
  RECEIPT_UPLOAD_STATES,
  type ReceiptUpload,
} from '../../domain/receipt-upload.ts';
import type { ReceiptUploadStore } from '../../ports/receipt-upload-store.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import { batchGet } from './batch-get.ts';
import { putOnVersion } from './conditional.ts';
import type { Item } from './order-item.ts';
import { queryIndex } from './query-index.ts';
import { keys, STATE_TABLE } from './table.ts';

const { dueFollowUps } = STATE_TABLE.indexes;

const uploadSchema = z.object({
  receiptId: z.string(),
  orderId: z.string(),
  marketplace: z.enum(MARKETPLACES),
  accountId: z.string(),
  channelId: z.string(),
  state: z.enum(RECEIPT_UPLOAD_STATES),
  reason: z.enum(RECEIPT_UPLOAD_REASONS).optional(),
  code: z.string().optional(),
  documentId: z.string().optional(),
  attempts: z.int(),
  asked: z.int(),
  wantedAt: z.string(),
  sentAt: z.string().optional(),
  dueAt: z.string().optional(),
  underWayUntil: z.string().optional(),
  deadlineAt: z.string().optional(),
  endedAt: z.string().optional(),
  version: z.int().min(1),
});

/** Uploads in the state table, beside their order; those that are open or failed are in a sparse index. */
export function createReceiptUploadStore(client: DynamoDBClient, tableName: string): ReceiptUploadStore {
  return {
    create: async (upload) =>
      (await putOnVersion(client, tableName, itemOf(upload), 0)) ? 'created' : 'exists',

    async getMany(ids) {
      const wanted = [...new Set(ids)].flatMap((id) => {
        const parts = receiptIdParts(id);
        return parts === undefined ? [] : [marshall(keys.receiptUpload(parts.orderId, id))];
      });
      const uploads = (await batchGet(client, tableName, wanted)).map(uploadOf);
      return new Map(uploads.map((upload) => [upload.receiptId, upload]));
    },

    change: async (upload, expectedVersion) =>
      (await putOnVersion(client, tableName, itemOf(upload), expectedVersion)) ? 'changed' : 'conflict',

    async listOpen({ marketplace, accountId, line, until, limit, cursor }) {
      const list = keys.openReceiptUploads(marketplace, accountId, line);
      const page = await queryIndex(client, tableName, dueFollowUps, list, limit, cursor, true);
      const uploads = page.items.map(uploadOf);
      const due = uploads.filter(({ dueAt = '' }) => dueAt <= until);
      // The index is in order of time: the first one that is not due yet ends the list.
      return { uploads: due, cursor: due.length < uploads.length ? undefined : page.cursor };
    },

    async countWaiting({ marketplace, accountId }) {
      let count = 0;
      let from: Item | undefined;
      do {
        const answer = await callAws('dynamodb', () =>
          client.send(
            new QueryCommand({
              TableName: tableName,
              IndexName: dueFollowUps.name,
              Select: 'COUNT',
              KeyConditionExpression: '#partition = :partition',
              ExpressionAttributeNames: { '#partition': dueFollowUps.partitionKey },
              ExpressionAttributeValues: {
                ':partition': { S: keys.openReceiptUploads(marketplace, accountId, 'waiting') },
              },
              ...(from === undefined ? {} : { ExclusiveStartKey: from }),
            }),
          ),
        );
        count += answer.Count ?? 0;
        from = answer.LastEvaluatedKey;
      } while (from !== undefined);
      return count;
    },

    async listFailed({ limit, cursor }) {
      const list = keys.failedReceiptUploads;
      const page = await queryIndex(client, tableName, dueFollowUps, list, limit, cursor, true);
      return { uploads: page.items.map(uploadOf), cursor: page.cursor };
    },
  };
}

function itemOf(upload: ReceiptUpload): Readonly<Record<string, unknown>> {
  return { ...keys.receiptUpload(upload.orderId, upload.receiptId), ...upload, ...placeOf(upload) };
}

/** Where it stands in the index: among the open ones by when it is due, among the failed by when it ended. */
function placeOf(upload: ReceiptUpload): Readonly<Record<string, unknown>> {
  const { marketplace, accountId, dueAt, endedAt } = upload;
  const { partitionKey, sortKey } = dueFollowUps;
  const line = lineOf(upload);
  if (line !== undefined) {
    return { [partitionKey]: keys.openReceiptUploads(marketplace, accountId, line), [sortKey]: dueAt };
  }
  return hasFailed(upload) ? { [partitionKey]: keys.failedReceiptUploads, [sortKey]: endedAt } : {};
}

function uploadOf(item: Item): ReceiptUpload {
  const parsed = uploadSchema.safeParse(unmarshall(item));
  if (!parsed.success) {
    throw new UnexpectedAnswerError(
      'dynamodb',
      `stored upload ${item.pk?.S ?? '?'} ${item.sk?.S ?? '?'} is not in our format`,
      { cause: parsed.error },
    );
  }
  const { dueAt, receiptId, orderId, ...upload } = parsed.data;
  return {
    ...upload,
    // Made by `receiptId()` and `orderId()` when the item was written.
    receiptId: receiptId as ReceiptId,
    orderId: orderId as OrderId,
    // Of one that has ended it is the place in the list of those that failed.
    ...(dueAt === undefined || !isOpenUpload(upload) ? {} : { dueAt }),
  };
}
