import type { Listing } from '../domain/listing.ts';

/** Whose listings, and where. */
export interface ListingQuestion {
  readonly accountId: string;
  readonly channelId: string;
  readonly siteIds: readonly string[];
  /** ISO 4217, where the marketplace does not name it. */
  readonly currency: string;
}

/** Asked before every call at the partner; throws `ThrottledError` when the allowance is used up. */
export type CallGate = (operation: string) => Promise<void>;

export interface ListingBatch {
  readonly listings: readonly Listing[];
  /** Of each listing that broke the partner's contract: which fields broke which rule, never what they held. */
  readonly unreadable: readonly string[];
}

export type ListingRead =
  /** The partner is making a report: asked again with this. */
  | { readonly state: 'preparing'; readonly preparing: string }
  | {
      readonly state: 'ready';
      /** Everything, as it arrives. Fails like any call. */
      readonly batches: AsyncIterable<ListingBatch>;
      /** Sites that turned out not to be ours to read; complete when the batches have ended. */
      readonly notEnabled: ReadonlySet<string>;
    };

/** Where remote products come from: all of them at once. Fails with the four families of `PartnerError`. */
export interface ListingSource {
  /** @param preparing what the partner was making for us when it was last asked */
  read(question: ListingQuestion, preparing: string | undefined, gate: CallGate): Promise<ListingRead>;
}
