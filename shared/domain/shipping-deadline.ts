import { dayAfter, dayOf, startOfDayMs } from './calendar.ts';
import type { Order, OrderStatus } from './order.ts';
import { isoInstant } from './pull-window.ts';
import type { Shipment } from './shipment.ts';
import type { ShippingConfirmation } from './shipping-confirmation.ts';
import { SHIPPING_STANDARDS } from './shipping-standards.ts';
import { hasMoved } from './tracking.ts';
import { isFinal } from './tracking-state.ts';

export const DEADLINE_CLOCKS = [
  /** The order has to leave. */
  'ship-by',
  /** The marketplace has its number, or is about to, and the courier has not scanned the goods yet. */
  'valid-tracking',
] as const;
export type DeadlineClock = (typeof DEADLINE_CLOCKS)[number];

/** How much of a window is used up; each of them is raised once. */
export const ALERT_LEVELS = ['half', 'most', 'over'] as const;
export type AlertLevel = (typeof ALERT_LEVELS)[number];

/** A window in which something has to happen. ISO instants. */
export interface Deadline {
  readonly clock: DeadlineClock;
  readonly from: string;
  /** The last instant that is still in time. */
  readonly until: string;
  /** The marketplace named no last instant: it is what such orders usually have. */
  readonly assumed: boolean;
}

/** A window as it stands at a moment. */
export interface DeadlineState extends Deadline {
  /** Whole minutes; negative exactly when it is over. */
  readonly minutesLeft: number;
  /** 0 to 100 while it runs; more when it is over. */
  readonly usedPercent: number;
  readonly level: AlertLevel | 'none';
}

const HALF_PERCENT = 50;
const MOST_PERCENT = 80;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** After this a number that was never scanned is no deadline any more: it counts in the rates. */
export const SCAN_WATCHED_MS = 14 * 24 * HOUR_MS;

/** Where the parcels are handed over, whose working days count for an order without a last day. */
const SHIPPED_FROM_TIME_ZONE = 'Europe/Rome';

/** Statuses in which an order still has to leave, or a part of it. */
const TO_SHIP: readonly OrderStatus[] = ['to-accept', 'unshipped', 'partly-shipped'];
/** Statuses in which nobody waits for its parcels any more. */
const NOT_WANTED: readonly OrderStatus[] = ['cancelled', 'refunded', 'unfulfillable'];

type OrderToShip = Pick<Order, 'marketplace' | 'status' | 'fulfilledBy' | 'purchasedAt' | 'shipBy'>;

/**
 * By when an order has to leave; undefined for one that we have not to ship: shipped, cancelled, not yet ours, or shipped
 * by the marketplace. Its window opens with the purchase, or later where it may not leave before a certain instant.
 */
export function shipByDeadline(order: OrderToShip): Deadline | undefined {
  if (order.fulfilledBy === 'marketplace' || !TO_SHIP.includes(order.status)) return undefined;
  return shipByWindow(order);
}

/** The window in which an order had to leave, whatever has become of it. */
export function shipByWindow(order: Pick<Order, 'marketplace' | 'purchasedAt' | 'shipBy'>): Deadline {
  const { earliest, latest } = order.shipBy;
  const untilMs = latest === undefined ? usualShipByMs(order) : Date.parse(latest);
  const purchasedMs = Date.parse(order.purchasedAt);
  const openedMs = Math.max(purchasedMs, earliest === undefined ? purchasedMs : Date.parse(earliest));
  return {
    clock: 'ship-by',
    from: isoInstant(openedMs < untilMs ? openedMs : Math.min(purchasedMs, untilMs)),
    until: isoInstant(untilMs),
    assumed: latest === undefined,
  };
}

/**
 * The end of the last working day in which such an order is usually handed over. Saturdays and Sundays are no working
 * days; other holidays are not known here.
 */
function usualShipByMs({ marketplace, purchasedAt }: Pick<Order, 'marketplace' | 'purchasedAt'>): number {
  let day = dayOf(Date.parse(purchasedAt), SHIPPED_FROM_TIME_ZONE);
  for (let left = SHIPPING_STANDARDS[marketplace].handlingWorkingDays; left > 0; ) {
    day = dayAfter(day);
    if (isWorkingDay(day)) left -= 1;
  }
  const next = dayAfter(day);
  return (startOfDayMs(next, SHIPPED_FROM_TIME_ZONE) ?? Date.parse(next)) - 1;
}

function isWorkingDay(day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}

/** Confirmations whose number the marketplace has, or is given without anybody's doing. */
const DECLARED: readonly ShippingConfirmation['state'][] = ['wanted', 'sending', 'confirmed'];

/**
 * By when the courier has to have scanned what a marketplace was told, or is about to be told; undefined where there is
 * nothing to wait for: scanned, at an end, not told, not wanted any more. A `manual` courier cannot be asked: whether it
 * scanned anything is not known. An event that nobody knows is no scan.
 */
export function validTrackingDeadline(
  order: Pick<Order, 'marketplace' | 'status' | 'fulfilledBy' | 'shipBy'>,
  shipment: Pick<Shipment, 'courier' | 'state'>,
  confirmation: Pick<ShippingConfirmation, 'state' | 'knownAt' | 'confirmedAt'>,
): Deadline | undefined {
  const wanted = order.fulfilledBy !== 'marketplace' && !NOT_WANTED.includes(order.status);
  if (!wanted || !DECLARED.includes(confirmation.state)) return undefined;
  if (!canBeScanned(shipment)) return undefined;
  const fromMs = Date.parse(confirmation.confirmedAt ?? confirmation.knownAt);
  const { hours, byShipBy } = SHIPPING_STANDARDS[order.marketplace].firstScan;
  const shipByMs = order.shipBy.latest === undefined ? Number.NaN : Date.parse(order.shipBy.latest);
  const untilMs = byShipBy && shipByMs > fromMs ? shipByMs : fromMs + hours * HOUR_MS;
  return { clock: 'valid-tracking', from: isoInstant(fromMs), until: isoInstant(untilMs), assumed: true };
}

/** A marketplace has the shipment's number, or is about to, and its courier has not scanned the goods yet. */
export function awaitsScan(shipment: Pick<Shipment, 'courier' | 'state' | 'trackingKnownAt'>): boolean {
  return shipment.trackingKnownAt !== undefined && canBeScanned(shipment);
}

function canBeScanned({ courier, state }: Pick<Shipment, 'courier' | 'state'>): boolean {
  return courier !== 'manual' && !isFinal(state) && !hasMoved(state);
}

/** Where a window stands now. */
export function deadlineState(deadline: Deadline, nowMs: number): DeadlineState {
  const fromMs = Date.parse(deadline.from);
  const untilMs = Date.parse(deadline.until);
  const usedMs = Math.max(0, nowMs - fromMs);
  const windowMs = Math.max(1, untilMs - fromMs);
  const usedPercent = Math.floor((usedMs * 100) / windowMs);
  return {
    ...deadline,
    minutesLeft: Math.floor((untilMs - nowMs) / MINUTE_MS),
    usedPercent,
    level: levelOf(usedPercent, nowMs > untilMs),
  };
}

function levelOf(usedPercent: number, over: boolean): DeadlineState['level'] {
  if (over) return 'over';
  if (usedPercent >= MOST_PERCENT) return 'most';
  return usedPercent >= HALF_PERCENT ? 'half' : 'none';
}

/** What of an order's clock was raised already. */
export interface RaisedAlert {
  readonly level: AlertLevel;
  /** ISO instant. */
  readonly at: string;
}

/**
 * The alert to raise for a window now; undefined when there is none, or it was raised before. A level that was passed
 * between two looks is not raised behind a later one.
 */
export function alertToRaise(
  { level }: Pick<DeadlineState, 'level'>,
  raised: readonly RaisedAlert[],
): AlertLevel | undefined {
  if (level === 'none') return undefined;
  const highest = Math.max(-1, ...raised.map((alert) => ALERT_LEVELS.indexOf(alert.level)));
  return ALERT_LEVELS.indexOf(level) > highest ? level : undefined;
}
