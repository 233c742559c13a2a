import { describe, expect, test } from 'vitest';
import type { SettlementSearchStore } from '../../shared/ports/settlement-finder.ts';

const TEN = '2026-11-23T10:00:00.000Z';
const NINE = '2026-11-23T09:00:00.000Z';

/** What every store of settlement searches promises. */
export function settlementSearchContract(name: string, create: () => Promise<SettlementSearchStore>): void {
  describe(`${name}: searches for settlement reports`, () => {
    test('a search begins unless one began within the time, account by account', async () => {
      const store = await create();
      expect(await store.beginSearch('A1', TEN, NINE)).toEqual({ doneUntil: undefined });
      expect(await store.beginSearch('A1', '2026-11-23T10:30:00.000Z', '2026-11-23T09:40:00.000Z')).toBe(
        'too-soon',
      );
      expect(await store.beginSearch('A2', TEN, NINE)).toEqual({ doneUntil: undefined });
      await store.noteDoneUntil('A1', NINE);
      expect(await store.beginSearch('A1', '2026-11-23T11:00:00.000Z', '2026-11-23T10:10:00.000Z')).toEqual({
        doneUntil: NINE,
      });
    });

    test('of two searches at once one begins', async () => {
      const store = await create();
      const begun = await Promise.all([1, 2, 3].map(() => store.beginSearch('A1', TEN, NINE)));
      expect(begun.filter((answer) => answer !== 'too-soon')).toHaveLength(1);
    });

    test('how far a search got never goes back', async () => {
      const store = await create();
      await store.beginSearch('A1', NINE, '2026-11-23T08:00:00.000Z');
      await store.noteDoneUntil('A1', TEN);
      await store.noteDoneUntil('A1', NINE);
      expect(await store.beginSearch('A1', '2026-11-23T12:00:00.000Z', '2026-11-23T11:00:00.000Z')).toEqual({
        doneUntil: TEN,
      });
    });

    test('a report is dealt with once it is noted, in its account only', async () => {
      const store = await create();
      expect(await store.isDone('A1', '50')).toBe(false);
      await store.noteDone('A1', '50', { at: TEN, objectKey: 'payment-reports/amazon-it/50.txt' });
      await store.noteDone('A1', '50', { at: TEN, objectKey: undefined });
      await store.noteDone('A1', '51', { at: TEN, objectKey: undefined });
      expect(await store.isDone('A1', '50')).toBe(true);
      expect(await store.isDone('A1', '51')).toBe(true);
      expect(await store.isDone('A2', '50')).toBe(false);
    });
  });
}
