import { createConfirmationStore } from '../shared/adapters/dynamodb/confirmation-store.ts';
import { createCourierAccountStore } from '../shared/adapters/dynamodb/courier-account-store.ts';
import { createQuotaStore } from '../shared/adapters/dynamodb/quota-store.ts';
import { createShipmentStore } from '../shared/adapters/dynamodb/shipment-store.ts';
import type { ShippingConfirmationJob } from '../shared/domain/confirmation-job.ts';
import type { CourierAccount } from '../shared/domain/courier-account.ts';
import { orderId } from '../shared/domain/order.ts';
import { isoInstant } from '../shared/domain/pull-window.ts';
import { newShipment, numericSenderReference, type Shipment } from '../shared/domain/shipment.ts';
import type { TrackingCheckJob } from '../shared/domain/tracking-job.ts';
import { nextCheck } from '../shared/domain/tracking-schedule.ts';
import type { ShipmentState } from '../shared/domain/tracking-state.ts';
import type { CourierAccountStore } from '../shared/ports/courier-account-store.ts';
import type { QuotaStore } from '../shared/ports/quota.ts';
import type { ConfirmationStore, ShipmentStore } from '../shared/ports/shipment-store.ts';
import type { TrackingAnswer, TrackingRefs } from '../shared/ports/shipment-tracker.ts';
import { planTracking } from '../shared/usecases/plan-tracking.ts';
import { trackShipments } from '../shared/usecases/track-shipments.ts';
import { createStateTable, startDynamoDbLocal, testClient } from '../tests/support/dynamodb-local.ts';
import { MemoryCourierAccountStore } from '../tests/support/memory/courier-account-store.ts';
import { MemoryJobQueue } from '../tests/support/memory/job-queue.ts';
import { MemoryQuotaStore } from '../tests/support/memory/quota-store.ts';
import { MemoryShipmentStores } from '../tests/support/memory/shipment-stores.ts';
import { atMost, type Figure, seen } from './figure.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.parse('2026-11-23T06:00:00.000Z');
/** Long enough for everybody's turn, when 18,000 of 100,000 have theirs in an hour. */
const HOURS = 8;

const OPEN_SHIPMENTS = 100_000;
const AGE_DAYS_MAX = 20;
/** Labels of a day of a shop of this size, made evenly; each number is known at BRT some hours after its label. */
const LABELS_AN_HOUR = 200;
const NUMBER_AFTER_HOURS_MAX = 6;
const BRT_CALLS_AN_HOUR = 18_000;

/** The queue's workers, and how long a job of 25 checks takes one: five side by side, half a second each. */
const WORKERS = 2;
const JOB_MS = 2_500;
/** A marketplace is told this long after it was asked for; every so many messages one is lost. */
const PUSH_MS = 2 * SECOND_MS;
const LOST_EVERY = 20;
const ROUND_CHECKS = 250;
/** Beyond any run. */
const PLENTY_MS = 110_000;
const ACCOUNT: CourierAccount = {
  courier: 'brt',
  courierAccountId: 'shop',
  name: 'BRT',
  openedAt: isoInstant(START_MS),
  version: 1,
};

/**
 * A hundred thousand open shipments with the real use cases on a simulated clock: planned every minute, asked for by two
 * workers, within BRT's hour; and what one check costs in requests, counted at DynamoDB Local.
 */
export async function tracking(progress: (step: string) => void): Promise<Figure[]> {
  return [...(await aWorkingDay(progress)), ...(await requests(progress))];
}

interface Stores {
  readonly shipments: ShipmentStore;
  readonly confirmations: ConfirmationStore;
  readonly accounts: CourierAccountStore;
  readonly quota: QuotaStore;
}

/** The flow from the schedule to the marketplaces' queues, and a BRT that knows what becomes of each shipment. */
class Rig {
  nowMs = START_MS;
  readonly stores: Stores;
  readonly checks = new MemoryJobQueue<TrackingCheckJob>();
  readonly confirmations = new MemoryJobQueue<ShippingConfirmationJob>();
  readonly calledAtMs: number[] = [];
  /** When each shipment was first asked for in this run. */
  readonly firstAskedAtMs = new Map<string, number>();
  /** How long after its instant each wanted check was made. */
  readonly wantedLateMs: number[] = [];
  /** When BRT has a number for a shipment, by its reference; left out, it had one all along. */
  readonly numberAtMs = new Map<string, number>();
  #waiting: { readonly job: TrackingCheckJob; readonly atMs: number }[] = [];

  constructor(stores: Stores) {
    this.stores = stores;
  }

  async add(createdMs: number, sequence: number, known: boolean): Promise<void> {
    const shipment = shipmentOf(createdMs, sequence, known, this.nowMs);
    const packages = shipment.orders.map((order) => ({
      orderId: order.orderId,
      shipmentKey: shipment.shipmentKey,
      packageNumber: 1,
    }));
    const created = await this.stores.shipments.create(shipment, packages, []);
    if (created !== 'created') throw new Error(`${shipment.shipmentKey}: ${created}`);
  }

  /** One minute of the schedule and of its workers. */
  async minute(): Promise<void> {
    const minuteMs = this.nowMs;
    await planTracking(this.#deps, () => PLENTY_MS);
    this.#waiting.push(
      ...this.checks.sent.splice(0).map(({ job, delayMs }) => ({ job, atMs: minuteMs + delayMs })),
    );
    const due = this.#waiting.filter(({ atMs }) => atMs <= minuteMs);
    this.#waiting = this.#waiting.filter(({ atMs }) => atMs > minuteMs);
    for (const [n, { job }] of due.entries()) {
      this.nowMs = minuteMs + Math.floor(n / WORKERS) * JOB_MS;
      if (job.urgent) await this.#noteLateness(job);
      await trackShipments(this.#deps, job, () => PLENTY_MS);
    }
    this.nowMs = minuteMs + MINUTE_MS;
  }

  get #deps() {
    const { checks, confirmations, stores } = this;
    const confirmationQueues = { amazon: confirmations, ebay: confirmations, manomano: confirmations };
    const trackers = { brt: { track: (refs: TrackingRefs) => this.#answer(refs) } };
    return { ...stores, checks, confirmationQueues, trackers, clock: { now: () => this.nowMs } };
  }

  /** A new shipment's checks have fixed instants: how far behind the last one of them is this job? */
  async #noteLateness({ shipmentKeys }: TrackingCheckJob): Promise<void> {
    for (const { createdAt } of await this.stores.shipments.getMany(
      shipmentKeys as Shipment['shipmentKey'][],
    )) {
      const ageMs = this.nowMs - Date.parse(createdAt);
      const instants = [5, 15, 30].map((minutes) => minutes * MINUTE_MS);
      const last =
        ageMs >= HOUR_MS ? Math.floor(ageMs / HOUR_MS) * HOUR_MS : instants.findLast((at) => at <= ageMs);
      if (ageMs < DAY_MS && last !== undefined) this.wantedLateMs.push(ageMs - last);
    }
  }

  async #answer({ senderReference }: TrackingRefs): Promise<TrackingAnswer> {
    this.calledAtMs.push(this.nowMs);
    if (!this.firstAskedAtMs.has(senderReference)) this.firstAskedAtMs.set(senderReference, this.nowMs);
    const isKnown = (this.numberAtMs.get(senderReference) ?? 0) <= this.nowMs;
    return isKnown ? answerOf(senderReference) : { found: 'not-yet' };
  }
}

async function aWorkingDay(progress: (step: string) => void): Promise<Figure[]> {
  progress(`${OPEN_SHIPMENTS} open shipments`);
  const stores = new MemoryShipmentStores();
  const rig = new Rig({
    ...stores,
    accounts: new MemoryCourierAccountStore(),
    quota: new MemoryQuotaStore(),
  });
  await rig.stores.accounts.putCourierAccount(ACCOUNT, 0);
  for (let n = 1; n <= OPEN_SHIPMENTS; n += 1) {
    await rig.add(START_MS - DAY_MS - spread(n) * (AGE_DAYS_MAX - 1) * DAY_MS, n, true);
  }

  const pushedAfterMs: number[] = [];
  const pushing: { readonly job: ShippingConfirmationJob; readonly atMs: number }[] = [];
  const told = new Set<string>();
  let labels = 0;
  let messages = 0;
  const began = performance.now();
  for (let minute = 0; minute < HOURS * 60; minute += 1) {
    if (minute % 60 === 0) progress(`hour ${minute / 60 + 1} of ${HOURS}`);
    for (; labels < ((minute + 1) / 60) * LABELS_AN_HOUR; labels += 1) {
      const sequence = OPEN_SHIPMENTS + labels + 1;
      const knownAfterMs = (0.1 + spread(sequence)) * NUMBER_AFTER_HOURS_MAX * HOUR_MS;
      rig.numberAtMs.set(referenceOf(sequence), rig.nowMs + knownAfterMs);
      await rig.add(rig.nowMs, sequence, false);
    }
    const minuteMs = rig.nowMs;
    await rig.minute();
    for (const { job } of rig.confirmations.sent.splice(0)) {
      messages += 1;
      if (messages % LOST_EVERY !== 0) pushing.push({ job, atMs: minuteMs + JOB_MS + PUSH_MS });
    }
    for (const { job, atMs } of pushing.splice(0)) {
      const confirmation = await stores.confirmations.get({
        orderId: orderId('ebay', job.orderId.slice('ebay:'.length)),
        shipmentKey: job.shipmentKey as Shipment['shipmentKey'],
      });
      if (confirmation === undefined) throw new Error(`no confirmation of ${job.shipmentKey}`);
      if (told.has(job.shipmentKey)) continue;
      told.add(job.shipmentKey);
      pushedAfterMs.push(Math.max(0, atMs - Date.parse(confirmation.knownAt)));
      await stores.confirmations.change(
        { ...confirmation, state: 'confirmed', dueAt: undefined },
        confirmation.version,
      );
    }
  }
  const seconds = (performance.now() - began) / SECOND_MS;

  const firstAsked = Array.from({ length: OPEN_SHIPMENTS }, (_, n) =>
    rig.firstAskedAtMs.get(referenceOf(n + 1)),
  );
  const unasked = firstAsked.filter((atMs) => atMs === undefined).length;
  const lastAskedAtMs = firstAsked.reduce<number>(
    (last, atMs) => Math.max(last, atMs ?? Number.POSITIVE_INFINITY),
    START_MS,
  );
  return [
    atMost(
      'BRT calls in the busiest hour, wherever it begins',
      busiestHour(rig.calledAtMs),
      '',
      BRT_CALLS_AN_HOUR,
    ),
    seen('BRT calls an hour, mean', rig.calledAtMs.length / HOURS, ''),
    atMost(`one round of ${OPEN_SHIPMENTS} open shipments`, (lastAskedAtMs - START_MS) / HOUR_MS, 'h', 6.5),
    atMost('open shipments never asked for', unasked, '', 0),
    atMost('wanted numbers: a check behind its instant, p95', p95(rig.wantedLateMs) / MINUTE_MS, 'min', 2),
    atMost('number known to marketplace told, p95', p95(pushedAfterMs) / MINUTE_MS, 'min', 5),
    seen('numbers that became known', pushedAfterMs.length, ''),
    seen('checks a second of one core, without stores and couriers', rig.calledAtMs.length / seconds, '/s'),
  ];
}

/** The same flow over DynamoDB Local, with every request counted. */
async function requests(progress: (step: string) => void): Promise<Figure[]> {
  progress('requests of one check');
  const dynamoDb = await startDynamoDbLocal();
  const client = testClient(dynamoDb.endpoint);
  let counted = 0;
  client.middlewareStack.add(
    (next) => (args) => {
      counted += 1;
      return next(args);
    },
    { step: 'initialize' },
  );
  try {
    const table = await createStateTable(client);
    const rig = new Rig({
      shipments: createShipmentStore(client, table),
      confirmations: createConfirmationStore(client, table),
      accounts: createCourierAccountStore(client, table),
      quota: createQuotaStore(client, table),
    });
    await rig.stores.accounts.putCourierAccount(ACCOUNT, 0);
    for (let n = 1; n <= ROUND_CHECKS; n += 1) await rig.add(START_MS - DAY_MS, n, false);
    // Due by their last hourly check; the first round brings every number, the second nothing.
    const news = await requestsOfARound(rig, () => counted);
    await tellAll(rig);
    rig.nowMs = START_MS + 5 * HOUR_MS;
    const none = await requestsOfARound(rig, () => counted);
    const queueRequests = Math.ceil(ROUND_CHECKS / 25) * SQS_REQUESTS_A_JOB;
    return [
      atMost('DynamoDB requests a check that brings nothing new', none / ROUND_CHECKS, '', 3.5),
      atMost('DynamoDB requests a check that brings the number', news / ROUND_CHECKS, '', 6),
      seen('SQS requests a check', queueRequests / ROUND_CHECKS, ''),
    ];
  } finally {
    client.destroy();
    await dynamoDb.stop();
  }
}

/** Sent, received and deleted. */
const SQS_REQUESTS_A_JOB = 3;

/** As many minutes as all of them need. */
async function requestsOfARound(rig: Rig, counted: () => number): Promise<number> {
  const [before, callsBefore] = [counted(), rig.calledAtMs.length];
  for (let minute = 0; minute < 5 && rig.calledAtMs.length - callsBefore < ROUND_CHECKS; minute += 1) {
    await rig.minute();
  }
  const calls = rig.calledAtMs.length - callsBefore;
  if (calls !== ROUND_CHECKS) throw new Error(`${calls} checks, not ${ROUND_CHECKS}`);
  return counted() - before;
}

/** What the marketplaces are told is no part of a check. */
async function tellAll({ stores: { confirmations }, nowMs }: Rig): Promise<void> {
  const until = isoInstant(nowMs + HOUR_MS);
  for (;;) {
    const due = await confirmations.listDue({ marketplace: 'ebay', until, limit: 100 });
    if (due.confirmations.length === 0) return;
    for (const confirmation of due.confirmations) {
      const { version } = confirmation;
      await confirmations.change({ ...confirmation, state: 'confirmed', dueAt: undefined }, version);
    }
  }
}

const referenceOf = (sequence: number): string => numericSenderReference({ year: 2026, sequence });
const numberOf = (senderReference: string): string => `066${senderReference.slice(-9)}`;

function shipmentOf(createdMs: number, sequence: number, known: boolean, nowMs: number): Shipment {
  const senderReference = referenceOf(sequence);
  const id = numberOf(senderReference);
  const shipment = newShipment(
    {
      courier: 'brt',
      courierAccountId: ACCOUNT.courierAccountId,
      senderReference,
      orders: [{ orderId: orderId('ebay', `B-${sequence}`), lines: [] }],
      parcels: [{ trackingByParcelId: `066${String(sequence).padStart(12, '0')}` }],
    },
    createdMs,
  );
  const { events } = answerOf(senderReference);
  const followed: Partial<Shipment> = {
    courierShipmentId: { id, year: 2026 },
    trackingNumber: id,
    trackingKnownAt: isoInstant(createdMs + HOUR_MS),
    state: 'in-transit',
    events,
  };
  const next = { ...shipment, ...(known ? followed : {}) };
  return { ...next, nextCheckAt: nextCheck(next, nowMs - SECOND_MS) };
}

function answerOf(senderReference: string): Extract<TrackingAnswer, { found: 'yes' }> {
  const states: readonly ShipmentState[] = ['data-transmitted', 'picked-up', 'in-transit'];
  const events = states.map((state) => ({
    code: state,
    description: state,
    date: '2026-11-22',
    time: undefined,
    at: undefined,
    depot: 'MILANO',
    state,
  }));
  const courierShipmentId = { id: numberOf(senderReference), year: 2026 };
  return { found: 'yes', courierShipmentId, events, returnInstructed: false };
}

/** 0 to 1, the same in every run: fills the span evenly and keeps no step with any clock. */
const spread = (n: number): number => (n * 0.618_033_988_749_895) % 1;

function busiestHour(atMs: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (const [n, callMs] of atMs.entries()) {
    while ((atMs[first] ?? callMs) <= callMs - HOUR_MS) first += 1;
    most = Math.max(most, n - first + 1);
  }
  return most;
}

function p95(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.POSITIVE_INFINITY;
}
