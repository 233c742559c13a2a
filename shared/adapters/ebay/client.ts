import type eBayApi from 'ebay-api';
import * as z from 'zod';
import { RejectedError, UnexpectedAnswerError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CredentialStore } from '../../ports/credentials.ts';
import { failureOf, isSuccess, networkFailure, type RawAnswer, signInFailure } from './errors.ts';

/** A page of 200 orders takes eBay a few seconds. The library itself would wait for ever. */
const CALL_TIMEOUT_MS = 20_000;
const SIGN_IN_TIMEOUT_MS = 10_000;
/** Access tokens live two hours; a call never starts on one about to die. */
const TOKEN_RENEWED_BEFORE_END_MS = 5 * 60_000;

const SCOPE = 'https://api.ebay.com/oauth/api_scope';
/** What the seller consented to, by the names that eBay's consent page and documents use. */
export const EBAY_SCOPES = {
  /** What every consent holds; the Trading API asks for no more. */
  base: SCOPE,
  'sell.fulfillment': `${SCOPE}/sell.fulfillment`,
  'sell.inventory': `${SCOPE}/sell.inventory`,
  'sell.finances': `${SCOPE}/sell.finances`,
  'commerce.identity.readonly': `${SCOPE}/commerce.identity.readonly`,
} as const;
export type EbayScope = keyof typeof EBAY_SCOPES;

/** The account's sign-in, as it stands in the credential store under these names. */
export const ebayCredentialsSchema = z.object({
  appId: z.string().min(1),
  certId: z.string().min(1),
  ruName: z.string().min(1),
  refreshToken: z.string().min(1),
  /** Both or none; needed only for calls that eBay wants signed. */
  signingKeyJwe: z.string().min(1).optional(),
  signingPrivateKey: z.string().min(1).optional(),
});
export type EbayCredentials = z.infer<typeof ebayCredentialsSchema>;

/** One seller account at eBay: signs in, calls, and answers with a success or one of the four failures. */
export interface EbayClient {
  /**
   * @param operation eBay's name of it, for messages
   * @param run the call itself, on a signed-in library; must ask for the whole response (`api({ returnResponse: true })`):
   *   without it the library hides the status and the headers
   */
  call(operation: string, run: (api: eBayApi) => Promise<unknown>): Promise<RawAnswer>;
  /** Only that: shows whether the seller consented to what is asked for (`RejectedError` 403 when not). */
  signIn(): Promise<void>;
  /** Whether calls made through the library's `sign` are signed: without the keys it sends them unsigned, and says nothing. */
  readonly canSign: boolean;
}

const rawAnswerSchema = z.object({ status: z.int(), headers: z.looseObject({}), data: z.unknown() });
/** eBay docs, "Using a refresh token to update a User access token". An application's token sees no seller's orders. */
const tokenSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  token_type: z.literal('User Access Token'),
});

interface SignedIn {
  readonly api: eBayApi;
  readonly usedUntilMs: number;
}

/** @param scopes what the token is asked to allow; one that the seller did not consent to makes every sign-in fail */
export function createEbayClient(
  credentials: EbayCredentials,
  clock: Clock,
  scopes: readonly EbayScope[] = ['sell.fulfillment'],
): EbayClient {
  let signedIn: SignedIn | undefined;
  let signingIn: Promise<SignedIn> | undefined;

  /** One at a time: the library would make one request per waiting call. */
  const signIn = (): Promise<SignedIn> => {
    signingIn ??= userTokenOf(credentials, clock, scopes)
      .then(async (token) => {
        const api = await libraryFor(credentials, scopes, {
          timeout: CALL_TIMEOUT_MS,
          // Every status comes back as an answer: the library's own translation loses some of them.
          validateStatus: () => true,
        });
        api.OAuth2.setCredentials({ ...token, refresh_token: credentials.refreshToken });
        signedIn = { api, usedUntilMs: clock.now() + token.expires_in * 1000 - TOKEN_RENEWED_BEFORE_END_MS };
        return signedIn;
      })
      .finally(() => {
        signingIn = undefined;
      });
    return signingIn;
  };

  return {
    canSign: credentials.signingKeyJwe !== undefined && credentials.signingPrivateKey !== undefined,
    async signIn() {
      await signIn();
    },
    async call(operation, run) {
      const known = signedIn !== undefined && clock.now() < signedIn.usedUntilMs ? signedIn : await signIn();
      let answer = await send(operation, run, known.api);
      if (answer.status === 401) {
        // The token died early. Another call may have noticed and renewed it already.
        answer = await send(operation, run, (signedIn === known ? await signIn() : (signedIn ?? known)).api);
      }
      if (!isSuccess(answer)) throw failureOf(operation, answer, clock.now());
      return answer;
    },
  };
}

async function send(
  operation: string,
  run: (api: eBayApi) => Promise<unknown>,
  api: eBayApi,
): Promise<RawAnswer> {
  let answered: unknown;
  try {
    answered = await run(api);
  } catch (error) {
    throw networkFailure(operation, error);
  }
  return rawAnswerSchema.parse(answered);
}

/**
 * A fresh access token of the seller. It is got by a library of its own, so that what the library keeps of an earlier
 * token never passes for an answer, and no call is ever made by one that has no user token: that would get itself an
 * application token without a word.
 */
async function userTokenOf(
  credentials: EbayCredentials,
  clock: Clock,
  scopes: readonly EbayScope[],
): Promise<z.infer<typeof tokenSchema>> {
  const { OAuth2 } = await libraryFor(credentials, scopes, { timeout: SIGN_IN_TIMEOUT_MS });
  OAuth2.setCredentials({ access_token: '', refresh_token: credentials.refreshToken });
  let answered: unknown;
  try {
    answered = await OAuth2.refreshToken();
  } catch (error) {
    throw signInError(error, clock);
  }
  const token = tokenSchema.safeParse(answered);
  // The answer is not quoted: it may hold a token.
  if (!token.success) throw new UnexpectedAnswerError('ebay', 'ebay sign-in: the answer holds no user token');
  return token.data;
}

function signInError(error: unknown, clock: Clock) {
  const response =
    typeof error === 'object' && error !== null && 'response' in error ? error.response : undefined;
  const answer = rawAnswerSchema.safeParse(response);
  return answer.success ? signInFailure(answer.data, clock.now()) : networkFailure('sign-in', error);
}

/**
 * The library is loaded when first needed: it prepares Node's fetch while it loads, and a function that may call any
 * marketplace, or none, would wait for that at every start.
 */
async function libraryFor(
  credentials: EbayCredentials,
  scopes: readonly EbayScope[],
  http: { readonly timeout: number; readonly validateStatus?: () => boolean },
): Promise<eBayApi> {
  const { default: Library } = await import('ebay-api');
  const { appId, certId, ruName, signingKeyJwe, signingPrivateKey } = credentials;
  return new Library({
    appId,
    certId,
    ruName,
    sandbox: false,
    // Left alone, everything speaks of the United States.
    siteId: Library.SiteId.EBAY_IT,
    marketplaceId: Library.MarketplaceId.EBAY_IT,
    acceptLanguage: Library.Locale.it_IT,
    contentLanguage: Library.Locale.it_IT,
    scope: scopes.map((scope) => EBAY_SCOPES[scope]),
    signature:
      signingKeyJwe === undefined || signingPrivateKey === undefined
        ? null
        : { jwe: signingKeyJwe, privateKey: signingPrivateKey },
    // Tokens are renewed early and once here; the library would wait for a refusal.
    autoRefreshToken: false,
    // Left on, a SKU 1E5 in an XML answer becomes the number 100000.
    parseOptions: { parseTagValue: false },
    // Node's own fetch: the library's way through node:http brings 150 kB and its own idea of proxies.
    axiosConfig: { adapter: 'fetch', ...http },
  });
}

/** The client of each account, kept for as long as the process lives, so that its token is used again. */
export function createEbayClients(
  credentials: CredentialStore,
  clock: Clock,
  create: (credentials: EbayCredentials, clock: Clock) => EbayClient = createEbayClient,
): (accountId: string) => Promise<EbayClient> {
  const clients = new Map<string, Promise<EbayClient>>();
  const made = async (accountId: string): Promise<EbayClient> => {
    const client = create(usableCredentials(await credentials.getCredentials('ebay', accountId)), clock);
    const forgetting = async <Answer>(work: Promise<Answer>): Promise<Answer> => {
      try {
        return await work;
      } catch (error) {
        // The secrets may have been replaced meanwhile: read them again next time.
        if (error instanceof RejectedError && error.status === 401) clients.delete(accountId);
        throw error;
      }
    };
    return {
      canSign: client.canSign,
      call: (operation, run) => forgetting(client.call(operation, run)),
      signIn: () => forgetting(client.signIn()),
    };
  };
  return async (accountId) => {
    const known = clients.get(accountId) ?? made(accountId);
    clients.set(accountId, known);
    try {
      return await known;
    } catch (error) {
      clients.delete(accountId);
      throw error;
    }
  };
}

/** @throws RejectedError 401 when they are not complete */
export function usableCredentials(stored: Readonly<Record<string, string>> | undefined): EbayCredentials {
  const parsed = ebayCredentialsSchema.safeParse(stored);
  if (parsed.success) return parsed.data;
  throw new RejectedError('ebay', 'ebay: the credentials are not complete', { status: 401 });
}
