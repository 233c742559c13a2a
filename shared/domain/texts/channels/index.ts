import type { Account, AccountFindings, AccountProblem } from '../../account.ts';
import type { CredentialFault } from '../../account-credentials.ts';
import type { ChannelFault } from '../../channel-settings.ts';
import type { ChannelNotice } from '../../channel-view.ts';
import type { Marketplace } from '../../order.ts';
import { LANGUAGES, type Language } from '../index.ts';
import { en } from './en.ts';
import { it } from './it.ts';
import { type ChannelTexts, MARKETPLACE_NAMES } from './texts.ts';

export type { ChannelTexts } from './texts.ts';
export { MARKETPLACE_NAMES } from './texts.ts';

const TEXTS: Readonly<Record<Language, ChannelTexts>> = { it, en };

/** The words of one language. */
export function channelTexts(language: Language): ChannelTexts {
  return TEXTS[language];
}

/** What saving credentials came to; the answer of the use case, in what words need of it. */
export type CredentialsAnswer =
  | { readonly outcome: 'saved'; readonly tested: boolean; readonly account: Account }
  | { readonly outcome: 'invalid'; readonly faults: readonly CredentialFault[] }
  | { readonly outcome: 'invalid-account' | 'invalid-issue-date' | 'conflict' }
  | { readonly outcome: 'refused' | 'not-tested'; readonly problem: AccountProblem }
  | { readonly outcome: 'other-account'; readonly foundAccountId: string };

/**
 * What the operator is told after saving credentials: whether they work, what was found, what is missing.
 * @returns whole sentences of one language, to be shown one below the other
 */
export function credentialsMessages(
  marketplace: Marketplace,
  answer: CredentialsAnswer,
  language: Language,
): readonly string[] {
  const { credentials, problems } = TEXTS[language];
  switch (answer.outcome) {
    case 'saved':
      return [
        answer.tested
          ? credentials.saved(answer.account.accountId)
          : credentials.savedUntested(MARKETPLACE_NAMES[marketplace]),
        ...findingsMessages(answer.account.findings, language),
      ];
    case 'invalid':
      return answer.faults.map(({ field, fault }) => credentials.faults[fault](field));
    case 'invalid-account':
      return [credentials.invalidAccount(marketplace)];
    case 'invalid-issue-date':
      return [credentials.invalidIssueDate];
    case 'refused':
      return [problems[answer.problem](marketplace), credentials.nothingChanged];
    case 'not-tested':
      return [problems[answer.problem](marketplace), credentials.notTested];
    case 'other-account':
      return [credentials.otherAccount(answer.foundAccountId)];
    case 'conflict':
      return [credentials.conflict];
  }
}

/** What the marketplace said of an account. */
export function findingsMessages(found: AccountFindings | undefined, language: Language): readonly string[] {
  if (found === undefined) return [];
  const { findings, notices } = TEXTS[language];
  const active = found.sites.filter((site) => site.active).map(({ name }) => name);
  return [
    ...(found.shopName === undefined ? [] : [findings.shop(found.shopName)]),
    active.length === 0 ? findings.noSites : findings.sites(active.join(', ')),
    ...found.missing.map((permission) => notices['permission-missing'](permission)),
  ];
}

/** One sentence of a channel's view. */
export function noticeMessage({ code, detail }: ChannelNotice, language: Language): string {
  return TEXTS[language].notices[code](detailInWords(code, detail, language));
}

/** Why a channel cannot be as it was asked for. */
export function faultMessages(
  marketplace: Marketplace,
  faults: readonly ChannelFault[],
  language: Language,
): readonly string[] {
  return faults.map((fault) => TEXTS[language].faults[fault](marketplace));
}

/** What a dry run came to; the answer of the use case, in what words need of it. */
export type DryRunAnswer =
  | {
      readonly outcome: 'counted';
      readonly complete: boolean;
      readonly counts: {
        readonly total: number;
        readonly known: number;
        readonly withoutPersonalData: number;
        readonly notCovered: number;
        readonly unreadable: number;
      };
      readonly refusedSiteIds: readonly string[];
    }
  | { readonly outcome: 'unknown-channel' | 'archived' | 'nothing-to-pull' }
  | { readonly outcome: 'no-calls-left'; readonly retryAfterMs: number }
  | { readonly outcome: 'failed'; readonly problem: AccountProblem };

/** What switching the order sync on would bring. */
export function dryRunMessages(
  marketplace: Marketplace,
  answer: DryRunAnswer,
  language: Language,
): readonly string[] {
  const { dryRun, refusals, problems } = TEXTS[language];
  switch (answer.outcome) {
    case 'counted': {
      const { complete, counts, refusedSiteIds } = answer;
      return [
        dryRun.counted({ ...counts, complete }),
        ...(counts.notCovered > 0 ? [dryRun.notCovered(counts.notCovered)] : []),
        ...(counts.unreadable > 0 ? [dryRun.unreadable(counts.unreadable)] : []),
        ...(refusedSiteIds.length > 0 ? [dryRun.refusedSites(refusedSiteIds.join(', '))] : []),
      ];
    }
    case 'unknown-channel':
      return [refusals.unknownChannel];
    case 'archived':
      return [refusals.archived];
    case 'nothing-to-pull':
      return [dryRun.nothingToPull];
    case 'no-calls-left':
      return [dryRun.noCallsLeft(Math.ceil(answer.retryAfterMs / 60_000))];
    case 'failed':
      return [problems[answer.problem](marketplace)];
  }
}

/** The same sentences in every language, Italian first, one a line. */
export function inBothLanguages(sentences: (language: Language) => readonly string[]): readonly string[] {
  return LANGUAGES.flatMap((language) => sentences(language));
}

/** The details that are codes in the view; the others are names already. */
function detailInWords(code: ChannelNotice['code'], detail: string, language: Language): string {
  const { expiries, problemNames } = TEXTS[language];
  const codes =
    code === 'failing' ? problemNames : code === 'expired' || code === 'expires-soon' ? expiries : {};
  const words: readonly (readonly [string, string])[] = Object.entries(codes);
  const known = words.find(([word]) => detail.startsWith(word));
  return known === undefined ? detail : detail.replace(known[0], known[1]);
}
