import type { OrderPage, OrderSource, OrderWindow, UnreadableOrder } from '../../ports/order-source.ts';
import type { QuotaPlan } from '../../ports/quota.ts';
import { parseAnswer } from './answer.ts';
import type { AmazonClient } from './client.ts';
import { grantedRatePerSecond, type RawAnswer } from './errors.ts';
import { INCLUDED_DATA, readOrder } from './read-order.ts';
import { searchOrdersAnswerSchema } from './schemas.ts';

const OPERATION = 'searchOrders';
/** One call in three minutes after the first twenty (SP-API docs, Orders API v2026-01-01, searchOrders). */
export const SEARCH_ORDERS_QUOTA: QuotaPlan = { ratePerSecond: 0.0056, burst: 20 };
/** The most Amazon gives. At this quota nothing may need a call per order. */
const PAGE_SIZE = 100;
/** Amazon's limit for `marketplaceIds`; Europe has 16. */
const SITES_MAX = 50;

/** Amazon's orders by time of last update, or of purchase. */
export function createAmazonOrderSource(clientOf: (accountId: string) => Promise<AmazonClient>): OrderSource {
  return {
    async fetchPage(window, pageToken) {
      if (window.siteIds.length === 0 || window.siteIds.length > SITES_MAX) {
        throw new RangeError(
          `searchOrders takes 1 to ${SITES_MAX} marketplaces, not ${window.siteIds.length}`,
        );
      }
      const client = await clientOf(window.accountId);
      const answer = await client.call({
        operation: OPERATION,
        documentedRatePerSecond: SEARCH_ORDERS_QUOTA.ratePerSecond,
        query: queryOf(window, pageToken),
      });
      return pageOf(window.accountId, answer);
    },
  };
}

function queryOf(window: OrderWindow, pageToken: string | undefined): Record<string, unknown> {
  return {
    // The two families of times must not be mixed.
    ...(window.by === 'created'
      ? { createdAfter: window.from, createdBefore: window.until }
      : { lastUpdatedAfter: window.from, lastUpdatedBefore: window.until }),
    marketplaceIds: window.siteIds,
    includedData: INCLUDED_DATA,
    maxResultsPerPage: PAGE_SIZE,
    ...(pageToken === undefined ? {} : { paginationToken: pageToken }),
  };
}

function pageOf(accountId: string, answer: RawAnswer): OrderPage {
  const page = parseAnswer(OPERATION, searchOrdersAnswerSchema, answer);
  const orders: OrderPage['orders'][number][] = [];
  const unreadable: UnreadableOrder[] = [];
  for (const remote of page.orders) {
    const read = readOrder(accountId, remote);
    if ('problem' in read) unreadable.push(read);
    else orders.push(read);
  }
  const { lastUpdatedBefore, createdBefore, pagination } = page;
  const before = lastUpdatedBefore ?? createdBefore;
  return {
    orders,
    unreadable,
    nextPageToken: pagination?.nextToken || undefined,
    effectiveUntil: before ? new Date(before).toISOString() : undefined,
    grantedRatePerSecond: grantedRatePerSecond(answer.headers),
  };
}
