import type { PersonalDataState } from './buyer.ts';
import type { FollowUp } from './follow-up.ts';
import type { Order } from './order.ts';
import { nextTry, personalDataEnd } from './personal-data.ts';
import { isoInstant } from './pull-window.ts';

const TO_BE_SHIPPED: readonly Order['status'][] = ['pending', 'to-accept', 'unshipped', 'partly-shipped'];
const GIVEN_UP: readonly Order['status'][] = ['cancelled', 'refunded', 'unfulfillable'];

/** What is known of the people behind an order when it is stored. */
export interface KnownOfBuyer {
  /** Where the personal data stands; undefined when nothing came. */
  readonly state: PersonalDataState | undefined;
  /** A provider's module is matched to the channel. */
  readonly fromModule: boolean;
}

/**
 * The work that a new or changed order asks for: the personal data it came without, when it still has to be shipped by
 * us or a provider has it, and the file of each customised line. Nothing for an order whose data may not be kept any
 * more, and nothing that was deleted is asked for again.
 */
export function wantedFollowUps(order: Order, buyer: KnownOfBuyer, nowMs: number): readonly FollowUp[] {
  const over = Date.parse(personalDataEnd(order)) <= nowMs;
  if (over || GIVEN_UP.includes(order.status) || buyer.state === 'deleted') return [];

  const wanted: FollowUp[] = [];
  const shipsIt = TO_BE_SHIPPED.includes(order.status) && order.fulfilledBy !== 'marketplace';
  if (buyer.state !== 'present' && (shipsIt || buyer.fromModule)) {
    // Right after the sale the marketplace often still checks the payment, and names nobody before.
    const wantedAt = isoInstant(nowMs);
    wanted.push(
      followUp(
        order,
        'personal-data',
        '',
        nowMs,
        nextTry({ wantedAt, deadline: order.shipBy.latest }, nowMs),
      ),
    );
  }
  for (const { customised, orderLineId } of order.lines) {
    // The file has to be here ten minutes after the order: it is fetched at once.
    if (customised) wanted.push(followUp(order, 'customisation', orderLineId, nowMs, isoInstant(nowMs)));
  }
  return wanted;
}

function followUp(
  order: Order,
  kind: FollowUp['kind'],
  orderLineId: string,
  nowMs: number,
  dueAt: string | undefined,
): FollowUp {
  const { orderId, marketplace, marketplaceOrderId, accountId, siteId, channelId } = order;
  return {
    ...{ kind, orderId, orderLineId, marketplace, marketplaceOrderId, accountId, siteId, channelId },
    wantedAt: isoInstant(nowMs),
    deadline: order.shipBy.latest,
    state: 'waiting',
    dueAt,
    attempts: 0,
    version: 1,
  };
}
