import type { ReceiptSettingProblem } from '../../receipt-settings-check.ts';
import { en } from './en.ts';
import { it } from './it.ts';

/** Why settings of receipts are not taken, and what to do: for people, in both languages. */
export function receiptSettingTexts(
  problem: ReceiptSettingProblem,
  about = '',
): { readonly it: string; readonly en: string } {
  return { it: it[problem](about), en: en[problem](about) };
}
