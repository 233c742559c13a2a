import { describe, expect, test } from 'vitest';
import { orderId } from '../../shared/domain/order.ts';
import type { ProviderAccount } from '../../shared/domain/provider-account.ts';
import type { BuyerStore } from '../../shared/ports/buyer-store.ts';
import type { PersonalDataEraser } from '../../shared/ports/personal-data-eraser.ts';
import type { ProviderAccountStore } from '../../shared/ports/provider-account-store.ts';
import { aBuyer } from '../support/orders.ts';

const account: ProviderAccount = {
  providerAccountId: 'main',
  kind: 'http-provider',
  name: 'Provider',
  remote: {
    baseUrl: 'https://personal-data.example',
    externalId: 'IT00000000000/main',
    remoteAccountId: 'acc-1',
    status: 'ACTIVE',
    expiresAt: '2027-11-23T00:00:00.000Z',
    keySavedAt: '2026-11-23T09:00:00.000Z',
  },
  troubles: [{ what: 'module-not-matched', moduleId: 'mod-1', since: '2026-11-23T09:00:00.000Z' }],
  pendingMatch: {
    wanted: 'match',
    moduleId: 'mod-1',
    channelId: 'amazon-it',
    at: '2026-11-23T09:00:00.000Z',
  },
  version: 1,
};

/** What every provider account store promises. */
export function providerAccountStoreContract(
  name: string,
  create: () => Promise<ProviderAccountStore>,
): void {
  describe(`${name}: provider accounts`, () => {
    test('an account comes back as stored, and its id is taken once', async () => {
      const store = await create();
      expect(await store.putProviderAccount(account, 0)).toBe('stored');
      expect(await store.putProviderAccount(account, 0)).toBe('conflict');
      expect(await store.getProviderAccount('main')).toEqual(account);
      expect(await store.getProviderAccount('other')).toBeUndefined();
      expect(await store.listProviderAccounts()).toEqual([account]);
    });

    test('of two changes of the same version one is refused', async () => {
      const store = await create();
      await store.putProviderAccount(account, 0);
      const settled = { ...account, troubles: [], pendingMatch: undefined };
      expect(await store.putProviderAccount(settled, 1)).toBe('stored');
      expect(await store.putProviderAccount(account, 1)).toBe('conflict');
      expect(await store.getProviderAccount('main')).toEqual({ ...settled, version: 2 });
    });
  });
}

/** What every buyer store and its eraser promise together. */
export function buyerEraserContract(
  name: string,
  create: () => Promise<{ readonly buyers: BuyerStore; readonly eraser: PersonalDataEraser }>,
): void {
  const id = (number: number) => orderId('amazon', `404-0000001-000000${number}`);
  const ended = (until: string, cursor?: string) => ({ until, limit: 2, cursor });

  describe(`${name}: the end of personal data`, () => {
    test('buyers are listed from the day they have to go on, the longest due first, page by page', async () => {
      const { buyers, eraser } = await create();
      for (const [number, day] of [
        [3, '03'],
        [1, '01'],
        [2, '02'],
        [4, '28'],
      ] as const) {
        await buyers.putBuyer(aBuyer({ orderId: id(number), expiresAt: `2026-12-${day}T00:00:00.000Z` }));
      }
      const first = await eraser.listEnded(ended('2026-12-03T00:00:00.000Z'));
      expect(first.orderIds).toEqual([id(1), id(2)]);
      const second = await eraser.listEnded(ended('2026-12-03T00:00:00.000Z', first.cursor));
      expect(second).toEqual({ orderIds: [id(3)], cursor: undefined });
    });

    test('an erased buyer is a record that there was one, listed until its deletion is finished', async () => {
      const { buyers, eraser } = await create();
      await buyers.putBuyer(aBuyer({ orderId: id(1) }));
      const at = '2026-11-25T00:00:00.000Z';
      expect(await eraser.erase(id(1), at)).toEqual({ deletedAt: at });
      expect(await buyers.getBuyer(id(1))).toEqual({
        orderId: id(1),
        state: 'deleted',
        deletedAt: at,
        taxRegistrations: [],
        lines: [],
        updatedAt: at,
        expiresAt: at,
      });
      expect((await eraser.listEnded(ended(at))).orderIds).toEqual([id(1)]);
      expect(await eraser.erase(id(1), '2026-11-26T00:00:00.000Z')).toEqual({ deletedAt: at });
      await eraser.finish(id(1));
      expect((await eraser.listEnded(ended('2027-12-03T00:00:00.000Z'))).orderIds).toEqual([]);
    });

    test('what was erased does not come back, even with the newest answer', async () => {
      const { buyers, eraser } = await create();
      await eraser.erase(id(1), '2026-11-25T00:00:00.000Z');
      await eraser.finish(id(1));
      const again = aBuyer({ orderId: id(1), updatedAt: '2026-12-01T00:00:00.000Z' });
      expect(await buyers.putBuyer(again)).toEqual({ outcome: 'unchanged', state: 'deleted' });
      expect((await buyers.getBuyer(id(1)))?.name).toBeUndefined();
      expect((await eraser.listEnded(ended('2027-12-03T00:00:00.000Z'))).orderIds).toEqual([]);
    });

    test('an end that came nearer lists the buyer earlier, and a later reading does not move it back', async () => {
      const { buyers, eraser } = await create();
      await buyers.putBuyer(aBuyer({ orderId: id(1), expiresAt: '2026-12-24T00:00:00.000Z' }));
      await buyers.putBuyer(
        aBuyer({
          orderId: id(1),
          updatedAt: '2026-11-21T00:00:00.000Z',
          keptAtMostUntil: '2026-12-20T00:00:00.000Z',
        }),
      );
      await buyers.putBuyer(
        aBuyer({
          orderId: id(1),
          updatedAt: '2026-11-22T00:00:00.000Z',
          expiresAt: '2026-12-30T00:00:00.000Z',
        }),
      );
      expect((await buyers.getBuyer(id(1)))?.expiresAt).toBe('2026-12-20T00:00:00.000Z');
      expect((await eraser.listEnded(ended('2026-12-20T00:00:00.000Z'))).orderIds).toEqual([id(1)]);
    });
  });
}
