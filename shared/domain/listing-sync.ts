/** How far the look at a channel's listings is. */
export interface ListingSync {
  readonly channelId: string;
  /** What the marketplace is preparing for us (Amazon's reports, by site); undefined when nothing. */
  readonly preparing?: string | undefined;
  /** When the look that is under way began. ISO instant. */
  readonly startedAt?: string | undefined;
  /** When it is looked at again. ISO instant. */
  readonly dueAt: string;
  /** The last look that came to its end. */
  readonly last?: ListingLook | undefined;
  /** Why the last try failed; undefined when it did not. */
  readonly problem?: ListingProblem | undefined;
  /** Consecutive failures. */
  readonly failures: number;
  readonly version: number;
}

export const LISTING_PROBLEMS = [
  'throttled',
  'unavailable',
  'unauthorised',
  'refused',
  'unexpected-answer',
] as const;
export type ListingProblem = (typeof LISTING_PROBLEMS)[number];

export interface ListingLook {
  readonly endedAt: string;
  readonly seen: number;
  readonly created: number;
  readonly changed: number;
  readonly gone: number;
  /** Listings whose data broke the marketplace's contract: which fields, never what they held. */
  readonly unreadable: number;
  readonly firstProblem?: string | undefined;
  /** Calls that were made. */
  readonly calls: number;
  /** Sites that did not let us read their listings: of ManoMano, contracts that are not enabled. */
  readonly notEnabled: readonly string[];
}
