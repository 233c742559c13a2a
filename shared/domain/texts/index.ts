import type { ReportWarning } from '../report.ts';
import type { ReadNotice, RefusalCode, RejectReason } from '../statement.ts';
import { en } from './en.ts';
import { it } from './it.ts';
import type { Labels, Texts } from './texts.ts';

/**
 * Sentences for the shop's operator, one place per language.
 * Every function gives the sentence in one language, or in both, Italian first, when none is named.
 */
export const LANGUAGES = ['it', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

const TEXTS: Readonly<Record<Language, Texts>> = { it, en };

/** Why a file was refused and what to download instead. */
export function refusalText(code: RefusalCode, detail: string, language?: Language): string {
  return inLanguages((texts) => texts.refusals[code](detail), language);
}

/** Why one row was set aside. */
export function rejectText(reason: RejectReason, language?: Language): string {
  return inLanguages((texts) => texts.rejects[reason], language);
}

/** What a person should know about a file that was read. */
export function noticeText(code: ReadNotice['code'], detail: string, language?: Language): string {
  return inLanguages((texts) => texts.notices[code](detail), language);
}

/** What a person should know about an import that went through. */
export function warningText(code: ReportWarning['code'], detail: string, language?: Language): string {
  return inLanguages((texts) => texts.warnings[code](detail), language);
}

/** Words of tables and lists in one language. */
export function labels(language: Language): Labels {
  return TEXTS[language].labels;
}

function inLanguages(sentence: (texts: Texts) => string, language: Language | undefined): string {
  const languages = language === undefined ? LANGUAGES : [language];
  return languages.map((each) => sentence(TEXTS[each])).join(' — ');
}
