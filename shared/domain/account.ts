import type { Marketplace } from './order.ts';

/** One seller's account at one marketplace, as far as it may be shown: the secrets themselves stand elsewhere. */
export interface Account {
  readonly marketplace: Marketplace;
  readonly accountId: string;
  /** When the credentials in use were written. ISO instant. */
  readonly credentialsSavedAt: string;
  /** What of the credentials ends by itself, and when. */
  readonly expiries: readonly CredentialExpiry[];
  readonly health: AccountHealth;
  /** What the marketplace said of the account when it was last asked. */
  readonly findings: AccountFindings | undefined;
  /** Counts changes of this row; the condition of every one. */
  readonly version: number;
}

export interface CredentialExpiry {
  readonly what: 'client-secret' | 'refresh-token' | 'signing-key';
  /** ISO instant. */
  readonly at: string;
}

export const HEALTH_STATES = [
  /** Answers, and lets us in. */
  'working',
  /** Refused or silent for a while; pulls go on and may succeed at any time. */
  'failing',
  /** The marketplace said that the authorisation is gone: a person must renew it. Pulls wait, and catch up after it. */
  'revoked',
] as const;
export type HealthState = (typeof HEALTH_STATES)[number];

export interface AccountHealth {
  readonly state: HealthState;
  /** Since when it is in this state. ISO instant. */
  readonly since: string;
  readonly checkedAt: string;
  /** Which family of failure, in our words; never the partner's text. */
  readonly problem?: AccountProblem | undefined;
  /** Since when the marketplace says that it does not know the authorisation; taken away by the first answer that does. ISO instant. */
  readonly unauthorisedSince?: string | undefined;
}

export const ACCOUNT_PROBLEMS = [
  /** The credentials are not, or no longer, valid. */
  'unauthorised',
  /** The credentials are known, and may not do what was asked. */
  'forbidden',
  'throttled',
  'unavailable',
  'unexpected-answer',
] as const;
export type AccountProblem = (typeof ACCOUNT_PROBLEMS)[number];

/** What a test of the credentials found, in domain words. */
export interface AccountFindings {
  /** The account as the marketplace knows it, where it says so. */
  readonly accountId?: string | undefined;
  /** The shop's public name at the marketplace, where it says so. */
  readonly shopName?: string | undefined;
  /** National marketplaces or contracts that answered. */
  readonly sites: readonly { readonly siteId: string; readonly name: string; readonly active: boolean }[];
  /** Permissions the work needs and the credentials do not have, in the partner's own names. */
  readonly missing: readonly string[];
}
