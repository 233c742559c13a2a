import { UnexpectedAnswerError } from '../../domain/errors.ts';
import type { OrderPage, OrderSource, OrderWindow, UnreadableOrder } from '../../ports/order-source.ts';
import type { QuotaPlan } from '../../ports/quota.ts';
import type { AmazonClient } from './client.ts';
import { grantedRatePerSecond, type RawAnswer } from './errors.ts';
import { mapOrder } from './order-mapper.ts';
import { brokenOrderSchema, remoteOrderSchema, searchOrdersAnswerSchema } from './schemas.ts';

const OPERATION = 'searchOrders';
/** One call in three minutes after the first twenty (SP-API docs, Orders API v2026-01-01, searchOrders). */
export const SEARCH_ORDERS_QUOTA: QuotaPlan = { ratePerSecond: 0.0056, burst: 20 };
/** The most Amazon gives. At this quota nothing may need a call per order. */
const PAGE_SIZE = 100;
/** Amazon's limit for `marketplaceIds`; Europe has 16. */
const SITES_MAX = 50;
/** All we store of an order, in the search itself. */
const INCLUDED_DATA = ['BUYER', 'RECIPIENT', 'PROCEEDS', 'CANCELLATION', 'FULFILLMENT', 'TAX'];

/** Amazon's orders by time of last update. */
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
    lastUpdatedAfter: window.from,
    lastUpdatedBefore: window.until,
    marketplaceIds: window.siteIds,
    includedData: INCLUDED_DATA,
    maxResultsPerPage: PAGE_SIZE,
    ...(pageToken === undefined ? {} : { paginationToken: pageToken }),
  };
}

function pageOf(accountId: string, answer: RawAnswer): OrderPage {
  const page = searchOrdersAnswerSchema.safeParse(jsonOf(answer));
  if (!page.success) {
    throw new UnexpectedAnswerError('amazon', `amazon ${OPERATION}: ${problemOf(page.error.issues)}`);
  }
  const orders: OrderPage['orders'][number][] = [];
  const unreadable: UnreadableOrder[] = [];
  for (const remote of page.data.orders) {
    const read = readOrder(accountId, remote);
    if ('problem' in read) unreadable.push(read);
    else orders.push(read);
  }
  const { lastUpdatedBefore, pagination } = page.data;
  return {
    orders,
    unreadable,
    nextPageToken: pagination?.nextToken || undefined,
    effectiveUntil: lastUpdatedBefore ? new Date(lastUpdatedBefore).toISOString() : undefined,
    grantedRatePerSecond: grantedRatePerSecond(answer.headers),
  };
}

function readOrder(accountId: string, remote: unknown): OrderPage['orders'][number] | UnreadableOrder {
  const parsed = remoteOrderSchema.safeParse(remote);
  try {
    if (parsed.success) return mapOrder(accountId, parsed.data);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { ...idOf(remote), problem: error.message };
  }
  return { ...idOf(remote), problem: problemOf(parsed.error.issues) };
}

function idOf(remote: unknown): Pick<UnreadableOrder, 'marketplaceOrderId' | 'updatedAt'> {
  const { data } = brokenOrderSchema.safeParse(remote);
  return {
    marketplaceOrderId: data?.orderId,
    updatedAt: data?.lastUpdatedTime && new Date(data.lastUpdatedTime).toISOString(),
  };
}

/** Which fields broke which rule. Paths and rule names only: messages may quote what was there. */
function problemOf(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly code: string }[],
): string {
  return issues.map(({ path, code }) => `${path.join('.') || '(whole)'}: ${code}`).join('; ');
}

function jsonOf(answer: RawAnswer): unknown {
  try {
    return JSON.parse(answer.body);
  } catch {
    throw new UnexpectedAnswerError('amazon', `amazon ${OPERATION}: the answer is not JSON`);
  }
}
