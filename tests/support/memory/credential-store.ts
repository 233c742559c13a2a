import type {
  CredentialOwner,
  CredentialStore,
  PartnerCredentials,
} from '../../../shared/ports/credentials.ts';

/** The credential store's semantics without Parameter Store. */
export class MemoryCredentialStore implements CredentialStore {
  readonly #credentials = new Map<string, PartnerCredentials>();

  async getCredentials(owner: CredentialOwner, accountId: string): Promise<PartnerCredentials | undefined> {
    return this.#credentials.get(`${owner}/${accountId}`);
  }

  async putCredentials(
    owner: CredentialOwner,
    accountId: string,
    credentials: PartnerCredentials,
  ): Promise<void> {
    this.#credentials.set(`${owner}/${accountId}`, credentials);
  }
}
