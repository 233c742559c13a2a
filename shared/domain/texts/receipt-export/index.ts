import type { Language } from '../index.ts';
import { en } from './en.ts';
import { it } from './it.ts';
import type { ReceiptExportTexts } from './texts.ts';

/** The export's words by language. */
export const RECEIPT_EXPORT_TEXTS: Readonly<Record<Language, ReceiptExportTexts>> = { it, en };
