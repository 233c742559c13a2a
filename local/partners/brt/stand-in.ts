import { CONNECTION_DROPPED, type Partner, type PartnerAnswer, type PartnerRequest } from '../partner.ts';
import { BrtRefusal, executionMessage, htmlAnswer, jsonAnswer } from './answers.ts';
import { HourlyAllowance } from './hourly-allowance.ts';
import { type BrtCustomer, RestApi, type RestOperation, restOperationOf, rootOf } from './rest.ts';
import { BrtShipments, type BrtTruth, type Made } from './shipments.ts';
import { type SoapService, soapAnswer, soapFault, soapInput, soapResult, soapServiceOf } from './soap.ts';
import type { BrtScenario } from './stories.ts';

const REST_HOST = 'api.brt.it';
const SOAP_HOST = 'wsr.brt.it:10052';
/** What a public client of BRT's is allowed; counted here over both services. */
const CALLS_PER_HOUR = 18_000;
const HOUR_MS = 3_600_000;

/** What the next call meets instead of an answer. */
export type BrtTrouble =
  /** 429. */
  | 'throttled'
  /** A page for people, 502. */
  | 'server-error'
  /** A page for people, 200. */
  | 'not-json'
  /** No answer, and nothing was done. */
  | 'dropped'
  /** No answer, and it was done. */
  | 'dropped-after'
  /** Half of the answer. */
  | 'truncated'
  /** Code -1: BRT does not say what. SOAP says so with a 500. */
  | 'generic'
  /** REST: the record is locked. SOAP: its database cannot be reached. */
  | 'busy'
  /** SOAP's fault, 500; a page for people of REST. */
  | 'fault';

/**
 * BRT's REST and SOAP services as far as this project calls them, stricter than the real ones: an unknown field, another
 * order of elements and a missing header are errors. Its shipments live on by the clock it is given.
 */
export interface BrtStandIn extends Partner {
  /** What is true of the shipments under a reference, oldest first; two of them are a mistake of the sender's. */
  truths(numericSenderReference: string): readonly BrtTruth[];
  /** A shipment made elsewhere, at the counter or by another program: it begins now. */
  make(shipment: {
    readonly numericSenderReference: string;
    readonly alphanumericSenderReference?: string;
    readonly scenario: BrtScenario;
    readonly parcelCount?: number;
  }): Pick<Made, 'parcels' | 'shipmentId'>;
  /** The next calls of any operation meet this trouble, in the order asked for. */
  trouble(what: BrtTrouble, calls: number): void;
  /** The password is changed at BRT: the old one serves no more. */
  changePassword(password: string): void;
  /** Calls answered so far, by operation, refused ones included. */
  readonly calls: ReadonlyMap<string, number>;
}

export function createBrtStandIn(options: {
  readonly customer: BrtCustomer;
  /** The life of a shipment that is created by its reference; a plain delivery where nothing is said. */
  readonly scenarioOf?: (numericSenderReference: string) => BrtScenario;
  /** How long an hour of a shipment's life takes: less, where somebody waits for it. */
  readonly hourMs?: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}): BrtStandIn {
  const { now, scenarioOf = () => 'delivered' as const } = options;
  const shipments = new BrtShipments(now, options.hourMs ?? HOUR_MS);
  let customer = options.customer;
  const rest = new RestApi(shipments, () => customer, scenarioOf);
  const allowance = new HourlyAllowance(CALLS_PER_HOUR);
  const troubles: BrtTrouble[] = [];
  const calls = new Map<string, number>();

  function restAnswer(operation: RestOperation, request: PartnerRequest): PartnerAnswer {
    const root = rootOf(operation);
    try {
      return jsonAnswer(operation, { [root]: rest.answer(operation, request) });
    } catch (error) {
      if (!(error instanceof BrtRefusal)) throw error;
      return restRefusal(operation, error.code, error.message);
    }
  }

  function answerOf(service: Service, request: PartnerRequest): PartnerAnswer {
    if (service.kind === 'rest') return restAnswer(service.operation, request);
    const { operation } = service;
    try {
      checkSoapHeaders(request);
      const input = soapInput(operation, request.body);
      return soapAnswer(operation, soapResult(operation, input, shipments, customer.customerCode));
    } catch (error) {
      if (!(error instanceof BrtRefusal)) throw error;
      return soapRefusal(operation, error.code);
    }
  }

  function answerTo(request: PartnerRequest): PartnerAnswer | typeof CONNECTION_DROPPED {
    const service = serviceOf(request);
    const operation = service?.operation ?? 'unknown';
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
    if (service === undefined) return htmlAnswer(operation, 404);
    const trouble = troubles.shift();
    if (trouble === 'dropped') return CONNECTION_DROPPED;
    if (trouble === 'throttled' || !allowance.take(now())) {
      return { operation, status: 429, headers: { 'retry-after': '30' }, body: '' };
    }
    if (trouble === undefined || trouble === 'dropped-after' || trouble === 'truncated') {
      const answer = answerOf(service, request);
      if (trouble === 'dropped-after') return CONNECTION_DROPPED;
      if (trouble === undefined) return answer;
      return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
    }
    return troubleAnswer(service, trouble);
  }

  return {
    name: 'brt',
    hosts: [REST_HOST, SOAP_HOST],
    calls,
    answer: answerTo,
    truths: (reference) => shipments.truths(reference),
    make: ({ numericSenderReference, alphanumericSenderReference = '', scenario, parcelCount = 1 }) =>
      shipments.make({
        numericSenderReference,
        alphanumericSenderReference,
        scenario,
        parcelCount,
        depot: 66,
      }),
    trouble: (what, count) => troubles.push(...Array.from({ length: count }, () => what)),
    changePassword(password) {
      customer = { ...customer, password };
    },
  };
}

type Service =
  | { readonly kind: 'rest'; readonly operation: RestOperation }
  | { readonly kind: 'soap'; readonly operation: SoapService };

function serviceOf(request: PartnerRequest): Service | undefined {
  const { url, method } = request;
  if (url.host === REST_HOST) {
    const operation = url.search === '' ? restOperationOf(request) : undefined;
    return operation === undefined ? undefined : { kind: 'rest', operation };
  }
  const operation = url.search === '' && method === 'POST' ? soapServiceOf(url.pathname) : undefined;
  return operation === undefined ? undefined : { kind: 'soap', operation };
}

function checkSoapHeaders({ headers }: PartnerRequest): void {
  if (headers['content-type'] !== 'text/xml; charset=utf-8') throw new BrtRefusal(-4, 'Content-Type');
  if (headers.soapaction !== '""') throw new BrtRefusal(-4, 'SOAPAction');
  // They ask for none, and are not told any.
  if (headers.userid !== undefined || headers.password !== undefined) throw new BrtRefusal(-4, 'a password');
}

function restRefusal(operation: RestOperation, code: number, message: string): PartnerAnswer {
  const outcome = operation === 'track' ? { esito: code } : {};
  return jsonAnswer(operation, {
    [rootOf(operation)]: { executionMessage: executionMessage(code, message), ...outcome },
  });
}

function soapRefusal(operation: SoapService, code: number, status = 200): PartnerAnswer {
  return soapAnswer(operation, `<ESITO>${code}</ESITO><SPEDIZIONE_ID>0</SPEDIZIONE_ID>`, status);
}

function troubleAnswer(
  service: Service,
  trouble: Exclude<BrtTrouble, 'dropped' | 'dropped-after' | 'truncated' | 'throttled'>,
): PartnerAnswer {
  const { kind, operation } = service;
  switch (trouble) {
    case 'server-error':
      return htmlAnswer(operation, 502);
    case 'not-json':
      return htmlAnswer(operation, 200);
    case 'generic':
      return kind === 'soap' ? soapRefusal(operation, -1, 500) : restRefusal(operation, -1, 'generic');
    case 'busy':
      return kind === 'soap' ? soapRefusal(operation, -3) : restRefusal(operation, -155, 'locked');
    case 'fault':
      return kind === 'soap' ? soapFault(operation) : htmlAnswer(operation, 500);
  }
}
