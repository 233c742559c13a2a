import type { AccountFindings, AccountProblem } from '../domain/account.ts';
import { problemOf } from '../domain/account-health.ts';
import { PartnerError, ThrottledError } from '../domain/errors.ts';
import type { Marketplace } from '../domain/order.ts';
import type { AccountProbe } from '../ports/account-probe.ts';
import type { Clock } from '../ports/clock.ts';
import type { PartnerCredentials } from '../ports/credentials.ts';
import type { QuotaPlan, QuotaStore } from '../ports/quota.ts';
import { createAllowance } from './allowance.ts';

/** How a marketplace is asked about an account, and which allowance that takes from. */
export interface AccountProbing {
  readonly probe: AccountProbe;
  readonly search: { readonly operation: string; readonly plan: QuotaPlan };
  /** How many calls of that allowance one asking takes. */
  readonly calls: (sites: number) => number;
  /** The answer says nothing of permissions: what an earlier one said of them stays. */
  readonly withoutPermissions?: boolean | undefined;
}

export interface AskAccountDeps {
  /** A function that asks one marketplace has only that one. */
  readonly probings: Readonly<Partial<Record<Marketplace, AccountProbing>>>;
  readonly quota: QuotaStore;
  readonly clock: Clock;
}

export type AskedAccount =
  | { readonly findings: AccountFindings }
  | { readonly problem: AccountProblem }
  /** Not asked: the account's calls are used up. */
  | { readonly retryAfterMs: number };

/**
 * Asks the marketplace who the credentials belong to. Its failures become a problem; all others are thrown.
 * @param waits a check that can wait leaves a part of the calls to the pulls
 */
export async function askAccount(
  { probings, quota, clock }: AskAccountDeps,
  { marketplace, accountId }: { readonly marketplace: Marketplace; readonly accountId: string },
  credentials: PartnerCredentials,
  siteIds: readonly string[],
  waits: boolean,
): Promise<AskedAccount> {
  const probing = probings[marketplace];
  if (probing === undefined) throw new RangeError(`nothing here asks ${marketplace}`);
  const { probe, search } = probing;
  const calls = createAllowance({ quota, clock, search }, `${marketplace}/${accountId}`, waits);
  for (let left = probing.calls(siteIds.length) - 1; left >= 0; left -= 1) {
    const retryAfterMs = await calls.take(left);
    if (retryAfterMs > 0) return { retryAfterMs };
  }
  try {
    return { findings: await probe.probe(credentials, siteIds) };
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error;
    if (error instanceof ThrottledError) await calls.exhausted();
    return { problem: problemOf(error) };
  }
}
