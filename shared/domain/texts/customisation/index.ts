import type { Language } from '../index.ts';
import { en } from './en.ts';
import { it } from './it.ts';
import type { CustomisationTexts } from './texts.ts';

const TEXTS: Readonly<Record<Language, CustomisationTexts>> = { it, en };

/** A problem in words; null for a code that has none. */
export function customisationText(problem: string, language: Language): string | null {
  const texts: Readonly<Record<string, string>> = TEXTS[language];
  return Object.hasOwn(texts, problem) ? (texts[problem] ?? null) : null;
}
