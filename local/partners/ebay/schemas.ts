import { z } from 'zod';

/**
 * The Fulfillment API's order as eBay publishes it (sell_fulfillment_v1_oas3.json, v1.20) and real answers show it,
 * strict: the stand-in checks its own answers with it, so that nothing leaves it that eBay would not say. Parts that
 * stay empty in a European shop (pick-up, gift cards, payment holds, authenticity guarantee) are left out.
 */
const instantSchema = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
/** Text, and without the zeros that a number does not need: `"20.2"`, `"0.0"`. */
const amountSchema = z.strictObject({
  value: z.string().regex(/^-?\d+\.(\d|\d[1-9])$/),
  currency: z.string().length(3),
});
export type EbayAmount = z.infer<typeof amountSchema>;

const addressSchema = z.strictObject({
  addressLine1: z.string().optional(),
  addressLine2: z.string().optional(),
  city: z.string().optional(),
  stateOrProvince: z.string().optional(),
  postalCode: z.string().optional(),
  countryCode: z.string().length(2),
});
const contactSchema = z.strictObject({
  fullName: z.string().optional(),
  companyName: z.string().optional(),
  contactAddress: addressSchema.optional(),
  primaryPhone: z.strictObject({ phoneNumber: z.string() }).optional(),
  email: z.string().optional(),
});
export type EbayContact = z.infer<typeof contactSchema>;

export const FULFILLMENT_STATUSES = ['NOT_STARTED', 'IN_PROGRESS', 'FULFILLED'] as const;
const fulfillmentStatusSchema = z.enum(FULFILLMENT_STATUSES);

const lineSchema = z.strictObject({
  lineItemId: z.string().regex(/^\d+$/),
  legacyItemId: z.string().regex(/^\d+$/),
  legacyVariationId: z.string().optional(),
  variationAspects: z.array(z.strictObject({ name: z.string(), value: z.string() })).optional(),
  sku: z.string().optional(),
  title: z.string(),
  lineItemCost: amountSchema,
  discountedLineItemCost: amountSchema.optional(),
  quantity: z.int().positive(),
  soldFormat: z.enum(['FIXED_PRICE', 'AUCTION', 'SECOND_CHANCE_OFFER', 'OTHER']),
  listingMarketplaceId: z.string().startsWith('EBAY_'),
  purchaseMarketplaceId: z.string().startsWith('EBAY_'),
  lineItemFulfillmentStatus: fulfillmentStatusSchema,
  total: amountSchema,
  deliveryCost: z.strictObject({ shippingCost: amountSchema, discountAmount: amountSchema.optional() }),
  appliedPromotions: z.array(
    z.strictObject({ discountAmount: amountSchema, promotionId: z.string(), description: z.string() }),
  ),
  taxes: z.array(z.strictObject({ amount: amountSchema })),
  properties: z.strictObject({ buyerProtection: z.boolean() }),
  lineItemFulfillmentInstructions: z.strictObject({
    minEstimatedDeliveryDate: instantSchema,
    maxEstimatedDeliveryDate: instantSchema,
    shipByDate: instantSchema,
    guaranteedDelivery: z.literal(false),
  }),
  itemLocation: z.strictObject({ location: z.string(), countryCode: z.string(), postalCode: z.string() }),
});

export const ebayOrderSchema = z.strictObject({
  orderId: z.string().regex(/^\d{2}-\d{5}-\d{5}$/),
  legacyOrderId: z.string(),
  creationDate: instantSchema,
  lastModifiedDate: instantSchema,
  orderFulfillmentStatus: fulfillmentStatusSchema,
  orderPaymentStatus: z.enum(['PAID', 'PENDING', 'FAILED', 'FULLY_REFUNDED', 'PARTIALLY_REFUNDED']),
  sellerId: z.string(),
  buyer: z.strictObject({
    username: z.string(),
    taxAddress: z.strictObject({
      city: z.string().optional(),
      stateOrProvince: z.string().optional(),
      postalCode: z.string().optional(),
      countryCode: z.string().length(2),
    }),
    taxIdentifier: z
      .strictObject({ taxpayerId: z.string(), taxIdentifierType: z.string(), issuingCountry: z.string() })
      .optional(),
    buyerRegistrationAddress: contactSchema.optional(),
  }),
  buyerCheckoutNotes: z.string().optional(),
  pricingSummary: z.strictObject({
    priceSubtotal: amountSchema,
    priceDiscount: amountSchema.optional(),
    deliveryCost: amountSchema,
    deliveryDiscount: amountSchema.optional(),
    adjustment: amountSchema.optional(),
    tax: amountSchema.optional(),
    total: amountSchema,
  }),
  cancelStatus: z.strictObject({
    cancelState: z.enum(['NONE_REQUESTED', 'IN_PROGRESS', 'CANCELED']),
    cancelledDate: instantSchema.optional(),
    cancelRequests: z.array(
      z.strictObject({
        cancelRequestId: z.string(),
        cancelInitiator: z.string(),
        cancelReason: z.string(),
        cancelRequestedDate: instantSchema,
        cancelRequestState: z.enum(['REQUESTED', 'COMPLETED', 'REJECTED']),
        cancelCompletedDate: instantSchema.optional(),
      }),
    ),
  }),
  paymentSummary: z.strictObject({
    totalDueSeller: amountSchema,
    refunds: z.array(
      z.strictObject({
        refundId: z.string(),
        refundDate: instantSchema,
        amount: amountSchema,
        refundStatus: z.enum(['PENDING', 'REFUNDED', 'FAILED']),
      }),
    ),
    payments: z.array(
      z.strictObject({
        paymentMethod: z.literal('EBAY'),
        paymentReferenceId: z.string(),
        paymentDate: instantSchema.optional(),
        amount: amountSchema,
        paymentStatus: z.enum(['PAID', 'PENDING', 'FAILED']),
      }),
    ),
  }),
  fulfillmentStartInstructions: z.array(
    z.strictObject({
      fulfillmentInstructionsType: z.enum(['SHIP_TO', 'DIGITAL', 'PREPARE_FOR_PICKUP', 'FULFILLED_BY_EBAY']),
      minEstimatedDeliveryDate: instantSchema,
      maxEstimatedDeliveryDate: instantSchema,
      ebaySupportedFulfillment: z.boolean(),
      shippingStep: z.strictObject({
        shipTo: contactSchema,
        shippingCarrierCode: z.string(),
        shippingServiceCode: z.string(),
      }),
    }),
  ),
  fulfillmentHrefs: z.array(z.url()),
  lineItems: z.array(lineSchema).min(1),
  salesRecordReference: z.string(),
  totalFeeBasisAmount: amountSchema,
  totalMarketplaceFee: amountSchema,
});
export type EbayOrder = z.infer<typeof ebayOrderSchema>;

/** The list: without tax numbers, and with an empty array where the single order has the requests to cancel. */
const listedOrderSchema = ebayOrderSchema.extend({
  buyer: ebayOrderSchema.shape.buyer.omit({ taxIdentifier: true }),
  cancelStatus: ebayOrderSchema.shape.cancelStatus.extend({ cancelRequests: z.tuple([]) }),
});

export const getOrdersResponseSchema = z.strictObject({
  href: z.url(),
  total: z.int().nonnegative(),
  next: z.url().optional(),
  prev: z.url().optional(),
  limit: z.int(),
  offset: z.int(),
  orders: z.array(listedOrderSchema),
});

/** Identity API docs, getUser, as far as the scope `commerce.identity.readonly` reaches. */
export const userResponseSchema = z.strictObject({
  userId: z.string(),
  username: z.string(),
  accountType: z.enum(['BUSINESS', 'INDIVIDUAL']),
  registrationMarketplaceId: z.string().startsWith('EBAY_'),
  status: z.literal('CONFIRMED'),
});
