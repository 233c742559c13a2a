import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, type JSONWebKeySet } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';
import type { Addresses } from '../addresses.ts';
import { HTTP_AUTHORIZER, USER_POOL_CLIENT, USER_POOL_GROUP } from '../resource-types.ts';
import { type StackModel, TemplateRefused } from '../template.ts';

/** The one thing tokens are for. */
const RESOURCE = 'urn:markeplay:http-api';
const KEPT_SECONDS = 12 * 3_600;
/** The address where `npm run token` waits. */
const COMMAND_LINE = /^http:\/\/localhost:/;
const SIGN_IN = /^\/sign-in\/([\w-]+)$/;

/**
 * The user pool's place: a standard OpenID provider with one person per group of the template, without passwords. Its
 * access tokens look like Cognito's and carry the issuer that the template's authorizer asks for.
 * Source: Cognito developer guide, "Understanding the access token".
 */
export interface People {
  /** Where people sign in. */
  readonly endpoint: string;
  readonly groups: readonly string[];
  /** Public keys of its tokens. */
  readonly keys: JSONWebKeySet;
  stop(): Promise<void>;
}

/** @param addresses where people come back to */
export async function startPeople(model: StackModel, addresses: Addresses): Promise<People> {
  const clients = model.of(USER_POOL_CLIENT).map(({ ref, properties }) => ({
    id: ref,
    tokenSeconds: properties.AccessTokenValidity * 60,
    callbacks: properties.CallbackURLs.map(addresses.here),
    afterwards: properties.LogoutURLs.map(addresses.here),
  }));
  const ofCommandLine = clients.find(({ callbacks }) => callbacks.some((url) => COMMAND_LINE.test(url)));
  const [authorizer] = model.of(HTTP_AUTHORIZER);
  if (ofCommandLine === undefined || authorizer === undefined) {
    throw new TemplateRefused('no user pool client, or no authorizer: nobody could call the HTTP API');
  }
  const groups = model.of(USER_POOL_GROUP).map(({ properties }) => properties.GroupName);
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const about = { alg: 'RS256', use: 'sig', kid: randomBytes(8).toString('hex') };
  const issuer = authorizer.properties.JwtConfiguration.Issuer;

  const configuration: Configuration = {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), ...about }] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    clients: clients.map(({ id, callbacks }) => ({
      client_id: id,
      application_type: 'web',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: callbacks,
    })),
    // Cognito's own. Source: Cognito developer guide, "User pool endpoints and managed login reference".
    routes: { authorization: '/oauth2/authorize', token: '/oauth2/token' },
    clientBasedCORS: (_ctx, origin, { redirectUris = [] }) =>
      redirectUris.some((url) => new URL(url).origin === origin),
    issueRefreshToken: () => true,
    rotateRefreshToken: false,
    // As long as a run; said so that the provider does not ask for it on every start.
    ttl: {
      AccessToken: ofCommandLine.tokenSeconds,
      AuthorizationCode: 60,
      IdToken: 60,
      Interaction: KEPT_SECONDS,
      Grant: KEPT_SECONDS,
      RefreshToken: KEPT_SECONDS,
      Session: KEPT_SECONDS,
    },
    pkce: { required: () => true },
    scopes: ['openid'],
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, _resource, { clientId }) => ({
          scope: 'openid',
          audience: clientId,
          accessTokenFormat: 'jwt',
          accessTokenTTL: clients.find(({ id }) => id === clientId)?.tokenSeconds ?? 0,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    formats: {
      customizers: {
        jwt(_ctx, token, parts) {
          const person = 'accountId' in token ? String(token.accountId) : '';
          parts.payload = {
            // With an `aud`, which Cognito's have not: this provider makes none without.
            ...parts.payload,
            token_use: 'access',
            scope: 'openid',
            username: person,
            'cognito:groups': [person.replace(/^demo-/, '')],
          };
        },
      },
    },
    interactions: { url: (_ctx, { uid }) => `/sign-in/${uid}` },
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    // Nobody is asked whether the console may act for them.
    async loadExistingGrant(ctx) {
      const { client: asking, session } = ctx.oidc;
      if (asking === undefined || session?.accountId === undefined) return undefined;
      const grant = new provider.Grant({ clientId: asking.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid');
      grant.addResourceScope(RESOURCE, 'openid');
      await grant.save();
      return grant;
    },
  };
  const provider = new Provider(issuer, configuration);
  const standard = provider.callback();

  const server = createServer((request, response) => {
    route(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(400);
      response.end();
    });
  });

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (path === '/demo') {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(
          JSON.stringify({ clientId: ofCommandLine?.id, redirectUri: ofCommandLine?.callbacks[0], groups }),
        );
    } else if (path === '/logout') signOut(request, response);
    else if (SIGN_IN.test(path)) await signIn(request, response);
    else await standard(request, response);
  }

  /** Forgets who it was, and goes where the program may send people. Source: Cognito developer guide, "Logout endpoint". */
  function signOut(request: IncomingMessage, response: ServerResponse): void {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const asking = clients.find(({ id }) => id === searchParams.get('client_id'));
    const to = asking?.afterwards.find((url) => url === searchParams.get('logout_uri'));
    if (to === undefined) {
      response.writeHead(400).end();
      return;
    }
    const names = (request.headers.cookie ?? '').split(/;\s*/).map((cookie) => cookie.split('=')[0] ?? '');
    response
      .writeHead(302, {
        location: to,
        'set-cookie': names
          .filter((name) => name.startsWith('_session'))
          .map((name) => `${name}=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT`),
      })
      .end();
  }

  /** A page with one button per person; what it sends is who signs in. */
  async function signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') {
      const buttons = groups
        .map((group) => `<button name="group" value="${group}">${group}</button>`)
        .join(' ');
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        .end(
          `<!doctype html><html lang="it"><title>Accesso · Sign in</title><form method="post">${buttons}</form></html>`,
        );
      return;
    }
    const group = new URLSearchParams(await text(request)).get('group') ?? '';
    if (!groups.includes(group)) {
      response.writeHead(400).end();
      return;
    }
    await provider.interactionFinished(request, response, { login: { accountId: `demo-${group}` } });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    groups,
    keys: { keys: [{ ...(await exportJWK(publicKey)), ...about }] },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
