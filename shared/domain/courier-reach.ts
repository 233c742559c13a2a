import type { CourierAccount, CourierAccountProblem } from './courier-account.ts';
import { isoInstant } from './pull-window.ts';

/** A silent courier is tried with every tick of the schedule; the ticks are not quite a minute apart. */
const SILENT_AGAIN_MS = 45_000;
/** A refusal is a person's to put right; but what a courier says in a bad moment may be wrong. */
const REFUSED_AGAIN_MS = 14.5 * 60_000;
/** How long ago an account may have let us in for that to count as now. */
const SAID_AGAIN_MS = 24 * 3_600_000;

/** How an account may be asked now, by what its courier last said. */
export type CourierReach =
  | 'open'
  /** The courier did not answer, or refused the credentials: one call finds out whether it still does. */
  | 'one-call'
  | 'closed';

export function courierReach({ checked }: Pick<CourierAccount, 'checked'>, nowMs: number): CourierReach {
  const agoMs = nowMs - Date.parse(checked?.at ?? isoInstant(nowMs));
  switch (checked?.problem) {
    case 'unavailable':
      return agoMs >= SILENT_AGAIN_MS ? 'one-call' : 'closed';
    case 'unauthorised':
      return agoMs >= REFUSED_AGAIN_MS ? 'one-call' : 'closed';
    default:
      return 'open';
  }
}

/** The courier refuses the account's credentials: nothing of it works until a person renews them. */
export function isRefused({ checked }: Pick<CourierAccount, 'checked'>): boolean {
  return checked?.problem === 'unauthorised';
}

/**
 * The account after an answer of its courier; undefined when that says nothing new.
 * @param problem undefined when the courier let us in
 */
export function afterCourierAnswer(
  account: CourierAccount,
  problem: CourierAccountProblem | undefined,
  nowMs: number,
): CourierAccount | undefined {
  const { checked } = account;
  const isKnown = checked !== undefined && checked.problem === undefined && problem === undefined;
  if (isKnown && nowMs - Date.parse(checked.at) < SAID_AGAIN_MS) return undefined;
  return { ...account, checked: { at: isoInstant(nowMs), problem } };
}
