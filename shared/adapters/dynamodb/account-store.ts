import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { ACCOUNT_PROBLEMS, type Account, HEALTH_STATES } from '../../domain/account.ts';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import { MARKETPLACES } from '../../domain/order.ts';
import type { AccountStore } from '../../ports/account-store.ts';
import { putOnVersion } from './conditional.ts';
import type { Item } from './order-item.ts';
import { readItem, readPartition } from './read-items.ts';
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

/** A tenant has a handful of accounts: all of them stand in one partition. */
export function createAccountStore(client: DynamoDBClient, tableName: string): AccountStore {
  return {
    async getAccount(marketplace, accountId) {
      const item = await readItem(client, tableName, keys.account(marketplace, accountId));
      return item && accountOf(item);
    },

    listAccounts: async () =>
      (await readPartition(client, tableName, keys.account('', '').pk)).map(accountOf),

    async putAccount(account, expectedVersion) {
      const item = { ...keys.account(account.marketplace, account.accountId), ...account };
      return (await putOnVersion(client, tableName, item, expectedVersion)) ? 'stored' : 'conflict';
    },
  };
}

function accountOf(item: Item): Account {
  const parsed = accountSchema.safeParse(unmarshall(item));
  if (parsed.success) return { ...parsed.data, findings: parsed.data.findings };
  throw new UnexpectedAnswerError('dynamodb', `stored account ${item.sk?.S ?? '?'} is not in our format`, {
    cause: parsed.error,
  });
}
