import * as z from 'zod';
import { orderParamsSchema } from './orders.ts';
import {
  channelIdSchema,
  confirmationStateSchema,
  courierSchema,
  deadlineClockSchema,
  deadlineLevelSchema,
  marketplaceSchema,
  nextCursorSchema,
  pagingShape,
  shipmentStateSchema,
} from './shared-fields.ts';
import { confirmedRedSchema, shipmentParamsSchema, shipmentSchema } from './shipments.ts';

const nullableText = z.string().nullable();

export const shipmentListQuerySchema = z.strictObject({
  courier: courierSchema.optional(),
  state: shipmentStateSchema.optional(),
  /** Only those that a person has to look at. */
  problems: z.enum(['any']).optional(),
  ...pagingShape,
});
/** A page may have fewer than asked for, or none, and be followed by another. */
export const shipmentPageSchema = z.object({ shipments: z.array(shipmentSchema), cursor: nextCursorSchema });

/** What a marketplace has been told of one package of an order, or why it has not. */
const confirmationSchema = z.object({
  shipmentKey: z.string(),
  marketplace: marketplaceSchema,
  orderNumber: z.string(),
  packageNumber: z.int(),
  courier: courierSchema,
  trackingNumber: z.string(),
  trackingUrl: nullableText,
  /** The number that the marketplace had before. */
  replacedNumber: nullableText,
  state: confirmationStateSchema,
  reason: nullableText,
  knownAt: z.string(),
  confirmedAt: nullableText,
  /** When it is tried again by itself. */
  dueAt: nullableText,
  askedBy: nullableText,
  version: z.int(),
});

export const shipmentDetailSchema = shipmentSchema.extend({
  /** In the courier's order, oldest first, which is not the order of their times. */
  events: z.array(
    z.object({
      code: nullableText,
      description: z.string(),
      date: nullableText,
      time: nullableText,
      depot: nullableText,
      /** Null: an event that nobody knows, or of which the courier says that it has no state. */
      state: shipmentStateSchema.nullable(),
    }),
  ),
  /** Some couriers want the events deleted a while after the end; then there are none. */
  eventsDeletedAt: nullableText,
  confirmations: z.array(confirmationSchema),
});

export const confirmationParamsSchema = orderParamsSchema.extend(shipmentParamsSchema.shape);
/** Nothing: as it is, again, also after the delivery. A number: that one instead, where the marketplace takes edits. */
export const askConfirmationSchema = z.strictObject({
  trackingNumber: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,59}$/)
    .optional(),
  trackingUrl: z
    .url({ protocol: /^https$/ })
    .max(500)
    .optional(),
  /** Of the confirmation that was looked at. */
  version: z.int().min(1),
  confirmedRed: confirmedRedSchema,
});
export const askedConfirmationSchema = z.object({ confirmation: confirmationSchema });

export const checkRequestedSchema = z.object({ shipmentKey: z.string(), correlationId: z.string() });

export const deadlineQuerySchema = z.strictObject({
  channel: channelIdSchema.optional(),
  clock: deadlineClockSchema.optional(),
  ...pagingShape,
});
export const deadlinePageSchema = z.object({
  deadlines: z.array(
    z.object({
      channel: z.string(),
      marketplace: marketplaceSchema,
      marketplaceOrderId: z.string(),
      status: z.string(),
      /** `ship-by`: it has to leave. `valid-tracking`: its number has to be scanned by the courier. */
      clock: deadlineClockSchema,
      from: z.string(),
      until: z.string(),
      /** The marketplace named no last instant: it is what such orders usually have. */
      assumed: z.boolean(),
      /** Negative when it is over. */
      minutesLeft: z.int(),
      usedPercent: z.int(),
      level: deadlineLevelSchema,
      pieces: z.int(),
      firstTitle: nullableText,
      /** The marketplace has every piece of it from us; its own answer will end the clock. */
      told: z.boolean(),
      shipmentKey: nullableText,
      trackingNumber: nullableText,
    }),
  ),
  cursor: nextCursorSchema,
});

const rateWindowSchema = z.object({
  days: z.int(),
  good: z.int(),
  bad: z.int(),
  /** Shipped without us, or by a courier nobody can ask: counted by the marketplace, not knowable here. */
  unknown: z.int(),
  assumed: z.int(),
  /** Share of the bad among those known, in ten-thousandths; null while none is known. */
  badBasisPoints: z.int().nullable(),
  state: z.enum(['fine', 'close', 'passed', 'nothing-known']),
});
/** Ours to compare: the marketplace's own figures decide. */
export const shippingRatesSchema = z.object({
  channelId: z.string(),
  /** Newest first, one a day. */
  measurements: z.array(
    z.object({
      measuredAt: z.string(),
      lateShipment: z.array(rateWindowSchema),
      validTracking: z.array(rateWindowSchema),
    }),
  ),
});
