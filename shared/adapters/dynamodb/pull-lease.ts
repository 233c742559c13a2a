import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { PullLease } from '../../ports/pull-lease.ts';
import { updateIf } from './conditional.ts';
import { keys } from './table.ts';

/** Leases in the state table. The item stays when a lease is given back, without a holder. */
export function createPullLease(client: DynamoDBClient, tableName: string): PullLease {
  return {
    claim: (account, holder, nowMs, durationMs) =>
      updateIf(client, {
        TableName: tableName,
        Key: marshall(keys.pullLease(account)),
        UpdateExpression: 'SET #holder = :holder, #expires = :expires',
        ConditionExpression: 'attribute_not_exists(#holder) OR #holder = :holder OR #expires <= :now',
        ExpressionAttributeNames: { '#holder': 'holder', '#expires': 'expiresAtMs' },
        ExpressionAttributeValues: marshall({
          ':holder': holder,
          ':expires': nowMs + durationMs,
          ':now': nowMs,
        }),
      }),

    async release(account, holder) {
      await updateIf(client, {
        TableName: tableName,
        Key: marshall(keys.pullLease(account)),
        UpdateExpression: 'REMOVE #holder, #expires',
        ConditionExpression: '#holder = :holder',
        ExpressionAttributeNames: { '#holder': 'holder', '#expires': 'expiresAtMs' },
        ExpressionAttributeValues: marshall({ ':holder': holder }),
      });
    },
  };
}
