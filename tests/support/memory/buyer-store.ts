import { type Buyer, mergeBuyer } from '../../../shared/domain/buyer.ts';
import type { OrderId } from '../../../shared/domain/order.ts';
import type { BuyerStore } from '../../../shared/ports/buyer-store.ts';

/** The buyer store's semantics without a database. */
export class MemoryBuyerStore implements BuyerStore {
  readonly #buyers = new Map<OrderId, Buyer>();

  async putBuyer(buyer: Buyer): ReturnType<BuyerStore['putBuyer']> {
    const stored = this.#buyers.get(buyer.orderId);
    const merged = mergeBuyer(stored, structuredClone(buyer));
    // Holes and missing fields are the same in a database.
    const unchanged = JSON.stringify(stored) === JSON.stringify(merged);
    this.#buyers.set(buyer.orderId, merged);
    return { outcome: unchanged ? 'unchanged' : 'stored', state: merged.state };
  }

  async getBuyer(id: OrderId): Promise<Buyer | undefined> {
    return structuredClone(this.#buyers.get(id));
  }
}
