import type { Buyer } from '../../shared/domain/buyer.ts';
import { RejectedError, ThrottledError, UnavailableError } from '../../shared/domain/errors.ts';
import { type Order, type OrderId, orderId } from '../../shared/domain/order.ts';
import type {
  OrderPage,
  OrderSource,
  OrderWindow,
  UnreadableOrder,
} from '../../shared/ports/order-source.ts';
import type { QuotaPlan } from '../../shared/ports/quota.ts';
import { aBuyer, anOrder } from '../support/orders.ts';
import type { Faults } from './faults.ts';
import { PERSON } from './personal-data.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';

const MINUTE_MS = 60_000;
/** The youngest upper bound that is taken (SP-API docs, Orders API v2026-01-01, lastUpdatedBefore). */
export const YOUNGEST_BOUND_MS = 2 * MINUTE_MS;
/** Nearly every change can be searched this soon. */
const PROMPT_MS = 2 * MINUTE_MS;
/** The latest ones: what the overlap between two pulls is for. */
const LATEST_MS = 14 * MINUTE_MS;
/** A page token lives at least this long: as long as one run of a pull. */
const TOKEN_LIVES_MS = 2 * MINUTE_MS;

export const SITES = { it: 'APJ6JRA9NG5V4', de: 'A1PA6795UKMFR9', fr: 'A13V1IB3VIYZZH' } as const;
export type Site = keyof typeof SITES;

/** What a remote order was from an instant on. */
export interface RemoteVersion {
  readonly order: Omit<Order, 'channelId'>;
  readonly buyer: Buyer;
  readonly updatedMs: number;
  /** From when on every search finds it; some find it earlier. */
  readonly visibleMs: number;
}

export interface RemoteOrder {
  readonly orderId: OrderId;
  readonly marketplaceOrderId: string;
  readonly site: Site;
  /** Oldest first; each later one is updated and visible later. */
  readonly versions: readonly RemoteVersion[];
}

interface Token {
  readonly givenMs: number;
  readonly question: string;
  /** Its pages are all searched in one index. */
  readonly lag: number;
  /** What the search had found when it began, or undefined to look again for each page. */
  readonly found: readonly Hit[] | undefined;
  /** Where the page starts: after this change. */
  readonly after: { readonly updatedMs: number; readonly id: string };
}

interface Hit {
  readonly remote: RemoteOrder;
  readonly version: RemoteVersion;
}

/**
 * Amazon's orders and their search, with a truth of its own: what changed when, and from when on a search shows it.
 * It is as strict as the real one: a bound too young, a dead token or a token with another question is refused.
 */
export class Amazon implements OrderSource {
  readonly orders: readonly RemoteOrder[];
  readonly #scheduler: Scheduler;
  readonly #faults: Faults;
  readonly #random: Random;
  readonly #quota: QuotaPlan;
  readonly #pageSize: number;
  /** Some searches list what they had found at first, others look again for each page. */
  readonly #keepsFindings: boolean;
  readonly #unreadable = new Map<string, { readonly untilMs: number; readonly timeReadable: boolean }>();
  readonly #tokens = new Map<string, Token>();
  #tokensGiven = 0;
  #calls: { left: number; atMs: number };

  constructor(
    scheduler: Scheduler,
    faults: Faults,
    random: Random,
    quota: QuotaPlan,
    activeMs: number,
    orders: readonly RemoteOrder[],
  ) {
    this.#scheduler = scheduler;
    this.#faults = faults;
    this.#random = random.for('amazon');
    this.#quota = quota;
    this.orders = orders;
    this.#calls = { left: quota.burst, atMs: scheduler.nowMs };
    const choices = random.for('amazon/ways');
    this.#pageSize = choices.int(2, 5);
    this.#keepsFindings = choices.chance(0.5);
    // A token lives a day, unless the search behind it is started anew; none dies in the run that it was given to.
    for (let atMs = 0; atMs < activeMs; atMs += choices.int(10, 120) * MINUTE_MS) {
      scheduler.after(atMs, () => {
        for (const [token, { givenMs }] of this.#tokens) {
          if (scheduler.nowMs - givenMs > TOKEN_LIVES_MS) this.#tokens.delete(token);
        }
      });
    }
    for (const { marketplaceOrderId } of orders) {
      if (!choices.chance(0.04)) continue;
      const untilMs = scheduler.nowMs + choices.int(0, activeMs);
      this.#unreadable.set(marketplaceOrderId, { untilMs, timeReadable: choices.chance(0.7) });
    }
  }

  /**
   * The newest version that a search finds now.
   * @param lag how far behind the index is that is searched: 0 shows every change at once, 1 as late as may be
   */
  current(remote: RemoteOrder, lag = 1): RemoteVersion | undefined {
    return remote.versions.findLast(
      ({ updatedMs, visibleMs }) => updatedMs + lag * (visibleMs - updatedMs) <= this.#scheduler.nowMs,
    );
  }

  async fetchPage(window: OrderWindow, pageToken: string | undefined): Promise<OrderPage> {
    const now = this.#scheduler.nowMs;
    if (this.#faults.happens('partnerDown')) throw new UnavailableError('amazon', 'amazon searchOrders: 503');
    if (!this.#takeCall() || this.#faults.happens('throttle')) {
      throw new ThrottledError('amazon', 'amazon searchOrders: 429', { retryAfterMs: 180_000 });
    }
    const [from, until] = [Date.parse(window.from), Date.parse(window.until)];
    if (until > now - YOUNGEST_BOUND_MS) {
      this.#scheduler.fail('Amazon is asked only for what has settled', `until ${window.until}`);
    }
    const question = `${window.from} ${window.until} ${window.siteIds.join(',')}`;
    const token = pageToken === undefined ? undefined : this.#tokens.get(pageToken);
    if (pageToken !== undefined) {
      if (token && token.question !== question) {
        this.#scheduler.fail('a page token is sent with the question it was given for', question);
      }
      if (!token) throw new DeadTokenError();
    }
    // Now and then a search covers less than it was asked for, and says so.
    const upTo =
      token === undefined && this.#random.chance(0.1) ? until - this.#random.int(1, 300_000) : until;
    const lag = token?.lag ?? this.#random.pick([0, 0.5, 1, 1, 1]);
    const found = token?.found ?? this.#search(window, from, upTo, lag);
    const after = token?.after;
    const rest = after === undefined ? found : found.filter((hit) => isAfter(hit, after));
    const hits = rest.slice(0, this.#pageSize);
    const last = hits.at(-1);
    let nextPageToken: string | undefined;
    if (last !== undefined && rest.length > hits.length) {
      nextPageToken = `token-${++this.#tokensGiven}`;
      const position = { updatedMs: last.version.updatedMs, id: last.remote.marketplaceOrderId };
      const kept = this.#keepsFindings || upTo !== until ? found : undefined;
      this.#tokens.set(nextPageToken, { givenMs: now, question, lag, found: kept, after: position });
    }
    return {
      orders: hits.flatMap(({ remote, version }) =>
        this.#unreadableNow(remote) ? [] : [structuredClone({ order: version.order, buyer: version.buyer })],
      ),
      unreadable: hits.flatMap(({ remote, version }) => this.#unreadableNow(remote)?.(version) ?? []),
      nextPageToken,
      effectiveUntil: new Date(upTo).toISOString(),
      grantedRatePerSecond: this.#random.chance(0.5) ? this.#quota.ratePerSecond : undefined,
    };
  }

  /** Every order can be read from now on. */
  repair(): void {
    this.#unreadable.clear();
  }

  #search(window: OrderWindow, from: number, until: number, lag: number): Hit[] {
    return this.orders
      .filter(({ site }) => window.siteIds.includes(SITES[site]))
      .flatMap((remote) => {
        const version = this.current(remote, lag);
        return version ? [{ remote, version }] : [];
      })
      .filter(({ version }) => version.updatedMs >= from && version.updatedMs < until)
      .sort((a, b) =>
        isAfter(b, { updatedMs: a.version.updatedMs, id: a.remote.marketplaceOrderId }) ? -1 : 1,
      );
  }

  #unreadableNow(remote: RemoteOrder): ((version: RemoteVersion) => UnreadableOrder[]) | undefined {
    const broken = this.#unreadable.get(remote.marketplaceOrderId);
    if (broken === undefined || broken.untilMs <= this.#scheduler.nowMs) return undefined;
    return ({ order }) => [
      {
        marketplaceOrderId: remote.marketplaceOrderId,
        updatedAt: broken.timeReadable ? order.updatedAt : undefined,
        problem: 'status: invalid_type',
      },
    ];
  }

  #takeCall(): boolean {
    const now = this.#scheduler.nowMs;
    const grown = ((now - this.#calls.atMs) / 1000) * this.#quota.ratePerSecond;
    const left = Math.min(this.#quota.burst, this.#calls.left + grown);
    this.#calls = { left: left >= 1 ? left - 1 : left, atMs: now };
    return left >= 1;
  }
}

/** What Amazon answers to a token that it does not know any more. */
export class DeadTokenError extends RejectedError {
  constructor() {
    super('amazon', 'amazon searchOrders: 400', { status: 400 });
  }
}

function isAfter({ remote, version }: Hit, position: { updatedMs: number; id: string }): boolean {
  return version.updatedMs === position.updatedMs
    ? remote.marketplaceOrderId > position.id
    : version.updatedMs > position.updatedMs;
}

/** Orders bought and changed from some hours before the start up to the end of the active time. */
export function inventOrders(
  random: Random,
  startMs: number,
  activeMs: number,
  accountId: string,
): RemoteOrder[] {
  const choices = random.for('orders');
  return Array.from({ length: choices.int(12, 32) }, (_, i) => {
    const marketplaceOrderId = `404-${String(1_000_001 + i)}-000000${(i % 9) + 1}`;
    const site: Site = choices.chance(0.1) ? 'fr' : choices.pick(['it', 'it', 'de']);
    const id = orderId('amazon', marketplaceOrderId);
    const versions: RemoteVersion[] = [];
    let updatedMs =
      startMs + choices.int(-2 * 60, activeMs / MINUTE_MS - 1) * MINUTE_MS + choices.int(0, 59_999);
    const purchasedAt = new Date(updatedMs).toISOString();
    const count = choices.int(1, 7);
    let lagMs = drawLagMs(choices);
    for (let number = 1; number <= count && updatedMs < startMs + activeMs; number++) {
      const updatedAt = new Date(updatedMs).toISOString();
      const { channelId: _, ...order } = anOrder({
        marketplaceOrderId,
        accountId,
        siteId: SITES[site],
        siteName: `Amazon.${site}`,
        purchasedAt,
        updatedAt,
        status: number === 1 ? 'pending' : number === count ? 'shipped' : 'unshipped',
        partnerStatus: `VERSION ${number}`,
        total: { amountMinor: 2000 + 10 * i, currency: 'EUR' },
      });
      versions.push({
        order,
        buyer: aBuyer({
          orderId: id,
          name: `${PERSON} ${i}`,
          deliveryAddress: { name: PERSON, lines: [PERSON], city: PERSON, countryCode: 'IT' },
          updatedAt,
        }),
        updatedMs,
        visibleMs: Math.max(updatedMs + lagMs, versions.at(-1)?.visibleMs ?? 0),
      });
      // Changes come in bursts, many within a minute; days of quiet are of no use here.
      if (choices.chance(0.6)) updatedMs += choices.int(500, 60_000);
      else {
        updatedMs += choices.chance(0.3) ? choices.int(1, 150_000) : choices.int(3, 150) * MINUTE_MS;
        lagMs = drawLagMs(choices);
      }
    }
    return { orderId: id, marketplaceOrderId, site, versions };
  });
}

function drawLagMs(choices: Random): number {
  if (choices.chance(0.1)) return choices.int(PROMPT_MS, LATEST_MS);
  return choices.chance(0.5) ? PROMPT_MS : choices.int(0, PROMPT_MS);
}

/** Whether a change could be searched as soon as nearly all can. */
export function isPrompt({ updatedMs, visibleMs }: RemoteVersion): boolean {
  return visibleMs - updatedMs <= PROMPT_MS;
}
