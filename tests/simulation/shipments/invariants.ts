import { STORIES } from '../../../local/partners/brt/stories.ts';
import type { Order, OrderId } from '../../../shared/domain/order.ts';
import { type Shipment, type ShipmentKey, shipmentKey } from '../../../shared/domain/shipment.ts';
import type { ShippingConfirmation } from '../../../shared/domain/shipping-confirmation.ts';
import type { ShipmentState } from '../../../shared/domain/tracking-state.ts';
import type { ConfirmedPackage } from '../../../shared/ports/shipping-confirmer.ts';
import type { MemoryShipmentStores } from '../../support/memory/shipment-stores.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Brt, ShipmentTruth } from './brt.ts';
import type { Marketplaces, RemoteOrder, ToldPackage } from './marketplaces.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type ShipmentPlan } from './plan.ts';

const CALLS_PER_HOUR_MAX = 18_000;
const TOLD_WITHIN_MS = 5 * MINUTE_MS;
/** With fewer, one late one is a twentieth of them. */
const TOLD_MIN = 1_000;
/** A number that is known so long before the end has to be told, whatever else there is. */
const TIME_ENOUGH_MS = 8 * HOUR_MS;

/** Whom each marketplace shall be told of. */
const CARRIERS = {
  brt: { amazon: 'BRT', ebay: 'Bartolini', manomano: 'BRT' },
  gls: { amazon: 'GLS', ebay: 'GLS', manomano: 'GLS' },
  manual: { amazon: 'SDA', ebay: 'SDA', manomano: 'SDA' },
} as const;

/** Where BRT's events lead, as far as the stories have them; the others lead nowhere. */
const LEADS_TO: Readonly<Partial<Record<string, ShipmentState>>> = {
  ...{ '700': 'data-transmitted', '701': 'picked-up', '702': 'in-transit', '703': 'in-transit' },
  ...{ MIC: 'out-for-delivery', AVV: 'notice-left', '001': 'refused', G: 'on-hold' },
  ...{ '704': 'delivered', '708': 'returned' },
};

export interface Figures {
  readonly told: number;
  /** Of those that nothing but ourselves stood between: from the number's being known. */
  readonly toldMedianMs: number;
  readonly toldP99Ms: number;
  readonly toldP95Ms: number;
  readonly toldMeasured: number;
  readonly brtCalls: number;
  readonly brtBusiestHour: number;
}

export interface InvariantsDeps {
  readonly scheduler: Scheduler;
  readonly stores: MemoryShipmentStores;
  readonly brt: Brt;
  readonly marketplaces: Marketplaces;
  readonly plans: readonly ShipmentPlan[];
  /** Times in which nobody may tell an order's marketplace, by order: it was not here, or held back. */
  readonly heldBack: ReadonlyMap<string, readonly { readonly fromMs: number; readonly untilMs: number }[]>;
  readonly syncOff: readonly {
    readonly channelId: string;
    readonly fromMs: number;
    readonly untilMs: number;
  }[];
}

/** What must hold of shipments and of what marketplaces believe, whatever goes wrong. */
export class Invariants {
  readonly #deps: InvariantsDeps;
  readonly #plans: ReadonlyMap<ShipmentKey, ShipmentPlan>;
  /** Since when a shipment is stored as one that is at its end. */
  readonly #endedAtMs = new Map<string, number>();
  /** Since when an order is stored as one that nobody tells of. */
  readonly #blockedSinceMs = new Map<string, number>();
  readonly #eventsSeen = new Map<string, number>();
  readonly #firstTold = new Map<string, number>();
  readonly #delaysMs: number[] = [];

  constructor(deps: InvariantsDeps) {
    this.#deps = deps;
    this.#plans = new Map(deps.plans.map((plan) => [keyOf(plan), plan]));
  }

  // ── while it runs ────────────────────────────────────────────────────────────────────────────────────────

  async afterWrite(call: string, args: readonly unknown[]): Promise<void> {
    if (call !== 'shipments.change' && call !== 'shipments.create') return;
    const [{ shipmentKey: key }] = args as [Shipment];
    const stored = await this.#deps.stores.shipments.get(key);
    const plan = this.#plans.get(key);
    if (stored === undefined || plan === undefined) return this.#fail('a shipment is stored', key);
    const { state, trackingNumber } = stored;
    const isOver = state === 'delivered' || state === 'returned';
    if (isOver && !this.#endedAtMs.has(key)) this.#endedAtMs.set(key, this.#deps.scheduler.nowMs);

    const truth = this.#truthOf(plan);
    if (isOver && (truth.ends !== state || truth.endAtMs > this.#deps.scheduler.nowMs)) {
      this.#fail('a shipment ends as it does at its courier', `${key} is ${state}, in truth ${truth.ends}`);
    }
    this.#checkEvents(stored, plan);
    if (trackingNumber === undefined) return;
    if (trackingNumber !== truth.number) this.#fail('a number is the courier’s', `${key}: ${trackingNumber}`);
    if (state === 'returned' || state === 'cancelled') return;
    for (const { orderId } of stored.orders) {
      const confirmation = await this.#deps.stores.confirmations.get({ orderId, shipmentKey: key });
      if (confirmation === undefined) {
        this.#fail('a number and what is to be told of it are stored together', `${key} ${orderId}`);
      }
    }
  }

  /** The list is the courier's, in its order, which is not that of the times; and the state is where it leads. */
  #checkEvents({ shipmentKey: key, state, events }: Shipment, { scenario }: ShipmentPlan): void {
    const before = this.#eventsSeen.get(key) ?? 0;
    this.#eventsSeen.set(key, events.length);
    if (events.length < before) this.#fail('what was seen of a shipment stays', `${key}: ${before} events`);
    const codes = events.map(({ code }) => code);
    let next = 0;
    for (const { id } of STORIES[scenario].steps) if (codes[next] === id) next += 1;
    if (next < codes.length)
      this.#fail('events stand in the order of the courier’s list', `${key}: ${codes}`);
    const last = codes.flatMap((code) => LEADS_TO[code ?? ''] ?? []).at(-1);
    if (state !== 'delivered' && state !== 'returned' && last !== undefined && last !== state) {
      this.#fail('a shipment stands where its last event leads', `${key} is ${state}: ${codes}`);
    }
  }

  /** An order as a pull has stored it. */
  orderStored({ orderId, status, fulfilledBy, lines }: Order): void {
    const isBlocked =
      fulfilledBy === 'marketplace' ||
      status === 'shipped' ||
      status === 'cancelled' ||
      lines.some(({ cancellationRequested }) => cancellationRequested);
    if (!isBlocked) this.#blockedSinceMs.delete(orderId);
    else if (!this.#blockedSinceMs.has(orderId)) {
      this.#blockedSinceMs.set(orderId, this.#deps.scheduler.nowMs);
    }
  }

  /** A call arrives at a marketplace. @param sinceMs when the run began that makes it */
  async onTelling(order: Order, parcel: ConfirmedPackage, sinceMs: number): Promise<void> {
    const { orderId } = order;
    const packages = await this.#deps.stores.shipments.packagesOf(orderId);
    const key = packages.find(({ packageNumber }) => packageNumber === parcel.packageNumber)?.shipmentKey;
    if (key === undefined) return this.#fail('a package that is told of is a shipment', orderId);
    if ((this.#endedAtMs.get(key) ?? Number.POSITIVE_INFINITY) < sinceMs) {
      this.#fail('nothing is told after the delivery', `${orderId} ${key}`);
    }
    if ((this.#blockedSinceMs.get(orderId) ?? Number.POSITIVE_INFINITY) < sinceMs) {
      this.#fail('nothing is told of an order that is not ours to ship', `${orderId} ${key}`);
    }
    const { channelId } = order;
    const { nowMs } = this.#deps.scheduler;
    const wasOff = this.#deps.syncOff.some(
      (off) => off.channelId === channelId && isWithin(off, sinceMs) && isWithin(off, nowMs),
    );
    if (wasOff) {
      this.#fail('nothing is told while the switch is off', `${orderId} ${key}`);
    }
    const intent = await this.#deps.stores.confirmations.get({ orderId, shipmentKey: key });
    if (intent === undefined || intent.attempts === 0) {
      this.#fail('the intent is stored before the call', `${orderId} ${key}`);
    }
    this.#noteTold(orderId, key, intent);
  }

  /** Only where nothing but ourselves stood between the number and its marketplace. */
  #noteTold(orderId: OrderId, key: ShipmentKey, intent: ShippingConfirmation | undefined): void {
    const id = `${orderId} ${key}`;
    const remote = this.#deps.marketplaces.orders.get(orderId);
    if (this.#firstTold.has(id) || intent === undefined || remote === undefined) return;
    const [knownMs, nowMs] = [Date.parse(intent.knownAt), this.#deps.scheduler.nowMs];
    this.#firstTold.set(id, nowMs);
    if (!this.#isHeldBack(remote, knownMs, nowMs)) this.#delaysMs.push(nowMs - knownMs);
  }

  // ── in the end ───────────────────────────────────────────────────────────────────────────────────────────

  /** What is still to come, in words; nothing when the world is at rest. */
  async unfinished({ untilGivenUp }: { readonly untilGivenUp: boolean }): Promise<string[]> {
    const missing: string[] = [];
    for (const [key, plan] of this.#plans) {
      const stored = await this.#deps.stores.shipments.get(key);
      if (stored === undefined) missing.push(`${key} is not registered`);
      else missing.push(...this.#openOf(stored, plan, untilGivenUp));
      for (const { order } of plan.orders) {
        const confirmation = await this.#confirmationOf(order.marketplace, order.marketplaceOrderId, key);
        if (confirmation?.state === 'wanted' || confirmation?.state === 'sending') {
          missing.push(`${key} ${confirmation.orderId}: ${confirmation.state} (${confirmation.reason})`);
        }
      }
      if (missing.length > 10) break;
    }
    return missing;
  }

  #openOf(
    { shipmentKey: key, state, nextCheckAt, problems }: Shipment,
    plan: ShipmentPlan,
    untilGivenUp: boolean,
  ) {
    const { ends } = this.#truthOf(plan);
    if (ends !== undefined) return state === ends ? [] : [`${key} is ${state}, in truth ${ends}`];
    if (plan.courier !== 'brt' || !untilGivenUp) return [];
    const isGivenUp = nextCheckAt === undefined && problems?.some(({ kind }) => kind === 'given-up');
    return isGivenUp ? [] : [`${key} is ${state} and never given up`];
  }

  /** Compares what everybody believes with what is so. */
  async verdict(): Promise<Figures> {
    for (const remote of this.#deps.marketplaces.orders.values()) await this.#verdictOf(remote);
    const { brt } = this.#deps;
    const brtBusiestHour = brt.busiestHour();
    if (brtBusiestHour > CALLS_PER_HOUR_MAX) {
      this.#fail('BRT is called no more than it allows in any hour', String(brtBusiestHour));
    }
    const sorted = this.#delaysMs.toSorted((a, b) => a - b);
    const told = (part: number): number => sorted[Math.ceil(sorted.length * part) - 1] ?? 0;
    const toldP95Ms = told(0.95);
    if (sorted.length >= TOLD_MIN && toldP95Ms > TOLD_WITHIN_MS) {
      this.#fail('a marketplace is told within five minutes, p95', `${toldP95Ms} ms`);
    }
    return {
      ...{ told: this.#firstTold.size, toldMeasured: sorted.length },
      ...{ toldMedianMs: told(0.5), toldP95Ms, toldP99Ms: told(0.99) },
      ...{ brtCalls: brt.calledAtMs.length, brtBusiestHour },
    };
  }

  async #verdictOf(remote: RemoteOrder): Promise<void> {
    const { marketplace, marketplaceOrderId, lines } = remote.plan;
    const id = `${marketplace}:${marketplaceOrderId}`;
    const byHand = remote.packages.some(({ by }) => by === 'a person');
    const ours = remote.packages.filter(({ by }) => by === 'us');
    const shipments = this.#shipmentsOf(remote);
    for (const told of ours) {
      const plan = shipments.find((each) => this.#truthOf(each).number === told.trackingNumber);
      if (plan === undefined)
        return this.#fail('a marketplace has only true numbers', `${id}: ${spelled(told)}`);
      if (ours.filter(({ trackingNumber }) => trackingNumber === told.trackingNumber).length > 1) {
        return this.#fail('a shipment is told once', `${id}: ${told.trackingNumber}`);
      }
      const carrier = CARRIERS[plan.courier][marketplace];
      if (told.carrierCode !== carrier)
        this.#fail('a carrier is told in its marketplace’s words', `${id}: ${spelled(told)}`);
      if (marketplace === 'manomano' && told.trackingUrl === undefined) {
        this.#fail('ManoMano is told where to follow a number', id);
      }
      // Who shipped by hand a moment before us has said of everything that it is gone.
      if (!byHand && !this.#carriesWhatIsSo(plan, remote, told)) {
        this.#fail('a package holds what travels in it', `${id}: ${spelled(told)}`);
      }
    }
    if (!byHand && lines.some(({ orderLineId }) => remote.open(orderLineId) < 0)) {
      this.#fail('nothing is told twice', `${id}: ${ours.map(spelled).join('; ')}`);
    }
    for (const plan of shipments) await this.#verdictOfShipment(plan, remote, ours, byHand);
  }

  async #verdictOfShipment(
    plan: ShipmentPlan,
    remote: RemoteOrder,
    ours: readonly ToldPackage[],
    byHand: boolean,
  ): Promise<void> {
    const { marketplace, marketplaceOrderId, marketplaceShips } = remote.plan;
    const key = keyOf(plan);
    const about = `${marketplaceOrderId} in ${key}`;
    const truth = this.#truthOf(plan);
    const confirmation = await this.#confirmationOf(marketplace, marketplaceOrderId, key);
    const isTold = ours.some(({ trackingNumber }) => trackingNumber === truth.number);
    const isOff = remote.cancelledAtMs !== undefined || marketplaceShips || byHand;
    if (isTold) {
      const isKnownSo = confirmation?.state === 'confirmed' && confirmation.trackingNumber === truth.number;
      // ManoMano does not say which parcel it has: with its answer lost, one that has arrived meanwhile is left alone.
      const isUnheard = marketplace === 'manomano' && (confirmation?.attempts ?? 0) > 0;
      if (!isKnownSo && !isOff && !(isUnheard && confirmation?.state === 'left-alone')) {
        this.#fail(
          'we know what a marketplace was told',
          `${about}: ${confirmation?.state} ${confirmation?.reason}`,
        );
      }
      return;
    }
    if (confirmation?.state === 'confirmed' && !byHand) {
      return this.#fail('what counts as told has been told', about);
    }
    if (isOff || truth.numberAtMs === undefined) return;
    const stored = await this.#deps.stores.shipments.get(key);
    const knownMs = Math.max(truth.numberAtMs, Date.parse(stored?.createdAt ?? ''));
    const inTime = truth.ends === undefined || truth.endAtMs - knownMs >= TIME_ENOUGH_MS;
    if (inTime && !this.#isHeldBack(remote, knownMs, truth.endAtMs)) {
      this.#fail(
        'every number that is known in time is told',
        `${about}: ${confirmation?.state} ${confirmation?.reason}`,
      );
    }
    const reason = confirmation?.reason;
    if (reason !== undefined && reason !== 'delivered' && reason !== 'returned') {
      this.#fail('nothing is left alone without a reason', `${about}: ${confirmation?.state} ${reason}`);
    }
  }

  /** Whether a warning says what is so. */
  whyNotWarned(message: string, fields: Readonly<Record<string, unknown>>): string | undefined {
    const plan = this.#plans.get(fields.shipmentKey as ShipmentKey);
    if (plan === undefined) return 'of no shipment';
    const { scenario } = plan;
    if (message === 'shipment-problem') {
      const age = this.#deps.scheduler.nowMs - plan.registeredAtMs;
      const warranted: Readonly<Record<string, boolean>> = {
        'unknown-event': scenario === 'unknown-event',
        'never-moved': age >= DAY_MS,
        // With the last check before it.
        'given-up': age >= 30 * DAY_MS - 4 * HOUR_MS && this.#truthOf(plan).ends === undefined,
      };
      return warranted[String(fields.kind)] ? undefined : `${plan.reference} ${scenario} ${fields.kind}`;
    }
    if (message !== 'shipment-confirmation') return 'of nothing that we know';
    const remote = this.#deps.marketplaces.orders.get(String(fields.orderId));
    const isTheirs = remote?.cancelledAtMs !== undefined || remote?.packages.some(({ by }) => by !== 'us');
    return isTheirs && fields.reason === 'rejected' ? undefined : `${fields.orderId} ${fields.reason}`;
  }

  #isHeldBack({ plan }: RemoteOrder, fromMs: number, untilMs: number): boolean {
    const { marketplace, marketplaceOrderId } = plan;
    const overlaps = (time: { readonly fromMs: number; readonly untilMs: number }): boolean =>
      time.fromMs <= untilMs && fromMs <= time.untilMs;
    return (
      this.#deps.marketplaces.isOutBetween(marketplace, fromMs, untilMs) ||
      this.#deps.syncOff.some((off) => off.channelId === marketplace && overlaps(off)) ||
      (this.#deps.heldBack.get(`${marketplace}:${marketplaceOrderId}`) ?? []).some(overlaps)
    );
  }

  #truthOf(plan: ShipmentPlan): ShipmentTruth {
    return truthOf(plan, this.#deps.brt);
  }

  #shipmentsOf({ plan }: RemoteOrder): ShipmentPlan[] {
    return this.#deps.plans.filter(({ orders }) =>
      orders.some(({ order }) => order.marketplaceOrderId === plan.marketplaceOrderId),
    );
  }

  #carriesWhatIsSo(plan: ShipmentPlan, { plan: order }: RemoteOrder, { contents }: ToldPackage): boolean {
    const own = plan.orders.find((each) => each.order.marketplaceOrderId === order.marketplaceOrderId);
    const others = this.#deps.plans
      .filter((each) => each !== plan)
      .flatMap(({ orders }) => orders)
      .filter((each) => each.order.marketplaceOrderId === order.marketplaceOrderId)
      .flatMap(({ lines }) => lines.map(({ orderLineId }) => orderLineId));
    const wanted =
      own !== undefined && own.lines.length > 0
        ? own.lines
        : order.lines.filter(({ orderLineId }) => !others.includes(orderLineId));
    return (
      contents.size === wanted.length &&
      wanted.every(({ orderLineId, quantity }) => contents.get(orderLineId) === quantity)
    );
  }

  #confirmationOf(marketplace: string, marketplaceOrderId: string, key: ShipmentKey) {
    const orderId = `${marketplace}:${marketplaceOrderId}` as OrderId;
    return this.#deps.stores.confirmations.get({ orderId, shipmentKey: key });
  }

  #fail(invariant: string, what: string): void {
    this.#deps.scheduler.fail(invariant, what);
  }
}

export function keyOf({ courier, reference }: ShipmentPlan): ShipmentKey {
  return shipmentKey(courier, reference);
}

/** Couriers that nobody asks have a number from the beginning, and no end that we hear of. */
export function truthOf(plan: ShipmentPlan, brt: Brt): ShipmentTruth {
  if (plan.courier === 'brt') return brt.truth(plan.reference);
  return { numberAtMs: plan.registeredAtMs, number: plan.reference, ends: undefined, endAtMs: 0 };
}

function isWithin(time: { readonly fromMs: number; readonly untilMs: number }, atMs: number): boolean {
  return time.fromMs <= atMs && atMs < time.untilMs;
}

function spelled({ by, trackingNumber, carrierCode, contents }: ToldPackage): string {
  const lines = [...contents].map(([line, quantity]) => `${quantity} x ${line}`).join(' + ');
  return `${by}: ${carrierCode} ${trackingNumber} (${lines})`;
}
