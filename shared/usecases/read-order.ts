import { type Marketplace, orderId } from '../domain/order.ts';
import { type OrderDetail, orderDetail } from '../domain/order-view.ts';
import type { Clock } from '../ports/clock.ts';
import type { FollowUpStore } from '../ports/follow-up-store.ts';
import type { OrderStore } from '../ports/order-store.ts';

export interface ReadOrderDeps {
  readonly orders: Pick<OrderStore, 'getMany'>;
  readonly followUps: Pick<FollowUpStore, 'ofOrder'>;
  readonly clock: Clock;
}

/** An order as partners and people name it. */
export interface OrderName {
  readonly marketplace: Marketplace;
  readonly marketplaceOrderId: string;
}

/** One order with its money and the work on it; undefined when it has not been pulled. */
export async function readOrder(
  { orders, followUps, clock }: ReadOrderDeps,
  { marketplace, marketplaceOrderId }: OrderName,
): Promise<OrderDetail | undefined> {
  const id = orderId(marketplace, marketplaceOrderId);
  const [records, work] = await Promise.all([orders.getMany([id]), followUps.ofOrder(id)]);
  const record = records.get(id);
  if (record?.order === undefined) return undefined;
  return orderDetail({ ...record, order: record.order, followUps: work }, clock.now());
}
