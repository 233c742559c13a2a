import type { ProviderProblem } from '../../provider-account.ts';
import type { Language } from '../index.ts';
import { en } from './en.ts';
import { it } from './it.ts';

const TEXTS: Readonly<Record<Language, Readonly<Record<ProviderProblem, string>>>> = { it, en };

/** Why something about a provider account was not done, and what to do: in one language, or in both, Italian first. */
export function providerText(problem: ProviderProblem, language?: Language): string {
  return language === undefined ? `${it[problem]} — ${en[problem]}` : TEXTS[language][problem];
}
