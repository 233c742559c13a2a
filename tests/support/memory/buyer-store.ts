import { type Buyer, mergeBuyer } from '../../../shared/domain/buyer.ts';
import type { OrderId } from '../../../shared/domain/order.ts';
import type { BuyerStore } from '../../../shared/ports/buyer-store.ts';
import type { PersonalDataEraser } from '../../../shared/ports/personal-data-eraser.ts';

/** The buyer store's semantics without a database, and its eraser's. */
export class MemoryBuyerStore implements BuyerStore, PersonalDataEraser {
  readonly #buyers = new Map<OrderId, Buyer>();
  /** When each row is to be deleted, or to be finished with. */
  readonly #ends = new Map<OrderId, string>();

  async putBuyer(buyer: Buyer): ReturnType<BuyerStore['putBuyer']> {
    const stored = this.#buyers.get(buyer.orderId);
    const merged = mergeBuyer(stored, structuredClone(buyer));
    // Holes and missing fields are the same in a database.
    if (JSON.stringify(stored) === JSON.stringify(merged))
      return { outcome: 'unchanged', state: merged.state };
    this.#buyers.set(buyer.orderId, merged);
    this.#ends.set(buyer.orderId, merged.expiresAt);
    return { outcome: 'stored', state: merged.state };
  }

  async getBuyer(id: OrderId): Promise<Buyer | undefined> {
    return structuredClone(this.#buyers.get(id));
  }

  async listEnded({ until, limit, cursor }: Parameters<PersonalDataEraser['listEnded']>[0]) {
    const ended = [...this.#ends]
      .filter(([, endsAt]) => endsAt <= until)
      .map(([orderId, endsAt]) => ({ key: `${endsAt}#${orderId}`, orderId }))
      .filter(({ key }) => cursor === undefined || key > cursor)
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    const shown = ended.slice(0, limit);
    return {
      orderIds: shown.map(({ orderId }) => orderId),
      cursor: ended.length > limit ? shown.at(-1)?.key : undefined,
    };
  }

  async erase(id: OrderId, at: string): Promise<{ deletedAt: string }> {
    const known = this.#buyers.get(id)?.deletedAt;
    if (known !== undefined) return { deletedAt: known };
    this.#buyers.set(id, {
      orderId: id,
      state: 'deleted',
      deletedAt: at,
      taxRegistrations: [],
      lines: [],
      updatedAt: at,
      expiresAt: at,
    });
    this.#ends.set(id, at);
    return { deletedAt: at };
  }

  async finish(id: OrderId): Promise<void> {
    this.#ends.delete(id);
  }
}
