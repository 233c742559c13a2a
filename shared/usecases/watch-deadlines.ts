import type { Marketplace, Order, OrderId } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import {
  ALERT_LEVELS,
  type AlertLevel,
  alertToRaise,
  DEADLINE_CLOCKS,
  type DeadlineClock,
} from '../domain/shipping-deadline.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeadlineWatch, DeadlineWatchStore } from '../ports/deadline-store.ts';
import {
  inBatches,
  type OpenDeadline,
  type OpenDeadlinesDeps,
  scanDeadlines,
  shipByDeadlines,
  toldWhole,
} from './open-deadlines.ts';

/** Orders read at once; about 1 MB. */
const PAGE_ORDERS = 250;
/** Orders looked at in one run. Those behind them have to leave last. */
const ORDERS_MAX = 20_000;

export interface WatchDeadlinesDeps extends OpenDeadlinesDeps {
  readonly watches: DeadlineWatchStore;
  readonly clock: Clock;
}

/** An alert as it is raised: for logs and metrics, without people. */
export interface RaisedDeadline {
  readonly orderId: OrderId;
  readonly marketplace: Marketplace;
  readonly channelId: string;
  readonly clock: DeadlineClock;
  readonly level: AlertLevel;
  readonly until: string;
  readonly minutesLeft: number;
}

export interface WatchedDeadlines {
  /** Raised by this run, and by none before. */
  readonly raised: readonly RaisedDeadline[];
  /** How many clocks stand at each level now. */
  readonly standing: Readonly<Record<DeadlineClock, Readonly<Record<AlertLevel, number>>>>;
  /** Orders that have to leave; more than these when `complete` is false. */
  readonly ordersToShip: number;
  readonly complete: boolean;
}

/**
 * Looks at every running clock and raises what was not raised before: each alert once for an order and level, however
 * often and by however many this runs. What is stored counts; who reads it is told by metrics, logs and the order.
 */
export async function watchDeadlines(deps: WatchDeadlinesDeps): Promise<WatchedDeadlines> {
  const nowMs = deps.clock.now();
  const { open: toShip, complete } = await allShipByDeadlines(deps, nowMs);
  const toScan = worstOfEachOrder(await scanDeadlines(deps, nowMs));
  const alerting = [...toShip, ...toScan].filter(({ state }) => state.level !== 'none');

  const watches = await deps.watches.getMany(
    alerting.map(({ order, state }) => ({ orderId: order.orderId, clock: state.clock })),
  );
  const known = new Map(watches.map((watch) => [keyOf(watch.orderId, watch.clock), watch]));
  const due = alerting.flatMap((open) => {
    const watch = known.get(keyOf(open.order.orderId, open.state.clock));
    const level = alertToRaise(open.state, watch?.raised ?? []);
    return level === undefined ? [] : [{ open, watch, level }];
  });
  // Only those that would be raised are looked at once more: the marketplace knows of some already.
  const told = await toldWhole(
    deps,
    due.flatMap(({ open }) => (open.state.clock === 'ship-by' ? [open.order] : [])),
  );
  const raised = await inBatches(
    due.filter(({ open }) => open.state.clock !== 'ship-by' || !told.has(open.order.orderId)),
    ({ open, watch, level }) => raise(deps, open, watch, level, nowMs),
  );
  return {
    raised: raised.flat(),
    standing: standingOf(alerting),
    ordersToShip: toShip.length,
    complete,
  };
}

async function allShipByDeadlines(
  deps: WatchDeadlinesDeps,
  nowMs: number,
): Promise<{ readonly open: readonly OpenDeadline[]; readonly complete: boolean }> {
  const open: OpenDeadline[] = [];
  let after: string | undefined;
  do {
    const page = await shipByDeadlines(deps, { limit: PAGE_ORDERS, after }, nowMs);
    open.push(...page.found);
    after = page.next;
  } while (after !== undefined && open.length < ORDERS_MAX);
  return { open, complete: after === undefined };
}

/** An order in several shipments has one alert: that of the shipment whose time is over first. */
function worstOfEachOrder(open: readonly OpenDeadline[]): readonly OpenDeadline[] {
  const worst = new Map<OrderId, OpenDeadline>();
  for (const each of open) {
    const before = worst.get(each.order.orderId);
    if (before === undefined || each.state.until < before.state.until) worst.set(each.order.orderId, each);
  }
  return [...worst.values()];
}

async function raise(
  { watches }: WatchDeadlinesDeps,
  { order, state }: OpenDeadline,
  watch: DeadlineWatch | undefined,
  level: AlertLevel,
  nowMs: number,
): Promise<readonly RaisedDeadline[]> {
  const version = watch?.version ?? 0;
  const stored = await watches.change(
    {
      orderId: order.orderId,
      clock: state.clock,
      raised: [...(watch?.raised ?? []), { level, at: isoInstant(nowMs) }],
      version: version + 1,
    },
    version,
  );
  // Another run raised it in between.
  return stored === 'conflict' ? [] : [raisedDeadline(order, state, level)];
}

function raisedDeadline(
  { orderId, marketplace, channelId }: Order,
  { clock, until, minutesLeft }: OpenDeadline['state'],
  level: AlertLevel,
): RaisedDeadline {
  return { orderId, marketplace, channelId, clock, level, until, minutesLeft };
}

function standingOf(alerting: readonly OpenDeadline[]): WatchedDeadlines['standing'] {
  const count = (clock: DeadlineClock, level: AlertLevel): number =>
    alerting.filter(({ state }) => state.clock === clock && state.level === level).length;
  const ofClock = (clock: DeadlineClock) =>
    Object.fromEntries(ALERT_LEVELS.map((level) => [level, count(clock, level)]));
  return Object.fromEntries(
    DEADLINE_CLOCKS.map((clock) => [clock, ofClock(clock)]),
  ) as WatchedDeadlines['standing'];
}

function keyOf(orderId: OrderId, clock: DeadlineClock): string {
  return `${clock} ${orderId}`;
}
