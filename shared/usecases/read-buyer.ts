import { type BuyerView, buyerView } from '../domain/buyer-view.ts';
import { orderId } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { ActivityLog } from '../ports/activity-log.ts';
import type { BuyerStore } from '../ports/buyer-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { OrderName } from './read-order.ts';

export interface ReadBuyerDeps {
  readonly buyers: Pick<BuyerStore, 'getBuyer'>;
  readonly activities: ActivityLog;
  readonly clock: Clock;
}

/**
 * The person behind an order, for somebody who says why; undefined when nothing is known. That it was read is written
 * down first: what cannot be written down is not shown.
 * @param activityId of this one reading
 */
export async function readBuyer(
  { buyers, activities, clock }: ReadBuyerDeps,
  { marketplace, marketplaceOrderId }: OrderName,
  by: { readonly actor: string; readonly reason: string; readonly activityId: string },
): Promise<BuyerView | undefined> {
  const id = orderId(marketplace, marketplaceOrderId);
  const buyer = await buyers.getBuyer(id);
  if (buyer === undefined) return undefined;
  await activities.append({
    activityId: by.activityId,
    at: isoInstant(clock.now()),
    actor: by.actor,
    action: 'personal-data-read',
    subject: `order/${id}`,
    after: { reason: by.reason, state: buyer.state },
  });
  return buyerView(buyer);
}
