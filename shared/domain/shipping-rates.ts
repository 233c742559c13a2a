import type { Marketplace, Order } from './order.ts';
import { isoInstant } from './pull-window.ts';
import type { Shipment, ShipmentKey } from './shipment.ts';
import type { ShippingConfirmation } from './shipping-confirmation.ts';
import { shipByWindow, validTrackingDeadline } from './shipping-deadline.ts';
import { type RateStandard, SHIPPING_STANDARDS } from './shipping-standards.ts';
import { hasMoved } from './tracking.ts';

/** What is known of how one order was shipped. */
export interface OrderShipping {
  readonly order: Order;
  /** Of this order. */
  readonly confirmations: readonly ShippingConfirmation[];
  /** Those that the confirmations are of, as far as they are here. */
  readonly shipments: ReadonlyMap<ShipmentKey, Pick<Shipment, 'courier' | 'state'>>;
}

/** `unknown`: it counts at the marketplace, and we cannot tell how: shipped without us, or by a courier nobody can ask. */
export type Verdict = 'good' | 'bad' | 'unknown' | 'not-counted';

/** One rate over one window. */
export interface RateWindow {
  readonly days: number;
  readonly good: number;
  readonly bad: number;
  readonly unknown: number;
  /** How many of all these came without a last day, and were measured by the usual one. */
  readonly assumed: number;
  /** Share of the bad among those known, in ten-thousandths; undefined while none is known. */
  readonly badBasisPoints: number | undefined;
  readonly state: RateState;
}

export const RATE_STATES = ['fine', 'close', 'passed', 'nothing-known'] as const;
/** `close`: three quarters of what is allowed are used up, or one more would pass it. */
export type RateState = (typeof RATE_STATES)[number];

/** How a channel stands to its marketplace's standards; ours to compare, the marketplace's own figures decide. */
export interface ShippingRates {
  readonly channelId: string;
  readonly marketplace: Marketplace;
  /** ISO instant. */
  readonly measuredAt: string;
  readonly lateShipment: readonly RateWindow[];
  readonly validTracking: readonly RateWindow[];
}

const DAY_MS = 86_400_000;
const CLOSE_QUARTERS = 3;
const BASIS_POINTS = 10_000;

/** Orders whose last instant to leave lies in these days behind now are counted by some window. */
export function longestWindowDays(marketplace: Marketplace): number {
  const { lateShipment, validTracking } = SHIPPING_STANDARDS[marketplace];
  return Math.max(...lateShipment.windowsDays, ...validTracking.windowsDays);
}

/** Whether an order's last instant to leave lies in the days behind now. */
export function isInWindow(order: Order, days: number, nowMs: number): boolean {
  const untilMs = Date.parse(shipByWindow(order).until);
  return untilMs <= nowMs && untilMs > nowMs - days * DAY_MS;
}

/** The rates of a channel, from what is known of its orders. */
export function shippingRates(
  { channelId, marketplace }: Pick<ShippingRates, 'channelId' | 'marketplace'>,
  orders: readonly OrderShipping[],
  nowMs: number,
): ShippingRates {
  const { lateShipment, validTracking } = SHIPPING_STANDARDS[marketplace];
  const judged = orders.map((facts) => ({
    order: facts.order,
    late: shippedInTime(facts, nowMs),
    tracked: trackedValidly(facts, nowMs),
  }));
  const rate = (standard: RateStandard, verdict: 'late' | 'tracked'): RateWindow[] =>
    standard.windowsDays.map((days) => {
      const counted = judged.filter((each) => isInWindow(each.order, days, nowMs));
      return rateWindow(
        standard,
        days,
        counted.map((each) => ({ verdict: each[verdict], assumed: shipByWindow(each.order).assumed })),
      );
    });
  return {
    channelId,
    marketplace,
    measuredAt: isoInstant(nowMs),
    lateShipment: rate(lateShipment, 'late'),
    validTracking: rate(validTracking, 'tracked'),
  };
}

function rateWindow(
  standard: RateStandard,
  days: number,
  counted: readonly { readonly verdict: Verdict; readonly assumed: boolean }[],
): RateWindow {
  const count = (wanted: Verdict): number => counted.filter(({ verdict }) => verdict === wanted).length;
  const [good, bad, unknown] = [count('good'), count('bad'), count('unknown')];
  const known = good + bad;
  return {
    days,
    good,
    bad,
    unknown,
    assumed: counted.filter(({ verdict, assumed }) => assumed && verdict !== 'not-counted').length,
    badBasisPoints: known === 0 ? undefined : Math.floor((bad * BASIS_POINTS) / known),
    state: rateState(standard, bad, known),
  };
}

function rateState(standard: RateStandard, bad: number, known: number): RateState {
  if (known === 0) return 'nothing-known';
  if (breaks(standard, bad, known)) return 'passed';
  // One bad order of a handful says nothing of the next: without any, nothing is close.
  if (bad === 0) return 'fine';
  const nearly =
    bad * BASIS_POINTS * 4 >= standard.badMaxBasisPoints * CLOSE_QUARTERS * known &&
    bad * 4 >= standard.badAllowed * CLOSE_QUARTERS;
  return nearly || breaks(standard, bad + 1, known + 1) ? 'close' : 'fine';
}

/** Marketplaces say "below 4 %" and "more than 3 %": what is exactly at the figure counts as broken. */
function breaks({ badMaxBasisPoints, badAllowed }: RateStandard, bad: number, known: number): boolean {
  return bad > badAllowed && bad * BASIS_POINTS >= badMaxBasisPoints * known;
}

/** Whether an order left in time, by when its marketplace was told. */
export function shippedInTime({ order, confirmations }: OrderShipping, nowMs: number): Verdict {
  const untilMs = Date.parse(shipByWindow(order).until);
  if (!isCounted(order)) return 'not-counted';
  const inTime = (iso: string): boolean => Date.parse(iso) <= untilMs;
  if (isOpen(order)) return nowMs > untilMs ? 'bad' : 'not-counted';
  const told = toldBy(confirmations);
  // Shipped without us: what was shipped at its last change before the end was in time; of a later one nobody knows.
  if (told.length === 0) return inTime(order.updatedAt) ? 'good' : 'unknown';
  const late = told.filter(({ confirmedAt }) => confirmedAt === undefined || !inTime(confirmedAt));
  if (late.length === 0) return 'good';
  // A person put the number right afterwards: when the first one was told is written over.
  return late.every(({ askedBy }) => askedBy !== undefined) ? 'unknown' : 'bad';
}

/** Whether the courier has scanned what the marketplace was told. */
export function trackedValidly({ order, confirmations, shipments }: OrderShipping, nowMs: number): Verdict {
  if (!isCounted(order) || isOpen(order)) return 'not-counted';
  const told = toldBy(confirmations);
  if (told.length === 0) return 'unknown';
  const verdicts = told.map((confirmation): Verdict => {
    const shipment = shipments.get(confirmation.shipmentKey);
    if (shipment === undefined || shipment.courier === 'manual') return 'unknown';
    if (hasMoved(shipment.state)) return 'good';
    if (shipment.state === 'cancelled') return 'bad';
    const deadline = validTrackingDeadline(order, shipment, confirmation);
    return deadline !== undefined && nowMs > Date.parse(deadline.until) ? 'bad' : 'not-counted';
  });
  return (['bad', 'unknown', 'not-counted'] as const).find((each) => verdicts.includes(each)) ?? 'good';
}

/** Ours to ship, paid, and not called off before it left. */
function isCounted({ fulfilledBy, status }: Order): boolean {
  return (
    fulfilledBy !== 'marketplace' && !['pending', 'unknown', 'cancelled', 'unfulfillable'].includes(status)
  );
}

function isOpen({ status }: Order): boolean {
  return ['to-accept', 'unshipped', 'partly-shipped'].includes(status);
}

function toldBy(confirmations: readonly ShippingConfirmation[]): readonly ShippingConfirmation[] {
  return confirmations.filter(({ state }) => state === 'confirmed');
}
