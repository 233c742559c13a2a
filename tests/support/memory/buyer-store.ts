import type { Buyer } from '../../../shared/domain/buyer.ts';
import type { OrderId } from '../../../shared/domain/order.ts';
import type { BuyerStore } from '../../../shared/ports/buyer-store.ts';

/** The buyer store's semantics without a database. */
export class MemoryBuyerStore implements BuyerStore {
  readonly #buyers = new Map<OrderId, Buyer>();

  async putBuyer(buyer: Buyer): Promise<'stored' | 'older'> {
    const stored = this.#buyers.get(buyer.orderId);
    if (stored !== undefined && stored.updatedAt >= buyer.updatedAt) return 'older';
    this.#buyers.set(buyer.orderId, structuredClone(buyer));
    return 'stored';
  }

  async getBuyer(id: OrderId): Promise<Buyer | undefined> {
    return structuredClone(this.#buyers.get(id));
  }
}
