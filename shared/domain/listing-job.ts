import type { Marketplace } from './order.ts';

export const LISTING_WORK = ['pull', 'match', 'plan', 'push'] as const;
export type ListingWork = (typeof LISTING_WORK)[number];

/** What is to be done for a channel's listings. */
export interface ListingJob {
  readonly type: 'listing-work-requested';
  readonly version: 1;
  readonly correlationId: string;
  readonly marketplace: Marketplace;
  readonly channelId: string;
  readonly work: ListingWork;
  /** Of a dry run or a push. */
  readonly planId?: string | undefined;
}

export function listingJob(
  { marketplace, channelId }: { readonly marketplace: Marketplace; readonly channelId: string },
  work: ListingWork,
  correlationId: string,
  planId?: string,
): ListingJob {
  return {
    type: 'listing-work-requested',
    version: 1,
    correlationId,
    marketplace,
    channelId,
    work,
    ...(planId === undefined ? {} : { planId }),
  };
}
