import { MemoryBuyerStore } from '../support/memory/buyer-store.ts';
import type { MemoryChannelStore } from '../support/memory/channel-store.ts';
import { MemoryOrderStore } from '../support/memory/order-store.ts';
import { MemoryPullLease } from '../support/memory/pull-lease.ts';
import { MemoryQuotaStore } from '../support/memory/quota-store.ts';
import { MemoryReportFiles } from '../support/memory/report-files.ts';
import { MemoryReportStore, MemoryStatementStore } from '../support/memory/report-store.ts';

/** Everything that outlives a function. */
export interface Stores {
  readonly orders: MemoryOrderStore;
  readonly buyers: MemoryBuyerStore;
  readonly channels: MemoryChannelStore;
  readonly quota: MemoryQuotaStore;
  readonly lease: VisibleLease;
  readonly reports: MemoryReportStore;
  readonly statements: MemoryStatementStore;
  readonly files: MemoryReportFiles;
}

/** @param leaseLost whether a lease is given although another one holds it */
export function createStores(channels: MemoryChannelStore, leaseLost: () => boolean): Stores {
  return {
    orders: new MemoryOrderStore(),
    buyers: new MemoryBuyerStore(),
    channels,
    quota: new MemoryQuotaStore(),
    lease: new VisibleLease(leaseLost),
    reports: new MemoryReportStore(),
    statements: new MemoryStatementStore(),
    files: new MemoryReportFiles(),
  };
}

/** The lease, and who has it. Now and then two have it: nothing may depend on there being only one. */
export class VisibleLease extends MemoryPullLease {
  readonly #lost: () => boolean;
  readonly #holders = new Map<string, { readonly holder: string; readonly untilMs: number }>();

  constructor(lost: () => boolean) {
    super();
    this.#lost = lost;
  }

  override async claim(account: string, holder: string, nowMs: number, durationMs: number): Promise<boolean> {
    const claimed = await super.claim(account, holder, nowMs, durationMs);
    if (claimed) this.#holders.set(account, { holder, untilMs: nowMs + durationMs });
    return claimed || this.#lost();
  }

  override async release(account: string, holder: string): Promise<void> {
    await super.release(account, holder);
    if (this.#holders.get(account)?.holder === holder) this.#holders.delete(account);
  }

  holderOf(account: string, nowMs: number): string | undefined {
    const lease = this.#holders.get(account);
    return lease && lease.untilMs > nowMs ? lease.holder : undefined;
  }
}
