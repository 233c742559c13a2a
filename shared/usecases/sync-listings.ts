import type { ListingJob } from '../domain/listing-job.ts';
import type { Marketplace } from '../domain/order.ts';
import { type MadeListingPlan, type MakeListingPlanDeps, makeListingPlan } from './make-listing-plan.ts';
import { type MatchedListings, type MatchListingsDeps, matchListings } from './match-listings.ts';
import { type PulledListings, type PullListingsDeps, pullListings } from './pull-listings.ts';
import { type PushedListings, type PushListingsDeps, pushListings } from './push-listings.ts';

export interface SyncListingsDeps {
  readonly marketplace: Marketplace;
  readonly pull: PullListingsDeps;
  readonly match: MatchListingsDeps;
  readonly plan: MakeListingPlanDeps;
  readonly push: PushListingsDeps;
}

/** What came of one piece of work, for logs and metrics. */
export type SyncedListings =
  | ({ readonly work: 'pull' } & PulledListings)
  | ({ readonly work: 'match' } & MatchedListings)
  | ({ readonly work: 'plan' } & MadeListingPlan)
  | ({ readonly work: 'push' } & PushedListings);

/** One piece of work for a channel's listings: a look, a matching, a dry run, or a push. */
export async function syncListings(
  deps: SyncListingsDeps,
  job: ListingJob,
  remainingMs: () => number,
): Promise<SyncedListings> {
  if (job.marketplace !== deps.marketplace) {
    throw new RangeError(`a job of ${job.marketplace} in the queue of ${deps.marketplace}`);
  }
  switch (job.work) {
    case 'pull':
      return { work: 'pull', ...(await pullListings(deps.pull, job, remainingMs)) };
    case 'match':
      return { work: 'match', ...(await matchListings(deps.match, job.channelId)) };
    case 'plan':
      return { work: 'plan', ...(await makeListingPlan(deps.plan, job)) };
    case 'push':
      return { work: 'push', ...(await pushListings(deps.push, job, remainingMs)) };
  }
}
