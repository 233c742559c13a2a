import type { Channel } from '../domain/channel.ts';
import { RejectedError, ThrottledError } from '../domain/errors.ts';
import type { Marketplace } from '../domain/order.ts';
import {
  earlier,
  firstSlice,
  isoInstant,
  lagMsOf,
  nextPullWindow,
  pulledTogether,
  reachesBackTo,
} from '../domain/pull-window.ts';
import { isSynced } from '../domain/sync-state.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { OrderPage, OrderSource, UnreadableOrder } from '../ports/order-source.ts';
import type { PullLease } from '../ports/pull-lease.ts';
import { type AllowanceDeps, createAllowance } from './allowance.ts';
import { type StoredCounts, type StoreOrdersDeps, storePulledOrders } from './store-pulled-orders.ts';

/** The longest delay the queue takes. */
const DELAY_MAX_MS = 900_000;
/** A pull with a window of its own comes back this often while another pull of the account is under way. */
const BUSY_RETRY_MS = 300_000;
/** The longest pause of a living pull (the queue's delay), its longest run, and as much again: then it is dead. */
const LEASE_MS = 45 * 60_000;
/** A page may take this long to fetch and store: with less time left, it is left to the next run. */
const PAGE_TIME_MS = 45_000;
/**
 * A background pull begins no page after this long, and goes to the end of the queue: two jobs are worked at a time, and a
 * scheduled one must not wait behind the pages of a month.
 */
const BACKGROUND_RUN_MS = 15_000;
/** Unreadable orders named in the facts of one run; beyond that only their number. */
const NAMED_UNREADABLE_MAX = 20;

/** The job of `events/order-pull-requested`. */
export interface OrderPullJob {
  readonly type: 'order-pull-requested';
  readonly version: 1;
  readonly correlationId: string;
  readonly marketplace: Marketplace;
  readonly accountId: string;
  readonly reason?: PullReason | undefined;
  readonly window?: JobWindow | undefined;
}

export type PullReason = 'schedule' | 'sync-now' | BackgroundReason;
/** Pulls of days long seen: they can wait, for each other and for every scheduled pull. */
export type BackgroundReason = 're-scan' | 'count-check' | 'backfill';

interface JobWindow {
  readonly from: string;
  readonly until: string;
  readonly by?: 'updated' | 'created' | undefined;
  readonly pageToken?: string | undefined;
  readonly siteIds?: string[] | undefined;
  readonly unseenFrom?: string | undefined;
  readonly refusedSites?: string[] | undefined;
  readonly goesOnUntil?: string | undefined;
}

export interface PullOrdersDeps extends StoreOrdersDeps, AllowanceDeps {
  readonly source: OrderSource;
  readonly channels: ChannelStore;
  readonly lease: PullLease;
  readonly queue: JobQueue<OrderPullJob>;
}

/** What one run did, for logs and metrics. Holds ids, never people. */
export interface PullFacts extends Readonly<StoredCounts> {
  readonly reason: PullReason;
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
  /** Sites that the partner refused while it answered for others; their channels stay where they are. */
  readonly refusedSites: readonly string[];
  readonly unreadable: readonly UnreadableOrder[];
  readonly unreadableCount: number;
  /** How far each channel is behind now. */
  readonly lags: readonly { readonly channelId: string; readonly lagMs: number }[];
}
export type PutBackReason =
  | 'throttled'
  | 'quota'
  | 'time'
  /** Another pull has to end first. */
  | 'busy'
  /** This slice of a longer span is done. */
  | 'next-slice';

/**
 * Pulls one window of an account's orders, page by page, for all its channels at once.
 *
 * Stores each order after its buyer and only when it changed, and moves the watermarks after the last page, never
 * past a change that could not be stored. Whatever stops it (quota, time, a crash) ends in a pull that goes on or
 * starts again, and reading a page twice changes nothing. Partner failures that are not a throttle are thrown: the
 * queue delivers the job again.
 *
 * A background pull has a lease of its own, leaves calls to the scheduled pulls and gives way to them after a while. One
 * that is asked for again soon anyway is left out while another one runs.
 */
export async function pullOrders(
  deps: PullOrdersDeps,
  job: OrderPullJob,
  remainingMs: () => number,
): Promise<PullFacts> {
  const account = `${job.marketplace}/${job.accountId}`;
  const { reason = 'schedule' } = job;
  const lease = isBackground(reason) ? `${account}/${reason}` : account;
  const run = new Run(reason);
  if (!(await deps.lease.claim(lease, job.correlationId, deps.clock.now(), LEASE_MS))) {
    const repeated = reason === 're-scan' || reason === 'count-check';
    if (job.window === undefined || repeated) return run.facts('already-running');
    return putBack(deps, run, job, job.window, 'busy', BUSY_RETRY_MS);
  }
  let goesOn = false;
  try {
    const facts = await pull(deps, job, run, remainingMs);
    goesOn = facts.outcome === 'put-back';
    return facts;
  } finally {
    // A pull that failed must not keep the next scheduled one away.
    if (!goesOn) await deps.lease.release(lease, job.correlationId);
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
  const decided = job.window ?? scheduledWindow(channels, deps.clock.now());
  if (decided === undefined || channels.length === 0) return run.facts('nothing-to-pull');

  let window = resumed(decided, sites);
  if (window.siteIds.length === 0) return run.facts('nothing-to-pull');
  run.window = { from: window.from, until: window.until };
  const background = isBackground(run.reason);
  const startedMs = deps.clock.now();
  const leftMs = (): number => {
    const turnMs = startedMs + BACKGROUND_RUN_MS - deps.clock.now();
    return background ? Math.min(remainingMs(), PAGE_TIME_MS + turnMs) : remainingMs();
  };
  const calls = createAllowance(deps, `${job.marketplace}/${job.accountId}`, background);
  let restarted = false;

  for (;;) {
    if (leftMs() < PAGE_TIME_MS) return putBack(deps, run, job, window, 'time', 0);
    // A page that asks for single orders is of no use without a call for one of them.
    const waitMs = await calls.take(deps.reader === undefined ? 0 : 1);
    if (waitMs > 0) return putBack(deps, run, job, window, 'quota', waitMs);

    let page: OrderPage;
    try {
      page = await deps.source.fetchPage({ accountId: job.accountId, ...window }, window.pageToken);
    } catch (error) {
      if (error instanceof ThrottledError) {
        await calls.exhausted();
        return putBack(deps, run, job, window, 'throttled', error.retryAfterMs);
      }
      // A page token lives a day, and only with the question it was given for. What it led to is read again.
      const tokenDied =
        error instanceof RejectedError && error.status === 400 && window.pageToken !== undefined;
      if (!tokenDied || restarted) throw error;
      restarted = true;
      window = fromItsFirstPage(window, window.siteIds);
      continue;
    }
    if (page.grantedRatePerSecond !== undefined) await calls.granted(page.grantedRatePerSecond);
    run.refused(page.refusedSites ?? []);

    const stored = await storePulledOrders(deps, run, page, sites, calls, leftMs);
    if ('stopped' in stored) {
      return putBack(deps, run, job, window, stored.stopped.because, stored.stopped.waitMs);
    }
    run.stored(stored.unreadable);
    window = {
      ...window,
      unseenFrom: unseenAfter(window, { ...page, unreadable: stored.unreadable }),
      refusedSites: refusedAfter(window, page),
      pageToken: page.nextPageToken,
    };
    if (page.nextPageToken === undefined) break;
  }

  await advance(deps, channels, window);
  if (window.goesOnUntil !== undefined) {
    const rest = firstSlice({ from: window.until, until: window.goesOnUntil });
    const { by, siteIds } = window;
    return putBack(deps, run, job, { ...rest, by, siteIds }, 'next-slice', 0);
  }
  const lags = lagsOf(await pulledChannels(deps.channels, job), deps.clock.now());
  return run.facts('completed', { lags });
}

/** The account's next window, for the channels that are pulled together. */
function scheduledWindow(channels: readonly Channel[], nowMs: number): JobWindow | undefined {
  const { together } = pulledTogether(channels);
  const window = nextPullWindow(together, nowMs);
  return window && { ...window, siteIds: together.flatMap(({ siteIds }) => siteIds) };
}

/** Counts of one run, filled as pages are stored. */
class Run implements StoredCounts {
  readonly reason: PullReason;
  window: { from: string; until: string } | undefined;
  pages = 0;
  created = 0;
  updated = 0;
  unchanged = 0;
  notCovered = 0;
  fetchedSingly = 0;
  foundMissing = 0;
  unreadableCount = 0;
  readonly unreadable: UnreadableOrder[] = [];
  readonly #refusedSites = new Set<string>();

  constructor(reason: PullReason) {
    this.reason = reason;
  }

  refused(siteIds: readonly string[]): void {
    for (const siteId of siteIds) this.#refusedSites.add(siteId);
  }

  /** A page was stored to its end. */
  stored(unreadable: readonly UnreadableOrder[]): void {
    this.pages += 1;
    this.unreadableCount += unreadable.length;
    this.unreadable.push(...unreadable.slice(0, NAMED_UNREADABLE_MAX - this.unreadable.length));
  }

  facts(
    outcome: PullFacts['outcome'],
    more: { putBack?: PullFacts['putBack']; lags?: PullFacts['lags'] } = {},
  ): PullFacts {
    const checks = this.reason === 're-scan' || this.reason === 'count-check';
    return {
      reason: this.reason,
      outcome,
      ...(more.putBack ? { putBack: more.putBack } : {}),
      ...(this.window ? { window: this.window } : {}),
      pages: this.pages,
      created: this.created,
      updated: this.updated,
      unchanged: this.unchanged,
      notCovered: this.notCovered,
      fetchedSingly: this.fetchedSingly,
      // Elsewhere an order of earlier days is what was asked for.
      foundMissing: checks ? this.foundMissing : 0,
      refusedSites: [...this.#refusedSites],
      unreadable: this.unreadable,
      unreadableCount: this.unreadableCount,
      lags: more.lags ?? [],
    };
  }
}

function isBackground(reason: PullReason): reason is BackgroundReason {
  return reason === 're-scan' || reason === 'count-check' || reason === 'backfill';
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
      isSynced(channel) && channel.marketplace === job.marketplace && channel.accountId === job.accountId,
  );
}

function channelBySite(channels: readonly Channel[]): Map<string, Channel> {
  return new Map(channels.flatMap((channel) => channel.siteIds.map((siteId) => [siteId, channel])));
}

/**
 * The window with its question. The partner wants a page token back with the very same sites, whatever was switched on
 * meanwhile. But orders of a site switched off are not stored, and it may be on again before the last page: the window
 * begins again without that site, so that none of it passes for seen.
 */
function resumed(window: JobWindow, sites: ReadonlyMap<string, Channel>): SitedWindow {
  const { siteIds = [...sites.keys()] } = window;
  if (siteIds.every((siteId) => sites.has(siteId))) return { ...window, siteIds };
  return fromItsFirstPage(
    window,
    siteIds.filter((siteId) => sites.has(siteId)),
  );
}

type SitedWindow = JobWindow & { readonly siteIds: string[] };

/** The same question, with nothing of it answered yet. */
function fromItsFirstPage({ from, until, by, goesOnUntil }: JobWindow, siteIds: string[]): SitedWindow {
  return { from, until, by, goesOnUntil, siteIds };
}

/** The earliest instant from which something may not have been seen, after this page. */
function unseenAfter(window: JobWindow, page: OrderPage): string | undefined {
  let unseenFrom = earlier(window.unseenFrom, page.effectiveUntil);
  // An order whose time cannot be read either may have changed at any time in the window.
  for (const { updatedAt } of page.unreadable) unseenFrom = earlier(unseenFrom, updatedAt ?? window.from);
  return unseenFrom;
}

function refusedAfter(window: JobWindow, { refusedSites = [] }: OrderPage): string[] | undefined {
  const refused = new Set([...(window.refusedSites ?? []), ...refusedSites]);
  return refused.size === 0 ? undefined : [...refused];
}

/**
 * Moves each channel's watermark to where everything has been seen, if the window reached back to the channel's own and
 * the partner answered for all its sites. Orders created in a window say nothing of older ones that changed in it.
 */
async function advance(
  deps: PullOrdersDeps,
  channels: readonly Channel[],
  window: SitedWindow,
): Promise<void> {
  if (window.by === 'created') return;
  const watermark = isoInstant(earlier(window.until, window.unseenFrom) ?? window.until);
  for (const channel of channels) {
    const asked = channel.siteIds.every((siteId) => window.siteIds.includes(siteId));
    if (!asked || !reachesBackTo(window, channel)) continue;
    if (channel.siteIds.some((siteId) => window.refusedSites?.includes(siteId))) continue;
    await deps.channels.advanceOrdersWatermark(channel.channelId, watermark, isoInstant(deps.clock.now()));
  }
}

function lagsOf(channels: readonly Channel[], nowMs: number): PullFacts['lags'] {
  return channels.map((channel) => ({ channelId: channel.channelId, lagMs: lagMsOf(channel, nowMs) }));
}
