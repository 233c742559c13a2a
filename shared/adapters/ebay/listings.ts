import * as z from 'zod';
import { eanOf } from '../../domain/ean.ts';
import { RejectedError, UnexpectedAnswerError } from '../../domain/errors.ts';
import { type Listing, listingKeyOfItem } from '../../domain/listing.ts';
import { type Money, parseDecimal } from '../../domain/money.ts';
import type { CallGate, ListingBatch, ListingQuestion, ListingSource } from '../../ports/listing-source.ts';
import type { QuotaPlan } from '../../ports/quota.ts';
import type { EbayClient } from './client.ts';
import { problemOf } from './errors.ts';
import { EBAY_SITES } from './sites.ts';
import { callTrading } from './trading.ts';

/**
 * Allowances of listings, apart from that of orders: eBay counts each API by the day, 5,000 calls of the Trading API (eBay
 * docs, "API Call Limits"). What a full bucket gives at once and what it gains in a day make no more.
 */
export const EBAY_LISTING_PLANS: Readonly<Record<'trading' | 'inventory', QuotaPlan>> = {
  trading: { ratePerSecond: 4_000 / 86_400, burst: 1_000 },
  inventory: { ratePerSecond: 4_000 / 86_400, burst: 1_000 },
};

/** The most eBay gives, of either. */
const PAGE_SIZE = 200;
/** 120,000 listings; a number of pages beyond it is a mistake. */
const PAGES_MAX = 600;

const text = z.string();
const amountSchema = z.object({ '#text': text, '@currencyID': text });
const pictureSchema = z.object({ GalleryURL: z.array(text).optional() });
const variationSchema = z.object({
  SKU: text.optional(),
  StartPrice: amountSchema.optional(),
  Quantity: text.optional(),
  SellingStatus: z.object({ QuantitySold: text.optional() }).optional(),
  VariationTitle: text.optional(),
  VariationSpecifics: z
    .object({ NameValueList: z.array(z.object({ Name: text, Value: z.array(text) })) })
    .optional(),
});
export const itemSchema = z.object({
  ItemID: z.string().regex(/^\d{1,19}$/),
  SKU: text.optional(),
  Title: text.optional(),
  ListingType: text.optional(),
  Quantity: text.optional(),
  QuantityAvailable: text.optional(),
  StartPrice: amountSchema.optional(),
  SellingStatus: z
    .object({ CurrentPrice: amountSchema.optional(), QuantitySold: text.optional() })
    .optional(),
  ListingDetails: z.object({ ViewItemURL: text.optional() }).optional(),
  PictureDetails: pictureSchema.optional(),
  Variations: z.object({ Variation: z.array(variationSchema) }).optional(),
});
type Item = z.infer<typeof itemSchema>;
const pageSchema = z.object({
  ActiveList: z
    .object({
      ItemArray: z.union([z.literal(''), z.object({ Item: z.array(z.unknown()) })]).optional(),
      PaginationResult: z.object({ TotalNumberOfPages: z.string().regex(/^\d{1,6}$/) }).optional(),
    })
    .optional(),
});
const inventorySchema = z.object({
  total: z.int().nonnegative(),
  inventoryItems: z
    .array(
      z.object({
        sku: z.string(),
        product: z
          .object({ ean: z.array(z.string()).nullish(), imageUrls: z.array(z.string()).nullish() })
          .nullish(),
      }),
    )
    .nullish(),
});

/** What the Inventory API knows of a SKU. */
interface InventoryFacts {
  readonly ean: string | undefined;
  readonly imageUrl: string | undefined;
}

/**
 * The active listings of a seller: the Trading API lists them all, whatever they were made through, and the Inventory API
 * says which are its own. Of a seller who did not consent to the latter the model stays unknown, until a change asks.
 * Source: Trading API docs, GetMyeBaySelling; Inventory API v1, getInventoryItems, where `offset` is the number of a page.
 */
export function createEbayListingSource(clients: {
  readonly trading: (accountId: string) => Promise<EbayClient>;
  readonly inventory: (accountId: string) => Promise<EbayClient>;
}): ListingSource {
  return {
    async read(question, _preparing, gate) {
      return { state: 'ready', batches: batchesOf(question, clients, gate), notEnabled: new Set() };
    },
  };
}

async function* batchesOf(
  question: ListingQuestion,
  clients: Parameters<typeof createEbayListingSource>[0],
  gate: CallGate,
): AsyncGenerator<ListingBatch> {
  const known = await inventoryOf(() => clients.inventory(question.accountId), gate);
  const client = await clients.trading(question.accountId);
  let pages = 1;
  for (let page = 1; page <= pages; page += 1) {
    await gate('trading');
    const { answer } = await callTrading(
      client,
      'GetMyeBaySelling',
      {
        ActiveList: { Include: true, Pagination: { EntriesPerPage: PAGE_SIZE, PageNumber: page } },
        DetailLevel: 'ReturnAll',
      },
      pageSchema,
    );
    const { ItemArray, PaginationResult } = answer.ActiveList ?? {};
    pages = Number(PaginationResult?.TotalNumberOfPages ?? 0);
    if (pages > PAGES_MAX) throw new UnexpectedAnswerError('ebay', `ebay GetMyeBaySelling: ${pages} pages`);
    yield batchOf(question, typeof ItemArray === 'object' ? ItemArray.Item : [], known);
  }
}

/** By SKU; undefined when the seller did not consent to it. */
async function inventoryOf(
  open: () => Promise<EbayClient>,
  gate: CallGate,
): Promise<ReadonlyMap<string, InventoryFacts> | undefined> {
  const known = new Map<string, InventoryFacts>();
  try {
    const client = await open();
    for (let page = 0; page < PAGES_MAX; page += 1) {
      await gate('inventory');
      const answer = await client.call('getInventoryItems', (api) =>
        api.sell.inventory
          .api({ returnResponse: true })
          .getInventoryItems({ limit: PAGE_SIZE, offset: page }),
      );
      const read = inventorySchema.safeParse(answer.data);
      if (!read.success) {
        throw new UnexpectedAnswerError('ebay', `ebay getInventoryItems: ${problemOf(read.error.issues)}`);
      }
      for (const { sku, product } of read.data.inventoryItems ?? []) {
        const ean = (product?.ean ?? []).map(eanOf).find((each) => each !== undefined);
        known.set(sku, { ean, imageUrl: product?.imageUrls?.[0] });
      }
      if ((page + 1) * PAGE_SIZE >= read.data.total) return known;
    }
    throw new UnexpectedAnswerError('ebay', 'ebay getInventoryItems: pages without end');
  } catch (error) {
    if (error instanceof RejectedError && error.status === 403) return undefined;
    throw error;
  }
}

/** Items are read one by one, so that a broken one costs itself and nothing else. */
function batchOf(
  question: ListingQuestion,
  items: readonly unknown[],
  known: ReadonlyMap<string, InventoryFacts> | undefined,
): ListingBatch {
  const listings: Listing[] = [];
  const unreadable: string[] = [];
  for (const item of items) {
    const read = itemSchema.safeParse(item);
    if (!read.success) {
      unreadable.push(problemOf(read.error.issues));
      continue;
    }
    try {
      listings.push(...listingsOf(question, read.data, known));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      unreadable.push('price or quantity: not a number');
    }
  }
  return { listings, unreadable };
}

function listingsOf(
  { channelId, siteIds }: ListingQuestion,
  item: Item,
  known: ReadonlyMap<string, InventoryFacts> | undefined,
): readonly Listing[] {
  const link = item.ListingDetails?.ViewItemURL;
  const siteId = siteOf(link) ?? siteIds[0];
  // Another site of the same seller: another channel's, if there is one.
  if (siteId === undefined || !siteIds.includes(siteId)) return [];
  const base = {
    channelId,
    marketplace: 'ebay' as const,
    siteId,
    remoteId: item.ItemID,
    title: item.Title,
    status: 'active' as const,
    partnerStatus: item.ListingType ?? 'Active',
    fulfilledBy: 'merchant' as const,
    link,
    issues: [],
  };
  const factsOf = (sku: string | undefined) => {
    const facts = sku === undefined ? undefined : known?.get(sku);
    const imageUrl = facts?.imageUrl ?? item.PictureDetails?.GalleryURL?.[0];
    const model =
      known === undefined ? undefined : facts === undefined ? ('classic' as const) : ('inventory' as const);
    return { sku, ean: facts?.ean, imageUrl, model };
  };
  const variations = item.Variations?.Variation;
  if (variations === undefined) {
    const { price, quantity } = shownOf(item, undefined);
    return [
      {
        ...base,
        ...factsOf(skuOf(item.SKU)),
        listingKey: listingKeyOfItem(item.ItemID, undefined),
        price,
        quantity,
      },
    ];
  }
  return variations.map((variation) => {
    const sku = skuOf(variation.SKU);
    return {
      ...base,
      ...factsOf(sku),
      title: variation.VariationTitle ?? item.Title,
      listingKey: listingKeyOfItem(item.ItemID, sku ?? specificsOf(variation)),
      ...shownOf(item, variation),
    };
  });
}

/** Price and pieces left of an item, or of one of its variations. */
export function shownOf(
  item: Item,
  variation: z.infer<typeof variationSchema> | undefined,
): { readonly price: Money | undefined; readonly quantity: number | undefined } {
  if (variation !== undefined) {
    return {
      price: moneyOf(variation.StartPrice),
      quantity: leftOf(variation.Quantity, variation.SellingStatus?.QuantitySold),
    };
  }
  const left = item.QuantityAvailable ?? undefined;
  return {
    price: moneyOf(item.SellingStatus?.CurrentPrice ?? item.StartPrice),
    quantity: left === undefined ? leftOf(item.Quantity, item.SellingStatus?.QuantitySold) : countOf(left),
  };
}

function leftOf(quantity: string | undefined, sold: string | undefined): number | undefined {
  return quantity === undefined ? undefined : Math.max(0, countOf(quantity) - countOf(sold ?? '0'));
}

function countOf(digits: string): number {
  if (!/^\d{1,9}$/.test(digits)) throw new RangeError('not a quantity');
  return Number(digits);
}

function moneyOf(amount: z.infer<typeof amountSchema> | undefined): Money | undefined {
  if (amount === undefined) return undefined;
  const currency = amount['@currencyID'];
  return { amountMinor: parseDecimal(amount['#text'], currency), currency };
}

function skuOf(sku: string | undefined): string | undefined {
  return sku === '' ? undefined : sku;
}

/** What tells variations without a SKU apart. */
function specificsOf({ VariationSpecifics }: z.infer<typeof variationSchema>): string {
  const pairs = VariationSpecifics?.NameValueList ?? [];
  return pairs.map(({ Name, Value }) => `${Name}=${Value.join(',')}`).join('|') || 'variation';
}

/** A listing's page stands on the site where it was listed. */
function siteOf(link: string | undefined): string | undefined {
  if (link === undefined || !URL.canParse(link)) return undefined;
  const host = new URL(link).hostname.toLowerCase();
  return EBAY_SITES.find(({ name }) => host === name.toLowerCase() || host.endsWith(`.${name.toLowerCase()}`))
    ?.siteId;
}
