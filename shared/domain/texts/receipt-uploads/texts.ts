import type { ReceiptUploadReason, ReceiptUploadState } from '../../receipt-upload.ts';

export interface UploadWords {
  /** The marketplace as people write it. */
  readonly marketplace: string;
  /** The marketplace's own code, with what stands around it; empty where it gave none. */
  readonly code: string;
}
type Sentence = (words: UploadWords) => string;

export interface ReceiptUploadTexts {
  readonly states: Readonly<Record<ReceiptUploadState, Sentence>>;
  readonly reasons: Readonly<Record<ReceiptUploadReason, Sentence>>;
  readonly refusals: Readonly<Record<UploadRefusal, Sentence>>;
}

/** Why a person cannot have an upload tried again. */
export const UPLOAD_REFUSALS = ['nothing-to-retry', 'under-way', 'look-first', 'changed-meanwhile'] as const;
export type UploadRefusal = (typeof UPLOAD_REFUSALS)[number];
