import { expect, test } from 'vitest';
import { MARKETPLACES } from '../../order.ts';
import { RECEIPT_UPLOAD_REASONS, RECEIPT_UPLOAD_STATES } from '../../receipt-upload.ts';
import { receiptUploadText, uploadRefusalText } from './index.ts';
import { UPLOAD_REFUSALS } from './texts.ts';

test('every state, reason and refusal is a sentence of its own in both languages', () => {
  const texts = [
    ...RECEIPT_UPLOAD_STATES.map((state) => receiptUploadText({ marketplace: 'manomano', state })),
    ...RECEIPT_UPLOAD_REASONS.map((reason) =>
      receiptUploadText({ marketplace: 'manomano', state: 'rejected', reason }),
    ),
    ...UPLOAD_REFUSALS.map((refusal) => uploadRefusalText('manomano', refusal)),
  ];
  for (const language of ['it', 'en'] as const) {
    const sentences = texts.map((text) => text[language]);
    expect(new Set(sentences).size).toBe(sentences.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-ZÈ].*\.$/);
  }
});

test.each(MARKETPLACES)(
  '%s is named as people write it, and its code stands behind what it refused',
  (marketplace) => {
    const { it, en, code } = receiptUploadText({
      marketplace,
      state: 'rejected',
      reason: 'rejected',
      code: '79513',
    });
    expect(code).toBe('rejected');
    for (const sentence of [it, en]) {
      expect(sentence).toContain('(79513)');
      expect(sentence.toLowerCase()).toContain(marketplace);
    }
  },
);
