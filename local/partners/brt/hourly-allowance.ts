const HOUR_MS = 3_600_000;

/** So many calls in any hour, whichever hour one looks at. Cheap for tens of thousands of calls. */
export class HourlyAllowance {
  readonly #callsMax: number;
  /** When the last calls were made: a ring, the oldest of which stands at `#next`. */
  readonly #calledAtMs: number[] = [];
  #next = 0;

  constructor(callsMax: number) {
    this.#callsMax = callsMax;
  }

  take(nowMs: number): boolean {
    const oldestMs = this.#calledAtMs[this.#next];
    if (oldestMs !== undefined && oldestMs > nowMs - HOUR_MS) return false;
    this.#calledAtMs[this.#next] = nowMs;
    this.#next = (this.#next + 1) % this.#callsMax;
    return true;
  }
}
