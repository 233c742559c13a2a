import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import type { StatementHead } from '../../domain/report.ts';
import type { StatementStore } from '../../ports/report-store.ts';
import { awsFailure } from '../../runtime/aws-errors.ts';
import { batchGet } from './batch-get.ts';
import { keys } from './table.ts';

const headSchema = z.object({
  accountId: z.string(),
  unitKey: z.string(),
  rank: z.string(),
  fingerprint: z.string(),
  rows: z.int(),
  reportId: z.string(),
  state: z.enum(['importing', 'imported']),
  replacing: z.array(z.string()),
});

/** Which upload of each statement stands: one item per account and statement, replaced only as a whole. */
export function createStatementStore(client: DynamoDBClient, tableName: string): StatementStore {
  return {
    async getHeads(accountId, unitKeys) {
      const wanted = [...new Set(unitKeys)].map((unitKey) =>
        marshall(keys.statementHead(accountId, unitKey)),
      );
      const items = await batchGet(client, tableName, wanted);
      return new Map(
        items.map((item) => parseHead(unmarshall(item))).map((head) => [head.unitKey, head] as const),
      );
    },

    async replaceHead(head, expected) {
      const item = { ...keys.statementHead(head.accountId, head.unitKey), ...head };
      try {
        await client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: marshall(item, { removeUndefinedValues: true }),
            ...(expected
              ? {
                  // Rank, report and state together are the head's version: none of them ever goes back.
                  ConditionExpression: '#rank = :rank AND reportId = :reportId AND #state = :state',
                  ExpressionAttributeNames: { '#rank': 'rank', '#state': 'state' },
                  ExpressionAttributeValues: marshall({
                    ':rank': expected.rank,
                    ':reportId': expected.reportId,
                    ':state': expected.state,
                  }),
                }
              : { ConditionExpression: 'attribute_not_exists(pk)' }),
          }),
        );
        return 'replaced';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'moved';
        throw awsFailure('dynamodb', error);
      }
    },
  };
}

function parseHead(row: unknown): StatementHead {
  const parsed = headSchema.safeParse(row);
  if (!parsed.success) {
    throw new UnexpectedAnswerError('dynamodb', 'a statement row has an unexpected shape', {
      cause: parsed.error,
    });
  }
  return parsed.data;
}
