import type { Account } from '../domain/account.ts';
import type { Marketplace } from '../domain/order.ts';

export interface AccountStore {
  getAccount(marketplace: Marketplace, accountId: string): Promise<Account | undefined>;
  listAccounts(): Promise<readonly Account[]>;
  /** Stores the account when the stored version is `expectedVersion` (0: none is stored yet). */
  putAccount(account: Account, expectedVersion: number): Promise<'stored' | 'conflict'>;
}
