import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { UnavailableError, UnexpectedAnswerError } from '../../domain/errors.ts';
import {
  ANSWER_KEPT_MS,
  CLAIM_HELD_MS,
  type IdempotencyClaim,
  type IdempotencyStore,
} from '../../ports/idempotency-store.ts';
import { awsFailure } from '../../runtime/aws-errors.ts';
import { updateIf } from './conditional.ts';
import type { Item } from './order-item.ts';
import { keys, STATE_TABLE } from './table.ts';

const rowSchema = z.object({
  fingerprint: z.string(),
  answer: z.object({ status: z.int(), body: z.string().optional(), etag: z.string().optional() }).optional(),
});

/** Requests and their answers in the state table; DynamoDB deletes each row some time after it is of no more use. */
export function createIdempotencyStore(client: DynamoDBClient, tableName: string): IdempotencyStore {
  const row = (key: string) => ({ TableName: tableName, Key: marshall(keys.idempotency(key)) });
  const timeToLive = STATE_TABLE.timeToLive;

  return {
    async begin(key, fingerprint, nowMs): Promise<IdempotencyClaim> {
      try {
        await client.send(
          new UpdateItemCommand({
            ...row(key),
            UpdateExpression: 'SET fingerprint = :fingerprint, untilMs = :until, #ttl = :ttl REMOVE answer',
            // DynamoDB deletes late: what is over counts as gone.
            ConditionExpression: 'attribute_not_exists(pk) OR untilMs <= :now',
            ExpressionAttributeNames: { '#ttl': timeToLive },
            ExpressionAttributeValues: marshall({
              ':fingerprint': fingerprint,
              ':now': nowMs,
              ...ends(nowMs + CLAIM_HELD_MS),
            }),
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return { state: 'begun' };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw awsFailure('dynamodb', error);
        return claimOf(error.Item, fingerprint, error);
      }
    },

    async finish(key, fingerprint, answer, nowMs) {
      // Not written where another worker took over meanwhile and gave its own answer, which stands.
      await updateIf(client, {
        ...row(key),
        UpdateExpression: 'SET answer = :answer, untilMs = :until, #ttl = :ttl',
        ConditionExpression: 'fingerprint = :fingerprint AND attribute_not_exists(answer)',
        ExpressionAttributeNames: { '#ttl': timeToLive },
        ExpressionAttributeValues: marshall(
          { ':answer': answer, ':fingerprint': fingerprint, ...ends(nowMs + ANSWER_KEPT_MS) },
          { removeUndefinedValues: true },
        ),
      });
    },

    async abandon(key, fingerprint) {
      await updateIf(client, {
        ...row(key),
        UpdateExpression: 'SET untilMs = :gone',
        ConditionExpression: 'fingerprint = :fingerprint AND attribute_not_exists(answer)',
        ExpressionAttributeValues: marshall({ ':gone': 0, ':fingerprint': fingerprint }),
      });
    },
  };
}

function ends(untilMs: number) {
  return { ':until': untilMs, ':ttl': Math.ceil(untilMs / 1000) };
}

function claimOf(item: Item | undefined, fingerprint: string, cause: unknown): IdempotencyClaim {
  // Deleted between the check and the reading of it: the next try finds it free.
  if (item === undefined)
    throw new UnavailableError('dynamodb', 'a request key was just given up', { cause });
  const parsed = rowSchema.safeParse(unmarshall(item));
  if (!parsed.success) {
    throw new UnexpectedAnswerError('dynamodb', 'a stored request key is not in our format', {
      cause: parsed.error,
    });
  }
  if (parsed.data.fingerprint !== fingerprint) return { state: 'other-request' };
  const { answer } = parsed.data;
  return answer === undefined ? { state: 'in-progress' } : { state: 'done', answer };
}
