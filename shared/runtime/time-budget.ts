/** Milliseconds a run may still take. Asked before each piece of work that could be left for the next run. */
export type TimeBudget = () => number;

/** Kept back to store what is under way, put the job back and answer. */
const RESERVE_MS = 5_000;

/** What Lambda leaves us, less what leaving in good order takes. */
export function lambdaTimeBudget(context: { getRemainingTimeInMillis(): number }): TimeBudget {
  return () => context.getRemainingTimeInMillis() - RESERVE_MS;
}
