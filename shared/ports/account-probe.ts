import type { AccountFindings } from '../domain/account.ts';
import type { PartnerCredentials } from './credentials.ts';

/**
 * Asks a marketplace who the credentials belong to and what they may do, with as few calls as possible.
 * Fails with the four families of `PartnerError`: `RejectedError` 401 means that they are not or no longer valid.
 */
export interface AccountProbe {
  /**
   * @param siteIds the sites or contracts that are going to be used; those that cannot are answered as not active
   */
  probe(credentials: PartnerCredentials, siteIds: readonly string[]): Promise<AccountFindings>;
}
