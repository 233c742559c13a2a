import { confirmationJob, type ShippingConfirmationJob } from '../domain/confirmation-job.ts';
import type { AskedCourier, CourierAccount, CourierAccountProblem } from '../domain/courier-account.ts';
import { callsKept, courierBuckets } from '../domain/courier-pace.ts';
import { afterCourierAnswer, courierReach, isRefused } from '../domain/courier-reach.ts';
import { CourierRefusedError } from '../domain/courier-refusal.ts';
import {
  PartnerError,
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnexpectedAnswerError,
} from '../domain/errors.ts';
import type { Marketplace } from '../domain/order.ts';
import type { Shipment, ShipmentKey, ShipmentProblem } from '../domain/shipment.ts';
import { type ShippingConfirmation, wantedConfirmations } from '../domain/shipping-confirmation.ts';
import { afterCheck, type CheckAnswer } from '../domain/tracking-check.ts';
import { isSuperseded, type TrackingCheckJob } from '../domain/tracking-job.ts';
import { isFinal } from '../domain/tracking-state.ts';
import type { Clock } from '../ports/clock.ts';
import type { CourierAccountStore } from '../ports/courier-account-store.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { QuotaStore } from '../ports/quota.ts';
import type { ShipmentStore } from '../ports/shipment-store.ts';
import type { ShipmentTracker } from '../ports/shipment-tracker.ts';

/** Checks under way at once: a courier's answer takes a part of a second, and ours to it much less. */
const CONCURRENT_CHECKS = 5;
/** A courier's slowest answer, twice for one that takes two calls, and what is stored of it. */
const CHECK_TIME_MS = 65_000;
/** The longest delay the queue takes. */
const DELAY_MAX_MS = 900_000;
/** When a courier that does not answer is asked again for what was to be asked now. */
const SILENT_RETRY_MS = { urgent: 5 * 60_000, others: DELAY_MAX_MS };
/** So many unanswered calls, although others were answered, and the courier is on its way to silence. */
const SILENT_MAX = 3;
/** Times a change is tried against others of the same shipment. */
const CHANGES_MAX = 4;

export interface TrackShipmentsDeps {
  readonly shipments: Pick<ShipmentStore, 'get' | 'getMany' | 'change' | 'packagesOf'>;
  readonly accounts: Pick<CourierAccountStore, 'getCourierAccount' | 'putCourierAccount'>;
  readonly trackers: Readonly<Partial<Record<AskedCourier, ShipmentTracker>>>;
  readonly quota: QuotaStore;
  /** What cannot be asked now is put back here. */
  readonly checks: JobQueue<TrackingCheckJob>;
  readonly confirmationQueues: Readonly<Record<Marketplace, JobQueue<ShippingConfirmationJob>>>;
  readonly clock: Clock;
}

/** What one job did, for logs and metrics. Holds ids, never people. */
export interface TrackingFacts {
  /** Checks that the courier answered, in whatever way. */
  readonly asked: number;
  readonly notYet: number;
  readonly changed: number;
  /** Shipments whose number a marketplace can be told since. */
  readonly known: number;
  /** Shipments that came to their end. */
  readonly ended: number;
  /** Left to their following check, or nothing more to be asked of. */
  readonly passedOver: number;
  readonly putBack: readonly {
    readonly because: PutBackReason;
    readonly checks: number;
    readonly delayMs: number;
  }[];
  /** Dropped: the courier refuses the account's credentials. They come again by their schedule. */
  readonly refused: number;
  /** For people to look at, raised by this job. */
  readonly problems: readonly (Pick<ShipmentProblem, 'kind' | 'detail'> & {
    readonly shipmentKey: ShipmentKey;
    /** What the adapter said of an answer it does not understand: names of fields, no contents. */
    readonly message?: string | undefined;
  })[];
}
export type PutBackReason = 'quota' | 'throttled' | 'unavailable' | 'time';

/**
 * Asks a courier where some shipments are, stores what is new, and asks for the confirmations of those whose number has
 * become known: their intents are stored in the same transaction as the number.
 *
 * A job delivered twice asks twice and changes nothing the second time. What cannot be asked is put back until its
 * shipment's following check has come. One shipment's trouble is noted on it and stops no other; an account's stops its
 * own. Our own stores' failures are thrown: the queue delivers the job again.
 */
export async function trackShipments(
  deps: TrackShipmentsDeps,
  job: TrackingCheckJob,
  remainingMs: () => number,
): Promise<TrackingFacts> {
  const run = new Run();
  const stored = await deps.shipments.getMany(job.shipmentKeys as readonly ShipmentKey[]);
  const nowMs = deps.clock.now();
  const open = stored.filter((shipment) => isAskable(shipment) && !isSuperseded(shipment, job, nowMs));
  run.passedOver = job.shipmentKeys.length - open.length;
  for (const [courierAccountId, shipments] of Map.groupBy(open, (each) => each.courierAccountId)) {
    await new AccountChecks(deps, job, courierAccountId, run, remainingMs).ask(shipments);
  }
  return run;
}

/** Filled while checks are made. */
class Run implements TrackingFacts {
  asked = 0;
  notYet = 0;
  changed = 0;
  known = 0;
  ended = 0;
  passedOver = 0;
  refused = 0;
  readonly putBack: TrackingFacts['putBack'][number][] = [];
  readonly problems: TrackingFacts['problems'][number][] = [];
}

/** Why an account's checks stop before their end. */
type Stop =
  | { readonly because: PutBackReason; readonly waitMs: number }
  | { readonly because: 'refused' }
  /** Not the courier's: thrown in the end. */
  | { readonly because: 'our-failure'; readonly error: unknown };

/** The checks of one account in one job. */
class AccountChecks {
  readonly #deps: TrackShipmentsDeps;
  readonly #job: TrackingCheckJob;
  readonly #courierAccountId: string;
  readonly #run: Run;
  readonly #remainingMs: () => number;
  readonly #tracker: ShipmentTracker;
  readonly #buckets: ReturnType<typeof courierBuckets>;
  readonly #unasked: Shipment[] = [];
  /** Asked for without an answer. */
  readonly #unanswered: Shipment[] = [];
  #stop: Stop | undefined;
  /** What the courier last said of the account. */
  #answer: { readonly problem: CourierAccountProblem | undefined } | undefined;

  constructor(
    deps: TrackShipmentsDeps,
    job: TrackingCheckJob,
    courierAccountId: string,
    run: Run,
    remainingMs: () => number,
  ) {
    const tracker = deps.trackers[job.courier];
    if (tracker === undefined) throw new RangeError(`nobody here can ask ${job.courier}`);
    this.#deps = deps;
    this.#job = job;
    this.#courierAccountId = courierAccountId;
    this.#run = run;
    this.#remainingMs = remainingMs;
    this.#tracker = tracker;
    this.#buckets = courierBuckets(job.courier, courierAccountId);
  }

  async ask(shipments: readonly Shipment[]): Promise<void> {
    const { accounts, clock } = this.#deps;
    const account = await accounts.getCourierAccount(this.#job.courier, this.#courierAccountId);
    const reach = account === undefined ? 'open' : courierReach(account, clock.now());
    this.#unasked.push(...shipments);
    if (reach === 'closed') {
      const refused = account !== undefined && isRefused(account);
      this.#stop = refused ? { because: 'refused' } : { because: 'unavailable', waitMs: 0 };
    } else {
      await this.#askAll();
    }
    await this.#note(account);
    await this.#putBack();
    if (this.#stop?.because === 'our-failure') throw this.#stop.error;
  }

  /** The first alone: whether the courier answers at all is found out with one call. */
  async #askAll(): Promise<void> {
    const underWay = new Set<Promise<void>>();
    while (this.#stop === undefined) {
      const concurrent = this.#answer === undefined ? 1 : CONCURRENT_CHECKS;
      if (underWay.size >= concurrent) {
        await Promise.race(underWay);
        continue;
      }
      // Asked one after the other: side by side they would only be in each other's way.
      const [shipment] = this.#unasked;
      if (shipment === undefined || !(await this.#mayCall())) break;
      this.#unasked.shift();
      const check = this.#check(shipment).finally(() => underWay.delete(check));
      underWay.add(check);
    }
    await Promise.all(underWay);
  }

  async #mayCall(): Promise<boolean> {
    if (this.#remainingMs() < CHECK_TIME_MS) {
      this.#stop = { because: 'time', waitMs: 0 };
      return false;
    }
    const { quota, clock } = this.#deps;
    const { courier, urgent } = this.#job;
    for (const { bucket, plan } of this.#buckets) {
      const call = await quota.take(bucket, plan, clock.now(), callsKept(courier, urgent));
      if (call.granted) continue;
      this.#stop = { because: 'quota', waitMs: call.retryAfterMs };
      return false;
    }
    return true;
  }

  /** Never fails: what stops the others is in `#stop`. */
  async #check(shipment: Shipment): Promise<void> {
    try {
      const answer = await this.#answerOf(shipment);
      if (answer === undefined) this.#unanswered.push(shipment);
      else await this.#store(shipment, answer);
    } catch (error) {
      this.#stop = { because: 'our-failure', error };
    }
  }

  /** @returns undefined when the shipment is still to be asked for */
  async #answerOf(shipment: Shipment): Promise<CheckAnswer | undefined> {
    try {
      const answer = await this.#tracker.track(shipment);
      this.#answer = { problem: undefined };
      this.#run.asked += 1;
      if (answer.found === 'not-yet') this.#run.notYet += 1;
      return answer;
    } catch (error) {
      const isCouriers = error instanceof PartnerError && error.partner === this.#job.courier;
      if (!isCouriers) throw error;
      return this.#failed(shipment, error);
    }
  }

  async #failed(shipment: Shipment, error: PartnerError): Promise<CheckAnswer | undefined> {
    const { quota, clock } = this.#deps;
    if (error instanceof UnavailableError) {
      // One call among answered ones is that call's matter.
      const isSilent = this.#answer === undefined || this.#unanswered.length + 1 >= SILENT_MAX;
      if (isSilent) this.#stop ??= { because: 'unavailable', waitMs: 0 };
      this.#answer ??= { problem: 'unavailable' };
      return undefined;
    }
    if (error instanceof ThrottledError) {
      for (const { bucket, plan } of this.#buckets) {
        await quota.correct(bucket, plan, { exhausted: true }, clock.now());
      }
      this.#stop ??= { because: 'throttled', waitMs: error.retryAfterMs };
      return undefined;
    }
    if (error instanceof CourierRefusedError && error.reason === 'unauthorised') {
      this.#answer = { problem: 'unauthorised' };
      this.#stop = { because: 'refused' };
      return undefined;
    }
    this.#run.asked += 1;
    if (error instanceof UnexpectedAnswerError) {
      // The message is the adapter's own: it names fields and rules, never what stood there.
      this.#run.problems.push({
        kind: 'unknown-shape',
        shipmentKey: shipment.shipmentKey,
        message: error.message,
      });
      return { found: 'nothing-usable', problem: { kind: 'unknown-shape' } };
    }
    // It let us in, and says no to this one only.
    this.#answer ??= { problem: undefined };
    return { found: 'nothing-usable', problem: { kind: 'tracking-refused', detail: reasonOf(error) } };
  }

  async #store(read: Shipment, answer: CheckAnswer): Promise<void> {
    const { shipments, clock } = this.#deps;
    let current: Shipment | undefined = read;
    for (let attempt = 0; attempt < CHANGES_MAX; attempt += 1) {
      if (current === undefined || !isAskable(current)) return;
      const nowMs = clock.now();
      const { shipment, becameTellable, raised } = afterCheck(current, answer, nowMs);
      if (shipment === current) return;
      const confirmations = becameTellable ? await this.#confirmationsOf(shipment, nowMs) : [];
      if ((await shipments.change(shipment, current.version, confirmations)) === 'changed') {
        this.#count(current, shipment, becameTellable, raised);
        await this.#askForConfirmations(confirmations);
        return;
      }
      current = await shipments.get(read.shipmentKey);
    }
    throw new UnavailableError('dynamodb', `shipment ${read.shipmentKey} is changed all the time`);
  }

  async #confirmationsOf(shipment: Shipment, nowMs: number): Promise<readonly ShippingConfirmation[]> {
    const packages = await Promise.all(
      shipment.orders.map(({ orderId }) => this.#deps.shipments.packagesOf(orderId)),
    );
    return wantedConfirmations(shipment, packages.flat(), nowMs);
  }

  /** A job lost here is sent again when its confirmation is due. */
  async #askForConfirmations(confirmations: readonly ShippingConfirmation[]): Promise<void> {
    for (const confirmation of confirmations) {
      if (confirmation.state !== 'wanted') continue;
      const queue = this.#deps.confirmationQueues[confirmation.marketplace];
      await queue.send(confirmationJob(confirmation, this.#job.correlationId));
    }
  }

  #count(
    before: Shipment,
    { state, shipmentKey }: Shipment,
    becameTellable: boolean,
    raised: readonly ShipmentProblem[],
  ): void {
    const run = this.#run;
    run.changed += 1;
    if (becameTellable) run.known += 1;
    if (isFinal(state) && !isFinal(before.state)) run.ended += 1;
    for (const { kind, detail } of raised) {
      // Named already, by every answer that is not understood.
      if (kind !== 'unknown-shape') run.problems.push({ kind, detail, shipmentKey });
    }
  }

  /** What the courier made of the account: whoever plans and asks next goes by it. */
  async #note(account: CourierAccount | undefined): Promise<void> {
    const { accounts, clock } = this.#deps;
    if (account === undefined || this.#answer === undefined) return;
    const next = afterCourierAnswer(account, this.#answer.problem, clock.now());
    // A conflict: another worker has noted it, or a person has put in new credentials, of which this says nothing.
    if (next !== undefined) await accounts.putCourierAccount(next, account.version);
  }

  async #putBack(): Promise<void> {
    const left = [...this.#unanswered, ...this.#unasked];
    // Without a stop, only what stayed without an answer among others is left.
    const stop: Stop = this.#stop ?? { because: 'unavailable', waitMs: 0 };
    if (left.length === 0 || stop.because === 'our-failure') return;
    if (stop.because === 'refused') {
      this.#run.refused += left.length;
      return;
    }
    const silentMs = this.#job.urgent ? SILENT_RETRY_MS.urgent : SILENT_RETRY_MS.others;
    const delayMs = Math.min(DELAY_MAX_MS, stop.because === 'unavailable' ? silentMs : stop.waitMs);
    const shipmentKeys = left.map(({ shipmentKey }) => shipmentKey);
    await this.#deps.checks.send({ ...this.#job, shipmentKeys }, { delayMs });
    this.#run.putBack.push({ because: stop.because, checks: left.length, delayMs });
  }
}

/** There is something to be asked. Whoever deletes a shipment at its courier takes it out of the checks as well. */
function isAskable({ courier, state, making }: Shipment): boolean {
  return courier !== 'manual' && !isFinal(state) && making?.state !== 'deleted';
}

function reasonOf(error: PartnerError): string | undefined {
  if (error instanceof CourierRefusedError) return error.reason;
  return error instanceof RejectedError && error.status !== undefined ? String(error.status) : undefined;
}
