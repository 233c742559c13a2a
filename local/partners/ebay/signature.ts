import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { PartnerRequest } from '../partner.ts';
import { EbayRefusal } from './answers.ts';

/** A signing key of the seller's as eBay knows it: what it is called in a request, and how it is checked. */
export interface SigningKey {
  readonly jwe: string;
  /** PEM. */
  readonly publicKey: string;
}

const INPUT = /^sig1=(\(("[\w@-]+"(?: "[\w@-]+")*)\);created=(\d+))$/;
const SIGNATURE = /^sig1=:([A-Za-z0-9+/]+={0,2}):$/;
/** How far the clock of whoever signs may be from eBay's; the real figure is not documented. */
const CLOCK_SKEW_MAX_MS = 5 * 60_000;

/**
 * Checks a signed request as eBay does: every component is covered, the digest is the body's, the signature is the key's.
 * Source: eBay docs, "Digital Signatures for APIs"; RFC 9421, section 2.5.
 */
export function checkSignature(
  { method, url, headers, body }: PartnerRequest,
  key: SigningKey | undefined,
  nowMs: number,
): void {
  const refuse = (message: string): never => {
    throw new EbayRefusal(400, 215_000, message, { domain: 'ACCESS' });
  };
  if (headers['x-ebay-enforce-signature'] !== 'true') refuse('x-ebay-enforce-signature is missing');
  if (key === undefined || headers['x-ebay-signature-key'] !== key.jwe) refuse('unknown signature key');
  const [, parameters = '', names = '', created = '0'] = INPUT.exec(headers['signature-input'] ?? '') ?? [];
  if (parameters === '') refuse('signature-input is missing or malformed');
  if (Math.abs(nowMs - Number(created) * 1000) > CLOCK_SKEW_MAX_MS) refuse('signature is too old or too new');
  const covered = names.split(' ').map((name) => name.slice(1, -1));
  const wanted = [
    ...(body === '' ? [] : ['content-digest']),
    'x-ebay-signature-key',
    '@method',
    '@path',
    '@authority',
  ];
  if (wanted.some((name) => !covered.includes(name))) refuse('signature does not cover the request');
  const digest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
  if (body !== '' && headers['content-digest'] !== digest) refuse('content-digest is not that of the body');

  const values: Readonly<Record<string, string | undefined>> = {
    ...headers,
    '@method': method,
    '@path': url.pathname,
    '@authority': url.host,
  };
  const base = [
    ...covered.map((name) => `"${name}": ${values[name] ?? ''}`),
    `"@signature-params": ${parameters}`,
  ].join('\n');
  const [, signature = ''] = SIGNATURE.exec(headers.signature ?? '') ?? [];
  if (
    key !== undefined &&
    !verify(undefined, Buffer.from(base), publicKeyOf(key), Buffer.from(signature, 'base64'))
  ) {
    refuse('signature does not match');
  }
}

function publicKeyOf({ publicKey }: SigningKey): KeyObject {
  return createPublicKey(publicKey);
}
