import { expect, test } from 'vitest';
import { en } from './en.ts';
import { customisationText } from './index.ts';

test('every problem has a sentence of its own in each language', () => {
  const problems = Object.keys(en);
  for (const language of ['it', 'en'] as const) {
    const sentences = problems.map((problem) => customisationText(problem, language));
    expect(new Set(sentences).size).toBe(problems.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/);
  }
});

test('a file that is never named sends the operator to the option that has to be on', () => {
  expect(customisationText('no-file-named', 'en')).toContain('Orders > Order Reports > settings');
  expect(customisationText('no-file-named', 'it')).toContain('Ordini > Report ordini > impostazioni');
});

test('a code without a sentence has none, not even one that every object has', () => {
  expect(customisationText('something-new', 'it')).toBeNull();
  expect(customisationText('toString', 'it')).toBeNull();
});
