import { RejectedError } from './errors.ts';

/** Where the personal data of orders can come from. */
export const PROVIDER_KINDS = [
  /** Our application has the marketplace's restricted roles: the data arrives with the order. */
  'amazon-roles',
  /** An external provider that speaks docs/personal-data-provider.openapi.json. */
  'http-provider',
] as const;
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** A shop's account for personal data, as far as it may be shown: its key stands elsewhere. */
export interface ProviderAccount {
  /** Short, lower-case, chosen by the operator: `provider-main`. */
  readonly providerAccountId: string;
  readonly kind: ProviderKind;
  readonly name: string;
  /** Of an `http-provider` only. */
  readonly remote?: RemoteAccountLink | undefined;
  /** What is wrong with it at the moment; empty when all is well. */
  readonly troubles: readonly ProviderTrouble[];
  /** A match or its end that was sent and whose result is not known yet. */
  readonly pendingMatch?: PendingMatch | undefined;
  /** Counts changes of this row; the condition of every one. */
  readonly version: number;
}

/** Our account's other half, at the provider. */
export interface RemoteAccountLink {
  /** `https://` address under which the provider's calls stand, without a slash at the end. */
  readonly baseUrl: string;
  /** What the provider knows our account by, before and after it has an id of its own. */
  readonly externalId: string;
  /** Undefined until the provider has answered the creation. */
  readonly remoteAccountId?: string | undefined;
  readonly status?: RemoteAccountStatus | undefined;
  /** When the contract with the provider ends. ISO instant. */
  readonly expiresAt?: string | undefined;
  /** When the key in use was written. ISO instant. */
  readonly keySavedAt: string;
}

export const REMOTE_ACCOUNT_STATUSES = ['PENDING', 'ACTIVE', 'SUSPENDED', 'EXPIRED'] as const;
export type RemoteAccountStatus = (typeof REMOTE_ACCOUNT_STATUSES)[number];

export interface ProviderTrouble {
  readonly what: ProviderTroubleKind;
  /** The module it is about; undefined when it is about the whole account. */
  readonly moduleId?: string | undefined;
  /** ISO instant. */
  readonly since: string;
}
export const PROVIDER_TROUBLES = ['key-refused', 'account-suspended', 'module-not-matched'] as const;
export type ProviderTroubleKind = (typeof PROVIDER_TROUBLES)[number];

export interface PendingMatch {
  readonly wanted: 'match' | 'unmatch';
  readonly moduleId: string;
  readonly channelId: string;
  /** ISO instant. */
  readonly at: string;
}

/** A store that a provider account can serve; matched to one channel at most. */
export interface ProviderModule {
  readonly moduleId: string;
  /** The marketplace it is for, in the provider's word: `amazon`. */
  readonly kind: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly label: string;
  readonly active: boolean;
  /** Our channel it is matched to. */
  readonly matchedChannel?: string | undefined;
}

/** What the shop tells a provider of itself. */
export interface ProviderCustomer {
  readonly legalName: string;
  readonly vatNumber: string;
  readonly contactEmail: string;
}

/** An account as the provider shows it. */
export interface RemoteProviderAccount extends ProviderCustomer {
  readonly remoteAccountId: string;
  readonly externalId: string;
  readonly status: RemoteAccountStatus;
  readonly expiresAt: string | undefined;
}

/** Why something about a provider account was not done; each has a sentence in `texts`. */
export const PROVIDER_PROBLEMS = [
  // What the provider says.
  'key-refused',
  'account-suspended',
  'account-unknown',
  'module-unknown',
  'module-already-matched',
  'channel-already-matched',
  'country-mismatch',
  'module-not-matched',
  'changed-meanwhile',
  'not-accepted',
  'provider-throttled',
  'provider-unavailable',
  'unexpected-answer',
  // What we say.
  'id-taken',
  'account-not-here',
  'account-of-another',
  'address-not-allowed',
  'not-ready',
  'no-key',
  'not-of-this-kind',
  'channel-not-here',
  'marketplace-mismatch',
  'module-inactive',
  'channel-without-module',
] as const;
export type ProviderProblem = (typeof PROVIDER_PROBLEMS)[number];

/** The provider understood and said no, with one of the codes of its contract. */
export class ProviderRefusedError extends RejectedError {
  readonly problem: ProviderProblem;
  constructor(problem: ProviderProblem, message: string, options: { status?: number; cause?: unknown } = {}) {
    super('personal-data-provider', message, options);
    this.problem = problem;
  }
}

/** Spelling of an account's id. */
export const PROVIDER_ACCOUNT_ID_PATTERN = /^[a-z0-9][a-z0-9-]{0,39}$/;

/**
 * The address of a provider in its one spelling, or undefined when no such address may be called: the key travels with
 * every call, so it is `https` to a public name and nothing else.
 */
export function providerBaseUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  const isName = /^(?=.*[a-z])[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(url.hostname);
  const isPublic = !/\.(?:internal|local|localhost|lan|home)$/.test(url.hostname);
  // A name that ends in digits is an address in disguise.
  const isAddress = /(?:^|\.)\d+$/.test(url.hostname);
  if (url.protocol !== 'https:' || !plain || !isName || !isPublic || isAddress || url.port !== '') {
    return undefined;
  }
  return `https://${url.hostname}${url.pathname.replace(/\/+$/, '')}`;
}

/** The account with one more trouble; the very same object when it was known already. */
export function withTrouble(account: ProviderAccount, trouble: ProviderTrouble): ProviderAccount {
  const known = account.troubles.some(
    ({ what, moduleId }) => what === trouble.what && moduleId === trouble.moduleId,
  );
  return known ? account : { ...account, troubles: [...account.troubles, trouble] };
}

/** The account after a call for a module went through: the account lets us in and the module is matched. */
export function withoutTroubles(account: ProviderAccount, moduleId?: string): ProviderAccount {
  const left = account.troubles.filter(
    (trouble) => trouble.what === 'module-not-matched' && trouble.moduleId !== moduleId,
  );
  return left.length === account.troubles.length ? account : { ...account, troubles: left };
}
