import type { Listing, StoredListing } from '../../shared/domain/listing.ts';
import { NO_MATCH } from '../../shared/domain/listing-match.ts';
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
    ean: undefined,
    title: 'Lampada inventata',
    price: { amountMinor: 1_000, currency: 'EUR' },
    quantity: 5,
    status: 'active',
    partnerStatus: 'Active',
    fulfilledBy: 'merchant',
    imageUrl: undefined,
    link: undefined,
    issues: [],
    ...changes,
  };
}

/** The same as it is kept. @param sku of the product it is matched with; undefined: none */
export function aStoredListing(changes: Partial<Listing> = {}, sku?: string): StoredListing {
  return {
    listing: aListing(changes),
    match: sku === undefined ? NO_MATCH : { state: 'matched', by: 'sku', skus: [sku], eanDiffers: false },
    decision: undefined,
    version: 0,
    changedAt: '2026-11-20T10:00:00.000Z',
  };
}

export function aProduct(changes: Partial<Product> = {}): Product {
  return {
    sku: 'LAMP',
    ean: undefined,
    title: 'Lampada inventata',
    price: { amountMinor: 1_000, currency: 'EUR' },
    vatRateBp: 2_200,
    quantity: 5,
    imageUrls: [],
    ...changes,
  };
}
