import type { Clock } from '../ports/clock.ts';
import type { QuotaPlan, QuotaStore } from '../ports/quota.ts';

export interface AllowanceDeps {
  readonly quota: QuotaStore;
  readonly clock: Clock;
  /** The source's allowance: an operation's name and what its partner documents. */
  readonly search: { readonly operation: string; readonly plan: QuotaPlan };
}

/** One job's way to the calls that all workers of an account share. */
export interface Allowance {
  /**
   * Takes one call; answers 0, or in how many milliseconds one may be taken.
   * @param spare calls that must be left afterwards for this same job
   */
  take(spare?: number): Promise<number>;
  /** The partner refused a call we thought we had. */
  exhausted(): Promise<void>;
  /** The partner stated its rate. */
  granted(ratePerSecond: number): Promise<void>;
  /** How long as many calls take to grow. */
  growthMs(calls: number): number;
}

/**
 * @param account `<marketplace>/<accountId>`
 * @param waits work that can wait leaves a quarter of the burst to work that cannot: a scheduled pull always finds calls
 */
export function createAllowance(
  { quota, clock, search: { operation, plan } }: AllowanceDeps,
  account: string,
  waits: boolean,
): Allowance {
  const bucket = `${account}/${operation}`;
  const keep = waits ? Math.ceil(plan.burst / 4) : 0;
  return {
    async take(spare = 0) {
      const call = await quota.take(bucket, plan, clock.now(), keep + spare);
      return call.granted ? 0 : call.retryAfterMs;
    },
    exhausted: () => quota.correct(bucket, plan, { exhausted: true }, clock.now()),
    granted: (ratePerSecond) => quota.correct(bucket, plan, { ratePerSecond }, clock.now()),
    growthMs: (calls) => Math.ceil((calls / plan.ratePerSecond) * 1000),
  };
}
