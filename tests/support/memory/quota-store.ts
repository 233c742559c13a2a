import { callsLeft, correctQuota, type QuotaState, takeCall } from '../../../shared/domain/quota.ts';
import type { QuotaPlan, QuotaStore } from '../../../shared/ports/quota.ts';

/** The quota store's semantics without a database. */
export class MemoryQuotaStore implements QuotaStore {
  readonly #buckets = new Map<string, QuotaState>();

  async take(bucket: string, plan: QuotaPlan, nowMs: number, keep = 0) {
    const decision = takeCall(this.#buckets.get(bucket), plan, nowMs, keep);
    if (!decision.granted) return { granted: false as const, retryAfterMs: decision.retryAfterMs };
    this.#buckets.set(bucket, decision.state);
    return { granted: true as const };
  }

  async left(bucket: string, plan: QuotaPlan, nowMs: number): Promise<number> {
    return callsLeft(this.#buckets.get(bucket), plan, nowMs);
  }

  async correct(
    bucket: string,
    plan: QuotaPlan,
    seen: Parameters<QuotaStore['correct']>[2],
    nowMs: number,
  ): Promise<void> {
    this.#buckets.set(bucket, correctQuota(this.#buckets.get(bucket), plan, seen, nowMs));
  }
}
