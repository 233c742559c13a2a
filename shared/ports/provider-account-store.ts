import type { ProviderAccount } from '../domain/provider-account.ts';

export interface ProviderAccountStore {
  getProviderAccount(providerAccountId: string): Promise<ProviderAccount | undefined>;
  listProviderAccounts(): Promise<readonly ProviderAccount[]>;
  /** Stores the account when the stored version is `expectedVersion` (0: none is stored yet). */
  putProviderAccount(account: ProviderAccount, expectedVersion: number): Promise<'stored' | 'conflict'>;
}
