import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { REFUSAL_REASONS } from '../../domain/courier-refusal.ts';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import type { OrderId } from '../../domain/order.ts';
import {
  COURIERS,
  MAKING_STATES,
  SHIPMENT_PROBLEM_KINDS,
  type Shipment,
  type ShipmentKey,
} from '../../domain/shipment.ts';
import { awaitsScan } from '../../domain/shipping-deadline.ts';
import { checkPriority } from '../../domain/tracking-schedule.ts';
import { SHIPMENT_STATES } from '../../domain/tracking-state.ts';
import type { Item } from './order-item.ts';
import { keys, STATE_TABLE } from './table.ts';

const moneySchema = z.object({ amountMinor: z.int(), currency: z.string() });
const courierShipmentIdSchema = z.object({ id: z.string(), year: z.int().optional() });
const eventSchema = z.object({
  code: z.string().optional(),
  description: z.string(),
  date: z.string().optional(),
  time: z.string().optional(),
  at: z.string().optional(),
  depot: z.string().optional(),
  state: z.enum(SHIPMENT_STATES).optional(),
  silent: z.literal(true).optional(),
});
/** Lines of an order in a shipment, as shipments and confirmations have them. */
export const shippedLinesSchema = z.array(z.object({ orderLineId: z.string(), quantity: z.int() }));

const shipmentSchema = z.object({
  shipmentKey: z.string(),
  courier: z.enum(COURIERS),
  courierAccountId: z.string(),
  senderReference: z.string(),
  alphanumericReference: z.string().optional(),
  orders: z.array(z.object({ orderId: z.string(), lines: shippedLinesSchema })),
  parcels: z.array(z.object({ parcelId: z.string().optional(), trackingByParcelId: z.string().optional() })),
  courierShipmentId: courierShipmentIdSchema.optional(),
  otherShipmentId: z.string().optional(),
  trackingNumber: z.string().optional(),
  trackingKnownAt: z.string().optional(),
  state: z.enum(SHIPMENT_STATES),
  events: z.array(eventSchema),
  eventsKeptUntil: z.string().optional(),
  eventsDeletedAt: z.string().optional(),
  deliveredAt: z.string().optional(),
  createdAt: z.string(),
  shippedAt: z.string().optional(),
  making: z
    .object({
      state: z.enum(MAKING_STATES),
      parcelCount: z.int(),
      weightGrams: z.int(),
      volumeCm3: z.int().optional(),
      cashOnDelivery: moneySchema.optional(),
      insuredValue: moneySchema.optional(),
      pickUpPointId: z.string().optional(),
      labelFormat: z.enum(['PDF', 'ZPL']),
      attempts: z.int(),
      triedAt: z.string().optional(),
      lookedAtBy: z.string().optional(),
      requestKey: z.string().optional(),
      problem: z.enum([...REFUSAL_REASONS, 'unavailable', 'unexpected-answer']).optional(),
      warnings: z.array(z.enum(['address-normalised', 'pick-up-point-differs', 'other'])),
      labelKeys: z.array(z.string()),
      madeAt: z.string().optional(),
      confirmedAt: z.string().optional(),
    })
    .optional(),
  carrierName: z.string().optional(),
  trackingUrl: z.string().optional(),
  problems: z
    .array(z.object({ kind: z.enum(SHIPMENT_PROBLEM_KINDS), at: z.string(), detail: z.string().optional() }))
    .optional(),
  version: z.int().min(1),
});

const { shipmentsByTime, dueChecks, dueFollowUps, ordersToShip } = STATE_TABLE.indexes;

/** A shipment as its item; the next check stands in the key of its index, and nowhere else. */
export function itemOfShipment({ nextCheckAt, ...shipment }: Shipment): Readonly<Record<string, unknown>> {
  return {
    ...keys.shipment(shipment.shipmentKey),
    ...shipment,
    [shipmentsByTime.partitionKey]: keys.shipments,
    [shipmentsByTime.sortKey]: `${shipment.createdAt}#${shipment.shipmentKey}`,
    ...(nextCheckAt === undefined
      ? {}
      : {
          [dueChecks.partitionKey]: keys.dueChecks(shipment.courier, checkPriority(shipment)),
          [dueChecks.sortKey]: nextCheckAt,
        }),
    ...dueOf(shipment),
    ...(awaitsScan(shipment)
      ? {
          [ordersToShip.partitionKey]: keys.shipmentsToScan,
          [ordersToShip.sortKey]: `${shipment.trackingKnownAt}#${shipment.shipmentKey}`,
        }
      : {}),
  };
}

/** What is to be done about it by an instant: one that is being made has no end yet. */
function dueOf({ making, eventsKeptUntil }: Shipment): Readonly<Record<string, string>> {
  const { partitionKey, sortKey } = dueFollowUps;
  if (making?.state === 'reserved' && making.lookedAtBy !== undefined) {
    return { [partitionKey]: keys.dueMakings, [sortKey]: making.lookedAtBy };
  }
  return eventsKeptUntil === undefined
    ? {}
    : { [partitionKey]: keys.eventsToDelete, [sortKey]: eventsKeptUntil };
}

/** A stored item as a shipment. */
export function shipmentOfItem(item: Item): Shipment {
  const parsed = shipmentSchema.safeParse(unmarshall(item));
  if (!parsed.success) {
    throw new UnexpectedAnswerError('dynamodb', `stored shipment ${item.pk?.S ?? '?'} is not in our format`, {
      cause: parsed.error,
    });
  }
  const stored = parsed.data;
  return {
    ...stored,
    // Written by `shipmentKey()` and `orderId()` when the item was made.
    shipmentKey: stored.shipmentKey as ShipmentKey,
    orders: stored.orders.map(({ orderId, lines }) => ({ orderId: orderId as OrderId, lines })),
    courierShipmentId: stored.courierShipmentId && {
      id: stored.courierShipmentId.id,
      year: stored.courierShipmentId.year,
    },
    events: stored.events.map(({ code, description, date, time, at, depot, state, silent }) => ({
      code,
      description,
      date,
      time,
      at,
      depot,
      state,
      ...(silent === undefined ? {} : { silent }),
    })),
    nextCheckAt: item[dueChecks.sortKey]?.S,
  };
}

/** The key of a shipment's item. */
export function shipmentItemKey(key: ShipmentKey): Item {
  return marshall(keys.shipment(key));
}
