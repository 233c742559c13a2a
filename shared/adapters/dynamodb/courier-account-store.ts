import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { CourierAccount } from '../../domain/courier-account.ts';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import type { CourierAccountStore } from '../../ports/courier-account-store.ts';
import { putOnVersion } from './conditional.ts';
import type { Item } from './order-item.ts';
import { readItem, readPartition } from './read-items.ts';
import { keys } from './table.ts';

const accountSchema = z.object({
  courier: z.enum(['brt', 'gls', 'dhl', 'poste', 'ups']),
  courierAccountId: z.string(),
  name: z.string(),
  openedAt: z.string(),
  credentialsSavedAt: z.string().optional(),
  checked: z
    .object({
      at: z.string(),
      problem: z.enum(['unauthorised', 'throttled', 'unavailable', 'unexpected-answer']).optional(),
    })
    .optional(),
  version: z.int().min(1),
});

/** A tenant has a handful of contracts with couriers: all of them stand in one partition. */
export function createCourierAccountStore(client: DynamoDBClient, tableName: string): CourierAccountStore {
  return {
    async getCourierAccount(courier, courierAccountId) {
      const item = await readItem(client, tableName, keys.courierAccount(courier, courierAccountId));
      return item && accountOf(item);
    },

    listCourierAccounts: async () =>
      (await readPartition(client, tableName, keys.courierAccount('', '').pk)).map(accountOf),

    async putCourierAccount(account, expectedVersion) {
      const item = { ...keys.courierAccount(account.courier, account.courierAccountId), ...account };
      return (await putOnVersion(client, tableName, item, expectedVersion)) ? 'stored' : 'conflict';
    },
  };
}

function accountOf(item: Item): CourierAccount {
  const parsed = accountSchema.safeParse(unmarshall(item));
  if (parsed.success) return parsed.data;
  throw new UnexpectedAnswerError('dynamodb', `stored ${item.sk?.S ?? '?'} is not in our format`, {
    cause: parsed.error,
  });
}
