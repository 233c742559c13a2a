import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { AmazonRefusal, invalidInput } from './answers.ts';
import type { Customisations } from './customisations.ts';
import { instantSchema, list, parseQuery } from './query.ts';
import {
  type AmazonOrder,
  fulfillmentStatusSchema,
  getOrderResponseSchema,
  INCLUDED_DATA,
  type IncludedData,
  searchOrdersResponseSchema,
} from './schemas.ts';

/** "Before" must be at least this long ago; newer data is not shown. */
const LAG_MS = 2 * 60_000;
const PAGE_TOKEN_LIFE_MS = 24 * 3_600_000;
const PAGE_SIZE_MAX = 100;
const MARKETPLACES_MAX = 50;
/** Orders older than two years are not answered. */
const HISTORY_MS = 2 * 365 * 24 * 3_600_000;

const PARAMETERS = [
  'createdAfter',
  'createdBefore',
  'lastUpdatedAfter',
  'lastUpdatedBefore',
  'fulfillmentStatuses',
  'marketplaceIds',
  'fulfilledBy',
  'maxResultsPerPage',
  'paginationToken',
  'includedData',
];
/** The only parameters that may change from page to page, besides the token itself. */
const FREE_BETWEEN_PAGES = ['maxResultsPerPage', 'includedData', 'paginationToken'];

const searchSchema = z.strictObject({
  createdAfter: instantSchema.optional(),
  createdBefore: instantSchema.optional(),
  lastUpdatedAfter: instantSchema.optional(),
  lastUpdatedBefore: instantSchema.optional(),
  fulfillmentStatuses: list(fulfillmentStatusSchema).optional(),
  marketplaceIds: list(z.string().min(1)).pipe(z.array(z.string()).max(MARKETPLACES_MAX)).optional(),
  fulfilledBy: list(z.enum(['MERCHANT', 'AMAZON'])).optional(),
  maxResultsPerPage: z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .pipe(z.int().min(1).max(PAGE_SIZE_MAX))
    .default(PAGE_SIZE_MAX),
  paginationToken: z.string().min(1).optional(),
  includedData: list(z.enum(INCLUDED_DATA)).default([]),
});
type Search = z.infer<typeof searchSchema>;

const getSchema = z.strictObject({ includedData: list(z.enum(INCLUDED_DATA)).default([]) });

interface Page {
  readonly sellerId: string;
  /** The parameters that must be repeated, as they were sent. */
  readonly repeated: string;
  readonly issuedAtMs: number;
  /** Upper bound of the first page: the whole search has one. */
  readonly untilMs: number;
  /** Where the page before ended. */
  readonly after: { readonly timeMs: number; readonly orderId: string };
}

/** What the seller's application may see. */
export interface SellerRights {
  readonly sellerId: string;
  /** Names, addresses, e-mail and customisation are answered only to applications with Amazon's restricted roles. */
  readonly personalData: boolean;
  readonly marketplaceIds: readonly string[];
}

/**
 * searchOrders and getOrder over orders kept in memory.
 * Source: SP-API docs, Orders API v2026-01-01 reference and "Orders API Migration Guide"; "Access Orders PII".
 */
export class OrdersApi {
  /** Amazon's own truth, by order id. */
  readonly orders: Map<string, AmazonOrder>;
  readonly #customisations: Customisations;
  readonly #now: () => number;
  readonly #pages = new Map<string, Page>();

  constructor(orders: readonly AmazonOrder[], customisations: Customisations, now: () => number) {
    this.#customisations = customisations;
    this.orders = new Map(orders.map((order) => [order.orderId, order]));
    this.#now = now;
  }

  search(query: URLSearchParams, rights: SellerRights): z.infer<typeof searchOrdersResponseSchema> {
    const nowMs = this.#now();
    const search = parseQuery(searchSchema, query);
    const family = timeFamily(search, nowMs);
    for (const id of search.marketplaceIds ?? []) {
      if (!rights.marketplaceIds.includes(id)) {
        throw new AmazonRefusal(
          403,
          'Unauthorized',
          'Access to requested resource is denied.',
          `marketplaceIds ${id}`,
        );
      }
    }
    const page = this.#page(search, query, rights.sellerId, nowMs);
    const untilMs = page?.untilMs ?? family.beforeMs ?? nowMs - LAG_MS;

    const found = [...this.orders.values()]
      .map((order) => ({ order, timeMs: Date.parse(order[family.field]) }))
      .filter(
        ({ order, timeMs }) =>
          timeMs >= family.afterMs &&
          timeMs <= untilMs &&
          Date.parse(order.createdTime) >= nowMs - HISTORY_MS &&
          matches(order, search) &&
          (page === undefined ||
            timeMs > page.after.timeMs ||
            (timeMs === page.after.timeMs && order.orderId > page.after.orderId)),
      )
      .sort((a, b) => a.timeMs - b.timeMs || (a.order.orderId < b.order.orderId ? -1 : 1));

    const shown = found.slice(0, search.maxResultsPerPage);
    const last = shown.at(-1);
    let nextToken: string | undefined;
    if (last !== undefined && found.length > shown.length) {
      nextToken = randomBytes(18).toString('base64url');
      this.#pages.set(nextToken, {
        sellerId: rights.sellerId,
        repeated: repeatedParameters(query),
        issuedAtMs: nowMs,
        untilMs,
        after: { timeMs: last.timeMs, orderId: last.order.orderId },
      });
    }
    return searchOrdersResponseSchema.parse({
      orders: shown.map(({ order }) => this.#visible(order, search.includedData, rights)),
      ...(nextToken === undefined ? {} : { pagination: { nextToken } }),
      [family.field === 'createdTime' ? 'createdBefore' : 'lastUpdatedBefore']: new Date(
        untilMs,
      ).toISOString(),
    });
  }

  get(orderId: string, query: URLSearchParams, rights: SellerRights): z.infer<typeof getOrderResponseSchema> {
    const { includedData } = parseQuery(getSchema, query);
    const order = this.orders.get(orderId);
    if (order === undefined) {
      throw new AmazonRefusal(404, 'NotFound', `Order not found for order ID: ${orderId}`);
    }
    return getOrderResponseSchema.parse({ order: this.#visible(order, includedData, rights) });
  }

  #page(search: Search, query: URLSearchParams, sellerId: string, nowMs: number): Page | undefined {
    if (search.paginationToken === undefined) return undefined;
    const page = this.#pages.get(search.paginationToken);
    if (page === undefined || page.sellerId !== sellerId) throw invalidInput('paginationToken is not known');
    if (nowMs - page.issuedAtMs > PAGE_TOKEN_LIFE_MS) throw invalidInput('paginationToken has expired');
    if (page.repeated !== repeatedParameters(query)) {
      throw invalidInput('the parameters of the first page must be repeated unchanged with paginationToken');
    }
    return page;
  }

  /** The order with the data sets asked for, and without personal data where the role is missing. */
  #visible(order: AmazonOrder, wanted: readonly IncludedData[], rights: SellerRights): AmazonOrder {
    const has = (data: IncludedData): boolean => wanted.includes(data);
    const { orderId, orderAliases, createdTime, lastUpdatedTime, programs, associatedOrders, salesChannel } =
      order;
    const shown: AmazonOrder = {
      orderId,
      orderAliases,
      createdTime,
      lastUpdatedTime,
      programs,
      associatedOrders,
      salesChannel,
      orderItems: order.orderItems.map((item) => ({
        orderItemId: item.orderItemId,
        quantityOrdered: item.quantityOrdered,
        programs: item.programs,
        product: this.#customisations.named(item.orderItemId, item.product),
        ...(has('PROCEEDS') ? { proceeds: item.proceeds } : {}),
        ...(has('PROMOTION') ? { promotion: item.promotion } : {}),
        ...(has('CANCELLATION') ? { cancellation: item.cancellation } : {}),
        ...(has('FULFILLMENT') ? { fulfillment: item.fulfillment } : {}),
      })),
      ...(has('BUYER') ? { buyer: order.buyer } : {}),
      ...(has('RECIPIENT') ? { recipient: order.recipient } : {}),
      ...(has('PROCEEDS') ? { proceeds: order.proceeds } : {}),
      ...(has('PAYMENT') ? { payment: order.payment } : {}),
      ...(has('TAX') ? { tax: order.tax } : {}),
      ...(has('FULFILLMENT') ? { fulfillment: order.fulfillment } : {}),
      ...(has('PACKAGES') ? { packages: order.packages } : {}),
    };
    // Through JSON, as on the wire: what is undefined is not there.
    const copy: AmazonOrder = JSON.parse(JSON.stringify(shown));
    return rights.personalData ? copy : withoutPersonalData(copy);
  }
}

/** Exactly one of the two families of time parameters. */
function timeFamily(
  search: Search,
  nowMs: number,
): { field: 'createdTime' | 'lastUpdatedTime'; afterMs: number; beforeMs: number | undefined } {
  const { createdAfter, createdBefore, lastUpdatedAfter, lastUpdatedBefore } = search;
  const created = createdAfter !== undefined || createdBefore !== undefined;
  const updated = lastUpdatedAfter !== undefined || lastUpdatedBefore !== undefined;
  const afterMs = createdAfter ?? lastUpdatedAfter;
  if (created === updated || afterMs === undefined) {
    throw invalidInput(
      'exactly one of createdAfter and lastUpdatedAfter is required, and their "before" not mixed',
    );
  }
  const beforeMs = createdBefore ?? lastUpdatedBefore;
  if (beforeMs !== undefined && beforeMs < afterMs)
    throw invalidInput('the "before" time precedes the "after" time');
  if (beforeMs !== undefined && beforeMs > nowMs - LAG_MS) {
    throw invalidInput('the "before" time must be at least two minutes before the time of the request');
  }
  return { field: created ? 'createdTime' : 'lastUpdatedTime', afterMs, beforeMs };
}

function repeatedParameters(query: URLSearchParams): string {
  return PARAMETERS.filter((name) => !FREE_BETWEEN_PAGES.includes(name))
    .map((name) => `${name}=${query.get(name) ?? ''}`)
    .join('&');
}

function matches(order: AmazonOrder, search: Search): boolean {
  const { fulfillmentStatuses, marketplaceIds, fulfilledBy } = search;
  const includes = (list: readonly string[] | undefined, value: string | undefined): boolean =>
    list === undefined || (value !== undefined && list.includes(value));
  return (
    includes(marketplaceIds, order.salesChannel.marketplaceId) &&
    includes(fulfillmentStatuses, order.fulfillment?.fulfillmentStatus) &&
    includes(fulfilledBy, order.fulfillment?.fulfilledBy)
  );
}

function withoutPersonalData(order: AmazonOrder): AmazonOrder {
  const { buyerName, buyerEmail, ...buyer } = order.buyer ?? {};
  const { name, addressLine1, addressLine2, addressLine3, postalCode, phone, ...address } =
    order.recipient?.deliveryAddress ?? {};
  return {
    ...order,
    ...(order.buyer === undefined ? {} : { buyer }),
    ...(order.recipient === undefined ? {} : { recipient: { deliveryAddress: address } }),
    orderItems: order.orderItems.map(({ product: { customization, ...product }, ...item }) => ({
      ...item,
      product,
      ...(item.fulfillment === undefined ? {} : { fulfillment: { ...item.fulfillment, packing: undefined } }),
    })),
  };
}
