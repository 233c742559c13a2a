import { CONNECTION_DROPPED, type Partner, type PartnerAnswer, type PartnerRequest } from '../partner.ts';
import { AmazonRefusal, jsonAnswer, refusalAnswer } from './answers.ts';
import { Customisations, type StandInCustomisation } from './customisations.ts';
import { type AmazonInvoice, type AmazonRefund, FeedsApi } from './feeds.ts';
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
  // Feeds API v2021-06-30.
  createFeedDocument: { ratePerSecond: 0.5, burst: 15 },
  createFeed: { ratePerSecond: 0.0083, burst: 15 },
  getFeed: { ratePerSecond: 2, burst: 15 },
  getFeeds: { ratePerSecond: 0.0222, burst: 10 },
  getFeedDocument: { ratePerSecond: 0.0222, burst: 10 },
} satisfies Record<string, UsagePlan>;
type Operation = keyof typeof USAGE_PLANS;

/** What Amazon lets the application do, as roles. Without the restricted ones an answer lacks people, the others refuse. */
interface Roles {
  readonly orders: boolean;
  readonly personalData: boolean;
  readonly finance: boolean;
  /** Tax Invoicing. */
  readonly invoicing: boolean;
}
const ROLE_OF: Readonly<Partial<Record<Operation, keyof Roles>>> = {
  searchOrders: 'orders',
  getOrder: 'orders',
  confirmShipment: 'orders',
  createFeedDocument: 'orders',
  createFeed: 'orders',
  getFeed: 'orders',
  getFeeds: 'orders',
  getFeedDocument: 'orders',
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
  /** What Amazon gave back of an order. */
  refunds(orderId: string): readonly AmazonRefund[];
  /** The invoices Amazon keeps of an order. */
  invoices(orderId: string): readonly AmazonInvoice[];
  /** Amazon makes an order's invoices itself from now on. */
  invoiceItself(orderId: string): void;
  /** The next feed that is made ends so, and nothing in it is done. */
  endFeed(how: 'CANCELLED' | 'FATAL'): void;
  /** Gives the application roles or takes them away. */
  setRoles(changes: Partial<Roles>): void;
  /** The seller takes the authorisation back: sign-in and tokens are refused. */
  revoke(): void;
  /** The seller authorises the application again, with the same refresh token. */
  authorise(): void;
  /** The next calls, or those of one operation, meet this trouble, in the order asked for; the scheduled look at the account is spared. */
  trouble(what: Trouble, calls: number, operation?: string): void;
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
  let roles: Roles = { orders: true, finance: true, invoicing: true, personalData: options.personalData };
  const signIn = new SignIn([account], now);
  const customisations = new Customisations(options.customisations ?? [], now);
  const ordersApi = new OrdersApi(options.orders, customisations, now);
  const reportsApi = new ReportsApi(options.reports ?? [], now);
  const buckets = new Map<string, TokenBucket>();
  const feedsApi = new FeedsApi(ordersApi.orders, now);
  const troubles: { readonly what: Trouble; readonly operation: string | undefined }[] = [];
  const calls = new Map<string, number>();

  function answerApi(request: PartnerRequest): PartnerAnswer | typeof CONNECTION_DROPPED {
    const { operation, call, status = 200 } = route(request);
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
      const trouble = operation === 'getMarketplaceParticipations' ? undefined : nextTrouble(name);
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
      const answer = jsonAnswer(name, body === undefined ? 204 : status, body, headers);
      return body === undefined ? { ...answer, body: '' } : answer;
    } catch (error) {
      if (!(error instanceof AmazonRefusal)) throw error;
      return refusalAnswer(name, error, headers);
    } finally {
      calls.set(name, (calls.get(name) ?? 0) + 1);
    }
  }

  function nextTrouble(operation: string): Trouble | undefined {
    const index = troubles.findIndex((each) => each.operation === undefined || each.operation === operation);
    return index < 0 ? undefined : troubles.splice(index, 1)[0]?.what;
  }

  function takeToken(sellerId: string, operation: Operation): boolean {
    const key = `${sellerId}/${operation}`;
    const bucket = buckets.get(key) ?? new TokenBucket(USAGE_PLANS[operation], now());
    buckets.set(key, bucket);
    return bucket.take(now());
  }

  function route({ method, url, body }: PartnerRequest): {
    operation: Operation | undefined;
    /** Of an answer; 200 unless stated. */
    status?: 201 | 202;
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
    const feeds = feedRoute(method, url, body);
    if (feeds !== undefined) return feeds;
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

  function feedRoute(method: string, url: URL, body: string): ReturnType<typeof route> | undefined {
    const [, what, id] = /^\/feeds\/2021-06-30\/(feeds|documents)(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
    const named = decodeURIComponent(id ?? '');
    switch (`${method} ${what}${id === undefined ? '' : '/id'}`) {
      case 'POST documents':
        return {
          operation: 'createFeedDocument',
          status: 201,
          call: () => feedsApi.createDocument(body),
        };
      case 'POST feeds':
        return {
          operation: 'createFeed',
          status: 202,
          call: (rights) => feedsApi.create(body, rights.marketplaceIds, roles.invoicing),
        };
      case 'GET feeds':
        return { operation: 'getFeeds', call: () => feedsApi.list(url.searchParams) };
      case 'GET feeds/id':
        return { operation: 'getFeed', call: () => feedsApi.get(named) };
      case 'GET documents/id':
        return { operation: 'getFeedDocument', call: () => feedsApi.document(named) };
      default:
        return undefined;
    }
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
      if (request.url.host === DOCUMENT_HOST) {
        return feedsApi.answerHost(request) ?? reportsApi.download(request.url);
      }
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
    refunds: (orderId) => feedsApi.refunds(orderId),
    invoices: (orderId) => feedsApi.invoices(orderId),
    invoiceItself: (orderId) => feedsApi.invoiceItself(orderId),
    endFeed: (how) => feedsApi.end(how),
    setRoles: (changes) => {
      roles = { ...roles, ...changes };
    },
    revoke: () => signIn.revoke(account.sellerId),
    authorise: () => signIn.authorise(account.sellerId),
    trouble: (what, count, operation) =>
      troubles.push(...Array.from({ length: count }, () => ({ what, operation }))),
  };
}
