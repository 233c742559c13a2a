import { isDeepStrictEqual } from 'node:util';
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { type Buyer, mergeBuyer, PERSONAL_DATA_STATES } from '../../domain/buyer.ts';
import { UnavailableError, UnexpectedAnswerError } from '../../domain/errors.ts';
import type { OrderId } from '../../domain/order.ts';
import type { BuyerStore } from '../../ports/buyer-store.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import { updateIf } from './conditional.ts';
import { BUYER_TABLE, keys } from './table.ts';

const optionalText = z.string().optional();
const addressSchema = z.object({
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
});
const buyerSchema = z.object({
  state: z.enum(PERSONAL_DATA_STATES),
  name: optionalText,
  email: optionalText,
  company: optionalText,
  purchaseOrderNumber: optionalText,
  deliveryAddress: addressSchema.optional(),
  billingAddress: addressSchema.optional(),
  invoiceDestination: optionalText,
  taxRegistrations: z.array(z.object({ kind: z.string(), number: z.string(), legalName: optionalText })),
  lines: z.array(
    z.object({ orderLineId: z.string(), giftMessage: optionalText, customisationUrl: optionalText }),
  ),
  updatedAt: z.string(),
  expiresAt: z.string(),
  deletedAt: optionalText,
});
const itemSchema = z.object({ buyer: buyerSchema, buyerVersion: z.int().optional() });

/** Times a buyer is read and merged anew when another worker stored it in between. */
const WRITE_ATTEMPTS_MAX = 5;

/** What stands in the row: the buyer without its key, and without the holes. */
function contentsOf({ orderId: _, ...buyer }: Buyer): object {
  return unmarshall(marshall(buyer, { removeUndefinedValues: true }));
}

/** Personal data in the buyer table. DynamoDB deletes each row after its end date. */
export function createBuyerStore(client: DynamoDBClient, tableName: string): BuyerStore {
  const read = async (id: OrderId): Promise<{ buyer: Buyer; version: number } | undefined> => {
    const answer = await callAws('dynamodb', () =>
      client.send(
        new GetItemCommand({ TableName: tableName, Key: marshall(keys.buyer(id)), ConsistentRead: true }),
      ),
    );
    if (answer.Item === undefined) return undefined;
    const item = unmarshall(answer.Item);
    const parsed = itemSchema.safeParse(item);
    // The parser's message names fields, never their contents; the row itself stays out of the error.
    if (!parsed.success) {
      throw new UnexpectedAnswerError('dynamodb', `stored buyer of ${id} is not in our format`, {
        cause: parsed.error,
      });
    }
    return { buyer: { ...parsed.data.buyer, orderId: id }, version: parsed.data.buyerVersion ?? 0 };
  };
  return {
    async putBuyer(buyer: Buyer) {
      for (let attempt = 0; attempt < WRITE_ATTEMPTS_MAX; attempt++) {
        const stored = await read(buyer.orderId);
        const merged = mergeBuyer(stored?.buyer, buyer);
        const contents = contentsOf(merged);
        if (stored !== undefined && isDeepStrictEqual(contents, contentsOf(stored.buyer))) {
          return { outcome: 'unchanged', state: merged.state };
        }
        const written = await updateIf(client, {
          TableName: tableName,
          Key: marshall(keys.buyer(buyer.orderId)),
          UpdateExpression: 'SET #buyer = :buyer, #version = :next, #expires = :expires',
          ConditionExpression:
            stored === undefined
              ? 'attribute_not_exists(pk)'
              : stored.version === 0
                ? 'attribute_exists(pk) AND attribute_not_exists(#version)'
                : '#version = :expected',
          ExpressionAttributeNames: {
            '#buyer': 'buyer',
            '#version': 'buyerVersion',
            '#expires': BUYER_TABLE.timeToLive,
          },
          ExpressionAttributeValues: {
            ':buyer': { M: marshall(contents, { removeUndefinedValues: true }) },
            ':next': { N: String((stored?.version ?? 0) + 1) },
            ':expires': { N: String(Math.floor(Date.parse(merged.expiresAt) / 1000)) },
            ...(stored !== undefined && stored.version > 0
              ? { ':expected': { N: String(stored.version) } }
              : {}),
          },
        });
        if (written) return { outcome: 'stored', state: merged.state };
      }
      throw new UnavailableError('dynamodb', `the buyer of ${buyer.orderId} keeps being changed by others`);
    },

    getBuyer: async (id) => (await read(id))?.buyer,
  };
}
