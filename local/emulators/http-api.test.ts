import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { createAuthorizer } from './http-api.ts';

const ISSUER = 'https://cognito-idp.eu-south-1.amazonaws.com/eu-south-1_LOCAL';
const ours = await generateKeyPair('RS256');
const theirs = await generateKeyPair('RS256');
const authorizer = createAuthorizer(
  { Issuer: ISSUER, Audience: ['console'] },
  { keys: [{ ...(await exportJWK(ours.publicKey)), alg: 'RS256', use: 'sig', kid: 'one' }] },
);

interface Token {
  readonly issuer?: string;
  readonly claims?: Record<string, unknown>;
  readonly expires?: string | number;
  readonly key?: typeof ours.privateKey;
}
const tokenOf = ({
  issuer = ISSUER,
  claims = { client_id: 'console' },
  expires = '5 min',
  key,
}: Token = {}) =>
  new SignJWT({ token_use: 'access', ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'one' })
    .setIssuer(issuer)
    .setIssuedAt()
    .setSubject('person-1')
    .setExpirationTime(expires)
    .sign(key ?? ours.privateKey);

describe('the authorizer', () => {
  test('lets a token of its issuer and client pass, with or without the word Bearer', async () => {
    const token = await tokenOf();
    expect((await authorizer(`Bearer ${token}`))?.sub).toBe('person-1');
    expect((await authorizer(token))?.sub).toBe('person-1');
    expect((await authorizer(await tokenOf({ claims: { aud: ['other', 'console'] } })))?.sub).toBe(
      'person-1',
    );
  });

  test.each<[string, Token]>([
    ['expired', { expires: 1_000_000 }],
    ['of another issuer', { issuer: 'https://cognito-idp.eu-south-1.amazonaws.com/eu-south-1_OTHER' }],
    ['for another client', { claims: { client_id: 'other' } }],
    ['for nobody', { claims: {} }],
    // API Gateway looks at the client only where there is no audience.
    ['for another audience, of the client', { claims: { aud: 'other', client_id: 'console' } }],
    ['signed by somebody else', { key: theirs.privateKey }],
  ])('refuses a token %s', async (_what, token) => {
    expect(await authorizer(`Bearer ${await tokenOf(token)}`)).toBeUndefined();
  });

  test('refuses what is no token, and one that says it needs no signature', async () => {
    const [, claims] = (await tokenOf()).split('.');
    const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const each of [undefined, '', 'Bearer', 'Basic abc', 'a.b.c', `Bearer ${unsigned}.${claims}.`]) {
      expect(await authorizer(each), String(each)).toBeUndefined();
    }
  });
});
