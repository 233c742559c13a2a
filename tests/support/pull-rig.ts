import type { Channel } from '../../shared/domain/channel.ts';
import { RejectedError, ThrottledError } from '../../shared/domain/errors.ts';
import { type Marketplace, type Order, type OrderId, orderId } from '../../shared/domain/order.ts';
import { isoInstant } from '../../shared/domain/pull-window.ts';
import { type QuotaState, takeCall } from '../../shared/domain/quota.ts';
import type { OrderPage, OrderSource, OrderWindow } from '../../shared/ports/order-source.ts';
import type { QuotaPlan } from '../../shared/ports/quota.ts';
import { planOrderPulls } from '../../shared/usecases/plan-order-pulls.ts';
import { planReScans } from '../../shared/usecases/plan-re-scans.ts';
import { type OrderPullJob, type PullFacts, pullOrders } from '../../shared/usecases/pull-orders.ts';
import type { AskForPullsDeps } from '../../shared/usecases/pulled-accounts.ts';
import { MemoryAccountStore } from './memory/account-store.ts';
import { MemoryBuyerStore } from './memory/buyer-store.ts';
import { MemoryChannelStore } from './memory/channel-store.ts';
import { MemoryFollowUpStore } from './memory/follow-up-store.ts';
import { MemoryOrderStore } from './memory/order-store.ts';
import { MemoryPullLease } from './memory/pull-lease.ts';
import { MemoryQuotaStore } from './memory/quota-store.ts';
import { aBuyer, anOrder } from './orders.ts';

const MINUTE_MS = 60_000;
/** The schedule of plan-order-pulls, and how long a failed message stays away (infra/). */
const TICK_MS = 4 * MINUTE_MS;
const REDELIVERY_MS = 12 * MINUTE_MS;
const RECEIVES_MAX = 5;
const RUN_MS = 115_000;
/** From sending a message to its function running. */
const HANDOVER_MS = 1_000;
/** A call at the partner, with the storing of its page. */
const CALL_MS = 3_000;

/** An order of the simulated shop: when it was placed, and when it changed after that. */
export interface Sale {
  readonly marketplaceOrderId: string;
  readonly siteId: string;
  readonly placedMs: number;
  readonly changedMs: readonly number[];
}

export interface ShopSettings {
  readonly marketplace: Marketplace;
  readonly siteIds: readonly string[];
  readonly plan: QuotaPlan;
  readonly pageSize: number;
  /** A change is in no answer for so long. */
  readonly lagMs: number;
  /** Each site is a call of its own (ManoMano's contracts). */
  readonly callPerSite: boolean;
}

/** A marketplace that keeps its own quota, shows changes late and answers in pages. */
export class SimulatedShop implements OrderSource {
  readonly settings: ShopSettings;
  readonly sales: Sale[] = [];
  readonly callsAtMs: number[] = [];
  /** Orders answered, of all calls together. */
  answered = 0;
  authorised = true;
  readonly #clock: { nowMs: number };
  #quota: QuotaState | undefined;

  constructor(settings: ShopSettings, clock: { nowMs: number }) {
    this.settings = settings;
    this.#clock = clock;
  }

  async fetchPage(window: OrderWindow, pageToken: string | undefined): Promise<OrderPage> {
    const { marketplace, plan, pageSize, callPerSite } = this.settings;
    this.#clock.nowMs += CALL_MS;
    if (!this.authorised) throw new RejectedError(marketplace, `${marketplace}: 401`, { status: 401 });
    const call = takeCall(this.#quota, plan, this.#clock.nowMs);
    this.#quota = call.state;
    if (!call.granted) {
      throw new ThrottledError(marketplace, `${marketplace}: 429`, { retryAfterMs: call.retryAfterMs });
    }
    this.callsAtMs.push(this.#clock.nowMs);

    const [siteText = '0', offsetText = '0'] = (pageToken ?? '0/0').split('/');
    const [site, offset] = [Number(siteText), Number(offsetText)];
    const asked = callPerSite ? window.siteIds.slice(site, site + 1) : window.siteIds;
    const found = this.#found(window, asked);
    const orders = found.slice(offset, offset + pageSize);
    this.answered += orders.length;
    const nextPageToken =
      offset + pageSize < found.length
        ? `${site}/${offset + pageSize}`
        : callPerSite && site + 1 < window.siteIds.length
          ? `${site + 1}/0`
          : undefined;
    return {
      orders: orders.map((order) => ({
        order,
        buyer: aBuyer({ orderId: order.orderId, updatedAt: order.updatedAt }),
      })),
      unreadable: [],
      nextPageToken,
      effectiveUntil: undefined,
      grantedRatePerSecond: undefined,
    };
  }

  #found(
    { from, until, by, accountId }: OrderWindow,
    siteIds: readonly string[],
  ): Omit<Order, 'channelId'>[] {
    const [fromMs, untilMs] = [Date.parse(from), Date.parse(until)];
    const shownUntilMs = this.#clock.nowMs - this.settings.lagMs;
    return this.sales.flatMap((sale) => {
      if (!siteIds.includes(sale.siteId) || sale.placedMs > shownUntilMs) return [];
      const updatedMs =
        [sale.placedMs, ...sale.changedMs].filter((at) => at <= shownUntilMs).at(-1) ?? sale.placedMs;
      const at = by === 'created' ? sale.placedMs : updatedMs;
      if (at < fromMs || at >= untilMs) return [];
      const { channelId: _, ...order } = anOrder({
        orderId: orderId(this.settings.marketplace, sale.marketplaceOrderId),
        marketplace: this.settings.marketplace,
        marketplaceOrderId: sale.marketplaceOrderId,
        accountId,
        siteId: sale.siteId,
        purchasedAt: isoInstant(sale.placedMs),
        updatedAt: isoInstant(updatedMs),
        deliverBy: {},
      });
      return [order];
    });
  }
}

/** Notes when each order was first stored, and counts writes that said nothing new. */
class WatchedOrders extends MemoryOrderStore {
  readonly storedAtMs = new Map<OrderId, number>();
  needlessWrites = 0;
  readonly #clock: { readonly nowMs: number };

  constructor(clock: { readonly nowMs: number }) {
    super();
    this.#clock = clock;
  }

  override async putOrder(...[order, state]: Parameters<MemoryOrderStore['putOrder']>) {
    const outcome = await super.putOrder(order, state);
    if (outcome === 'older') this.needlessWrites += 1;
    if (outcome === 'created') this.storedAtMs.set(order.orderId, this.#clock.nowMs);
    return outcome;
  }
}

/**
 * One account's pulls on a simulated clock: the real use cases, the schedule's ticks, a queue with delays and
 * redelivery, one worker. A run takes as long as its calls.
 */
export class PullRig {
  readonly clock: { nowMs: number };
  readonly shop: SimulatedShop;
  readonly orders: WatchedOrders;
  readonly channels: MemoryChannelStore;
  readonly accounts = new MemoryAccountStore();
  readonly facts: PullFacts[] = [];
  /** Jobs that failed so often that a person has to look. */
  readonly deadLetters: OrderPullJob[] = [];
  readonly #stores = {
    buyers: new MemoryBuyerStore(),
    followUps: new MemoryFollowUpStore(),
    quota: new MemoryQuotaStore(),
    lease: new MemoryPullLease(),
  };
  #waiting: { readonly job: OrderPullJob; readonly atMs: number; readonly receives: number }[] = [];
  #nextTickMs: number;

  constructor(startMs: number, settings: ShopSettings, channels: readonly Channel[]) {
    this.clock = { nowMs: startMs };
    this.#nextTickMs = startMs;
    this.shop = new SimulatedShop(settings, this.clock);
    this.orders = new WatchedOrders(this.clock);
    this.channels = new MemoryChannelStore(channels);
  }

  /** What asking for a pull needs. */
  get asking(): AskForPullsDeps {
    return {
      channels: this.channels,
      accounts: this.accounts,
      queues: { [this.shop.settings.marketplace]: this.#queue },
      clock: { now: () => this.clock.nowMs },
    };
  }

  /** Runs schedules and jobs in the order of their times; at half past one (UTC) also the nightly plan. */
  async runUntil(endMs: number): Promise<void> {
    for (;;) {
      const next = this.#waiting.toSorted((a, b) => a.atMs - b.atMs)[0];
      const jobIsNext = next !== undefined && next.atMs <= this.#nextTickMs;
      const atMs = jobIsNext ? next.atMs : this.#nextTickMs;
      if (atMs > endMs) break;
      // A run before may have taken longer than until then.
      this.clock.nowMs = Math.max(this.clock.nowMs, atMs);
      if (jobIsNext) await this.#work(next);
      else await this.#tick();
    }
    this.clock.nowMs = Math.max(this.clock.nowMs, endMs);
  }

  async #tick(): Promise<void> {
    const [hour, minute] = [
      new Date(this.#nextTickMs).getUTCHours(),
      new Date(this.#nextTickMs).getUTCMinutes(),
    ];
    this.#nextTickMs += TICK_MS;
    await planOrderPulls(this.asking);
    if (hour === 1 && minute >= 30 && minute < 34) await planReScans(this.asking);
  }

  async #work(received: { readonly job: OrderPullJob; readonly receives: number }): Promise<void> {
    this.#waiting = this.#waiting.filter((waiting) => waiting !== received);
    const { job } = received;
    const endsMs = this.clock.nowMs + RUN_MS;
    const { shop, orders, channels } = this;
    const deps = {
      ...this.#stores,
      ...{ source: shop, orders, channels, queue: this.#queue },
      clock: { now: () => this.clock.nowMs },
      search: { operation: 'search', plan: shop.settings.plan },
    };
    try {
      this.facts.push(await pullOrders(deps, job, () => endsMs - this.clock.nowMs));
    } catch (error) {
      if (!(error instanceof RejectedError)) throw error;
      const receives = received.receives + 1;
      if (receives >= RECEIVES_MAX) this.deadLetters.push(job);
      else this.#waiting.push({ job, receives, atMs: this.clock.nowMs + REDELIVERY_MS });
    }
  }

  get #queue() {
    return {
      send: async (job: OrderPullJob, { delayMs = 0 }: { readonly delayMs?: number } = {}) => {
        const copy: OrderPullJob = JSON.parse(JSON.stringify(job));
        this.#waiting.push({ job: copy, receives: 0, atMs: this.clock.nowMs + delayMs + HANDOVER_MS });
      },
    };
  }
}
