import { type MatchedProduct, type MatchIndex, matchIndexOf, matchOf } from '../domain/listing-match.ts';
import type { ListingStore } from '../ports/listing-store.ts';
import type { ProductStore } from '../ports/product-store.ts';

export interface MatchListingsDeps {
  readonly listings: Pick<ListingStore, 'all' | 'setMatches'>;
  readonly products: Pick<ProductStore, 'matchable'>;
}

export interface MatchedListings {
  readonly matched: number;
  readonly ambiguous: number;
  readonly none: number;
  readonly ignored: number;
}

/** Matches all listings of a channel with the catalogue as both are now; writes only what differs. */
export async function matchListings(deps: MatchListingsDeps, channelId: string): Promise<MatchedListings> {
  const { listings } = deps;
  const index = await readMatchIndex(deps);
  const counts = { matched: 0, ambiguous: 0, none: 0, ignored: 0 };
  for await (const page of listings.all(channelId)) {
    const found = page.map((stored) => ({ stored, match: matchOf(stored.listing, stored.decision, index) }));
    for (const { match } of found) counts[match.state] += 1;
    await listings.setMatches(found);
  }
  return counts;
}

/** The whole catalogue as matching looks at it. */
export async function readMatchIndex({ products }: Pick<MatchListingsDeps, 'products'>): Promise<MatchIndex> {
  const all: MatchedProduct[] = [];
  for await (const page of products.matchable()) all.push(...page);
  return matchIndexOf(all);
}
