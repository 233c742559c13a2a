import * as z from 'zod';
import { orderParamsSchema } from './orders.ts';
import { instantSchema, moneySchema } from './shared-fields.ts';
import { registerShipmentSchema } from './shipments.ts';

const kindSchema = z.enum([
  'accept',
  'refuse',
  'ship',
  'cancel',
  'approve-cancellation',
  'reject-cancellation',
  'refund',
]);
const cancelReasonSchema = z.enum(['out-of-stock', 'buyer-asked', 'address', 'other']);
const refundReasonSchema = z.enum([
  'buyer-cancelled',
  'seller-cancelled',
  'not-received',
  'returned',
  'not-as-described',
  'other',
]);
const orderLineIdSchema = z.string().min(1).max(200);
/** An amount in the currency's unit, not negative: `"19.90"`. */
const givenAmountSchema = z.string().regex(/^\d{1,9}(?:\.\d{1,3})?$/);
const currencySchema = z.string().regex(/^[A-Z]{3}$/);
/** For people: the same in Italian and in English. */
const sentencesSchema = z.object({ it: z.string(), en: z.string() });
const nullableText = z.string().nullable();

export const remoteActionParamsSchema = z.strictObject({
  ...orderParamsSchema.shape,
  /** Made by the caller, once for each action that a person decides on: a UUID. */
  actionId: z.string().regex(/^[A-Za-z0-9][\w-]{7,63}$/),
});

const plainSchema = z.strictObject({
  kind: z.enum(['accept', 'refuse', 'approve-cancellation', 'reject-cancellation']),
});
const cancelSchema = z.strictObject({ kind: z.literal('cancel'), reason: cancelReasonSchema });
/** No lines: all that the order still waits for. */
const shipSchema = z.strictObject({
  kind: z.literal('ship'),
  courier: registerShipmentSchema.shape.courier,
  /** `manual`: who carries, and where the buyer can follow it. */
  carrierName: registerShipmentSchema.shape.carrierName,
  trackingNumber: registerShipmentSchema.shape.trackingNumber.unwrap(),
  trackingUrl: registerShipmentSchema.shape.trackingUrl,
  shippedAt: instantSchema.optional(),
  lines: z
    .array(z.strictObject({ orderLineId: orderLineIdSchema, quantity: z.int().min(1).max(9_999) }))
    .min(1)
    .max(200)
    .optional(),
});
const refundSchema = z.strictObject({
  kind: z.literal('refund'),
  reason: refundReasonSchema,
  currency: currencySchema,
  lines: z
    .array(
      z.strictObject({
        orderLineId: orderLineIdSchema,
        goods: givenAmountSchema.optional(),
        shipping: givenAmountSchema.optional(),
      }),
    )
    .min(1)
    .max(200),
});
/** What a marketplace is to do to its order. */
export const remoteWishSchema = z.discriminatedUnion('kind', [
  plainSchema,
  cancelSchema,
  shipSchema,
  refundSchema,
]);

/** The same, with everything that was left open written down. */
const shownWishSchema = z.discriminatedUnion('kind', [
  z.object(plainSchema.shape),
  z.object(cancelSchema.shape),
  z.object({
    kind: z.literal('ship'),
    courier: z.string(),
    carrierName: z.string().optional(),
    trackingNumber: z.string(),
    trackingUrl: z.string().optional(),
    shippedAt: z.string().optional(),
    lines: z.array(z.object({ orderLineId: z.string(), quantity: z.int() })),
  }),
  z.object({
    kind: z.literal('refund'),
    reason: refundReasonSchema,
    currency: z.string(),
    lines: z.array(z.object({ orderLineId: z.string(), goods: z.string(), shipping: z.string() })),
  }),
]);

const whySchema = z.object({ code: z.string(), it: z.string(), en: z.string() });

export const remoteCapabilitiesSchema = z.object({
  actions: z.array(
    z.object({
      kind: kindSchema,
      possible: z.boolean(),
      /** Why not, and where it is done instead; null when it is possible now. */
      why: whySchema.nullable(),
      /** Which the marketplace takes, where it asks for one. */
      reasons: z.array(z.string()),
      /** The marketplace wants the call signed with the account's key. */
      signed: z.boolean(),
    }),
  ),
  lines: z.array(
    z.object({
      orderLineId: z.string(),
      /** Pieces that a parcel may still hold. */
      shippable: z.int(),
      /** What may still be given back; null where nobody knows what the line cost. */
      refundable: moneySchema.nullable(),
    }),
  ),
  refundable: moneySchema.nullable(),
});

export const remotePreviewSchema = z.object({
  possible: z.boolean(),
  why: whySchema.nullable(),
  wish: shownWishSchema,
  /** What will happen, and what had better be done otherwise. Empty when it is not possible. */
  effects: z.array(sentencesSchema),
});

export const remoteActionSchema = z.object({
  actionId: z.string(),
  wish: shownWishSchema,
  state: z.enum(['wanted', 'sending', 'followed', 'done', 'refused', 'unclear']),
  /** Why it waits, or ended as it did. */
  reason: nullableText,
  /** The same for people. The order here changes with the next sync only. */
  text: sentencesSchema,
  /** Who asked, by the sign-in's own id. */
  requestedBy: z.string(),
  requestedAt: z.string(),
  /** What the marketplace said: its id of the work, its code or state. */
  answer: z.object({ remoteId: nullableText, code: nullableText }),
  attempts: z.int(),
  /** When it is looked at again; null once it has ended, or a person has to look. */
  nextLookAt: nullableText,
  endedAt: nullableText,
});
export const requestedRemoteActionSchema = z.object({
  action: remoteActionSchema,
  /** What happens, and what had better be done otherwise. */
  effects: z.array(sentencesSchema),
});
export const remoteActionListSchema = z.object({ actions: z.array(remoteActionSchema) });

/** What a person saw at the marketplace. */
export const settleRemoteActionSchema = z.strictObject({ done: z.boolean() });
