import type { BrtScenario } from '../../../local/partners/brt/stories.ts';
import type { Marketplace } from '../../../shared/domain/order.ts';
import type { Courier, ShippedLine } from '../../../shared/domain/shipment.ts';
import type { FaultPlan } from '../faults.ts';
import type { Random } from '../random.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** How big a story is, and how fast. */
export interface Scale {
  readonly startMs: number;
  readonly shipments: number;
  /** How long shipments are made and things go wrong. */
  readonly activeMs: number;
  /** How long an hour of a shipment's life at BRT takes. */
  readonly hourMs: number;
  readonly faults: FaultPlan;
  /** Shipments that are all made within minutes: a day's. */
  readonly crowd: number;
  /** Whether the story goes on until the shipments without an end are given up. */
  readonly untilGivenUp: boolean;
}

/** A month of a busy shop, over New Year's Eve: BRT counts its shipments by the year. */
export function month(shipments: number): Scale {
  return {
    startMs: Date.parse('2026-12-08T00:00:00.000Z'),
    shipments,
    activeMs: 30 * DAY_MS,
    hourMs: HOUR_MS,
    faults: BAD_MONTH,
    crowd: Math.floor(shipments / 30),
    untilGivenUp: true,
  };
}

/** Worse than any month yet, and still one in which the figures have to hold. */
const BAD_MONTH: FaultPlan = {
  ...{ failBefore: 0.002, failAfter: 0.002, again: 0.002, kill: 0.001 },
  ...{ slow: 0.005, stall: 0.01, sluggish: 0.01, leaseLost: 0 },
  ...{ throttle: 0.01, partnerDown: 0.01, dropEvent: 0.02, duplicate: 0.03, late: 0.02 },
};

/** Some shipments whose lives are short, with whatever faults the seed has. */
export function shortStory(random: Random, faults: FaultPlan): Scale {
  return {
    startMs: Date.parse('2026-12-31T14:00:00.000Z'),
    shipments: random.int(10, 30),
    activeMs: random.int(8, 20) * HOUR_MS,
    hourMs: random.pick([5, 10, 20]) * MINUTE_MS,
    faults,
    crowd: 0,
    untilGivenUp: false,
  };
}

/** What happens to an order at its marketplace besides our telling. */
export interface OrderPlan {
  readonly marketplace: Marketplace;
  readonly marketplaceOrderId: string;
  readonly lines: readonly {
    readonly orderLineId: string;
    readonly sku: string;
    readonly quantity: number;
  }[];
  readonly marketplaceShips: boolean;
  /** When a pull brings it the first time. */
  readonly pulledAtMs: number;
  readonly cancelledAtMs?: number;
  /** The buyer asks to cancel; some hours later withdraws. */
  readonly cancellationAsked?: { readonly fromMs: number; readonly untilMs: number };
  /** A person ships it at the marketplace. */
  readonly shippedByHand?: { readonly atMs: number; readonly number: 'same' | 'other' };
}

export interface ShipmentPlan {
  readonly reference: string;
  readonly courier: Extract<Courier, 'brt' | 'gls' | 'manual'>;
  readonly scenario: BrtScenario;
  readonly parcelCount: number;
  /** When BRT gets it. */
  readonly madeAtMs: number;
  /** When somebody tells us of it. */
  readonly registeredAtMs: number;
  /** By what it is registered. */
  readonly known: 'parcels' | 'reference' | 'number';
  /** The other part of the order, which has to be here before anybody can speak of the rest. */
  readonly after?: ShipmentPlan | undefined;
  /** None: all that is left of the order. */
  readonly orders: readonly { readonly order: OrderPlan; readonly lines: readonly ShippedLine[] }[];
}

export interface Outage {
  readonly who: 'brt' | Marketplace;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Each as often as it stands here. */
const SCENARIOS: readonly BrtScenario[] = [
  ...Array.from({ length: 10 }, () => 'delivered' as const),
  ...(['late-id', 'late-id', 'late-id', 'returned', 'returned', 'held-and-sent-back'] as const),
  ...(['held-and-delivered', 'disordered', 'disordered', 'missing-hours', 'missing-hours'] as const),
  ...(['unknown-event', 'never-handed-over', 'never-found'] as const),
];

/** Everything that will be true, whatever anybody is told. */
export function planShipments(random: Random, scale: Scale): ShipmentPlan[] {
  const choices = random.for('shipments');
  const crowdedMs = scale.startMs + Math.floor(scale.activeMs / 3);
  const plans: ShipmentPlan[] = [];
  while (plans.length < scale.shipments) {
    const crowded = plans.length < scale.crowd;
    const madeAtMs = crowded
      ? crowdedMs + choices.int(0, 10 * MINUTE_MS)
      : scale.startMs + choices.int(0, scale.activeMs);
    const number = plans.length + 1;
    const order = () => planOrder(choices, scale, `${number}-${choices.int(1000, 9999)}`, madeAtMs);
    const shipment = (orders: ShipmentPlan['orders'], n: number): ShipmentPlan =>
      planShipment(choices, scale, number + n, madeAtMs + n * choices.int(0, 3 * scale.hourMs), orders);
    const how = choices.int(1, 100);
    if (how <= 12) {
      const [first, second] = inParts(choices, { ...order(), ...UNTOUCHED });
      const after = shipment([first], 0);
      plans.push(after);
      if (second !== undefined) plans.push({ ...shipment([second], 1), after });
    } else if (how <= 20) {
      plans.push(
        shipment(
          [order(), order()].map((each) => ({ order: each, lines: [] })),
          0,
        ),
      );
    } else {
      plans.push(shipment([{ order: order(), lines: [] }], 0));
    }
  }
  return plans;
}

/** Parts are hard enough: nobody cancels them or ships them by hand. */
const UNTOUCHED = { cancelledAtMs: undefined, shippedByHand: undefined };

/** An order in two shipments: the second is said to hold a part, or whatever is left. */
function inParts(
  random: Random,
  order: OrderPlan,
): [ShipmentPlan['orders'][number], ShipmentPlan['orders'][number]?] {
  const cut = random.int(1, order.lines.length);
  const lines = (some: OrderPlan['lines']) =>
    some.map(({ orderLineId, quantity }) => ({ orderLineId, quantity }));
  const [first, second] = [order.lines.slice(0, cut), order.lines.slice(cut)];
  if (second.length === 0) return [{ order, lines: random.chance(0.5) ? lines(first) : [] }];
  return [
    { order, lines: lines(first) },
    { order, lines: random.chance(0.5) ? lines(second) : [] },
  ];
}

function planOrder(random: Random, { startMs, hourMs }: Scale, id: string, madeAtMs: number): OrderPlan {
  const marketplace = random.pick(['amazon', 'ebay', 'manomano'] as const);
  const fate = random.int(1, 100);
  const duringMs = madeAtMs + random.int(-2, 24) * hourMs + random.int(0, hourMs);
  return {
    marketplace,
    marketplaceOrderId: `${marketplace}-${id}`,
    lines: Array.from({ length: random.int(1, 3) }, (_, n) => ({
      orderLineId: `${id}-${n + 1}`,
      sku: `SKU-${n + 1}`,
      quantity: random.int(1, 2),
    })),
    marketplaceShips: fate <= 2,
    // Most were here long before; of some we hear late.
    pulledAtMs: random.chance(0.06)
      ? madeAtMs + random.int(0, 8) * hourMs
      : Math.max(startMs, madeAtMs - HOUR_MS),
    ...(fate > 2 && fate <= 6 ? { cancelledAtMs: duringMs } : {}),
    ...(fate > 6 && fate <= 10
      ? { cancellationAsked: { fromMs: duringMs, untilMs: duringMs + random.int(1, 6) * hourMs } }
      : {}),
    ...(fate > 10 && fate <= 15
      ? { shippedByHand: { atMs: duringMs, number: random.pick(['same', 'other'] as const) } }
      : {}),
  };
}

function planShipment(
  random: Random,
  { hourMs }: Scale,
  number: number,
  madeAtMs: number,
  orders: ShipmentPlan['orders'],
): ShipmentPlan {
  const scenario = random.pick(SCENARIOS);
  const how = random.int(1, 100);
  const courier: ShipmentPlan['courier'] = how <= 4 ? 'gls' : how <= 8 ? 'manual' : 'brt';
  const isNumberless = scenario === 'never-handed-over' || scenario === 'never-found';
  const base = {
    // As the order's year counts them.
    reference: `2026${String(number).padStart(11, '0')}`,
    ...{ courier, scenario, madeAtMs, orders, parcelCount: random.int(1, 3) },
  };
  const lateMs = random.int(0, 10 * MINUTE_MS);
  // Before BRT has it only our reference is known.
  if (how <= 30) {
    const registeredAtMs = madeAtMs + random.int(-3, 1) * hourMs + lateMs;
    return { ...base, known: courier === 'brt' ? 'reference' : 'number', registeredAtMs };
  }
  if (how <= 40 && !isNumberless) {
    return { ...base, known: 'number', registeredAtMs: madeAtMs + random.int(27, 60) * hourMs + lateMs };
  }
  const muchLaterMs = how <= 50 ? random.int(1, 60) * hourMs : 0;
  return { ...base, known: 'parcels', registeredAtMs: madeAtMs + muchLaterMs + lateMs };
}

/** Hours without BRT, and without each marketplace. */
export function planOutages(random: Random, { startMs, activeMs }: Scale): Outage[] {
  const choices = random.for('outages');
  const parties = ['brt', 'amazon', 'ebay', 'manomano'] as const;
  const each = activeMs > 5 * DAY_MS ? 4 : 1;
  return parties.flatMap((who) =>
    Array.from({ length: choices.int(0, each) }, () => {
      const fromMs = startMs + choices.int(0, activeMs);
      return { who, fromMs, untilMs: fromMs + choices.int(5, 360) * MINUTE_MS };
    }),
  );
}
