/**
 * What happened, in order. Holds ids and names, never bodies. Tests and the start-up wait on it: for a fact, with
 * a deadline, and with everything seen so far in the message when the fact does not come.
 */
export interface TraceEvent {
  /** Milliseconds since the trace began. */
  readonly atMs: number;
  /** A stable noun: `invocation-ended`, `message-deleted`, `partner-call`, … */
  readonly what: string;
  readonly of: Readonly<Record<string, string | number | boolean>>;
}

export interface Trace {
  readonly events: readonly TraceEvent[];
  add(what: string, of?: TraceEvent['of']): void;
  /** Called with each event from now on; the answer stops it. */
  subscribe(listener: (event: TraceEvent) => void): () => void;
  /** Resolves as soon as an event, past or coming, satisfies `isIt`. */
  waitFor(fact: string, isIt: (event: TraceEvent) => boolean, deadlineMs: number): Promise<TraceEvent>;
  /** The last events as text, one a line. */
  tail(lines?: number): string;
}

/** Older events are dropped beyond this many, so that a stack that stays up does not grow. */
const EVENTS_MAX = 20_000;

export function createTrace(now: () => number = Date.now): Trace {
  const startedAt = now();
  const events: TraceEvent[] = [];
  const listeners = new Set<(event: TraceEvent) => void>();
  const trace: Trace = {
    events,
    add(what, of = {}) {
      const event = { atMs: now() - startedAt, what, of };
      events.push(event);
      if (events.length > EVENTS_MAX) events.splice(0, EVENTS_MAX / 2);
      for (const listener of [...listeners]) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    waitFor(fact, isIt, deadlineMs) {
      const past = events.find(isIt);
      if (past !== undefined) return Promise.resolve(past);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          unsubscribe();
          reject(new Error(`${fact}: not seen within ${deadlineMs} ms. Seen:\n${trace.tail()}`));
        }, deadlineMs);
        const unsubscribe = trace.subscribe((event) => {
          if (!isIt(event)) return;
          clearTimeout(timer);
          unsubscribe();
          resolve(event);
        });
      });
    },
    tail(lines = 60) {
      return events
        .slice(-lines)
        .map(({ atMs, what, of }) => {
          const details = Object.entries(of).map(([key, value]) => `${key}=${value}`);
          return `${String(atMs).padStart(7)} ms  ${what}  ${details.join(' ')}`;
        })
        .join('\n');
    },
  };
  return trace;
}
