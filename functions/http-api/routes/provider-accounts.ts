import { providerText } from '../../../shared/domain/texts/personal-data/index.ts';
import { Problem } from '../../../shared/runtime/http-problem.ts';
import { type MatchModuleDeps, matchModule, unmatchModule } from '../../../shared/usecases/match-module.ts';
import {
  changeProviderAccount,
  chooseProviderAccount,
  createProviderAccount,
  listModules,
  listProviderAccounts,
  type ProviderAnswer,
  readProviderAccount,
} from '../../../shared/usecases/provider-accounts.ts';
import type { Answered, Implementations } from '../implementation.ts';

type Account = Awaited<ReturnType<typeof listProviderAccounts>>[number];
type Refused = Extract<ProviderAnswer, { readonly outcome: 'refused' }>;

export function providerAccountRoutes(
  deps: MatchModuleDeps,
): Pick<
  Implementations,
  | 'listProviderAccounts'
  | 'createProviderAccount'
  | 'chooseProviderAccount'
  | 'readProviderAccount'
  | 'changeProviderAccount'
  | 'listProviderModules'
  | 'matchModule'
  | 'unmatchModule'
> {
  return {
    listProviderAccounts: async () => ({
      body: { accounts: (await listProviderAccounts(deps)).map(accountDocument) },
    }),

    async createProviderAccount({ body, caller }) {
      return accountAnswer(done(await createProviderAccount(deps, body, caller.subject)).account);
    },

    async chooseProviderAccount({ body, caller }) {
      return accountAnswer(done(await chooseProviderAccount(deps, body, caller.subject)).account);
    },

    async readProviderAccount({ params: { providerAccountId } }) {
      return accountAnswer(done(await readProviderAccount(deps, providerAccountId)).account);
    },

    async changeProviderAccount({ params: { providerAccountId }, body, version, caller }) {
      const wanted = { providerAccountId, expectedVersion: version, changes: body };
      return accountAnswer(done(await changeProviderAccount(deps, wanted, caller.subject)).account);
    },

    async listProviderModules({ params: { providerAccountId } }) {
      const { modules } = done(await listModules(deps, providerAccountId));
      return {
        body: {
          modules: modules.map((module) => ({ ...module, matchedChannel: module.matchedChannel ?? null })),
        },
      };
    },

    async matchModule({ params: { channelId }, body, caller }) {
      const { channel } = done(await matchModule(deps, { ...body, channelId }, caller.subject));
      return { body: { channelId, personalDataModule: channel.personalDataModule ?? null } };
    },

    async unmatchModule({ params: { channelId }, caller }) {
      done(await unmatchModule(deps, { channelId }, caller.subject));
      return { body: { channelId, personalDataModule: null } };
    },
  };
}

/** What was done; what was refused becomes the problem that is answered. */
function done<Answer extends { readonly outcome: 'done' }>(answer: Answer | Refused): Answer {
  if (answer.outcome === 'done') return answer;
  const { problem: code } = answer;
  const words = { detail: providerText(code, 'it'), detailEn: providerText(code, 'en') };
  switch (code) {
    case 'account-not-here':
    case 'channel-not-here':
    case 'module-unknown':
      throw new Problem('not-found', { code, words });
    case 'changed-meanwhile':
      throw new Problem('changed-meanwhile');
    case 'id-taken':
    case 'account-of-another':
    case 'module-already-matched':
    case 'channel-already-matched':
    case 'channel-without-module':
    case 'not-ready':
      throw new Problem('conflict', { code, words });
    case 'provider-throttled':
      throw new Problem('throttled', { code, words, retryAfterMs: PROVIDER_RETRY_MS });
    case 'provider-unavailable':
      throw new Problem('unavailable', { code, words, retryAfterMs: PROVIDER_RETRY_MS });
    case 'unexpected-answer':
      throw new Problem('unexpected-answer');
    default:
      throw new Problem('refused-by-partner', { code, words });
  }
}

/** A provider that is too busy or away needs about this long. */
const PROVIDER_RETRY_MS = 30_000;

function accountAnswer(account: Account): Answered<'readProviderAccount'> {
  return { body: accountDocument(account), version: account.version };
}

function accountDocument(account: Account): Answered<'readProviderAccount'>['body'] {
  const { providerAccountId, kind, name, remote, troubles, version } = account;
  return {
    providerAccountId,
    kind,
    name,
    baseUrl: remote?.baseUrl ?? null,
    remoteAccountId: remote?.remoteAccountId ?? null,
    status: remote?.status ?? null,
    expiresAt: remote?.expiresAt ?? null,
    keySavedAt: remote?.keySavedAt ?? null,
    troubles: troubles.map(({ what, moduleId, since }) => ({ what, moduleId: moduleId ?? null, since })),
    version,
  };
}
