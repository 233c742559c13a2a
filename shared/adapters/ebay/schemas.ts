import * as z from 'zod';

/**
 * The Fulfillment API's answers as far as we read them. Every word list is open: eBay's enumerations grow without
 * notice. Fields we do not read are dropped here, personal ones included.
 * Source: eBay docs, Fulfillment API v1.20, getOrders and getOrder.
 */
const text = z.string().nullish();
const instant = z.iso.datetime({ offset: true });
/** Decimal text, not always with two decimals: `"20.2"`, `"0.0"`. */
const amount = z.object({ value: z.string().regex(/^[+-]?\d+(\.\d+)?$/), currency: z.string().length(3) });

const contact = z
  .object({
    fullName: text,
    companyName: text,
    contactAddress: z
      .object({
        addressLine1: text,
        addressLine2: text,
        city: text,
        county: text,
        stateOrProvince: text,
        postalCode: text,
        countryCode: text,
      })
      .nullish(),
    primaryPhone: z.object({ phoneNumber: text }).nullish(),
    email: text,
  })
  .nullish();
export type RemoteContact = z.infer<typeof contact>;

const lineSchema = z.object({
  lineItemId: z.string().min(1),
  legacyItemId: text,
  sku: text,
  title: text,
  quantity: z.int().positive(),
  /** Unit price × quantity, before discounts. */
  lineItemCost: amount.nullish(),
  discountedLineItemCost: amount.nullish(),
  /** What the buyer pays for the line, delivery included and discounts taken off. */
  total: amount.nullish(),
  /** `shippingCost` has the discount on delivery already taken off. */
  deliveryCost: z.object({ shippingCost: amount.nullish() }).nullish(),
  taxes: z.array(z.object({ amount: amount.nullish() })).nullish(),
  listingMarketplaceId: text,
  purchaseMarketplaceId: text,
  lineItemFulfillmentStatus: text,
  lineItemFulfillmentInstructions: z
    .object({
      minEstimatedDeliveryDate: instant.nullish(),
      maxEstimatedDeliveryDate: instant.nullish(),
      shipByDate: instant.nullish(),
    })
    .nullish(),
  giftDetails: z.object({ message: text }).nullish(),
});
export type RemoteLine = z.infer<typeof lineSchema>;

export const remoteOrderSchema = z.object({
  orderId: z.string().min(1),
  creationDate: instant,
  lastModifiedDate: instant,
  orderFulfillmentStatus: text,
  orderPaymentStatus: text,
  cancelStatus: z
    .object({
      cancelState: text,
      /** Filled by getOrder only. */
      cancelRequests: z.array(z.object({ cancelRequestState: text })).nullish(),
    })
    .nullish(),
  /** `paymentSummary` is left out on purpose: its amounts are what the seller gets, fees taken off. */
  pricingSummary: z.object({ total: amount.nullish(), adjustment: amount.nullish() }).nullish(),
  totalMarketplaceFee: amount.nullish(),
  buyer: z
    .object({
      buyerRegistrationAddress: contact,
      taxAddress: z.object({ countryCode: text }).nullish(),
      /** Answered by getOrder only, for eBay Italy and Spain. */
      taxIdentifier: z.object({ taxpayerId: text, taxIdentifierType: text }).nullish(),
    })
    .nullish(),
  fulfillmentStartInstructions: z
    .array(
      z.object({
        fulfillmentInstructionsType: text,
        minEstimatedDeliveryDate: instant.nullish(),
        maxEstimatedDeliveryDate: instant.nullish(),
        ebaySupportedFulfillment: z.boolean().nullish(),
        shippingStep: z.object({ shipTo: contact, shippingServiceCode: text }).nullish(),
      }),
    )
    .nullish(),
  program: z.looseObject({}).nullish(),
  lineItems: z.array(lineSchema).min(1),
});
export type RemoteEbayOrder = z.infer<typeof remoteOrderSchema>;

/** A page as a whole. Orders are parsed one by one, so that a broken one costs itself and nothing else. */
export const getOrdersAnswerSchema = z.object({
  total: z.int().nonnegative(),
  orders: z.array(z.unknown()).nullish(),
});

/** What may still be readable of a broken order. */
export const brokenOrderSchema = z.object({
  orderId: z
    .string()
    .regex(/^[\w!-]{1,60}$/)
    .optional()
    .catch(undefined),
  lastModifiedDate: instant.optional().catch(undefined),
});

const fulfillmentSchema = z.object({
  shipmentTrackingNumber: text,
  lineItems: z.array(z.object({ lineItemId: text, quantity: z.int().nonnegative().nullish() })).nullish(),
});
export type RemoteFulfillment = z.infer<typeof fulfillmentSchema>;

/** The parcels of one order. */
export const shippingFulfillmentsSchema = z.object({ fulfillments: z.array(fulfillmentSchema).nullish() });

/** eBay docs, Identity API, getUser. Names and addresses in it are not read. */
export const userSchema = z.object({
  userId: z.string().min(1),
  username: text,
  registrationMarketplaceId: text,
});
