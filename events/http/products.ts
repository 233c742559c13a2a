import * as z from 'zod';
import {
  amountSchema,
  channelIdSchema,
  marketplaceSchema,
  moneySchema,
  nextCursorSchema,
  pagingShape,
} from './shared-fields.ts';

const nullableText = z.string().nullable();
/** A listing's key, encoded. */
const listingIdSchema = z.string().regex(/^[\w-]{1,400}$/);
const planIdSchema = z.string().regex(/^\d{17}-[\w-]{1,40}$/);
const matchStateSchema = z.enum(['matched', 'ambiguous', 'none', 'ignored']);
const statusSchema = z.enum(['active', 'inactive', 'incomplete', 'ended', 'unknown']);
const searchTextSchema = z.string().trim().min(1).max(100);
const skuSchema = z.string().min(1).max(80);
/** Percent, not negative: `22`, `22.5`. */
const percentSchema = z.string().regex(/^\d{1,3}(?:\.\d{1,2})?$/);

export const listingChannelParamsSchema = z.strictObject({ channelId: channelIdSchema });
export const listingParamsSchema = z.strictObject({ channelId: channelIdSchema, listingId: listingIdSchema });
export const listingPlanParamsSchema = z.strictObject({ channelId: channelIdSchema, planId: planIdSchema });

export const listingListQuerySchema = z.strictObject({
  /** Found in SKU, EAN, the marketplace's number or the title. */
  text: searchTextSchema.optional(),
  match: matchStateSchema.optional(),
  status: statusSchema.optional(),
  ...pagingShape,
});

export const listingSchema = z.object({
  listingId: z.string(),
  channel: z.string(),
  marketplace: marketplaceSchema,
  siteId: z.string(),
  /** ASIN, item number or product number. */
  remoteId: nullableText,
  sku: nullableText,
  ean: nullableText,
  title: nullableText,
  price: moneySchema.nullable(),
  /** Null where the marketplace counts. */
  quantity: z.int().nullable(),
  status: statusSchema,
  partnerStatus: z.string(),
  fulfilledBy: z.enum(['merchant', 'marketplace']),
  imageUrl: nullableText,
  link: nullableText,
  issues: z.array(
    z.object({ code: z.string(), severity: z.enum(['error', 'warning', 'info']), message: z.string() }),
  ),
  /** eBay: through which of its two ways it was made. */
  model: z.enum(['inventory', 'classic']).nullable(),
  match: z.object({
    state: matchStateSchema,
    by: z.enum(['sku', 'ean', 'hand']).nullable(),
    /** The product; of an ambiguous listing those that it may be. */
    skus: z.array(z.string()),
    eanDiffers: z.boolean(),
  }),
  decision: z
    .object({ kind: z.enum(['linked', 'ignored']), sku: nullableText, by: z.string(), at: z.string() })
    .nullable(),
  changedAt: z.string(),
  version: z.int(),
});
/** A narrow search may leave a page short: the list ends where the cursor is null. */
export const listingPageSchema = z.object({ listings: z.array(listingSchema), cursor: nextCursorSchema });

export const listingDecisionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('linked'), sku: skuSchema }),
  z.strictObject({ kind: z.literal('ignored') }),
]);
export const importListingSchema = z.strictObject({
  /** Where the listing has none, or another is wanted. */
  sku: skuSchema.optional(),
  vatRate: percentSchema,
});

export const productSchema = z.object({
  sku: z.string(),
  ean: nullableText,
  title: z.string(),
  price: moneySchema,
  vatRate: z.string(),
  quantity: z.int(),
  imageUrls: z.array(z.string()),
});
export const productListQuerySchema = z.strictObject({ text: searchTextSchema.optional(), ...pagingShape });
export const productPageSchema = z.object({ products: z.array(productSchema), cursor: nextCursorSchema });

export const putProductsSchema = z.strictObject({
  products: z
    .array(
      z.strictObject({
        sku: skuSchema,
        ean: z.string().max(20).optional(),
        title: z.string().max(500),
        price: z.strictObject({ amount: amountSchema, currency: z.string().regex(/^[A-Z]{3}$/) }),
        vatRate: percentSchema,
        quantity: z.int(),
        imageUrls: z.array(z.string().max(1_000)).max(24).optional(),
      }),
    )
    .min(1)
    .max(100),
});
export const productsPutSchema = z.object({
  created: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  rejected: z.array(z.object({ sku: z.string(), faults: z.array(z.string()) })),
});

export const listingLookSchema = z.object({
  on: z.boolean(),
  nextAt: nullableText,
  /** The marketplace is making a report. */
  preparing: z.boolean(),
  /** Why the last try failed. */
  problem: z.enum(['throttled', 'unavailable', 'unauthorised', 'refused', 'unexpected-answer']).nullable(),
  last: z
    .object({
      endedAt: z.string(),
      seen: z.int(),
      created: z.int(),
      changed: z.int(),
      gone: z.int(),
      unreadable: z.int(),
      firstProblem: nullableText,
      calls: z.int(),
      /** Contracts that are not enabled: their offers are not shown. */
      notEnabled: z.array(z.string()),
    })
    .nullable(),
});
export const lookRequestedSchema = z.object({ requested: z.boolean() });

export const listingRulesSchema = z.strictObject({
  pushesPrice: z.boolean(),
  pushesQuantity: z.boolean(),
  /** Hundredths of a percent: 10500 is five percent on top. */
  priceFactorBp: z.int(),
  /** Prices go up to the next that is so much more than a multiple of the step: 100 and 99 make 12.34 into 12.99. */
  rounding: z.strictObject({ stepMinor: z.int(), endMinor: z.int() }),
  quantityReserve: z.int(),
});

export const requestListingPlanSchema = z.strictObject({
  /** Only these listings; all of the channel where it is left out. */
  listingIds: z.array(listingIdSchema).min(1).max(200).optional(),
});
export const listingPlanSchema = z.object({
  planId: z.string(),
  channel: z.string(),
  requestedBy: z.string(),
  requestedAt: z.string(),
  state: z.enum(['preparing', 'ready', 'approved', 'ended']),
  rules: listingRulesSchema,
  counts: z
    .object({
      compared: z.int(),
      changes: z.int(),
      prices: z.int(),
      quantities: z.int(),
      toZero: z.int(),
      leftAlone: z.int(),
    })
    .nullable(),
  /** So many listings would go to zero that the approval has to name this number. */
  zeroesToConfirm: z.int().nullable(),
  approvedBy: nullableText,
  approvedAt: nullableText,
  endedAt: nullableText,
});
export const listingPlanPageSchema = z.object({
  plans: z.array(listingPlanSchema),
  cursor: nextCursorSchema,
});
const lineStateSchema = z.enum(['planned', 'sending', 'accepted', 'done', 'refused', 'unclear', 'outdated']);
const changeSchema = z.object({ price: moneySchema.nullable(), quantity: z.int().nullable() });
export const planLinesQuerySchema = z.strictObject({ state: lineStateSchema.optional(), ...pagingShape });
export const planLinePageSchema = z.object({
  lines: z.array(
    z.object({
      listingId: z.string(),
      sku: nullableText,
      title: nullableText,
      remoteId: nullableText,
      productSku: z.string(),
      /** Null for what stays. */
      from: changeSchema,
      to: changeSchema,
      state: lineStateSchema,
      /** The marketplace's own, or why nobody knows. */
      code: nullableText,
      attempts: z.int(),
    }),
  ),
  cursor: nextCursorSchema,
});
export const approveListingPlanSchema = z.strictObject({ zeroes: z.int().min(1).optional() });
export const pagingQuerySchema = z.strictObject(pagingShape);
