import { describe, expect, it } from 'vitest';
import { ACCOUNT_PROBLEMS } from '../../account.ts';
import { CHANNEL_FAULTS } from '../../channel-settings.ts';
import { CHANNEL_NOTICES } from '../../channel-view.ts';
import { MARKETPLACES } from '../../order.ts';
import { LANGUAGES } from '../index.ts';
import {
  channelTexts,
  credentialsMessages,
  dryRunMessages,
  faultMessages,
  inBothLanguages,
  noticeMessage,
} from './index.ts';

const counts = { total: 37, known: 2, withoutPersonalData: 1, notCovered: 0, unreadable: 0 };

describe('sentences about channels', () => {
  it.each(LANGUAGES)('in %s, every code has a sentence of its own, with and without a detail', (language) => {
    const texts = channelTexts(language);
    const sentences = [
      ...CHANNEL_NOTICES.flatMap((code) => [
        noticeMessage({ code, detail: '' }, language),
        noticeMessage({ code, detail: 'X-1' }, language),
      ]),
      ...MARKETPLACES.flatMap((marketplace) => [
        ...faultMessages(marketplace, CHANNEL_FAULTS, language),
        ...ACCOUNT_PROBLEMS.flatMap((problem) => [
          ...credentialsMessages(marketplace, { outcome: 'refused', problem }, language),
          ...credentialsMessages(marketplace, { outcome: 'not-tested', problem }, language),
        ]),
      ]),
      ...Object.values(texts.refusals).map((text) => (typeof text === 'string' ? text : text('X-1'))),
    ];
    for (const sentence of sentences) {
      // eBay writes itself with a small letter.
      expect(sentence).toMatch(/^[A-ZÈe].{15,}\.$/);
      expect(sentence).not.toMatch(/undefined|\(\)|“”| {2}/);
    }
    const bare = CHANNEL_NOTICES.map((code) => noticeMessage({ code, detail: '' }, language));
    expect(new Set(bare).size).toBe(CHANNEL_NOTICES.length);
  });

  it('says that the order sync is off until it is switched on', () => {
    const off = { code: 'orders-off', detail: '' } as const;
    expect(noticeMessage(off, 'it')).toBe(
      'La sincronizzazione degli ordini è spenta finché non la accendi nelle impostazioni del canale.',
    );
    expect(noticeMessage(off, 'en')).toContain('off until you switch it on');
  });

  it('says what a dry run would bring, and "at least" when there is more', () => {
    const all = { outcome: 'counted', complete: true, counts, refusedSiteIds: [] } as const;
    expect(dryRunMessages('amazon', all, 'it')).toEqual([
      '37 ordini, 2 già presenti, 1 senza dati personali.',
    ]);
    expect(dryRunMessages('amazon', { ...all, complete: false }, 'en')).toEqual([
      'At least 37 orders, 2 known, 1 without personal data.',
    ]);
  });

  it('says what a dry run would leave out, one by one and together', () => {
    const answer = (notCovered: number, unreadable: number) =>
      dryRunMessages(
        'amazon',
        {
          outcome: 'counted',
          complete: true,
          counts: { ...counts, notCovered, unreadable },
          refusedSiteIds: ['70002'],
        },
        'it',
      );
    expect(answer(1, 1).slice(1)).toEqual([
      '1 ordine è di un sito che il canale non copre: non verrebbe salvato.',
      "1 ordine non è leggibile: segnalalo all'assistenza prima di accendere.",
      'Il marketplace ha rifiutato di cercare in alcuni siti o contratti: 70002.',
    ]);
    expect(answer(2, 3)[1]).toContain('2 ordini sono di siti');
  });

  it('names what expires in words', () => {
    const notice = { code: 'expires-soon', detail: 'signing-key 2026-12-01' } as const;
    expect(noticeMessage(notice, 'it')).toContain('(chiave di firma 2026-12-01)');
    expect(noticeMessage(notice, 'en')).toContain('(signing key 2026-12-01)');
  });

  it('names why an account fails in words', () => {
    const notice = { code: 'failing', detail: 'throttled' } as const;
    expect(noticeMessage(notice, 'it')).toContain('(troppe richieste)');
    expect(noticeMessage(notice, 'en')).toContain('(too many requests)');
  });

  it('gives both languages, Italian first', () => {
    const both = inBothLanguages((language) => faultMessages('ebay', ['name'], language));
    expect(both).toEqual([
      ...faultMessages('ebay', ['name'], 'it'),
      ...faultMessages('ebay', ['name'], 'en'),
    ]);
  });
});
