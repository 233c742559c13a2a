import type { PersonalDataState } from './buyer.ts';
import type { Order } from './order.ts';
import type { OrderCheck } from './order-check.ts';
import type { SettlementState } from './order-money.ts';

/** What about an order a person has to look at. */
export type OrderAttention =
  | 'cancellation-requested'
  | 'does-not-add-up'
  | 'unexpected-status-change'
  | 'unknown-status'
  | 'payment-overdue'
  | 'foreign-currency'
  | 'personal-data-refused'
  | 'customisation-missing';

/** The reasons to look at an order, the most urgent first. */
export function orderAttention(of: {
  readonly order: Pick<Order, 'lines' | 'status' | 'unexpectedMove'>;
  readonly check: OrderCheck['state'];
  readonly settlement: SettlementState;
  readonly foreignCurrencies: readonly string[];
  readonly personalData: PersonalDataState | undefined;
  readonly customisationMissing: boolean;
}): readonly OrderAttention[] {
  const { order, check, settlement, foreignCurrencies, personalData, customisationMissing } = of;
  const open = ['to-accept', 'unshipped', 'partly-shipped'].includes(order.status);
  const reasons: readonly (readonly [OrderAttention, boolean])[] = [
    // What was shipped or cancelled meanwhile needs no answer any more.
    ['cancellation-requested', open && order.lines.some((line) => line.cancellationRequested)],
    ['does-not-add-up', check === 'differs'],
    ['unexpected-status-change', order.unexpectedMove !== undefined],
    ['unknown-status', order.status === 'unknown'],
    ['personal-data-refused', open && personalData === 'refused'],
    // It has to be made before it is picked.
    ['customisation-missing', (open || order.status === 'pending') && customisationMissing],
    ['payment-overdue', settlement === 'overdue'],
    ['foreign-currency', foreignCurrencies.length > 0],
  ];
  return reasons.filter(([, holds]) => holds).map(([reason]) => reason);
}
