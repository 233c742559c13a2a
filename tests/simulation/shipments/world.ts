import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createConfirmShipmentHandler } from '../../../functions/confirm-shipment/handler.ts';
import { createPlanTrackingHandler } from '../../../functions/plan-tracking/handler.ts';
import { createTrackShipmentsHandler } from '../../../functions/track-shipments/handler.ts';
import { GET_ORDER_QUOTA } from '../../../shared/adapters/amazon/get-order.ts';
import { CONFIRM_SHIPMENT_QUOTA } from '../../../shared/adapters/amazon/shipping-confirmer.ts';
import { EBAY_CALLS_QUOTA } from '../../../shared/adapters/ebay/orders.ts';
import { MANOMANO_CALLS_QUOTA } from '../../../shared/adapters/manomano/client.ts';
import { MARKETPLACES, type Marketplace, orderId } from '../../../shared/domain/order.ts';
import type { Registration } from '../../../shared/domain/registration.ts';
import type { TrackingCheckJob } from '../../../shared/domain/tracking-job.ts';
import type { QuotaStore } from '../../../shared/ports/quota.ts';
import type { ShipmentStore } from '../../../shared/ports/shipment-store.ts';
import type { ShipmentTracker } from '../../../shared/ports/shipment-tracker.ts';
import { type ConfirmationCalls, confirmShipment } from '../../../shared/usecases/confirm-shipment.ts';
import { planTracking } from '../../../shared/usecases/plan-tracking.ts';
import { registerShipment } from '../../../shared/usecases/register-shipment.ts';
import { trackShipments } from '../../../shared/usecases/track-shipments.ts';
import { MemoryAccountStore } from '../../support/memory/account-store.ts';
import { MemoryActivityLog } from '../../support/memory/activity-log.ts';
import { MemoryChannelStore } from '../../support/memory/channel-store.ts';
import { MemoryCourierAccountStore } from '../../support/memory/courier-account-store.ts';
import { MemoryOrderStore } from '../../support/memory/order-store.ts';
import { MemoryQuotaStore } from '../../support/memory/quota-store.ts';
import { MemoryShipmentStores } from '../../support/memory/shipment-stores.ts';
import { drawFaultPlan, Faults, Gate, type Invocation } from '../faults.ts';
import { Lambdas } from '../lambdas.ts';
import { SilentMetrics } from '../observability.ts';
import { SimulatedQueue } from '../queue.ts';
import { Random } from '../random.ts';
import { Scheduler } from '../scheduler.ts';
import { BRT_ACCOUNT_ID, Brt } from './brt.ts';
import { type Figures, Invariants, keyOf, truthOf } from './invariants.ts';
import { Marketplaces, RemoteOrder } from './marketplaces.ts';
import {
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  type OrderPlan,
  planOutages,
  planShipments,
  type Scale,
  type ShipmentPlan,
  shortStory,
} from './plan.ts';
import { WarrantedLogger } from './watch.ts';

const PLANNED_EVERY_MS = MINUTE_MS;
/** The functions' time-outs (infra/stacks). */
const TIMEOUT_MS = { plan: 50_000, consumer: 2 * MINUTE_MS, register: 30_000 };
/** How late a pull brings a change of an order. */
const PULLED_WITHIN_MS = 10 * MINUTE_MS;
/** The longest: a shipment of the last hour whose life is a long one, asked for every four hours. */
const DRAINED_WITHIN_MS = 8 * DAY_MS;
const GIVEN_UP_WITHIN_MS = 32 * DAY_MS;
const DRAIN_STEP_MS = HOUR_MS;
/** Of a parcel that we know nothing of. */
const OTHER_NUMBER = 'BYHAND000001';

const EBAY_CALLS: ConfirmationCalls = { operation: 'calls', plan: EBAY_CALLS_QUOTA, shared: true };
const MANOMANO_CALLS: ConfirmationCalls = { operation: 'calls', plan: MANOMANO_CALLS_QUOTA, shared: true };
/** Each marketplace's allowance, as its function takes from it. */
const CALLS: Readonly<
  Record<Marketplace, { readonly telling: ConfirmationCalls; readonly asking: ConfirmationCalls }>
> = {
  amazon: {
    telling: { operation: 'confirmShipment', plan: CONFIRM_SHIPMENT_QUOTA },
    asking: { operation: 'getOrder', plan: GET_ORDER_QUOTA },
  },
  ebay: { telling: EBAY_CALLS, asking: EBAY_CALLS },
  manomano: { telling: MANOMANO_CALLS, asking: MANOMANO_CALLS },
};

/** A shop's shipments, from the first word of them to their ends, with BRT and the marketplaces around, from one seed. */
export class ShipmentWorld {
  readonly scheduler: Scheduler;
  readonly #random: Random;
  readonly #scale: Scale;
  readonly #faults: Faults;
  readonly #gate: Gate;
  readonly #lambdas: Lambdas;
  readonly #stores = new MemoryShipmentStores();
  readonly #orders = new MemoryOrderStore();
  readonly #channels: MemoryChannelStore;
  readonly #accounts = new MemoryAccountStore();
  readonly #courierAccounts = new MemoryCourierAccountStore();
  readonly #quota = new MemoryQuotaStore();
  readonly #activities = new MemoryActivityLog();
  readonly #brt: Brt;
  readonly #marketplaces: Marketplaces;
  readonly #checks: SimulatedQueue;
  readonly #confirmations: Readonly<Record<Marketplace, SimulatedQueue>>;
  readonly #invariants: Invariants;
  readonly #logger: WarrantedLogger;
  readonly #metrics = new SilentMetrics();
  readonly #registered = new Set<ShipmentPlan>();
  readonly #heldBack = new Map<string, { fromMs: number; untilMs: number }[]>();
  readonly #syncOff: { channelId: string; fromMs: number; untilMs: number }[] = [];

  /** @param scale left out, a short story of the seed's own */
  constructor(seed: number, onTrace?: (line: string) => void, scale?: Scale) {
    const random = new Random(seed);
    this.#random = random.for('shipments/world');
    this.#scale = scale ?? shortStory(random.for('scale'), drawFaultPlan(random.for('plan')));
    this.scheduler = new Scheduler(seed, this.#scale.startMs, onTrace, 'shipments');
    this.#faults = new Faults(random.for('faults'), this.#scale.faults);
    this.#lambdas = new Lambdas(this.scheduler, this.#random, this.#faults);
    this.#channels = new MemoryChannelStore(MARKETPLACES.map((each) => aChannel(each)));

    const outages = planOutages(random, this.#scale);
    const { hourMs } = this.#scale;
    this.#brt = new Brt(this.scheduler, this.#faults, random, { hourMs, outages });
    this.#marketplaces = new Marketplaces(this.scheduler, this.#faults, random, outages);
    this.#marketplaces.onChange = (remote) => this.#pullLater(remote);
    const queue = (name: string) =>
      new SimulatedQueue(
        {
          ...{ name, visibilityMs: 6 * TIMEOUT_MS.consumer, receivesMax: 5, concurrencyMax: 2, batchMax: 1 },
          isDoubled: () => this.#faults.happens('duplicate'),
        },
        this.scheduler,
        this.#faults,
        random,
      );
    this.#checks = queue('checks');
    this.#confirmations = {
      amazon: queue('to-amazon'),
      ebay: queue('to-ebay'),
      manomano: queue('to-manomano'),
    };

    const plans = planShipments(random, this.#scale);
    this.#invariants = new Invariants({
      ...{ scheduler: this.scheduler, stores: this.#stores, brt: this.#brt, plans },
      ...{ marketplaces: this.#marketplaces, heldBack: this.#heldBack, syncOff: this.#syncOff },
    });
    this.#gate = new Gate(this.scheduler, random.for('gate'), this.#faults, (call, args) =>
      this.#invariants.afterWrite(call, args),
    );
    this.#logger = new WarrantedLogger(this.scheduler, (message, fields) =>
      this.#invariants.whyNotWarned(message, fields),
    );

    this.#checks.connect((event, done) => this.#trackShipments(event, done));
    for (const marketplace of MARKETPLACES) {
      this.#confirmations[marketplace].connect((event, done) => this.#confirm(marketplace, event, done));
      this.#planSwitch(marketplace);
    }
    this.#lambdas.every(PLANNED_EVERY_MS, (retry) => this.#planTracking(retry));
    for (const plan of plans) {
      this.#planShipment(plan);
      for (const { order } of plan.orders) this.#planOrder(order, plan);
    }
  }

  /** Runs to the end. @throws SimulationFailure */
  async run(): Promise<Figures> {
    const { startMs, activeMs, untilGivenUp } = this.#scale;
    await this.#courierAccounts.putCourierAccount(
      {
        ...{ courier: 'brt', courierAccountId: BRT_ACCOUNT_ID, name: 'BRT', version: 1 },
        openedAt: new Date(startMs).toISOString(),
      },
      0,
    );
    await this.scheduler.runUntil(startMs + activeMs);
    this.scheduler.trace('the faults stop');
    this.#faults.stop();
    const drainMs = untilGivenUp ? GIVEN_UP_WITHIN_MS : DRAINED_WITHIN_MS;
    let missing: string[] = [];
    for (let ms = DRAIN_STEP_MS; ms <= drainMs; ms += DRAIN_STEP_MS) {
      await this.scheduler.runUntil(startMs + activeMs + ms);
      missing = await this.#invariants.unfinished({ untilGivenUp });
      if (missing.length === 0) break;
    }
    if (missing.length > 0) {
      this.scheduler.fail('everything drains when the faults stop', missing.join('\n  '));
    }
    const figures = await this.#invariants.verdict();
    await this.scheduler.runUntil(this.scheduler.nowMs);
    return figures;
  }

  // ── functions ────────────────────────────────────────────────────────────────────────────────────────────

  #planTracking(retry: () => void): void {
    this.#lambdas.invoke(
      'plan-tracking',
      TIMEOUT_MS.plan,
      (invocation) => {
        const asked = new Set<string>();
        const deps = {
          shipments: this.#guard(invocation, 'shipments', this.#askedFirst(asked)),
          confirmations: this.#guard(invocation, 'confirmations', this.#stores.confirmations),
          accounts: this.#guard(invocation, 'accounts', this.#courierAccounts),
          quota: this.#guard(invocation, 'quota', this.#quota),
          checks: this.#guard(invocation, 'checks', {
            send: (job: TrackingCheckJob) => {
              for (const key of job.shipmentKeys) asked.add(key);
              return this.#send(this.#checks, job);
            },
          }),
          confirmationQueues: this.#confirmationQueues(invocation),
          clock: this.#clock,
        };
        const plan = (remainingMs: () => number) => planTracking(deps, remainingMs);
        const { logger, metrics } = this.#observability;
        // The shop's shipments are made elsewhere: none is made here that could be lost sight of.
        const resendMakings = async () => 0;
        const handler = createPlanTrackingHandler({ plan, resendMakings, logger, metrics });
        return handler(undefined, this.#context(invocation));
      },
      (answer) => answer === undefined && retry(),
    );
  }

  /** A check is moved on only by a run that has asked for it. */
  #askedFirst(asked: ReadonlySet<string>): Pick<ShipmentStore, 'listDue' | 'moveCheck' | 'change'> {
    const { shipments } = this.#stores;
    return {
      listDue: (query) => shipments.listDue(query),
      change: (...args) => shipments.change(...args),
      moveCheck: (key, seen, next) => {
        if (!asked.has(key)) this.scheduler.fail('a check is asked for before it is moved on', key);
        return shipments.moveCheck(key, seen, next);
      },
    };
  }

  #trackShipments(event: SQSEvent, done: (answer: SQSBatchResponse | undefined) => void): void {
    this.#lambdas.invoke(
      'track-shipments',
      TIMEOUT_MS.consumer,
      (invocation) => {
        const { quota, tracker } = this.#withinTheAllowance();
        const deps = {
          shipments: this.#guard(invocation, 'shipments', this.#stores.shipments),
          accounts: this.#guard(invocation, 'accounts', this.#courierAccounts),
          trackers: { brt: this.#guard(invocation, 'tracker', tracker) },
          quota: this.#guard(invocation, 'quota', quota),
          checks: this.#guard(invocation, 'checks', {
            send: (job: TrackingCheckJob, options?: { readonly delayMs?: number }) =>
              this.#send(this.#checks, job, options),
          }),
          confirmationQueues: this.#confirmationQueues(invocation),
          clock: this.#clock,
        };
        const handler = createTrackShipmentsHandler({
          track: (job, remainingMs) => trackShipments(deps, job, remainingMs),
          ...this.#observability,
        });
        return handler(event, this.#context(invocation));
      },
      (answer) => done(answer?.value),
    );
  }

  /** Every check of a run is made with a call that was taken for it. */
  #withinTheAllowance(): { readonly quota: QuotaStore; readonly tracker: ShipmentTracker } {
    let granted = 0;
    const quota = this.#quota;
    return {
      quota: {
        take: async (...args) => {
          const call = await quota.take(...args);
          if (call.granted) granted += 1;
          return call;
        },
        left: (...args) => quota.left(...args),
        correct: (...args) => quota.correct(...args),
      },
      tracker: {
        track: (refs) => {
          granted -= 1;
          if (granted < 0) {
            this.scheduler.fail('a courier is asked with a call of its allowance', refs.senderReference);
          }
          return this.#brt.track(refs);
        },
      },
    };
  }

  #confirm(
    marketplace: Marketplace,
    event: SQSEvent,
    done: (answer: SQSBatchResponse | undefined) => void,
  ): void {
    this.#lambdas.invoke(
      `confirm-shipment-${marketplace}`,
      TIMEOUT_MS.consumer,
      (invocation) => {
        const sinceMs = this.scheduler.nowMs;
        const { confirm, find } = this.#marketplaces.confirmer(marketplace);
        const deps = {
          marketplace,
          confirmations: this.#guard(invocation, 'confirmations', this.#stores.confirmations),
          shipments: this.#guard(invocation, 'shipments', this.#stores.shipments),
          orders: this.#guard(invocation, 'orders', this.#orders),
          channels: this.#guard(invocation, 'channels', this.#channels),
          accounts: this.#guard(invocation, 'accounts', this.#accounts),
          quota: this.#guard(invocation, 'quota', this.#quota),
          confirmer: this.#guard(invocation, 'confirmer', {
            find,
            confirm: async (...[order, parcel]: Parameters<typeof confirm>) => {
              await this.#invariants.onTelling(order, parcel, sinceMs);
              await confirm(order, parcel);
            },
          }),
          clock: this.#clock,
          ...CALLS[marketplace],
        };
        const handler = createConfirmShipmentHandler({
          confirm: (job, remainingMs) => confirmShipment(deps, job, remainingMs),
          ...this.#observability,
        });
        return handler(event, this.#context(invocation));
      },
      (answer) => done(answer?.value),
    );
  }

  /** By a person or a file: until it is done, and now and then once more. */
  #register(plan: ShipmentPlan): void {
    if (plan.after !== undefined && !this.#registered.has(plan.after)) {
      this.scheduler.after(this.#random.int(1, 30) * MINUTE_MS, () => this.#register(plan));
      return;
    }
    this.#lambdas.invoke(
      'register-shipment',
      TIMEOUT_MS.register,
      async (invocation) => {
        const deps = {
          shipments: this.#guard(invocation, 'shipments', this.#stores.shipments),
          orders: this.#guard(invocation, 'orders', this.#orders),
          accounts: this.#guard(invocation, 'accounts', this.#courierAccounts),
          activities: this.#guard(invocation, 'activities', this.#activities),
          ...{ actor: 'somebody', clock: this.#clock },
        };
        const registered = await registerShipment(deps, this.#registrationOf(plan));
        if (registered.outcome === 'refused') {
          const { code, detail } = registered.refusal;
          this.scheduler.fail('what travels is registered', `${keyOf(plan)}: ${code} ${detail}`);
        }
      },
      (answer) => {
        if (answer !== undefined) this.#registered.add(plan);
        else {
          this.scheduler.after(this.#random.int(1, 10) * MINUTE_MS, () => this.#register(plan));
        }
      },
    );
  }

  #registrationOf({
    reference,
    courier,
    known,
    orders,
    registeredAtMs,
    madeAtMs,
  }: ShipmentPlan): Registration {
    const registration = {
      ...{ courier, reference, parcelNumbers: [] },
      orders: orders.map(({ order, lines }) => ({ orderId: idOf(order), lines })),
    };
    if (courier === 'gls') return { ...registration, trackingNumber: reference };
    if (courier === 'manual') {
      const trackingUrl = `https://www.sda.it/${reference}`;
      return { ...registration, trackingNumber: reference, carrierName: 'SDA', trackingUrl };
    }
    if (known === 'reference') return registration;
    const { shipmentId, parcels } = this.#brt.life(reference);
    if (known === 'parcels') return { ...registration, parcelNumbers: parcels };
    return {
      ...registration,
      trackingNumber: shipmentId,
      shippedAt: new Date(Math.min(madeAtMs, registeredAtMs)).toISOString(),
    };
  }

  #guard<Port extends object>(invocation: Invocation, name: string, port: Port): Port {
    return this.#gate.guard(invocation, name, port);
  }

  #confirmationQueues(invocation: Invocation) {
    const to = (marketplace: Marketplace) =>
      this.#guard(invocation, `to-${marketplace}`, {
        send: (job: object) => this.#send(this.#confirmations[marketplace], job),
      });
    return { amazon: to('amazon'), ebay: to('ebay'), manomano: to('manomano') };
  }

  /** Some messages are never heard of again. */
  async #send(queue: SimulatedQueue, job: object, options?: { readonly delayMs?: number }): Promise<void> {
    if (this.#faults.happens('dropEvent')) return this.scheduler.trace(`${queue.name} loses a message`);
    await queue.send(job, options);
  }

  #context({ deadlineMs }: Invocation) {
    return { getRemainingTimeInMillis: () => deadlineMs - this.scheduler.nowMs };
  }
  get #observability() {
    return { logger: this.#logger, metrics: this.#metrics };
  }
  get #clock() {
    return { now: () => this.scheduler.nowMs };
  }

  // ── the world around ─────────────────────────────────────────────────────────────────────────────────────

  #planShipment(plan: ShipmentPlan): void {
    const { reference, courier, scenario, parcelCount, madeAtMs, registeredAtMs } = plan;
    if (courier === 'brt') {
      this.scheduler.at(madeAtMs, () => this.#brt.make(reference, scenario, parcelCount));
    }
    this.scheduler.at(registeredAtMs, () => this.#register(plan));
    if (this.#random.chance(0.1)) {
      this.scheduler.at(registeredAtMs + this.#random.int(0, 2 * HOUR_MS), () => this.#register(plan));
    }
  }

  #planOrder(plan: OrderPlan, shipment: ShipmentPlan): void {
    // In parts, it comes with each of them.
    if (this.#marketplaces.orders.has(idOf(plan))) return;
    const { scheduler } = this;
    const { pulledAtMs, cancelledAtMs, cancellationAsked, shippedByHand } = plan;
    const remote = new RemoteOrder(plan, scheduler.nowMs);
    this.#marketplaces.orders.set(idOf(plan), remote);
    this.#heldBack.set(idOf(plan), [{ fromMs: 0, untilMs: pulledAtMs + 15 * MINUTE_MS }]);
    scheduler.at(pulledAtMs, () => this.#pull(remote));
    if (cancelledAtMs !== undefined) scheduler.at(cancelledAtMs, () => this.#marketplaces.cancel(remote));
    if (cancellationAsked !== undefined) {
      const { fromMs, untilMs } = cancellationAsked;
      this.#heldBack.get(idOf(plan))?.push({ fromMs, untilMs: untilMs + PULLED_WITHIN_MS + 15 * MINUTE_MS });
      for (const [atMs, asked] of [
        [fromMs, true],
        [untilMs, false],
      ] as const) {
        scheduler.at(atMs, () => {
          remote.cancellationAsked = asked;
          this.#marketplaces.changed(remote);
        });
      }
    }
    if (shippedByHand !== undefined) {
      const { atMs, number } = shippedByHand;
      scheduler.at(atMs, () => {
        const same = number === 'same' ? truthOf(shipment, this.#brt).number : '';
        this.#marketplaces.shipByHand(remote, same === '' ? OTHER_NUMBER : same);
      });
    }
  }

  #pullLater(remote: RemoteOrder): void {
    this.scheduler.after(this.#random.int(10_000, PULLED_WITHIN_MS), () => this.#pull(remote));
  }

  #pull(remote: RemoteOrder): void {
    if (this.scheduler.nowMs < remote.plan.pulledAtMs) return;
    const order = remote.shown();
    void this.#orders.putOrder(order);
    this.#invariants.orderStored(order);
  }

  /** An operator switches a channel's tracking off, and some hours later on again. */
  #planSwitch(channelId: Marketplace): void {
    if (this.#random.chance(0.5)) return;
    const { startMs, activeMs } = this.#scale;
    const fromMs = startMs + this.#random.int(0, activeMs);
    const untilMs = fromMs + this.#random.int(10, 300) * MINUTE_MS;
    // What waits for the switch is asked for again after an hour.
    this.#syncOff.push({ channelId, fromMs, untilMs });
    for (const [atMs, trackingSync] of [
      [fromMs, false],
      [untilMs, true],
    ] as const) {
      this.scheduler.at(atMs, async () => {
        const channel = await this.#channels.getChannel(channelId);
        await this.#channels.changeSettings(channelId, { trackingSync }, channel?.version ?? 1);
      });
    }
  }
}

function idOf({ marketplace, marketplaceOrderId }: OrderPlan) {
  return orderId(marketplace, marketplaceOrderId);
}

function aChannel(marketplace: Marketplace) {
  return {
    ...{ channelId: marketplace, name: marketplace, marketplace, accountId: 'SHOP', siteIds: ['1'] },
    ...{ country: 'IT', timeZone: 'Europe/Rome', ordersSync: true, trackingSync: true },
    ordersFrom: '2026-11-01T00:00:00.000Z',
  };
}
