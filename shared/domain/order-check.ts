import type { Money } from './money.ts';
import type { Order } from './order.ts';

/** Whether what an order is made of is what the buyer pays. */
export type OrderCheck =
  | { readonly state: 'adds-up' }
  /** Total less lines and extras; a person has to look, and no receipt is issued. */
  | { readonly state: 'differs'; readonly difference: Money }
  /** The marketplace has not said every amount yet (a pending order). */
  | { readonly state: 'incomplete' };

/** Lines and extras against the total, to the cent. Amounts in another currency than the total's do not add up. */
export function checkOrder({
  total,
  lines,
  extras = [],
}: Pick<Order, 'total' | 'lines' | 'extras'>): OrderCheck {
  const amounts = [...lines.map((line) => line.total), ...extras.map(({ amount }) => amount)];
  if (total === undefined || lines.length === 0) return { state: 'incomplete' };
  let differenceMinor = total.amountMinor;
  for (const amount of amounts) {
    if (amount === undefined) return { state: 'incomplete' };
    if (amount.currency !== total.currency) return { state: 'differs', difference: total };
    differenceMinor -= amount.amountMinor;
  }
  return differenceMinor === 0
    ? { state: 'adds-up' }
    : { state: 'differs', difference: { amountMinor: differenceMinor, currency: total.currency } };
}
