import type { Channel } from './channel.ts';
import type { Marketplace } from './order.ts';
import { lagMsOf, SETTLING_MS } from './pull-window.ts';

/**
 * How often an account is asked. A new order is to be seen within 8 minutes: 4 until it is asked for, 2 that the
 * marketplace takes (`SETTLING_MS`), 2 to spare. The schedule ticks as often.
 */
const PULL_EVERY_MS = 4 * 60_000;

/**
 * The least time between two calls for one site, where each site is a call of its own. ManoMano gives all contracts of a
 * seller 250 calls an hour; pulls take at most 100 of them, the rest is for shipments, documents and offers. Up to six
 * contracts keep the pace of the others (five: 75 calls an hour), more are asked less often.
 */
const SITE_CALL_EVERY_MS: Readonly<Record<Marketplace, number>> = { amazon: 0, ebay: 0, manomano: 36_000 };

/** A schedule's call comes up to a minute early or late: waiting for the next one would cost a whole interval. */
const SLACK_MS = 60_000;

/** The time between two pulls of an account with this many sites. */
function pullEveryMs(marketplace: Marketplace, sites: number): number {
  return Math.max(PULL_EVERY_MS, sites * SITE_CALL_EVERY_MS[marketplace]);
}

/**
 * Whether an account is to be asked again. Decided by how far its channels have been seen and not by when a pull ended:
 * one that was put back ends late, and what it saw is then already old.
 */
export function isPullDue(
  marketplace: Marketplace,
  channels: readonly Pick<Channel, 'siteIds' | 'ordersWatermark' | 'ordersFrom'>[],
  nowMs: number,
): boolean {
  const sites = channels.reduce((sum, { siteIds }) => sum + siteIds.length, 0);
  const dueAtLagMs = pullEveryMs(marketplace, sites) + SETTLING_MS - SLACK_MS;
  return channels.some(
    (channel) => channel.ordersWatermark === undefined || lagMsOf(channel, nowMs) >= dueAtLagMs,
  );
}
