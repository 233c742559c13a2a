import { RejectedError, UnexpectedAnswerError } from '../../domain/errors.ts';
import type {
  OrderPage,
  OrderReader,
  OrderSource,
  OrderWindow,
  RemoteOrder,
  UnreadableOrder,
} from '../../ports/order-source.ts';
import type { QuotaPlan } from '../../ports/quota.ts';
import type { EbayClient } from './client.ts';
import { EbayRejectedError, problemOf } from './errors.ts';
import { mapOrder, mayHaveTaxNumber } from './order-mapper.ts';
import { brokenOrderSchema, getOrdersAnswerSchema, remoteOrderSchema } from './schemas.ts';

/**
 * One allowance for all calls of an account. eBay publishes no figure for the Fulfillment API that we could confirm: this
 * is the 5,000 calls a day that every new application has, with some of them at once.
 */
export const EBAY_CALLS_QUOTA: QuotaPlan = { ratePerSecond: 5_000 / 86_400, burst: 250 };
/** The most eBay gives. */
const PAGE_SIZE = 200;
/** "Invalid order ID" and the general "not found" (Fulfillment API docs, getOrder; eBay docs, error ids). */
const NO_SUCH_ORDER = [32_100, 11_001];

/** eBay's orders by time of last change or of creation, and single ones. */
export function createEbayOrderSource(
  clientOf: (accountId: string) => Promise<EbayClient>,
): OrderSource & OrderReader {
  return {
    async fetchPage(window, pageToken) {
      const offset = offsetOf(pageToken);
      const client = await clientOf(window.accountId);
      const { data } = await client.call('getOrders', (api) =>
        api.sell.fulfillment
          .api({ returnResponse: true })
          .getOrders({ filter: filterOf(window), limit: PAGE_SIZE, offset }),
      );
      const page = getOrdersAnswerSchema.safeParse(data);
      if (!page.success) throw unexpected('getOrders', page.error.issues);
      const { orders, unreadable } = readOrders(window.accountId, page.data.orders ?? []);
      return {
        orders,
        unreadable,
        nextPageToken: nextToken(pageToken, offset, page.data.total),
        effectiveUntil: undefined,
        grantedRatePerSecond: undefined,
      };
    },

    async fetchOrder({ accountId, marketplaceOrderId }) {
      const client = await clientOf(accountId);
      const data = await singleOrder(client, marketplaceOrderId);
      if (data === undefined) return undefined;
      const parsed = remoteOrderSchema.safeParse(data);
      if (!parsed.success) throw unexpected('getOrder', parsed.error.issues);
      try {
        return mapOrder(accountId, parsed.data);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw new UnexpectedAnswerError('ebay', `ebay getOrder: ${error.message}`);
      }
    },
  };
}

async function singleOrder(client: EbayClient, marketplaceOrderId: string): Promise<unknown> {
  // The library puts the id into the path as it is.
  const id = encodeURIComponent(marketplaceOrderId);
  try {
    const answer = await client.call('getOrder', (api) =>
      api.sell.fulfillment.api({ returnResponse: true }).getOrder(id),
    );
    return answer.data;
  } catch (error) {
    if (!(error instanceof EbayRejectedError)) throw error;
    if (error.status === 404 || error.errorIds.some((errorId) => NO_SUCH_ORDER.includes(errorId))) {
      return undefined;
    }
    throw error;
  }
}

/** Bounds are inclusive, both in the past: an end in the future is refused (error 30850). Only one field: of two, eBay uses one. */
function filterOf({ from, until, by }: OrderWindow): string {
  const field = by === 'created' ? 'creationdate' : 'lastmodifieddate';
  return `${field}:[${new Date(from).toISOString()}..${new Date(until).toISOString()}]`;
}

/**
 * The result shrinks while it is read: an order changed meanwhile leaves the window, and all behind it move up by one.
 * Read from front to back, one of them would slip from the next page into the one just read. So the first page, which
 * tells how many there are, is followed by the others from the last one back to the first: what moves up is met again.
 */
function nextToken(pageToken: string | undefined, offset: number, total: number): string | undefined {
  if (pageToken !== undefined) return offset === 0 ? undefined : String(offset - PAGE_SIZE);
  return total > PAGE_SIZE ? String(PAGE_SIZE * Math.floor((total - 1) / PAGE_SIZE)) : undefined;
}

/** @throws RejectedError 400 as eBay would for an offset that is none: the window begins again */
function offsetOf(pageToken: string | undefined): number {
  if (pageToken === undefined) return 0;
  const offset = Number(pageToken);
  if (Number.isSafeInteger(offset) && offset >= 0 && offset % PAGE_SIZE === 0) return offset;
  throw new RejectedError('ebay', 'ebay getOrders: not a page token of ours', { status: 400 });
}

function readOrders(
  accountId: string,
  remotes: readonly unknown[],
): Pick<OrderPage, 'orders' | 'unreadable'> {
  const orders: RemoteOrder[] = [];
  const unreadable: UnreadableOrder[] = [];
  for (const remote of remotes) {
    const read = readOrder(accountId, remote);
    if ('problem' in read) unreadable.push(read);
    else orders.push(read);
  }
  return { orders, unreadable };
}

function readOrder(accountId: string, remote: unknown): RemoteOrder | UnreadableOrder {
  const parsed = remoteOrderSchema.safeParse(remote);
  try {
    if (parsed.success) {
      return { ...mapOrder(accountId, parsed.data), incomplete: mayHaveTaxNumber(parsed.data) };
    }
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
    updatedAt: data?.lastModifiedDate && new Date(data.lastModifiedDate).toISOString(),
  };
}

type Issues = readonly { readonly path: readonly PropertyKey[]; readonly code: string }[];

function unexpected(operation: string, issues: Issues): UnexpectedAnswerError {
  return new UnexpectedAnswerError('ebay', `ebay ${operation}: ${problemOf(issues)}`);
}
