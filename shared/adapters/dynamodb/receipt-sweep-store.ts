import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import type { ReceiptSweepStore } from '../../ports/receipt-sweep-store.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import { readItem } from './read-items.ts';
import { keys } from './table.ts';

const sweepSchema = z.object({
  channelId: z.string(),
  channelVersion: z.int().min(1),
  cursor: z.string().optional(),
});

/** One item of the state table per channel with automatic receipts. */
export function createReceiptSweepStore(client: DynamoDBClient, tableName: string): ReceiptSweepStore {
  return {
    async getSweep(channelId) {
      const item = await readItem(client, tableName, keys.receiptSweep(channelId));
      if (item === undefined) return undefined;
      const parsed = sweepSchema.safeParse(unmarshall(item));
      if (parsed.success) return parsed.data;
      throw new UnexpectedAnswerError('dynamodb', `the stored sweep of ${channelId} is not in our format`, {
        cause: parsed.error,
      });
    },

    async putSweep(sweep) {
      await callAws('dynamodb', () =>
        client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: marshall(
              { ...keys.receiptSweep(sweep.channelId), ...sweep },
              { removeUndefinedValues: true },
            ),
          }),
        ),
      );
    },
  };
}
