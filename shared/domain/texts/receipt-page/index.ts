import type { ReceiptLanguage } from '../../receipt.ts';
import { en } from './en.ts';
import { it } from './it.ts';
import type { ReceiptPageTexts } from './texts.ts';

/** The words on a receipt in its language. */
export const RECEIPT_PAGE_TEXTS: Readonly<Record<ReceiptLanguage, ReceiptPageTexts>> = { it, en };
