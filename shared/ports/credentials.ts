import type { Marketplace } from '../domain/order.ts';

/** What a partner gave the shop to sign in with. Names are the partner's adapter's own; values are secrets. */
export type PartnerCredentials = Readonly<Record<string, string>>;

/** Secrets per seller account, encrypted at rest. Never logged, queued or put into an error. */
export interface CredentialStore {
  getCredentials(marketplace: Marketplace, accountId: string): Promise<PartnerCredentials | undefined>;
  /** Replaces what was stored before. */
  putCredentials(marketplace: Marketplace, accountId: string, credentials: PartnerCredentials): Promise<void>;
}
