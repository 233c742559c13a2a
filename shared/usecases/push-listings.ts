import { PartnerError, RejectedError, ThrottledError, UnavailableError } from '../domain/errors.ts';
import type { Listing } from '../domain/listing.ts';
import type { ListingJob } from '../domain/listing-job.ts';
import { type ListingPlan, type PlanLine, shows } from '../domain/listing-plan.ts';
import { isoInstant } from '../domain/pull-window.ts';
import { isRevoked } from '../domain/sync-state.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { ListingPlanStore } from '../ports/listing-plan-store.ts';
import type { ListingPusher, ShownListing } from '../ports/listing-pusher.ts';
import type { CallGate } from '../ports/listing-source.ts';
import type { ListingStore } from '../ports/listing-store.ts';
import type { QuotaStore } from '../ports/quota.ts';
import { type Acting, noteActivity } from './acting.ts';
import { type CallPlans, createCallGate } from './call-gate.ts';

const MINUTE_MS = 60_000;
/** Longer than any worker lives. */
const PUSH_UNDER_WAY_MS = 6 * MINUTE_MS;
/** Before the marketplace is asked what became of a call that it did not answer. */
const UNAVAILABLE_WAIT_MS = 2 * MINUTE_MS;
const UNAUTHORISED_WAIT_MS = 15 * MINUTE_MS;
/** Work of a marketplace takes minutes. */
const FOLLOWED_WAIT_MS = 3 * MINUTE_MS;
/** The longest that a listing is waited for before a person looks. */
const FOLLOWED_MAX_MS = 24 * 60 * MINUTE_MS;
/** Of one line; then a person looks. */
const ATTEMPTS_MAX = 3;
/** One call at its slowest, with what is written around it; with less time left nothing is begun. */
const CALL_TIME_MS = 60_000;

export interface PushListingsDeps extends Omit<Acting, 'actor'> {
  readonly pusher: ListingPusher;
  readonly planStore: ListingPlanStore;
  readonly listings: Pick<ListingStore, 'get' | 'put'>;
  readonly channels: Pick<ChannelStore, 'getChannel'>;
  readonly accounts: Pick<AccountStore, 'getAccount'>;
  readonly quota: QuotaStore;
  readonly plans: CallPlans;
}

export interface PushedListings {
  readonly outcome: 'ended' | 'goes-on' | 'waits' | 'under-way' | 'nothing-to-do';
  readonly done: number;
  readonly refused: number;
  readonly unclear: number;
  readonly reason?: 'throttled' | 'unavailable' | 'unauthorised' | 'followed' | 'off' | undefined;
}

/**
 * Carries an approved dry run on: tells the marketplace what differs, in the batches it takes, and follows each listing to
 * its end. The intent is stored before a call and each listing's result after it; a listing of which nobody knows whether
 * the call arrived is looked at before it is told again.
 */
export async function pushListings(
  deps: PushListingsDeps,
  job: ListingJob,
  remainingMs: () => number,
): Promise<PushedListings> {
  if (job.planId === undefined) throw new RangeError('a job without its plan');
  const nothing = { done: 0, refused: 0, unclear: 0 };
  const stored = await deps.planStore.get({ channelId: job.channelId, planId: job.planId });
  if (stored?.state !== 'approved') return { outcome: 'nothing-to-do', ...nothing };
  const nowMs = deps.clock.now();
  if (stored.dueAt !== undefined && Date.parse(stored.dueAt) > nowMs)
    return { outcome: 'under-way', ...nothing };
  const claimed: ListingPlan = { ...stored, dueAt: isoInstant(nowMs + PUSH_UNDER_WAY_MS) };
  if ((await deps.planStore.change(claimed, stored.version)) === 'conflict') {
    return { outcome: 'under-way', ...nothing };
  }
  return new Pushing(deps, { ...claimed, version: stored.version + 1 }, remainingMs).run();
}

/** One plan on its way through a worker. */
class Pushing {
  readonly #deps: PushListingsDeps;
  readonly #remainingMs: () => number;
  readonly #plan: ListingPlan;
  readonly #counts = { done: 0, refused: 0, unclear: 0 };

  constructor(deps: PushListingsDeps, plan: ListingPlan, remainingMs: () => number) {
    this.#deps = deps;
    this.#plan = plan;
    this.#remainingMs = remainingMs;
  }

  async run(): Promise<PushedListings> {
    const { channels, accounts } = this.#deps;
    const channel = await channels.getChannel(this.#plan.channelId);
    if (channel?.listingsSync !== true || channel.archivedAt !== undefined)
      return this.#wait('off', UNAUTHORISED_WAIT_MS);
    const { marketplace, accountId } = channel;
    if (isRevoked(await accounts.getAccount(marketplace, accountId))) {
      return this.#wait('unauthorised', UNAUTHORISED_WAIT_MS);
    }
    const { gate, exhausted } = createCallGate(this.#deps, channel, false);
    try {
      for (const state of ['sending', 'accepted'] as const) {
        if (!(await this.#lookAt(state, accountId, gate))) return this.#goOn();
      }
      if (!(await this.#tell(accountId, gate))) return this.#goOn();
    } catch (error) {
      if (!(error instanceof PartnerError)) throw error;
      if (error instanceof ThrottledError) {
        await exhausted();
        return this.#wait('throttled', Math.max(error.retryAfterMs, 1_000));
      }
      if (error instanceof RejectedError) return this.#wait('unauthorised', UNAUTHORISED_WAIT_MS);
      return this.#wait('unavailable', UNAVAILABLE_WAIT_MS);
    }
    return this.#end();
  }

  /** Asks what the listings in a state are now. False when time ran out. */
  async #lookAt(state: 'sending' | 'accepted', accountId: string, gate: CallGate): Promise<boolean> {
    const { planStore, pusher } = this.#deps;
    let cursor: string | undefined;
    do {
      if (this.#remainingMs() < CALL_TIME_MS) return false;
      const page = await planStore.lines({ ...this.#name, state, limit: pusher.showMax, cursor });
      cursor = page.cursor;
      if (page.lines.length === 0) continue;
      const shown = await pusher.show(accountId, page.lines, gate);
      await this.#store(page.lines.map((line) => this.#afterLook(line, shown.get(line.listingKey))));
    } while (cursor !== undefined);
    return true;
  }

  #afterLook(line: PlanLine, shown: ShownListing): PlanLine {
    if (shown === undefined) return { ...line, state: 'refused', code: 'listing-gone' };
    if (shows(shown, line.to)) return { ...line, state: 'done', code: undefined };
    if (shown.refusal !== undefined) return { ...line, state: 'refused', code: shown.refusal };
    if (line.state === 'accepted') {
      const sinceMs = this.#deps.clock.now() - Date.parse(line.sentAt ?? this.#plan.requestedAt);
      return sinceMs > FOLLOWED_MAX_MS ? { ...line, state: 'unclear', code: 'not-shown' } : line;
    }
    // The call never arrived, or had no effect.
    if (!shows(shown, line.from)) return { ...line, state: 'outdated' };
    return line.attempts >= ATTEMPTS_MAX
      ? { ...line, state: 'unclear', code: 'no-answer' }
      : { ...line, state: 'planned' };
  }

  /** Tells of all that is planned, batch by batch. False when time ran out. */
  async #tell(accountId: string, gate: CallGate): Promise<boolean> {
    const { planStore, pusher } = this.#deps;
    for (;;) {
      if (this.#remainingMs() < CALL_TIME_MS) return false;
      const { lines, cursor } = await planStore.lines({
        ...this.#name,
        state: 'planned',
        limit: pusher.pushMax,
      });
      if (lines.length === 0) {
        if (cursor === undefined) return true;
        throw new UnavailableError('listings', 'listings: the lines of a plan cannot be found');
      }
      const current = await this.#checked(lines);
      if (current.length > 0) await this.#send(accountId, current, gate);
    }
  }

  /** Those whose listing is still as it was when the dry run was made; the others are put aside. */
  async #checked(lines: readonly PlanLine[]): Promise<readonly PlanLine[]> {
    const { listings } = this.#deps;
    const checked = await Promise.all(
      lines.map(async (line) => {
        const listing = (await listings.get(this.#plan.channelId, line.listingKey))?.listing;
        return {
          line,
          isCurrent: listing !== undefined && listing.status !== 'ended' && shows(listing, line.from),
        };
      }),
    );
    await this.#store(
      checked.filter((each) => !each.isCurrent).map(({ line }) => ({ ...line, state: 'outdated' })),
    );
    return checked.filter((each) => each.isCurrent).map(({ line }) => line);
  }

  async #send(accountId: string, lines: readonly PlanLine[], gate: CallGate): Promise<void> {
    const { pusher, clock } = this.#deps;
    const sentAt = isoInstant(clock.now());
    const sending = lines.map((line) => ({
      ...line,
      state: 'sending' as const,
      attempts: line.attempts + 1,
      sentAt,
    }));
    await this.#store(sending);
    try {
      const results = new Map(
        (await pusher.push(accountId, sending, gate)).map((each) => [each.listingKey, each]),
      );
      await this.#store(
        sending.map((line) => {
          const result = results.get(line.listingKey);
          return result === undefined ? line : { ...line, state: result.outcome, code: result.code };
        }),
      );
    } catch (error) {
      if (error instanceof ThrottledError) await this.#store(lines);
      else if (error instanceof RejectedError && error.status === 401) await this.#store(lines);
      else if (error instanceof RejectedError) {
        const code = error.status === undefined ? 'rejected' : String(error.status);
        await this.#store(sending.map((line) => ({ ...line, state: 'refused' as const, code })));
        return;
      }
      throw error;
    }
  }

  /** Keeps what became of lines; a listing that was told has, from then on, what it was told. */
  async #store(lines: readonly PlanLine[]): Promise<void> {
    const { planStore, listings, clock } = this.#deps;
    await planStore.putLines(this.#name, lines);
    const told: Listing[] = [];
    for (const line of lines) {
      if (line.state === 'done' || line.state === 'refused' || line.state === 'unclear')
        this.#counts[line.state] += 1;
      if (line.state !== 'done') continue;
      const stored = await listings.get(this.#plan.channelId, line.listingKey);
      if (stored !== undefined) told.push({ ...stored.listing, ...line.to });
    }
    await listings.put(told, isoInstant(clock.now()));
  }

  async #end(): Promise<PushedListings> {
    const { planStore, clock } = this.#deps;
    const open = await Promise.all(
      (['planned', 'sending', 'accepted'] as const).map((state) =>
        planStore.lines({ ...this.#name, state, limit: 1 }),
      ),
    );
    if (open.some(({ lines }) => lines.length > 0)) return this.#wait('followed', FOLLOWED_WAIT_MS);
    await this.#change({ state: 'ended', dueAt: undefined, endedAt: isoInstant(clock.now()) });
    await noteActivity(
      { ...this.#deps, actor: 'system' },
      {
        action: 'listings-pushed',
        subject: `channel/${this.#plan.channelId}`,
        after: { planId: this.#plan.planId, changes: this.#plan.counts?.changes ?? 0 },
      },
    );
    return { outcome: 'ended', ...this.#counts };
  }

  async #goOn(): Promise<PushedListings> {
    await this.#change({ dueAt: isoInstant(this.#deps.clock.now()) });
    return { outcome: 'goes-on', ...this.#counts };
  }

  async #wait(reason: NonNullable<PushedListings['reason']>, forMs: number): Promise<PushedListings> {
    await this.#change({ dueAt: isoInstant(this.#deps.clock.now() + forMs) });
    return { outcome: 'waits', reason, ...this.#counts };
  }

  async #change(changes: Partial<ListingPlan>): Promise<void> {
    // A worker that was taken for gone may have been overtaken: what the other one left stands.
    await this.#deps.planStore.change({ ...this.#plan, ...changes }, this.#plan.version);
  }

  get #name(): { readonly channelId: string; readonly planId: string } {
    const { channelId, planId } = this.#plan;
    return { channelId, planId };
  }
}
