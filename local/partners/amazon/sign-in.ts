import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { PartnerAnswer, PartnerRequest } from '../partner.ts';
import { AmazonRefusal, jsonAnswer } from './answers.ts';

/** A seller who has authorised the application. */
export interface SellerAccount {
  readonly sellerId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

/** Login with Amazon's answer: an hour. */
const TOKEN_LIFE_SECONDS = 3_600;

const tokenRequestSchema = z.strictObject({
  grant_type: z.string(),
  refresh_token: z.string().optional(),
  client_id: z.string(),
  client_secret: z.string(),
});

/** Login with Amazon: changes a refresh token for an access token, and knows the access tokens it gave. */
export class SignIn {
  readonly #accounts: readonly SellerAccount[];
  readonly #now: () => number;
  readonly #tokens = new Map<string, { readonly sellerId: string; readonly expiresAtMs: number }>();
  readonly #revoked = new Set<string>();

  constructor(accounts: readonly SellerAccount[], now: () => number) {
    this.#accounts = accounts;
    this.#now = now;
  }

  /** The seller takes the authorisation back: its refresh token and all access tokens are worth nothing. */
  revoke(sellerId: string): void {
    this.#revoked.add(sellerId);
    for (const [token, known] of this.#tokens) if (known.sellerId === sellerId) this.#tokens.delete(token);
  }

  /** The seller authorises the application again. */
  authorise(sellerId: string): void {
    this.#revoked.delete(sellerId);
  }

  /** `POST /auth/o2/token`; its errors have a shape of their own. */
  answerTokenRequest({ method, headers, body }: PartnerRequest): PartnerAnswer {
    const refuse = (error: string, description: string): PartnerAnswer =>
      jsonAnswer('token', 400, { error, error_description: description });
    if (method !== 'POST') return refuse('invalid_request', 'Only POST is supported');
    const parsed = tokenRequestSchema.safeParse(readBody(headers['content-type'] ?? '', body));
    if (!parsed.success) return refuse('invalid_request', 'The request is missing a required parameter');
    const { grant_type, refresh_token, client_id, client_secret } = parsed.data;
    if (grant_type !== 'refresh_token') {
      return refuse('unsupported_grant_type', 'The authorization grant type is not supported');
    }
    const application = this.#accounts.filter(
      ({ clientId, clientSecret }) => clientId === client_id && clientSecret === client_secret,
    );
    if (application.length === 0) return refuse('invalid_client', 'Client authentication failed');
    const account = application.find(({ refreshToken }) => refreshToken === refresh_token);
    if (account === undefined || this.#revoked.has(account.sellerId)) {
      return refuse('invalid_grant', 'The request has an invalid grant parameter : refresh_token');
    }
    const token = `Atza|${randomBytes(24).toString('base64url')}`;
    this.#tokens.set(token, {
      sellerId: account.sellerId,
      expiresAtMs: this.#now() + TOKEN_LIFE_SECONDS * 1000,
    });
    return jsonAnswer('token', 200, {
      access_token: token,
      refresh_token,
      token_type: 'bearer',
      expires_in: TOKEN_LIFE_SECONDS,
    });
  }

  /** The seller a call is made for. */
  sellerOf(headers: PartnerRequest['headers']): string {
    const token = headers['x-amz-access-token'];
    const refuse = (details: string): never => {
      throw new AmazonRefusal(403, 'Unauthorized', 'Access to requested resource is denied.', details);
    };
    if (token === undefined) return refuse('Access token is missing in the request header.');
    const known = this.#tokens.get(token);
    if (known === undefined) return refuse('The access token you provided is revoked, malformed or invalid.');
    if (known.expiresAtMs <= this.#now()) return refuse('The access token you provided has expired.');
    return known.sellerId;
  }
}

function readBody(contentType: string, body: string): unknown {
  if (contentType.startsWith('application/json')) {
    try {
      return JSON.parse(body);
    } catch {
      return undefined;
    }
  }
  return Object.fromEntries(new URLSearchParams(body));
}
