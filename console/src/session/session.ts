import { InMemoryWebStorage, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import type { Role } from '../../../events/http/roles.ts';
import type { Tokens } from '../api/client.ts';

/** Written beside the page by the deployment: whom to sign in with. */
export interface ConsoleConfig {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly logoutEndpoint: string;
  readonly clientId: string;
}

export interface Session extends Tokens {
  readonly roles: readonly Role[];
  /** Leaves this page for the sign-in, and comes back to it. */
  signIn(): Promise<void>;
  signOut(): Promise<void>;
}

/**
 * Code flow with PKCE. Tokens are in memory only: a reload asks the provider again, which still knows who it is. What must
 * outlive the way there and back (the verifier, the page) is in the tab's own storage.
 * @returns undefined when the browser is on its way to the sign-in
 */
export async function startSession(config: ConsoleConfig): Promise<Session | undefined> {
  const home = `${window.location.origin}/`;
  const manager = new UserManager({
    authority: config.issuer,
    client_id: config.clientId,
    redirect_uri: home,
    scope: 'openid',
    automaticSilentRenew: false,
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    stateStore: new WebStorageStateStore({ store: window.sessionStorage }),
    metadata: {
      issuer: config.issuer,
      authorization_endpoint: config.authorizationEndpoint,
      token_endpoint: config.tokenEndpoint,
    },
  });
  const signIn = () => manager.signinRedirect({ state: window.location.search + window.location.hash });

  const answer = new URLSearchParams(window.location.search);
  if (!answer.has('code') && !answer.has('error')) {
    await signIn();
    return undefined;
  }
  let user = await manager.signinRedirectCallback().catch(() => undefined);
  const back = typeof user?.state === 'string' ? user.state : '';
  // The code must not stay in the address, nor in the history.
  window.history.replaceState(null, '', `/${back}`);
  if (user === undefined) {
    await signIn();
    return undefined;
  }
  return {
    roles: rolesIn(user.access_token),
    token: () => user?.access_token,
    async renew() {
      if (user?.refresh_token === undefined) return false;
      user = (await manager.signinSilent().catch(() => undefined)) ?? undefined;
      return user !== undefined;
    },
    async signIn() {
      await signIn();
    },
    async signOut() {
      await manager.removeUser();
      const query = new URLSearchParams({ client_id: config.clientId, logout_uri: home });
      window.location.assign(`${config.logoutEndpoint}?${query}`);
    },
  };
}

/** What the console offers; what is allowed is the API's to say. */
function rolesIn(token: string): readonly Role[] {
  try {
    const payload = token.split('.')[1] ?? '';
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    const groups = (claims as { readonly 'cognito:groups'?: unknown })['cognito:groups'];
    return Array.isArray(groups) ? (groups as Role[]) : [];
  } catch {
    return [];
  }
}
