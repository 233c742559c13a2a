import { formatMinor } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import { type OrderMoney, orderMoney, type SettlementState, settlementState } from '../domain/order-money.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { OrderStore } from '../ports/order-store.ts';

/** One line of the order list. Amounts are decimal strings; null while nothing is known. */
export interface ListedOrder {
  readonly channel: string;
  readonly marketplace: string;
  readonly marketplaceOrderId: string;
  readonly status: Order['status'];
  readonly purchasedAt: string;
  readonly total: string | null;
  readonly currency: string | null;
  readonly fee: string | null;
  readonly net: string | null;
  readonly settlement: SettlementState;
  /** True while Amazon still holds the money and the fee may change. */
  readonly provisional: boolean;
  /** Payment rows in a currency that is not the order's: left out of fee and net. */
  readonly foreignCurrencies: readonly string[];
}

const PAGE_ORDERS = 200;

/** The orders of a channel, newest first, each with its fee, net and settlement state as of now. */
export async function* listOrders(
  deps: { readonly orders: OrderStore; readonly channels: ChannelStore; readonly clock: Clock },
  channelId: string,
): AsyncGenerator<ListedOrder> {
  let cursor: string | undefined;
  do {
    const page = await deps.orders.listOrders({ channelId, limit: PAGE_ORDERS, cursor });
    for (const { order, entries } of page.records) {
      if (order)
        yield listedOrder(order, orderMoney(Object.values(entries), order.total?.currency), deps.clock.now());
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
}

function listedOrder(order: Order, money: OrderMoney | undefined, nowMs: number): ListedOrder {
  const currency = order.total?.currency ?? money?.currency ?? null;
  const counted = money && money.entries > 0 ? money : undefined;
  return {
    channel: order.channelId,
    marketplace: order.marketplace,
    marketplaceOrderId: order.marketplaceOrderId,
    status: order.status,
    purchasedAt: order.purchasedAt,
    total: order.total ? formatMinor(order.total.amountMinor, order.total.currency) : null,
    currency,
    fee: counted ? formatMinor(counted.fee, counted.currency) : null,
    net: counted ? formatMinor(counted.net, counted.currency) : null,
    settlement: settlementState(money, order, nowMs),
    provisional: money?.provisional ?? false,
    foreignCurrencies: money?.foreignCurrencies ?? [],
  };
}
