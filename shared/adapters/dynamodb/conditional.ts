import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { callAws } from '../../runtime/aws-errors.ts';

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
