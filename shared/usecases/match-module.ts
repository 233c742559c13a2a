import type { Channel, PersonalDataModule } from '../domain/channel.ts';
import { UnavailableError } from '../domain/errors.ts';
import {
  type PendingMatch,
  type ProviderAccount,
  type ProviderModule,
  ProviderRefusedError,
} from '../domain/provider-account.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { FollowUpStore } from '../ports/follow-up-store.ts';
import { releaseParked } from './park-personal-data.ts';
import {
  answerOf,
  connected,
  modulesOf,
  note,
  type ProviderAccountDeps,
  type ProviderAnswer,
  refused,
} from './provider-accounts.ts';

/** Times a row that somebody else changed in between is read and changed anew. */
const CHANGE_ATTEMPTS_MAX = 5;

export interface MatchModuleDeps extends ProviderAccountDeps {
  readonly followUps: FollowUpStore;
}

/**
 * Matches a module of an account to a channel: at most one channel per module, at most one module per channel, same
 * marketplace, same country. The intent is stored before the provider is told and taken away after the channel knows;
 * after an answer that never came the provider's list says what is the case. Repeating it changes nothing.
 */
export async function matchModule(
  deps: MatchModuleDeps,
  wanted: { readonly providerAccountId: string; readonly moduleId: string; readonly channelId: string },
  actor: string,
): Promise<ProviderAnswer<{ readonly channel: Channel }>> {
  const account = await deps.accounts.getProviderAccount(wanted.providerAccountId);
  if (account === undefined) return refused('account-not-here');
  return answerOf(async () => {
    const modules = await modulesOf(deps, account);
    const settled = await settlePending(deps, account, modules);
    const channels = await deps.channels.listChannels();
    const { module, channel } = fitting(wanted, modules, channels);

    const pending = pendingOf(deps, 'match', wanted);
    const intended = await putAccount(deps, settled, (stored) => ({ ...stored, pendingMatch: pending }));
    if (account.kind === 'http-provider' && module.matchedChannel !== channel.channelId) {
      await tellOfMatch(deps, intended, channel);
    }
    const matched = await finishMatch(deps, intended, pending);
    await note(deps, actor, 'personal-data-module-matched', account, {
      channelId: channel.channelId,
      moduleId: module.moduleId,
    });
    return { outcome: 'done', channel: matched };
  });
}

/** Takes a channel's module away, there and here. Its orders' personal data then comes with the order, or not at all. */
export async function unmatchModule(
  deps: MatchModuleDeps,
  { channelId }: { readonly channelId: string },
  actor: string,
): Promise<ProviderAnswer<{ readonly channel: Channel }>> {
  const channel = await deps.channels.getChannel(channelId);
  if (channel === undefined) return refused('channel-not-here');
  const module = channel.personalDataModule;
  if (module === undefined) return refused('channel-without-module');
  const account = await deps.accounts.getProviderAccount(module.providerAccountId);
  if (account === undefined) return refused('account-not-here');
  return answerOf(async () => {
    const settled = await settlePending(deps, account, await modulesOf(deps, account));
    const pending = pendingOf(deps, 'unmatch', { ...module, channelId });
    const intended = await putAccount(deps, settled, (stored) => ({ ...stored, pendingMatch: pending }));
    if (account.kind === 'http-provider') await tellOfUnmatch(deps, intended, pending);
    const changed = await setModule(deps, channelId, undefined);
    await putAccount(deps, intended, (stored) => ({
      ...withoutModuleTrouble(stored, module.moduleId),
      pendingMatch: undefined,
    }));
    await note(deps, actor, 'personal-data-module-unmatched', account, {
      channelId,
      moduleId: module.moduleId,
    });
    return { outcome: 'done', channel: changed };
  });
}

/** Module and channel when nothing speaks against matching them; the first thing that does is thrown. */
function fitting(
  wanted: { readonly providerAccountId: string; readonly moduleId: string; readonly channelId: string },
  modules: readonly ProviderModule[],
  channels: readonly Channel[],
): { readonly module: ProviderModule; readonly channel: Channel } {
  const module = modules.find(({ moduleId }) => moduleId === wanted.moduleId);
  const channel = channels.find(({ channelId }) => channelId === wanted.channelId);
  if (channel === undefined || channel.archivedAt !== undefined) throw refusal('channel-not-here');
  if (module === undefined) throw refusal('module-unknown');
  if (!module.active) throw refusal('module-inactive');
  if (module.kind !== channel.marketplace) throw refusal('marketplace-mismatch');
  if (module.country !== channel.country) throw refusal('country-mismatch');
  const own = channel.personalDataModule;
  if (own !== undefined && !isSame(own, wanted)) throw refusal('channel-already-matched');
  const isElsewhere =
    (module.matchedChannel !== undefined && module.matchedChannel !== channel.channelId) ||
    channels.some(
      ({ channelId, personalDataModule }) =>
        channelId !== channel.channelId &&
        personalDataModule !== undefined &&
        isSame(personalDataModule, wanted),
    );
  if (isElsewhere) throw refusal('module-already-matched');
  return { module, channel };
}

function isSame(one: PersonalDataModule, other: PersonalDataModule): boolean {
  return one.providerAccountId === other.providerAccountId && one.moduleId === other.moduleId;
}

function refusal(problem: ProviderRefusedError['problem']): ProviderRefusedError {
  return new ProviderRefusedError(problem, `match refused here: ${problem}`);
}

function pendingOf(
  { clock }: MatchModuleDeps,
  wanted: PendingMatch['wanted'],
  { moduleId, channelId }: { readonly moduleId: string; readonly channelId: string },
): PendingMatch {
  return { wanted, moduleId, channelId, at: isoInstant(clock.now()) };
}

/** A match whose result was never learnt: the provider's list tells, and the channel follows it. */
async function settlePending(
  deps: MatchModuleDeps,
  account: ProviderAccount,
  modules: readonly ProviderModule[],
): Promise<ProviderAccount> {
  const { pendingMatch } = account;
  if (pendingMatch === undefined) return account;
  const { wanted, moduleId, channelId } = pendingMatch;
  const isMatched = modules.some(
    (module) => module.moduleId === moduleId && module.matchedChannel === channelId,
  );
  if (account.kind === 'http-provider') {
    if (wanted === 'match' && isMatched) await finishMatch(deps, account, pendingMatch);
    if (wanted === 'unmatch' && !isMatched) await setModule(deps, channelId, undefined);
  }
  return putAccount(deps, account, (stored) => ({ ...stored, pendingMatch: undefined }));
}

async function tellOfMatch(deps: MatchModuleDeps, account: ProviderAccount, channel: Channel): Promise<void> {
  const { pendingMatch } = account;
  if (pendingMatch === undefined) throw new RangeError('a match without an intent');
  const { connection, remoteAccountId } = await connected(deps, account);
  const match = {
    remoteAccountId,
    moduleId: pendingMatch.moduleId,
    channelId: channel.channelId,
    channelCountry: channel.country,
  };
  try {
    await deps.provider.match(connection, match);
  } catch (error) {
    if (error instanceof ProviderRefusedError) {
      // Refused in so many words: the intent is answered.
      await putAccount(deps, account, (stored) => ({ ...stored, pendingMatch: undefined }));
    }
    if (!(error instanceof UnavailableError)) throw error;
    const modules = await deps.provider.listModules(connection, remoteAccountId);
    const done = modules.some(
      ({ moduleId, matchedChannel }) => moduleId === match.moduleId && matchedChannel === match.channelId,
    );
    if (!done) await deps.provider.match(connection, match);
  }
}

async function tellOfUnmatch(
  deps: MatchModuleDeps,
  account: ProviderAccount,
  { moduleId, channelId }: PendingMatch,
): Promise<void> {
  const { connection, remoteAccountId } = await connected(deps, account);
  try {
    await deps.provider.unmatch(connection, { remoteAccountId, moduleId });
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    const modules = await deps.provider.listModules(connection, remoteAccountId);
    const isMatched = modules.some(
      (module) => module.moduleId === moduleId && module.matchedChannel === channelId,
    );
    if (isMatched) await deps.provider.unmatch(connection, { remoteAccountId, moduleId });
  }
}

/** The channel learns of its module, the account that nothing is open any more, and what waited for it goes on. */
async function finishMatch(
  deps: MatchModuleDeps,
  account: ProviderAccount,
  { moduleId, channelId }: PendingMatch,
): Promise<Channel> {
  const module = { providerAccountId: account.providerAccountId, moduleId };
  const channel = await setModule(deps, channelId, module);
  await putAccount(deps, account, (stored) => ({
    ...withoutModuleTrouble(stored, moduleId),
    pendingMatch: undefined,
  }));
  await releaseParked(deps, channelId);
  return channel;
}

function withoutModuleTrouble(account: ProviderAccount, moduleId: string): ProviderAccount {
  return {
    ...account,
    troubles: account.troubles.filter(
      (trouble) => trouble.what !== 'module-not-matched' || trouble.moduleId !== moduleId,
    ),
  };
}

async function setModule(
  { channels }: MatchModuleDeps,
  channelId: string,
  personalDataModule: PersonalDataModule | undefined,
): Promise<Channel> {
  for (let attempt = 0; attempt < CHANGE_ATTEMPTS_MAX; attempt++) {
    const channel = await channels.getChannel(channelId);
    if (channel === undefined) throw refusal('channel-not-here');
    const version = channel.version ?? 1;
    if ((await channels.changeSettings(channelId, { personalDataModule }, version)) === 'changed') {
      return { ...channel, personalDataModule, version: version + 1 };
    }
  }
  throw refusal('changed-meanwhile');
}

/** Changes the account on the version it has by now; others write other fields of it. Answers it as stored. */
async function putAccount(
  { accounts }: MatchModuleDeps,
  account: ProviderAccount,
  change: (stored: ProviderAccount) => ProviderAccount,
): Promise<ProviderAccount> {
  let stored: ProviderAccount | undefined = account;
  for (let attempt = 0; attempt < CHANGE_ATTEMPTS_MAX; attempt++) {
    if (stored === undefined) throw refusal('account-not-here');
    const changed: ProviderAccount = change(stored);
    if ((await accounts.putProviderAccount(changed, stored.version)) === 'stored') {
      return { ...changed, version: stored.version + 1 };
    }
    stored = await accounts.getProviderAccount(account.providerAccountId);
  }
  throw refusal('changed-meanwhile');
}
