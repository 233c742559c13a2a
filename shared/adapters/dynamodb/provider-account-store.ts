import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import {
  PROVIDER_KINDS,
  PROVIDER_TROUBLES,
  type ProviderAccount,
  REMOTE_ACCOUNT_STATUSES,
} from '../../domain/provider-account.ts';
import type { ProviderAccountStore } from '../../ports/provider-account-store.ts';
import { putOnVersion } from './conditional.ts';
import type { Item } from './order-item.ts';
import { readItem, readPartition } from './read-items.ts';
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

/** A tenant has one or two provider accounts: all of them stand in one partition. */
export function createProviderAccountStore(client: DynamoDBClient, tableName: string): ProviderAccountStore {
  return {
    async getProviderAccount(providerAccountId) {
      const item = await readItem(client, tableName, keys.providerAccount(providerAccountId));
      return item && accountOf(item);
    },

    listProviderAccounts: async () =>
      (await readPartition(client, tableName, keys.providerAccount('').pk)).map(accountOf),

    async putProviderAccount(account, expectedVersion) {
      const item = { ...keys.providerAccount(account.providerAccountId), ...account };
      return (await putOnVersion(client, tableName, item, expectedVersion)) ? 'stored' : 'conflict';
    },
  };
}

function accountOf(item: Item): ProviderAccount {
  const parsed = accountSchema.safeParse(unmarshall(item));
  if (parsed.success) return parsed.data;
  throw new UnexpectedAnswerError('dynamodb', `stored ${item.sk?.S ?? '?'} is not in our format`, {
    cause: parsed.error,
  });
}
