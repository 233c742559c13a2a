import { CONNECTION_DROPPED, type Partner, type PartnerAnswer, type PartnerRequest } from '../partner.ts';
import { EbayRefusal, jsonAnswer, refusalAnswer } from './answers.ts';
import { DecisionsApi } from './decisions.ts';
import { type EbayListing, ListingsApi } from './listings.ts';
import { OrdersApi } from './orders.ts';
import { type EbayOrder, userResponseSchema } from './schemas.ts';
import { type EbayFulfillment, ShippingApi } from './shipping.ts';
import { type EbaySeller, SignIn } from './sign-in.ts';
import { checkSignature } from './signature.ts';

const API_HOST = 'api.ebay.com';
const IDENTITY_HOST = 'apiz.ebay.com';
const TROUBLE_RETRY_SECONDS = 30;

/** What the next call meets instead of an answer. */
export type EbayTrouble =
  /** 429 that says how long to wait. */
  | 'throttled'
  /** 429 that does not. */
  | 'throttled-silent'
  | 'server-error'
  | 'dropped'
  /** The connection ends after the call was carried out. */
  | 'dropped-after'
  /** 200, but half of the body is missing. */
  | 'truncated';

/**
 * eBay's OAuth, Fulfillment and Identity APIs as far as this project calls them, stricter than the real ones: an unknown
 * parameter is an error, and an answer that the published schema does not allow never leaves.
 */
export interface EbayStandIn extends Partner {
  /** What eBay believes of an order. */
  order(orderId: string): EbayOrder | undefined;
  /** The parcels eBay was told of an order. */
  fulfillments(orderId: string): readonly EbayFulfillment[];
  /** Adds an order or replaces it; the caller sets `lastModifiedDate`. */
  putOrder(order: EbayOrder): void;
  /** Cancellations and refunds that are asked for stay under way, until they are finished. */
  holdWork(): void;
  finishWork(how: 'done' | 'failed'): void;
  /** What eBay believes of a listing. */
  listing(itemId: string): EbayListing | undefined;
  putListing(listing: EbayListing): void;
  endListing(itemId: string): void;
  /** Every change of this item is refused from now on. */
  refuseListing(itemId: string): void;
  /** The next calls of any operation but the sign-in, or of one, meet this trouble, in the order asked for. */
  trouble(what: EbayTrouble, calls: number, operation?: string): void;
  /** The seller takes the consent back: no token works any more. */
  revoke(): void;
  /** The seller consents again. */
  renew(refreshToken: string): void;
  /** Access tokens die before their time. */
  expireAccessTokens(): void;
  /** Calls answered so far, by operation, refused ones included. */
  readonly calls: ReadonlyMap<string, number>;
}

export function createEbayStandIn(options: {
  readonly seller: EbaySeller;
  readonly orders: readonly EbayOrder[];
  readonly listings?: readonly EbayListing[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}): EbayStandIn {
  const { seller, now } = options;
  const signIn = new SignIn(seller, now);
  const ordersApi = new OrdersApi(options.orders, now);
  const decisionsApi = new DecisionsApi(ordersApi.orders, now);
  const shippingApi = new ShippingApi(now);
  const listingsApi = new ListingsApi(options.listings ?? []);
  const troubles: { readonly what: EbayTrouble; readonly operation: string | undefined }[] = [];
  const calls = new Map<string, number>();

  function route({ method, url, headers, body }: PartnerRequest): {
    operation: string;
    scope: string;
    /** The Post-Order API has another word for the token. */
    scheme?: 'IAF' | 'trading';
    /** Refused without a digital signature. */
    signed?: true;
    /** A new thing's address is answered without a body. */
    call: () => object | { readonly location: string };
  } {
    if (url.host === API_HOST && method === 'POST' && url.pathname === '/ws/api.dll') {
      const operation = headers['x-ebay-api-call-name'] ?? 'unknown';
      if (headers['x-ebay-api-siteid'] !== '101') throw new EbayRefusal(400, 2_003, 'Not the site of Italy');
      return { operation, scope: '', scheme: 'trading', call: () => listingsApi.trading(operation, body) };
    }
    if (url.host === API_HOST && url.pathname.startsWith('/sell/inventory/v1/')) {
      return inventory(method, url, body);
    }
    const [, shipped] =
      /^\/sell\/fulfillment\/v1\/order\/([^/]+)\/shipping_fulfillment$/.exec(url.pathname) ?? [];
    if (url.host === API_HOST && shipped !== undefined && (method === 'GET' || method === 'POST')) {
      const order = ordersApi.orders.get(decodeURIComponent(shipped));
      return method === 'GET'
        ? {
            operation: 'getShippingFulfillments',
            scope: 'sell.fulfillment',
            call: () => shippingApi.list(order),
          }
        : {
            operation: 'createShippingFulfillment',
            scope: 'sell.fulfillment',
            call() {
              const created = shippingApi.create(order, body);
              ordersApi.orders.set(created.order.orderId, created.order);
              return { location: `${url.href}/${created.fulfillmentId}` };
            },
          };
    }
    const [, refunded] = /^\/sell\/fulfillment\/v1\/order\/([^/]+)\/issue_refund$/.exec(url.pathname) ?? [];
    if (url.host === API_HOST && method === 'POST' && refunded !== undefined) {
      return {
        operation: 'issueRefund',
        scope: 'sell.finances',
        signed: true,
        call: () => decisionsApi.refund(decodeURIComponent(refunded), body),
      };
    }
    if (
      url.host === API_HOST &&
      method === 'POST' &&
      url.pathname.startsWith('/post-order/v2/cancellation')
    ) {
      return cancellation(url, body);
    }
    if (method === 'GET' && url.host === API_HOST) {
      if (url.pathname === '/sell/fulfillment/v1/order') {
        return { operation: 'getOrders', scope: 'sell.fulfillment', call: () => ordersApi.list(url) };
      }
      const [, orderId] = /^\/sell\/fulfillment\/v1\/order\/([^/]+)$/.exec(url.pathname) ?? [];
      if (orderId !== undefined) {
        return {
          operation: 'getOrder',
          scope: 'sell.fulfillment',
          call: () => ordersApi.get(decodeURIComponent(orderId), url.searchParams),
        };
      }
    }
    if (method === 'GET' && url.host === IDENTITY_HOST && url.pathname === '/commerce/identity/v1/user/') {
      return { operation: 'getUser', scope: 'commerce.identity.readonly', call: user };
    }
    throw new EbayRefusal(404, 2_002, `The stand-in has no ${method} ${url.host}${url.pathname}`);
  }

  function inventory(method: string, url: URL, body: string): ReturnType<typeof route> {
    const scope = 'sell.inventory';
    switch (`${method} ${url.pathname}`) {
      case 'GET /sell/inventory/v1/inventory_item':
        return {
          operation: 'getInventoryItems',
          scope,
          call: () => listingsApi.inventoryItems(url.searchParams),
        };
      case 'GET /sell/inventory/v1/offer':
        return { operation: 'getOffers', scope, call: () => listingsApi.offers(url.searchParams) };
      case 'POST /sell/inventory/v1/bulk_update_price_quantity':
        return { operation: 'bulkUpdatePriceQuantity', scope, call: () => listingsApi.update(body) };
      default:
        throw new EbayRefusal(404, 2_002, `The stand-in has no ${method} ${url.pathname}`);
    }
  }

  function nextTrouble(operation: string): EbayTrouble | undefined {
    const index = troubles.findIndex((each) => each.operation === undefined || each.operation === operation);
    return index < 0 ? undefined : troubles.splice(index, 1)[0]?.what;
  }

  function cancellation(url: URL, body: string): ReturnType<typeof route> {
    const scope = 'sell.fulfillment';
    if (url.pathname === '/post-order/v2/cancellation') {
      return {
        ...{ operation: 'createCancellation', scope, scheme: 'IAF', signed: true },
        call: () => decisionsApi.cancel(body),
      };
    }
    const [, cancelId, decision] =
      /^\/post-order\/v2\/cancellation\/([^/]+)\/(approve|reject)$/.exec(url.pathname) ?? [];
    if (cancelId === undefined || (decision !== 'approve' && decision !== 'reject')) {
      throw new EbayRefusal(404, 2_002, `The stand-in has no POST ${url.pathname}`);
    }
    const call = () => {
      decisionsApi.answer(decodeURIComponent(cancelId), decision, body);
      return {};
    };
    return decision === 'approve'
      ? { operation: 'approveCancellationRequest', scope, scheme: 'IAF', signed: true, call }
      : { operation: 'rejectCancellationRequest', scope, scheme: 'IAF', call };
  }

  function user(): object {
    return userResponseSchema.parse({
      userId: seller.userId,
      username: seller.username,
      accountType: 'BUSINESS',
      registrationMarketplaceId: 'EBAY_IT',
      status: 'CONFIRMED',
    });
  }

  function answerApi(request: PartnerRequest): PartnerAnswer | typeof CONNECTION_DROPPED {
    let operation = 'unknown';
    try {
      const routed = route(request);
      operation = routed.operation;
      signIn.check(request.headers, routed.scope, routed.scheme);
      if (routed.signed) checkSignature(request, seller.signingKey, now());
      const trouble = nextTrouble(operation);
      if (trouble === 'dropped') return CONNECTION_DROPPED;
      refuseFor(trouble);
      const called = routed.call();
      if (trouble === 'dropped-after') return CONNECTION_DROPPED;
      if ('location' in called) {
        const created = jsonAnswer(operation, 201, {}, { location: String(called.location) });
        return { ...created, body: '' };
      }
      if ('xml' in called) {
        const answer = jsonAnswer(operation, 200, {}, { 'content-type': 'text/xml;charset=utf-8' });
        const xml = String(called.xml);
        return { ...answer, body: trouble === 'truncated' ? xml.slice(0, Math.floor(xml.length / 2)) : xml };
      }
      const answer = jsonAnswer(operation, 200, called);
      return trouble === 'truncated'
        ? { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) }
        : answer;
    } catch (error) {
      if (!(error instanceof EbayRefusal)) throw error;
      return refusalAnswer(operation, error);
    } finally {
      calls.set(operation, (calls.get(operation) ?? 0) + 1);
    }
  }

  return {
    name: 'ebay',
    hosts: [API_HOST, IDENTITY_HOST],
    calls,
    answer(request) {
      if (request.url.host !== API_HOST || request.url.pathname !== '/identity/v1/oauth2/token') {
        return answerApi(request);
      }
      calls.set('token', (calls.get('token') ?? 0) + 1);
      return signIn.answerTokenRequest(request);
    },
    order: (orderId) => ordersApi.orders.get(orderId),
    fulfillments: (orderId) => shippingApi.of(orderId),
    putOrder: (order) => ordersApi.orders.set(order.orderId, order),
    listing: (itemId) => listingsApi.get(itemId),
    putListing: (listing) => listingsApi.put(listing),
    endListing: (itemId) => listingsApi.end(itemId),
    refuseListing: (itemId) => listingsApi.refuseChanges(itemId),
    holdWork: () => decisionsApi.hold(),
    finishWork: (how) => decisionsApi.finish(how),
    trouble: (what, count, operation) =>
      troubles.push(...Array.from({ length: count }, () => ({ what, operation }))),
    revoke: () => signIn.revoke(),
    renew: (refreshToken) => signIn.renew(refreshToken),
    expireAccessTokens: () => signIn.expireAccessTokens(),
  };
}

/** A throttle comes with the domain ACCESS, like a refusal. */
function refuseFor(trouble: EbayTrouble | undefined): void {
  if (trouble === 'throttled' || trouble === 'throttled-silent') {
    throw new EbayRefusal(429, 2_001, 'Too many requests.', {
      domain: 'ACCESS',
      ...(trouble === 'throttled' ? { headers: { 'retry-after': String(TROUBLE_RETRY_SECONDS) } } : {}),
    });
  }
  if (trouble === 'server-error') throw new EbayRefusal(500, 30_500, 'System error');
}
