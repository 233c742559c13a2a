import type { CredentialExpiry } from './account.ts';
import type { Marketplace } from './order.ts';
import { isoInstant } from './pull-window.ts';

const DAY_MS = 24 * 3_600_000;
/** From here on a person is reminded: a renewal needs somebody with the shop's sign-in, who may be away. */
export const EXPIRES_SOON_MS = 30 * DAY_MS;
/** Parameter Store keeps 4 KB in a standard parameter. */
const BYTES_MAX = 4096;

interface CredentialField {
  readonly name: string;
  readonly optional?: true;
}

/** What each marketplace gives a shop to sign in with, under the names its adapter reads. */
const FIELDS: Readonly<Record<Marketplace, readonly CredentialField[]>> = {
  amazon: [{ name: 'clientId' }, { name: 'clientSecret' }, { name: 'refreshToken' }],
  ebay: [
    { name: 'appId' },
    { name: 'certId' },
    { name: 'ruName' },
    { name: 'refreshToken' },
    // Both or none: they sign the calls that eBay wants signed (refunds, finances).
    { name: 'signingKeyJwe', optional: true },
    { name: 'signingPrivateKey', optional: true },
  ],
  manomano: [{ name: 'apiKey' }],
};

interface EndingPart {
  readonly what: CredentialExpiry['what'];
  readonly field: string;
  readonly lifetimeMs: number;
}

const ENDING: Readonly<Record<Marketplace, readonly EndingPart[]>> = {
  // SP-API docs, "Rotate your application's client secret": every 180 days.
  amazon: [{ what: 'client-secret', field: 'clientSecret', lifetimeMs: 180 * DAY_MS }],
  ebay: [
    // eBay docs, "The authorization code grant flow": refresh_token_expires_in 47304000, in seconds; about 18 months.
    { what: 'refresh-token', field: 'refreshToken', lifetimeMs: 47_304_000 * 1000 },
    // eBay docs, "Digital Signatures for APIs": a signing key lives three years.
    { what: 'signing-key', field: 'signingPrivateKey', lifetimeMs: 3 * 365 * DAY_MS },
  ],
  manomano: [],
};

/** Flat object of strings, as it stands in the credential store. */
type Secrets = Readonly<Record<string, string>>;

export interface CredentialFault {
  /** The field's name; never what it held. */
  readonly field: string;
  readonly fault: 'missing' | 'unknown' | 'too-long';
}

/** The names of the fields a marketplace's credentials are made of. */
export function credentialFields(marketplace: Marketplace): readonly CredentialField[] {
  return FIELDS[marketplace];
}

/** What is wrong with the shape of credentials; empty when nothing is. Whether they are good, only the marketplace knows. */
export function credentialFaults(marketplace: Marketplace, secrets: Secrets): readonly CredentialFault[] {
  const fields = FIELDS[marketplace];
  const given = (name: string) => (secrets[name] ?? '').trim() !== '';
  const optionalGiven = fields.some(({ name, optional }) => optional === true && given(name));
  const missing = fields.filter(({ name, optional }) => !given(name) && (optional !== true || optionalGiven));
  const unknown = Object.keys(secrets).filter((field) => !fields.some(({ name }) => name === field));
  const faults: CredentialFault[] = [
    ...missing.map(({ name }) => ({ field: name, fault: 'missing' as const })),
    ...unknown.map((field) => ({ field, fault: 'unknown' as const })),
  ];
  if (faults.length > 0) return faults;
  const bytes = new TextEncoder().encode(JSON.stringify(secrets)).length;
  if (bytes <= BYTES_MAX) return [];
  const longest = fields.map(({ name }) => name).sort((a, b) => lengthOf(secrets, b) - lengthOf(secrets, a));
  return [{ field: longest[0] ?? '', fault: 'too-long' }];
}

/** When parts of credentials were issued, where the operator knows; ISO instants. */
export type IssueDates = Readonly<Partial<Record<CredentialExpiry['what'], string>>>;

/**
 * When the parts of new credentials end. A part counts from its issue date, or else from now; a part that did not
 * change keeps the end it had.
 * @param before what was stored until now, with its ends
 */
export function expiriesOf(
  marketplace: Marketplace,
  secrets: Secrets,
  issued: IssueDates,
  before: { readonly secrets: Secrets | undefined; readonly expiries: readonly CredentialExpiry[] },
  nowMs: number,
): readonly CredentialExpiry[] {
  return ENDING[marketplace]
    .filter(({ field }) => secrets[field] !== undefined)
    .map(({ what, field, lifetimeMs }) => {
      const issuedAt = issued[what];
      const known = before.expiries.find((expiry) => expiry.what === what);
      if (issuedAt === undefined && known !== undefined && before.secrets?.[field] === secrets[field]) {
        return known;
      }
      const fromMs = issuedAt === undefined ? nowMs : Date.parse(issuedAt);
      return { what, at: isoInstant(fromMs + lifetimeMs) };
    });
}

/** Whole days until an instant, rounded down; negative when it has passed. */
export function daysUntil(instant: string, nowMs: number): number {
  return Math.floor((Date.parse(instant) - nowMs) / DAY_MS);
}

export function sameSecrets(one: Secrets | undefined, other: Secrets): boolean {
  if (one === undefined) return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

function lengthOf(secrets: Secrets, name: string): number {
  return secrets[name]?.length ?? 0;
}
