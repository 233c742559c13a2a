/** The keys of provider accounts, encrypted at rest. Never shown, logged, queued or put into an error. */
export interface ProviderKeyStore {
  getKey(providerAccountId: string): Promise<string | undefined>;
  /** Replaces the one stored before. */
  putKey(providerAccountId: string, apiKey: string): Promise<void>;
}
