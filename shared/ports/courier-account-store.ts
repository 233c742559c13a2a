import type { AskedCourier, CourierAccount } from '../domain/courier-account.ts';

/** Contracts with couriers; no secrets. */
export interface CourierAccountStore {
  getCourierAccount(courier: AskedCourier, courierAccountId: string): Promise<CourierAccount | undefined>;
  listCourierAccounts(): Promise<readonly CourierAccount[]>;
  /** Stores the account when the stored version is `expectedVersion` (0: none is stored yet). */
  putCourierAccount(account: CourierAccount, expectedVersion: number): Promise<'stored' | 'conflict'>;
}
