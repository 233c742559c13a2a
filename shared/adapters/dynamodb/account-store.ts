import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { ACCOUNT_PROBLEMS, type Account, HEALTH_STATES } from '../../domain/account.ts';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import { MARKETPLACES } from '../../domain/order.ts';
import type { AccountStore } from '../../ports/account-store.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import type { Item } from './order-item.ts';
import { keys } from './table.ts';

const accountSchema = z.object({
  marketplace: z.enum(MARKETPLACES),
  accountId: z.string(),
  credentialsSavedAt: z.string(),
  expiries: z.array(
    z.object({ what: z.enum(['client-secret', 'refresh-token', 'signing-key']), at: z.string() }),
  ),
  health: z.object({
    state: z.enum(HEALTH_STATES),
    since: z.string(),
    checkedAt: z.string(),
    problem: z.enum(ACCOUNT_PROBLEMS).optional(),
    unauthorisedSince: z.string().optional(),
  }),
  findings: z
    .object({
      accountId: z.string().optional(),
      shopName: z.string().optional(),
      sites: z.array(z.object({ siteId: z.string(), name: z.string(), active: z.boolean() })),
      missing: z.array(z.string()),
    })
    .optional(),
  version: z.int().min(1),
});

/** A tenant has a handful of accounts: one partition, one page of a query. */
export function createAccountStore(client: DynamoDBClient, tableName: string): AccountStore {
  return {
    async getAccount(marketplace, accountId) {
      const answer = await callAws('dynamodb', () =>
        client.send(
          new GetItemCommand({
            TableName: tableName,
            Key: marshall(keys.account(marketplace, accountId)),
            ConsistentRead: true,
          }),
        ),
      );
      return answer.Item && accountOf(answer.Item);
    },

    async listAccounts() {
      const accounts: Account[] = [];
      let from: Item | undefined;
      do {
        const answer = await callAws('dynamodb', () =>
          client.send(
            new QueryCommand({
              TableName: tableName,
              KeyConditionExpression: 'pk = :accounts',
              ExpressionAttributeValues: { ':accounts': { S: keys.account('', '').pk } },
              ConsistentRead: true,
              ...(from ? { ExclusiveStartKey: from } : {}),
            }),
          ),
        );
        accounts.push(...(answer.Items ?? []).map(accountOf));
        from = answer.LastEvaluatedKey;
      } while (from !== undefined);
      return accounts;
    },

    putAccount: (account, expectedVersion) =>
      callAws('dynamodb', async () => {
        try {
          await client.send(
            new PutItemCommand({
              TableName: tableName,
              Item: marshall(
                {
                  ...keys.account(account.marketplace, account.accountId),
                  ...account,
                  version: expectedVersion + 1,
                },
                { removeUndefinedValues: true },
              ),
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

function accountOf(item: Item): Account {
  const parsed = accountSchema.safeParse(unmarshall(item));
  if (parsed.success) return { ...parsed.data, findings: parsed.data.findings };
  throw new UnexpectedAnswerError('dynamodb', `stored account ${item.sk?.S ?? '?'} is not in our format`, {
    cause: parsed.error,
  });
}
