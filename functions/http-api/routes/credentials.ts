import {
  channelTexts,
  credentialsMessages,
  dryRunMessages,
  findingsMessages,
  noticeMessage,
} from '../../../shared/domain/texts/channels/index.ts';
import type { Language } from '../../../shared/domain/texts/index.ts';
import { Problem, type ProblemKind } from '../../../shared/runtime/http-problem.ts';
import { checkAccount } from '../../../shared/usecases/check-accounts.ts';
import { type DryRunDeps, dryRunChannel } from '../../../shared/usecases/dry-run-channel.ts';
import {
  type CredentialsToSave,
  type SaveCredentialsDeps,
  saveCredentials,
} from '../../../shared/usecases/save-credentials.ts';
import { shownAccount } from '../../../shared/usecases/show-accounts.ts';
import type { Answered, Asked } from '../implementation.ts';
import { accountDocument } from './channels.ts';

export type CredentialsDeps = Omit<SaveCredentialsDeps, 'actor'> & DryRunDeps;

type AccountProblem = Extract<
  Awaited<ReturnType<typeof saveCredentials>>,
  { outcome: 'refused' | 'not-tested' }
>['problem'];
type Marketplace = CredentialsToSave['marketplace'];
type Sentences = (language: Language) => readonly string[];
type SavedBody = Answered<'saveAmazonCredentials'>;

/** What a person asks one marketplace for; each is under a route of the marketplace's own. */
export function marketplaceRoutes(deps: CredentialsDeps, marketplace: Marketplace) {
  return {
    /** Secrets come in by `sent`, and nothing of them is in any answer. */
    async save(
      sent: Omit<CredentialsToSave, 'marketplace' | 'siteIds'>,
      { caller }: Pick<Asked<'saveAmazonCredentials'>, 'caller'>,
    ): Promise<SavedBody> {
      const saved = await saveCredentials({ ...deps, actor: caller.subject }, { ...sent, marketplace });
      const told: Sentences = (language) => credentialsMessages(marketplace, saved, language);
      switch (saved.outcome) {
        case 'saved': {
          const off = await isOrderSyncOff(deps, marketplace, sent.accountId);
          return {
            body: {
              account: accountDocument(shownAccount(saved.account, deps.clock.now())),
              tested: saved.tested,
              messages: inEach((language) => [
                ...told(language),
                ...(off ? [noticeMessage({ code: 'orders-off', detail: '' }, language)] : []),
              ]),
            },
          };
        }
        case 'invalid':
          throw new Problem('refused', {
            code: 'invalid-credentials',
            words: words(told),
            issues: saved.faults.map(({ field, fault }) => ({ where: 'body' as const, field, rule: fault })),
          });
        case 'refused':
          throw new Problem('refused', { code: saved.problem, words: words(told) });
        case 'not-tested':
          throw new Problem('unavailable', {
            code: 'not-tested',
            words: words(told),
            retryAfterMs: saved.retryAfterMs,
          });
        case 'conflict':
          throw new Problem('conflict', { words: words(told) });
        default:
          throw new Problem('refused', { code: saved.outcome, words: words(told) });
      }
    },

    async test({
      params: { accountId },
    }: Pick<Asked<'testAmazonCredentials'>, 'params'>): Promise<Answered<'testAmazonCredentials'>> {
      const check = await checkAccount(deps, { marketplace, accountId, waits: false });
      const refused = (kind: ProblemKind, sentences: Sentences): Problem =>
        new Problem(kind, { code: check.outcome, words: words(sentences) });
      switch (check.outcome) {
        case 'checked': {
          const { problem, state, findings } = check.account;
          return {
            body: {
              account: accountDocument({ ...check.account, marketplace, accountId }),
              messages: inEach((language) => [
                problem === undefined
                  ? `${accountId}: ${channelTexts(language).states[state]}.`
                  : channelTexts(language).problems[problem](marketplace),
                ...(problem === undefined ? findingsMessages(findings, language) : []),
              ]),
            },
          };
        }
        case 'no-credentials':
          throw refused('conflict', (language) => [channelTexts(language).refusals.noCredentials]);
        case 'unreadable-credentials':
          throw refused('conflict', (language) => [
            channelTexts(language).problems['unexpected-answer'](marketplace),
          ]);
        case 'changed-meanwhile':
          throw refused('conflict', (language) => [channelTexts(language).refusals.conflict]);
        case 'no-calls-left':
          throw refused('throttled', (language) => [channelTexts(language).problems.throttled(marketplace)]);
      }
    },

    async dryRun({
      params: { channelId },
      remainingMs,
    }: Pick<Asked<'dryRunAmazonChannel'>, 'params' | 'remainingMs'>): Promise<
      Answered<'dryRunAmazonChannel'>
    > {
      const channel = await deps.channels.getChannel(channelId);
      // Another marketplace's channel is none of this function's.
      if (channel?.marketplace !== marketplace) throw new Problem('not-found');
      const answer = await dryRunChannel(deps, channelId, remainingMs);
      const told: Sentences = (language) => dryRunMessages(marketplace, answer, language);
      switch (answer.outcome) {
        case 'counted': {
          const { complete, window, counts, refusedSiteIds } = answer;
          return { body: { complete, window, counts, refusedSiteIds, messages: inEach(told) } };
        }
        case 'nothing-to-pull':
          return {
            body: {
              complete: true,
              window: null,
              counts: { total: 0, known: 0, withoutPersonalData: 0, notCovered: 0, unreadable: 0 },
              refusedSiteIds: [],
              messages: inEach(told),
            },
          };
        case 'unknown-channel':
          throw new Problem('not-found');
        case 'archived':
          throw new Problem('conflict', { code: answer.outcome, words: words(told) });
        case 'no-calls-left':
          throw new Problem('throttled', { words: words(told), retryAfterMs: answer.retryAfterMs });
        case 'failed':
          throw new Problem(KIND_OF[answer.problem], { code: answer.problem, words: words(told) });
      }
    },
  };
}

const KIND_OF: Readonly<Record<AccountProblem, ProblemKind>> = {
  unauthorised: 'refused',
  forbidden: 'refused',
  throttled: 'throttled',
  unavailable: 'unavailable',
  'unexpected-answer': 'unexpected-answer',
};

/** Whether a channel of the account, or the one still to be opened, brings no orders yet. */
async function isOrderSyncOff(
  { channels }: Pick<CredentialsDeps, 'channels'>,
  marketplace: Marketplace,
  accountId: string,
): Promise<boolean> {
  const own = (await channels.listChannels()).filter(
    (channel) =>
      channel.archivedAt === undefined &&
      channel.marketplace === marketplace &&
      channel.accountId === accountId,
  );
  return own.length === 0 || own.some(({ ordersSync }) => !ordersSync);
}

function inEach(sentences: Sentences): Readonly<Record<Language, readonly string[]>> {
  return { it: sentences('it'), en: sentences('en') };
}

function words(sentences: Sentences): { readonly detail: string; readonly detailEn: string } {
  return { detail: sentences('it').join(' '), detailEn: sentences('en').join(' ') };
}
