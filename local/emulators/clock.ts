/** Time as the emulators know it; tests turn it by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs once after the delay; the answer calls it off. */
  after(delayMs: number, run: () => void): () => void;
}

/** The longest delay a Node timer takes. */
const TIMER_MAX_MS = 2_147_483_647;

/** Real time. A waiting timer does not keep the process alive. */
export const realClock: Clock = {
  now: () => Date.now(),
  after(delayMs, run) {
    let timer: NodeJS.Timeout;
    const dueAt = Date.now() + delayMs;
    const wait = (): void => {
      const left = dueAt - Date.now();
      timer = left > TIMER_MAX_MS ? setTimeout(wait, TIMER_MAX_MS) : setTimeout(run, Math.max(0, left));
      timer.unref();
    };
    wait();
    return () => clearTimeout(timer);
  },
};
