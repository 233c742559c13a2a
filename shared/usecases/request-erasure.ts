import { dueAtOnce, type ErasureReason } from '../domain/follow-up.ts';
import { orderId } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { ActivityLog } from '../ports/activity-log.ts';
import type { BuyerStore } from '../ports/buyer-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { FollowUpStore } from '../ports/follow-up-store.ts';
import type { OrderStore } from '../ports/order-store.ts';
import type { OrderName } from './read-order.ts';

export interface RequestErasureDeps {
  readonly orders: Pick<OrderStore, 'getMany'>;
  readonly buyers: Pick<BuyerStore, 'getBuyer'>;
  readonly followUps: Pick<FollowUpStore, 'ensure'>;
  readonly activities: ActivityLog;
  readonly clock: Clock;
}

/**
 * Asks for the personal data of an order to be deleted before its time. Whoever asks has no right on the data: the job
 * that deletes does it with its next run (delete-personal-data.ts). That it was asked for is written down first.
 * Undefined when neither an order nor a buyer is known.
 */
export async function requestErasure(
  { orders, buyers, followUps, activities, clock }: RequestErasureDeps,
  { marketplace, marketplaceOrderId }: OrderName,
  by: { readonly actor: string; readonly reason: ErasureReason; readonly activityId: string },
): Promise<{ readonly requestedAt: string } | undefined> {
  const id = orderId(marketplace, marketplaceOrderId);
  const order = (await orders.getMany([id])).get(id)?.order;
  if (order === undefined && (await buyers.getBuyer(id)) === undefined) return undefined;
  const now = isoInstant(clock.now());
  const { actor, reason, activityId } = by;
  await activities.append({
    activityId,
    at: now,
    actor,
    action: 'personal-data-deletion-requested',
    subject: `order/${id}`,
    after: { reason },
  });
  // Asked for twice, it is done once: what was deleted never comes back.
  await followUps.ensure({
    ...dueAtOnce('personal-data-erasure', id, order, now),
    asked: { by: actor, reason },
  });
  return { requestedAt: now };
}
