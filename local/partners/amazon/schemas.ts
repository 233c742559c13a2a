import { z } from 'zod';

/**
 * Orders API v2026-01-01 as Amazon publishes it (selling-partner-api-models, orders_2026-01-01.json), strict: the
 * stand-in checks its own answers with it, so that nothing leaves it that the published model does not have. Only
 * the parts that stay empty everywhere here (Brazilian address fields, opening hours) are left out.
 */
const instantSchema = z.iso.datetime();
const moneySchema = z.strictObject({
  amount: z.string().regex(/^-?\d+(\.\d+)?$/),
  currencyCode: z.string().length(3),
});
export type AmazonMoney = z.infer<typeof moneySchema>;
const rangeSchema = z.strictObject({
  earliestDateTime: instantSchema.optional(),
  latestDateTime: instantSchema.optional(),
});

const itemSchema = z.strictObject({
  orderItemId: z.string(),
  quantityOrdered: z.int().nonnegative(),
  programs: z.array(z.string()).optional(),
  product: z.strictObject({
    asin: z.string().optional(),
    title: z.string().optional(),
    sellerSku: z.string().optional(),
    condition: z
      .strictObject({
        conditionType: z.string().optional(),
        conditionSubtype: z.string().optional(),
        conditionNote: z.string().optional(),
      })
      .optional(),
    price: z
      .strictObject({ unitPrice: moneySchema.optional(), priceDesignation: z.string().optional() })
      .optional(),
    serialNumbers: z.array(z.string()).optional(),
    customization: z.strictObject({ customizedUrl: z.string().optional() }).optional(),
  }),
  proceeds: z
    .strictObject({
      proceedsTotal: moneySchema.optional(),
      breakdowns: z
        .array(
          z.strictObject({
            type: z.string(),
            subtotal: moneySchema,
            detailedBreakdowns: z
              .array(z.strictObject({ subtype: z.string().optional(), value: moneySchema.optional() }))
              .optional(),
          }),
        )
        .optional(),
    })
    .optional(),
  promotion: z
    .strictObject({
      breakdowns: z.array(z.strictObject({ promotionId: z.string().optional() })).optional(),
    })
    .optional(),
  cancellation: z
    .strictObject({
      cancellationRequest: z
        .strictObject({ requester: z.string().optional(), cancelReason: z.string().optional() })
        .optional(),
      cancellationExecution: z
        .strictObject({ cancelledBy: z.string().optional(), cancelReason: z.string().optional() })
        .optional(),
    })
    .optional(),
  fulfillment: z
    .strictObject({
      quantityFulfilled: z.int().optional(),
      quantityUnfulfilled: z.int().optional(),
      packing: z
        .strictObject({
          giftOption: z
            .strictObject({ giftMessage: z.string().optional(), giftWrapLevel: z.string().optional() })
            .optional(),
        })
        .optional(),
    })
    .optional(),
});

const addressSchema = z.strictObject({
  name: z.string().optional(),
  companyName: z.string().optional(),
  addressLine1: z.string().optional(),
  addressLine2: z.string().optional(),
  addressLine3: z.string().optional(),
  city: z.string().optional(),
  districtOrCounty: z.string().optional(),
  stateOrRegion: z.string().optional(),
  municipality: z.string().optional(),
  postalCode: z.string().optional(),
  countryCode: z.string().optional(),
  phone: z.string().optional(),
  addressType: z.string().optional(),
});

export const fulfillmentStatusSchema = z.enum([
  'PENDING_AVAILABILITY',
  'PENDING',
  'UNSHIPPED',
  'PARTIALLY_SHIPPED',
  'SHIPPED',
  'CANCELLED',
  'UNFULFILLABLE',
]);

export const amazonOrderSchema = z.strictObject({
  orderId: z.string().regex(/^\d{3}-\d{7}-\d{7}$/),
  orderAliases: z.array(z.strictObject({ aliasId: z.string(), aliasType: z.string() })).optional(),
  createdTime: instantSchema,
  lastUpdatedTime: instantSchema,
  programs: z.array(z.string()).optional(),
  associatedOrders: z
    .array(z.strictObject({ orderId: z.string().optional(), associationType: z.string().optional() }))
    .optional(),
  salesChannel: z.strictObject({
    channelName: z.string(),
    marketplaceId: z.string().optional(),
    marketplaceName: z.string().optional(),
  }),
  buyer: z
    .strictObject({
      buyerName: z.string().optional(),
      buyerEmail: z.string().optional(),
      buyerCompanyName: z.string().optional(),
      buyerPurchaseOrderNumber: z.string().optional(),
    })
    .optional(),
  recipient: z.strictObject({ deliveryAddress: addressSchema.optional() }).optional(),
  proceeds: z
    .strictObject({
      grandTotal: moneySchema.optional(),
      breakdowns: z
        .array(z.strictObject({ type: z.string(), status: z.string().optional(), subtotal: moneySchema }))
        .optional(),
    })
    .optional(),
  payment: z
    .strictObject({
      paymentExecutions: z
        .array(
          z.strictObject({ paymentMethod: z.string().optional(), paymentAmount: moneySchema.optional() }),
        )
        .optional(),
    })
    .optional(),
  tax: z
    .strictObject({
      taxRegistrations: z
        .array(
          z.strictObject({
            entityType: z.string().optional(),
            legalName: z.string().optional(),
            taxRegistrationType: z.string().optional(),
            taxRegistrationNumber: z.string().optional(),
            taxRegistrationAddress: addressSchema.optional(),
          }),
        )
        .optional(),
    })
    .optional(),
  fulfillment: z
    .strictObject({
      fulfillmentStatus: fulfillmentStatusSchema,
      fulfilledBy: z.string().optional(),
      fulfillmentServiceLevel: z.string().optional(),
      shipByWindow: rangeSchema.optional(),
      deliverByWindow: rangeSchema.optional(),
    })
    .optional(),
  orderItems: z.array(itemSchema).min(1),
  packages: z
    .array(
      z.strictObject({
        packageReferenceId: z.string(),
        createdTime: instantSchema.optional(),
        packageStatus: z
          .strictObject({
            status: z.enum(['PENDING', 'IN_TRANSIT', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'UNDELIVERABLE']),
            detailedStatus: z.string().optional(),
          })
          .optional(),
        carrier: z.string().optional(),
        shipTime: instantSchema.optional(),
        shippingService: z.string().optional(),
        trackingNumber: z.string().optional(),
        packageItems: z.array(z.strictObject({ orderItemId: z.string(), quantity: z.int() })).optional(),
      }),
    )
    .optional(),
});
export type AmazonOrder = z.infer<typeof amazonOrderSchema>;

export const searchOrdersResponseSchema = z.strictObject({
  orders: z.array(amazonOrderSchema),
  pagination: z.strictObject({ nextToken: z.string() }).optional(),
  lastUpdatedBefore: instantSchema.optional(),
  createdBefore: instantSchema.optional(),
});
export const getOrderResponseSchema = z.strictObject({ order: amazonOrderSchema });

export const INCLUDED_DATA = [
  'BUYER',
  'RECIPIENT',
  'PROCEEDS',
  'EXPENSE',
  'PROMOTION',
  'CANCELLATION',
  'FULFILLMENT',
  'PACKAGES',
  'TAX',
  'PAYMENT',
  'FULFILLMENT_ORDERS',
] as const;
export type IncludedData = (typeof INCLUDED_DATA)[number];

/** Invented names of the hosts that Amazon's addresses lead to: which ones it uses is not published. */
export const DOCUMENT_HOST = 'demo-report-documents.s3.eu-west-1.amazonaws.com';
export const CUSTOMISATION_HOST = 'demo-customisations.s3.eu-west-1.amazonaws.com';

/** Reports API v2021-06-30 (selling-partner-api-models, reports_2021-06-30.json). */
export const PROCESSING_STATUSES = ['CANCELLED', 'DONE', 'FATAL', 'IN_PROGRESS', 'IN_QUEUE'] as const;
export const getReportsResponseSchema = z.strictObject({
  reports: z.array(
    z.strictObject({
      reportId: z.string(),
      reportType: z.string(),
      marketplaceIds: z.array(z.string()).optional(),
      createdTime: instantSchema,
      processingStatus: z.enum(PROCESSING_STATUSES),
      reportDocumentId: z.string().optional(),
    }),
  ),
  nextToken: z.string().optional(),
});
export const reportDocumentSchema = z.strictObject({
  reportDocumentId: z.string(),
  url: z.url(),
  compressionAlgorithm: z.literal('GZIP').optional(),
});

/** Sellers API v1 (selling-partner-api-models, sellers.json): the only one here that still wraps its answer. */
export const participationsQuerySchema = z.strictObject({});
export const participationsResponseSchema = z.strictObject({
  payload: z.array(
    z.strictObject({
      marketplace: z.strictObject({
        id: z.string(),
        name: z.string(),
        countryCode: z.string().regex(/^[A-Z]{2}$/),
        defaultCurrencyCode: z.string(),
        defaultLanguageCode: z.string(),
        domainName: z.string(),
      }),
      participation: z.strictObject({ isParticipating: z.boolean(), hasSuspendedListings: z.boolean() }),
      storeName: z.string(),
    }),
  ),
});
