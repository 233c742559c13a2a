const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The file of a customisation may be named and filled some time after the order: it is asked for during a day. */
const CUSTOMISATION_WANTED_MS = 24 * HOUR_MS;

/** When a customisation that was not there is asked for again; undefined when a day has passed since it was wanted. */
export function nextCustomisationTry(wantedAt: string, attempts: number, nowMs: number): string | undefined {
  const endMs = Date.parse(wantedAt) + CUSTOMISATION_WANTED_MS;
  if (nowMs >= endMs) return undefined;
  // Every run of the first half hour (a run comes every five minutes), then less and less often.
  const waitMs = attempts <= 6 ? 4 * MINUTE_MS : attempts <= 12 ? 15 * MINUTE_MS : HOUR_MS;
  // The last try is made at the very end: nothing is given up on a guess.
  return new Date(Math.min(nowMs + waitMs, endMs)).toISOString();
}
