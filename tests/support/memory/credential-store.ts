import type { Marketplace } from '../../../shared/domain/order.ts';
import type { CredentialStore, PartnerCredentials } from '../../../shared/ports/credentials.ts';

/** The credential store's semantics without Parameter Store. */
export class MemoryCredentialStore implements CredentialStore {
  readonly #credentials = new Map<string, PartnerCredentials>();

  async getCredentials(marketplace: Marketplace, accountId: string): Promise<PartnerCredentials | undefined> {
    return this.#credentials.get(`${marketplace}/${accountId}`);
  }

  async putCredentials(
    marketplace: Marketplace,
    accountId: string,
    credentials: PartnerCredentials,
  ): Promise<void> {
    this.#credentials.set(`${marketplace}/${accountId}`, credentials);
  }
}
