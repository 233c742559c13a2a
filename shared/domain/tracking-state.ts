/** Where a shipment stands. A courier's own events are mapped to these in its adapter. */
export const SHIPMENT_STATES = [
  /** There is a label, and nothing more. */
  'created',
  /** The courier has the data and not yet the goods. */
  'data-transmitted',
  'picked-up',
  'in-transit',
  'out-for-delivery',
  'ready-for-pickup',
  /** Nobody was there. */
  'notice-left',
  'postponed',
  /** Strike, snow, a patron saint's day: late, not failed. */
  'delayed',
  /** The courier waits for an instruction (giacenza). */
  'on-hold',
  'refused',
  'address-problem',
  'not-collected',
  'customs',
  'damaged-or-lost',
  'exception',
  'partly-delivered',
  'delivered',
  /** Goes back to the sender, or has come back. */
  'returned',
  /** Taken back before the courier had the goods. */
  'cancelled',
] as const;
export type ShipmentState = (typeof SHIPMENT_STATES)[number];

/** Under way and not at an end: from each of these any other may follow, and often does. */
const EN_ROUTE: readonly ShipmentState[] = [
  'in-transit',
  'out-for-delivery',
  'ready-for-pickup',
  'notice-left',
  'postponed',
  'delayed',
  'on-hold',
  'refused',
  'address-problem',
  'not-collected',
  'customs',
  'damaged-or-lost',
  'exception',
  'partly-delivered',
];
const ENDS: readonly ShipmentState[] = ['delivered', 'returned'];

/**
 * Which state may follow which. Couriers list scans late, twice and out of order: what was reached is not left for
 * something earlier, and a delivery only ever turns out to have been the one back to us.
 */
const BEFORE_THE_ROAD: Readonly<Partial<Record<ShipmentState, readonly ShipmentState[]>>> = {
  created: ['data-transmitted', 'picked-up', ...EN_ROUTE, ...ENDS, 'cancelled'],
  'data-transmitted': ['picked-up', ...EN_ROUTE, ...ENDS, 'cancelled'],
  'picked-up': [...EN_ROUTE, ...ENDS],
};
const AFTER_THE_ROAD: Readonly<Partial<Record<ShipmentState, readonly ShipmentState[]>>> = {
  delivered: ['returned'],
  returned: [],
  cancelled: [],
};

/** Whether a shipment may go from one state to another; staying is not a move. */
export function isShipmentMove(from: ShipmentState, to: ShipmentState): boolean {
  const next = BEFORE_THE_ROAD[from] ?? AFTER_THE_ROAD[from] ?? [...EN_ROUTE, ...ENDS];
  return from !== to && next.includes(to);
}

/** Nothing more is expected of the courier. */
export function isFinal(state: ShipmentState): boolean {
  return AFTER_THE_ROAD[state] !== undefined;
}

/**
 * Where a list of events leads.
 * @param events oldest first in the courier's order, which is never sorted by time: a real list has "data
 * transmitted, 18.33" below "picked up, 18.00". An event without a state changes nothing.
 * @param from where the shipment stood before
 */
export function stateAfter(
  events: readonly { readonly state: ShipmentState | undefined }[],
  from: ShipmentState = 'created',
): ShipmentState {
  return events.reduce<ShipmentState>(
    (state, event) => (event.state !== undefined && isShipmentMove(state, event.state) ? event.state : state),
    from,
  );
}
