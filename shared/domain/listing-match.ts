import type { Listing, ListingDecision, ListingMatch } from './listing.ts';
import type { Product } from './product.ts';

/** What of a product matching looks at. */
export type MatchedProduct = Pick<Product, 'sku' | 'ean'>;

/** The catalogue, by what listings are matched by. */
export interface MatchIndex {
  readonly bySku: ReadonlyMap<string, MatchedProduct>;
  /** One EAN may stand on several products. */
  readonly byEan: ReadonlyMap<string, readonly string[]>;
}

export const NO_MATCH: ListingMatch = { state: 'none', skus: [], eanDiffers: false };
/** Of an ambiguous listing so many products are named. */
const NAMED_MAX = 20;

export function matchIndexOf(products: Iterable<MatchedProduct>): MatchIndex {
  const bySku = new Map<string, MatchedProduct>();
  const byEan = new Map<string, string[]>();
  for (const { sku, ean } of products) {
    bySku.set(sku, { sku, ean });
    if (ean === undefined) continue;
    const skus = byEan.get(ean);
    if (skus === undefined) byEan.set(ean, [sku]);
    else skus.push(sku);
  }
  for (const skus of byEan.values()) skus.sort();
  return { bySku, byEan };
}

/**
 * Which product a listing sells. What a person decided stands above everything; then the SKU, to the letter; then the
 * EAN, where no SKU says anything. A product that a person linked and that is gone leaves no match, and the decision.
 */
export function matchOf(
  { sku, ean }: Pick<Listing, 'sku' | 'ean'>,
  decision: Pick<ListingDecision, 'kind' | 'sku'> | undefined,
  { bySku, byEan }: MatchIndex,
): ListingMatch {
  if (decision?.kind === 'ignored') return { ...NO_MATCH, state: 'ignored' };
  if (decision !== undefined) {
    const linked = decision.sku === undefined ? undefined : bySku.get(decision.sku);
    return linked === undefined ? NO_MATCH : matched('hand', linked, ean);
  }
  const own = sku === undefined ? undefined : bySku.get(sku);
  if (own !== undefined) return matched('sku', own, ean);
  const candidates = ean === undefined ? [] : (byEan.get(ean) ?? []);
  const [only] = candidates;
  if (only === undefined) return NO_MATCH;
  if (candidates.length > 1) {
    return { state: 'ambiguous', by: 'ean', skus: candidates.slice(0, NAMED_MAX), eanDiffers: false };
  }
  return { state: 'matched', by: 'ean', skus: [only], eanDiffers: false };
}

export function isSameMatch(one: ListingMatch, other: ListingMatch): boolean {
  return (
    one.state === other.state &&
    one.by === other.by &&
    one.eanDiffers === other.eanDiffers &&
    one.skus.length === other.skus.length &&
    one.skus.every((sku, at) => sku === other.skus[at])
  );
}

function matched(by: 'sku' | 'hand', product: MatchedProduct, ean: string | undefined): ListingMatch {
  const eanDiffers = product.ean !== undefined && ean !== undefined && product.ean !== ean;
  return { state: 'matched', by, skus: [product.sku], eanDiffers };
}
