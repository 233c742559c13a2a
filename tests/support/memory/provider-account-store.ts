import type { ProviderAccount } from '../../../shared/domain/provider-account.ts';
import type { ProviderAccountStore } from '../../../shared/ports/provider-account-store.ts';

/** The provider account store's semantics without a database. */
export class MemoryProviderAccountStore implements ProviderAccountStore {
  readonly #accounts = new Map<string, ProviderAccount>();

  async getProviderAccount(providerAccountId: string): Promise<ProviderAccount | undefined> {
    return structuredClone(this.#accounts.get(providerAccountId));
  }

  async listProviderAccounts(): Promise<readonly ProviderAccount[]> {
    return [...this.#accounts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, account]) => structuredClone(account));
  }

  async putProviderAccount(
    account: ProviderAccount,
    expectedVersion: number,
  ): Promise<'stored' | 'conflict'> {
    const { providerAccountId } = account;
    if ((this.#accounts.get(providerAccountId)?.version ?? 0) !== expectedVersion) return 'conflict';
    this.#accounts.set(providerAccountId, { ...structuredClone(account), version: expectedVersion + 1 });
    return 'stored';
  }
}
