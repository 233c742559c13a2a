import type { Channel } from '../domain/channel.ts';
import { RejectedError, ThrottledError, UnexpectedAnswerError } from '../domain/errors.ts';
import type { Order, OrderId } from '../domain/order.ts';
import { withMoveNoted } from '../domain/order-status.ts';
import { dueReceipt } from '../domain/receipt-schedule.ts';
import { wantedFollowUps } from '../domain/wanted-follow-ups.ts';
import type { BuyerStore } from '../ports/buyer-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { FollowUpStore } from '../ports/follow-up-store.ts';
import type { OrderPage, OrderReader, RemoteOrder, UnreadableOrder } from '../ports/order-source.ts';
import type { OrderRecord, OrderStore } from '../ports/order-store.ts';
import type { Allowance } from './allowance.ts';

/** Orders stored side by side; enough to hide the store's latency, few enough for one small function. */
const ORDERS_AT_ONCE = 10;
/** A single order may take this long to fetch and store. */
const ORDER_TIME_MS = 20_000;

export interface StoreOrdersDeps {
  readonly orders: OrderStore;
  readonly buyers: BuyerStore;
  readonly followUps: FollowUpStore;
  readonly clock: Clock;
  /** Where what the list leaves out of an order comes from; undefined where the list has all. */
  readonly reader?: OrderReader | undefined;
}

/** What storing a page did; filled as it goes, so that what was stored counts even when the rest was not. */
export interface StoredCounts {
  created: number;
  updated: number;
  unchanged: number;
  /** Orders of a site that no channel switched on covers: not stored. */
  notCovered: number;
  /** Orders that took a call of their own. */
  fetchedSingly: number;
  /** New orders that the scheduled pulls had already passed: they should have been here. */
  foundMissing: number;
}

/** Why a page could not be stored to its end, and how long to wait before it is read again. */
export interface StoppedPage {
  readonly because: 'throttled' | 'quota' | 'time';
  readonly waitMs: number;
}

/**
 * Stores the orders of a page that changed; those that the list has only in part are fetched one by one first.
 *
 * The order is written last: one that is here says that its buyer and its follow-ups are. A crash before it leaves the
 * order unknown, and the pull that follows writes all of them again. Answers the orders that could not be read, or why
 * the page is not stored to its end; then it has to be read again, and what is stored by then is unchanged.
 */
export async function storePulledOrders(
  deps: StoreOrdersDeps,
  counts: StoredCounts,
  page: OrderPage,
  channelOf: ReadonlyMap<string, Channel>,
  calls: Allowance,
  remainingMs: () => number,
): Promise<{ readonly unreadable: readonly UnreadableOrder[] } | { readonly stopped: StoppedPage }> {
  const known = await deps.orders.getMany(page.orders.map(({ order }) => order.orderId));
  const { whole, partial } = changedOrders(deps, counts, page, channelOf, known);
  for (let at = 0; at < whole.length; at += ORDERS_AT_ONCE) {
    await Promise.all(whole.slice(at, at + ORDERS_AT_ONCE).map((changed) => store(deps, counts, changed)));
  }
  const unreadable = [...page.unreadable];
  for (const [at, changed] of partial.entries()) {
    const completed = await complete(deps, changed, partial.length - at, calls, remainingMs);
    if ('stopped' in completed) return completed;
    counts.fetchedSingly += 1;
    if ('unreadable' in completed) unreadable.push(completed.unreadable);
    else await store(deps, counts, { ...changed, remote: completed.remote });
  }
  return { unreadable };
}

/** An order to store: as it came, the channel it belongs to, and what is stored of it now. */
interface ChangedOrder {
  readonly remote: RemoteOrder;
  readonly channel: Channel;
  readonly stored: Order | undefined;
}

function changedOrders(
  { reader }: StoreOrdersDeps,
  counts: StoredCounts,
  page: OrderPage,
  channelOf: ReadonlyMap<string, Channel>,
  known: ReadonlyMap<OrderId, OrderRecord>,
): { readonly whole: readonly ChangedOrder[]; readonly partial: readonly ChangedOrder[] } {
  const whole: ChangedOrder[] = [];
  const partial: ChangedOrder[] = [];
  for (const remote of page.orders) {
    const channel = channelOf.get(remote.order.siteId);
    const stored = known.get(remote.order.orderId)?.order;
    if (channel === undefined) counts.notCovered += 1;
    else if (stored !== undefined && stored.updatedAt >= remote.order.updatedAt) counts.unchanged += 1;
    else {
      // What is stored is not overwritten by a list that has the order without its lines.
      const lacks = stored === undefined || remote.order.lines.length === 0;
      const isPartial = remote.incomplete === true && lacks && reader !== undefined;
      (isPartial ? partial : whole).push({ remote, channel, stored });
    }
  }
  return { whole, partial };
}

/** Fetches what the list left out. An order that is gone by now is taken as the list has it. */
async function complete(
  { reader }: StoreOrdersDeps,
  { remote }: ChangedOrder,
  left: number,
  calls: Allowance,
  remainingMs: () => number,
): Promise<
  | { readonly remote: RemoteOrder }
  | { readonly unreadable: UnreadableOrder }
  | { readonly stopped: StoppedPage }
> {
  if (remainingMs() < ORDER_TIME_MS) return { stopped: { because: 'time', waitMs: 0 } };
  const waitMs = await calls.take();
  // The page itself is read again with a call: coming back for one would spend it on the page, and none on the orders.
  if (waitMs > 0) return { stopped: { because: 'quota', waitMs: waitMs + calls.growthMs(left) } };
  const { accountId, siteId, marketplaceOrderId, updatedAt } = remote.order;
  try {
    const fetched = await reader?.fetchOrder({ accountId, siteId, marketplaceOrderId });
    return { remote: fetched ? { order: fetched.order, buyer: fetched.buyer ?? remote.buyer } : remote };
  } catch (error) {
    if (error instanceof ThrottledError) {
      await calls.exhausted();
      return { stopped: { because: 'throttled', waitMs: error.retryAfterMs } };
    }
    if (!isAboutThisOrder(error)) throw error;
    return { unreadable: { marketplaceOrderId, updatedAt, problem: error.message } };
  }
}

/** One order that the partner refuses or answers wrongly must not keep the others away; a lost authorisation is all of them. */
function isAboutThisOrder(error: unknown): error is UnexpectedAnswerError | RejectedError {
  if (error instanceof RejectedError) return error.status !== 401 && error.status !== 403;
  return error instanceof UnexpectedAnswerError;
}

async function store(deps: StoreOrdersDeps, counts: StoredCounts, changed: ChangedOrder): Promise<void> {
  const { remote, channel, stored } = changed;
  const { buyer } = remote;
  const nowMs = deps.clock.now();
  const order: Order = { ...withMoveNoted(stored, remote.order), channelId: channel.channelId };
  // A buyer past the end date never comes back.
  const kept = buyer !== undefined && Date.parse(buyer.expiresAt) > nowMs;
  const state = kept ? (await deps.buyers.putBuyer(buyer)).state : undefined;
  const fromModule = channel.personalDataModule !== undefined;
  for (const followUp of wantedFollowUps(order, { state, fromModule }, nowMs)) {
    await deps.followUps.ensure(followUp);
  }
  const due = dueReceipt(order, channel, nowMs);
  if (due !== undefined) await deps.followUps.ensure(due);
  const outcome = await deps.orders.putOrder(order, state);
  counts[outcome === 'older' ? 'unchanged' : outcome] += 1;
  if (outcome === 'created' && wasPassed(order, channel)) counts.foundMissing += 1;
}

/** Whether the scheduled pulls had seen everything up to this order's last change. */
function wasPassed({ updatedAt }: Order, { ordersFrom, ordersWatermark }: Channel): boolean {
  const changedMs = Date.parse(updatedAt);
  return (
    ordersWatermark !== undefined &&
    changedMs >= Date.parse(ordersFrom) &&
    changedMs < Date.parse(ordersWatermark)
  );
}
