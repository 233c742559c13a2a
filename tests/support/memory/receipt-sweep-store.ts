import type { ReceiptSweep, ReceiptSweepStore } from '../../../shared/ports/receipt-sweep-store.ts';

export class MemoryReceiptSweepStore implements ReceiptSweepStore {
  readonly #sweeps = new Map<string, ReceiptSweep>();

  async getSweep(channelId: string): Promise<ReceiptSweep | undefined> {
    return this.#sweeps.get(channelId);
  }

  async putSweep(sweep: ReceiptSweep): Promise<void> {
    this.#sweeps.set(sweep.channelId, sweep);
  }
}
