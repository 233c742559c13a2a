import type { Channel } from './channel.ts';

/** Re-read before each watermark: an order changed just before it may become visible just after. */
export const OVERLAP_MS = 15 * 60_000;
/**
 * How far behind now a window must end. Amazon refuses an upper bound younger than two minutes
 * (SP-API docs, Orders API v2026-01-01, searchOrders, lastUpdatedBefore).
 */
export const SETTLING_MS = 2 * 60_000;
/**
 * The longest window of one pull. Bounds how much is read again when its last page never comes: at one page of
 * 100 orders every three minutes and page tokens that live a day, 48,000 orders fit.
 */
export const WINDOW_MAX_MS = 31 * 24 * 3_600_000;

/**
 * The longest window of one background pull; a longer span is pulled slice by slice. Beside the schedule's 15 calls an
 * hour Amazon leaves five (searchOrders, 0.0056 a second): 120 pages of 100 orders in the day that a page token lives.
 */
export const BACKGROUND_SLICE_MS = 5 * 24 * 3_600_000;

/** Half-open interval on the partner's time of last update, ISO instants with milliseconds. */
export interface PullWindow {
  readonly from: string;
  readonly until: string;
}

type PulledChannel = Pick<Channel, 'ordersSync' | 'ordersWatermark' | 'ordersFrom'>;

/**
 * A channel that was pulled before and is this far behind its account's foremost one is pulled apart from it: one window
 * for both would read the foremost one's days again with every pull. A new channel shares the window, which ends with
 * both in the present, unless it begins further back than any window reaches.
 */
const APART_BEHIND_MS = 24 * 3_600_000;

/** Channels of one account by whether they share its scheduled window; the others are caught up in the background. */
export function pulledTogether<Pulled extends PulledChannel>(
  channels: readonly Pulled[],
): { readonly together: readonly Pulled[]; readonly apart: readonly Pulled[] } {
  const foremostMs = Math.max(...channels.map(startMs));
  const isApart = (channel: Pulled): boolean => {
    const behindMs = channel.ordersWatermark === undefined ? WINDOW_MAX_MS : APART_BEHIND_MS;
    return startMs(channel) < foremostMs - behindMs;
  };
  return {
    together: channels.filter((channel) => !isApart(channel)),
    apart: channels.filter(isApart),
  };
}

/** Everything that a channel pulled apart has not seen yet; undefined when there is nothing. */
export function unseenSpan(channel: PulledChannel, nowMs: number): PullWindow | undefined {
  const untilMs = nowMs - SETTLING_MS;
  return startMs(channel) >= untilMs
    ? undefined
    : { from: isoInstant(startMs(channel)), until: isoInstant(untilMs) };
}

/** The next window of an account, for all its channels at once; undefined when there is nothing to pull yet. */
export function nextPullWindow(channels: readonly PulledChannel[], nowMs: number): PullWindow | undefined {
  const starts = channels.filter((channel) => channel.ordersSync).map(startMs);
  if (starts.length === 0) return undefined;
  const fromMs = Math.min(...starts);
  const untilMs = Math.min(nowMs - SETTLING_MS, fromMs + WINDOW_MAX_MS);
  if (fromMs >= untilMs) return undefined;
  return { from: isoInstant(fromMs), until: isoInstant(untilMs) };
}

/**
 * True when everything the channel has not seen up to the window's end lies inside the window, what became visible
 * late included: only then may its watermark move there. A re-scan of the last days, or a window decided before the
 * channel was opened further back, does not.
 */
export function reachesBackTo(window: Pick<PullWindow, 'from'>, channel: PulledChannel): boolean {
  return Date.parse(window.from) <= startMs(channel);
}

/** A span of a background pull, cut to its first slice; `goesOnUntil` is where the span ends, when that is later. */
export function firstSlice(span: PullWindow): PullWindow & { readonly goesOnUntil?: string } {
  const untilMs = Date.parse(span.from) + BACKGROUND_SLICE_MS;
  if (untilMs >= Date.parse(span.until)) return span;
  return { from: span.from, until: isoInstant(untilMs), goesOnUntil: span.until };
}

/** How far a channel is behind its marketplace; before its first complete pull, behind its beginning. */
export function lagMsOf(channel: Pick<Channel, 'ordersWatermark' | 'ordersFrom'>, nowMs: number): number {
  return nowMs - Date.parse(channel.ordersWatermark ?? channel.ordersFrom);
}

/** One spelling for instants (UTC, milliseconds), so that they can be compared as text. */
export function isoInstant(instant: number | string): string {
  return new Date(instant).toISOString();
}

/** The earlier of two instants; undefined counts as never. */
export function earlier(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Date.parse(a) <= Date.parse(b) ? a : b;
}

function startMs(channel: PulledChannel): number {
  return channel.ordersWatermark === undefined
    ? Date.parse(channel.ordersFrom)
    : Date.parse(channel.ordersWatermark) - OVERLAP_MS;
}
