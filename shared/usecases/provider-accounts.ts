import type { ActivityValue } from '../domain/activity.ts';
import { PartnerError, ThrottledError, UnavailableError, UnexpectedAnswerError } from '../domain/errors.ts';
import {
  PROVIDER_ACCOUNT_ID_PATTERN,
  type ProviderAccount,
  type ProviderCustomer,
  type ProviderModule,
  type ProviderProblem,
  ProviderRefusedError,
  providerBaseUrl,
  type RemoteAccountLink,
  type RemoteProviderAccount,
} from '../domain/provider-account.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { ActivityLog } from '../ports/activity-log.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { PersonalDataProvider, ProviderConnection } from '../ports/personal-data-provider.ts';
import type { ProviderAccountStore } from '../ports/provider-account-store.ts';
import type { ProviderKeyStore } from '../ports/provider-key-store.ts';

export interface ProviderAccountDeps {
  readonly accounts: ProviderAccountStore;
  readonly keys: ProviderKeyStore;
  readonly provider: PersonalDataProvider;
  readonly channels: ChannelStore;
  readonly activity: ActivityLog;
  readonly clock: Clock;
}

/** What was asked for, done; or why not, for `providerText` to put into words. */
export type ProviderAnswer<Done extends object = object> =
  | ({ readonly outcome: 'done' } & Done)
  | { readonly outcome: 'refused'; readonly problem: ProviderProblem };

export type NewProviderAccount =
  | { readonly providerAccountId: string; readonly name: string; readonly kind: 'amazon-roles' }
  | {
      readonly providerAccountId: string;
      readonly name: string;
      readonly kind: 'http-provider';
      readonly baseUrl: string;
      readonly apiKey: string;
      readonly customer: ProviderCustomer;
    };

export interface ProviderAccountChanges {
  readonly name?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly customer?: Partial<ProviderCustomer> | undefined;
}

export const listProviderAccounts = ({
  accounts,
}: Pick<ProviderAccountDeps, 'accounts'>): Promise<readonly ProviderAccount[]> =>
  accounts.listProviderAccounts();

/** The account as it stands here, and as its provider shows it at this moment or why it does not. */
export async function readProviderAccount(
  deps: ProviderAccountDeps,
  providerAccountId: string,
): Promise<
  ProviderAnswer<{
    readonly account: ProviderAccount;
    readonly remote?: RemoteProviderAccount | undefined;
    readonly remoteProblem?: ProviderProblem | undefined;
  }>
> {
  const account = await deps.accounts.getProviderAccount(providerAccountId);
  if (account === undefined) return refused('account-not-here');
  if (account.kind === 'amazon-roles') return { outcome: 'done', account };
  const answer = await answerOf(async () => {
    const { connection, remoteAccountId } = await connected(deps, account);
    return {
      outcome: 'done',
      remote: (await deps.provider.readAccount(connection, remoteAccountId)).account,
    };
  });
  return answer.outcome === 'done'
    ? { outcome: 'done', account, remote: answer.remote }
    : { outcome: 'done', account, remoteProblem: answer.problem };
}

/** The accounts the provider has under one of its external ids: to choose one instead of creating it. */
export async function findRemoteAccounts(
  deps: Pick<ProviderAccountDeps, 'provider'>,
  wanted: { readonly baseUrl: string; readonly apiKey: string; readonly externalId: string },
): Promise<ProviderAnswer<{ readonly accounts: readonly RemoteProviderAccount[] }>> {
  const baseUrl = providerBaseUrl(wanted.baseUrl);
  if (baseUrl === undefined) return refused('address-not-allowed');
  return answerOf(async () => ({
    outcome: 'done',
    accounts: await deps.provider.findAccounts({ baseUrl, apiKey: wanted.apiKey }, wanted.externalId),
  }));
}

/**
 * Creates an account here and, for an external provider, there. The intent is stored before the provider is asked; a
 * creation that broke off is taken up again by the same request, and the provider answers the account it made.
 */
export async function createProviderAccount(
  deps: ProviderAccountDeps,
  wanted: NewProviderAccount,
  actor: string,
): Promise<ProviderAnswer<{ readonly account: ProviderAccount }>> {
  const { providerAccountId, name } = wanted;
  if (!PROVIDER_ACCOUNT_ID_PATTERN.test(providerAccountId)) return refused('not-accepted');
  if (wanted.kind === 'amazon-roles') {
    const account = { providerAccountId, kind: wanted.kind, name, troubles: [], version: 1 };
    if ((await deps.accounts.putProviderAccount(account, 0)) === 'conflict') return refused('id-taken');
    await note(deps, actor, 'provider-account-created', account, { kind: account.kind, name });
    return { outcome: 'done', account };
  }
  const { apiKey, customer } = wanted;
  const baseUrl = providerBaseUrl(wanted.baseUrl);
  if (baseUrl === undefined) return refused('address-not-allowed');
  // What the shop is: the same business with the same account gets the same id, whoever repeats the request.
  const externalId = `${customer.vatNumber}/${providerAccountId}`;
  const begun = await putLink(deps, { providerAccountId, name }, { baseUrl, externalId });
  if (begun === undefined) return refused('id-taken');
  return answerOf(async () => {
    await deps.keys.putKey(providerAccountId, apiKey);
    const remote = await deps.provider.createAccount({ baseUrl, apiKey }, { ...customer, externalId });
    return linked(deps, begun, remote, 'provider-account-created', actor);
  });
}

/** Takes an account that the provider has already. It is read with the key before anything is stored. */
export async function chooseProviderAccount(
  deps: ProviderAccountDeps,
  wanted: {
    readonly providerAccountId: string;
    readonly name: string;
    readonly baseUrl: string;
    readonly apiKey: string;
    readonly remoteAccountId: string;
  },
  actor: string,
): Promise<ProviderAnswer<{ readonly account: ProviderAccount }>> {
  const { providerAccountId, name, apiKey, remoteAccountId } = wanted;
  if (!PROVIDER_ACCOUNT_ID_PATTERN.test(providerAccountId)) return refused('not-accepted');
  const baseUrl = providerBaseUrl(wanted.baseUrl);
  if (baseUrl === undefined) return refused('address-not-allowed');
  const others = await deps.accounts.listProviderAccounts();
  const isTaken = others.some(
    ({ remote, providerAccountId: other }) =>
      other !== providerAccountId &&
      remote?.baseUrl === baseUrl &&
      remote.remoteAccountId === remoteAccountId,
  );
  if (isTaken) return refused('account-of-another');
  return answerOf(async () => {
    const { account: remote } = await deps.provider.readAccount({ baseUrl, apiKey }, remoteAccountId);
    const { externalId } = remote;
    const begun = await putLink(deps, { providerAccountId, name }, { baseUrl, externalId });
    if (begun === undefined) return refused('id-taken');
    await deps.keys.putKey(providerAccountId, apiKey);
    return linked(deps, begun, remote, 'provider-account-chosen', actor);
  });
}

/** Changes an account here and at its provider. A new key is tried before it takes the old one's place. */
export async function changeProviderAccount(
  deps: ProviderAccountDeps,
  wanted: {
    readonly providerAccountId: string;
    readonly expectedVersion: number;
    readonly changes: ProviderAccountChanges;
  },
  actor: string,
): Promise<ProviderAnswer<{ readonly account: ProviderAccount }>> {
  const { changes, expectedVersion } = wanted;
  const account = await deps.accounts.getProviderAccount(wanted.providerAccountId);
  if (account === undefined) return refused('account-not-here');
  if (account.version !== expectedVersion) return refused('changed-meanwhile');
  const remoteChanged = changes.apiKey !== undefined || changes.customer !== undefined;
  if (remoteChanged && account.remote === undefined) return refused('not-of-this-kind');
  return answerOf(async () => {
    let changed: ProviderAccount = { ...account, name: changes.name ?? account.name };
    if (remoteChanged) changed = await changeRemote(deps, changed, changes);
    if ((await deps.accounts.putProviderAccount(changed, expectedVersion)) === 'conflict') {
      return refused('changed-meanwhile');
    }
    await note(deps, actor, 'provider-account-changed', changed, {
      name: changed.name,
      // Which fields, not what they hold: the contact may be a person.
      changed: [
        ...(changes.name === undefined ? [] : ['name']),
        ...(changes.apiKey === undefined ? [] : ['apiKey']),
        ...Object.keys(changes.customer ?? {}),
      ],
    });
    return { outcome: 'done', account: { ...changed, version: expectedVersion + 1 } };
  });
}

/** The modules an account has, each with the channel it is matched to. */
export async function listModules(
  deps: ProviderAccountDeps,
  providerAccountId: string,
): Promise<ProviderAnswer<{ readonly modules: readonly ProviderModule[] }>> {
  const account = await deps.accounts.getProviderAccount(providerAccountId);
  if (account === undefined) return refused('account-not-here');
  return answerOf(async () => ({ outcome: 'done', modules: await modulesOf(deps, account) }));
}

/**
 * The modules of an account. Where the data comes with the order there is nobody to ask: each of the marketplace's
 * channels is a module of its own, matched once it was chosen.
 */
export async function modulesOf(
  deps: ProviderAccountDeps,
  account: ProviderAccount,
): Promise<readonly ProviderModule[]> {
  if (account.kind === 'http-provider') {
    const { connection, remoteAccountId } = await connected(deps, account);
    return deps.provider.listModules(connection, remoteAccountId);
  }
  return (await deps.channels.listChannels())
    .filter(({ marketplace, archivedAt }) => marketplace === 'amazon' && archivedAt === undefined)
    .map(({ channelId, marketplace, country, name, personalDataModule }) => ({
      moduleId: channelId,
      kind: marketplace,
      country,
      label: name,
      active: true,
      ...(personalDataModule?.providerAccountId === account.providerAccountId
        ? { matchedChannel: channelId }
        : {}),
    }));
}

/**
 * How an account's provider is reached.
 * @throws ProviderRefusedError when the account is not there yet or has lost its key
 */
export async function connected(
  deps: Pick<ProviderAccountDeps, 'keys'>,
  { providerAccountId, remote }: ProviderAccount,
): Promise<{ readonly connection: ProviderConnection; readonly remoteAccountId: string }> {
  if (remote === undefined)
    throw new ProviderRefusedError('not-of-this-kind', 'not an account of a provider');
  if (remote.remoteAccountId === undefined) {
    throw new ProviderRefusedError(
      'not-ready',
      `provider account ${providerAccountId} has no other half yet`,
    );
  }
  const apiKey = await deps.keys.getKey(providerAccountId);
  if (apiKey === undefined) {
    throw new ProviderRefusedError('no-key', `provider account ${providerAccountId} has no key stored`);
  }
  return { connection: { baseUrl: remote.baseUrl, apiKey }, remoteAccountId: remote.remoteAccountId };
}

/** Runs work at a provider; what the provider refused or failed at becomes an answer. Everything else is thrown. */
export async function answerOf<Done extends object>(
  work: () => Promise<ProviderAnswer<Done>>,
): Promise<ProviderAnswer<Done>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProviderRefusedError) return refused(error.problem);
    if (!(error instanceof PartnerError) || error.partner !== 'personal-data-provider') throw error;
    if (error instanceof ThrottledError) return refused('provider-throttled');
    if (error instanceof UnavailableError) return refused('provider-unavailable');
    if (error instanceof UnexpectedAnswerError) return refused('unexpected-answer');
    return refused('not-accepted');
  }
}

export function refused(problem: ProviderProblem): {
  readonly outcome: 'refused';
  readonly problem: ProviderProblem;
} {
  return { outcome: 'refused', problem };
}

/** One line of the account's history. */
export function note(
  { activity, clock }: Pick<ProviderAccountDeps, 'activity' | 'clock'>,
  actor: string,
  action: string,
  { providerAccountId }: Pick<ProviderAccount, 'providerAccountId'>,
  after: Readonly<Record<string, ActivityValue>>,
): Promise<void> {
  const at = isoInstant(clock.now());
  return activity.append({
    activityId: `${action}-${providerAccountId}`,
    at,
    actor,
    action,
    subject: `provider-account/${providerAccountId}`,
    after,
  });
}

/** Stores the account with its way to the provider, new or not ready yet; undefined when the id is taken. */
async function putLink(
  deps: ProviderAccountDeps,
  { providerAccountId, name }: { readonly providerAccountId: string; readonly name: string },
  link: Pick<RemoteAccountLink, 'baseUrl' | 'externalId'>,
): Promise<ProviderAccount | undefined> {
  const stored = await deps.accounts.getProviderAccount(providerAccountId);
  const unfinished = stored?.remote !== undefined && stored.remote.remoteAccountId === undefined;
  if (stored !== undefined && !unfinished) return undefined;
  const account: ProviderAccount = {
    providerAccountId,
    kind: 'http-provider',
    name,
    remote: { ...link, keySavedAt: isoInstant(deps.clock.now()) },
    troubles: [],
    version: (stored?.version ?? 0) + 1,
  };
  const put = await deps.accounts.putProviderAccount(account, account.version - 1);
  return put === 'stored' ? account : undefined;
}

async function linked(
  deps: ProviderAccountDeps,
  begun: ProviderAccount,
  remote: RemoteProviderAccount,
  action: string,
  actor: string,
): Promise<ProviderAnswer<{ readonly account: ProviderAccount }>> {
  const account = withRemote(begun, remote);
  if ((await deps.accounts.putProviderAccount(account, begun.version)) === 'conflict') {
    return refused('changed-meanwhile');
  }
  await note(deps, actor, action, account, {
    kind: account.kind,
    name: account.name,
    baseUrl: account.remote?.baseUrl ?? null,
    remoteAccountId: remote.remoteAccountId,
    status: remote.status,
  });
  return { outcome: 'done', account: { ...account, version: begun.version + 1 } };
}

function withRemote(account: ProviderAccount, remote: RemoteProviderAccount): ProviderAccount {
  if (account.remote === undefined) return account;
  const { remoteAccountId, status, expiresAt } = remote;
  return { ...account, remote: { ...account.remote, remoteAccountId, status, expiresAt } };
}

async function changeRemote(
  deps: ProviderAccountDeps,
  account: ProviderAccount,
  { apiKey, customer }: ProviderAccountChanges,
): Promise<ProviderAccount> {
  const { remote } = account;
  if (remote?.remoteAccountId === undefined) {
    throw new ProviderRefusedError('not-ready', `provider account ${account.providerAccountId} is not ready`);
  }
  const connection =
    apiKey === undefined ? (await connected(deps, account)).connection : { baseUrl: remote.baseUrl, apiKey };
  const read = await deps.provider.readAccount(connection, remote.remoteAccountId);
  const shown =
    customer === undefined
      ? read.account
      : await deps.provider.changeAccount(connection, remote.remoteAccountId, customer, read.etag);
  const changed = withRemote(account, shown);
  if (apiKey === undefined || changed.remote === undefined) return changed;
  await deps.keys.putKey(account.providerAccountId, apiKey);
  return {
    ...changed,
    remote: { ...changed.remote, keySavedAt: isoInstant(deps.clock.now()) },
    troubles: changed.troubles.filter(({ what }) => what !== 'key-refused'),
  };
}
