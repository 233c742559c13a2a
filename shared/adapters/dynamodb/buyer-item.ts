import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { type Buyer, PERSONAL_DATA_STATES } from '../../domain/buyer.ts';
import { PartnerError, UnexpectedAnswerError } from '../../domain/errors.ts';
import type { OrderId } from '../../domain/order.ts';
import { readItem } from './read-items.ts';
import { keys } from './table.ts';

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
  shipTo: addressSchema.optional(),
  courierAddress: addressSchema.optional(),
  invoiceDestination: optionalText,
  taxRegistrations: z.array(z.object({ kind: z.string(), number: z.string(), legalName: optionalText })),
  lines: z.array(
    z.object({ orderLineId: z.string(), giftMessage: optionalText, customisationUrl: optionalText }),
  ),
  updatedAt: z.string(),
  expiresAt: z.string(),
  keptAtMostUntil: optionalText,
  source: z.object({ providerAccountId: z.string(), moduleId: z.string() }).optional(),
});
/** What is left of a buyer: that there was one, and until when. */
const deletedSchema = z.strictObject({ state: z.literal('deleted'), deletedAt: z.string() });
const itemSchema = z.object({
  buyer: z.union([deletedSchema, buyerSchema]),
  buyerVersion: z.int().optional(),
});

/** A buyer as stored, with the version that every change is conditioned on. */
export interface StoredBuyer {
  readonly buyer: Buyer;
  readonly version: number;
}

/**
 * Runs a call on the buyer table. What the service says of a failure may quote the row, and a cause is logged: only the
 * failure's name, which stands in the message, goes on.
 */
export async function withoutQuoting<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PartnerError) delete error.cause;
    throw error;
  }
}

/** The row of an order's buyer; undefined when there is none. */
export async function readStoredBuyer(
  client: DynamoDBClient,
  tableName: string,
  id: OrderId,
): Promise<StoredBuyer | undefined> {
  const item = await withoutQuoting(() => readItem(client, tableName, keys.buyer(id)));
  if (item === undefined) return undefined;
  const parsed = itemSchema.safeParse(unmarshall(item));
  // The parser's message names fields, never their contents; the row itself stays out of the error.
  if (!parsed.success) {
    throw new UnexpectedAnswerError('dynamodb', `stored buyer of ${id} is not in our format`, {
      cause: parsed.error,
    });
  }
  return { buyer: { ...wholeOf(parsed.data.buyer), orderId: id }, version: parsed.data.buyerVersion ?? 0 };
}

function wholeOf(buyer: z.infer<typeof itemSchema>['buyer']): Omit<Buyer, 'orderId'> {
  if (!('deletedAt' in buyer)) return buyer;
  const { state, deletedAt } = buyer;
  return { state, deletedAt, taxRegistrations: [], lines: [], updatedAt: deletedAt, expiresAt: deletedAt };
}
