import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { UnavailableError, UnexpectedAnswerError } from '../../domain/errors.ts';
import type { OrderId } from '../../domain/order.ts';
import type { PersonalDataEraser } from '../../ports/personal-data-eraser.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import { readStoredBuyer, type StoredBuyer } from './buyer-item.ts';
import { queryIndex } from './query-index.ts';
import { BUYER_TABLE, keys } from './table.ts';

/** Times a row is read and erased anew when a pull stored it in between. */
const WRITE_ATTEMPTS_MAX = 5;
const INDEX = BUYER_TABLE.indexes.buyersByEnd;

/**
 * Ends rows of the buyer table. A row is replaced as a whole, by what a role may only do that this is for: nothing the row
 * ever held can be left in it. What stays has no end date, so that a buyer once deleted is never stored again.
 */
export function createBuyerEraser(client: DynamoDBClient, tableName: string): PersonalDataEraser {
  const replace = (
    id: OrderId,
    stored: StoredBuyer | undefined,
    deletedAt: string,
    listed: boolean,
  ): Promise<boolean> =>
    callAws('dynamodb', async () => {
      const version = stored?.version ?? 0;
      const item = {
        ...keys.buyer(id),
        buyer: { state: 'deleted', deletedAt },
        buyerVersion: version + 1,
        ...(listed ? { [INDEX.partitionKey]: keys.buyersToEnd, [INDEX.sortKey]: deletedAt } : {}),
      };
      try {
        await client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: marshall(item),
            ...(stored === undefined
              ? { ConditionExpression: 'attribute_not_exists(pk)' }
              : version === 0
                ? { ConditionExpression: 'attribute_not_exists(buyerVersion)' }
                : {
                    ConditionExpression: 'buyerVersion = :expected',
                    ExpressionAttributeValues: { ':expected': { N: String(version) } },
                  }),
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    });

  return {
    async listEnded({ until, limit, cursor }) {
      const page = await queryIndex(client, tableName, INDEX, keys.buyersToEnd, limit, cursor, true);
      const ended = page.items.filter((item) => (item[INDEX.sortKey]?.S ?? '') <= until);
      return {
        orderIds: ended.map((item) => orderIdOf(item.pk?.S)),
        // The index is in order of time: the first one whose time has not come ends the list.
        cursor: ended.length < page.items.length ? undefined : page.cursor,
      };
    },

    async erase(id, at) {
      for (let attempt = 0; attempt < WRITE_ATTEMPTS_MAX; attempt++) {
        const stored = await readStoredBuyer(client, tableName, id);
        if (stored?.buyer.deletedAt !== undefined) return { deletedAt: stored.buyer.deletedAt };
        if (await replace(id, stored, at, true)) return { deletedAt: at };
      }
      throw new UnavailableError('dynamodb', `the buyer of ${id} keeps being changed by others`);
    },

    async finish(id) {
      const stored = await readStoredBuyer(client, tableName, id);
      if (stored?.buyer.deletedAt === undefined) {
        throw new UnexpectedAnswerError('dynamodb', `the buyer of ${id} was to be deleted and is not`);
      }
      // Another run that finished it in between did the same.
      await replace(id, stored, stored.buyer.deletedAt, false);
    },
  };
}

function orderIdOf(pk: string | undefined): OrderId {
  const id = pk?.slice(keys.buyer('').pk.length);
  if (!id) throw new UnexpectedAnswerError('dynamodb', 'a row of the buyer index has no order');
  return id as OrderId;
}
