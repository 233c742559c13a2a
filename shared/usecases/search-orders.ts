import { MARKETPLACES, type Order, type OrderStatus, orderId } from '../domain/order.ts';
import { type ListedOrder, listedOrder } from '../domain/order-view.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { OrderList, OrderPosition, OrderStretch } from '../ports/order-list.ts';
import type { OrderRecord, OrderStore } from '../ports/order-store.ts';
import { type OrderParcelsDeps, parcelsOf } from './order-parcels.ts';
import { type OrderReceipt, type OrderReceiptsDeps, receiptsOf } from './order-receipts.ts';

/** Orders looked at per channel for one page: about 3 MB, half a second. A search that finds too few goes on with its next page. */
const READ_MAX = 1_000;

export interface SearchOrdersDeps extends OrderParcelsDeps, OrderReceiptsDeps {
  readonly list: OrderList;
  readonly orders: Pick<OrderStore, 'getMany'>;
  readonly channels: ChannelStore;
  readonly clock: Clock;
}

export interface OrderSearch {
  readonly channelId?: string | undefined;
  readonly status?: OrderStatus | undefined;
  /** Bought at or after, and before: ISO instants to the millisecond. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  /** A whole order number, or part of an order number, SKU, product id or title. */
  readonly text?: string | undefined;
  readonly limit: number;
  /** Where the page before ended. */
  readonly after?: OrderPosition | undefined;
}

/** A line of the list; `receipt` is null while the order has none. */
export type FoundOrder = ListedOrder & { readonly receipt: OrderReceipt | null };

export interface FoundOrders {
  readonly orders: readonly FoundOrder[];
  /** Where the next page begins; undefined on the last one. */
  readonly next: OrderPosition | undefined;
  /** How far back was looked, when the search stopped before the page was full. ISO instant. */
  readonly searchedBackTo: string | undefined;
}

/**
 * A page of the orders of all channels together, newest first. A whole order number is found at once, wherever it stands;
 * undefined when there is no such channel.
 */
export async function searchOrders(
  deps: SearchOrdersDeps,
  search: OrderSearch,
): Promise<FoundOrders | undefined> {
  const { list, channels, clock } = deps;
  const all = await channels.listChannels();
  const { channelId, limit, after, ...filter } = search;
  const wanted = all.filter((channel) => channelId === undefined || channel.channelId === channelId);
  if (channelId !== undefined && wanted.length === 0) return undefined;
  const nowMs = clock.now();

  const exact = after === undefined ? await byNumber(deps, search) : [];
  if (exact.length > 0) {
    return {
      orders: await shown(deps, exact, nowMs),
      next: undefined,
      searchedBackTo: undefined,
    };
  }
  const stretches = await Promise.all(
    wanted.map((channel) =>
      list.stretch({ ...filter, channelId: channel.channelId, after, limit, readMax: READ_MAX }),
    ),
  );
  const { page, next, searchedBackTo } = merge(stretches, limit);
  const records = page.map(({ record }) => record);
  return { orders: await shown(deps, records, nowMs), next, searchedBackTo };
}

/** The orders whose number is exactly the text, and which the other filters let through. */
async function byNumber(
  { orders }: SearchOrdersDeps,
  { text, channelId, status, from, until }: OrderSearch,
): Promise<readonly OrderRecord[]> {
  if (text === undefined) return [];
  const numbers = new Set([text.trim(), text.trim().toUpperCase()]);
  const ids = [...numbers].flatMap((number) =>
    MARKETPLACES.map((marketplace) => orderId(marketplace, number)),
  );
  const matches = ({ order }: OrderRecord): boolean =>
    order !== undefined &&
    (channelId === undefined || order.channelId === channelId) &&
    (status === undefined || order.status === status) &&
    (from === undefined || order.purchasedAt >= from) &&
    (until === undefined || order.purchasedAt < until);
  return [...(await orders.getMany(ids)).values()].filter(matches);
}

/**
 * The newest orders of several channels' stretches. What is older than the place to which the least advanced channel was
 * read must wait for the next page: something of that channel may come before it.
 */
function merge(stretches: readonly OrderStretch[], limit: number) {
  const horizon = stretches
    .map(({ readTo }) => readTo)
    .filter((readTo) => readTo !== undefined)
    .reduce<OrderPosition | undefined>(
      (newest, at) => (newest === undefined || at > newest ? at : newest),
      undefined,
    );
  const sorted = stretches
    .flatMap(({ found }) => found)
    .filter(({ position }) => horizon === undefined || position >= horizon)
    .sort((a, b) => (a.position < b.position ? 1 : -1));
  const page = sorted.slice(0, limit);
  const full = page.length === limit;
  const isMore = sorted.length > limit || horizon !== undefined;
  return {
    page,
    next: full && isMore ? page.at(-1)?.position : horizon,
    searchedBackTo: full ? undefined : horizon?.split('#')[0],
  };
}

/** With their parcels and receipts: some requests for the whole page. */
async function shown(
  deps: OrderParcelsDeps & OrderReceiptsDeps,
  records: readonly OrderRecord[],
  nowMs: number,
): Promise<readonly FoundOrder[]> {
  const pulled = records.filter(isPulled);
  const ids = pulled.map(({ orderId }) => orderId);
  const [parcels, receipts] = await Promise.all([parcelsOf(deps, ids), receiptsOf(deps, ids)]);
  return pulled.map((record) => ({
    ...listedOrder(record, parcels.get(record.orderId) ?? [], nowMs),
    receipt: receipts.get(record.orderId) ?? null,
  }));
}

function isPulled(record: OrderRecord): record is OrderRecord & { readonly order: Order } {
  return record.order !== undefined;
}
