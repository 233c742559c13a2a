import type { PullLease } from '../../../shared/ports/pull-lease.ts';

/** The lease's semantics without a database. */
export class MemoryPullLease implements PullLease {
  readonly #leases = new Map<string, { readonly holder: string; readonly expiresAtMs: number }>();

  async claim(account: string, holder: string, nowMs: number, durationMs: number): Promise<boolean> {
    const lease = this.#leases.get(account);
    if (lease !== undefined && lease.holder !== holder && lease.expiresAtMs > nowMs) return false;
    this.#leases.set(account, { holder, expiresAtMs: nowMs + durationMs });
    return true;
  }

  async release(account: string, holder: string): Promise<void> {
    if (this.#leases.get(account)?.holder === holder) this.#leases.delete(account);
  }
}
