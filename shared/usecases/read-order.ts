import { type Marketplace, orderId } from '../domain/order.ts';
import { type OrderDetail, orderDetail } from '../domain/order-view.ts';
import type { Clock } from '../ports/clock.ts';
import type { FollowUpStore } from '../ports/follow-up-store.ts';
import type { OrderStore } from '../ports/order-store.ts';
import { type OrderParcelsDeps, parcelsOf } from './order-parcels.ts';
import { type OrderReceipt, type OrderReceiptsDeps, receiptsOf } from './order-receipts.ts';

export interface ReadOrderDeps extends OrderParcelsDeps, OrderReceiptsDeps {
  readonly orders: Pick<OrderStore, 'getMany'>;
  readonly followUps: Pick<FollowUpStore, 'ofOrder'>;
  readonly clock: Clock;
}

/** An order as partners and people name it. */
export interface OrderName {
  readonly marketplace: Marketplace;
  readonly marketplaceOrderId: string;
}

/** One order with its money, its parcels, its receipt and the work on it; undefined when it has not been pulled. */
export async function readOrder(
  deps: ReadOrderDeps,
  { marketplace, marketplaceOrderId }: OrderName,
): Promise<(OrderDetail & { readonly receipt: OrderReceipt | null }) | undefined> {
  const id = orderId(marketplace, marketplaceOrderId);
  const [records, followUps, parcels, receipts] = await Promise.all([
    deps.orders.getMany([id]),
    deps.followUps.ofOrder(id),
    parcelsOf(deps, [id]),
    receiptsOf(deps, [id]),
  ]);
  const record = records.get(id);
  if (record?.order === undefined) return undefined;
  const facts = { ...record, order: record.order, followUps, parcels: parcels.get(id) ?? [] };
  return { ...orderDetail(facts, deps.clock.now()), receipt: receipts.get(id) ?? null };
}
