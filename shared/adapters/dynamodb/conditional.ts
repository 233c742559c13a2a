import {
  type CancellationReason,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { awsFailure, callAws } from '../../runtime/aws-errors.ts';

/** Writes when the condition holds; false when it does not. Every other failure is one of the four families. */
export function updateIf(client: DynamoDBClient, update: UpdateItemCommandInput): Promise<boolean> {
  return callAws('dynamodb', async () => {
    try {
      await client.send(new UpdateItemCommand(update));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  });
}

/** Stores a whole item with its next version; false when the stored one is not at `expectedVersion` (0: there is none). */
export function putOnVersion(
  client: DynamoDBClient,
  tableName: string,
  item: Readonly<Record<string, unknown>>,
  expectedVersion: number,
): Promise<boolean> {
  return callAws('dynamodb', async () => {
    try {
      await client.send(
        new PutItemCommand({
          TableName: tableName,
          Item: marshall({ ...item, version: expectedVersion + 1 }, { removeUndefinedValues: true }),
          ...(expectedVersion === 0
            ? { ConditionExpression: 'attribute_not_exists(pk)' }
            : {
                ConditionExpression: '#version = :expected',
                ExpressionAttributeNames: { '#version': 'version' },
                ExpressionAttributeValues: { ':expected': { N: String(expectedVersion) } },
              }),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  });
}

/** DynamoDB's limit for one transaction. */
export const TRANSACTION_ITEMS_MAX = 100;

/** Undefined when everything was written; else why nothing was, item by item. */
export async function tryTransaction(
  client: DynamoDBClient,
  items: readonly TransactWriteItem[],
): Promise<readonly CancellationReason[] | undefined> {
  try {
    await client.send(new TransactWriteItemsCommand({ TransactItems: [...items] }));
    return undefined;
  } catch (error) {
    if (error instanceof TransactionCanceledException) return error.CancellationReasons ?? [];
    throw awsFailure('dynamodb', error);
  }
}
