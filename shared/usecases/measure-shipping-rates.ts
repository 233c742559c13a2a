import type { Channel } from '../domain/channel.ts';
import type { Order } from '../domain/order.ts';
import type { Shipment, ShipmentKey } from '../domain/shipment.ts';
import {
  isInWindow,
  longestWindowDays,
  type OrderShipping,
  type ShippingRates,
  shippingRates,
} from '../domain/shipping-rates.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { ShippingRatesStore } from '../ports/deadline-store.ts';
import type { OrderStore } from '../ports/order-store.ts';
import type { ConfirmationStore, ShipmentStore } from '../ports/shipment-store.ts';
import { inBatches } from './open-deadlines.ts';

const DAY_MS = 86_400_000;
/** Orders read at once. */
const PAGE_ORDERS = 250;
/** How long before its last instant to leave an order may have been bought: custom-made goods and pre-orders are bought early. */
const BOUGHT_BEFORE_DAYS = 30;

export interface MeasureShippingRatesDeps {
  readonly channels: Pick<ChannelStore, 'listChannels'>;
  readonly orders: Pick<OrderStore, 'listOrders'>;
  readonly confirmations: Pick<ConfirmationStore, 'ofOrder'>;
  readonly shipments: Pick<ShipmentStore, 'getMany'>;
  readonly rates: ShippingRatesStore;
  readonly clock: Clock;
}

/** Measures every living channel by its marketplace's standards, and keeps what it found. */
export async function measureShippingRates(
  deps: MeasureShippingRatesDeps,
): Promise<readonly ShippingRates[]> {
  const nowMs = deps.clock.now();
  const measured: ShippingRates[] = [];
  for (const channel of await deps.channels.listChannels()) {
    if (channel.archivedAt !== undefined) continue;
    const rates = await measure(deps, channel, nowMs);
    await deps.rates.put(rates);
    measured.push(rates);
  }
  return measured;
}

/** Page by page: what is kept of an order is what its verdict needs. */
async function measure(
  deps: MeasureShippingRatesDeps,
  channel: Channel,
  nowMs: number,
): Promise<ShippingRates> {
  const days = longestWindowDays(channel.marketplace);
  const boughtFromMs = nowMs - (days + BOUGHT_BEFORE_DAYS) * DAY_MS;
  const found: OrderShipping[] = [];
  let cursor: string | undefined;
  do {
    const page = await deps.orders.listOrders({ channelId: channel.channelId, limit: PAGE_ORDERS, cursor });
    const orders = page.records.flatMap(({ order }) => order ?? []);
    found.push(
      ...(await shippingOf(
        deps,
        orders.filter((order) => isInWindow(order, days, nowMs)),
      )),
    );
    const oldest = orders.at(-1);
    const isEnough = oldest !== undefined && Date.parse(oldest.purchasedAt) < boughtFromMs;
    cursor = isEnough ? undefined : page.cursor;
  } while (cursor !== undefined);
  return shippingRates(channel, found, nowMs);
}

async function shippingOf(
  { confirmations, shipments }: MeasureShippingRatesDeps,
  orders: readonly Order[],
): Promise<readonly OrderShipping[]> {
  const withConfirmations = await inBatches(orders, async (order) => ({
    order,
    confirmations: await confirmations.ofOrder(order.orderId),
  }));
  const keys = withConfirmations.flatMap((each) => each.confirmations.map(({ shipmentKey }) => shipmentKey));
  const found = new Map<ShipmentKey, Pick<Shipment, 'courier' | 'state'>>();
  for (const { shipmentKey, courier, state } of await shipments.getMany([...new Set(keys)])) {
    found.set(shipmentKey, { courier, state });
  }
  return withConfirmations.map((each) => ({ ...each, shipments: found }));
}
