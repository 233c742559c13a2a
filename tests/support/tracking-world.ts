import type { ShippingConfirmationJob } from '../../shared/domain/confirmation-job.ts';
import type { AskedCourier, CourierAccount } from '../../shared/domain/courier-account.ts';
import type { Marketplace } from '../../shared/domain/order.ts';
import type { Shipment } from '../../shared/domain/shipment.ts';
import type { TrackingEvent } from '../../shared/domain/tracking-events.ts';
import type { TrackingCheckJob } from '../../shared/domain/tracking-job.ts';
import type { ShipmentState } from '../../shared/domain/tracking-state.ts';
import type { TrackingAnswer, TrackingRefs } from '../../shared/ports/shipment-tracker.ts';
import {
  type PlannedTracking,
  type PlanTrackingDeps,
  planTracking,
} from '../../shared/usecases/plan-tracking.ts';
import {
  type TrackingFacts,
  type TrackShipmentsDeps,
  trackShipments,
} from '../../shared/usecases/track-shipments.ts';
import { MemoryCourierAccountStore } from './memory/courier-account-store.ts';
import { MemoryJobQueue } from './memory/job-queue.ts';
import { MemoryQuotaStore } from './memory/quota-store.ts';
import { MemoryShipmentStores } from './memory/shipment-stores.ts';
import { aShipment } from './shipments.ts';

/** The courier account that `aShipment` travels under. */
export const ACCOUNT_ID = '1020100';
/** More than any run takes. */
const PLENTY_MS = 110_000;

/** Plan, queue, couriers, stores and confirmations' queues, on a clock that only moves when it is told to. */
export class TrackingWorld {
  nowMs = Date.parse('2026-11-20T10:05:00.000Z');
  readonly clock = { now: () => this.nowMs };
  readonly stores = new MemoryShipmentStores();
  readonly accounts = new MemoryCourierAccountStore();
  readonly quota = new MemoryQuotaStore();
  readonly checks = new MemoryJobQueue<TrackingCheckJob>();
  readonly confirmationQueues = {
    amazon: new MemoryJobQueue<ShippingConfirmationJob>(),
    ebay: new MemoryJobQueue<ShippingConfirmationJob>(),
    manomano: new MemoryJobQueue<ShippingConfirmationJob>(),
  } satisfies Record<Marketplace, unknown>;
  /** What the courier answers by sender reference; a reference without an answer is a mistake of the test's. */
  readonly answers = new Map<string, () => TrackingAnswer | Promise<TrackingAnswer>>();
  /** Sender references asked for, in order. */
  readonly asked: string[] = [];
  concurrentMax = 0;
  #concurrent = 0;

  get planDeps(): PlanTrackingDeps {
    const { accounts, quota, checks, confirmationQueues, clock } = this;
    const { shipments, confirmations } = this.stores;
    return { shipments, confirmations, accounts, quota, checks, confirmationQueues, clock };
  }
  get trackDeps(): TrackShipmentsDeps {
    const { accounts, quota, checks, confirmationQueues, clock } = this;
    const track = (refs: TrackingRefs) => this.#answer(refs);
    const trackers = { brt: { track }, dhl: { track } };
    return { shipments: this.stores.shipments, accounts, trackers, quota, checks, confirmationQueues, clock };
  }

  plan(deps: Partial<PlanTrackingDeps> = {}, remainingMs = () => PLENTY_MS): Promise<PlannedTracking> {
    return planTracking({ ...this.planDeps, ...deps }, remainingMs);
  }
  track(
    job: TrackingCheckJob,
    deps: Partial<TrackShipmentsDeps> = {},
    remainingMs = () => PLENTY_MS,
  ): Promise<TrackingFacts> {
    return trackShipments({ ...this.trackDeps, ...deps }, job, remainingMs);
  }
  /** Works on every job sent so far, whatever its delay. */
  async trackAll(): Promise<TrackingFacts[]> {
    const jobs = this.checks.sent.splice(0);
    const facts: TrackingFacts[] = [];
    for (const { job } of jobs) facts.push(await this.track(job));
    return facts;
  }

  async addAccount(more: Partial<CourierAccount> = {}): Promise<void> {
    const account: CourierAccount = {
      courier: 'brt',
      courierAccountId: ACCOUNT_ID,
      name: 'BRT',
      openedAt: '2026-11-01T08:00:00.000Z',
      credentialsSavedAt: '2026-11-01T08:00:00.000Z',
      version: 1,
      ...more,
    };
    await this.accounts.putCourierAccount(account, 0);
  }
  async account(courier: AskedCourier = 'brt'): Promise<CourierAccount> {
    const account = await this.accounts.getCourierAccount(courier, ACCOUNT_ID);
    if (account === undefined) throw new Error(`no account at ${courier}`);
    return account;
  }
  /** Stores a shipment with its packages. */
  async add(more: Partial<Omit<Shipment, 'shipmentKey'>> = {}): Promise<Shipment> {
    const shipment = aShipment(more);
    const packages = await Promise.all(
      shipment.orders.map(async ({ orderId }) => ({
        orderId,
        shipmentKey: shipment.shipmentKey,
        packageNumber: (await this.stores.shipments.packagesOf(orderId)).length + 1,
      })),
    );
    const created = await this.stores.shipments.create(shipment, packages, []);
    if (created !== 'created') throw new Error(`${shipment.shipmentKey}: ${created}`);
    return shipment;
  }
  /** As many, one after the other: `202600000000001` and so on. */
  async addMany(count: number, more: Partial<Omit<Shipment, 'shipmentKey'>> = {}): Promise<Shipment[]> {
    const shipments: Shipment[] = [];
    for (let n = 1; n <= count; n += 1) {
      shipments.push(await this.add({ ...more, senderReference: `2026${String(n).padStart(11, '0')}` }));
    }
    return shipments;
  }
  async stored({ shipmentKey }: Shipment): Promise<Shipment> {
    const shipment = await this.stores.shipments.get(shipmentKey);
    if (shipment === undefined) throw new Error(`no shipment ${shipmentKey}`);
    return shipment;
  }
  answer({ senderReference }: Shipment, answer: TrackingAnswer | Error): void {
    this.answers.set(senderReference, () => {
      if (answer instanceof Error) throw answer;
      return answer;
    });
  }

  async #answer({ senderReference }: TrackingRefs): Promise<TrackingAnswer> {
    this.asked.push(senderReference);
    this.#concurrent += 1;
    this.concurrentMax = Math.max(this.concurrentMax, this.#concurrent);
    try {
      const answer = this.answers.get(senderReference);
      if (answer === undefined) throw new Error(`nobody said what becomes of ${senderReference}`);
      // Answers take their time: those under way side by side are seen to be.
      await new Promise((resolve) => setImmediate(resolve));
      return await answer();
    } finally {
      this.#concurrent -= 1;
    }
  }
}

export const NOT_YET: TrackingAnswer = { found: 'not-yet' };

/** A courier that has the goods, has given them this number, and reports one event. */
export function found(state: ShipmentState, id: string | undefined = '066061651641'): TrackingAnswer {
  const event: TrackingEvent = {
    code: state,
    description: state,
    date: '2026-11-20',
    time: undefined,
    at: '2026-11-20T10:03:00.000Z',
    depot: undefined,
    state,
  };
  return {
    found: 'yes',
    courierShipmentId: id === undefined ? undefined : { id, year: 2026 },
    events: [event],
    returnInstructed: false,
  };
}
