import { SellingPartner } from 'amazon-sp-api';
import * as z from 'zod';
import { RejectedError, UnavailableError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CredentialStore } from '../../ports/credentials.ts';
import {
  accessTokenRefused,
  failureOf,
  networkFailure,
  type OperationFacts,
  type RawAnswer,
  signInFailure,
} from './errors.ts';

/** Versions are pinned: without one the library calls the oldest that has the operation. */
const ENDPOINTS_VERSIONS = {
  orders: '2026-01-01',
  reports: '2021-06-30',
  listingsItems: '2021-08-01',
  sellers: 'v1',
  feeds: '2021-06-30',
};
/** The operations we call, and the API each belongs to. */
const ENDPOINTS = {
  searchOrders: 'orders',
  getOrder: 'orders',
  getReports: 'reports',
  getReportDocument: 'reports',
  createReport: 'reports',
  getReport: 'reports',
  searchListingsItems: 'listingsItems',
  patchListingsItem: 'listingsItems',
  getMarketplaceParticipations: 'sellers',
  confirmShipment: 'orders',
  createFeedDocument: 'feeds',
  createFeed: 'feeds',
  getFeed: 'feeds',
  getFeeds: 'feeds',
  getFeedDocument: 'feeds',
} as const;
type AmazonOperation = keyof typeof ENDPOINTS;
/** What Amazon left where it was when its API moved on. */
const OLDER_VERSIONS: Readonly<Partial<Record<AmazonOperation, string>>> = { confirmShipment: 'v0' };

/** Time to the first byte; a page of 100 orders takes Amazon a few seconds. */
const RESPONSE_TIMEOUT_MS = 20_000;
/** Silence between two chunks of a body. */
const IDLE_TIMEOUT_MS = 10_000;
/** Whole answer. */
const DEADLINE_MS = 30_000;
/**
 * The library never settles when a connection breaks off inside a body: the response fails and nobody listens.
 * So every call also has an end of its own, a little after the library's.
 */
const CALL_TIMEOUT_MS = DEADLINE_MS + 2_000;
/** Access tokens live 60 minutes (Login with Amazon); a call never starts on one about to die. */
const ACCESS_TOKEN_USED_MS = 55 * 60_000;

/** An answer; something made, something taken up; a write's without an answer. */
const SUCCESS: readonly number[] = [200, 201, 202, 204];

/** The account's sign-in, as it stands in the credential store under these names. */
export const amazonCredentialsSchema = z.object({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  refreshToken: z.string().min(1),
});
export type AmazonCredentials = z.infer<typeof amazonCredentialsSchema>;

export interface AmazonRequest extends OperationFacts {
  readonly operation: AmazonOperation;
  /** What stands in the operation's path, by Amazon's names (`orderId`). */
  readonly path?: Readonly<Record<string, string>> | undefined;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  /** Sent as JSON. */
  readonly body?: Readonly<Record<string, unknown>> | undefined;
}

/** One seller account at Amazon: signs in, calls, and answers with a success or one of the four failures. */
export interface AmazonClient {
  call(request: AmazonRequest): Promise<RawAnswer>;
}

const rawAnswerSchema = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.unknown()),
  body: z.string(),
});

/** The two things we use of the library; its own types still describe the older Orders API. */
interface Library {
  refreshAccessToken(): Promise<void>;
  callAPI(request: {
    operation: AmazonOperation;
    endpoint: string;
    path: object;
    query: object;
    body?: object | undefined;
    options: object;
  }): Promise<unknown>;
}

export function createAmazonClient(credentials: AmazonCredentials, clock: Clock): AmazonClient {
  const library: Library = new SellingPartner({
    region: 'eu',
    refresh_token: credentials.refreshToken,
    credentials: {
      SELLING_PARTNER_APP_CLIENT_ID: credentials.clientId,
      SELLING_PARTNER_APP_CLIENT_SECRET: credentials.clientSecret,
    },
    endpoints_versions: ENDPOINTS_VERSIONS,
    options: {
      // Tokens are fetched early and once here; the library would wait for a refusal.
      auto_request_tokens: false,
      // Left on, it sleeps three minutes inside the function and tries again without end.
      auto_request_throttled: false,
      // Left on, it tries again at once and for ever.
      retry_remote_timeout: false,
      version_fallback: false,
      timeouts: { response: RESPONSE_TIMEOUT_MS, idle: IDLE_TIMEOUT_MS, deadline: DEADLINE_MS },
    },
  });
  let signedInAtMs: number | undefined;
  let signingIn: Promise<void> | undefined;

  const signIn = (): Promise<void> => {
    signingIn ??= settled('sign-in', library.refreshAccessToken())
      .then(
        () => {
          signedInAtMs = clock.now();
        },
        (error: unknown) => {
          throw error instanceof UnavailableError ? error : signInFailure(error);
        },
      )
      .finally(() => {
        signingIn = undefined;
      });
    return signingIn;
  };

  const send = async ({ operation, path = {}, query = {}, body }: AmazonRequest): Promise<RawAnswer> => {
    const request = {
      operation,
      endpoint: ENDPOINTS[operation],
      // Copied: the library encodes a path in place, and a call is sometimes made twice.
      path: { ...path },
      query,
      ...(body === undefined ? {} : { body }),
      options: { raw_result: true, version: OLDER_VERSIONS[operation] },
    };
    try {
      return rawAnswerSchema.parse(await settled(operation, library.callAPI(request)));
    } catch (error) {
      throw error instanceof UnavailableError ? error : networkFailure(operation, error);
    }
  };

  return {
    async call(request) {
      if (signedInAtMs === undefined || clock.now() - signedInAtMs >= ACCESS_TOKEN_USED_MS) await signIn();
      let answer = await send(request);
      if (accessTokenRefused(answer)) {
        await signIn();
        answer = await send(request);
      }
      if (!SUCCESS.includes(answer.statusCode)) throw failureOf(answer, request);
      return answer;
    },
  };
}

/** The client of each account, kept for as long as the process lives, so that its token and connection are used again. */
export function createAmazonClients(
  credentials: CredentialStore,
  clock: Clock,
  create: typeof createAmazonClient = createAmazonClient,
): (accountId: string) => Promise<AmazonClient> {
  const clients = new Map<string, AmazonClient>();
  return async (accountId) => {
    const known = clients.get(accountId);
    if (known !== undefined) return known;
    const parsed = amazonCredentialsSchema.safeParse(await credentials.getCredentials('amazon', accountId));
    if (!parsed.success) {
      throw new RejectedError('amazon', `amazon: no usable credentials stored for account ${accountId}`);
    }
    const client = create(parsed.data, clock);
    const forgetting: AmazonClient = {
      async call(request) {
        try {
          return await client.call(request);
        } catch (error) {
          // The secrets may have been replaced meanwhile: read them again next time.
          if (error instanceof RejectedError && error.status === 401) clients.delete(accountId);
          throw error;
        }
      },
    };
    clients.set(accountId, forgetting);
    return forgetting;
  };
}

async function settled<Answer>(operation: string, call: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new UnavailableError('amazon', `amazon ${operation}: no answer in ${CALL_TIMEOUT_MS} ms`)),
      CALL_TIMEOUT_MS,
    );
  });
  try {
    return await Promise.race([call, end]);
  } finally {
    clearTimeout(timer);
  }
}
