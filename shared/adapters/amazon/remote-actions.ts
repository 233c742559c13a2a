import * as z from 'zod';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import { formatMinor } from '../../domain/money.ts';
import type { Order } from '../../domain/order.ts';
import { isoInstant } from '../../domain/pull-window.ts';
import type {
  CancelReason,
  RefundReason,
  RefundWish,
  RemoteAction,
  RemoteActionWish,
} from '../../domain/remote-action.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FoundAction, RemoteActor } from '../../ports/remote-actor.ts';
import { parseAnswer } from './answer.ts';
import type { AmazonClient } from './client.ts';
import { type AmazonFeed, feedCounts, feedsSince, readFeed, readFeedResult, submitFeed } from './feeds.ts';
import { GET_ORDER_QUOTA } from './get-order.ts';

/**
 * Amazon cancels and refunds by feeds only, and the older flat files are those whose columns it publishes.
 * Source: SP-API docs, "Order Feed Type Values".
 */
const FEED_TYPES = {
  cancel: 'POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA',
  refund: 'POST_FLAT_FILE_PAYMENT_ADJUSTMENT_DATA',
} as const;
const CONTENT_TYPE = 'text/tab-separated-values; charset=UTF-8';

/** The reasons that both files take, as the same page lists them. */
const CANCEL_REASONS: Readonly<Record<CancelReason, string>> = {
  'out-of-stock': 'NoInventory',
  'buyer-asked': 'BuyerCanceled',
  address: 'ShippingAddressUndeliverable',
  other: 'GeneralAdjustment',
};
const REFUND_REASONS: Readonly<Record<RefundReason, string>> = {
  'buyer-cancelled': 'BuyerCanceled',
  'seller-cancelled': 'NoInventory',
  'not-received': 'MerchandiseNotReceived',
  returned: 'CustomerReturn',
  'not-as-described': 'GeneralAdjustment',
  other: 'GeneralAdjustment',
};

/** Amazon's clock and ours are not the same. */
const CLOCKS_APART_MS = 2 * 60_000;
/** How long a feed that was asked for may stay out of the list; how long it really does is not documented. */
const FEED_SHOWN_WITHIN_MS = 10 * 60_000;
/** How long a feed that nobody can tell from others is given to cancel the order. */
const CANCELLED_WITHIN_MS = 60 * 60_000;

const orderStatusSchema = z.object({
  order: z.object({ fulfillment: z.object({ fulfillmentStatus: z.string() }).nullish() }),
});

/** Cancels orders and gives money back at Amazon; both are followed until Amazon reports on each line. */
export function createAmazonActor(
  clientOf: (accountId: string) => Promise<AmazonClient>,
  clock: Clock,
): RemoteActor {
  return {
    async perform(order, { wish }) {
      const feed = feedOf(order, wish);
      const remoteId = await submitFeed(await clientOf(order.accountId), {
        ...feed,
        siteIds: [order.siteId],
        contentType: CONTENT_TYPE,
      });
      return { outcome: 'followed', answer: { remoteId } };
    },

    async find(order, action) {
      const client = await clientOf(order.accountId);
      const feedId = action.answer?.remoteId;
      if (feedId !== undefined) return foundFeed(client, await readFeed(client, feedId), action.wish);
      return foundAmong(client, order, action, clock.now());
    },
  };
}

function feedOf(
  order: Order,
  wish: RemoteActionWish,
): { readonly feedType: string; readonly content: string } {
  switch (wish.kind) {
    case 'cancel':
      return { feedType: FEED_TYPES.cancel, content: cancellation(order, wish.reason) };
    case 'refund':
      return { feedType: FEED_TYPES.refund, content: adjustment(order, wish) };
    default:
      throw new RangeError(`Amazon has no feed for ${wish.kind}`);
  }
}

/** One row for each line: the whole order is cancelled. */
function cancellation(order: Order, reason: CancelReason): string {
  return table(
    ['order-id', 'cancellation-reason-code', 'amazon-order-item-code'],
    order.lines.map(({ orderLineId }) => [order.marketplaceOrderId, CANCEL_REASONS[reason], orderLineId]),
  );
}

/** One row for each line; European prices include their tax. */
function adjustment(order: Order, { reason, currency, lines }: RefundWish): string {
  const amount = (minor: number): string => (minor === 0 ? '' : formatMinor(minor, currency));
  return table(
    [
      'order-id',
      'order-item-id',
      'adjustment-reason-code',
      'currency',
      'item-price-adj',
      'item-tax-adj',
      'shipping-price-adj',
      'shipping-tax-adj',
      'gift-wrap-price-adj',
      'gift-wrap-tax-adj',
      'item-promotion-adj',
      'item-promotion-id',
      'ship-promotion-adj',
      'ship-promotion-id',
      'quantity-cancelled',
    ],
    lines.map(({ orderLineId, goodsMinor, shippingMinor }) => [
      ...[order.marketplaceOrderId, orderLineId, REFUND_REASONS[reason], currency],
      ...[amount(goodsMinor), '', amount(shippingMinor), '', '', '', '', '', '', '', ''],
    ]),
  );
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, ...rows]
    .map((cells) => {
      if (cells.some((cell) => /[\t\r\n]/.test(cell))) throw new RangeError('a cell that ends its row');
      return `${cells.join('\t')}\r\n`;
    })
    .join('');
}

/** How a feed of ours stands, by Amazon's own report once there is one. */
async function foundFeed(
  client: AmazonClient,
  feed: AmazonFeed,
  wish: RemoteActionWish,
): Promise<FoundAction> {
  const { feedId: remoteId, state, resultDocumentId } = feed;
  switch (state) {
    case 'processing':
      return { found: 'followed', answer: { remoteId } };
    case 'cancelled':
    case 'fatal':
      return { found: 'refused', reason: 'rejected', answer: { remoteId, code: state.toUpperCase() } };
    case 'unknown':
      throw new UnexpectedAnswerError(
        'amazon',
        `amazon getFeed: feed ${remoteId} is in a state we do not know`,
      );
    case 'done': {
      if (resultDocumentId === undefined) return { found: 'cannot-tell' };
      const { processed, successful, errorCode } = feedCounts(await readFeedResult(client, resultDocumentId));
      const answer = { remoteId, ...(errorCode === undefined ? {} : { code: errorCode }) };
      if (successful === 0) return { found: 'refused', reason: 'rejected', answer };
      const wanted = wish.kind === 'refund' ? wish.lines.length : processed;
      const isAll = successful === processed && processed === wanted && errorCode === undefined;
      return isAll ? { found: 'done', answer } : { found: 'partly', answer };
    }
  }
}

/**
 * What became of a feed whose id never arrived. Amazon lists feeds without what is in them: none since then is proof that
 * it never came, one that is there may be anybody's. Of a cancellation the order itself tells.
 */
async function foundAmong(
  client: AmazonClient,
  order: Order,
  { wish, sentAt, requestedAt }: RemoteAction,
  nowMs: number,
): Promise<FoundAction> {
  if (wish.kind !== 'cancel' && wish.kind !== 'refund') throw new RangeError(`no feed for ${wish.kind}`);
  if (wish.kind === 'cancel' && (await statusOf(client, order)) === 'CANCELLED') {
    return { found: 'done', answer: { code: 'CANCELLED' } };
  }
  const sentMs = Date.parse(sentAt ?? requestedAt);
  const since = isoInstant(sentMs - CLOCKS_APART_MS);
  const feeds = await feedsSince(client, FEED_TYPES[wish.kind], since);
  if (feeds.length > 0) {
    const mayCome = wish.kind === 'cancel' && nowMs - sentMs < CANCELLED_WITHIN_MS;
    return mayCome ? { found: 'followed', answer: {} } : { found: 'cannot-tell' };
  }
  return nowMs - sentMs < FEED_SHOWN_WITHIN_MS ? { found: 'followed', answer: {} } : { found: 'not-done' };
}

async function statusOf(client: AmazonClient, order: Order): Promise<string | undefined> {
  const answer = await client.call({
    operation: 'getOrder',
    documentedRatePerSecond: GET_ORDER_QUOTA.ratePerSecond,
    path: { orderId: order.marketplaceOrderId },
    query: { includedData: ['FULFILLMENT'] },
  });
  return parseAnswer('getOrder', orderStatusSchema, answer).order.fulfillment?.fulfillmentStatus;
}
