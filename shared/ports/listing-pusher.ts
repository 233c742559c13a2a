import type { ListingChange, PlanLine } from '../domain/listing-plan.ts';
import type { CallGate } from './listing-source.ts';

/** What a marketplace said of one listing's change. */
export interface PushResult {
  readonly listingKey: string;
  /** `accepted`: it has it and works on it; the listing itself tells when it is done. */
  readonly outcome: 'done' | 'accepted' | 'refused';
  readonly code?: string | undefined;
}

/** What a marketplace shows of a listing now; undefined when it knows of none. */
export type ShownListing = (ListingChange & { readonly refusal?: string | undefined }) | undefined;

/** Tells one marketplace prices and quantities. */
export interface ListingPusher {
  /** Listings that one `push` may hold: one call of the partner's. */
  readonly pushMax: number;
  /** Listings that one `show` may ask for. */
  readonly showMax: number;
  /**
   * Tells of all these listings. A line that is not named in the answer was not carried out.
   * @throws RejectedError when the marketplace refused all of it
   * @throws UnavailableError when nobody knows whether it arrived: `show` before another
   * @throws ThrottledError before anything was sent
   */
  push(accountId: string, lines: readonly PlanLine[], gate: CallGate): Promise<readonly PushResult[]>;
  /** What the listings are now, by key. */
  show(
    accountId: string,
    lines: readonly PlanLine[],
    gate: CallGate,
  ): Promise<ReadonlyMap<string, ShownListing>>;
}
