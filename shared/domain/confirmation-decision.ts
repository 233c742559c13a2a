import { type MarketplaceCarrier, marketplaceCarrier, toldNumber } from './carrier-map.ts';
import type { Channel } from './channel.ts';
import type { Marketplace, Order } from './order.ts';
import { shippingBlock } from './order-status.ts';
import type { Shipment, ShippedLine, ShippedOrder } from './shipment.ts';
import { openQuantities } from './shipped-quantities.ts';
import type { ConfirmationReason, ShippingConfirmation } from './shipping-confirmation.ts';

const MINUTE_MS = 60_000;
/** What the next pull, or a person at the marketplace, changes. */
const ORDER_WAIT_MS = 15 * MINUTE_MS;
/** What a person changes here. */
const SETTING_WAIT_MS = 60 * MINUTE_MS;

/** Marketplaces that take another number for a package they have already: the others keep the first. */
const EDITABLE: readonly Marketplace[] = ['amazon'];

/** Whether a second confirmation of the same package replaces the first. */
export function takesEdits(marketplace: Marketplace): boolean {
  return EDITABLE.includes(marketplace);
}

/** What is done about a confirmation now. */
export type ConfirmationDecision =
  | {
      readonly do: 'send';
      readonly carrier: MarketplaceCarrier;
      readonly trackingNumber: string;
      readonly lines: readonly ShippedLine[];
    }
  | { readonly do: 'leave-alone'; readonly reason: ConfirmationReason }
  | { readonly do: 'wait'; readonly reason: ConfirmationReason; readonly forMs: number }
  | { readonly do: 'refuse'; readonly reason: ConfirmationReason };

/** What the decision is made of, all as it stands now. */
export interface ConfirmationFacts {
  readonly confirmation: ShippingConfirmation;
  readonly shipment: Pick<Shipment, 'state' | 'making'>;
  readonly order: Order | undefined;
  readonly channel: Pick<Channel, 'trackingSync' | 'archivedAt' | 'carriers'> | undefined;
  /** What the order's other shipments took with them; told of or not, and back by now or not. */
  readonly elsewhere?: readonly Pick<ShippedOrder, 'lines'>[] | undefined;
}

/**
 * Whether a marketplace is told now, and in which words.
 *
 * A person who asked gets past what only protects from the machine: a delivery or return that makes the number useless, a
 * buyer's wish to cancel goods that are on their way, and where edits are taken, that the order is shipped already. Not
 * past what cannot be: a cancelled order, one the marketplace ships, and the channel's switch.
 */
export function confirmationDecision(facts: ConfirmationFacts): ConfirmationDecision {
  return (
    afterTheShipment(facts) ??
    beforeTheOrder(facts) ??
    switchedOff(facts) ??
    inItsWords(withoutTheRest(facts))
  );
}

/**
 * "All that the order still waits for" is what its other shipments do not hold, whichever of them its marketplace has
 * heard of: their numbers become known in any order, and a pull shows late what was told.
 */
function withoutTheRest(facts: ConfirmationFacts): ConfirmationFacts {
  const { confirmation, order, elsewhere = [] } = facts;
  if (confirmation.lines.length > 0 || order === undefined || elsewhere.length === 0) return facts;
  const lines = [...openQuantities(order, elsewhere)].flatMap(([orderLineId, quantity]) =>
    quantity > 0 ? [{ orderLineId, quantity }] : [],
  );
  return { ...facts, confirmation: { ...confirmation, lines } };
}

function afterTheShipment({
  confirmation,
  shipment: { state, making },
}: ConfirmationFacts): ConfirmationDecision | undefined {
  if (state === 'cancelled' || making?.state === 'deleted') return { do: 'leave-alone', reason: 'cancelled' };
  if (confirmation.askedBy !== undefined) return undefined;
  return state === 'delivered' || state === 'returned' ? { do: 'leave-alone', reason: state } : undefined;
}

function beforeTheOrder({ confirmation, order }: ConfirmationFacts): ConfirmationDecision | undefined {
  if (order === undefined) return { do: 'wait', reason: 'order-not-here', forMs: ORDER_WAIT_MS };
  const { marketplace, askedBy } = confirmation;
  const block = shippingBlock(order);
  switch (block) {
    case undefined:
      return undefined;
    case 'not-ready':
      return { do: 'wait', reason: block, forMs: ORDER_WAIT_MS };
    case 'cancellation-requested':
      return askedBy === undefined ? { do: 'wait', reason: block, forMs: ORDER_WAIT_MS } : undefined;
    case 'already-shipped':
      return askedBy !== undefined && takesEdits(marketplace)
        ? undefined
        : { do: 'leave-alone', reason: block };
    case 'cancelled':
    case 'marketplace-ships':
      return { do: 'leave-alone', reason: block };
  }
}

function switchedOff({ channel }: ConfirmationFacts): ConfirmationDecision | undefined {
  return channel?.trackingSync === true && channel.archivedAt === undefined
    ? undefined
    : { do: 'wait', reason: 'tracking-sync-off', forMs: SETTING_WAIT_MS };
}

function inItsWords({ confirmation, order, channel }: ConfirmationFacts): ConfirmationDecision {
  const { marketplace, courier, trackingUrl } = confirmation;
  const refuse = (reason: ConfirmationReason): ConfirmationDecision => ({ do: 'refuse', reason });
  const carrier = marketplaceCarrier(marketplace, confirmation, channel?.carriers);
  if (carrier === undefined) return refuse('carrier-not-mapped');
  const trackingNumber = toldNumber(marketplace, courier, confirmation.trackingNumber);
  if (trackingNumber === undefined) return refuse('tracking-number-malformed');
  // Whether ManoMano insists on it is not known; without it nobody can follow the number, and nothing is put right later.
  if (marketplace === 'manomano' && trackingUrl === undefined) return refuse('tracking-url-missing');
  const fault = order && linesFault(order, confirmation.lines);
  if (fault !== undefined) return refuse(fault);
  return { do: 'send', carrier, trackingNumber, lines: linesToTell(confirmation, order) };
}

/** What is wrong with the lines that are said to travel. */
function linesFault(order: Order, shipped: readonly ShippedLine[]): ConfirmationReason | undefined {
  const ids = new Set(shipped.map(({ orderLineId }) => orderLineId));
  for (const { orderLineId, quantity } of shipped) {
    const line = order.lines.find((each) => each.orderLineId === orderLineId);
    if (line === undefined || quantity < 1 || quantity > line.quantityOrdered) return 'unknown-line';
    // ManoMano has no ids of lines: it knows them by the seller's SKU.
    if (order.marketplace === 'manomano' && line.sku === undefined) return 'line-without-sku';
  }
  return ids.size === shipped.length ? undefined : 'unknown-line';
}

/**
 * Where a package may be edited later, "all that the order still waits for" is written down at the first sending: at the
 * second one the order waits for nothing any more.
 */
function linesToTell(
  { marketplace, lines }: Pick<ShippingConfirmation, 'marketplace' | 'lines'>,
  order: Order | undefined,
): readonly ShippedLine[] {
  if (lines.length > 0 || order === undefined || !takesEdits(marketplace)) return lines;
  const open = order.lines.map((line) => ({
    ...line,
    quantity: line.quantityOrdered - line.quantityFulfilled,
  }));
  const waiting = open.filter(({ quantity }) => quantity > 0);
  const all = order.lines.map((line) => ({ ...line, quantity: line.quantityOrdered }));
  return (waiting.length > 0 ? waiting : all).map(({ orderLineId, quantity }) => ({ orderLineId, quantity }));
}
