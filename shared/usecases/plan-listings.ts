import { type ListingJob, listingJob } from '../domain/listing-job.ts';
import { MARKETPLACES, type Marketplace } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import { isRevoked } from '../domain/sync-state.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { ListingPlanStore } from '../ports/listing-plan-store.ts';
import type { ListingSyncStore } from '../ports/listing-store.ts';

/** Far more dry runs and pushes than people ask for at a time; the rest is the first of the next run. */
const DUE_MAX = 50;

export type ListingQueues = Readonly<Record<Marketplace, JobQueue<ListingJob>>>;

export interface PlanListingsDeps {
  readonly channels: Pick<ChannelStore, 'listChannels'>;
  readonly accounts: Pick<AccountStore, 'getAccount'>;
  readonly syncs: Pick<ListingSyncStore, 'get'>;
  readonly plans: Pick<ListingPlanStore, 'listDue'>;
  readonly queues: ListingQueues;
  readonly clock: Clock;
}

export interface PlannedListingWork {
  readonly looks: number;
  readonly plans: number;
  /** How long ago the look at the channel that waits the longest came to its end; undefined when none is switched on. */
  readonly oldestLookMs: number | undefined;
}

/**
 * Asks for the looks that are due, and for dry runs and pushes that wait. They stay due until a worker takes them up: asked
 * for twice, each is done once.
 */
export async function planListings(deps: PlanListingsDeps): Promise<PlannedListingWork> {
  const { queues, clock } = deps;
  const nowMs = clock.now();
  const until = isoInstant(nowMs);
  let looks = 0;
  const agesMs: number[] = [];
  for (const channel of await deps.channels.listChannels()) {
    if (channel.listingsSync !== true || channel.archivedAt !== undefined) continue;
    if (isRevoked(await deps.accounts.getAccount(channel.marketplace, channel.accountId))) continue;
    const sync = await deps.syncs.get(channel.channelId);
    if (sync?.last !== undefined) agesMs.push(nowMs - Date.parse(sync.last.endedAt));
    if (sync !== undefined && sync.dueAt > until) continue;
    await queues[channel.marketplace].send(
      listingJob(channel, 'pull', `sweep/${until}/${channel.channelId}`),
    );
    looks += 1;
  }
  let plans = 0;
  for (const marketplace of MARKETPLACES) {
    for (const plan of await deps.plans.listDue({ marketplace, until, limit: DUE_MAX })) {
      const work = plan.state === 'preparing' ? 'plan' : 'push';
      await queues[marketplace].send(listingJob(plan, work, `sweep/${until}/${plan.planId}`, plan.planId));
      plans += 1;
    }
  }
  return { looks, plans, oldestLookMs: agesMs.length === 0 ? undefined : Math.max(...agesMs) };
}
