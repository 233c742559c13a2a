import * as z from 'zod';
import { receiptUploadSchema } from './receipt-uploads.ts';
import {
  amountSchema,
  channelIdSchema,
  confirmationStateSchema,
  courierSchema,
  deadlineClockSchema,
  deadlineLevelSchema,
  instantSchema,
  marketplaceSchema,
  moneySchema,
  nextCursorSchema,
  pagingShape,
  shipmentStateSchema,
} from './shared-fields.ts';

const orderStatusSchema = z.enum([
  'pending',
  'to-accept',
  'unshipped',
  'partly-shipped',
  'shipped',
  'cancelled',
  'refunded',
  'unfulfillable',
  'unknown',
]);
const personalDataSchema = z.enum(['present', 'waiting', 'refused', 'deleted']);
const settlementSchema = z.enum([
  'not-due',
  'partly-settled',
  'settled',
  'refunded',
  'overdue',
  'not-tracked',
]);
/** What a person has to look at. */
const attentionSchema = z.enum([
  'cancellation-requested',
  'does-not-add-up',
  'unexpected-status-change',
  'unknown-status',
  'payment-overdue',
  'foreign-currency',
  'personal-data-refused',
  /** In the list: given up, or not here a day before shipping. On the order's own page: not here. */
  'customisation-missing',
]);
const checkSchema = z.enum(['adds-up', 'differs', 'incomplete']);

export const orderParamsSchema = z.strictObject({
  marketplace: marketplaceSchema,
  orderNumber: z.string().regex(/^[\w-]{1,50}$/),
});

export const orderListQuerySchema = z.strictObject({
  channel: channelIdSchema.optional(),
  status: orderStatusSchema.optional(),
  /** Bought at or after. */
  from: instantSchema.optional(),
  /** Bought before. */
  until: instantSchema.optional(),
  /** A whole order number, or part of an order number, SKU or title. */
  text: z.string().trim().min(2).max(100).optional(),
  ...pagingShape,
});

/** One parcel of the order, or several that travel together. */
const listedParcelSchema = z.object({
  shipmentKey: z.string(),
  courier: courierSchema,
  /** Who carries, where it is a courier that cannot be asked. */
  carrierName: z.string().nullable(),
  /** The definitive number, once it is known, and where the buyer can follow it. */
  trackingNumber: z.string().nullable(),
  trackingUrl: z.string().nullable(),
  state: shipmentStateSchema,
  /** What has become of telling the marketplace; null while there is nothing to tell. */
  told: confirmationStateSchema.nullable(),
});
const listedDeadlineSchema = z.object({
  clock: deadlineClockSchema,
  /** The last instant that is still in time. */
  until: z.string(),
  /** The marketplace named none: it is what such orders usually have. */
  assumed: z.boolean(),
  /** Whole minutes; negative when it is over. */
  minutesLeft: z.int(),
  level: deadlineLevelSchema,
  /** The marketplace has every piece of it from us; its own answer will end the clock. */
  told: z.boolean(),
});

const listedReceiptSchema = z.object({
  /** Names it among its order's: `sale-1`. */
  receipt: z.string(),
  kind: z.enum(['courtesy-receipt', 'courtesy-reversal', 'electronic-invoice', 'credit-note']),
  state: z.enum(['requested', 'numbered', 'processing', 'issued', 'failed', 'void']),
  /** `12/RC/2026`, or as the issuer writes it; null before it has one. */
  number: z.string().nullable(),
  /** All of it was taken back. */
  reversed: z.boolean(),
  /** What became of it at the order's marketplace; null when it is not wanted there, or not yet. */
  upload: receiptUploadSchema.pick({ state: true, why: true }).nullable(),
});

const listedOrderSchema = z.object({
  channel: z.string(),
  marketplace: marketplaceSchema,
  marketplaceOrderId: z.string(),
  site: z.string().nullable(),
  status: orderStatusSchema,
  purchasedAt: z.string(),
  /** Latest instant at which it has to be shipped. */
  shipBy: z.string().nullable(),
  /** Pieces ordered, and the title of the first line. */
  pieces: z.int(),
  firstTitle: z.string().nullable(),
  total: amountSchema.nullable(),
  currency: z.string().nullable(),
  /** What the marketplace charged, negative: by its payment file, else as it says with the order; null while neither is known. */
  fee: amountSchema.nullable(),
  net: amountSchema.nullable(),
  settlement: settlementSchema,
  /** The marketplace still holds the money: the fee may change. */
  provisional: z.boolean(),
  foreignCurrencies: z.array(z.string()),
  personalData: personalDataSchema.nullable(),
  check: checkSchema,
  attention: z.array(attentionSchema),
  /** Somebody acted on it at its marketplace by hand: what is shown may be behind, and more has to be confirmed. */
  red: z.boolean(),
  /** In the order of their package numbers, those that were deleted or came back among them. */
  shipments: z.array(listedParcelSchema),
  /** Of its running clocks the one with the least time left; null when none runs. */
  deadline: listedDeadlineSchema.nullable(),
  /** The last receipt or invoice of its sale; null while it has none. */
  receipt: listedReceiptSchema.nullable(),
});

export const orderPageSchema = z.object({
  orders: z.array(listedOrderSchema),
  cursor: nextCursorSchema,
  /** Set where the search gave up for this time before the page was full: how far back it looked. The cursor goes on from there. */
  searchedBackTo: z.string().nullable(),
});

const orderLineSchema = z.object({
  orderLineId: z.string(),
  sku: z.string().nullable(),
  productId: z.string().nullable(),
  title: z.string().nullable(),
  quantityOrdered: z.int(),
  quantityFulfilled: z.int(),
  unitPrice: moneySchema.nullable(),
  total: moneySchema.nullable(),
  vatRate: z.string().nullable(),
  breakdown: z.array(z.object({ kind: z.string(), amount: moneySchema })),
  cancellationRequested: z.boolean(),
  customised: z.boolean(),
});

const windowSchema = z.object({ earliest: z.string().nullable(), latest: z.string().nullable() });

/** What one payment report says of the order. */
const moneyEntrySchema = z.object({
  source: z.string(),
  settlementId: z.string(),
  reportId: z.string(),
  currency: z.string(),
  released: z.boolean(),
  /** Everything charged, sale and refund together. */
  fee: amountSchema,
  total: amountSchema,
  rows: z.int(),
  /** First and last line of each run of rows in the file. */
  lines: z.array(z.tuple([z.int(), z.int()])),
});

const followUpSchema = z.object({
  kind: z.string(),
  orderLineId: z.string().nullable(),
  state: z.string(),
  wantedAt: z.string(),
  dueAt: z.string().nullable(),
  deadline: z.string().nullable(),
  attempts: z.int(),
  problem: z.string().nullable(),
});

export const orderSchema = listedOrderSchema.extend({
  accountId: z.string(),
  siteId: z.string(),
  updatedAt: z.string(),
  partnerStatus: z.string().nullable(),
  fulfilledBy: z.enum(['merchant', 'marketplace', 'unknown']),
  serviceLevel: z.string().nullable(),
  shipWindow: windowSchema,
  deliverWindow: windowSchema,
  deliveredAt: z.string().nullable(),
  programs: z.array(z.string()),
  relatedOrders: z.array(z.object({ marketplaceOrderId: z.string(), relation: z.string() })),
  business: z.boolean().nullable(),
  marketplaceFee: moneySchema.nullable(),
  /** Total less lines and extras, where that is not nothing. */
  difference: moneySchema.nullable(),
  /** Why it must not be shipped now. */
  shippingBlock: z.string().nullable(),
  unexpectedMove: z.object({ from: orderStatusSchema, to: orderStatusSchema, at: z.string() }).nullable(),
  /** Since when it is red, and what was done by hand last, when and by whom. */
  manualFulfilment: z
    .object({ since: z.string(), kind: z.string(), by: z.string(), at: z.string() })
    .nullable(),
  lines: z.array(orderLineSchema),
  extras: z.array(z.object({ kind: z.string(), amount: moneySchema })),
  money: z
    .object({
      currency: z.string(),
      sales: amountSchema,
      tax: amountSchema,
      taxWithheld: amountSchema,
      refunds: amountSchema,
      other: amountSchema,
      /** Fees by group, sale and refund together. */
      fees: z.record(z.string(), amountSchema),
    })
    .nullable(),
  moneyEntries: z.array(moneyEntrySchema),
  followUps: z.array(followUpSchema),
});

/** Why somebody looks at a buyer's personal data: it is kept in the activity log, so it is one of these and no free text. */
const BUYER_REASONS = ['shipping', 'receipt', 'customer-request', 'return', 'legal'] as const;
export const buyerQuerySchema = z.strictObject({ reason: z.enum(BUYER_REASONS) });

/** Why a buyer's personal data is deleted before its time. */
const ERASURE_REASONS = ['buyer-request', 'operator-decision'] as const;
export const erasureQuerySchema = z.strictObject({ reason: z.enum(ERASURE_REASONS) });
export const erasureRequestedSchema = z.object({ requestedAt: z.string() });

const nullableText = z.string().nullable();
const addressSchema = z.object({
  name: nullableText,
  company: nullableText,
  lines: z.array(z.string()),
  city: nullableText,
  district: nullableText,
  region: nullableText,
  postalCode: nullableText,
  countryCode: nullableText,
  phone: nullableText,
});
/** The person behind an order. Not to be kept by whoever asks. */
export const buyerSchema = z.object({
  state: personalDataSchema,
  name: nullableText,
  email: nullableText,
  company: nullableText,
  purchaseOrderNumber: nullableText,
  deliveryAddress: addressSchema.nullable(),
  billingAddress: addressSchema.nullable(),
  /** Where a person had the goods sent instead of the buyer's own address. */
  shipTo: addressSchema.nullable(),
  /** The recipient's name, postcode, city and province as the courier that carries the goods writes them. */
  courierAddress: addressSchema.nullable(),
  invoiceDestination: nullableText,
  taxRegistrations: z.array(z.object({ kind: z.string(), number: z.string(), legalName: nullableText })),
  giftMessages: z.array(z.object({ orderLineId: z.string(), message: z.string() })),
  /** When it is deleted at the latest. */
  expiresAt: z.string(),
  deletedAt: nullableText,
});

export const orderLineParamsSchema = orderParamsSchema.extend({
  orderLineId: z.string().min(1).max(200),
});
/** What a buyer wrote, chose and uploaded for one line. Not to be kept by whoever asks. */
export const customisationSchema = z.object({
  state: z.enum(['waiting', 'done', 'refused', 'gave-up', 'deleted']),
  /** Why it is not here, in words for the operator. */
  problem: z.object({ code: z.string(), it: nullableText, en: nullableText }).nullable(),
  parts: z.array(
    z.object({
      surface: nullableText,
      label: z.string(),
      kind: z.enum(['text', 'option', 'font', 'colour', 'image']),
      value: z.string(),
      font: nullableText,
      colour: nullableText,
    }),
  ),
  notUnderstood: z.array(z.string()),
  /** Each address gives the file for five minutes, as a download. */
  files: z.array(z.object({ name: z.string(), mediaType: z.string(), sizeBytes: z.int(), url: z.url() })),
});
