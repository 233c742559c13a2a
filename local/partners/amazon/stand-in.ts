import { CONNECTION_DROPPED, type Partner, type PartnerAnswer, type PartnerRequest } from '../partner.ts';
import { AmazonRefusal, jsonAnswer, refusalAnswer } from './answers.ts';
import { OrdersApi, type SellerRights } from './orders.ts';
import type { AmazonOrder } from './schemas.ts';
import { type SellerAccount, SignIn } from './sign-in.ts';
import { TokenBucket, type UsagePlan } from './token-bucket.ts';

const SIGN_IN_HOST = 'api.amazon.com';
const API_HOST = 'sellingpartnerapi-eu.amazon.com';

/** Documented rates. Source: SP-API docs, Orders API v2026-01-01 reference, "Usage Plan" of each operation. */
const USAGE_PLANS = {
  searchOrders: { ratePerSecond: 0.0056, burst: 20 },
  getOrder: { ratePerSecond: 0.5, burst: 30 },
} satisfies Record<string, UsagePlan>;
type Operation = keyof typeof USAGE_PLANS;

/** What the next call meets instead of an answer. */
type Trouble = 'throttled' | 'server-error' | 'dropped';

/**
 * Amazon's SP-API as far as this project calls it, stricter than the real one: an unknown parameter is an error, and
 * an answer that the published schema does not allow never leaves.
 */
export interface AmazonStandIn extends Partner {
  /** What Amazon believes of an order. */
  order(orderId: string): AmazonOrder | undefined;
  /** Adds an order or replaces it; the caller sets `lastUpdatedTime`. */
  putOrder(order: AmazonOrder): void;
  /** The next calls of any operation meet this trouble, in the order asked for. */
  trouble(what: Trouble, calls: number): void;
  /** Calls answered so far, by operation, refused ones included. */
  readonly calls: ReadonlyMap<string, number>;
}

export function createAmazonStandIn(options: {
  readonly account: SellerAccount;
  readonly marketplaceIds: readonly string[];
  /** Whether the application has Amazon's restricted roles. */
  readonly personalData: boolean;
  readonly orders: readonly AmazonOrder[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}): AmazonStandIn {
  const { account, marketplaceIds, personalData, now } = options;
  const signIn = new SignIn([account], now);
  const ordersApi = new OrdersApi(options.orders, now);
  const buckets = new Map<string, TokenBucket>();
  const troubles: Trouble[] = [];
  const calls = new Map<string, number>();

  function answerApi(request: PartnerRequest): PartnerAnswer | typeof CONNECTION_DROPPED {
    const { operation, call } = route(request);
    const plan = operation === undefined ? undefined : USAGE_PLANS[operation];
    const name = operation ?? 'unknown';
    const headers: Record<string, string> =
      plan === undefined ? {} : { 'x-amzn-ratelimit-limit': String(plan.ratePerSecond) };
    try {
      const rights: SellerRights = {
        sellerId: signIn.sellerOf(request.headers),
        personalData,
        marketplaceIds,
      };
      const trouble = troubles.shift();
      if (trouble === 'dropped') return CONNECTION_DROPPED;
      if (trouble === 'server-error') {
        throw new AmazonRefusal(
          500,
          'InternalFailure',
          'We encountered an internal error. Please try again.',
        );
      }
      if (trouble === 'throttled' || (operation !== undefined && !takeToken(rights.sellerId, operation))) {
        throw new AmazonRefusal(429, 'QuotaExceeded', 'You exceeded your quota for the requested resource.');
      }
      return jsonAnswer(name, 200, call(rights), headers);
    } catch (error) {
      if (!(error instanceof AmazonRefusal)) throw error;
      return refusalAnswer(name, error, headers);
    } finally {
      calls.set(name, (calls.get(name) ?? 0) + 1);
    }
  }

  function takeToken(sellerId: string, operation: Operation): boolean {
    const key = `${sellerId}/${operation}`;
    const bucket = buckets.get(key) ?? new TokenBucket(USAGE_PLANS[operation], now());
    buckets.set(key, bucket);
    return bucket.take(now());
  }

  function route({ method, url }: PartnerRequest): {
    operation: Operation | undefined;
    call: (rights: SellerRights) => object;
  } {
    const [, orderId] = /^\/orders\/2026-01-01\/orders(?:\/([^/]+))?$/.exec(url.pathname) ?? [
      undefined,
      null,
    ];
    if (method === 'GET' && orderId === undefined) {
      return { operation: 'searchOrders', call: (rights) => ordersApi.search(url.searchParams, rights) };
    }
    if (method === 'GET' && typeof orderId === 'string') {
      return { operation: 'getOrder', call: (rights) => ordersApi.get(orderId, url.searchParams, rights) };
    }
    return {
      operation: undefined,
      call: () => {
        throw new AmazonRefusal(404, 'NotFound', `The stand-in has no ${method} ${url.pathname}`);
      },
    };
  }

  return {
    name: 'amazon',
    hosts: [SIGN_IN_HOST, API_HOST],
    calls,
    answer(request) {
      if (request.url.host === API_HOST) return answerApi(request);
      calls.set('token', (calls.get('token') ?? 0) + 1);
      return request.url.pathname === '/auth/o2/token'
        ? signIn.answerTokenRequest(request)
        : jsonAnswer('unknown', 404, { error: 'not_found' });
    },
    order: (orderId) => ordersApi.orders.get(orderId),
    putOrder: (order) => ordersApi.orders.set(order.orderId, order),
    trouble: (what, count) => troubles.push(...Array.from({ length: count }, () => what)),
  };
}
