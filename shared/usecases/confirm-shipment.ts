import {
  type ConfirmationDecision,
  confirmationDecision,
  takesEdits,
} from '../domain/confirmation-decision.ts';
import type { ShippingConfirmationJob } from '../domain/confirmation-job.ts';
import {
  PartnerError,
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnexpectedAnswerError,
} from '../domain/errors.ts';
import type { Marketplace, Order, OrderId } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { ShipmentKey, ShippedOrder } from '../domain/shipment.ts';
import {
  type ConfirmationReason,
  isUnderWay,
  type ShippingConfirmation,
} from '../domain/shipping-confirmation.ts';
import { isRevoked } from '../domain/sync-state.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { OrderStore } from '../ports/order-store.ts';
import type { QuotaPlan, QuotaStore } from '../ports/quota.ts';
import type { ConfirmationStore, ShipmentStore } from '../ports/shipment-store.ts';
import {
  AlreadyInPackageError,
  type RemotePackage,
  type ShippingConfirmer,
} from '../ports/shipping-confirmer.ts';
import { type Allowance, createAllowance } from './allowance.ts';

const MINUTE_MS = 60_000;
/** Longer than any worker lives: after it, a call that was under way is none any more. */
const CALL_UNDER_WAY_MS = 3 * MINUTE_MS;
/** Signing in and one call, each at its slowest; with less time left nothing is begun. */
const CALL_TIME_MS = 70_000;
/** Before the marketplace is asked what came of a call that it did not answer: later attempts wait longer. */
const UNAVAILABLE_WAIT_MS = [1, 2, 5, 10, 30, 60].map((minutes) => minutes * MINUTE_MS);
/** The account is checked as often: as soon as it is let in again, everything that waited goes. */
const UNAUTHORISED_WAIT_MS = 15 * MINUTE_MS;
/** Nobody waits for the tracking of a parcel that left a month ago. */
const GIVEN_UP_AFTER_MS = 30 * 24 * 60 * MINUTE_MS;

export interface ConfirmShipmentDeps {
  readonly marketplace: Marketplace;
  readonly confirmations: ConfirmationStore;
  readonly shipments: Pick<ShipmentStore, 'get' | 'getMany' | 'packagesOf'>;
  readonly orders: Pick<OrderStore, 'getMany'>;
  readonly channels: Pick<ChannelStore, 'getChannel'>;
  readonly accounts: Pick<AccountStore, 'getAccount'>;
  readonly confirmer: ShippingConfirmer;
  readonly quota: QuotaStore;
  /** Which allowance telling takes from, and which asking does. */
  readonly telling: ConfirmationCalls;
  readonly asking: ConfirmationCalls;
  readonly clock: Clock;
}
export interface ConfirmationCalls {
  readonly operation: string;
  readonly plan: QuotaPlan;
  /** The pulls live on the same allowance: a part of it is left to them. */
  readonly shared?: boolean | undefined;
}

/** What came of one job, for logs and metrics. Holds ids, never people. */
export interface ConfirmedShipment {
  readonly outcome:
    | 'confirmed'
    | 'left-alone'
    | 'refused'
    | 'waits'
    /** It stands already, or there is nothing of the kind. */
    | 'nothing-to-do'
    /** Another worker is at it, or was a moment ago. */
    | 'under-way'
    /** Somebody changed it meanwhile: what they made of it counts. */
    | 'changed-meanwhile';
  readonly reason?: ConfirmationReason | undefined;
  readonly attempts?: number | undefined;
  /** From the instant the number was known; only where nothing but the marketplace held it up. */
  readonly delayMs?: number | undefined;
}

/**
 * Tells a marketplace how one order travels, once.
 *
 * The intent is stored before the call and what came of it after: whoever finds an intent that nobody works on asks the
 * marketplace what it has before anything is sent again. What has to wait, waits in the store and is asked for again when
 * it is due; a job never fails because a marketplace did.
 */
export async function confirmShipment(
  deps: ConfirmShipmentDeps,
  job: ShippingConfirmationJob,
  remainingMs: () => number,
): Promise<ConfirmedShipment> {
  const id = { orderId: job.orderId as OrderId, shipmentKey: job.shipmentKey as ShipmentKey };
  const confirmation = await deps.confirmations.get(id);
  const isOpen = confirmation?.state === 'wanted' || confirmation?.state === 'sending';
  if (confirmation === undefined || !isOpen) return { outcome: 'nothing-to-do' };
  if (confirmation.marketplace !== deps.marketplace) {
    throw new RangeError(`a job of ${confirmation.marketplace} in the queue of ${deps.marketplace}`);
  }
  return isUnderWay(confirmation, deps.clock.now())
    ? { outcome: 'under-way' }
    : new Confirming(deps, confirmation, remainingMs).run();
}

/** One confirmation on its way through a worker; `#now` is what is stored of it. */
class Confirming {
  readonly #deps: ConfirmShipmentDeps;
  readonly #remainingMs: () => number;
  /** Something of ours held it up: its delay says nothing of how fast we are. */
  readonly #heldBack: boolean;
  #now: ShippingConfirmation;

  constructor(deps: ConfirmShipmentDeps, stored: ShippingConfirmation, remainingMs: () => number) {
    this.#deps = deps;
    this.#now = stored;
    this.#heldBack = heldBackByUs(stored);
    this.#remainingMs = remainingMs;
  }

  async run(): Promise<ConfirmedShipment> {
    const { orders, shipments, channels, accounts } = this.#deps;
    const { orderId, shipmentKey } = this.#now;
    const [records, shipment] = await Promise.all([orders.getMany([orderId]), shipments.get(shipmentKey)]);
    if (shipment === undefined) throw new RangeError(`there is no shipment ${shipmentKey}`);
    const { order, manualFulfilment } = records.get(orderId) ?? {};
    const [channel, account] = order
      ? await Promise.all([
          channels.getChannel(order.channelId),
          accounts.getAccount(order.marketplace, order.accountId),
        ])
      : [];
    const elsewhere = await this.#elsewhere();
    const decision = confirmationDecision({ confirmation: this.#now, shipment, order, channel, elsewhere });
    const calls = this.#now.state === 'sending' || decision.do === 'send';
    if (order === undefined || !calls) return this.#settle(decision);
    if (isRevoked(account)) return this.#wait('unauthorised', UNAUTHORISED_WAIT_MS);

    // A call of ours was made, and nobody knows what became of it; or a person wants the marketplace asked first.
    const unanswered = this.#now.state === 'sending' && this.#now.attempts > 0;
    // Of a red order somebody may have told it by hand, which no pull has shown yet.
    if (this.#now.state === 'sending' || manualFulfilment !== undefined) {
      const ended = await this.#endedBy(order, unanswered);
      if (ended !== undefined) return ended;
    }
    if (decision.do !== 'send') return this.#settle(decision);
    return this.#send(order, decision, unanswered);
  }

  /** What the order's other shipments took; asked for only where this one is said to hold the rest. */
  async #elsewhere(): Promise<readonly ShippedOrder[]> {
    const { orderId, shipmentKey, lines } = this.#now;
    if (lines.length > 0) return [];
    const packages = await this.#deps.shipments.packagesOf(orderId);
    const others = packages.map((each) => each.shipmentKey).filter((key) => key !== shipmentKey);
    if (others.length === 0) return [];
    const shipments = await this.#deps.shipments.getMany(others);
    const left = shipments.filter(
      ({ state, making }) => state !== 'cancelled' && making?.state !== 'deleted',
    );
    return left.flatMap(({ orders }) => orders.filter((each) => each.orderId === orderId));
  }

  /** Everything but sending. */
  #settle(decision: ConfirmationDecision): Promise<ConfirmedShipment> {
    switch (decision.do) {
      case 'leave-alone':
        return this.#end('left-alone', decision.reason);
      case 'refuse':
        return this.#end('refused', decision.reason);
      case 'wait':
        return this.#wait(decision.reason, decision.forMs, 'wanted');
      case 'send':
        throw new RangeError('what is to be sent is not settled without the marketplace');
    }
  }

  async #send(
    order: Order,
    { carrier, trackingNumber, lines }: Extract<ConfirmationDecision, { do: 'send' }>,
    unanswered: boolean,
  ): Promise<ConfirmedShipment> {
    const { confirmer, telling, clock } = this.#deps;
    if (this.#remainingMs() < CALL_TIME_MS) return this.#wait('unavailable', 0, 'wanted');
    const calls = this.#allowance(telling, order);
    const waitMs = await calls.take();
    if (waitMs > 0) return this.#wait('throttled', waitMs, 'wanted');

    const underWayUntil = isoInstant(clock.now() + CALL_UNDER_WAY_MS);
    const intent: ShippingConfirmation = {
      ...this.#now,
      trackingNumber,
      lines,
      state: 'sending',
      reason: undefined,
      attempts: this.#now.attempts + 1,
      dueAt: underWayUntil,
      underWayUntil,
    };
    if (!(await this.#store(intent))) return { outcome: 'changed-meanwhile' };
    const { packageNumber, trackingUrl, shippedAt } = intent;
    try {
      await confirmer.confirm(order, {
        packageNumber,
        trackingNumber,
        trackingUrl,
        shippedAt,
        lines,
        carrierCode: carrier.code,
        carrierName: carrier.carrierName,
      });
    } catch (error) {
      if (error instanceof ThrottledError) {
        await calls.exhausted();
        return this.#wait('throttled', error.retryAfterMs, 'wanted');
      }
      if (error instanceof UnavailableError) return this.#waitForTheMarketplace();
      if (isUnauthorised(error)) return this.#wait('unauthorised', UNAUTHORISED_WAIT_MS, 'wanted');
      if (!(error instanceof RejectedError || error instanceof UnexpectedAnswerError)) throw error;
      return this.#refused(order, error, unanswered);
    }
    return this.#confirmed();
  }

  /** The marketplace said no, or something nobody understands: it may be because it has the package already. */
  async #refused(
    order: Order,
    error: RejectedError | UnexpectedAnswerError,
    unanswered: boolean,
  ): Promise<ConfirmedShipment> {
    const isForbidden = error instanceof RejectedError && error.status === 403;
    if (isForbidden) return this.#end('refused', 'unauthorised');
    const ended = await this.#endedBy(order, unanswered);
    if (ended !== undefined) return ended;
    // Whose package, it does not say: ours, when an earlier call of ours was never answered.
    if (error instanceof AlreadyInPackageError) return this.#shippedBySomebody(unanswered);
    return this.#end('refused', error instanceof RejectedError ? 'rejected' : 'unexpected-answer');
  }

  /** Asks the marketplace what it has, and ends with that; undefined when the package is still to be told. */
  async #endedBy(order: Order, unanswered: boolean): Promise<ConfirmedShipment | undefined> {
    const asked = await this.#ask(order);
    if ('outcome' in asked) return asked;
    if (asked.found === 'same') return this.#confirmed();
    if (asked.found === 'no' || takesEdits(order.marketplace)) return undefined;
    if (asked.found === 'shipped') return this.#shippedBySomebody(unanswered);
    return this.#end('left-alone', 'cannot-be-edited', { replacedNumber: asked.trackingNumber });
  }

  #shippedBySomebody(unanswered: boolean): Promise<ConfirmedShipment> {
    return unanswered ? this.#confirmed() : this.#end('left-alone', 'already-shipped');
  }

  /** What the marketplace has; or why that could not be found out, stored already. */
  async #ask(order: Order): Promise<RemotePackage | ConfirmedShipment> {
    const { confirmer, asking } = this.#deps;
    if (this.#remainingMs() < CALL_TIME_MS) return this.#wait('unavailable', 0);
    const calls = this.#allowance(asking, order);
    const waitMs = await calls.take();
    if (waitMs > 0) return this.#wait('throttled', waitMs);
    try {
      return await confirmer.find(order, this.#now);
    } catch (error) {
      if (!(error instanceof PartnerError)) throw error;
      if (error instanceof ThrottledError) {
        await calls.exhausted();
        return this.#wait('throttled', error.retryAfterMs);
      }
      if (error instanceof UnavailableError) return this.#waitForTheMarketplace();
      if (isUnauthorised(error)) return this.#wait('unauthorised', UNAUTHORISED_WAIT_MS);
      return this.#end('refused', error instanceof RejectedError ? 'rejected' : 'unexpected-answer');
    }
  }

  #confirmed(): Promise<ConfirmedShipment> {
    const nowMs = this.#deps.clock.now();
    const delayMs = this.#heldBack ? undefined : Math.max(0, nowMs - Date.parse(this.#now.knownAt));
    return this.#end('confirmed', undefined, {
      confirmedAt: isoInstant(nowMs),
      replacedNumber: undefined,
      delayMs,
    });
  }

  async #end(
    state: 'confirmed' | 'left-alone' | 'refused',
    reason: ConfirmationReason | undefined,
    { delayMs, ...more }: Partial<ShippingConfirmation> & { readonly delayMs?: number | undefined } = {},
  ): Promise<ConfirmedShipment> {
    const done = { state, reason, dueAt: undefined, underWayUntil: undefined };
    const ended = await this.#store({ ...this.#now, ...more, ...done });
    return ended
      ? { outcome: state, reason, attempts: this.#now.attempts, delayMs }
      : { outcome: 'changed-meanwhile' };
  }

  /**
   * @param state `wanted` when nothing of ours can have reached the marketplace; left out, it stays what it is, and what
   * was being sent is asked for before it is sent again
   */
  async #wait(
    reason: ConfirmationReason,
    forMs: number,
    state: 'wanted' | 'sending' = this.#now.state === 'sending' ? 'sending' : 'wanted',
  ): Promise<ConfirmedShipment> {
    const nowMs = this.#deps.clock.now();
    if (nowMs - Date.parse(this.#now.knownAt) > GIVEN_UP_AFTER_MS) return this.#end('refused', 'gave-up');
    const dueAt = isoInstant(nowMs + forMs);
    const underWayUntil = state === 'sending' ? dueAt : undefined;
    const waits = await this.#store({ ...this.#now, state, reason, dueAt, underWayUntil });
    return waits
      ? { outcome: 'waits', reason, attempts: this.#now.attempts }
      : { outcome: 'changed-meanwhile' };
  }

  #waitForTheMarketplace(): Promise<ConfirmedShipment> {
    const last = UNAVAILABLE_WAIT_MS.length - 1;
    const waitMs = UNAVAILABLE_WAIT_MS[Math.min(last, Math.max(0, this.#now.attempts - 1))] ?? MINUTE_MS;
    return this.#wait('unavailable', waitMs);
  }

  async #store(next: ShippingConfirmation): Promise<boolean> {
    const { version } = this.#now;
    if ((await this.#deps.confirmations.change(next, version)) === 'conflict') return false;
    this.#now = { ...next, version: version + 1 };
    return true;
  }

  #allowance({ operation, plan, shared = false }: ConfirmationCalls, order: Order): Allowance {
    const { quota, clock } = this.#deps;
    const account = `${order.marketplace}/${order.accountId}`;
    return createAllowance({ quota, clock, search: { operation, plan } }, account, shared);
  }
}

function heldBackByUs({ reason, askedBy }: ShippingConfirmation): boolean {
  const marketplaces = reason === undefined || reason === 'unavailable' || reason === 'throttled';
  return askedBy !== undefined || !marketplaces;
}

function isUnauthorised(error: unknown): boolean {
  return error instanceof RejectedError && error.status === 401;
}
