import type { Account, AccountProblem } from '../domain/account.ts';
import {
  type CredentialFault,
  credentialFaults,
  expiriesOf,
  type IssueDates,
  sameSecrets,
} from '../domain/account-credentials.ts';
import { isSameAccount, nextHealth } from '../domain/account-health.ts';
import { isAccountId, isPast } from '../domain/channel-settings.ts';
import type { Marketplace } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { CredentialStore, PartnerCredentials } from '../ports/credentials.ts';
import { type Acting, noteActivity } from './acting.ts';
import { type AskAccountDeps, askAccount } from './ask-account.ts';

export { credentialFields, type IssueDates } from '../domain/account-credentials.ts';

/** Writers of one account row that may meet: two operators and the health check. */
const WRITES_MAX = 5;

export interface SaveCredentialsDeps extends Acting, AskAccountDeps {
  readonly channels: ChannelStore;
  readonly accounts: AccountStore;
  readonly credentials: CredentialStore;
}

export interface CredentialsToSave {
  readonly marketplace: Marketplace;
  readonly accountId: string;
  /** Under the names of `credentialFields`; spaces around the values are taken off. */
  readonly secrets: PartnerCredentials;
  readonly issued?: IssueDates | undefined;
  /** Stores them although the marketplace could not be asked. Never what it refused. */
  readonly storeUntested?: boolean | undefined;
  /** Sites to ask about, besides those of the account's channels. */
  readonly siteIds?: readonly string[] | undefined;
}

export type SavedCredentials =
  | { readonly outcome: 'saved'; readonly account: Account; readonly tested: boolean }
  | CredentialsRefused;

/** Nothing was changed. */
export type CredentialsRefused =
  | { readonly outcome: 'invalid'; readonly faults: readonly CredentialFault[] }
  | { readonly outcome: 'invalid-account' }
  | { readonly outcome: 'invalid-issue-date' }
  /** The marketplace does not take them. */
  | { readonly outcome: 'refused'; readonly problem: AccountProblem }
  /** They are good, and another account's. */
  | { readonly outcome: 'other-account'; readonly foundAccountId: string }
  /** The marketplace could not say. */
  | {
      readonly outcome: 'not-tested';
      readonly problem: AccountProblem;
      /** When the account's calls are used up: how long until one may be made. */
      readonly retryAfterMs?: number | undefined;
    }
  /** Somebody else saved other credentials of the account at the same time, and theirs are in place. */
  | { readonly outcome: 'conflict' };

/**
 * Tests an account's credentials at the marketplace and only then stores them: the secrets first, what may be shown of
 * them after. A crash between the two leaves the new secrets in use and the old dates shown until they are saved again.
 *
 * Nothing of the secrets is answered or written down.
 */
export async function saveCredentials(
  deps: SaveCredentialsDeps,
  { marketplace, accountId, secrets: typed, issued = {}, storeUntested, siteIds = [] }: CredentialsToSave,
): Promise<SavedCredentials> {
  const { accounts, channels, credentials, clock } = deps;
  if (!isAccountId(marketplace, accountId)) return { outcome: 'invalid-account' };
  const secrets = trimmed(typed);
  const faults = credentialFaults(marketplace, secrets);
  if (faults.length > 0) return { outcome: 'invalid', faults };
  if (!Object.values(issued).every((at) => isPast(at, clock.now()))) return { outcome: 'invalid-issue-date' };

  const before = await accounts.getAccount(marketplace, accountId);
  const stored = await credentials.getCredentials(marketplace, accountId);
  const used = await sitesOfAccount(channels, marketplace, accountId);
  const asked = await askAccount(
    deps,
    { marketplace, accountId },
    secrets,
    [...new Set([...used, ...siteIds])],
    false,
  );
  const problem = 'findings' in asked ? undefined : 'problem' in asked ? asked.problem : 'throttled';
  const findings = 'findings' in asked ? asked.findings : undefined;
  if (problem === 'unauthorised' || problem === 'forbidden') return { outcome: 'refused', problem };
  if (problem !== undefined && storeUntested !== true) {
    return {
      outcome: 'not-tested',
      problem,
      ...('retryAfterMs' in asked ? { retryAfterMs: asked.retryAfterMs } : {}),
    };
  }
  if (findings !== undefined && !isSameAccount(accountId, findings, before?.findings)) {
    return { outcome: 'other-account', foundAccountId: findings.shopName ?? findings.accountId ?? '' };
  }

  const nowMs = clock.now();
  const known = { secrets: stored, expiries: before?.expiries ?? [] };
  const account: Account = {
    marketplace,
    accountId,
    credentialsSavedAt: isoInstant(nowMs),
    expiries: expiriesOf(marketplace, secrets, issued, known, nowMs),
    // What was known of the old credentials' health says nothing of the new ones.
    health: nextHealth(problem === undefined ? before?.health : undefined, problem ?? 'working', nowMs),
    findings,
    version: 1,
  };
  await credentials.putCredentials(marketplace, accountId, secrets);
  const written = await writeAccount(deps, account, before, secrets);
  if (written === undefined) return { outcome: 'conflict' };
  await noteActivity(deps, {
    action: 'credentials-saved',
    subject: `account/${marketplace}/${accountId}`,
    ...(before === undefined
      ? {}
      : { before: { savedAt: before.credentialsSavedAt, expiries: expiryWords(before) } }),
    after: {
      savedAt: written.credentialsSavedAt,
      expiries: expiryWords(written),
      tested: findings !== undefined,
    },
  });
  return { outcome: 'saved', account: written, tested: findings !== undefined };
}

/** The sites that the account's living channels use. */
export async function sitesOfAccount(
  channels: ChannelStore,
  marketplace: Marketplace,
  accountId: string,
): Promise<readonly string[]> {
  const own = (await channels.listChannels()).filter(
    (channel) =>
      channel.archivedAt === undefined &&
      channel.marketplace === marketplace &&
      channel.accountId === accountId,
  );
  return [...new Set(own.flatMap(({ siteIds }) => siteIds))];
}

/**
 * Writes the account's row for the secrets that were just stored. A health check that wrote meanwhile is overwritten: it
 * asked with the old ones. Of two operators, the one whose secrets are in place writes last.
 */
async function writeAccount(
  { accounts, credentials }: SaveCredentialsDeps,
  account: Account,
  before: Account | undefined,
  secrets: PartnerCredentials,
): Promise<Account | undefined> {
  for (let write = 0; write < WRITES_MAX; write += 1) {
    const current = await accounts.getAccount(account.marketplace, account.accountId);
    if (current?.credentialsSavedAt !== before?.credentialsSavedAt) {
      const inPlace = await credentials.getCredentials(account.marketplace, account.accountId);
      if (!sameSecrets(inPlace, secrets)) return undefined;
    }
    const version = current?.version ?? 0;
    const put = await accounts.putAccount(account, version);
    if (put === 'stored') return { ...account, version: version + 1 };
  }
  return undefined;
}

function trimmed(secrets: PartnerCredentials): PartnerCredentials {
  return Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, value.trim()]));
}

function expiryWords({ expiries }: Account): readonly string[] {
  return expiries.map(({ what, at }) => `${what} ${at.slice(0, 10)}`);
}
