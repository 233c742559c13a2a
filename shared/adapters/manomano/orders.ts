import { RejectedError, UnexpectedAnswerError } from '../../domain/errors.ts';
import type {
  OrderPage,
  OrderReader,
  OrderSource,
  OrderWindow,
  RemoteOrder,
  UnreadableOrder,
} from '../../ports/order-source.ts';
import type { ManomanoAnswer, ManomanoClient, ManomanoRequest } from './client.ts';
import { problemOf } from './errors.ts';
import { mapOrder } from './order-mapper.ts';
import { brokenOrderSchema, orderAnswerSchema, ordersAnswerSchema, remoteOrderSchema } from './schemas.ts';

const PATH = '/orders/v1/orders';
/** The most ManoMano gives. */
const PAGE_SIZE = 100;

/**
 * Where a window's next call stands. One call reads one page of one contract, contract after contract.
 *
 * ManoMano counts pages by number and does not say how they are sorted, and an order that changes while they are read
 * leaves the window: every later order moves up one place, over the edge of a page. Read forwards, that order would
 * be skipped. So the first page says how many there are, and they are read from the last back to the first again:
 * what moves up is then met twice, which costs nothing.
 */
interface Cursor {
  readonly contractId: string;
  /** `first`: nothing of the contract has been read, and its number of pages is not known. */
  readonly page: 'first' | number;
  /** A contract of this window has answered: if another is refused, it is not the key's fault. */
  readonly answered: boolean;
}

/**
 * ManoMano's orders by time of last change of status: it sees cancellations, refunds and what is done in ManoMano's own
 * pages. The next link is not followed: it is a page number with the window we know.
 * Source: Partner API docs, "Get a list of orders".
 */
export function createManomanoOrderSource(
  clientOf: (accountId: string) => Promise<ManomanoClient>,
): OrderSource & OrderReader {
  return {
    async fetchPage(window, pageToken) {
      const contractIds = [...new Set(window.siteIds)];
      const cursor = readCursor(contractIds, pageToken);
      const client = await clientOf(window.accountId);
      let answer: ManomanoAnswer;
      try {
        answer = await success(client, {
          operation: 'orders',
          method: 'GET',
          path: PATH,
          query: queryOf(window, cursor),
        });
      } catch (error) {
        if (!(error instanceof RejectedError)) throw error;
        return refusedPage(contractIds, cursor, error);
      }
      return pageOf(window.accountId, contractIds, cursor, answer);
    },

    async fetchOrder({ accountId, siteId, marketplaceOrderId }) {
      const client = await clientOf(accountId);
      let answer: ManomanoAnswer;
      try {
        answer = await success(client, {
          operation: 'order',
          method: 'GET',
          path: `${PATH}/${encodeURIComponent(marketplaceOrderId)}`,
          query: { seller_contract_id: siteId },
        });
      } catch (error) {
        if (error instanceof RejectedError && error.status === 404) return undefined;
        throw error;
      }
      const parsed = orderAnswerSchema.safeParse(answer.body);
      if (!parsed.success) throw unexpected('order', problemOf(parsed.error.issues));
      const read = readOrder({ accountId, contractId: siteId }, parsed.data.content);
      if ('problem' in read) throw unexpected('order', read.problem);
      return { order: read.order, buyer: read.buyer };
    },
  };
}

async function success(client: ManomanoClient, request: ManomanoRequest): Promise<ManomanoAnswer> {
  const answer = await client.call(request);
  if (answer.outcome !== 'success') throw unexpected(request.operation, `${answer.status} for a question`);
  return answer;
}

function queryOf(window: OrderWindow, { contractId, page }: Cursor): Record<string, string> {
  const field = window.by === 'created' ? 'created_at' : 'status_updated_at';
  return {
    seller_contract_id: contractId,
    // Working clients send whole seconds. Rounded outwards, so that two windows leave nothing between them.
    [`${field}_start`]: wholeSeconds(window.from, Math.floor),
    [`${field}_end`]: wholeSeconds(window.until, Math.ceil),
    page: String(page === 'first' ? 1 : page),
    limit: String(PAGE_SIZE),
  };
}

function wholeSeconds(instant: string, round: (value: number) => number): string {
  return new Date(round(Date.parse(instant) / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

function pageOf(
  accountId: string,
  contractIds: readonly string[],
  cursor: Cursor,
  answer: ManomanoAnswer,
): OrderPage {
  const page = ordersAnswerSchema.safeParse(answer.body);
  if (!page.success) throw unexpected('orders', problemOf(page.error.issues));
  const { content, pagination } = page.data;
  const orders: RemoteOrder[] = [];
  const unreadable: UnreadableOrder[] = [];
  for (const remote of content) {
    const read = readOrder({ accountId, contractId: cursor.contractId }, remote);
    if ('problem' in read) unreadable.push(read);
    else orders.push(read);
  }
  const next = cursor.page === 'first' ? pagesOf(pagination ?? {}, content.length) : cursor.page - 1;
  return {
    orders,
    unreadable,
    nextPageToken: nextToken(contractIds, { ...cursor, answered: true }, next),
    effectiveUntil: undefined,
    grantedRatePerSecond: undefined,
  };
}

/** How many pages there are; 0 when the first one was all. */
function pagesOf(
  { items, limit, pages }: { items?: number | null; limit?: number | null; pages?: number | null },
  shown: number,
): number {
  const size = limit || PAGE_SIZE;
  const stated = pages ?? (typeof items === 'number' ? Math.ceil(items / size) : undefined);
  if (stated !== undefined) return stated > 1 ? stated : 0;
  if (shown < size) return 0;
  throw unexpected('orders', 'a full page that does not say how many there are');
}

/**
 * A contract that the key may not read, or that is not enabled, must not keep the others away. When none answers, it is
 * the key.
 */
function refusedPage(contractIds: readonly string[], cursor: Cursor, error: RejectedError): OrderPage {
  const { contractId, page } = cursor;
  const nothing = { orders: [], unreadable: [], effectiveUntil: undefined, grantedRatePerSecond: undefined };
  // There are fewer pages by now. If it is the contract instead, the first page will say so.
  if (error.status === 404 && page !== 'first' && page > 1) {
    return { ...nothing, nextPageToken: nextToken(contractIds, cursor, page - 1) };
  }
  if (error.status !== 403 && error.status !== 404) throw error;
  const nextPageToken = nextToken(contractIds, cursor, 0);
  if (nextPageToken === undefined && !cursor.answered) {
    throw new RejectedError(
      'manomano',
      `manomano orders: refused for every contract, the last was ${contractId}`,
      { status: error.status, cause: error },
    );
  }
  return { ...nothing, nextPageToken, refusedSites: [contractId] };
}

/** @param page the next page of the same contract; below 1 the next contract's turn has come */
function nextToken(contractIds: readonly string[], cursor: Cursor, page: number): string | undefined {
  const { contractId, answered } = cursor;
  if (page >= 1) return writeCursor({ contractId, page, answered });
  const next = contractIds[contractIds.indexOf(contractId) + 1];
  return next === undefined ? undefined : writeCursor({ contractId: next, page: 'first', answered });
}

function writeCursor({ contractId, page, answered }: Cursor): string {
  return `${contractId}.${page}.${answered ? 'answered' : 'silent'}`;
}

function readCursor(contractIds: readonly string[], pageToken: string | undefined): Cursor {
  for (const id of contractIds) {
    if (!/^\d{1,18}$/.test(id)) throw new RangeError(`not a contract of ManoMano’s: ${id}`);
  }
  const [first] = contractIds;
  if (first === undefined) throw new RangeError('ManoMano is asked per contract, and there is none');
  if (pageToken === undefined) return { contractId: first, page: 'first', answered: false };
  const parts = /^(\d{1,18})\.(first|[1-9]\d{0,5})\.(answered|silent)$/.exec(pageToken);
  const [, contractId = '', page = '', answered] = parts ?? [];
  if (parts === null || !contractIds.includes(contractId)) {
    throw new RejectedError('manomano', 'manomano orders: not a page token of this window', { status: 400 });
  }
  return {
    contractId,
    page: page === 'first' ? page : Number(page),
    answered: answered === 'answered',
  };
}

function readOrder(
  asked: { readonly accountId: string; readonly contractId: string },
  remote: unknown,
): RemoteOrder | UnreadableOrder {
  const parsed = remoteOrderSchema.safeParse(remote);
  try {
    if (parsed.success) return mapOrder(asked, parsed.data);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { ...idOf(remote), problem: error.message };
  }
  return { ...idOf(remote), problem: problemOf(parsed.error.issues) };
}

function idOf(remote: unknown): Pick<UnreadableOrder, 'marketplaceOrderId' | 'updatedAt'> {
  const { data } = brokenOrderSchema.safeParse(remote);
  return {
    marketplaceOrderId: data?.order_reference,
    updatedAt: data?.status_updated_at && new Date(data.status_updated_at).toISOString(),
  };
}

function unexpected(operation: string, problem: string): UnexpectedAnswerError {
  return new UnexpectedAnswerError('manomano', `manomano ${operation}: ${problem}`);
}
