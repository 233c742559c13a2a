/** A documented rate and burst of one operation. */
export interface UsagePlan {
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** Amazon's token bucket, one per (seller, operation). Source: SP-API docs, "Usage Plans and Rate Limits". */
export class TokenBucket {
  readonly #plan: UsagePlan;
  #tokens: number;
  #countedAtMs: number;

  constructor(plan: UsagePlan, nowMs: number) {
    this.#plan = plan;
    this.#tokens = plan.burst;
    this.#countedAtMs = nowMs;
  }

  take(nowMs: number): boolean {
    const gained = ((nowMs - this.#countedAtMs) / 1000) * this.#plan.ratePerSecond;
    this.#tokens = Math.min(this.#plan.burst, this.#tokens + gained);
    this.#countedAtMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
