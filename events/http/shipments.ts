import * as z from 'zod';
import { orderParamsSchema } from './orders.ts';
import { courierSchema, instantSchema, moneySchema, shipmentStateSchema } from './shared-fields.ts';

const nullableText = z.string().nullable();

const lineSchema = z.strictObject({
  orderLineId: z.string().min(1).max(200),
  quantity: z.int().min(1).max(9_999),
});
/** No lines: all that the order still waits for. */
const shippedOrderSchema = z.strictObject({
  ...orderParamsSchema.shape,
  lines: z.array(lineSchema).max(200).optional(),
});
const shippedOrdersSchema = z.array(shippedOrderSchema).min(1).max(20);

/**
 * An order of it is red (somebody acted on it at its marketplace by hand), and whoever asks has looked there. Left out, a red
 * order is answered with 409 `red-order`.
 */
export const confirmedRedSchema = z.literal(true).optional();

/** One shipment as lists and pages show it; nobody's name and address are in it. */
export const shipmentSchema = z.object({
  shipmentKey: z.string(),
  courier: courierSchema,
  courierAccountId: z.string(),
  senderReference: z.string(),
  alphanumericReference: nullableText,
  orders: z.array(
    z.object({
      marketplace: orderParamsSchema.shape.marketplace,
      orderNumber: z.string(),
      /** Empty: all that the order still waits for. */
      lines: z.array(z.object({ orderLineId: z.string(), quantity: z.int() })),
    }),
  ),
  parcels: z.array(z.object({ parcelId: nullableText, trackingByParcelId: nullableText })),
  /** The courier's own id of it, and another one that it has given since. */
  courierShipmentId: nullableText,
  otherShipmentId: nullableText,
  /** The definitive number, once it is known. */
  trackingNumber: nullableText,
  trackingKnownAt: nullableText,
  /** Where the buyer can follow it. */
  trackingUrl: nullableText,
  carrierName: nullableText,
  state: shipmentStateSchema,
  createdAt: z.string(),
  shippedAt: nullableText,
  deliveredAt: nullableText,
  /** When the courier is asked next. */
  nextCheckAt: nullableText,
  /** Null for a shipment that was made elsewhere. */
  making: z
    .object({
      state: z.enum(['reserved', 'made', 'confirmed', 'refused', 'deleted']),
      parcelCount: z.int(),
      weightGrams: z.int(),
      volumeCm3: z.int().nullable(),
      cashOnDelivery: moneySchema.nullable(),
      insuredValue: moneySchema.nullable(),
      pickUpPointId: nullableText,
      labelFormat: z.enum(['PDF', 'ZPL']),
      attempts: z.int(),
      /** Why the courier has not made it, and in words for people. */
      problem: z.object({ code: z.string(), it: z.string(), en: z.string() }).nullable(),
      warnings: z.array(z.object({ code: z.string(), it: z.string(), en: z.string() })),
      /** How many labels can be downloaded. */
      labels: z.int(),
      madeAt: nullableText,
      confirmedAt: nullableText,
    })
    .nullable(),
  /** What a person has to look at. */
  problems: z.array(z.object({ kind: z.string(), at: z.string(), detail: nullableText })),
  version: z.int(),
});

export const shipmentParamsSchema = z.strictObject({
  /** `brt:202600000000001` */
  shipmentKey: z.string().regex(/^(?:brt|gls|dhl|poste|ups|manual):[\w.-]{1,60}$/),
});

/** Letters, digits, dot, hyphen, underscore: what stands in a key and on a label. */
const referenceSchema = z.string().regex(/^[A-Za-z0-9][\w.-]{0,59}$/);

/** A shipment that was made elsewhere. Of reference, parcels and number, at least one. */
export const registerShipmentSchema = z.strictObject({
  courier: courierSchema,
  /** The contract with the courier; the only one where it is left out. */
  courierAccountId: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .optional(),
  /** Our own reference, as it was given to the courier: BRT's numeric or alphanumeric sender reference. */
  reference: referenceSchema.optional(),
  /** The numbers on the labels, one per parcel: BRT's 15 digits. */
  parcelNumbers: z.array(referenceSchema).min(1).max(99).optional(),
  /** The courier's number of the shipment: BRT's 12 digits. */
  trackingNumber: referenceSchema.optional(),
  /** `manual`: who carries, in the words a marketplace shall be told, and where the buyer can follow it. */
  carrierName: z.string().trim().min(1).max(60).optional(),
  trackingUrl: z
    .url({ protocol: /^https$/ })
    .max(500)
    .optional(),
  /** When the goods left. */
  shippedAt: instantSchema.optional(),
  orders: shippedOrdersSchema,
  confirmedRed: confirmedRedSchema,
});
/** 200 and 201 are not told apart: the same registration again gives the same shipment. */
export const registeredShipmentSchema = z.object({
  shipment: shipmentSchema,
  /** Orders that are not here yet: they are told once they are. */
  waitingFor: z.array(z.object({ marketplace: z.string(), orderNumber: z.string() })),
});

/** Where the goods go instead of the address that came with the order. Kept with the buyer, like that one. */
const recipientSchema = z.strictObject({
  name: z.string().trim().min(1).max(70),
  address: z.string().trim().min(1).max(35),
  postcode: z.string().trim().min(1).max(9),
  city: z.string().trim().min(1).max(35),
  /** Two letters; Italy. */
  province: z
    .string()
    .trim()
    .regex(/^[A-Za-z]{2}$/)
    .optional(),
  countryCode: z.string().regex(/^[A-Z]{2}$/),
  phone: z.string().trim().max(16).optional(),
});
const goodsShape = {
  parcelCount: z.int().min(1).max(30),
  /** All parcels together. */
  weightGrams: z.int().min(1).max(99_999_900),
  volumeCm3: z.int().min(1).max(99_999_000).optional(),
  /** What the driver collects from the recipient. */
  cashOnDelivery: moneySchema.optional(),
  insuredValue: moneySchema.optional(),
  /** The pick-up point the buyer chose, by the courier's id. */
  pickUpPointId: z.string().trim().min(1).max(35).optional(),
  labelFormat: z.enum(['PDF', 'ZPL']),
};
/** The recipient is the buyer's delivery address, unless another is given here. */
export const makeShipmentSchema = z.strictObject({
  courierAccountId: registerShipmentSchema.shape.courierAccountId,
  orders: shippedOrdersSchema,
  recipient: recipientSchema.optional(),
  confirmedRed: confirmedRedSchema,
  ...goodsShape,
});
/** What is changed before the courier is asked again; the rest stays. */
export const makeAgainSchema = z.strictObject({
  recipient: recipientSchema.optional(),
  confirmedRed: confirmedRedSchema,
  ...z.object(goodsShape).partial().shape,
});

export const labelParamsSchema = z.strictObject({
  ...shipmentParamsSchema.shape,
  /** From 1. */
  parcel: z.coerce.number().int().min(1).max(30),
});
/** The address gives the file for five minutes, as a download: it names the recipient. */
export const labelSchema = z.object({ format: z.enum(['PDF', 'ZPL']), url: z.url(), expiresAt: z.string() });
