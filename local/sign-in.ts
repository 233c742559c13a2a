import { createHash, randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { z } from 'zod';

/** Redirects between asking to sign in and the code; more is a circle. */
const STEPS_MAX = 8;
const demoSchema = z.object({ clientId: z.string(), redirectUri: z.url(), groups: z.array(z.string()) });
const tokensSchema = z.object({ access_token: z.string() });

/**
 * Signs one of the demo people in, as a browser does: code flow, PKCE, the button on the page.
 * @param at where people sign in, as `npm start` prints it
 * @returns an access token for the HTTP API
 */
export async function signIn(at: string, role: string): Promise<string> {
  const { clientId, redirectUri, groups } = demoSchema.parse(await (await fetch(`${at}/demo`)).json());
  if (!groups.includes(role)) throw new Error(`${role}: non c'è · there is none; ${groups.join(', ')}`);
  const verifier = randomBytes(32).toString('base64url');
  const wanted = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const code = await codeFor(new URL(`${at}/oauth2/authorize?${wanted}`), redirectUri, role);
  const answer = await fetch(`${at}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      redirect_uri: redirectUri,
      code,
      code_verifier: verifier,
    }),
  });
  if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
  return tokensSchema.parse(await answer.json()).access_token;
}

/** Follows the redirects with the cookies given on the way, until one leads back to the program. */
async function codeFor(start: URL, redirectUri: string, role: string): Promise<string> {
  const cookies = new Map<string, string>();
  let url = start;
  for (let step = 0; step < STEPS_MAX; step++) {
    const asksWho = url.pathname.startsWith('/sign-in/');
    const answer = await fetch(url, {
      method: asksWho ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(asksWho ? { body: new URLSearchParams({ group: role }) } : {}),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = cookie.split(';')[0]?.split(/=(.*)/s) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
    url = new URL(location, url);
    const code = url.searchParams.get('code');
    if (url.href.startsWith(redirectUri) && code !== null) return code;
  }
  throw new Error(`sign-in: no code after ${STEPS_MAX} steps`);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { at: { type: 'string' }, role: { type: 'string', default: 'operator' } },
  });
  if (values.at === undefined) {
    process.stderr.write('npm run --silent token -- --at http://127.0.0.1:PORT --role operator\n');
    process.exitCode = 2;
  } else process.stdout.write(`${await signIn(values.at, values.role)}\n`);
}
