import { expect, test } from 'vitest';
import { PROVIDER_PROBLEMS } from '../../provider-account.ts';
import { providerText } from './index.ts';

test('every problem has a sentence of its own in each language, and both when none is named', () => {
  for (const language of ['it', 'en'] as const) {
    const sentences = PROVIDER_PROBLEMS.map((problem) => providerText(problem, language));
    expect(new Set(sentences).size).toBe(PROVIDER_PROBLEMS.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/);
  }
  expect(providerText('country-mismatch')).toBe(
    "Il modulo è di un paese diverso da quello del canale. — The module's country is not the channel's.",
  );
});
