/** The key of the other issuer's account, of which a tenant has one. Never shown, logged, queued or put into an error. */
export interface IssuerKeyStore {
  getKey(): Promise<string | undefined>;
  /** Replaces the one stored before. */
  putKey(apiKey: string): Promise<void>;
}
