import type { Channel } from '../domain/channel.ts';
import { RejectedError, ThrottledError } from '../domain/errors.ts';
import type { Marketplace, Order } from '../domain/order.ts';
import { earlier, isoInstant, nextPullWindow, reachesBackTo } from '../domain/pull-window.ts';
import type { BuyerStore } from '../ports/buyer-store.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { OrderPage, OrderSource, UnreadableOrder } from '../ports/order-source.ts';
import type { OrderStore } from '../ports/order-store.ts';
import type { PullLease } from '../ports/pull-lease.ts';
import type { QuotaPlan, QuotaStore } from '../ports/quota.ts';

/** The longest delay the queue takes. */
const DELAY_MAX_MS = 900_000;
/** A pull with a window of its own comes back this often while another pull of the account is under way. */
const BUSY_RETRY_MS = 300_000;
/** The longest pause of a living pull (the queue's delay), its longest run, and as much again: then it is dead. */
const LEASE_MS = 45 * 60_000;
/** A page may take this long to fetch and store: with less time left, it is left to the next run. */
const PAGE_TIME_MS = 45_000;
/** Orders stored side by side; enough to hide the store's latency, few enough for one small function. */
const ORDERS_AT_ONCE = 10;
/** Unreadable orders named in the facts of one run; beyond that only their number. */
const NAMED_UNREADABLE_MAX = 20;

/** The job of `events/order-pull-requested`. */
export interface OrderPullJob {
  readonly type: 'order-pull-requested';
  readonly version: 1;
  readonly correlationId: string;
  readonly marketplace: Marketplace;
  readonly accountId: string;
  readonly reason?: 'schedule' | 'sync-now' | 're-scan' | 'count-check' | 'backfill' | undefined;
  readonly window?: JobWindow | undefined;
}

interface JobWindow {
  readonly from: string;
  readonly until: string;
  readonly by?: 'updated' | 'created' | undefined;
  readonly pageToken?: string | undefined;
  readonly siteIds?: string[] | undefined;
  readonly unseenFrom?: string | undefined;
}

export interface PullOrdersDeps {
  readonly source: OrderSource;
  readonly orders: OrderStore;
  readonly buyers: BuyerStore;
  readonly channels: ChannelStore;
  readonly quota: QuotaStore;
  readonly lease: PullLease;
  readonly queue: JobQueue<OrderPullJob>;
  readonly clock: Clock;
  /** The source's allowance: an operation's name and what its partner documents. */
  readonly search: { readonly operation: string; readonly plan: QuotaPlan };
}

/** What one run did, for logs and metrics. Holds ids, never people. */
export interface PullFacts {
  readonly outcome:
    | 'completed'
    /** Put back on the queue, to go on where it stopped. */
    | 'put-back'
    /** Another pull of the account is under way and covers this one. */
    | 'already-running'
    /** No channel of the account is switched on, or nothing can have changed yet. */
    | 'nothing-to-pull';
  readonly putBack?: { readonly because: PutBackReason; readonly delayMs: number };
  readonly window?: { readonly from: string; readonly until: string };
  readonly pages: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Orders of a site that no channel switched on covers: not stored. */
  readonly notCovered: number;
  readonly unreadable: readonly UnreadableOrder[];
  readonly unreadableCount: number;
  /** How far each channel is behind now. */
  readonly lags: readonly { readonly channelId: string; readonly lagMs: number }[];
}
export type PutBackReason = 'throttled' | 'quota' | 'time' | 'busy';

/**
 * Pulls one window of an account's orders, page by page, for all its channels at once.
 *
 * Stores each order after its buyer and only when it changed, and moves the watermarks after the last page, never
 * past a change that could not be stored. Whatever stops it (quota, time, a crash) ends in a pull that goes on or
 * starts again, and reading a page twice changes nothing. Partner failures that are not a throttle are thrown: the
 * queue delivers the job again.
 */
export async function pullOrders(
  deps: PullOrdersDeps,
  job: OrderPullJob,
  remainingMs: () => number,
): Promise<PullFacts> {
  const account = `${job.marketplace}/${job.accountId}`;
  const run = new Run();
  if (!(await deps.lease.claim(account, job.correlationId, deps.clock.now(), LEASE_MS))) {
    if (job.window === undefined) return run.facts('already-running');
    return putBack(deps, run, job, job.window, 'busy', BUSY_RETRY_MS);
  }
  let goesOn = false;
  try {
    const facts = await pull(deps, job, run, remainingMs);
    goesOn = facts.outcome === 'put-back';
    return facts;
  } finally {
    // A pull that failed must not keep the next scheduled one away.
    if (!goesOn) await deps.lease.release(account, job.correlationId);
  }
}

async function pull(
  deps: PullOrdersDeps,
  job: OrderPullJob,
  run: Run,
  remainingMs: () => number,
): Promise<PullFacts> {
  const channels = await pulledChannels(deps.channels, job);
  const sites = channelBySite(channels);
  const decided = job.window ?? nextPullWindow(channels, deps.clock.now());
  if (decided === undefined || channels.length === 0) return run.facts('nothing-to-pull');

  let window = resumed(decided, sites);
  if (window.siteIds.length === 0) return run.facts('nothing-to-pull');
  run.window = { from: window.from, until: window.until };
  const bucket = `${job.marketplace}/${job.accountId}/${deps.search.operation}`;
  let restarted = false;

  for (;;) {
    if (remainingMs() < PAGE_TIME_MS) return putBack(deps, run, job, window, 'time', 0);
    const call = await deps.quota.take(bucket, deps.search.plan, deps.clock.now());
    if (!call.granted) return putBack(deps, run, job, window, 'quota', call.retryAfterMs);

    let page: OrderPage;
    try {
      page = await deps.source.fetchPage({ accountId: job.accountId, ...window }, window.pageToken);
    } catch (error) {
      if (error instanceof ThrottledError) {
        await deps.quota.correct(bucket, deps.search.plan, { exhausted: true }, deps.clock.now());
        return putBack(deps, run, job, window, 'throttled', error.retryAfterMs);
      }
      // A page token lives a day, and only with the question it was given for. What it led to is read again.
      const tokenDied =
        error instanceof RejectedError && error.status === 400 && window.pageToken !== undefined;
      if (!tokenDied || restarted) throw error;
      restarted = true;
      window = { from: window.from, until: window.until, siteIds: [...sites.keys()] };
      continue;
    }
    if (page.grantedRatePerSecond !== undefined) {
      const seen = { ratePerSecond: page.grantedRatePerSecond };
      await deps.quota.correct(bucket, deps.search.plan, seen, deps.clock.now());
    }

    await storePage(deps, run, sites, page);
    window = { ...window, unseenFrom: unseenAfter(window, page), pageToken: page.nextPageToken };
    if (page.nextPageToken === undefined) break;
  }

  await advance(deps, channels, window);
  const lags = lagsOf(await pulledChannels(deps.channels, job), deps.clock.now());
  return run.facts('completed', { lags });
}

/** Counts of one run, filled as pages are stored. */
class Run {
  window: { from: string; until: string } | undefined;
  pages = 0;
  created = 0;
  updated = 0;
  unchanged = 0;
  notCovered = 0;
  unreadableCount = 0;
  readonly unreadable: UnreadableOrder[] = [];

  facts(
    outcome: PullFacts['outcome'],
    more: { putBack?: PullFacts['putBack']; lags?: PullFacts['lags'] } = {},
  ): PullFacts {
    return {
      outcome,
      ...(more.putBack ? { putBack: more.putBack } : {}),
      ...(this.window ? { window: this.window } : {}),
      pages: this.pages,
      created: this.created,
      updated: this.updated,
      unchanged: this.unchanged,
      notCovered: this.notCovered,
      unreadable: this.unreadable,
      unreadableCount: this.unreadableCount,
      lags: more.lags ?? [],
    };
  }
}

async function putBack(
  deps: PullOrdersDeps,
  run: Run,
  job: OrderPullJob,
  window: JobWindow,
  because: PutBackReason,
  waitMs: number,
): Promise<PullFacts> {
  const delayMs = Math.min(DELAY_MAX_MS, waitMs);
  await deps.queue.send({ ...job, window }, { delayMs });
  return run.facts('put-back', { putBack: { because, delayMs } });
}

async function pulledChannels(store: ChannelStore, job: OrderPullJob): Promise<readonly Channel[]> {
  return (await store.listChannels()).filter(
    (channel) =>
      channel.ordersSync && channel.marketplace === job.marketplace && channel.accountId === job.accountId,
  );
}

function channelBySite(channels: readonly Channel[]): Map<string, string> {
  return new Map(channels.flatMap(({ siteIds, channelId }) => siteIds.map((siteId) => [siteId, channelId])));
}

/**
 * The window with its question. The partner wants a page token back with the very same sites, whatever was switched on
 * meanwhile. But orders of a site switched off are not stored, and it may be on again before the last page: the window
 * begins again without that site, so that none of it passes for seen.
 */
function resumed(
  window: JobWindow,
  sites: ReadonlyMap<string, string>,
): JobWindow & { readonly siteIds: string[] } {
  const { from, until, siteIds = [...sites.keys()] } = window;
  if (siteIds.every((siteId) => sites.has(siteId))) return { ...window, siteIds };
  return { from, until, siteIds: siteIds.filter((siteId) => sites.has(siteId)) };
}

async function storePage(
  deps: PullOrdersDeps,
  run: Run,
  sites: ReadonlyMap<string, string>,
  page: OrderPage,
): Promise<void> {
  const known = await deps.orders.getMany(page.orders.map(({ order }) => order.orderId));
  const changed: { order: Order; buyer: OrderPage['orders'][number]['buyer'] }[] = [];
  for (const { order, buyer } of page.orders) {
    const channelId = sites.get(order.siteId);
    const stored = known.get(order.orderId)?.order;
    if (channelId === undefined) run.notCovered += 1;
    else if (stored !== undefined && stored.updatedAt >= order.updatedAt) run.unchanged += 1;
    else changed.push({ order: { ...order, channelId }, buyer });
  }
  const nowMs = deps.clock.now();
  for (let at = 0; at < changed.length; at += ORDERS_AT_ONCE) {
    const answers = await Promise.all(
      changed.slice(at, at + ORDERS_AT_ONCE).map(async ({ order, buyer }) => {
        // The buyer first: an order that is there says that its buyer is, so a crash between the two leaves
        // the order unknown, and the pull that follows stores both. A buyer past its end date never comes back.
        const kept = buyer !== undefined && Date.parse(buyer.expiresAt) > nowMs;
        const state = kept ? (await deps.buyers.putBuyer(buyer)).state : undefined;
        return deps.orders.putOrder(order, state);
      }),
    );
    for (const answer of answers) run[answer === 'older' ? 'unchanged' : answer] += 1;
  }
  run.pages += 1;
  run.unreadableCount += page.unreadable.length;
  run.unreadable.push(...page.unreadable.slice(0, NAMED_UNREADABLE_MAX - run.unreadable.length));
}

/** The earliest instant from which something may not have been seen, after this page. */
function unseenAfter(window: JobWindow, page: OrderPage): string | undefined {
  let unseenFrom = earlier(window.unseenFrom, page.effectiveUntil);
  // An order whose time cannot be read either may have changed at any time in the window.
  for (const { updatedAt } of page.unreadable) unseenFrom = earlier(unseenFrom, updatedAt ?? window.from);
  return unseenFrom;
}

/** Moves each channel's watermark to where everything has been seen, if the window reached back to the channel's own. */
async function advance(
  deps: PullOrdersDeps,
  channels: readonly Channel[],
  window: JobWindow & { readonly siteIds: readonly string[] },
): Promise<void> {
  const watermark = isoInstant(earlier(window.until, window.unseenFrom) ?? window.until);
  for (const channel of channels) {
    const asked = channel.siteIds.every((siteId) => window.siteIds.includes(siteId));
    if (!asked || !reachesBackTo(window, channel)) continue;
    await deps.channels.advanceOrdersWatermark(channel.channelId, watermark, isoInstant(deps.clock.now()));
  }
}

function lagsOf(channels: readonly Channel[], nowMs: number): PullFacts['lags'] {
  return channels.map(({ channelId, ordersWatermark, ordersFrom }) => ({
    channelId,
    lagMs: nowMs - Date.parse(ordersWatermark ?? ordersFrom),
  }));
}
