import type { DeadlineClock } from '../domain/shipping-deadline.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';
import {
  type OpenDeadline,
  type OpenDeadlinesDeps,
  scanDeadlines,
  shipByDeadlines,
  toldWhole,
} from './open-deadlines.ts';

/** Orders read at once. */
const PAGE_ORDERS = 250;
/** Orders looked at for one page of a channel's board; a page that finds fewer goes on with the next. */
const READ_MAX = 2_000;

export interface DeadlineBoardDeps extends OpenDeadlinesDeps {
  readonly channels: Pick<ChannelStore, 'getChannel'>;
  readonly clock: Clock;
}

export interface BoardQuery {
  readonly channelId?: string | undefined;
  readonly clock?: DeadlineClock | undefined;
  readonly limit: number;
  /** Where the page before ended. */
  readonly after?: string | undefined;
}

export type BoardRow = ReturnType<typeof boardRow>;

export interface DeadlineBoard {
  readonly rows: readonly BoardRow[];
  /** Where the next page begins; undefined on the last one. */
  readonly next: string | undefined;
}

/** Every running clock, the one with the least time left at first; undefined when there is no such channel. */
export async function deadlineBoard(
  deps: DeadlineBoardDeps,
  query: BoardQuery,
): Promise<DeadlineBoard | undefined> {
  const { channelId, clock, limit, after } = query;
  if (channelId !== undefined && (await deps.channels.getChannel(channelId)) === undefined) return undefined;
  const nowMs = deps.clock.now();
  const isWanted = ({ order }: OpenDeadline): boolean =>
    channelId === undefined || order.channelId === channelId;
  const [toShip, toScan] = await Promise.all([
    clock === 'valid-tracking' ? NOTHING : shipByUpTo(deps, limit, after, isWanted, nowMs),
    clock === 'ship-by' ? [] : scanDeadlines(deps, nowMs),
  ]);
  const { horizon } = toShip;
  const sorted = [...toShip.found, ...toScan.filter(isWanted)]
    .map((open) => ({ open, position: positionOf(open) }))
    // What lies behind the place to which the orders were read waits for the next page.
    .filter(
      ({ position }) =>
        (after === undefined || position > after) && (horizon === undefined || position < behind(horizon)),
    )
    .sort((a, b) => (a.position < b.position ? -1 : 1));
  const page = sorted.slice(0, limit);
  const told = await toldWhole(
    deps,
    page.flatMap(({ open }) => (open.state.clock === 'ship-by' ? [open.order] : [])),
  );
  return {
    rows: page.map(({ open }) => boardRow(open, told.has(open.order.orderId))),
    next: sorted.length > limit ? page.at(-1)?.position : horizon && behind(horizon),
  };
}

const NOTHING = { found: [], horizon: undefined } as const;

/** Enough orders for a page, and how far they were read when there are more. */
async function shipByUpTo(
  deps: OpenDeadlinesDeps,
  limit: number,
  after: string | undefined,
  isWanted: (open: OpenDeadline) => boolean,
  nowMs: number,
): Promise<{ readonly found: readonly OpenDeadline[]; readonly horizon: string | undefined }> {
  const found: OpenDeadline[] = [];
  let next = after;
  for (let read = 0; read < READ_MAX; read += PAGE_ORDERS) {
    const page = await shipByDeadlines(deps, { limit: PAGE_ORDERS, after: next }, nowMs);
    found.push(...page.found.filter(isWanted));
    next = page.next;
    if (next === undefined || found.length > limit) break;
  }
  return { found, horizon: next };
}

/** A clock's place on the board: its last instant, then the order. What an order's own place in the list begins with. */
function positionOf({ order, state, shipment }: OpenDeadline): string {
  return `${state.until}#${order.orderId}#${state.clock}#${shipment?.shipmentKey ?? ''}`;
}

/** Behind all clocks of an order and before every other order: `$` comes after `#` and before whatever a number is made of. */
function behind(place: string): string {
  return `${place}$`;
}

function boardRow({ order, state, shipment }: OpenDeadline, told: boolean) {
  return {
    channel: order.channelId,
    marketplace: order.marketplace,
    marketplaceOrderId: order.marketplaceOrderId,
    status: order.status,
    clock: state.clock,
    from: state.from,
    until: state.until,
    assumed: state.assumed,
    minutesLeft: state.minutesLeft,
    usedPercent: state.usedPercent,
    level: state.level,
    pieces: order.lines.reduce((sum, { quantityOrdered }) => sum + quantityOrdered, 0),
    firstTitle: order.lines[0]?.title ?? null,
    /** The marketplace has every piece of it from us; its own answer will end the clock. */
    told,
    shipmentKey: shipment?.shipmentKey ?? null,
    trackingNumber: shipment?.trackingNumber ?? null,
  };
}
