import { describe, expect, it } from 'vitest';
import { WARNING_CODES } from '../report.ts';
import { NOTICE_CODES, REFUSAL_CODES, REJECT_REASONS } from '../statement.ts';
import { LANGUAGES, noticeText, refusalText, rejectText, warningText } from './index.ts';

describe('sentences for the operator', () => {
  it.each(LANGUAGES)('in %s, every code has one of its own, with and without a detail', (language) => {
    const sentences = [
      ...REFUSAL_CODES.flatMap((code) => [
        refusalText(code, '', language),
        refusalText(code, 'X-1', language),
      ]),
      ...REJECT_REASONS.map((reason) => rejectText(reason, language)),
      ...NOTICE_CODES.flatMap((code) => [noticeText(code, '', language), noticeText(code, 'X-1', language)]),
      ...WARNING_CODES.flatMap((code) => [
        warningText(code, '', language),
        warningText(code, 'X-1', language),
      ]),
    ];
    for (const sentence of sentences) {
      expect(sentence).toMatch(/^[A-ZÈ].{15,}\.$/);
      expect(sentence).not.toMatch(/undefined|\(\)|“”| {2}/);
    }
    const withoutDetail = REFUSAL_CODES.map((code) => refusalText(code, '', language));
    expect(new Set(withoutDetail).size).toBe(REFUSAL_CODES.length);
  });

  it('says what to download instead of a file that has no rows to read', () => {
    for (const code of ['empty', 'pdf', 'xlsx', 'xml', 'transaction-view', 'not-a-payment-report'] as const) {
      expect(refusalText(code, '', 'it')).toContain('Report > Pagamenti > Archivio Report');
      expect(refusalText(code, '', 'it')).toContain('Scarica Flat File V2');
      expect(refusalText(code, '', 'en')).toContain('All Statements');
    }
  });

  it('joins both languages when none is named, Italian first', () => {
    const both = refusalText('unknown-columns', 'Altro');
    expect(both).toBe(
      `${refusalText('unknown-columns', 'Altro', 'it')} — ${refusalText('unknown-columns', 'Altro', 'en')}`,
    );
    expect(both.match(/Altro/g)).toHaveLength(2);
  });
});
