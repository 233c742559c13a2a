import type { z } from 'zod';
import { EbayRefusal } from './answers.ts';
import {
  type EbayContact,
  type EbayOrder,
  ebayOrderSchema,
  FULFILLMENT_STATUSES,
  getOrdersResponseSchema,
} from './schemas.ts';

const DAY_MS = 86_400_000;
const PAGE_SIZE_MAX = 200;
const PAGE_SIZE_UNASKED = 50;
const ORDER_IDS_MAX = 50;
const HISTORY_MS = 2 * 365 * DAY_MS;
/** Without a date the list goes back this far. */
const UNASKED_MS = 90 * DAY_MS;
/** How long after the sale eBay still tells the e-mail, and the rest of the person. */
const EMAIL_SHOWN_MS = 14 * DAY_MS;
const PERSON_SHOWN_MS = 90 * DAY_MS;

const PARAMETERS = ['filter', 'limit', 'offset', 'orderIds'];
/** The only two sets that eBay takes. */
const STATUS_SETS = ['{NOT_STARTED|IN_PROGRESS}', '{FULFILLED|IN_PROGRESS}'];
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

type DateField = 'creationDate' | 'lastModifiedDate';

interface Wanted {
  readonly field: DateField;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly statuses: readonly string[];
}

/**
 * getOrders and getOrder over orders kept in memory. Stricter than eBay: an unknown parameter and two dates at once are
 * errors, not overlooked.
 * Source: eBay docs, Fulfillment API, getOrders and getOrder with their error ids.
 */
export class OrdersApi {
  /** eBay's own truth, by order id. */
  readonly orders: Map<string, EbayOrder>;
  readonly #now: () => number;

  constructor(orders: readonly EbayOrder[], now: () => number) {
    this.orders = new Map(orders.map((order) => [order.orderId, order]));
    this.#now = now;
  }

  list(url: URL): z.infer<typeof getOrdersResponseSchema> {
    const query = url.searchParams;
    checkParameters(query, PARAMETERS);
    const limit = countOf(query.get('limit'), PAGE_SIZE_UNASKED);
    if (limit === undefined || limit < 1 || limit > PAGE_SIZE_MAX) {
      throw new EbayRefusal(400, 31_100, 'Invalid limit');
    }
    const offset = countOf(query.get('offset'), 0);
    if (offset === undefined || offset % limit !== 0) throw new EbayRefusal(400, 31_000, 'Invalid offset');

    // Counted anew at every page: what leaves the result in between makes the rest move up.
    const found = this.#found(query);
    const pageAt = (at: number): string => {
      const page = new URL(url);
      page.searchParams.set('limit', String(limit));
      page.searchParams.set('offset', String(at));
      return page.href;
    };
    return getOrdersResponseSchema.parse({
      href: url.href,
      total: found.length,
      ...(offset + limit < found.length ? { next: pageAt(offset + limit) } : {}),
      ...(offset > 0 ? { prev: pageAt(offset - limit) } : {}),
      limit,
      offset,
      orders: found.slice(offset, offset + limit).map((order) => listed(shown(order, this.#now()))),
    });
  }

  get(orderId: string, query: URLSearchParams): EbayOrder {
    checkParameters(query, []);
    const order = this.orders.get(orderId);
    if (order === undefined) throw new EbayRefusal(400, 32_100, 'Invalid order ID');
    return ebayOrderSchema.parse(shown(order, this.#now()));
  }

  #found(query: URLSearchParams): readonly EbayOrder[] {
    const newestFirst = [...this.orders.values()].sort(
      (a, b) => b.creationDate.localeCompare(a.creationDate) || (a.orderId < b.orderId ? -1 : 1),
    );
    const ids = query.get('orderIds')?.split(',');
    if (ids !== undefined) {
      if (ids.length > ORDER_IDS_MAX)
        throw new EbayRefusal(400, 30_900, 'Exceeded maximum number of order IDs');
      return newestFirst.filter(({ orderId }) => ids.includes(orderId));
    }
    const wanted = wantedOf(query.get('filter') ?? undefined, this.#now());
    return newestFirst.filter((order) => {
      const atMs = Date.parse(order[wanted.field]);
      return (
        atMs >= wanted.fromMs &&
        atMs <= wanted.untilMs &&
        wanted.statuses.includes(order.orderFulfillmentStatus)
      );
    });
  }
}

function wantedOf(filter: string | undefined, nowMs: number): Wanted {
  const criteria = new Map<string, string>();
  for (const criterion of filter?.split(/,(?=[a-z]+:)/) ?? []) {
    const [, name = '', value = ''] = /^([^:]*):(.*)$/.exec(criterion) ?? [];
    if (!['creationdate', 'lastmodifieddate', 'orderfulfillmentstatus'].includes(name)) {
      throw new EbayRefusal(400, 30_700, 'Invalid filter name');
    }
    criteria.set(name, value);
  }
  const created = criteria.get('creationdate');
  const modified = criteria.get('lastmodifieddate');
  // eBay would overlook the second.
  if (created !== undefined && modified !== undefined) throw invalidFilter();
  const statuses = criteria.get('orderfulfillmentstatus');
  if (statuses !== undefined && !STATUS_SETS.includes(statuses)) throw invalidFilter();
  return {
    field: modified === undefined ? 'creationDate' : 'lastModifiedDate',
    ...rangeOf(created ?? modified, nowMs),
    statuses: FULFILLMENT_STATUSES.filter((status) => statuses === undefined || statuses.includes(status)),
  };
}

const invalidFilter = (): EbayRefusal => new EbayRefusal(400, 30_800, 'Invalid filter value');

/** `[from..until]` or `[from..]`, both inclusive. */
function rangeOf(text: string | undefined, nowMs: number): { fromMs: number; untilMs: number } {
  if (text === undefined) return { fromMs: nowMs - UNASKED_MS, untilMs: nowMs };
  const match = /^\[(.*)\.\.(.*)\]$/.exec(text);
  if (match === null) throw invalidFilter();
  const [, from = '', until = ''] = match;
  if (from === '') throw new EbayRefusal(400, 30_820, 'Start date is missing');
  if (!INSTANT.test(from) || (until !== '' && !INSTANT.test(until))) {
    throw new EbayRefusal(400, 30_810, 'Invalid date format');
  }
  const fromMs = Date.parse(from);
  const untilMs = until === '' ? nowMs : Date.parse(until);
  if (fromMs > nowMs || untilMs > nowMs) {
    throw new EbayRefusal(400, 30_850, "Start and end dates can't be in the future");
  }
  if (fromMs > untilMs) throw new EbayRefusal(400, 30_840, 'Start date should be before end date');
  if (fromMs < nowMs - HISTORY_MS) throw new EbayRefusal(400, 30_830, 'Time range too long');
  return { fromMs, untilMs };
}

function checkParameters(query: URLSearchParams, known: readonly string[]): void {
  for (const name of query.keys()) {
    if (!known.includes(name) || query.getAll(name).length > 1) {
      throw new EbayRefusal(400, 2_004, `The stand-in takes no parameter ${name}, or only once`);
    }
  }
}

function countOf(text: string | null, unasked: number): number | undefined {
  if (text === null) return unasked;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** The order without what only the single one has. */
function listed(order: EbayOrder): unknown {
  const { taxIdentifier, ...buyer } = order.buyer;
  return { ...order, buyer, cancelStatus: { ...order.cancelStatus, cancelRequests: [] } };
}

/** The order as it may be shown so long after the sale. */
function shown(order: EbayOrder, nowMs: number): EbayOrder {
  const ageMs = nowMs - Date.parse(order.creationDate);
  const contact = (whole: EbayContact): EbayContact => {
    const { email, ...person } = whole;
    if (ageMs <= EMAIL_SHOWN_MS) return whole;
    if (ageMs <= PERSON_SHOWN_MS) return person;
    const { addressLine1, addressLine2, ...place } = whole.contactAddress ?? { countryCode: 'IT' };
    return { contactAddress: place };
  };
  const { buyerRegistrationAddress: registered, taxIdentifier, ...buyer } = order.buyer;
  return {
    ...order,
    buyer: {
      ...buyer,
      ...(taxIdentifier === undefined || ageMs > PERSON_SHOWN_MS ? {} : { taxIdentifier }),
      ...(registered === undefined ? {} : { buyerRegistrationAddress: contact(registered) }),
    },
    fulfillmentStartInstructions: order.fulfillmentStartInstructions.map((instruction) => ({
      ...instruction,
      shippingStep: {
        ...instruction.shippingStep,
        shipTo: contact(instruction.shippingStep.shipTo),
      },
    })),
  };
}
