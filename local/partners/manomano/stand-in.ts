import { CONNECTION_DROPPED, type Partner, type PartnerAnswer, type PartnerRequest } from '../partner.ts';
import { jsonAnswer, ManomanoRefusal, rateLimited, refusalAnswer } from './answers.ts';
import { type Contract, Contracts } from './contracts.ts';
import { DecisionsApi } from './decisions.ts';
import { DocumentsApi, type ManomanoDocument } from './documents.ts';
import { HourlyAllowance } from './hourly-allowance.ts';
import { OffersApi } from './offers.ts';
import { OrdersApi } from './orders.ts';
import type { ManomanoOffer, ManomanoOrder } from './schemas.ts';
import { type ManomanoPackage, ShippingsApi } from './shipping.ts';

const HOST = 'partnersapi.manomano.com';
/** Partner API docs: 250 calls an hour for each key, over all operations and contracts. */
const CALLS_PER_HOUR = 250;
const TROUBLE_RETRY_SECONDS = 30;

/** What the next call meets instead of an answer. */
export type ManomanoTrouble =
  /** 429 that says in the header, in the body or not at all how long to wait. */
  | 'throttled-header'
  | 'throttled-body'
  | 'throttled-silent'
  | 'server-error'
  | 'dropped'
  /** The connection ends after the call was carried out. */
  | 'dropped-after'
  /** 502 after the call was carried out. */
  | 'server-error-after'
  /** Refused without a look at what is asked for. */
  | `refused-${400 | 404 | 409 | 413 | 415}`
  /** A write that is refused says so with 207 and per element. */
  | 'mixed'
  /** 200, but half of the body is missing. */
  | 'truncated'
  /** 200 with a page for people. */
  | 'not-json';

/**
 * ManoMano's Partner API as far as this project calls it, stricter than the real one: an unknown parameter, another
 * form of date and a missing header are errors.
 */
export interface ManomanoStandIn extends Partner {
  /** What ManoMano believes of an order. */
  order(reference: string): ManomanoOrder | undefined;
  /** The parcels ManoMano was told of an order. */
  packages(reference: string): readonly ManomanoPackage[];
  /** The documents ManoMano keeps of an order. */
  documents(reference: string): readonly ManomanoDocument[];
  /** Adds an order or replaces it; the caller sets `status_updated_at`. */
  putOrder(order: ManomanoOrder): void;
  /** What ManoMano shows of an offer. */
  offer(contractId: number, sku: string): ManomanoOffer | undefined;
  /** Carries out the updates of offers that it has taken. */
  finishUpdates(): void;
  /** The next calls of any operation meet this trouble, in the order asked for. */
  trouble(what: ManomanoTrouble, calls: number): void;
  /** The key is deleted: no call with it is answered any more. */
  revoke(): void;
  /** The seller makes a new key. */
  renew(apiKey: string): void;
  /** A contract is not enabled any more, or is again. */
  refuseContract(contractId: number): void;
  allowContract(contractId: number): void;
  /** Calls answered so far, by operation, refused ones included. */
  readonly calls: ReadonlyMap<string, number>;
}

/** What a call came to; without a body where there is nothing to say. */
interface Called {
  readonly status: number;
  readonly body?: unknown;
}

export function createManomanoStandIn(options: {
  readonly apiKey: string;
  readonly contracts: readonly Contract[];
  readonly orders: readonly ManomanoOrder[];
  readonly offers?: ReadonlyMap<number, readonly ManomanoOffer[]>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}): ManomanoStandIn {
  const { now } = options;
  const contracts = new Contracts(options.contracts);
  const ordersApi = new OrdersApi(options.orders, contracts);
  const offersApi = new OffersApi(options.offers ?? new Map(), contracts);
  const shippingsApi = new ShippingsApi(ordersApi, contracts, now);
  const decisionsApi = new DecisionsApi(ordersApi, contracts, now);
  const documentsApi = new DocumentsApi(ordersApi, contracts, now);
  const troubles: ManomanoTrouble[] = [];
  const calls = new Map<string, number>();
  let apiKey: string | undefined = options.apiKey;
  let allowance = new HourlyAllowance(CALLS_PER_HOUR);

  function route(request: PartnerRequest): {
    operation: string;
    /** @param mixed a refusal of one element is said with 207 */
    call: (mixed: boolean) => Called;
  } {
    const { method, url, body } = request;
    const answered = (call: () => object) => (): Called => ({ status: 200, body: call() });
    if (method === 'POST' && url.pathname === '/orders/v1/shippings') {
      return { operation: 'shippings', call: (mixed) => shippingsApi.create(body, mixed) };
    }
    const [, decision] = /^\/orders\/v1\/(accept|refuse)-orders$/.exec(url.pathname) ?? [];
    if (method === 'POST' && (decision === 'accept' || decision === 'refuse')) {
      return {
        operation: `${decision}-orders`,
        call: (mixed) => decisionsApi.decide(decision, body, mixed),
      };
    }
    if (method === 'GET' && url.pathname === '/orders/v1/orders') {
      return { operation: 'orders', call: answered(() => ordersApi.list(url)) };
    }
    const [, reference] = /^\/orders\/v1\/orders\/([^/]+)$/.exec(url.pathname) ?? [];
    if (method === 'GET' && reference !== undefined) {
      return { operation: 'order', call: answered(() => ordersApi.get(decodeURIComponent(reference), url)) };
    }
    const [, documented] = /^\/api\/v1\/orders\/([^/]+)\/documents$/.exec(url.pathname) ?? [];
    if (method === 'POST' && documented !== undefined) {
      const call = () => documentsApi.upload(decodeURIComponent(documented), request);
      return { operation: 'documents', call: () => ({ status: 201, body: call() }) };
    }
    if (method === 'GET' && url.pathname === '/api/v1/offer-information/offers') {
      return { operation: 'offers', call: answered(() => offersApi.list(url)) };
    }
    if (method === 'PATCH' && url.pathname === '/api/v2/offer-information/offers') {
      return { operation: 'update-offers', call: () => offersApi.update(body) };
    }
    return {
      operation: 'unknown',
      call: () => {
        throw new ManomanoRefusal(404, `The stand-in has no ${method} ${url.pathname}`);
      },
    };
  }

  /** The key first, as a gateway does; then the allowance, then what is asked for. */
  function answerTo(request: PartnerRequest): PartnerAnswer | typeof CONNECTION_DROPPED {
    const { operation, call } = route(request);
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
    try {
      checkHeaders(request.headers, apiKey);
      const trouble = troubles.shift();
      if (trouble === 'dropped') return CONNECTION_DROPPED;
      if (trouble === 'truncated') {
        const answer = jsonAnswer(operation, 200, call(false).body);
        return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
      }
      if (trouble !== undefined && isInstead(trouble)) return troubleAnswer(operation, trouble);
      const taken = allowance.take(now());
      if (!taken.granted) return rateLimited(operation, taken.retryAfterSeconds, 'both');
      const called = call(trouble === 'mixed');
      if (trouble === 'dropped-after') return CONNECTION_DROPPED;
      if (trouble === 'server-error-after') return { ...htmlAnswer(operation), status: 502 };
      const answer = jsonAnswer(operation, called.status, called.body);
      return called.body === undefined ? { ...answer, body: '' } : answer;
    } catch (error) {
      if (!(error instanceof ManomanoRefusal)) throw error;
      return refusalAnswer(operation, error);
    }
  }

  return {
    name: 'manomano',
    hosts: [HOST],
    calls,
    answer: answerTo,
    order: (reference) => ordersApi.of(reference),
    packages: (reference) => shippingsApi.of(reference),
    documents: (reference) => documentsApi.of(reference),
    putOrder: (order) => ordersApi.put(order),
    offer: (contractId, sku) => offersApi.offer(contractId, sku),
    finishUpdates: () => offersApi.finishUpdates(),
    trouble: (what, count) => troubles.push(...Array.from({ length: count }, () => what)),
    revoke() {
      apiKey = undefined;
    },
    renew(renewed) {
      apiKey = renewed;
      // The allowance is the key's.
      allowance = new HourlyAllowance(CALLS_PER_HOUR);
    },
    refuseContract: (contractId) => contracts.refuse(contractId),
    allowContract: (contractId) => contracts.allow(contractId),
  };
}

function checkHeaders(headers: PartnerRequest['headers'], apiKey: string | undefined): void {
  if (apiKey === undefined || headers['x-api-key'] !== apiKey) throw new ManomanoRefusal(401, 'Unauthorized');
  if (!/^[A-Za-z][\w-]*_\d+\.\d+\.\d+$/.test(headers['x-thirdparty-name'] ?? '')) {
    throw new ManomanoRefusal(400, 'x-thirdparty-name must be Name_Version');
  }
  if (headers.accept !== 'application/json')
    throw new ManomanoRefusal(400, 'Accept must be application/json');
}

/** Troubles that are met instead of the call being carried out. */
type TroubleInstead = Exclude<
  ManomanoTrouble,
  'dropped' | 'dropped-after' | 'server-error-after' | 'mixed' | 'truncated'
>;

function isInstead(trouble: ManomanoTrouble): trouble is TroubleInstead {
  return !['dropped', 'dropped-after', 'server-error-after', 'mixed', 'truncated'].includes(trouble);
}

function troubleAnswer(operation: string, trouble: TroubleInstead): PartnerAnswer {
  switch (trouble) {
    case 'throttled-header':
      return rateLimited(operation, TROUBLE_RETRY_SECONDS, 'header');
    case 'throttled-body':
      return rateLimited(operation, TROUBLE_RETRY_SECONDS, 'body');
    case 'throttled-silent':
      return jsonAnswer(operation, 429, { message: 'Too many requests' });
    case 'server-error':
      return { ...htmlAnswer(operation), status: 502 };
    case 'not-json':
      return htmlAnswer(operation);
    default: {
      const status = Number(trouble.slice('refused-'.length));
      return refusalAnswer(operation, new ManomanoRefusal(status, 'Refused'));
    }
  }
}

function htmlAnswer(operation: string): PartnerAnswer {
  return {
    operation,
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<!doctype html><title>One moment</title>',
  };
}
