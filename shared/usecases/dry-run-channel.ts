import type { AccountProblem } from '../domain/account.ts';
import { problemOf } from '../domain/account-health.ts';
import type { Buyer } from '../domain/buyer.ts';
import { PartnerError, ThrottledError } from '../domain/errors.ts';
import type { Marketplace, OrderId } from '../domain/order.ts';
import { nextPullWindow } from '../domain/pull-window.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { OrderPage, OrderSource } from '../ports/order-source.ts';
import type { OrderStore } from '../ports/order-store.ts';
import type { QuotaPlan, QuotaStore } from '../ports/quota.ts';
import { createAllowance } from './allowance.ts';

/**
 * Pages read at most: a person waits for the answer, and at Amazon a call takes three minutes to grow again. 300 orders
 * tell enough.
 */
export const DRY_RUN_PAGES_MAX = 3;
/** A page may take this long: with less time left, what was counted is the answer. */
const PAGE_TIME_MS = 12_000;

/** Where orders come from, and the allowance that asking takes from. */
export interface SearchedSource {
  readonly source: OrderSource;
  readonly search: { readonly operation: string; readonly plan: QuotaPlan };
}

export interface DryRunDeps {
  readonly channels: ChannelStore;
  readonly orders: OrderStore;
  readonly sources: Readonly<Partial<Record<Marketplace, SearchedSource>>>;
  readonly quota: QuotaStore;
  readonly clock: Clock;
}

export interface DryRunCounts {
  /** Orders that the marketplace gave, each once. */
  readonly total: number;
  /** Of these, the ones that are here already. */
  readonly known: number;
  /** Of these, the ones whose answer holds neither a buyer's name nor a delivery name. */
  readonly withoutPersonalData: number;
  /** Of these, the ones of a site that the channel does not cover: they would not be stored. */
  readonly notCovered: number;
  /** Besides these: orders whose answer is not understood. */
  readonly unreadable: number;
}

export type DryRun =
  | {
      readonly outcome: 'counted';
      /** False: there are more, the counts say "at least". */
      readonly complete: boolean;
      /** Times of last update that were looked at, ISO instants. */
      readonly window: { readonly from: string; readonly until: string };
      readonly counts: DryRunCounts;
      /** Sites that the marketplace refused to search. */
      readonly refusedSiteIds: readonly string[];
    }
  | { readonly outcome: 'unknown-channel' }
  | { readonly outcome: 'archived' }
  /** Everything up to now has been seen. */
  | { readonly outcome: 'nothing-to-pull' }
  /** The account's calls are used up; `retryAfterMs` says when one may be made. */
  | { readonly outcome: 'no-calls-left'; readonly retryAfterMs: number }
  | { readonly outcome: 'failed'; readonly problem: AccountProblem };

/**
 * Says what the channel's next pull would bring, without storing any of it. Works whether or not the channel is
 * switched on. A part of the account's calls is left to the pulls.
 */
export async function dryRunChannel(
  deps: DryRunDeps,
  channelId: string,
  remainingMs: () => number,
): Promise<DryRun> {
  const { channels, orders, quota, clock } = deps;
  const channel = await channels.getChannel(channelId);
  if (channel === undefined) return { outcome: 'unknown-channel' };
  if (channel.archivedAt !== undefined) return { outcome: 'archived' };
  const window = nextPullWindow([{ ...channel, ordersSync: true }], clock.now());
  if (window === undefined) return { outcome: 'nothing-to-pull' };

  const { marketplace, accountId, siteIds } = channel;
  const searched = deps.sources[marketplace];
  if (searched === undefined) throw new RangeError(`nothing here asks ${marketplace} for orders`);
  const { source, search } = searched;
  const calls = createAllowance({ quota, clock, search }, `${marketplace}/${accountId}`, true);
  const seen = new Map<OrderId, { readonly siteId: string; readonly named: boolean }>();
  const refusedSites = new Set<string>();
  let unreadable = 0;
  let pages = 0;
  let pageToken: string | undefined;
  do {
    if (pages > 0 && remainingMs() < PAGE_TIME_MS) break;
    const retryAfterMs = await calls.take();
    if (retryAfterMs > 0) {
      if (pages > 0) break;
      return { outcome: 'no-calls-left', retryAfterMs };
    }
    let page: OrderPage;
    try {
      page = await source.fetchPage({ accountId, siteIds, ...window }, pageToken);
    } catch (error) {
      if (!(error instanceof PartnerError)) throw error;
      if (error instanceof ThrottledError) await calls.exhausted();
      if (pages > 0) break;
      if (error instanceof ThrottledError) {
        return { outcome: 'no-calls-left', retryAfterMs: error.retryAfterMs };
      }
      return { outcome: 'failed', problem: problemOf(error) };
    }
    for (const { order, buyer } of page.orders) {
      seen.set(order.orderId, { siteId: order.siteId, named: hasName(buyer) });
    }
    for (const siteId of page.refusedSites ?? []) refusedSites.add(siteId);
    unreadable += page.unreadable.length;
    pages += 1;
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined && pages < DRY_RUN_PAGES_MAX);

  const ids = [...seen.keys()];
  const stored = await orders.getMany(ids);
  const found = [...seen.values()];
  return {
    outcome: 'counted',
    complete: pageToken === undefined,
    window,
    counts: {
      total: seen.size,
      known: ids.filter((orderId) => stored.get(orderId)?.order !== undefined).length,
      withoutPersonalData: found.filter(({ named }) => !named).length,
      notCovered: found.filter(({ siteId }) => !siteIds.includes(siteId)).length,
      unreadable,
    },
    refusedSiteIds: [...refusedSites],
  };
}

function hasName(buyer: Buyer | undefined): boolean {
  const names = [buyer?.name, buyer?.company, buyer?.deliveryAddress?.name, buyer?.deliveryAddress?.company];
  return names.some((name) => name !== undefined && name.trim() !== '');
}
