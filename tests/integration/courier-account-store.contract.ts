import { describe, expect, test } from 'vitest';
import type { CourierAccount } from '../../shared/domain/courier-account.ts';
import type { CourierAccountStore } from '../../shared/ports/courier-account-store.ts';

const account: CourierAccount = {
  courier: 'brt',
  courierAccountId: 'shop',
  name: 'BRT',
  openedAt: '2026-11-23T09:00:00.000Z',
  version: 1,
};

/** What every store of contracts with couriers promises. */
export function courierAccountStoreContract(name: string, create: () => Promise<CourierAccountStore>): void {
  describe(`${name}: courier accounts`, () => {
    test('an account comes back as stored, and is created once', async () => {
      const store = await create();
      expect(await store.putCourierAccount(account, 0)).toBe('stored');
      expect(await store.putCourierAccount(account, 0)).toBe('conflict');
      expect(await store.getCourierAccount('brt', 'shop')).toEqual(account);
      expect(await store.getCourierAccount('gls', 'shop')).toBeUndefined();
      await store.putCourierAccount({ ...account, courier: 'gls' }, 0);
      expect(await store.listCourierAccounts()).toEqual([account, { ...account, courier: 'gls' }]);
    });

    test('what its courier said of it is replaced by what it says next', async () => {
      const store = await create();
      await store.putCourierAccount(account, 0);
      const checked = { at: '2026-11-23T10:00:00.000Z', problem: 'unauthorised' as const };
      await store.putCourierAccount({ ...account, checked }, 1);
      expect(await store.getCourierAccount('brt', 'shop')).toEqual({ ...account, checked, version: 2 });
      const letIn = { at: '2026-11-23T11:00:00.000Z', problem: undefined };
      await store.putCourierAccount({ ...account, checked: letIn }, 2);
      expect((await store.getCourierAccount('brt', 'shop'))?.checked).toEqual({ at: letIn.at });
    });

    test('of two changes of the same version one is refused', async () => {
      const store = await create();
      await store.putCourierAccount(account, 0);
      expect(await store.putCourierAccount({ ...account, name: 'first' }, 1)).toBe('stored');
      expect(await store.putCourierAccount({ ...account, name: 'second' }, 1)).toBe('conflict');
      expect(await store.getCourierAccount('brt', 'shop')).toMatchObject({ name: 'first', version: 2 });
    });
  });
}
