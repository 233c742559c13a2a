import type { Account, AccountHealth, HealthState } from '../domain/account.ts';
import { nextHealth } from '../domain/account-health.ts';
import { type AccountView, accountView } from '../domain/channel-view.ts';
import { UnexpectedAnswerError } from '../domain/errors.ts';
import type { Marketplace } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { CredentialStore, PartnerCredentials } from '../ports/credentials.ts';
import { type AskAccountDeps, askAccount } from './ask-account.ts';
import { sitesOfAccount } from './save-credentials.ts';

export interface CheckAccountsDeps extends AskAccountDeps {
  readonly channels: ChannelStore;
  readonly accounts: AccountStore;
  readonly credentials: CredentialStore;
}

/** What one check of one account came to. Holds ids, never secrets. */
export interface AccountCheck {
  readonly marketplace: Marketplace;
  readonly accountId: string;
  /** The channels that wait for the account. */
  readonly channelIds: readonly string[];
  readonly outcome:
    | 'checked'
    /** Nothing is stored to sign in with. */
    | 'no-credentials'
    /** What is stored is not in our format; a person wrote it. */
    | 'unreadable-credentials'
    /** The account's calls are used up: the next check asks. */
    | 'no-calls-left'
    /** The credentials were replaced during the check: what it found was about the old ones. */
    | 'changed-meanwhile';
  /** Where the account's health stood before; undefined when it was never checked. */
  readonly before: HealthState | undefined;
  readonly account: AccountView;
}

/**
 * Asks the marketplaces it knows the way to about every account that a living channel uses, and notes how each one is. Every account on its
 * own: what one marketplace answers, or does not, changes nothing for the others.
 */
export async function checkAccounts(deps: CheckAccountsDeps): Promise<readonly AccountCheck[]> {
  const used = (await deps.channels.listChannels()).filter(
    ({ archivedAt, marketplace }) => archivedAt === undefined && deps.probings[marketplace] !== undefined,
  );
  const byAccount = Map.groupBy(used, ({ marketplace, accountId }) => `${marketplace}/${accountId}`);
  return Promise.all(
    [...byAccount.values()].flatMap((channels) => {
      const [first] = channels;
      if (first === undefined) return [];
      const { marketplace, accountId } = first;
      const channelIds = channels.map(({ channelId }) => channelId);
      return [checkAccount(deps, { marketplace, accountId, waits: true }, channelIds)];
    }),
  );
}

/**
 * Asks the marketplace about one account, with the credentials that are stored, and notes how it is.
 * @param waits true for a check by schedule, which leaves a part of the calls to the pulls
 */
export async function checkAccount(
  deps: CheckAccountsDeps,
  {
    marketplace,
    accountId,
    waits,
  }: { readonly marketplace: Marketplace; readonly accountId: string; readonly waits: boolean },
  channelIds: readonly string[] = [],
): Promise<AccountCheck> {
  const { accounts, clock } = deps;
  // Before the credentials: a row that is saved with new ones from here on is not overwritten.
  const before = await accounts.getAccount(marketplace, accountId);
  const check = (outcome: AccountCheck['outcome'], account = before): AccountCheck => ({
    marketplace,
    accountId,
    channelIds,
    outcome,
    before: before?.health.state,
    account: accountView(account, clock.now()),
  });

  const credentials = await readCredentials(deps, marketplace, accountId);
  if (credentials === undefined) return check('no-credentials');
  if (credentials === 'unreadable') return check('unreadable-credentials');
  const siteIds = await sitesOfAccount(deps.channels, marketplace, accountId);
  const asked = await askAccount(deps, { marketplace, accountId }, credentials, siteIds, waits);
  if ('retryAfterMs' in asked) return check('no-calls-left');

  const nowMs = clock.now();
  const known = before?.findings;
  const findings =
    'findings' in asked
      ? {
          ...asked.findings,
          ...(deps.probings[marketplace]?.withoutPermissions === true && known !== undefined
            ? { missing: known.missing }
            : {}),
        }
      : known;
  const answer = 'findings' in asked ? 'working' : asked.problem;
  const health: AccountHealth = nextHealth(before?.health, answer, nowMs);
  const account: Account = {
    // Credentials that were written past us count from when they were met.
    ...(before ?? {
      marketplace,
      accountId,
      credentialsSavedAt: isoInstant(nowMs),
      expiries: [],
      version: 1,
    }),
    health,
    findings,
  };
  const put = await accounts.putAccount(account, before?.version ?? 0);
  return put === 'stored' ? check('checked', account) : check('changed-meanwhile');
}

async function readCredentials(
  { credentials }: CheckAccountsDeps,
  marketplace: Marketplace,
  accountId: string,
): Promise<PartnerCredentials | 'unreadable' | undefined> {
  try {
    return await credentials.getCredentials(marketplace, accountId);
  } catch (error) {
    // One account's broken parameter must not hide how the others are.
    if (error instanceof UnexpectedAnswerError) return 'unreadable';
    throw error;
  }
}
