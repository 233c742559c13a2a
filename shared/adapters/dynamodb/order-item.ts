import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { PERSONAL_DATA_STATES } from '../../domain/buyer.ts';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import type { LedgerEntry } from '../../domain/ledger.ts';
import { MARKETPLACES, ORDER_STATUSES, type Order, type OrderId, orderId } from '../../domain/order.ts';
import { REMOTE_ACTION_KINDS } from '../../domain/remote-action.ts';
import type { OrderRecord } from '../../ports/order-store.ts';
import { ledgerEntrySchema } from '../ledger-entry.ts';

/**
 * One item per order, holding the order and its ledger; either may be there first.
 * The order is a map, readable in the console. Each ledger entry is one JSON string: a settlement changes
 * thousands of them at once, and nested attribute values would cost several times the time and the size.
 */
export type Item = Record<string, AttributeValue>;

const moneySchema = z.object({ amountMinor: z.int(), currency: z.string() });
const windowSchema = z.object({ earliest: z.string().optional(), latest: z.string().optional() });
const lineSchema = z.object({
  orderLineId: z.string(),
  sku: z.string().optional(),
  productId: z.string().optional(),
  title: z.string().optional(),
  quantityOrdered: z.int(),
  quantityFulfilled: z.int(),
  total: moneySchema.optional(),
  unitPrice: moneySchema.optional(),
  breakdown: z.array(z.object({ kind: z.string(), amount: moneySchema })),
  cancellationRequested: z.boolean(),
  customised: z.boolean(),
  vatRate: z.string().optional(),
});
const orderSchema = z.object({
  marketplace: z.enum(MARKETPLACES),
  marketplaceOrderId: z.string(),
  accountId: z.string(),
  channelId: z.string(),
  siteId: z.string(),
  siteName: z.string().optional(),
  purchasedAt: z.string(),
  updatedAt: z.string(),
  status: z.enum(ORDER_STATUSES),
  partnerStatus: z.string().optional(),
  fulfilledBy: z.enum(['merchant', 'marketplace', 'unknown']),
  serviceLevel: z.string().optional(),
  shipBy: windowSchema,
  deliverBy: windowSchema,
  programs: z.array(z.string()),
  relatedOrders: z.array(z.object({ marketplaceOrderId: z.string(), relation: z.string() })),
  total: moneySchema.optional(),
  lines: z.array(lineSchema),
  extras: z
    .array(
      z.object({
        kind: z.enum(['shipping', 'discount', 'tax', 'adjustment', 'fee']),
        amount: moneySchema,
        vatRate: z.string().optional(),
      }),
    )
    .optional(),
  marketplaceFee: moneySchema.optional(),
  business: z.boolean().optional(),
  deliveredAt: z.string().optional(),
  unexpectedMove: z
    .object({ from: z.enum(ORDER_STATUSES), to: z.enum(ORDER_STATUSES), at: z.string() })
    .optional(),
});

const itemSchema = z.object({
  orderId: z.string(),
  accountId: z.string(),
  order: orderSchema.optional(),
  personalData: z.enum(PERSONAL_DATA_STATES).optional(),
  /** There only while it is so. */
  customisationMissing: z.literal(true).optional(),
  manualFulfilment: z
    .object({ since: z.string(), kind: z.enum(REMOTE_ACTION_KINDS), by: z.string(), at: z.string() })
    .optional(),
  entries: z.record(z.string(), z.string()).optional(),
  entriesVersion: z.int().optional(),
});

/** An item of the index `waitingOrders`: payment rows whose order has not been pulled. */
export function waitingRecordOfItem(
  item: Item,
): OrderRecord & { readonly waitingSince: string; readonly marketplaceOrderId: string } {
  const waitingSince = item.waitingSinceKey?.S?.split('#')[0];
  const marketplaceOrderId = item.marketplaceOrderId?.S;
  if (waitingSince === undefined || marketplaceOrderId === undefined) {
    throw unreadable(item, new Error('it waits without saying since when or for which order'));
  }
  return { ...recordOfItem(item), waitingSince, marketplaceOrderId };
}

/** A stored item as a record. */
export function recordOfItem(item: Item): OrderRecord {
  const parsed = itemSchema.safeParse(unmarshall(item));
  if (!parsed.success) throw unreadable(item, parsed.error);
  const {
    accountId,
    order,
    personalData,
    customisationMissing,
    manualFulfilment,
    entries = {},
    entriesVersion = 0,
  } = parsed.data;
  try {
    return {
      // Written by `orderId()` when the item was made.
      orderId: parsed.data.orderId as OrderId,
      accountId,
      order: order === undefined ? undefined : orderOf(order),
      ...(personalData === undefined ? {} : { personalData }),
      ...(customisationMissing === undefined ? {} : { customisationMissing }),
      ...(manualFulfilment === undefined ? {} : { manualFulfilment }),
      entries: Object.fromEntries(Object.entries(entries).map(([key, json]) => [key, entryOf(json)])),
      entriesVersion,
    };
  } catch (error) {
    throw unreadable(item, error);
  }
}

/** The ledger as one attribute value. Written by hand: `marshall` would look into every string again. */
export function entriesAttribute(entries: Readonly<Record<string, LedgerEntry>>): AttributeValue {
  const map: Record<string, AttributeValue> = {};
  for (const key in entries) map[key] = { S: JSON.stringify(entries[key]) };
  return { M: map };
}

function entryOf(json: string): LedgerEntry {
  return ledgerEntrySchema.parse(JSON.parse(json));
}

function orderOf(stored: z.infer<typeof orderSchema>): Order {
  return {
    ...stored,
    orderId: orderId(stored.marketplace, stored.marketplaceOrderId),
    siteName: stored.siteName,
    partnerStatus: stored.partnerStatus,
    serviceLevel: stored.serviceLevel,
    total: stored.total,
    lines: stored.lines.map((line) => ({
      ...line,
      sku: line.sku,
      productId: line.productId,
      title: line.title,
      total: line.total,
      unitPrice: line.unitPrice,
    })),
  };
}

function unreadable(item: Item, cause: unknown): UnexpectedAnswerError {
  return new UnexpectedAnswerError('dynamodb', `stored order ${item.pk?.S ?? '?'} is not in our format`, {
    cause,
  });
}
