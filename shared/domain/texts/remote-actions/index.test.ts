import { describe, expect, test } from 'vitest';
import { aRemoteAction } from '../../../../tests/support/remote-actions.ts';
import { MARKETPLACES } from '../../order.ts';
import {
  REMOTE_ACTION_KINDS,
  REMOTE_ACTION_REASONS,
  REMOTE_ACTION_STATES,
  type RemoteActionWish,
} from '../../remote-action.ts';
import { REMOTE_BLOCKS, WISH_FAULTS } from '../../remote-capabilities.ts';
import { remoteActionText, remoteEffectTexts, remoteRefusalText } from './index.ts';

const WISHES: Readonly<Record<(typeof REMOTE_ACTION_KINDS)[number], RemoteActionWish>> = {
  accept: { kind: 'accept' },
  refuse: { kind: 'refuse' },
  ship: { kind: 'ship', courier: 'brt', trackingNumber: '1', lines: [] },
  cancel: { kind: 'cancel', reason: 'other' },
  'approve-cancellation': { kind: 'approve-cancellation' },
  'reject-cancellation': { kind: 'reject-cancellation' },
  refund: {
    kind: 'refund',
    reason: 'other',
    currency: 'EUR',
    lines: [{ orderLineId: '1', goodsMinor: 150, shippingMinor: 1 }],
  },
};

describe.each(MARKETPLACES)('of %s', (marketplace) => {
  test.each([...REMOTE_BLOCKS, ...WISH_FAULTS])('%s is a sentence in both languages', (code) => {
    const { it, en } = remoteRefusalText(marketplace, { code, detail: '10', blockedBy: aRemoteAction() });
    for (const sentence of [it, en]) {
      expect(sentence).toMatch(/^\S.*\.$/);
      expect(sentence).not.toContain('undefined');
    }
    expect(it).not.toBe(en);
  });

  test.each(REMOTE_ACTION_KINDS)('%s says what will happen, and that it happens there only', (kind) => {
    const effects = remoteEffectTexts(marketplace, WISHES[kind]);
    expect(effects.length).toBeGreaterThan(2);
    for (const { it, en } of effects) {
      expect(it).toMatch(/\.$/);
      expect(en).toMatch(/\.$/);
    }
  });
});

test('every state, with every reason, is said', () => {
  for (const state of REMOTE_ACTION_STATES) {
    for (const reason of REMOTE_ACTION_REASONS) {
      const { it, en } = remoteActionText(aRemoteAction({ state, reason, answer: { code: '34917' } }));
      expect([it, en].every((text) => /\.$/.test(text))).toBe(true);
      if (reason === 'rejected') expect(it).toContain('34917');
    }
  }
});

test('money that is given back is named with its currency', () => {
  expect(remoteEffectTexts('ebay', WISHES.refund)[0]).toEqual({
    it: expect.stringContaining('1.51 EUR'),
    en: expect.stringContaining('1.51 EUR'),
  });
});
