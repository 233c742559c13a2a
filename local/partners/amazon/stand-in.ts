import { CONNECTION_DROPPED, type Partner, type PartnerAnswer, type PartnerRequest } from '../partner.ts';
import { AmazonRefusal, jsonAnswer, refusalAnswer } from './answers.ts';
import { Customisations, type StandInCustomisation } from './customisations.ts';
import { OrdersApi, type SellerRights } from './orders.ts';
import { ReportsApi, type StandInReport } from './reports.ts';
import { type AmazonOrder, CUSTOMISATION_HOST, DOCUMENT_HOST } from './schemas.ts';
import { participations } from './sellers.ts';
import { withShipment } from './shipping.ts';
import { type SellerAccount, SignIn } from './sign-in.ts';
import { TokenBucket, type UsagePlan } from './token-bucket.ts';

const SIGN_IN_HOST = 'api.amazon.com';
const API_HOST = 'sellingpartnerapi-eu.amazon.com';

/**
 * Documented rates. Source: SP-API docs, references of the Orders API v2026-01-01, the Reports API v2021-06-30 and the
 * Sellers API v1, "Usage Plan" of each operation.
 */
const USAGE_PLANS = {
  searchOrders: { ratePerSecond: 0.0056, burst: 20 },
  getOrder: { ratePerSecond: 0.5, burst: 30 },
  getReports: { ratePerSecond: 0.0222, burst: 10 },
  getReportDocument: { ratePerSecond: 0.0167, burst: 15 },
  getMarketplaceParticipations: { ratePerSecond: 0.016, burst: 15 },
  // Orders API v0, where it stayed.
  confirmShipment: { ratePerSecond: 2, burst: 10 },
} satisfies Record<string, UsagePlan>;
type Operation = keyof typeof USAGE_PLANS;

/** What Amazon lets the application do, as roles. Without the restricted ones an answer lacks people, the others refuse. */
interface Roles {
  readonly orders: boolean;
  readonly personalData: boolean;
  readonly finance: boolean;
}
const ROLE_OF: Readonly<Partial<Record<Operation, keyof Roles>>> = {
  searchOrders: 'orders',
  getOrder: 'orders',
  confirmShipment: 'orders',
  getReports: 'finance',
  getReportDocument: 'finance',
};

/** What the next call meets instead of an answer. */
type Trouble =
  | 'throttled'
  | 'server-error'
  | 'dropped'
  /** The connection ends after the call was carried out. */
  | 'dropped-after';

/**
 * Amazon's SP-API as far as this project calls it, stricter than the real one: an unknown parameter is an error, and
 * an answer that the published schema does not allow never leaves.
 */
export interface AmazonStandIn extends Partner {
  /** What Amazon believes of an order. */
  order(orderId: string): AmazonOrder | undefined;
  /** Adds an order or replaces it; the caller sets `lastUpdatedTime`. */
  putOrder(order: AmazonOrder): void;
  /** Adds a report or replaces it. */
  putReport(report: StandInReport): void;
  /** Adds a customisation or replaces it: its order line names the package from then on. */
  putCustomisation(customisation: StandInCustomisation): void;
  /** Gives the application roles or takes them away. */
  setRoles(changes: Partial<Roles>): void;
  /** The seller takes the authorisation back: sign-in and tokens are refused. */
  revoke(): void;
  /** The seller authorises the application again, with the same refresh token. */
  authorise(): void;
  /** The next calls meet this trouble, in the order asked for; the scheduled look at the account is spared. */
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
  readonly reports?: readonly StandInReport[];
  readonly customisations?: readonly StandInCustomisation[];
  /** The shop's public name. */
  readonly storeName?: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}): AmazonStandIn {
  const { account, marketplaceIds, now, storeName = 'Negozio Dimostrativo' } = options;
  let roles: Roles = { orders: true, finance: true, personalData: options.personalData };
  const signIn = new SignIn([account], now);
  const customisations = new Customisations(options.customisations ?? [], now);
  const ordersApi = new OrdersApi(options.orders, customisations, now);
  const reportsApi = new ReportsApi(options.reports ?? [], now);
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
        personalData: roles.personalData,
        marketplaceIds,
      };
      const role = operation === undefined ? undefined : ROLE_OF[operation];
      if (role !== undefined && !roles[role]) {
        throw new AmazonRefusal(403, 'Unauthorized', 'Access to requested resource is denied.');
      }
      const trouble = operation === 'getMarketplaceParticipations' ? undefined : troubles.shift();
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
      const body = call(rights);
      if (trouble === 'dropped-after') return CONNECTION_DROPPED;
      const answer = jsonAnswer(name, body === undefined ? 204 : 200, body, headers);
      return body === undefined ? { ...answer, body: '' } : answer;
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

  function route({ method, url, body }: PartnerRequest): {
    operation: Operation | undefined;
    /** Undefined: carried out, and there is nothing to say. */
    call: (rights: SellerRights) => object | undefined;
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
    const [, shippedId] = /^\/orders\/v0\/orders\/([^/]+)\/shipmentConfirmation$/.exec(url.pathname) ?? [];
    if (method === 'POST' && shippedId !== undefined) {
      return {
        operation: 'confirmShipment',
        call(rights) {
          const shipped = withShipment(ordersApi.orders.get(shippedId), body, rights, now());
          ordersApi.orders.set(shippedId, shipped);
          return undefined;
        },
      };
    }
    const [, documentId] = /^\/reports\/2021-06-30\/documents\/([^/]+)$/.exec(url.pathname) ?? [];
    if (method === 'GET' && documentId !== undefined) {
      return {
        operation: 'getReportDocument',
        call: () => reportsApi.document(decodeURIComponent(documentId), url.searchParams),
      };
    }
    if (method === 'GET' && url.pathname === '/reports/2021-06-30/reports') {
      return { operation: 'getReports', call: () => reportsApi.list(url.searchParams) };
    }
    if (method === 'GET' && url.pathname === '/sellers/v1/marketplaceParticipations') {
      return {
        operation: 'getMarketplaceParticipations',
        call: () => participations(url.searchParams, marketplaceIds, storeName),
      };
    }
    return {
      operation: undefined,
      call: () => {
        throw new AmazonRefusal(404, 'NotFound', `The stand-in has no ${method} ${url.pathname}`);
      },
    };
  }

  function answerPackage({ pathname }: URL): PartnerAnswer {
    const bytes = customisations.at(pathname);
    return {
      operation: 'customisation-package',
      status: bytes === undefined ? 404 : 200,
      headers: { 'content-type': bytes === undefined ? 'text/plain' : 'application/zip' },
      body: '',
      bytes,
    };
  }

  return {
    name: 'amazon',
    hosts: [SIGN_IN_HOST, API_HOST, DOCUMENT_HOST, CUSTOMISATION_HOST],
    calls,
    answer(request) {
      if (request.url.host === API_HOST) return answerApi(request);
      if (request.url.host === DOCUMENT_HOST) return reportsApi.download(request.url);
      if (request.url.host === CUSTOMISATION_HOST) return answerPackage(request.url);
      calls.set('token', (calls.get('token') ?? 0) + 1);
      return request.url.pathname === '/auth/o2/token'
        ? signIn.answerTokenRequest(request)
        : jsonAnswer('unknown', 404, { error: 'not_found' });
    },
    order: (orderId) => ordersApi.orders.get(orderId),
    putOrder: (order) => ordersApi.orders.set(order.orderId, order),
    putReport: (report) => reportsApi.put(report),
    putCustomisation: (customisation) => customisations.put(customisation),
    setRoles: (changes) => {
      roles = { ...roles, ...changes };
    },
    revoke: () => signIn.revoke(account.sellerId),
    authorise: () => signIn.authorise(account.sellerId),
    trouble: (what, count) => troubles.push(...Array.from({ length: count }, () => what)),
  };
}
