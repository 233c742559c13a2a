import type { AccountFindings, AccountHealth, AccountProblem } from './account.ts';
import { type PartnerError, RejectedError, ThrottledError, UnavailableError } from './errors.ts';
import { isoInstant } from './pull-window.ts';

/**
 * How long the marketplace must go on saying that it does not know the authorisation. `invalid_grant` is final by its
 * contract, but what a marketplace says in a bad moment is not, and a revoked account is not pulled: so one such answer
 * only makes the account fail, and the next one, at least this much later and with no better answer between, revokes it.
 * Less than the 15 minutes between two checks, so that the second check decides even when the schedule calls early.
 */
export const REVOKED_AFTER_MS = 10 * 60_000;

/** What asking the marketplace came to: it let us in, or why it did not. */
export type AccountAnswer = 'working' | AccountProblem;

/** A failed call, as what it says of the account. */
export function problemOf(error: PartnerError): AccountProblem {
  if (error instanceof ThrottledError) return 'throttled';
  if (error instanceof UnavailableError) return 'unavailable';
  if (error instanceof RejectedError && error.status === 401) return 'unauthorised';
  if (error instanceof RejectedError && error.status === 403) return 'forbidden';
  return 'unexpected-answer';
}

/**
 * Whether credentials belong to the account they are for, as far as the marketplace says. eBay knows a user by an id that
 * never changes and by a name that may: either may have been given to the account, and once the id has been seen it is
 * the id that counts.
 * @param earlier what was found with the credentials before
 */
export function isSameAccount(
  accountId: string,
  found: Pick<AccountFindings, 'accountId' | 'shopName'>,
  earlier: Pick<AccountFindings, 'accountId'> | undefined,
): boolean {
  if (found.accountId === undefined || found.accountId === accountId) return true;
  if (earlier?.accountId !== undefined) return earlier.accountId === found.accountId;
  return found.shopName?.toLowerCase() === accountId.toLowerCase();
}

/**
 * The account's health after one more answer.
 *
 * Only repeated 401s revoke. A 403, a throttle and silence never do, however long they last, and a 403 even takes a
 * revocation back: who is forbidden something is known. Silence and throttles say nothing of the authorisation: what was
 * known of it stays. Any success makes the account work again, whoever renewed it and wherever.
 * @param health undefined when the account was never asked before
 */
export function nextHealth(
  health: AccountHealth | undefined,
  answer: AccountAnswer,
  nowMs: number,
): AccountHealth {
  const now = isoInstant(nowMs);
  const state = nextState(health, answer, nowMs);
  const unauthorisedSince =
    answer === 'unauthorised'
      ? (health?.unauthorisedSince ?? now)
      : answer === 'working' || answer === 'forbidden'
        ? undefined
        : health?.unauthorisedSince;
  return {
    state,
    since: health?.state === state ? health.since : now,
    checkedAt: now,
    ...(answer === 'working' ? {} : { problem: answer }),
    ...(unauthorisedSince === undefined ? {} : { unauthorisedSince }),
  };
}

function nextState(
  health: AccountHealth | undefined,
  answer: AccountAnswer,
  nowMs: number,
): AccountHealth['state'] {
  if (answer === 'working') return 'working';
  if (answer === 'forbidden') return 'failing';
  if (health?.state === 'revoked') return 'revoked';
  const { unauthorisedSince } = health ?? {};
  const lasts = unauthorisedSince !== undefined && nowMs - Date.parse(unauthorisedSince) >= REVOKED_AFTER_MS;
  return answer === 'unauthorised' && lasts ? 'revoked' : 'failing';
}
