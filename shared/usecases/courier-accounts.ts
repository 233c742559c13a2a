import { sameSecrets } from '../domain/account-credentials.ts';
import {
  type AskedCourier,
  type CourierAccount,
  type CourierAccountProblem,
  courierCredentialFaults,
  isCourierAccountId,
} from '../domain/courier-account.ts';
import { courierBuckets } from '../domain/courier-pace.ts';
import { afterCourierAnswer } from '../domain/courier-reach.ts';
import { CourierRefusedError } from '../domain/courier-refusal.ts';
import { PartnerError, ThrottledError, UnavailableError } from '../domain/errors.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { CourierAccountStore } from '../ports/courier-account-store.ts';
import type { CourierProbe } from '../ports/courier-probe.ts';
import type { CredentialStore, PartnerCredentials } from '../ports/credentials.ts';
import type { QuotaStore } from '../ports/quota.ts';
import { type Acting, noteActivity } from './acting.ts';

/** Writers of one account that may meet: two people and the tracking. */
const WRITES_MAX = 5;

export interface OpenCourierAccountDeps extends Acting {
  readonly accounts: CourierAccountStore;
}

export interface CourierCredentialsDeps extends OpenCourierAccountDeps {
  readonly credentials: CredentialStore;
  /** Couriers without one cannot be asked whether they know us. */
  readonly probes: Partial<Readonly<Record<AskedCourier, CourierProbe>>>;
  readonly quota: Pick<QuotaStore, 'take'>;
}

export interface CourierAccountName {
  readonly courier: AskedCourier;
  readonly courierAccountId: string;
}

/** The contracts with couriers, without secrets. */
export function listCourierAccounts({
  accounts,
}: Pick<OpenCourierAccountDeps, 'accounts'>): Promise<readonly CourierAccount[]> {
  return accounts.listCourierAccounts();
}

export type OpenedCourierAccount =
  | { readonly outcome: 'opened'; readonly account: CourierAccount }
  | { readonly outcome: 'invalid-id' | 'id-taken' };

/** Opens a contract with a courier; its credentials are saved after. */
export async function openCourierAccount(
  deps: OpenCourierAccountDeps,
  { courier, courierAccountId, name }: CourierAccountName & { readonly name: string },
): Promise<OpenedCourierAccount> {
  if (!isCourierAccountId(courierAccountId)) return { outcome: 'invalid-id' };
  const openedAt = isoInstant(deps.clock.now());
  const account: CourierAccount = { courier, courierAccountId, name, openedAt, version: 1 };
  if ((await deps.accounts.putCourierAccount(account, 0)) === 'conflict') return { outcome: 'id-taken' };
  await noteActivity(deps, {
    action: 'courier-account-opened',
    subject: subjectOf(account),
    after: { name },
  });
  return { outcome: 'opened', account };
}

export type SavedCourierCredentials =
  /** `tested` is false where the courier could not say, or cannot be asked. */
  | { readonly outcome: 'saved'; readonly account: CourierAccount; readonly tested: boolean }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'invalid'; readonly faults: ReturnType<typeof courierCredentialFaults> }
  | { readonly outcome: 'refused' }
  /** The courier could not say, and nobody wanted them stored untested. */
  | { readonly outcome: 'not-tested'; readonly problem: CourierAccountProblem }
  /** Somebody else saved other credentials at the same time, and theirs are in place. */
  | { readonly outcome: 'conflict' };

/**
 * Tests a contract's credentials at its courier and only then stores them. What the courier said of the old ones is
 * forgotten: with the new ones it is asked again at once. Nothing of the secrets is answered or written down.
 */
export async function saveCourierCredentials(
  deps: CourierCredentialsDeps,
  {
    secrets: typed,
    storeUntested,
    ...name
  }: CourierAccountName & {
    readonly secrets: PartnerCredentials;
    /** Stores them although the courier could not be asked; never what it refused. */
    readonly storeUntested?: boolean | undefined;
  },
): Promise<SavedCourierCredentials> {
  const { courier, courierAccountId } = name;
  const before = await deps.accounts.getCourierAccount(courier, courierAccountId);
  if (before === undefined) return { outcome: 'unknown' };
  const secrets = Object.fromEntries(Object.entries(typed).map(([field, value]) => [field, value.trim()]));
  const faults = courierCredentialFaults(courier, secrets);
  if (faults.length > 0) return { outcome: 'invalid', faults };

  const said = await tryAtCourier(deps, name, secrets);
  if (said === 'invalid') return { outcome: 'invalid', faults: [] };
  if (said === 'unauthorised') return { outcome: 'refused' };
  const tested = said === 'works';
  if (!tested && said !== 'cannot-be-tested' && storeUntested !== true) {
    return { outcome: 'not-tested', problem: said };
  }

  await deps.credentials.putCredentials(courier, courierAccountId, secrets);
  const at = isoInstant(deps.clock.now());
  const account = await writeSaved(deps, before, secrets, {
    credentialsSavedAt: at,
    checked: tested ? { at } : undefined,
  });
  if (account === undefined) return { outcome: 'conflict' };
  await noteActivity(deps, {
    action: 'courier-credentials-saved',
    subject: subjectOf(account),
    before: { savedAt: before.credentialsSavedAt ?? null },
    after: { savedAt: at, tested },
  });
  return { outcome: 'saved', account, tested };
}

export type TestedCourierCredentials =
  | { readonly outcome: 'works'; readonly account: CourierAccount }
  | {
      readonly outcome: 'failed';
      readonly problem: CourierAccountProblem;
      readonly account: CourierAccount;
    }
  | { readonly outcome: 'unknown' | 'no-credentials' | 'cannot-be-tested' };

/** Tries the stored credentials at the courier, and keeps what it said. */
export async function testCourierCredentials(
  deps: CourierCredentialsDeps,
  name: CourierAccountName,
): Promise<TestedCourierCredentials> {
  const { courier, courierAccountId } = name;
  const account = await deps.accounts.getCourierAccount(courier, courierAccountId);
  if (account === undefined) return { outcome: 'unknown' };
  const secrets = await deps.credentials.getCredentials(courier, courierAccountId);
  if (secrets === undefined) return { outcome: 'no-credentials' };
  const said = await tryAtCourier(deps, name, secrets);
  if (said === 'cannot-be-tested') return { outcome: 'cannot-be-tested' };
  // Stored credentials that cannot be a courier's let nobody in either.
  const problem = said === 'works' ? undefined : said === 'invalid' ? 'unauthorised' : said;
  const checked = afterCourierAnswer(account, problem, deps.clock.now());
  const stored =
    // Who changed it meanwhile knows more: newer credentials, or a newer answer.
    checked !== undefined && (await deps.accounts.putCourierAccount(checked, account.version)) === 'stored'
      ? { ...checked, version: account.version + 1 }
      : account;
  return problem === undefined
    ? { outcome: 'works', account: stored }
    : { outcome: 'failed', problem, account: stored };
}

/** What the courier says of credentials, within the calls that the contract has. */
async function tryAtCourier(
  { probes, quota, clock }: CourierCredentialsDeps,
  { courier, courierAccountId }: CourierAccountName,
  secrets: PartnerCredentials,
): Promise<'works' | 'cannot-be-tested' | 'invalid' | CourierAccountProblem> {
  const probe = probes[courier];
  if (probe === undefined) return 'cannot-be-tested';
  for (const { bucket, plan } of courierBuckets(courier, courierAccountId)) {
    // A person waits for it: nothing has to be left for others.
    if (!(await quota.take(bucket, plan, clock.now())).granted) return 'throttled';
  }
  try {
    await probe.probe(secrets);
    return 'works';
  } catch (error) {
    if (error instanceof CourierRefusedError && error.reason === 'unauthorised') return 'unauthorised';
    if (error instanceof CourierRefusedError && error.reason === 'invalid') return 'invalid';
    if (error instanceof ThrottledError) return 'throttled';
    if (error instanceof UnavailableError) return 'unavailable';
    if (error instanceof PartnerError) return 'unexpected-answer';
    throw error;
  }
}

/**
 * Writes the account for the secrets that were just stored. An answer to the old ones that came in between is overwritten;
 * of two people, the one whose secrets are in place writes last.
 */
async function writeSaved(
  { accounts, credentials }: CourierCredentialsDeps,
  before: CourierAccount,
  secrets: PartnerCredentials,
  saved: Pick<CourierAccount, 'credentialsSavedAt' | 'checked'>,
): Promise<CourierAccount | undefined> {
  const { courier, courierAccountId } = before;
  let current: CourierAccount | undefined = before;
  for (let write = 0; write < WRITES_MAX && current !== undefined; write += 1) {
    if (current.credentialsSavedAt !== before.credentialsSavedAt) {
      const inPlace = await credentials.getCredentials(courier, courierAccountId);
      if (!sameSecrets(inPlace, secrets)) return undefined;
    }
    const account: CourierAccount = { ...current, ...saved };
    if ((await accounts.putCourierAccount(account, current.version)) === 'stored') {
      return { ...account, version: current.version + 1 };
    }
    current = await accounts.getCourierAccount(courier, courierAccountId);
  }
  return undefined;
}

function subjectOf({ courier, courierAccountId }: CourierAccountName): string {
  return `courier-account/${courier}/${courierAccountId}`;
}
