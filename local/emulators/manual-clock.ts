import type { Clock } from './clock.ts';

/** Time turned by hand: what falls due is run in order, at its own instant. */
export class ManualClock implements Clock {
  #nowMs: number;
  readonly #due: { readonly atMs: number; readonly run: () => void }[] = [];

  /** @param start ISO instant */
  constructor(start: string) {
    this.#nowMs = Date.parse(start);
  }

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const entry = { atMs: this.#nowMs + delayMs, run };
    this.#due.push(entry);
    return () => {
      const index = this.#due.indexOf(entry);
      if (index >= 0) this.#due.splice(index, 1);
    };
  }

  turn(byMs: number): void {
    const until = this.#nowMs + byMs;
    for (;;) {
      const next = this.#due.filter(({ atMs }) => atMs <= until).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#due.splice(this.#due.indexOf(next), 1);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
    }
    this.#nowMs = until;
  }
}
