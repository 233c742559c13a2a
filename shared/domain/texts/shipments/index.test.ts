import { expect, test } from 'vitest';
import { FILE_PROBLEMS } from '../../shipment-file.ts';
import { SHIPMENT_REFUSALS } from '../../shipment-refusal.ts';
import { LANGUAGES } from '../index.ts';
import { en } from './en.ts';
import {
  courierAccountTexts,
  fileProblemText,
  makingProblemText,
  makingWarningText,
  shipmentRefusalText,
} from './index.ts';

test.each(LANGUAGES)('in %s every code has a sentence of its own, with and without a detail', (language) => {
  const { invalid, ...plain } = courierAccountTexts(language);
  const making = Object.keys(en.making) as (keyof typeof en.making)[];
  const warnings = Object.keys(en.warnings) as (keyof typeof en.warnings)[];
  for (const detail of ['', 'X-1']) {
    const sentences = [
      ...SHIPMENT_REFUSALS.map((code) => shipmentRefusalText({ code, detail }, language)),
      ...FILE_PROBLEMS.map((code) => fileProblemText({ code, detail }, language)),
      ...making.map((problem) => makingProblemText(problem, language)),
      ...warnings.map((warning) => makingWarningText(warning, language)),
      ...Object.values(plain),
      invalid(detail),
    ];
    expect(new Set(sentences).size).toBe(sentences.length);
    for (const sentence of sentences) {
      expect(sentence).toMatch(/^[A-ZÈ].{10,}[.]$/);
      expect(sentence).not.toMatch(/undefined|\(\)| {2}/);
    }
  }
});

test('a row that a shipment’s rules refuse is told in their words', () => {
  const refusal = { code: 'too-many', detail: 'A: 2 > 1' } as const;
  expect(fileProblemText(refusal, 'it')).toBe(shipmentRefusalText(refusal, 'it'));
});
