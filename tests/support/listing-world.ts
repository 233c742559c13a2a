import { DEMO_EBAY } from '../../local/partners/ebay/demo-shop.ts';
import type { EbayListing } from '../../local/partners/ebay/listings.ts';
import { createEbayStandIn } from '../../local/partners/ebay/stand-in.ts';
import { createEbayClient, createEbayClients } from '../../shared/adapters/ebay/client.ts';
import { createEbayListingPusher } from '../../shared/adapters/ebay/listing-pusher.ts';
import { createEbayListingSource, EBAY_LISTING_PLANS } from '../../shared/adapters/ebay/listings.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import { type ListingJob, listingJob } from '../../shared/domain/listing-job.ts';
import type { ListingPusher } from '../../shared/ports/listing-pusher.ts';
import type { ListingSource } from '../../shared/ports/listing-source.ts';
import type { CallPlans } from '../../shared/usecases/call-gate.ts';
import { makeListingPlan } from '../../shared/usecases/make-listing-plan.ts';
import { matchListings } from '../../shared/usecases/match-listings.ts';
import { pullListings } from '../../shared/usecases/pull-listings.ts';
import { pushListings } from '../../shared/usecases/push-listings.ts';
import { MemoryAccountStore } from './memory/account-store.ts';
import { MemoryActivityLog } from './memory/activity-log.ts';
import { MemoryChannelStore } from './memory/channel-store.ts';
import { MemoryCredentialStore } from './memory/credential-store.ts';
import { MemoryJobQueue } from './memory/job-queue.ts';
import {
  MemoryListingPlanStore,
  MemoryListingStore,
  MemoryListingSyncStore,
  MemoryProductStore,
} from './memory/listing-stores.ts';
import { MemoryQuotaStore } from './memory/quota-store.ts';

export const MINUTE_MS = 60_000;
/** As much time as a worker could have. */
const PLENTY = () => 900_000;

/** A channel with its listings, over stores in memory and a clock of its own. */
export class ListingWorld {
  nowMs = Date.parse('2026-11-23T10:00:00Z');
  readonly clock = { now: () => this.nowMs };
  readonly listings = new MemoryListingStore();
  readonly syncs = new MemoryListingSyncStore();
  readonly products = new MemoryProductStore();
  readonly plans = new MemoryListingPlanStore();
  readonly queue = new MemoryJobQueue<ListingJob>();
  readonly quota = new MemoryQuotaStore();
  readonly activities = new MemoryActivityLog();
  readonly accounts = new MemoryAccountStore();
  readonly credentials = new MemoryCredentialStore();
  readonly channels: MemoryChannelStore;
  readonly channel: Channel;

  constructor(
    changes: Partial<Channel> & Pick<Channel, 'channelId' | 'marketplace' | 'accountId' | 'siteIds'>,
  ) {
    this.channel = {
      name: 'Prova',
      country: 'IT',
      timeZone: 'Europe/Rome',
      ordersSync: false,
      listingsSync: true,
      ordersFrom: '2026-11-10T00:00:00.000Z',
      ...changes,
    };
    this.channels = new MemoryChannelStore([this.channel]);
  }

  job(work: ListingJob['work'], planId?: string): ListingJob {
    return listingJob(this.channel, work, 'test', planId);
  }

  pull(source: ListingSource, plans: CallPlans, remainingMs = PLENTY) {
    return pullListings({ ...this.#stores(), source, plans }, this.job('pull'), remainingMs);
  }

  match() {
    return matchListings(this, this.channel.channelId);
  }

  dryRun(planId: string) {
    return makeListingPlan(this, this.job('plan', planId));
  }

  push(pusher: ListingPusher, plans: CallPlans, planId: string, remainingMs = PLENTY) {
    const deps = { ...this.#stores(), planStore: this.plans, activities: this.activities, pusher, plans };
    return pushListings(deps, this.job('push', planId), remainingMs);
  }

  async linesOf(planId: string) {
    return (await this.plans.lines({ channelId: this.channel.channelId, planId, limit: 1_000 })).lines;
  }

  #stores() {
    const { listings, syncs, queue, quota, accounts, channels, clock } = this;
    return { listings, syncs, queue, quota, accounts, channels, clock };
  }
}

/** The same at eBay, over its stand-in; `fetch` has to be put in its place by the test. */
export function ebayListingWorld(remote: readonly EbayListing[], changes: Partial<Channel> = {}) {
  const { userId, appId, certId, ruName, refreshToken } = DEMO_EBAY;
  const world = new ListingWorld({
    channelId: 'ebay-it',
    marketplace: 'ebay',
    accountId: userId,
    siteIds: ['EBAY_IT'],
    ...changes,
  });
  const ebay = createEbayStandIn({ seller: DEMO_EBAY, orders: [], listings: remote, now: world.clock.now });
  // A memory store keeps it at once.
  void world.credentials.putCredentials('ebay', userId, { appId, certId, ruName, refreshToken });
  const clients = {
    trading: createEbayClients(world.credentials, world.clock, (own, at) =>
      createEbayClient(own, at, ['base']),
    ),
    inventory: createEbayClients(world.credentials, world.clock, (own, at) =>
      createEbayClient(own, at, ['sell.inventory']),
    ),
  };
  const source = createEbayListingSource(clients);
  const pusher = createEbayListingPusher(clients);
  return {
    world,
    ebay,
    pull: () => world.pull(source, EBAY_LISTING_PLANS),
    push: (planId: string) => world.push(pusher, EBAY_LISTING_PLANS, planId),
  };
}
