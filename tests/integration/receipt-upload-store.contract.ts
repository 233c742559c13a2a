import { describe, expect, test } from 'vitest';
import { orderId } from '../../shared/domain/order.ts';
import { receiptId } from '../../shared/domain/receipt.ts';
import type { ReceiptUpload } from '../../shared/domain/receipt-upload.ts';
import type { ReceiptUploadStore } from '../../shared/ports/receipt-upload-store.ts';
import { anUpload } from '../support/receipt-uploads.ts';

const ACCOUNT = { marketplace: 'amazon', accountId: 'A1EXAMPLE' } as const;
const WAITING = { ...ACCOUNT, line: 'waiting' } as const;
const LATEST = ':';

function numbered(n: number, overrides: Partial<ReceiptUpload> = {}): ReceiptUpload {
  const order = orderId('amazon', `404-0000001-000000${n}`);
  return anUpload({
    orderId: order,
    receiptId: receiptId(order, 'sale', '1'),
    dueAt: `2026-11-23T10:0${n}:00.000Z`,
    ...overrides,
  });
}

export function receiptUploadStoreContract(name: string, create: () => Promise<ReceiptUploadStore>): void {
  describe(`receipt uploads in ${name}`, () => {
    test('of a document asked for by several at once there is one upload, and it stays as it is', async () => {
      const store = await create();
      const upload = anUpload({ deadlineAt: '2026-11-25T23:00:00.000Z' });
      const outcomes = await Promise.all([store.create(upload), store.create(upload), store.create(upload)]);
      expect(outcomes.toSorted()).toEqual(['created', 'exists', 'exists']);
      const accepted: ReceiptUpload = { ...upload, state: 'accepted', documentId: 'D-1', dueAt: undefined };
      expect(await store.change(accepted, 1)).toBe('changed');
      expect(await store.create(upload)).toBe('exists');
      const stored = (await store.getMany([upload.receiptId])).get(upload.receiptId);
      expect(stored).toMatchObject({ state: 'accepted', documentId: 'D-1', version: 2 });
      expect(stored?.dueAt).toBeUndefined();
    });

    test('a change on another version than the stored one changes nothing', async () => {
      const store = await create();
      const upload = anUpload();
      await store.create(upload);
      const sending: ReceiptUpload = { ...upload, state: 'sending', attempts: 1 };
      expect(await store.change(sending, 2)).toBe('conflict');
      expect(await store.change(sending, 1)).toBe('changed');
      expect(await store.change({ ...sending, state: 'rejected' }, 1)).toBe('conflict');
      expect((await store.getMany([upload.receiptId])).get(upload.receiptId)).toEqual({
        ...sending,
        version: 2,
      });
    });

    test('open ones are listed and counted by account, the longest due first, page by page', async () => {
      const store = await create();
      for (const n of [3, 1, 2]) await store.create(numbered(n));
      await store.create(numbered(4, { accountId: 'A2EXAMPLE' }));
      const ids = (uploads: readonly ReceiptUpload[]) => uploads.map(({ orderId: of }) => of.slice(-1));
      const first = await store.listOpen({ ...WAITING, until: LATEST, limit: 2 });
      expect(ids(first.uploads)).toEqual(['1', '2']);
      const { cursor } = first;
      expect(ids((await store.listOpen({ ...WAITING, until: LATEST, limit: 2, cursor })).uploads)).toEqual([
        '3',
      ]);
      const due = await store.listOpen({ ...WAITING, until: '2026-11-23T10:01:30.000Z', limit: 9 });
      expect(ids(due.uploads)).toEqual(['1']);
      expect(due.cursor).toBeUndefined();
      expect(await store.countWaiting(ACCOUNT)).toBe(3);
      // What was sent stands in a line of its own.
      for (const [at, state] of (['sending', 'followed'] as const).entries()) {
        await store.change(numbered(at + 1, { state }), 1);
      }
      expect(await store.countWaiting(ACCOUNT)).toBe(1);
      const sent = await store.listOpen({ ...ACCOUNT, line: 'sent', until: LATEST, limit: 9 });
      expect(ids(sent.uploads)).toEqual(['1', '2']);
      expect(ids((await store.listOpen({ ...WAITING, until: LATEST, limit: 9 })).uploads)).toEqual(['3']);
      expect(await store.countWaiting({ ...ACCOUNT, accountId: 'A3EXAMPLE' })).toBe(0);
    });

    test('what ended leaves the open ones, and what a person has to look at is listed by when it ended', async () => {
      const store = await create();
      const states = ['accepted', 'unclear', 'rejected', 'not-available'] as const;
      for (const [at, state] of states.entries()) {
        const upload = numbered(at + 1);
        await store.create(upload);
        const endedAt = `2026-11-23T11:0${4 - at}:00.000Z`;
        await store.change({ ...upload, state, dueAt: undefined, endedAt }, 1);
      }
      expect(await store.countWaiting(ACCOUNT)).toBe(0);
      const first = await store.listFailed({ limit: 1 });
      expect(first.uploads.map(({ state, dueAt }) => [state, dueAt])).toEqual([['rejected', undefined]]);
      const { cursor } = first;
      const second = await store.listFailed({ limit: 1, cursor });
      expect(second.uploads.map(({ state }) => state)).toEqual(['unclear']);
      const [again] = second.uploads;
      if (again === undefined) throw new Error('nothing failed');
      await store.change(
        { ...again, state: 'wanted', dueAt: again.wantedAt, endedAt: undefined },
        again.version,
      );
      expect((await store.listFailed({ limit: 9 })).uploads).toHaveLength(1);
      expect(await store.countWaiting(ACCOUNT)).toBe(1);
    });
  });
}
