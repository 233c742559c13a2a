import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { type Buyer, PERSONAL_DATA_STATES } from '../../domain/buyer.ts';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import type { BuyerStore } from '../../ports/buyer-store.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import { updateIf } from './conditional.ts';
import { BUYER_TABLE, keys } from './table.ts';

const optionalText = z.string().optional();
const buyerSchema = z.object({
  state: z.enum(PERSONAL_DATA_STATES),
  name: optionalText,
  email: optionalText,
  company: optionalText,
  purchaseOrderNumber: optionalText,
  deliveryAddress: z
    .object({
      name: optionalText,
      company: optionalText,
      lines: z.array(z.string()),
      city: optionalText,
      district: optionalText,
      region: optionalText,
      postalCode: optionalText,
      countryCode: optionalText,
      phone: optionalText,
      kind: optionalText,
    })
    .optional(),
  taxRegistrations: z.array(z.object({ kind: z.string(), number: z.string(), legalName: optionalText })),
  lines: z.array(
    z.object({ orderLineId: z.string(), giftMessage: optionalText, customisationUrl: optionalText }),
  ),
  updatedAt: z.string(),
  expiresAt: z.string(),
});

/** Personal data in the buyer table. DynamoDB deletes each row after its end date. */
export function createBuyerStore(client: DynamoDBClient, tableName: string): BuyerStore {
  return {
    async putBuyer(buyer: Buyer) {
      const { orderId, ...stored } = buyer;
      const written = await updateIf(client, {
        TableName: tableName,
        Key: marshall(keys.buyer(orderId)),
        UpdateExpression: 'SET #buyer = :buyer, #updated = :updated, #expires = :expires',
        ConditionExpression: 'attribute_not_exists(#updated) OR #updated < :updated',
        ExpressionAttributeNames: {
          '#buyer': 'buyer',
          '#updated': 'updatedAt',
          '#expires': BUYER_TABLE.timeToLive,
        },
        ExpressionAttributeValues: {
          ':buyer': { M: marshall(stored, { removeUndefinedValues: true }) },
          ':updated': { S: buyer.updatedAt },
          ':expires': { N: String(Math.floor(Date.parse(buyer.expiresAt) / 1000)) },
        },
      });
      return written ? 'stored' : 'older';
    },

    async getBuyer(id) {
      const answer = await callAws('dynamodb', () =>
        client.send(new GetItemCommand({ TableName: tableName, Key: marshall(keys.buyer(id)) })),
      );
      if (answer.Item === undefined) return undefined;
      const parsed = buyerSchema.safeParse(unmarshall(answer.Item).buyer);
      // The parser's message names fields, never their contents; the row itself stays out of the error.
      if (!parsed.success) {
        throw new UnexpectedAnswerError('dynamodb', `stored buyer of ${id} is not in our format`, {
          cause: parsed.error,
        });
      }
      return { ...parsed.data, orderId: id };
    },
  };
}
