import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import { MARKETPLACES, type OrderId } from '../../domain/order.ts';
import { COURIERS, type ShipmentKey } from '../../domain/shipment.ts';
import {
  CONFIRMATION_REASONS,
  CONFIRMATION_STATES,
  type ShippingConfirmation,
} from '../../domain/shipping-confirmation.ts';
import type { ConfirmationStore } from '../../ports/shipment-store.ts';
import { batchGet } from './batch-get.ts';
import { putOnVersion } from './conditional.ts';
import type { Item } from './order-item.ts';
import { queryIndex } from './query-index.ts';
import { readItem, readPartition } from './read-items.ts';
import { shippedLinesSchema } from './shipment-item.ts';
import { keys, STATE_TABLE } from './table.ts';

const { dueFollowUps } = STATE_TABLE.indexes;

const confirmationSchema = z.object({
  orderId: z.string(),
  shipmentKey: z.string(),
  packageNumber: z.int().min(1),
  marketplace: z.enum(MARKETPLACES),
  marketplaceOrderId: z.string(),
  courier: z.enum(COURIERS),
  carrierName: z.string().optional(),
  trackingNumber: z.string(),
  trackingUrl: z.string().optional(),
  shippedAt: z.string(),
  lines: shippedLinesSchema,
  knownAt: z.string(),
  state: z.enum(CONFIRMATION_STATES),
  reason: z.enum(CONFIRMATION_REASONS).optional(),
  attempts: z.int(),
  dueAt: z.string().optional(),
  underWayUntil: z.string().optional(),
  confirmedAt: z.string().optional(),
  askedBy: z.string().optional(),
  replacedNumber: z.string().optional(),
  version: z.int().min(1),
});

/** Confirmations in the state table, beside their order; those with an instant to be tried at are in a sparse index. */
export function createConfirmationStore(client: DynamoDBClient, tableName: string): ConfirmationStore {
  return {
    async get({ orderId, shipmentKey }) {
      const item = await readItem(client, tableName, keys.confirmation(orderId, shipmentKey));
      return item && confirmationOf(item);
    },

    async getMany(ids) {
      const itemKeys = ids.map(({ orderId, shipmentKey }) =>
        marshall(keys.confirmation(orderId, shipmentKey)),
      );
      return (await batchGet(client, tableName, itemKeys)).map(confirmationOf);
    },

    ofOrder: async (orderId) =>
      (await readPartition(client, tableName, keys.order(orderId).pk, 'CONFIRMATION#')).map(confirmationOf),

    change: async (confirmation, expectedVersion) =>
      (await putOnVersion(client, tableName, itemOfConfirmation(confirmation), expectedVersion))
        ? 'changed'
        : 'conflict',

    async listDue({ marketplace, until, limit, cursor }) {
      const list = keys.dueConfirmations(marketplace);
      const page = await queryIndex(client, tableName, dueFollowUps, list, limit, cursor, true);
      const confirmations = page.items.map(confirmationOf);
      const due = confirmations.filter(({ dueAt }) => dueAt !== undefined && dueAt <= until);
      // The index is in order of time: the first one that is not due yet ends the list.
      return { confirmations: due, cursor: due.length < confirmations.length ? undefined : page.cursor };
    },
  };
}

/** A confirmation as its item. */
export function itemOfConfirmation(confirmation: ShippingConfirmation): Readonly<Record<string, unknown>> {
  const { orderId, shipmentKey, marketplace, dueAt } = confirmation;
  return {
    ...keys.confirmation(orderId, shipmentKey),
    ...confirmation,
    ...(dueAt === undefined ? {} : { [dueFollowUps.partitionKey]: keys.dueConfirmations(marketplace) }),
  };
}

function confirmationOf(item: Item): ShippingConfirmation {
  const parsed = confirmationSchema.safeParse(unmarshall(item));
  if (!parsed.success) {
    throw new UnexpectedAnswerError(
      'dynamodb',
      `stored confirmation ${item.pk?.S ?? '?'} ${item.sk?.S ?? '?'} is not in our format`,
      { cause: parsed.error },
    );
  }
  const { orderId, shipmentKey } = parsed.data;
  return { ...parsed.data, orderId: orderId as OrderId, shipmentKey: shipmentKey as ShipmentKey };
}
