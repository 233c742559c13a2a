import type {
  Listing,
  ListingDecision,
  ListingMatch,
  ListingStatus,
  MatchState,
  StoredListing,
} from '../domain/listing.ts';
import type { ListingSync } from '../domain/listing-sync.ts';

/** What a list of listings is narrowed to. */
export interface ListingFilter {
  /** Found in SKU, EAN, the marketplace's number or the title, in any spelling of case. */
  readonly text?: string | undefined;
  readonly match?: MatchState | undefined;
  readonly status?: ListingStatus | undefined;
}

/** One look at all listings of a channel: what is put while it lasts is compared with what was there when it began. */
export interface ListingLookStore {
  /** Writes what is new or differs, and nothing else. */
  put(
    listings: readonly Listing[],
    at: string,
  ): Promise<{ readonly created: number; readonly changed: number }>;
  /**
   * Marks those as ended that were not put.
   * @param isLookedAt false for listings that this look could not see
   */
  endOthers(isLookedAt: (listingKey: string) => boolean, at: string): Promise<number>;
}

/** Remote products, by channel. */
export interface ListingStore {
  /** Reads what is stored of the channel: of 100,000 listings some 60 MB. */
  look(channelId: string): Promise<ListingLookStore>;
  /** Writes what we know of them now, without a look. */
  put(listings: readonly Listing[], at: string): Promise<void>;
  get(channelId: string, listingKey: string): Promise<StoredListing | undefined>;
  /**
   * A page in the order of their keys. A narrow filter reads on until the page is full, the list ends or a bound is met:
   * a page may hold less than the limit, and none, and still have a cursor.
   * @throws RangeError when the cursor is none of this list's
   */
  list(query: {
    readonly channelId: string;
    readonly filter: ListingFilter;
    readonly limit: number;
    readonly cursor?: string | undefined;
  }): Promise<{ readonly listings: readonly StoredListing[]; readonly cursor: string | undefined }>;
  /** All of a channel, page by page. */
  all(channelId: string): AsyncIterable<readonly StoredListing[]>;
  /** Stores what the matching found, unless somebody decided since the listing was read. */
  setMatches(
    found: readonly { readonly stored: StoredListing; readonly match: ListingMatch }[],
  ): Promise<void>;
  /** Stores a person's decision, or takes it back, when nobody decided since `expectedVersion`. */
  decide(
    name: { readonly channelId: string; readonly listingKey: string },
    decision: ListingDecision | undefined,
    match: ListingMatch,
    expectedVersion: number,
  ): Promise<'decided' | 'conflict'>;
}

/** How far each channel's looks are. */
export interface ListingSyncStore {
  get(channelId: string): Promise<ListingSync | undefined>;
  /** Stores it when the stored version is `expectedVersion`; 0 when there is none. */
  change(sync: ListingSync, expectedVersion: number): Promise<'changed' | 'conflict'>;
}
