import { type Channel, currencyOfCountry } from '../domain/channel.ts';
import { PartnerError, RejectedError, ThrottledError, UnavailableError } from '../domain/errors.ts';
import { type ListingJob, listingJob } from '../domain/listing-job.ts';
import type { ListingLook, ListingProblem, ListingSync } from '../domain/listing-sync.ts';
import { isoInstant } from '../domain/pull-window.ts';
import { isRevoked } from '../domain/sync-state.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { ListingSource } from '../ports/listing-source.ts';
import type { ListingStore, ListingSyncStore } from '../ports/listing-store.ts';
import type { QuotaStore } from '../ports/quota.ts';
import { type CallPlans, createCallGate } from './call-gate.ts';

const MINUTE_MS = 60_000;
/** Between two looks at all listings of a channel. */
const LOOK_EVERY_MS = 4 * 60 * MINUTE_MS;
/** Longer than any worker lives: after it, a look that was under way is none any more. */
const LOOK_UNDER_WAY_MS = 6 * MINUTE_MS;
/** Before a report that the marketplace is making is asked for again. */
const PREPARING_WAIT_MS = MINUTE_MS;
/** The longest a report is waited for; then another is asked for. */
const PREPARING_MAX_MS = 6 * 60 * MINUTE_MS;
const FAILED_WAIT_MS = [5, 15, 60].map((minutes) => minutes * MINUTE_MS);
const REFUSED_WAIT_MS = 60 * MINUTE_MS;
/** With less time left no further page is begun. */
const PAGE_TIME_MS = 45_000;

export interface PullListingsDeps {
  readonly source: ListingSource;
  readonly channels: Pick<ChannelStore, 'getChannel'>;
  readonly accounts: Pick<AccountStore, 'getAccount'>;
  readonly listings: Pick<ListingStore, 'look'>;
  readonly syncs: ListingSyncStore;
  readonly queue: JobQueue<ListingJob>;
  readonly quota: QuotaStore;
  readonly plans: CallPlans;
  readonly clock: Clock;
}

export interface PulledListings {
  readonly outcome:
    | 'pulled'
    /** The marketplace is making a report. */
    | 'preparing'
    | 'failed'
    /** Switched off, closed, or its authorisation is gone. */
    | 'off'
    /** Somebody else is at it, or was a moment ago. */
    | 'not-due';
  readonly look?: ListingLook | undefined;
  readonly problem?: ListingProblem | undefined;
}

/**
 * Looks at all listings of a channel and stores what is new or differs. A look is made whole by one worker: what it did not
 * meet has ended. One that breaks off ends nothing and is made again from the begin.
 */
export async function pullListings(
  deps: PullListingsDeps,
  job: ListingJob,
  remainingMs: () => number,
): Promise<PulledListings> {
  const { channels, accounts, syncs, clock } = deps;
  const channel = await channels.getChannel(job.channelId);
  if (channel?.listingsSync !== true || channel.archivedAt !== undefined) return { outcome: 'off' };
  if (isRevoked(await accounts.getAccount(channel.marketplace, channel.accountId))) return { outcome: 'off' };
  const nowMs = clock.now();
  const stored = await syncs.get(channel.channelId);
  if (stored !== undefined && Date.parse(stored.dueAt) > nowMs) return { outcome: 'not-due' };
  const begun: ListingSync = {
    ...(stored ?? { channelId: channel.channelId, failures: 0, version: 0 }),
    startedAt: stored?.preparing === undefined ? isoInstant(nowMs) : stored.startedAt,
    dueAt: isoInstant(nowMs + LOOK_UNDER_WAY_MS),
  };
  if ((await syncs.change(begun, begun.version)) === 'conflict') return { outcome: 'not-due' };
  return look(deps, channel, { ...begun, version: begun.version + 1 }, remainingMs);
}

async function look(
  deps: PullListingsDeps,
  channel: Channel,
  sync: ListingSync,
  remainingMs: () => number,
): Promise<PulledListings> {
  const { source, syncs, clock } = deps;
  const { gate, calls, exhausted } = createCallGate(deps, channel, true);
  const next = async (changes: Partial<ListingSync>): Promise<void> => {
    // A worker that was taken for gone may have been overtaken: what the other one left stands.
    await syncs.change({ ...sync, ...changes }, sync.version);
  };
  try {
    const question = { ...channel, currency: currencyOfCountry(channel.country) };
    const read = await source.read(question, stillWaitedFor(sync, clock.now()), gate);
    if (read.state === 'preparing') {
      await next({ preparing: read.preparing, dueAt: isoInstant(clock.now() + PREPARING_WAIT_MS) });
      return { outcome: 'preparing' };
    }
    const found = await storeAll(deps, channel, read, remainingMs);
    const ended: ListingLook = { ...found, endedAt: isoInstant(clock.now()), calls: calls() };
    if (found.created + found.changed + found.gone > 0) {
      await deps.queue.send(listingJob(channel, 'match', `after-look/${ended.endedAt}`));
    }
    await next({
      preparing: undefined,
      startedAt: undefined,
      dueAt: isoInstant(clock.now() + LOOK_EVERY_MS),
      last: ended,
      problem: undefined,
      failures: 0,
    });
    return { outcome: 'pulled', look: ended };
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error;
    const { problem, waitMs } = failureOf(error, sync.failures);
    if (error instanceof ThrottledError) await exhausted();
    const isWaitedFor = problem === 'throttled' || problem === 'unavailable';
    await next({
      preparing: isWaitedFor ? sync.preparing : undefined,
      dueAt: isoInstant(clock.now() + waitMs),
      problem,
      failures: sync.failures + 1,
    });
    return { outcome: 'failed', problem };
  }
}

type Ready = Extract<Awaited<ReturnType<ListingSource['read']>>, { state: 'ready' }>;

async function storeAll(
  { listings, clock }: PullListingsDeps,
  { channelId }: Channel,
  { batches, notEnabled }: Ready,
  remainingMs: () => number,
): Promise<Omit<ListingLook, 'endedAt' | 'calls'>> {
  const stored = await listings.look(channelId);
  let [seen, created, changed, unreadable] = [0, 0, 0, 0];
  let firstProblem: string | undefined;
  for await (const batch of batches) {
    const put = await stored.put(batch.listings, isoInstant(clock.now()));
    seen += batch.listings.length;
    created += put.created;
    changed += put.changed;
    unreadable += batch.unreadable.length;
    firstProblem ??= batch.unreadable[0];
    if (remainingMs() < PAGE_TIME_MS)
      throw new UnavailableError('listings', 'listings: no time is left for the rest');
  }
  // Listings that could not be read, or whose site did not answer, have not ended for that.
  const isLookedAt = (key: string): boolean =>
    ![...notEnabled].some((siteId) => key.startsWith(`${siteId}/`));
  const gone = unreadable > 0 ? 0 : await stored.endOthers(isLookedAt, isoInstant(clock.now()));
  return { seen, created, changed, gone, unreadable, firstProblem, notEnabled: [...notEnabled] };
}

function stillWaitedFor({ preparing, startedAt }: ListingSync, nowMs: number): string | undefined {
  const sinceMs = startedAt === undefined ? 0 : nowMs - Date.parse(startedAt);
  return sinceMs > PREPARING_MAX_MS ? undefined : preparing;
}

function failureOf(error: PartnerError, failures: number): { problem: ListingProblem; waitMs: number } {
  const failedWaitMs = FAILED_WAIT_MS[Math.min(failures, FAILED_WAIT_MS.length - 1)] ?? REFUSED_WAIT_MS;
  if (error instanceof ThrottledError) {
    return { problem: 'throttled', waitMs: Math.max(error.retryAfterMs, MINUTE_MS) };
  }
  if (error.retryable) return { problem: 'unavailable', waitMs: failedWaitMs };
  if (!(error instanceof RejectedError)) return { problem: 'unexpected-answer', waitMs: REFUSED_WAIT_MS };
  const isUnauthorised = error.status === 401 || error.status === 403;
  return { problem: isUnauthorised ? 'unauthorised' : 'refused', waitMs: REFUSED_WAIT_MS };
}
