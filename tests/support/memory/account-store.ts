import type { Account } from '../../../shared/domain/account.ts';
import type { Marketplace } from '../../../shared/domain/order.ts';
import type { AccountStore } from '../../../shared/ports/account-store.ts';

/** The account store's semantics without a database. */
export class MemoryAccountStore implements AccountStore {
  readonly #accounts = new Map<string, Account>();

  async getAccount(marketplace: Marketplace, accountId: string): Promise<Account | undefined> {
    return structuredClone(this.#accounts.get(`${marketplace}/${accountId}`));
  }

  async listAccounts(): Promise<readonly Account[]> {
    return [...this.#accounts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, account]) => structuredClone(account));
  }

  async putAccount(account: Account, expectedVersion: number): Promise<'stored' | 'conflict'> {
    const key = `${account.marketplace}/${account.accountId}`;
    if ((this.#accounts.get(key)?.version ?? 0) !== expectedVersion) return 'conflict';
    this.#accounts.set(key, { ...structuredClone(account), version: expectedVersion + 1 });
    return 'stored';
  }
}
