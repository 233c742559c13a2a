import { type Faults, Invocation } from './faults.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';

const MINUTE_MS = 60_000;
/** A schedule's target is tried again twice. */
const SCHEDULE_RETRIES_MAX = 2;

/** Runs functions: each run has a deadline, a pace and perhaps an early death. */
export class Lambdas {
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #faults: Faults;
  #invocations = 0;

  constructor(scheduler: Scheduler, random: Random, faults: Faults) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.#faults = faults;
  }

  /** Starts a run; `done` gets its answer, or nothing when it failed, died or ran out of time. */
  invoke<Answer>(
    name: string,
    timeoutMs: number,
    run: (invocation: Invocation) => Promise<Answer>,
    done: (answer: { readonly value: Answer } | undefined) => void,
  ): void {
    let over = false;
    const end = (how: string, answer?: { readonly value: Answer }): void => {
      if (over) return;
      over = true;
      this.#scheduler.trace(`${invocation.name} ${how}`);
      done(answer);
    };
    const deadlineMs = this.#scheduler.nowMs + timeoutMs;
    const pace = this.#faults.happens('sluggish') ? this.#random.int(10, 100) : 1;
    const invocation = new Invocation(`${name}#${++this.#invocations}`, deadlineMs, pace, () =>
      end('is dead'),
    );
    this.#scheduler.at(deadlineMs, () => {
      if (!over) invocation.die();
    });
    run(invocation).then(
      (value) => end('has ended', { value }),
      (error: unknown) => end(`has failed: ${String(error)}`),
    );
  }

  /** EventBridge: at least once, a failed run again after a while, a few times. */
  every(periodMs: number, invoke: (retry: () => void) => void): void {
    const attempt = (number: number): void => {
      invoke(() => {
        if (number < SCHEDULE_RETRIES_MAX)
          this.#scheduler.after(number * MINUTE_MS + MINUTE_MS, () => attempt(number + 1));
      });
    };
    const tick = (): void => {
      attempt(0);
      if (this.#faults.happens('duplicate'))
        this.#scheduler.after(this.#random.int(0, 5_000), () => attempt(0));
      this.#scheduler.after(periodMs, tick);
    };
    this.#scheduler.after(this.#random.int(0, periodMs), tick);
  }
}
