import type { ReceiptProblem } from '../../receipt.ts';
import type { Language } from '../index.ts';
import { en } from './en.ts';
import { it } from './it.ts';
import type { ReceiptTexts } from './texts.ts';

const TEXTS: Readonly<Record<Language, ReceiptTexts>> = { it, en };

/**
 * Why a receipt is not issued (yet), and what to do: in one language, or in both, Italian first.
 * @param details what it is about: a channel, a rule, SKUs, codes
 */
export function receiptText(
  problem: ReceiptProblem,
  details: readonly string[] = [],
  language?: Language,
): string {
  const about = details.join(', ');
  return language === undefined
    ? `${it[problem](about)} — ${en[problem](about)}`
    : TEXTS[language][problem](about);
}

/** The same with its code, in both languages. */
export function receiptTexts(
  problem: ReceiptProblem,
  details: readonly string[] = [],
): { readonly code: string; readonly it: string; readonly en: string } {
  return {
    code: problem,
    it: receiptText(problem, details, 'it'),
    en: receiptText(problem, details, 'en'),
  };
}
