import { confirmationJob, type ShippingConfirmationJob } from '../domain/confirmation-job.ts';
import type { AskedCourier, CourierAccount } from '../domain/courier-account.ts';
import { callsKept, courierBuckets } from '../domain/courier-pace.ts';
import { type CourierReach, courierReach, isRefused } from '../domain/courier-reach.ts';
import { MARKETPLACES, type Marketplace } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { Shipment } from '../domain/shipment.ts';
import type { ShippingConfirmation } from '../domain/shipping-confirmation.ts';
import { givenUp } from '../domain/tracking-check.ts';
import { CHECKS_PER_JOB_MAX, checkJob, type TrackingCheckJob } from '../domain/tracking-job.ts';
import { nextCheck } from '../domain/tracking-schedule.ts';
import type { Clock } from '../ports/clock.ts';
import type { CourierAccountStore } from '../ports/courier-account-store.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { QuotaStore } from '../ports/quota.ts';
import type { ConfirmationStore, ShipmentStore } from '../ports/shipment-store.ts';

/** Due shipments read at once. */
const PAGE_SHIPMENTS = 100;
/**
 * Pages of due shipments read per courier and run. More than any allowance of a minute fills; reached only when shipments
 * of an account that cannot be asked stand before those of one that can.
 */
const PAGES_MAX = 10;
/** Confirmations sent again per marketplace and run. */
const RESENT_MAX = 100;
/** A confirmation sent again has this long before it counts as lost once more. */
const RESENT_AGAIN_MS = 10 * 60_000;
/** Less than this, and the rest is for the next minute's run. */
const BATCH_TIME_MS = 3_000;

export interface PlanTrackingDeps {
  readonly shipments: Pick<ShipmentStore, 'listDue' | 'moveCheck' | 'change'>;
  readonly confirmations: Pick<ConfirmationStore, 'listDue' | 'change'>;
  readonly accounts: Pick<CourierAccountStore, 'listCourierAccounts'>;
  readonly quota: Pick<QuotaStore, 'left'>;
  readonly checks: JobQueue<TrackingCheckJob>;
  readonly confirmationQueues: Readonly<Record<Marketplace, JobQueue<ShippingConfirmationJob>>>;
  readonly clock: Clock;
}

/** What one run did, for logs and metrics. Holds ids, never people. */
export interface PlannedTracking {
  /** Checks asked for. */
  readonly wanted: number;
  readonly followed: number;
  /** Shipments whose last check was asked for. */
  readonly givenUp: number;
  /** `<courier>/<account>` whose credentials the courier refuses: nothing of them is asked until they are renewed. */
  readonly refusedAccounts: readonly string[];
  /** Confirmations whose message may be lost, sent again. */
  readonly resent: number;
  /** The longest that a marketplace could have known a number which nobody has sent; undefined when there is none. */
  readonly oldestUnpushedMs: number | undefined;
}

/**
 * Asks for the checks that are due, no more than each courier's allowance lets through, those for a wanted number first;
 * and for confirmations that nobody has worked on in time.
 *
 * A job is sent first and its checks are moved to their next instants after it: a crash in between asks twice, never not
 * at all. What there are no calls for stays due, and is the first of the next run.
 */
export async function planTracking(
  deps: PlanTrackingDeps,
  remainingMs: () => number,
): Promise<PlannedTracking> {
  // First: a number that is known is nearer to its buyer than one that is looked for.
  const resent = await resendConfirmations(deps);
  const accounts = await deps.accounts.listCourierAccounts();
  const counts = { wanted: 0, followed: 0, givenUp: 0 };
  for (const [courier, own] of Map.groupBy(accounts, (account) => account.courier)) {
    const planned = await new CourierPlan(deps, courier, own, remainingMs).run();
    counts.wanted += planned.wanted;
    counts.followed += planned.followed;
    counts.givenUp += planned.givenUp;
  }
  const refusedAccounts = accounts
    .filter(isRefused)
    .map(({ courier, courierAccountId }) => `${courier}/${courierAccountId}`);
  return { ...counts, refusedAccounts, ...resent };
}

/** How many checks an account may be asked for in this run, and what becomes of the others. */
interface Room {
  wanted: number;
  followed: number;
  /** Those beyond are moved on, so that they hide nobody else's; else they stay due. */
  readonly movesOn: boolean;
}

/** One courier's checks of one run. */
class CourierPlan {
  readonly #deps: PlanTrackingDeps;
  readonly #courier: AskedCourier;
  readonly #accounts: readonly CourierAccount[];
  readonly #remainingMs: () => number;
  readonly #rooms = new Map<string, Room>();
  readonly #counts = { wanted: 0, followed: 0, givenUp: 0 };

  constructor(
    deps: PlanTrackingDeps,
    courier: AskedCourier,
    accounts: readonly CourierAccount[],
    remainingMs: () => number,
  ) {
    this.#deps = deps;
    this.#courier = courier;
    this.#accounts = accounts;
    this.#remainingMs = remainingMs;
  }

  async run(): Promise<Readonly<{ wanted: number; followed: number; givenUp: number }>> {
    for (const account of this.#accounts) {
      this.#rooms.set(account.courierAccountId, await this.#roomOf(account));
    }
    await this.#plan('wanted');
    await this.#plan('followed');
    return this.#counts;
  }

  async #plan(tracking: 'wanted' | 'followed'): Promise<void> {
    const { shipments, clock } = this.#deps;
    const until = isoInstant(clock.now());
    let cursor: string | undefined;
    for (let page = 0; page < PAGES_MAX && this.#hasWork(tracking); page += 1) {
      const due = await shipments.listDue({
        courier: this.#courier,
        tracking,
        until,
        limit: PAGE_SHIPMENTS,
        cursor,
      });
      const admitted: Shipment[] = [];
      const passedBy: Shipment[] = [];
      for (const shipment of due.shipments) {
        const room = this.#rooms.get(shipment.courierAccountId) ?? NO_ROOM;
        if (room[tracking] > 0) {
          // Whatever is taken is taken from both: they live on the same calls.
          room.wanted -= 1;
          room.followed -= 1;
          admitted.push(shipment);
        } else if (room.movesOn) passedBy.push(shipment);
      }
      for (const own of Map.groupBy(admitted, (each) => each.courierAccountId).values()) {
        for (const batch of batchesOf(own)) {
          if (this.#remainingMs() < BATCH_TIME_MS) return;
          await this.#ask(batch, tracking === 'wanted');
          this.#counts[tracking] += batch.length;
        }
      }
      for (const batch of batchesOf(passedBy)) {
        if (this.#remainingMs() < BATCH_TIME_MS) return;
        await this.#move(batch);
      }
      cursor = due.cursor;
      if (cursor === undefined) return;
    }
  }

  #hasWork(tracking: 'wanted' | 'followed'): boolean {
    return [...this.#rooms.values()].some((room) => room[tracking] > 0 || room.movesOn);
  }

  async #ask(batch: readonly Shipment[], urgent: boolean): Promise<void> {
    const { checks, clock } = this.#deps;
    const nowMs = clock.now();
    const keys = batch.map(({ shipmentKey }) => shipmentKey);
    const correlationId = `tracking/${isoInstant(nowMs)}/${keys[0]}`;
    await checks.send(checkJob(this.#courier, keys, { urgent, correlationId, nowMs }));
    await this.#move(batch);
  }

  /** To their next instants; whoever moved or ended one meanwhile knows better. */
  async #move(batch: readonly Shipment[]): Promise<void> {
    const { shipments, clock } = this.#deps;
    const nowMs = clock.now();
    await Promise.all(
      batch.map(async (shipment) => {
        const { shipmentKey, nextCheckAt, version } = shipment;
        const ended = givenUp(shipment, nowMs);
        if (ended !== undefined) {
          if ((await shipments.change(ended, version)) === 'changed') this.#counts.givenUp += 1;
        } else if (nextCheckAt !== undefined) {
          await shipments.moveCheck(shipmentKey, nextCheckAt, nextCheck(shipment, nowMs));
        }
      }),
    );
  }

  async #roomOf(account: CourierAccount): Promise<Room> {
    const nowMs = this.#deps.clock.now();
    const reach = courierReach(account, nowMs);
    const movesOn = isRefused(account);
    if (reach !== 'open') return { ...roomAt(reach), movesOn };
    const { quota } = this.#deps;
    const kept = callsKept(this.#courier, false);
    const rooms = await Promise.all(
      courierBuckets(this.#courier, account.courierAccountId).map(async ({ bucket, plan }) => {
        const left = await quota.left(bucket, plan, nowMs);
        return { wanted: left, followed: left - Math.min(kept, plan.burst - 1) };
      }),
    );
    return {
      wanted: Math.min(...rooms.map(({ wanted }) => wanted)),
      followed: Math.min(...rooms.map(({ followed }) => followed)),
      movesOn,
    };
  }
}

/** Of an account that is not there any more: nobody can be asked. */
const NO_ROOM: Room = { wanted: 0, followed: 0, movesOn: true };

function roomAt(reach: Exclude<CourierReach, 'open'>): Pick<Room, 'wanted' | 'followed'> {
  const calls = reach === 'one-call' ? 1 : 0;
  return { wanted: calls, followed: calls };
}

function batchesOf(shipments: readonly Shipment[]): Shipment[][] {
  const count = Math.ceil(shipments.length / CHECKS_PER_JOB_MAX);
  return Array.from({ length: count }, (_, n) =>
    shipments.slice(n * CHECKS_PER_JOB_MAX, (n + 1) * CHECKS_PER_JOB_MAX),
  );
}

/** Sends what is due once more; after it, and not before, it is moved on. */
async function resendConfirmations({
  confirmations,
  confirmationQueues,
  clock,
}: PlanTrackingDeps): Promise<Pick<PlannedTracking, 'resent' | 'oldestUnpushedMs'>> {
  const nowMs = clock.now();
  const lists = await Promise.all(
    MARKETPLACES.map((marketplace) =>
      confirmations.listDue({ marketplace, until: isoInstant(nowMs), limit: RESENT_MAX }),
    ),
  );
  const due = lists.flatMap((list) => list.confirmations);
  const waitsMs = due.filter(isForUsToSend).map(({ knownAt }) => nowMs - Date.parse(knownAt));
  for (const confirmation of due) {
    const { marketplace, orderId, version } = confirmation;
    const job = confirmationJob(confirmation, `sweep/${isoInstant(nowMs)}/${orderId}`);
    await confirmationQueues[marketplace].send(job);
    const dueAt = isoInstant(nowMs + RESENT_AGAIN_MS);
    // A conflict: somebody works on it after all.
    await confirmations.change({ ...confirmation, dueAt }, version);
  }
  return { resent: due.length, oldestUnpushedMs: waitsMs.length === 0 ? undefined : Math.max(...waitsMs) };
}

/** Nothing of the order's, and no switch of a person's, holds it back. */
function isForUsToSend({ reason }: ShippingConfirmation): boolean {
  return reason === undefined || reason === 'unavailable' || reason === 'throttled';
}
