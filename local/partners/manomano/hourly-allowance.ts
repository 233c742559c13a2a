const HOUR_MS = 3_600_000;

/** So many calls in any hour, whichever hour one looks at: stricter than a bucket that fills up again. */
export class HourlyAllowance {
  readonly #callsMax: number;
  #calledAtMs: number[] = [];

  constructor(callsMax: number) {
    this.#callsMax = callsMax;
  }

  /** Takes one call, or says in how many seconds there will be one. */
  take(
    nowMs: number,
  ): { readonly granted: true } | { readonly granted: false; readonly retryAfterSeconds: number } {
    this.#calledAtMs = this.#calledAtMs.filter((atMs) => atMs > nowMs - HOUR_MS);
    const [oldest] = this.#calledAtMs;
    if (oldest !== undefined && this.#calledAtMs.length >= this.#callsMax) {
      return { granted: false, retryAfterSeconds: Math.ceil((oldest + HOUR_MS - nowMs) / 1000) };
    }
    this.#calledAtMs.push(nowMs);
    return { granted: true };
  }
}
