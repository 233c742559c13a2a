/** What is left of a partner's allowance, as of an instant. */
export interface QuotaState {
  /** Calls that may still be made; fractions grow with time. */
  readonly tokens: number;
  readonly ratePerSecond: number;
  readonly atMs: number;
}

/** A partner's documented allowance for one operation. */
interface Allowance {
  readonly ratePerSecond: number;
  readonly burst: number;
}

export type QuotaDecision =
  | { readonly granted: true; readonly state: QuotaState }
  | { readonly granted: false; readonly state: QuotaState; readonly retryAfterMs: number };

/**
 * Takes one call from the bucket, or says when there will be one. A bucket never seen before is full.
 * @param keep calls that must be left afterwards; at most the burst less one, or nothing would ever be granted
 */
export function takeCall(
  stored: QuotaState | undefined,
  plan: Allowance,
  nowMs: number,
  keep = 0,
): QuotaDecision {
  const state = refilled(stored, plan, nowMs);
  const needed = 1 + Math.min(keep, Math.max(0, plan.burst - 1));
  if (state.tokens >= needed) return { granted: true, state: { ...state, tokens: state.tokens - 1 } };
  const retryAfterMs = Math.ceil(((needed - state.tokens) / state.ratePerSecond) * 1000);
  return { granted: false, state, retryAfterMs };
}

/** How many calls may be taken now. */
export function callsLeft(stored: QuotaState | undefined, plan: Allowance, nowMs: number): number {
  return Math.floor(refilled(stored, plan, nowMs).tokens);
}

/** The bucket after the partner's answer showed its real rate, or refused a call we thought we had. */
export function correctQuota(
  stored: QuotaState | undefined,
  plan: Allowance,
  seen: { readonly ratePerSecond?: number | undefined; readonly exhausted?: boolean | undefined },
  nowMs: number,
): QuotaState {
  const state = refilled(stored, plan, nowMs);
  const rate = seen.ratePerSecond;
  return {
    ...state,
    tokens: seen.exhausted === true ? 0 : state.tokens,
    ratePerSecond: rate !== undefined && Number.isFinite(rate) && rate > 0 ? rate : state.ratePerSecond,
  };
}

function refilled(stored: QuotaState | undefined, plan: Allowance, nowMs: number): QuotaState {
  if (stored === undefined) return { tokens: plan.burst, ratePerSecond: plan.ratePerSecond, atMs: nowMs };
  // Two workers' clocks differ a little: time never runs backwards in the bucket.
  const atMs = Math.max(nowMs, stored.atMs);
  const grown = stored.tokens + ((atMs - stored.atMs) / 1000) * stored.ratePerSecond;
  return { tokens: Math.min(plan.burst, grown), ratePerSecond: stored.ratePerSecond, atMs };
}
