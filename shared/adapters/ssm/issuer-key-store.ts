import type { CredentialStore } from '../../ports/credentials.ts';
import type { IssuerKeyStore } from '../../ports/issuer-keys.ts';

/** A tenant has one account at the other issuer. */
const ACCOUNT = 'bitztobe';

/** The issuer's key, beside the marketplaces' credentials: `<prefix>/receipt-issuer/bitztobe`. */
export function createIssuerKeyStore(credentials: CredentialStore): IssuerKeyStore {
  return {
    getKey: async () => (await credentials.getCredentials('receipt-issuer', ACCOUNT))?.apiKey,
    putKey: (apiKey) => credentials.putCredentials('receipt-issuer', ACCOUNT, { apiKey }),
  };
}
