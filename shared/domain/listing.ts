import type { Money } from './money.ts';
import type { Marketplace } from './order.ts';

/** Where a remote product stands. `ended`: the last full look did not find it any more. */
export const LISTING_STATUSES = ['active', 'inactive', 'incomplete', 'ended', 'unknown'] as const;
export type ListingStatus = (typeof LISTING_STATUSES)[number];

/** What a marketplace says is wrong with a listing, by its code; never more than a sentence. */
export interface ListingIssue {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
}

/** One remote product: what is sold in one place under one number. Every SKU is text, exactly: `1E5` and `00123` stay. */
export interface Listing {
  /** Names it within its channel: the marketplace's site with the SKU, or its own number of the listing and variation. */
  readonly listingKey: string;
  readonly channelId: string;
  readonly marketplace: Marketplace;
  /** Amazon marketplace, eBay site, ManoMano contract. */
  readonly siteId: string;
  /** What the marketplace calls it: ASIN, item number, product number. */
  readonly remoteId?: string | undefined;
  /** eBay's may be missing, and may stand on several listings. */
  readonly sku?: string | undefined;
  /** With its check digit, or not at all. */
  readonly ean?: string | undefined;
  readonly title?: string | undefined;
  /** What a buyer pays, VAT included. */
  readonly price?: Money | undefined;
  /** Undefined where the marketplace keeps count itself (its own warehouse). */
  readonly quantity?: number | undefined;
  readonly status: ListingStatus;
  /** The marketplace's own word. */
  readonly partnerStatus: string;
  /** `marketplace`: the goods lie in its warehouse, and it counts them. */
  readonly fulfilledBy: 'merchant' | 'marketplace';
  readonly imageUrl?: string | undefined;
  readonly link?: string | undefined;
  readonly issues: readonly ListingIssue[];
  /** eBay: through which of its two ways it was made; a listing of one cannot be changed through the other. */
  readonly model?: 'inventory' | 'classic' | undefined;
  /** Amazon's word for what kind of product it is; changes of it have to name it. */
  readonly productType?: string | undefined;
}

/** A listing as it is kept, with what people and the matching made of it. */
export interface StoredListing {
  readonly listing: Listing;
  readonly match: ListingMatch;
  /** What a person decided; it stands above every matching. */
  readonly decision?: ListingDecision | undefined;
  /** Counts decisions; the condition of the next. 0 before the first. */
  readonly version: number;
  /** When the marketplace's facts of it last changed here. ISO instant. */
  readonly changedAt: string;
}

export const MATCH_STATES = ['matched', 'ambiguous', 'none', 'ignored'] as const;
export type MatchState = (typeof MATCH_STATES)[number];

/** Which product of the catalogue a listing sells. */
export interface ListingMatch {
  readonly state: MatchState;
  /** What it was matched by. */
  readonly by?: 'sku' | 'ean' | 'hand' | undefined;
  /** The one product; of an ambiguous one those that it may be. */
  readonly skus: readonly string[];
  /** The SKU says this product, and both have an EAN, and these differ. */
  readonly eanDiffers: boolean;
}

export interface ListingDecision {
  readonly kind: 'linked' | 'ignored';
  /** Of the product it was linked to. */
  readonly sku?: string | undefined;
  /** Subject of the person's sign-in. */
  readonly by: string;
  readonly at: string;
}

/** SKUs with their listing's site: Amazon's and ManoMano's listings have no better name. */
export function listingKeyOfSku(siteId: string, sku: string): string {
  return `${siteId}/${sku}`;
}

/** eBay's: the item's number, and of an item with variations which one. */
export function listingKeyOfItem(itemId: string, variation: string | undefined): string {
  return variation === undefined ? itemId : `${itemId}/${variation}`;
}

/** What a listing can be found by, lower case. */
export function searchTextOf({ sku, ean, title, remoteId }: Listing): string {
  return [sku, ean, remoteId, title]
    .filter((part) => part !== undefined)
    .join('\n')
    .toLowerCase();
}
