import type { Listing, StoredListing } from '../../shared/domain/listing.ts';
import { NO_MATCH } from '../../shared/domain/listing-match.ts';
import { DEFAULT_RULES, type ListingPlan } from '../../shared/domain/listing-plan.ts';
import type { Product } from '../../shared/domain/product.ts';

/** An invented listing of the SKU `LAMP`, with what a test is about. */
export function aListing(changes: Partial<Listing> = {}): Listing {
  return {
    listingKey: 'EBAY_IT/LAMP',
    channelId: 'ebay-it',
    marketplace: 'ebay',
    siteId: 'EBAY_IT',
    remoteId: '110000000001',
    sku: 'LAMP',
    title: 'Lampada inventata',
    price: { amountMinor: 1_000, currency: 'EUR' },
    quantity: 5,
    status: 'active',
    partnerStatus: 'Active',
    fulfilledBy: 'merchant',
    issues: [],
    ...changes,
  };
}

/** The same as it is kept. @param sku of the product it is matched with; undefined: none */
export function aStoredListing(changes: Partial<Listing> = {}, sku?: string): StoredListing {
  return {
    listing: aListing(changes),
    match: sku === undefined ? NO_MATCH : { state: 'matched', by: 'sku', skus: [sku], eanDiffers: false },
    version: 0,
    changedAt: '2026-11-20T10:00:00.000Z',
  };
}

export function aProduct(changes: Partial<Product> = {}): Product {
  return {
    sku: 'LAMP',
    title: 'Lampada inventata',
    price: { amountMinor: 1_000, currency: 'EUR' },
    vatRateBp: 2_200,
    quantity: 5,
    imageUrls: [],
    ...changes,
  };
}

/** An invented dry run that is being made. */
export function aPlan(changes: Partial<ListingPlan> = {}): ListingPlan {
  return {
    planId: '20261120100000000-a',
    channelId: 'ebay-it',
    marketplace: 'ebay',
    requestedBy: 'person-1',
    requestedAt: '2026-11-20T10:00:00.000Z',
    state: 'preparing',
    rules: DEFAULT_RULES,
    dueAt: '2026-11-20T10:02:00.000Z',
    version: 1,
    ...changes,
  };
}
