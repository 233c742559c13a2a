import { dayAfter, startOfDayMs } from '../domain/calendar.ts';
import type { Channel } from '../domain/channel.ts';
import { firstSlice, isoInstant, SETTLING_MS } from '../domain/pull-window.ts';
import { isRevoked, isSynced } from '../domain/sync-state.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { OrderPullJob } from './pull-orders.ts';
import type { AskForPullsDeps } from './pulled-accounts.ts';

/**
 * How far back orders may be asked for: Amazon answers with none older than two years (SP-API docs, Orders API
 * v2026-01-01, searchOrders), and neither does eBay (Sell Fulfillment API, getOrders).
 */
const HISTORY_YEARS = 2;

/** Why nothing is pulled for a channel, whoever asks. */
export type PullRefusal =
  | { readonly outcome: 'unknown-channel' }
  /** The channel is closed. */
  | { readonly outcome: 'archived' }
  /** Its order sync is off. */
  | { readonly outcome: 'sync-off' }
  /** The marketplace's authorisation is gone; everything is caught up after it is renewed. */
  | { readonly outcome: 'revoked' }
  /** We cannot pull from its marketplace yet. */
  | { readonly outcome: 'not-supported' };

export type RequestedSync = { readonly outcome: 'requested' } | PullRefusal;

/** Asks for a pull of the channel's account at once. While one is under way the lease makes this one harmless. */
export async function requestSyncNow(deps: AskForPullsDeps, channelId: string): Promise<RequestedSync> {
  const asked = await pullable(deps, channelId);
  if ('outcome' in asked) return asked;
  await asked.queue.send(jobOf(asked.channel, 'sync-now', isoInstant(deps.clock.now())));
  return { outcome: 'requested' };
}

export type RequestedBackfill =
  /** Instants, from the first to the one after the last. */
  | { readonly outcome: 'requested'; readonly from: string; readonly until: string }
  | PullRefusal
  | {
      readonly outcome: 'wrong-dates';
      readonly because: 'not-a-date' | 'ends-before-it-begins' | 'in-the-future' | 'too-far-back';
    };

/**
 * Asks for every order of a channel that was created on these days, in the background. Asked twice, the second waits for
 * the first and finds everything unchanged.
 * @param days first and last calendar day in the channel's time zone, `YYYY-MM-DD`; two years back at most
 */
export async function requestBackfill(
  deps: AskForPullsDeps,
  channelId: string,
  days: { readonly from: string; readonly until: string },
): Promise<RequestedBackfill> {
  const asked = await pullable(deps, channelId);
  if ('outcome' in asked) return asked;
  const { channel, queue } = asked;
  const nowMs = deps.clock.now();
  const span = spanOf(days, channel.timeZone, nowMs);
  if ('because' in span) return { outcome: 'wrong-dates', because: span.because };
  await queue.send({
    ...jobOf(channel, 'backfill', `${isoInstant(nowMs)}/${channelId}`),
    window: { ...firstSlice(span), by: 'created', siteIds: [...channel.siteIds] },
  });
  return { outcome: 'requested', ...span };
}

async function pullable(
  { channels, accounts, queues }: AskForPullsDeps,
  channelId: string,
): Promise<{ readonly channel: Channel; readonly queue: JobQueue<OrderPullJob> } | PullRefusal> {
  const channel = await channels.getChannel(channelId);
  if (channel === undefined) return { outcome: 'unknown-channel' };
  if (!isSynced(channel)) return { outcome: channel.archivedAt === undefined ? 'sync-off' : 'archived' };
  const queue = queues[channel.marketplace];
  if (queue === undefined) return { outcome: 'not-supported' };
  const account = await accounts.getAccount(channel.marketplace, channel.accountId);
  return isRevoked(account) ? { outcome: 'revoked' } : { channel, queue };
}

function jobOf(channel: Channel, reason: 'sync-now' | 'backfill', what: string): OrderPullJob {
  const { marketplace, accountId } = channel;
  return {
    type: 'order-pull-requested',
    version: 1,
    correlationId: `${reason}/${what}/${marketplace}/${accountId}`,
    marketplace,
    accountId,
    reason,
  };
}

function spanOf(
  days: { readonly from: string; readonly until: string },
  timeZone: string,
  nowMs: number,
):
  | { readonly from: string; readonly until: string }
  | { readonly because: Extract<RequestedBackfill, { outcome: 'wrong-dates' }>['because'] } {
  const fromMs = startOfDayMs(days.from, timeZone);
  const lastDayMs = startOfDayMs(days.until, timeZone);
  if (fromMs === undefined || lastDayMs === undefined) return { because: 'not-a-date' };
  if (fromMs > lastDayMs) return { because: 'ends-before-it-begins' };
  const untilMs = Math.min(startOfDayMs(dayAfter(days.until), timeZone) ?? lastDayMs, nowMs - SETTLING_MS);
  if (lastDayMs > nowMs || fromMs >= untilMs) return { because: 'in-the-future' };
  const oldest = new Date(nowMs);
  oldest.setUTCFullYear(oldest.getUTCFullYear() - HISTORY_YEARS);
  if (fromMs < oldest.getTime()) return { because: 'too-far-back' };
  return { from: isoInstant(fromMs), until: isoInstant(untilMs) };
}
