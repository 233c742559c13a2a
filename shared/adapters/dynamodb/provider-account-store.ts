import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import {
  PROVIDER_KINDS,
  PROVIDER_TROUBLES,
  type ProviderAccount,
  REMOTE_ACCOUNT_STATUSES,
} from '../../domain/provider-account.ts';
import type { ProviderAccountStore } from '../../ports/provider-account-store.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import type { Item } from './order-item.ts';
import { keys } from './table.ts';

const accountSchema = z.object({
  providerAccountId: z.string(),
  kind: z.enum(PROVIDER_KINDS),
  name: z.string(),
  remote: z
    .object({
      baseUrl: z.string(),
      externalId: z.string(),
      remoteAccountId: z.string().optional(),
      status: z.enum(REMOTE_ACCOUNT_STATUSES).optional(),
      expiresAt: z.string().optional(),
      keySavedAt: z.string(),
    })
    .optional(),
  troubles: z.array(
    z.object({ what: z.enum(PROVIDER_TROUBLES), moduleId: z.string().optional(), since: z.string() }),
  ),
  pendingMatch: z
    .object({
      wanted: z.enum(['match', 'unmatch']),
      moduleId: z.string(),
      channelId: z.string(),
      at: z.string(),
    })
    .optional(),
  version: z.int().min(1),
});

/** A tenant has one or two provider accounts: one partition, one page of a query. */
export function createProviderAccountStore(client: DynamoDBClient, tableName: string): ProviderAccountStore {
  return {
    async getProviderAccount(providerAccountId) {
      const answer = await callAws('dynamodb', () =>
        client.send(
          new GetItemCommand({
            TableName: tableName,
            Key: marshall(keys.providerAccount(providerAccountId)),
            ConsistentRead: true,
          }),
        ),
      );
      return answer.Item && accountOf(answer.Item);
    },

    async listProviderAccounts() {
      const answer = await callAws('dynamodb', () =>
        client.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: 'pk = :accounts',
            ExpressionAttributeValues: { ':accounts': { S: keys.providerAccount('').pk } },
            ConsistentRead: true,
          }),
        ),
      );
      return (answer.Items ?? []).map(accountOf);
    },

    putProviderAccount: (account, expectedVersion) =>
      callAws('dynamodb', async () => {
        const item = {
          ...keys.providerAccount(account.providerAccountId),
          ...account,
          version: expectedVersion + 1,
        };
        try {
          await client.send(
            new PutItemCommand({
              TableName: tableName,
              Item: marshall(item, { removeUndefinedValues: true }),
              ...(expectedVersion === 0
                ? { ConditionExpression: 'attribute_not_exists(pk)' }
                : {
                    ConditionExpression: '#version = :expected',
                    ExpressionAttributeNames: { '#version': 'version' },
                    ExpressionAttributeValues: { ':expected': { N: String(expectedVersion) } },
                  }),
            }),
          );
          return 'stored';
        } catch (error) {
          if (error instanceof ConditionalCheckFailedException) return 'conflict';
          throw error;
        }
      }),
  };
}

function accountOf(item: Item): ProviderAccount {
  const parsed = accountSchema.safeParse(unmarshall(item));
  if (parsed.success) return parsed.data;
  throw new UnexpectedAnswerError('dynamodb', `stored ${item.sk?.S ?? '?'} is not in our format`, {
    cause: parsed.error,
  });
}
