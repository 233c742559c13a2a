import type { AskedCourier, CourierAccount } from '../../../shared/domain/courier-account.ts';
import type { CourierAccountStore } from '../../../shared/ports/courier-account-store.ts';

/** The courier account store's semantics without a database. */
export class MemoryCourierAccountStore implements CourierAccountStore {
  readonly #accounts = new Map<string, CourierAccount>();

  async getCourierAccount(
    courier: AskedCourier,
    courierAccountId: string,
  ): Promise<CourierAccount | undefined> {
    return structuredClone(this.#accounts.get(`${courier}/${courierAccountId}`));
  }

  async listCourierAccounts(): Promise<readonly CourierAccount[]> {
    return [...this.#accounts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, account]) => structuredClone(account));
  }

  async putCourierAccount(account: CourierAccount, expectedVersion: number): Promise<'stored' | 'conflict'> {
    const key = `${account.courier}/${account.courierAccountId}`;
    if ((this.#accounts.get(key)?.version ?? 0) !== expectedVersion) return 'conflict';
    this.#accounts.set(key, { ...structuredClone(account), version: expectedVersion + 1 });
    return 'stored';
  }
}
