import type { Marketplace } from '../domain/order.ts';

/** What a partner gave the shop to sign in with. Names are the partner's adapter's own; values are secrets. */
export type PartnerCredentials = Readonly<Record<string, string>>;

/** Whose credentials: a marketplace's account, a provider of personal data's, an issuer of receipts', or a courier's. */
export type CredentialOwner =
  | Marketplace
  | 'personal-data'
  | 'receipt-issuer'
  | 'brt'
  | 'gls'
  | 'dhl'
  | 'poste'
  | 'ups';

/** Secrets per seller account, encrypted at rest. Never logged, queued or put into an error. */
export interface CredentialStore {
  getCredentials(owner: CredentialOwner, accountId: string): Promise<PartnerCredentials | undefined>;
  /** Replaces what was stored before. */
  putCredentials(owner: CredentialOwner, accountId: string, credentials: PartnerCredentials): Promise<void>;
}
