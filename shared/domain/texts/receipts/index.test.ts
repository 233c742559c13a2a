import { expect, test } from 'vitest';
import { RECEIPT_PROBLEMS } from '../../receipt.ts';
import { receiptText } from './index.ts';

test('every problem has a sentence of its own in each language, and both when none is named', () => {
  for (const language of ['it', 'en'] as const) {
    const sentences = RECEIPT_PROBLEMS.map((problem) => receiptText(problem, ['X'], language));
    expect(new Set(sentences).size).toBe(RECEIPT_PROBLEMS.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-ZÈ].*\.$/);
  }
  expect(receiptText('order-not-here')).toBe('Questo ordine non esiste. — There is no such order.');
});

test('says where an association is set, and that an electronic invoice needs an issuer that talks to SdI', () => {
  expect(receiptText('no-association', ['ebay-it'], 'it')).toBe(
    "Non si può emettere la ricevuta: il canale ebay-it non è associato a nessun emittente. L'associazione si imposta nelle impostazioni del canale, alla voce Ricevute.",
  );
  expect(receiptText('electronic-invoice-not-possible', ['business'], 'en')).toMatch(
    /rule: business.*Associate the channel with an issuer that talks to SdI/,
  );
});
