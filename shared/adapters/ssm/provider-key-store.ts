import type { CredentialStore } from '../../ports/credentials.ts';
import type { ProviderKeyStore } from '../../ports/provider-key-store.ts';

/** The keys of provider accounts, beside the marketplaces' credentials: `<prefix>/personal-data/<providerAccountId>`. */
export function createProviderKeyStore(credentials: CredentialStore): ProviderKeyStore {
  return {
    getKey: async (providerAccountId) =>
      (await credentials.getCredentials('personal-data', providerAccountId))?.apiKey,
    putKey: (providerAccountId, apiKey) =>
      credentials.putCredentials('personal-data', providerAccountId, { apiKey }),
  };
}
