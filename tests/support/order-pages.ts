import type { Channel } from '../../shared/domain/channel.ts';
import { type Order, orderId } from '../../shared/domain/order.ts';
import type { OrderPage, OrderSource, OrderWindow } from '../../shared/ports/order-source.ts';
import { aBuyer, anOrder } from './orders.ts';

export const IT = 'APJ6JRA9NG5V4';
export const WATERMARK = '2026-11-23T09:45:00.000Z';

/** Amazon.it, switched on and pulled up to `WATERMARK`. */
export function aChannel(overrides: Partial<Channel> = {}): Channel {
  return {
    channelId: 'amazon-it',
    name: 'Amazon Italia',
    marketplace: 'amazon',
    accountId: 'A1EXAMPLE',
    siteIds: [IT],
    country: 'IT',
    timeZone: 'Europe/Rome',
    ordersSync: true,
    ordersWatermark: WATERMARK,
    ordersFrom: '2026-10-24T00:00:00.000Z',
    ...overrides,
  };
}

/** The n-th order as the marketplace lists it, with its buyer. */
export function aRemoteOrder(n: number, overrides: Partial<Order> = {}): OrderPage['orders'][number] {
  const marketplaceOrderId = `404-${n}`;
  const { channelId: _, ...order } = anOrder({
    orderId: orderId('amazon', marketplaceOrderId),
    marketplaceOrderId,
    updatedAt: '2026-11-23T09:50:00.000Z',
    ...overrides,
  });
  return { order, buyer: aBuyer({ orderId: order.orderId, updatedAt: order.updatedAt }) };
}

export function aPage(
  orders: OrderPage['orders'],
  nextPageToken?: string,
  more: Partial<OrderPage> = {},
): OrderPage {
  return {
    orders,
    unreadable: [],
    nextPageToken,
    effectiveUntil: undefined,
    grantedRatePerSecond: undefined,
    ...more,
  };
}

/** Answers what was set up for each page token, in turn; anything else fails the test. */
export class ScriptedSource implements OrderSource {
  readonly asked: { readonly window: OrderWindow; readonly pageToken: string | undefined }[] = [];
  readonly #script: (readonly [pageToken: string | undefined, OrderPage | Error])[];

  constructor(script: (readonly [pageToken: string | undefined, OrderPage | Error])[]) {
    this.#script = [...script];
  }

  async fetchPage(window: OrderWindow, pageToken: string | undefined): Promise<OrderPage> {
    this.asked.push({ window, pageToken });
    const next = this.#script.shift();
    if (next === undefined || next[0] !== pageToken) {
      throw new Error(`nothing was set up for page ${pageToken}`);
    }
    if (next[1] instanceof Error) throw next[1];
    return next[1];
  }
}
