/** How many lines of the past a failure shows. */
const TRACE_LINES = 60;

/** What a simulation found, with all that is needed to see it again. */
export class SimulationFailure extends Error {
  readonly seed: number;
  readonly invariant: string;
  /** @param story which of the simulations, as the command line calls it; the first one goes without */
  constructor(
    seed: number,
    step: number,
    invariant: string,
    what: string,
    trace: readonly string[],
    story?: string,
  ) {
    super(
      [
        `seed ${seed}, step ${step}: ${invariant}`,
        `  ${what}`,
        ...trace.map((line) => `    ${line}`),
        `replay: npm run simulate -- ${story === undefined ? '' : `${story} `}--seed ${seed} --trace`,
      ].join('\n'),
    );
    this.name = 'SimulationFailure';
    this.seed = seed;
    this.invariant = invariant;
  }
}

interface PlannedEvent {
  readonly atMs: number;
  readonly run: () => void;
}

/**
 * The only clock and the only queue of things to come. A step runs one event and then every promise that it settled,
 * so whatever happens between two calls of a function belongs to one step, and the order of the steps is the seed's.
 */
export class Scheduler {
  readonly seed: number;
  /** Gets every line as it is written; without it only the last ones are kept, for a failure. */
  readonly onTrace: ((line: string) => void) | undefined;
  nowMs: number;
  step = 0;
  /** Latest first, so that the next event is at the end. */
  readonly #planned: PlannedEvent[] = [];
  readonly #trace: string[] = [];
  readonly #story: string | undefined;
  /** Work of other code that takes more than promises: a step ends when all of it has. */
  readonly #outside = new Set<Promise<unknown>>();
  #failure: SimulationFailure | undefined;

  constructor(seed: number, startMs: number, onTrace?: (line: string) => void, story?: string) {
    this.seed = seed;
    this.nowMs = startMs;
    this.onTrace = onTrace;
    this.#story = story;
  }

  after(delayMs: number, run: () => void): void {
    this.at(this.nowMs + delayMs, run);
  }

  /** Events of the same instant run in the order in which they were planned. */
  at(atMs: number, run: () => void): void {
    let low = 0;
    let high = this.#planned.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#planned[middle] as PlannedEvent).atMs > atMs) low = middle + 1;
      else high = middle;
    }
    this.#planned.splice(low, 0, { atMs: Math.max(atMs, this.nowMs), run });
  }

  trace(line: string): void {
    const stamped = `${new Date(this.nowMs).toISOString().slice(8, 23)} ${line}`;
    if (this.onTrace) this.onTrace(stamped);
    this.#trace.push(stamped);
    if (this.#trace.length > 2 * TRACE_LINES) this.#trace.splice(0, TRACE_LINES);
  }

  /** Ends the run after this step; the first failure is the one that counts. */
  fail(invariant: string, what: string): void {
    this.#failure ??= new SimulationFailure(
      this.seed,
      this.step,
      invariant,
      what,
      this.#trace.slice(-TRACE_LINES),
      this.#story,
    );
  }

  /** The step that is running lasts until this has ended. */
  hold<Answer>(work: Promise<Answer>): Promise<Answer> {
    const held: Promise<unknown> = work.then(
      () => this.#outside.delete(held),
      () => this.#outside.delete(held),
    );
    this.#outside.add(held);
    return work;
  }

  /** Runs events up to an instant. @throws SimulationFailure */
  async runUntil(untilMs: number): Promise<void> {
    for (;;) {
      if (this.#failure) throw this.#failure;
      const next = this.#planned.at(-1);
      if (next === undefined || next.atMs > untilMs) break;
      this.#planned.pop();
      this.nowMs = next.atMs;
      this.step++;
      next.run();
      await settled();
      while (this.#outside.size > 0) {
        await Promise.all(this.#outside);
        await settled();
      }
    }
    this.nowMs = untilMs;
  }
}

/** When no promise has anything left to do: nothing in a run waits for anything outside of it. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
