import type { Buyer } from '../domain/buyer.ts';
import type { OrderId } from '../domain/order.ts';

/** Personal data, in a table, under a key and behind a role of its own. */
export interface BuyerStore {
  /** Stores the buyer unless the stored one is as new or newer. */
  putBuyer(buyer: Buyer): Promise<'stored' | 'older'>;
  getBuyer(id: OrderId): Promise<Buyer | undefined>;
}
