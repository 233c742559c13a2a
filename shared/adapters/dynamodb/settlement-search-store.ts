import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { SettlementSearchStore } from '../../ports/settlement-finder.ts';
import { updateIf } from './conditional.ts';
import { readItem } from './read-items.ts';
import { keys } from './table.ts';

/** An account's search and the reports it dealt with, in one partition of the state table. */
export function createSettlementSearchStore(
  client: DynamoDBClient,
  tableName: string,
): SettlementSearchStore {
  return {
    async beginSearch(accountId, now, notSince) {
      const key = keys.settlementSearch(accountId);
      const begun = await updateIf(client, {
        TableName: tableName,
        Key: marshall(key),
        UpdateExpression: 'SET searchedAt = :now',
        ConditionExpression: 'attribute_not_exists(searchedAt) OR searchedAt < :notSince',
        ExpressionAttributeValues: marshall({ ':now': now, ':notSince': notSince }),
      });
      return begun ? { doneUntil: (await readItem(client, tableName, key))?.doneUntil?.S } : 'too-soon';
    },

    async noteDoneUntil(accountId, doneUntil) {
      await updateIf(client, {
        TableName: tableName,
        Key: marshall(keys.settlementSearch(accountId)),
        UpdateExpression: 'SET doneUntil = :doneUntil',
        // Two searches an hour apart may end in the other order.
        ConditionExpression: 'attribute_not_exists(doneUntil) OR doneUntil < :doneUntil',
        ExpressionAttributeValues: marshall({ ':doneUntil': doneUntil }),
      });
    },

    isDone: async (accountId, reportId) =>
      (await readItem(client, tableName, keys.foundSettlement(accountId, reportId))) !== undefined,

    async noteDone(accountId, reportId, { at, objectKey }) {
      await updateIf(client, {
        TableName: tableName,
        Key: marshall(keys.foundSettlement(accountId, reportId)),
        UpdateExpression: `SET doneAt = :at${objectKey === undefined ? '' : ', objectKey = :objectKey'}`,
        ConditionExpression: 'attribute_not_exists(doneAt)',
        ExpressionAttributeValues: marshall(
          { ':at': at, ':objectKey': objectKey },
          { removeUndefinedValues: true },
        ),
      });
    },
  };
}
