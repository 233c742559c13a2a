import type { Marketplace } from '../../order.ts';
import type { ReceiptUpload } from '../../receipt-upload.ts';
import { en } from './en.ts';
import { it } from './it.ts';
import type { UploadRefusal, UploadWords } from './texts.ts';

export type { UploadRefusal };

/** A code for programs, and sentences for people. */
interface Text {
  readonly code: string;
  readonly it: string;
  readonly en: string;
}

const SPELLED: Readonly<Record<Marketplace, string>> = {
  amazon: 'Amazon',
  ebay: 'eBay',
  manomano: 'ManoMano',
};

/** Where an upload stands and why, and what to do about it. */
export function receiptUploadText({
  marketplace,
  state,
  reason,
  code,
}: Pick<ReceiptUpload, 'marketplace' | 'state' | 'reason' | 'code'>): Text {
  const words: UploadWords = {
    marketplace: SPELLED[marketplace],
    code: code === undefined ? '' : ` (${code})`,
  };
  const sentences = ({ states, reasons }: typeof it): string =>
    [states[state](words), ...(reason === undefined ? [] : [reasons[reason](words)])].join(' ');
  return { code: reason ?? state, it: sentences(it), en: sentences(en) };
}

export function uploadRefusalText(marketplace: Marketplace, refusal: UploadRefusal): Text {
  const words: UploadWords = { marketplace: SPELLED[marketplace], code: '' };
  return { code: refusal, it: it.refusals[refusal](words), en: en.refusals[refusal](words) };
}
