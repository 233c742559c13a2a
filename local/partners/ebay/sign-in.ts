import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { PartnerAnswer, PartnerRequest } from '../partner.ts';
import { EbayRefusal, jsonAnswer } from './answers.ts';
import type { SigningKey } from './signature.ts';

const SCOPE_PREFIX = 'https://api.ebay.com/oauth/api_scope';

/** A seller who has consented to the application. */
export interface EbaySeller {
  /** eBay's immutable id of the seller; our account id. */
  readonly userId: string;
  readonly username: string;
  readonly appId: string;
  readonly certId: string;
  readonly ruName: string;
  readonly refreshToken: string;
  /** Without the common prefix: `sell.fulfillment`; `base` is the prefix alone. */
  readonly consentedScopes: readonly string[];
  /** What the seller signs with, where eBay wants it. */
  readonly signingKey?: SigningKey | undefined;
}

/** eBay docs, "OAuth tokens": two hours. */
const TOKEN_LIFE_SECONDS = 7_200;

const requestSchema = z.discriminatedUnion('grant_type', [
  z.strictObject({
    grant_type: z.literal('refresh_token'),
    refresh_token: z.string().min(1),
    scope: z.string().min(1),
  }),
  z.strictObject({ grant_type: z.literal('client_credentials'), scope: z.string().min(1) }),
]);

interface Token {
  readonly kind: 'user' | 'application';
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
}

/** eBay's OAuth: changes a refresh token for an access token, and knows the access tokens it gave. */
export class SignIn {
  readonly #seller: EbaySeller;
  readonly #now: () => number;
  readonly #tokens = new Map<string, Token>();
  #refreshToken: string | undefined;

  constructor(seller: EbaySeller, now: () => number) {
    this.#seller = seller;
    this.#refreshToken = seller.refreshToken;
    this.#now = now;
  }

  /** The seller takes the consent back, or changes the password: nothing that was given works any more. */
  revoke(): void {
    this.#refreshToken = undefined;
    this.#tokens.clear();
  }

  /** The seller consents again. */
  renew(refreshToken: string): void {
    this.#refreshToken = refreshToken;
  }

  /** Access tokens die before their time, as they do when eBay says so. */
  expireAccessTokens(): void {
    this.#tokens.clear();
  }

  /** `POST /identity/v1/oauth2/token`; its errors have a shape of their own. */
  answerTokenRequest({ method, headers, body }: PartnerRequest): PartnerAnswer {
    const refuse = (status: number, error: string): PartnerAnswer =>
      jsonAnswer('token', status, { error, error_description: `refused: ${error}` });
    const { appId, certId, consentedScopes } = this.#seller;
    if (method !== 'POST' || headers['content-type'] !== 'application/x-www-form-urlencoded') {
      return refuse(400, 'invalid_request');
    }
    if (headers.authorization !== `Basic ${Buffer.from(`${appId}:${certId}`).toString('base64')}`) {
      return refuse(401, 'invalid_client');
    }
    const form = new URLSearchParams(body);
    const parsed = requestSchema.safeParse(Object.fromEntries(form));
    if (!parsed.success || form.size !== Object.keys(parsed.data).length)
      return refuse(400, 'invalid_request');
    const scopes = parsed.data.scope.split(' ');
    if (parsed.data.grant_type === 'client_credentials') {
      return this.#give('application', scopes, 'Application Access Token');
    }
    if (parsed.data.refresh_token !== this.#refreshToken) return refuse(400, 'invalid_grant');
    const consented = consentedScopes.map((scope) =>
      scope === 'base' ? SCOPE_PREFIX : `${SCOPE_PREFIX}/${scope}`,
    );
    if (!scopes.every((scope) => consented.includes(scope))) return refuse(400, 'invalid_scope');
    // No refresh token in the answer: eBay does not change it.
    return this.#give('user', scopes, 'User Access Token');
  }

  /**
   * Whether a call may be made with this scope.
   * @param scheme what the API calls a token: the older ones `IAF`
   */
  check(
    headers: PartnerRequest['headers'],
    scope: string,
    scheme: 'Bearer' | 'IAF' | 'trading' = 'Bearer',
  ): void {
    if (scheme === 'trading') {
      // The Trading API has a header of its own, and asks for no scope but the one that every consent holds.
      this.#accept(headers['x-ebay-api-iaf-token'], SCOPE_PREFIX);
      return;
    }
    const [named, text = ''] = (headers.authorization ?? '').split(' ');
    this.#accept(named === scheme ? text : undefined, `${SCOPE_PREFIX}/${scope}`);
  }

  #accept(text: string | undefined, scope: string): void {
    const token = text === undefined ? undefined : this.#tokens.get(text);
    if (token === undefined || token.expiresAtMs <= this.#now()) {
      throw new EbayRefusal(401, 1001, 'Invalid access token', { domain: 'OAuth' });
    }
    if (token.kind !== 'user' || !token.scopes.includes(scope)) {
      throw new EbayRefusal(403, 1100, 'Access denied', { domain: 'ACCESS' });
    }
  }

  #give(kind: Token['kind'], scopes: readonly string[], tokenType: string): PartnerAnswer {
    const token = `v^1.1#demo#${randomBytes(24).toString('base64url')}`;
    const expiresAtMs = this.#now() + TOKEN_LIFE_SECONDS * 1000;
    this.#tokens.set(token, { kind, scopes, expiresAtMs });
    return jsonAnswer('token', 200, {
      access_token: token,
      expires_in: TOKEN_LIFE_SECONDS,
      token_type: tokenType,
    });
  }
}
