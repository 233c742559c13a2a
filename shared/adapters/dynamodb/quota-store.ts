import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import { callsLeft, correctQuota, type QuotaState, takeCall } from '../../domain/quota.ts';
import type { QuotaStore } from '../../ports/quota.ts';
import { updateIf } from './conditional.ts';
import { readItem } from './read-items.ts';
import { keys } from './table.ts';

const stateSchema = z.object({
  tokens: z.number(),
  ratePerSecond: z.number(),
  atMs: z.number(),
  version: z.int(),
});
type Stored = z.infer<typeof stateSchema>;

/** Tries against other workers on the same bucket; losing this often means that the bucket is contended, not broken. */
const ATTEMPTS_MAX = 5;
const CONTENDED_RETRY_MS = 1_000;

/** Quota buckets in the state table, each changed only on the version it was read with. */
export function createQuotaStore(client: DynamoDBClient, tableName: string): QuotaStore {
  return {
    async take(bucket, plan, nowMs, keep = 0) {
      for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
        const stored = await read(client, tableName, bucket);
        const decision = takeCall(stored, plan, nowMs, keep);
        if (!decision.granted) return { granted: false, retryAfterMs: decision.retryAfterMs };
        if (await write(client, tableName, bucket, stored, decision.state)) return { granted: true };
      }
      return { granted: false, retryAfterMs: CONTENDED_RETRY_MS };
    },

    async left(bucket, plan, nowMs) {
      return callsLeft(await read(client, tableName, bucket), plan, nowMs);
    },

    async correct(bucket, plan, seen, nowMs) {
      for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
        const stored = await read(client, tableName, bucket);
        const corrected = correctQuota(stored, plan, seen, nowMs);
        const unchanged = corrected.ratePerSecond === (stored ?? plan).ratePerSecond && !seen.exhausted;
        if (unchanged || (await write(client, tableName, bucket, stored, corrected))) return;
      }
      // Left as it is: the next answer of the partner corrects it again.
    },
  };
}

async function read(client: DynamoDBClient, tableName: string, bucket: string): Promise<Stored | undefined> {
  const item = await readItem(client, tableName, keys.quota(bucket));
  if (item === undefined) return undefined;
  const parsed = stateSchema.safeParse(unmarshall(item));
  if (parsed.success) return parsed.data;
  throw new UnexpectedAnswerError('dynamodb', `stored quota ${bucket} is not in our format`, {
    cause: parsed.error,
  });
}

function write(
  client: DynamoDBClient,
  tableName: string,
  bucket: string,
  read: Stored | undefined,
  next: QuotaState,
): Promise<boolean> {
  return updateIf(client, {
    TableName: tableName,
    Key: marshall(keys.quota(bucket)),
    UpdateExpression: 'SET #tokens = :tokens, #rate = :rate, #at = :at, #version = :next',
    ConditionExpression: read === undefined ? 'attribute_not_exists(#version)' : '#version = :read',
    ExpressionAttributeNames: {
      '#tokens': 'tokens',
      '#rate': 'ratePerSecond',
      '#at': 'atMs',
      '#version': 'version',
    },
    ExpressionAttributeValues: marshall({
      ':tokens': next.tokens,
      ':rate': next.ratePerSecond,
      ':at': next.atMs,
      ':next': (read?.version ?? 0) + 1,
      ...(read === undefined ? {} : { ':read': read.version }),
    }),
  });
}
