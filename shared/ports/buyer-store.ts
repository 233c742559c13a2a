import type { Buyer, PersonalDataState } from '../domain/buyer.ts';
import type { OrderId } from '../domain/order.ts';

/** Personal data, in a table, under a key and behind a role of its own. */
export interface BuyerStore {
  /**
   * Stores the buyer, merged with what is known (`mergeBuyer`): nothing known is lost, nothing deleted comes back.
   * `unchanged` when it says nothing new. Answers where the personal data stands afterwards.
   */
  putBuyer(
    buyer: Buyer,
  ): Promise<{ readonly outcome: 'stored' | 'unchanged'; readonly state: PersonalDataState }>;
  getBuyer(id: OrderId): Promise<Buyer | undefined>;
}
