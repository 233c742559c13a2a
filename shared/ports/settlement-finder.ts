/** A settlement report that a marketplace made by itself. Ids are unique within an account. */
export interface FoundSettlement {
  readonly reportId: string;
  /** ISO instant. */
  readonly createdAt: string;
  /** National marketplaces it speaks of; empty when the marketplace does not say. */
  readonly siteIds: readonly string[];
  readonly state:
    | 'preparing'
    | 'ready'
    /** There was nothing to report. */
    | 'empty'
    /** The marketplace could not make it, and will not try again. */
    | 'failed'
    /** The marketplace used a word we do not know, or contradicts itself. */
    | 'unknown';
  /** What to open it by; there when it is ready. */
  readonly documentId: string | undefined;
}

export interface SettlementPage {
  readonly settlements: readonly FoundSettlement[];
  /** Entries that broke the partner's contract: which fields broke which rule, never what they held. */
  readonly unreadable: readonly string[];
  readonly nextPageToken: string | undefined;
  /** Calls per second the partner granted, when its answer says so. */
  readonly grantedRatePerSecond: number | undefined;
}

/** Where a marketplace keeps the settlement reports it made. Fails with the four families of `PartnerError`. */
export interface SettlementFinder {
  /** One call at the partner. `createdSince` is an ISO instant, at most 90 days ago. */
  findSettlements(
    accountId: string,
    question: { readonly createdSince: string } | { readonly pageToken: string },
  ): Promise<SettlementPage>;
  /** One call at the partner, then the file itself, unpacked. The bytes may still fail while they come. */
  openSettlement(settlement: {
    readonly accountId: string;
    readonly reportId: string;
    readonly documentId: string;
  }): Promise<AsyncIterable<Uint8Array>>;
}

/** How far the search for each account's settlement reports has got, and what was done with each of them. */
export interface SettlementSearchStore {
  /**
   * Begins a search unless one was begun at or after `notSince`; answers how far the ones before had got, or `too-soon`.
   * Times are ISO instants.
   */
  beginSearch(
    accountId: string,
    now: string,
    notSince: string,
  ): Promise<{ readonly doneUntil: string | undefined } | 'too-soon'>;
  noteDoneUntil(accountId: string, doneUntil: string): Promise<void>;
  /** Whether a report was dealt with, and need never be looked at again. */
  isDone(accountId: string, reportId: string): Promise<boolean>;
  /** Notes that it was; repeating it changes nothing. */
  noteDone(
    accountId: string,
    reportId: string,
    outcome: {
      readonly at: string;
      /** Where its file was put; undefined when the marketplace has none. */
      readonly objectKey: string | undefined;
    },
  ): Promise<void>;
}

/** Where payment files are put to be reconciled. */
export interface ReportUploads {
  /** Puts the whole file, or nothing of it. `exists` when there is one under the key: it is left as it is. */
  putOnce(objectKey: string, contents: AsyncIterable<Uint8Array>): Promise<'put' | 'exists'>;
}
