/** A partner's documented allowance for one operation. */
export interface QuotaPlan {
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** Allowances shared by every worker. */
export interface QuotaStore {
  /**
   * Takes one call. When none is left, says in how many milliseconds one will be.
   * @param keep calls that must stay for others afterwards: work that can wait leaves some for work that cannot
   */
  take(
    bucket: string,
    plan: QuotaPlan,
    nowMs: number,
    keep?: number,
  ): Promise<{ readonly granted: true } | { readonly granted: false; readonly retryAfterMs: number }>;
  /** How many calls could be taken now. Promises none of them: other workers take too. */
  left(bucket: string, plan: QuotaPlan, nowMs: number): Promise<number>;
  /** Puts right what the partner's answer showed: its real rate, or that the bucket was empty after all. */
  correct(
    bucket: string,
    plan: QuotaPlan,
    seen: { readonly ratePerSecond?: number | undefined; readonly exhausted?: boolean | undefined },
    nowMs: number,
  ): Promise<void>;
}
