import * as z from 'zod';

/**
 * The Orders API's answers as far as we read them. Required where Amazon's model says so, every word list open:
 * its "possible values" grow without notice. Fields we do not read are dropped here, personal ones included.
 * Source: SP-API models, orders_2026-01-01.json.
 */
const text = z.string().nullish();
const instant = z.iso.datetime({ offset: true });
const money = z.object({ amount: z.string(), currencyCode: z.string().length(3) });
const dateRange = z
  .object({ earliestDateTime: instant.nullish(), latestDateTime: instant.nullish() })
  .nullish();
const quantity = z.int().nonnegative();

const itemSchema = z.object({
  orderItemId: z.string().min(1),
  quantityOrdered: quantity,
  product: z.object({
    asin: text,
    title: text,
    sellerSku: text,
    price: z.object({ unitPrice: money.nullish() }).nullish(),
    customization: z.object({ customizedUrl: text }).nullish(),
  }),
  proceeds: z
    .object({
      proceedsTotal: money.nullish(),
      breakdowns: z.array(z.object({ type: z.string(), subtotal: money })).nullish(),
    })
    .nullish(),
  cancellation: z.object({ cancellationRequest: z.object({}).nullish() }).nullish(),
  fulfillment: z
    .object({
      quantityFulfilled: quantity.nullish(),
      packing: z.object({ giftOption: z.object({ giftMessage: text }).nullish() }).nullish(),
    })
    .nullish(),
});
export type RemoteItem = z.infer<typeof itemSchema>;

export const remoteOrderSchema = z.object({
  orderId: z.string().min(1),
  createdTime: instant,
  lastUpdatedTime: instant,
  programs: z.array(z.string()).nullish(),
  associatedOrders: z.array(z.object({ orderId: text, associationType: text })).nullish(),
  salesChannel: z.object({ channelName: z.string(), marketplaceId: text, marketplaceName: text }),
  buyer: z
    .object({ buyerName: text, buyerEmail: text, buyerCompanyName: text, buyerPurchaseOrderNumber: text })
    .nullish(),
  recipient: z
    .object({
      deliveryAddress: z
        .object({
          name: text,
          companyName: text,
          addressLine1: text,
          addressLine2: text,
          addressLine3: text,
          city: text,
          districtOrCounty: text,
          stateOrRegion: text,
          municipality: text,
          postalCode: text,
          countryCode: text,
          phone: text,
          addressType: text,
        })
        .nullish(),
    })
    .nullish(),
  proceeds: z
    .object({
      grandTotal: money.nullish(),
      breakdowns: z.array(z.object({ type: z.string(), status: text, subtotal: money })).nullish(),
    })
    .nullish(),
  /** Only of orders the merchant ships. */
  packages: z.array(z.object({ packageStatus: z.object({ status: text }).nullish() })).nullish(),
  tax: z
    .object({
      taxRegistrations: z
        .array(
          z.object({
            entityType: text,
            legalName: text,
            taxRegistrationType: text,
            taxRegistrationNumber: text,
          }),
        )
        .nullish(),
    })
    .nullish(),
  fulfillment: z
    .object({
      fulfillmentStatus: z.string(),
      fulfilledBy: text,
      fulfillmentServiceLevel: text,
      shipByWindow: dateRange,
      deliverByWindow: dateRange,
    })
    .nullish(),
  orderItems: z.array(itemSchema),
});
export type RemoteOrder = z.infer<typeof remoteOrderSchema>;

/** A page as a whole. Orders are parsed one by one, so that a broken one costs itself and nothing else. */
export const searchOrdersAnswerSchema = z.object({
  orders: z.array(z.unknown()),
  pagination: z.object({ nextToken: text }).nullish(),
  lastUpdatedBefore: instant.nullish(),
  createdBefore: instant.nullish(),
});

/** One order; parsed like those of a page. */
export const getOrderAnswerSchema = z.object({ order: z.unknown() });

/** The packages of one order, as far as its seller told them. */
export const orderPackagesSchema = z.object({
  order: z.object({
    packages: z.array(z.object({ packageReferenceId: text, trackingNumber: text })).nullish(),
  }),
});

/** What may still be readable of a broken order. */
export const brokenOrderSchema = z.object({
  orderId: z
    .string()
    .regex(/^[\w-]{1,40}$/)
    .optional()
    .catch(undefined),
  lastUpdatedTime: instant.optional().catch(undefined),
});

/** Where the seller sells. Source: SP-API models, sellers.json. */
export const participationsAnswerSchema = z.object({
  payload: z.array(
    z.object({
      marketplace: z.object({ id: z.string().min(1), name: z.string() }),
      participation: z.object({ isParticipating: z.boolean() }),
      storeName: text,
    }),
  ),
});

/** A page of reports; each is parsed by itself. Source: SP-API models, reports_2021-06-30.json. */
export const getReportsAnswerSchema = z.object({ reports: z.array(z.unknown()), nextToken: text });

export const foundReportSchema = z.object({
  /** Part of an object key and of a row's key: nothing but a plain id may stand here. */
  reportId: z.string().regex(/^[\w-]{1,64}$/),
  reportType: z.string(),
  createdTime: instant,
  processingStatus: z.string(),
  reportDocumentId: text,
  marketplaceIds: z.array(z.string()).nullish(),
});

export const reportDocumentSchema = z.object({
  url: z.string().min(1),
  compressionAlgorithm: z.literal('GZIP').nullish(),
});
