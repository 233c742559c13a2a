import { marketplaceCarrier } from '../domain/carrier-map.ts';
import {
  PartnerError,
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnexpectedAnswerError,
} from '../domain/errors.ts';
import type { Marketplace, Order, OrderId } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type {
  RemoteAction,
  RemoteActionJob,
  RemoteActionKind,
  RemoteActionReason,
  RemoteAnswer,
} from '../domain/remote-action.ts';
import { wishRefusal } from '../domain/remote-capabilities.ts';
import type { QuotaStore } from '../ports/quota.ts';
import type { RemoteActionStore } from '../ports/remote-action-store.ts';
import {
  ActionRefusedError,
  type FoundAction,
  type Performed,
  type RemoteActor,
} from '../ports/remote-actor.ts';
import { AlreadyInPackageError, type ShippingConfirmer } from '../ports/shipping-confirmer.ts';
import { type Acting, noteActivity } from './acting.ts';
import { type Allowance, createAllowance } from './allowance.ts';
import type { ConfirmationCalls } from './confirm-shipment.ts';
import { type RemoteFacts, type RemoteFactsDeps, readRemoteFacts } from './remote-facts.ts';

const MINUTE_MS = 60_000;
/** Longer than any worker lives: after it, a call that was under way is none any more. */
const CALL_UNDER_WAY_MS = 4 * MINUTE_MS;
/** Signing in and the calls of one action, each at its slowest; with less time left nothing is begun. */
const CALL_TIME_MS = 120_000;
/** Before the marketplace is asked what came of a call that it did not answer. */
const UNAVAILABLE_WAIT_MS = [1, 2, 5, 10, 30].map((minutes) => minutes * MINUTE_MS);
/** Work of a marketplace takes minutes; asking is not what makes it faster. */
const FOLLOWED_WAIT_MS = [1, 2, 5, 10, 30].map((minutes) => minutes * MINUTE_MS);
const UNAUTHORISED_WAIT_MS = 15 * MINUTE_MS;
/** A person asked for it now, not for a day on which the order is another. */
const GIVEN_UP_AFTER_MS = 24 * 60 * MINUTE_MS;
/** The longest that work of a marketplace is waited for before a person looks. */
const FOLLOWED_MAX_MS = 3 * 24 * 60 * MINUTE_MS;

export interface PerformRemoteActionDeps extends RemoteFactsDeps, Omit<Acting, 'actor'> {
  readonly marketplace: Marketplace;
  readonly actions: RemoteActionStore;
  readonly actor: RemoteActor;
  /** Tells of parcels. */
  readonly confirmer: ShippingConfirmer;
  readonly quota: QuotaStore;
  /** Which allowance each kind takes from, when it is sent and when it is looked for. */
  readonly calls: (kind: RemoteActionKind) => {
    readonly telling: ConfirmationCalls;
    readonly asking: ConfirmationCalls;
  };
}

/** What came of one job, for logs and metrics. Holds ids, never people. */
export interface PerformedRemoteAction {
  readonly outcome:
    | 'done'
    | 'refused'
    | 'unclear'
    /** The marketplace works on it. */
    | 'followed'
    | 'waits'
    /** It has come to its end, or there is nothing of the kind. */
    | 'nothing-to-do'
    /** Another worker is at it, or was a moment ago. */
    | 'under-way'
    /** Somebody changed it meanwhile: what they made of it counts. */
    | 'changed-meanwhile';
  readonly kind?: RemoteActionKind | undefined;
  readonly reason?: RemoteActionReason | undefined;
  readonly code?: string | undefined;
  readonly attempts?: number | undefined;
}

/**
 * Carries one action on: sends it once, or finds out what became of it.
 *
 * The intent is stored before the call and what came of it after. Whoever finds an intent that nobody works on asks the
 * marketplace before anything is sent again; where it cannot say, nothing is sent again and a person looks. A job never
 * fails because a marketplace did: what has to wait, waits in the store and is asked for again when it is due.
 */
export async function performRemoteAction(
  deps: PerformRemoteActionDeps,
  job: RemoteActionJob,
  remainingMs: () => number,
): Promise<PerformedRemoteAction> {
  const stored = await deps.actions.get({ orderId: job.orderId as OrderId, actionId: job.actionId });
  if (stored === undefined || !['wanted', 'sending', 'followed'].includes(stored.state)) {
    return { outcome: 'nothing-to-do' };
  }
  if (stored.marketplace !== deps.marketplace) {
    throw new RangeError(`a job of ${stored.marketplace} in the queue of ${deps.marketplace}`);
  }
  const { state, dueAt } = stored;
  const isWorkedOn = state !== 'wanted' && dueAt !== undefined && Date.parse(dueAt) > deps.clock.now();
  if (isWorkedOn) return { outcome: 'under-way' };
  return new Performing(deps, stored, remainingMs).run();
}

/** One action on its way through a worker; `#now` is what is stored of it. */
class Performing {
  readonly #deps: PerformRemoteActionDeps;
  readonly #remainingMs: () => number;
  #now: RemoteAction;

  constructor(deps: PerformRemoteActionDeps, stored: RemoteAction, remainingMs: () => number) {
    this.#deps = deps;
    this.#now = stored;
    this.#remainingMs = remainingMs;
  }

  async run(): Promise<PerformedRemoteAction> {
    const facts = await readRemoteFacts(this.#deps, this.#now.orderId);
    if (facts === undefined) throw new RangeError(`there is no order ${this.#now.orderId}`);
    if (facts.revoked) return this.#wait('unauthorised', UNAUTHORISED_WAIT_MS);
    // Of a parcel a shipment of ours may have told meanwhile, and no marketplace takes the second number back.
    if (this.#now.state !== 'wanted' || this.#now.wish.kind === 'ship') {
      const known = await this.#lookedFor(facts);
      if (known !== undefined) return known;
    }
    return this.#send(facts);
  }

  async #send(facts: RemoteFacts): Promise<PerformedRemoteAction> {
    const { clock } = this.#deps;
    const { kind } = this.#now.wish;
    const others = facts.actions.filter(({ actionId }) => actionId !== this.#now.actionId);
    const refusal = wishRefusal({ ...facts, actions: others }, this.#now.wish);
    if (refusal?.code === 'signature-missing') return this.#end('refused', 'signature-missing');
    if (refusal !== undefined) return this.#end('refused', 'order-changed');
    if (this.#remainingMs() < CALL_TIME_MS) return this.#wait('unavailable', 0, 'wanted');
    const allowance = this.#allowance(this.#deps.calls(kind).telling, facts.order);
    const waitMs = await allowance.take();
    if (waitMs > 0) return this.#wait('throttled', waitMs, 'wanted');

    const nowMs = clock.now();
    const intent: RemoteAction = {
      ...this.#now,
      state: 'sending',
      reason: undefined,
      attempts: this.#now.attempts + 1,
      sentAt: isoInstant(nowMs),
      dueAt: isoInstant(nowMs + CALL_UNDER_WAY_MS),
    };
    if (!(await this.#store(intent))) return { outcome: 'changed-meanwhile' };
    try {
      const { outcome, answer } = await this.#perform(facts);
      return outcome === 'done' ? this.#end('done', undefined, answer) : this.#follow(answer);
    } catch (error) {
      return this.#failed(error, allowance, facts);
    }
  }

  async #failed(error: unknown, allowance: Allowance, facts: RemoteFacts): Promise<PerformedRemoteAction> {
    if (error instanceof ThrottledError) {
      await allowance.exhausted();
      return this.#wait('throttled', error.retryAfterMs, 'wanted');
    }
    if (error instanceof UnavailableError || error instanceof UnexpectedAnswerError) {
      // A call whose answer nobody understands may have been carried out as well as one without an answer.
      return this.#wait('unavailable', waitOf(UNAVAILABLE_WAIT_MS, this.#now.attempts));
    }
    if (!(error instanceof RejectedError)) throw error;
    if (error instanceof ActionRefusedError && error.reason !== 'rejected') {
      return this.#end('refused', error.reason, answerOf(error));
    }
    if (error.status === 401) return this.#wait('unauthorised', UNAUTHORISED_WAIT_MS, 'wanted');
    if (error.status === 403) return this.#end('refused', 'not-allowed', answerOf(error));
    // It may say no because it has been done: by an earlier call of ours, or by somebody in its own pages.
    const known = await this.#lookedFor(facts, error);
    return known ?? this.#end('refused', 'rejected', answerOf(error));
  }

  async #perform({ order, channel }: RemoteFacts): Promise<Performed> {
    const { wish, packageNumber } = this.#now;
    if (wish.kind !== 'ship') return this.#deps.actor.perform(order, this.#now);
    const carrier = marketplaceCarrier(order.marketplace, wish, channel?.carriers);
    if (carrier === undefined || packageNumber === undefined || wish.shippedAt === undefined) {
      throw new RangeError('a parcel was stored that no marketplace can be told of');
    }
    const { trackingNumber, trackingUrl, shippedAt, lines } = wish;
    await this.#deps.confirmer.confirm(order, {
      packageNumber,
      trackingNumber,
      trackingUrl,
      shippedAt,
      lines,
      carrierCode: carrier.code,
      carrierName: carrier.carrierName,
    });
    return { outcome: 'done', answer: {} };
  }

  /**
   * Asks the marketplace what it has, and ends or waits with that; undefined when it is still to be sent.
   * @param refusal what it has just refused, if that is why it is asked
   */
  async #lookedFor(facts: RemoteFacts, refusal?: RejectedError): Promise<PerformedRemoteAction | undefined> {
    const { order } = facts;
    const { kind } = this.#now.wish;
    if (this.#remainingMs() < CALL_TIME_MS / 2) return this.#wait('unavailable', 0);
    const allowance = this.#allowance(this.#deps.calls(kind).asking, order);
    const waitMs = await allowance.take();
    if (waitMs > 0) return this.#wait('throttled', waitMs);
    let found: FoundAction;
    try {
      found = await this.#find(order, refusal);
    } catch (error) {
      if (!(error instanceof PartnerError)) throw error;
      if (error instanceof ThrottledError) {
        await allowance.exhausted();
        return this.#wait('throttled', error.retryAfterMs);
      }
      if (error instanceof RejectedError && error.status === 401) {
        return this.#wait('unauthorised', UNAUTHORISED_WAIT_MS);
      }
      return this.#wait('unavailable', waitOf(UNAVAILABLE_WAIT_MS, this.#now.attempts));
    }
    switch (found.found) {
      case 'done':
        return this.#end('done', undefined, found.answer);
      case 'refused':
        return this.#end('refused', found.reason, found.answer);
      case 'followed': {
        const isThere = Object.keys(found.answer).length > 0;
        if (refusal === undefined || isThere) return this.#follow(found.answer);
        // Refused, and nothing to be seen yet: that was it, unless an earlier call of ours was never answered.
        return this.#now.attempts > 1 ? this.#end('unclear', 'cannot-tell', answerOf(refusal)) : undefined;
      }
      case 'partly':
        return this.#end('unclear', 'partly-done', found.answer);
      case 'cannot-tell':
        return this.#end('unclear', 'cannot-tell');
      case 'not-done':
        return undefined;
    }
  }

  async #find(order: Order, refusal: RejectedError | undefined): Promise<FoundAction> {
    const { wish, packageNumber } = this.#now;
    if (wish.kind !== 'ship') return this.#deps.actor.find(order, this.#now);
    if (packageNumber === undefined) throw new RangeError('a parcel without its number');
    const { trackingNumber, lines } = wish;
    const { found } = await this.#deps.confirmer.find(order, { packageNumber, trackingNumber, lines });
    if (found === 'same') return { found: 'done', answer: {} };
    const unanswered = this.#now.attempts > (refusal === undefined ? 0 : 1);
    // The goods are in a parcel, and the marketplace does not say which: ours, when a call of ours was never answered.
    const isGone = found === 'shipped' || refusal instanceof AlreadyInPackageError;
    if (isGone) return unanswered ? { found: 'done', answer: {} } : alreadyShipped;
    return found === 'no' ? { found: 'not-done' } : alreadyShipped;
  }

  async #follow(answer: RemoteAnswer): Promise<PerformedRemoteAction> {
    const { clock } = this.#deps;
    const { sentAt, requestedAt, attempts, wish } = this.#now;
    const nowMs = clock.now();
    const sinceMs = nowMs - Date.parse(sentAt ?? requestedAt);
    if (sinceMs > FOLLOWED_MAX_MS) return this.#end('unclear', 'cannot-tell', answer);
    const looks = LOOKS_AFTER_MS.filter((ms) => ms <= sinceMs).length;
    const dueAt = isoInstant(nowMs + waitOf(FOLLOWED_WAIT_MS, looks + 1));
    const stored = await this.#store({
      ...this.#now,
      state: 'followed',
      reason: undefined,
      answer: { ...this.#now.answer, ...answer },
      dueAt,
    });
    return stored
      ? { outcome: 'followed', kind: wish.kind, code: answer.code, attempts }
      : { outcome: 'changed-meanwhile' };
  }

  async #end(
    state: 'done' | 'refused' | 'unclear',
    reason: RemoteActionReason | undefined,
    answer: RemoteAnswer = {},
  ): Promise<PerformedRemoteAction> {
    const { actionId, orderId, wish, attempts } = this.#now;
    const ended = await this.#store({
      ...this.#now,
      state,
      reason,
      answer: { ...this.#now.answer, ...answer },
      dueAt: undefined,
      endedAt: isoInstant(this.#deps.clock.now()),
    });
    if (!ended) return { outcome: 'changed-meanwhile' };
    await noteActivity(
      { ...this.#deps, actor: 'system' },
      {
        action: `remote-action-${state}`,
        subject: `order/${orderId}`,
        after: { actionId, kind: wish.kind, reason: reason ?? null, ...answer },
      },
    );
    return { outcome: state, kind: wish.kind, reason, code: answer.code, attempts };
  }

  /**
   * @param state `wanted` when nothing of ours can have reached the marketplace; left out, it stays what it is, and what
   * was being sent is asked for before it is sent again
   */
  async #wait(
    reason: RemoteActionReason,
    forMs: number,
    state: 'wanted' | 'sending' | 'followed' = this.#now.state === 'followed'
      ? 'followed'
      : openState(this.#now),
  ): Promise<PerformedRemoteAction> {
    const nowMs = this.#deps.clock.now();
    const sinceMs = nowMs - Date.parse(this.#now.requestedAt);
    if (sinceMs > (state === 'followed' ? FOLLOWED_MAX_MS : GIVEN_UP_AFTER_MS)) {
      // Before the first call nothing was sent; after one that nobody answered, who knows.
      return state === 'wanted' ? this.#end('refused', 'gave-up') : this.#end('unclear', 'cannot-tell');
    }
    const waits = await this.#store({ ...this.#now, state, reason, dueAt: isoInstant(nowMs + forMs) });
    const { attempts, wish } = this.#now;
    return waits ? { outcome: 'waits', kind: wish.kind, reason, attempts } : { outcome: 'changed-meanwhile' };
  }

  async #store(next: RemoteAction): Promise<boolean> {
    const { version } = this.#now;
    if ((await this.#deps.actions.change(next, version)) === 'conflict') return false;
    this.#now = { ...next, version: version + 1 };
    return true;
  }

  #allowance({ operation, plan, shared = false }: ConfirmationCalls, order: Order): Allowance {
    const { quota, clock } = this.#deps;
    const account = `${order.marketplace}/${order.accountId}`;
    return createAllowance({ quota, clock, search: { operation, plan } }, account, shared);
  }
}

const alreadyShipped: FoundAction = { found: 'refused', reason: 'order-changed', answer: {} };
/** Since a call was begun: when the looks at its work were, by their waits. */
const LOOKS_AFTER_MS = FOLLOWED_WAIT_MS.map((_, n) =>
  FOLLOWED_WAIT_MS.slice(0, n + 1).reduce((sum, ms) => sum + ms, 0),
);

function openState({ state }: RemoteAction): 'wanted' | 'sending' {
  return state === 'sending' ? 'sending' : 'wanted';
}

function waitOf(waits: readonly number[], attempt: number): number {
  return waits[Math.min(waits.length, Math.max(1, attempt)) - 1] ?? MINUTE_MS;
}

function answerOf(error: RejectedError): RemoteAnswer {
  const code = error instanceof ActionRefusedError ? error.code : undefined;
  const shown = code ?? (error.status === undefined ? undefined : String(error.status));
  return shown === undefined ? {} : { code: shown };
}
