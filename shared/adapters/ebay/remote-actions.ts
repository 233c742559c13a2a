import * as z from 'zod';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import { formatMinor, parseDecimal } from '../../domain/money.ts';
import type { Order } from '../../domain/order.ts';
import type {
  CancelReason,
  RefundReason,
  RefundWish,
  RemoteAction,
  RemoteActionKind,
} from '../../domain/remote-action.ts';
import { amountOf } from '../../domain/remote-capabilities.ts';
import type { Clock } from '../../ports/clock.ts';
import {
  ActionRefusedError,
  type FoundAction,
  type Performed,
  type RemoteActor,
} from '../../ports/remote-actor.ts';
import type { EbayClient } from './client.ts';
import { EbayRejectedError, problemOf } from './errors.ts';

/** eBay docs, Post-Order API v2, CancelReasonEnum, as far as sellers may say them. */
const CANCEL_REASONS = {
  'out-of-stock': 'OUT_OF_STOCK_OR_CANNOT_FULFILL',
  'buyer-asked': 'BUYER_ASKED_CANCEL',
  address: 'ADDRESS_ISSUES',
} as const satisfies Readonly<Record<Exclude<CancelReason, 'other'>, string>>;
/** eBay docs, Fulfillment API, ReasonForRefundEnum. */
const REFUND_REASONS: Readonly<Record<RefundReason, string>> = {
  'buyer-cancelled': 'BUYER_CANCEL',
  'seller-cancelled': 'SELLER_CANCEL',
  'not-received': 'ITEM_NOT_RECEIVED',
  returned: 'BUYER_RETURN',
  'not-as-described': 'ITEM_NOT_AS_DESCRIBED',
  other: 'OTHER_ADJUSTMENT',
};
/** eBay's clock and ours are not the same. */
const CLOCKS_APART_MS = 2 * 60_000;
/** How long a refund that was asked for may stay out of the order; how long it really does is not documented. */
const REFUND_SHOWN_WITHIN_MS = 10 * 60_000;

const idText = z.string().regex(/^[\w.:*-]{1,60}$/);
const amountSchema = z.object({
  value: z.string().regex(/^-?\d{1,9}(?:\.\d{1,2}0*)?$/),
  currency: z.string(),
});
const refundSchema = z.object({
  refundId: idText.nullish(),
  refundDate: z.string().nullish(),
  amount: amountSchema.nullish(),
  refundStatus: z.string().nullish(),
});
/** Of an order, what actions are about. */
const orderSchema = z.object({
  legacyOrderId: idText.nullish(),
  orderPaymentStatus: z.string().nullish(),
  pricingSummary: z.object({ total: amountSchema }),
  cancelStatus: z
    .object({
      cancelState: z.string().nullish(),
      cancelRequests: z
        .array(z.object({ cancelRequestId: idText.nullish(), cancelRequestState: z.string().nullish() }))
        .nullish(),
    })
    .nullish(),
  paymentSummary: z.object({ refunds: z.array(refundSchema).nullish() }).nullish(),
});
type RemoteOrder = z.infer<typeof orderSchema>;
type Refund = z.infer<typeof refundSchema>;
const issuedSchema = z.object({ refundId: idText, refundStatus: z.string().nullish() });
const createdSchema = z.object({ cancelId: z.union([idText, z.int().transform(String)]) });

/**
 * Cancels, answers cancellations and gives money back at eBay. Everything but a rejection has to be signed; money is given
 * back while nobody waits, and the order tells how it went.
 * Source: eBay docs, Fulfillment API v1.20 (getOrder, issueRefund), Post-Order API v2 (cancellation), "Digital Signatures
 * for APIs".
 * @param clients of an account's calls about orders, and of those about money, which need another consent
 */
export function createEbayActor(
  clients: {
    readonly orders: (accountId: string) => Promise<EbayClient>;
    readonly money: (accountId: string) => Promise<EbayClient>;
  },
  clock: Clock,
): RemoteActor {
  const clientOf = ({ accountId }: Order, kind: RemoteActionKind): Promise<EbayClient> =>
    kind === 'refund' ? clients.money(accountId) : clients.orders(accountId);

  return {
    async perform(order, action) {
      const { wish } = action;
      const client = await clientOf(order, wish.kind);
      switch (wish.kind) {
        case 'cancel':
          return cancel(client, order, wish.reason);
        case 'approve-cancellation':
        case 'reject-cancellation':
          return answerRequest(client, order, wish.kind);
        case 'refund':
          return refund(client, order, wish);
        default:
          throw new RangeError(`eBay has no call for ${wish.kind}`);
      }
    },

    async find(order, action) {
      const remote = await readOrder(await clientOf(order, action.wish.kind), order);
      switch (action.wish.kind) {
        case 'cancel':
        case 'approve-cancellation':
          return foundCancellation(remote, action);
        case 'reject-cancellation':
          return foundRejection(remote);
        case 'refund':
          return foundRefund(remote, action, action.wish, clock.now());
        default:
          throw new RangeError(`eBay has no call for ${action.wish.kind}`);
      }
    },
  };
}

async function cancel(client: EbayClient, order: Order, reason: CancelReason): Promise<Performed> {
  if (reason === 'other') throw new RangeError('eBay knows no other reasons');
  checkCanSign(client);
  const remote = await readOrder(client, order);
  const answer = await refusable(() =>
    client.call('createCancellation', (api) =>
      api.postOrder.cancellation.api({ returnResponse: true, sign: true }).createCancellation({
        legacyOrderId: remote.legacyOrderId ?? order.marketplaceOrderId,
        cancelReason: CANCEL_REASONS[reason],
        buyerPaid: remote.orderPaymentStatus !== 'PENDING' && remote.orderPaymentStatus !== 'FAILED',
      }),
    ),
  );
  const { cancelId } = parsed('createCancellation', createdSchema, answer.data);
  return { outcome: 'followed', answer: { remoteId: cancelId } };
}

async function answerRequest(
  client: EbayClient,
  order: Order,
  kind: 'approve-cancellation' | 'reject-cancellation',
): Promise<Performed> {
  if (kind === 'approve-cancellation') checkCanSign(client);
  const remoteId = openRequest(await readOrder(client, order));
  if (remoteId === undefined) throw new ActionRefusedError('ebay', 'no-request');
  if (kind === 'reject-cancellation') {
    await refusable(() =>
      client.call('rejectCancellationRequest', (api) =>
        api.postOrder.cancellation.api({ returnResponse: true }).rejectCancellationRequest(remoteId, {}),
      ),
    );
    return { outcome: 'done', answer: { remoteId } };
  }
  await refusable(() =>
    client.call('approveCancellationRequest', (api) =>
      api.postOrder.cancellation
        .api({ returnResponse: true, sign: true })
        .approveCancellationRequest(remoteId),
    ),
  );
  return { outcome: 'followed', answer: { remoteId } };
}

async function refund(client: EbayClient, order: Order, wish: RefundWish): Promise<Performed> {
  checkCanSign(client);
  if (amountOf(wish) > leftOf(await readOrder(client, order), wish.currency)) {
    throw new ActionRefusedError('ebay', 'too-much');
  }
  const answer = await refusable(() =>
    client.call('issueRefund', (api) =>
      api.sell.fulfillment
        .api({ returnResponse: true, sign: true })
        .issueRefund(encodeURIComponent(order.marketplaceOrderId), {
          reasonForRefund: REFUND_REASONS[wish.reason],
          refundItems: wish.lines.map(({ orderLineId, goodsMinor, shippingMinor }) => ({
            lineItemId: orderLineId,
            refundAmount: {
              value: formatMinor(goodsMinor + shippingMinor, wish.currency),
              currency: wish.currency,
            },
          })),
        }),
    ),
  );
  const { refundId, refundStatus } = parsed('issueRefund', issuedSchema, answer.data);
  const said = { remoteId: refundId, ...codeOf(refundStatus) };
  if (refundStatus === 'FAILED') throw new ActionRefusedError('ebay', 'rejected', { code: 'FAILED' });
  return { outcome: refundStatus === 'REFUNDED' ? 'done' : 'followed', answer: said };
}

/** What eBay still has to give back: of what the buyer paid, what no refund took that has not failed. */
function leftOf({ pricingSummary, paymentSummary }: RemoteOrder, currency: string): number {
  if (pricingSummary.total.currency !== currency) return 0;
  const given = (paymentSummary?.refunds ?? [])
    .filter(({ refundStatus }) => refundStatus !== 'FAILED')
    .reduce((sum, { amount }) => sum + (minorOf(amount, currency) ?? 0), 0);
  return parseDecimal(pricingSummary.total.value, currency) - given;
}

function foundCancellation({ cancelStatus }: RemoteOrder, action: RemoteAction): FoundAction {
  const state = cancelStatus?.cancelState ?? 'NONE_REQUESTED';
  const answer = codeOf(state);
  if (state === 'CANCELED') return { found: 'done', answer };
  const wasTaken = action.answer?.remoteId !== undefined;
  if (state === 'IN_PROGRESS') {
    // A request of the buyer's that nobody has answered is under way too.
    const waits = action.wish.kind === 'approve-cancellation' && hasOpenRequest(cancelStatus);
    return waits && !wasTaken ? { found: 'not-done' } : { found: 'followed', answer };
  }
  return wasTaken ? { found: 'refused', reason: 'rejected', answer } : { found: 'not-done' };
}

function foundRejection({ cancelStatus }: RemoteOrder): FoundAction {
  if (hasOpenRequest(cancelStatus)) return { found: 'not-done' };
  const last = cancelStatus?.cancelRequests?.at(-1)?.cancelRequestState ?? undefined;
  return last === 'REJECTED'
    ? { found: 'done', answer: { code: last } }
    : { found: 'refused', reason: 'no-request', answer: codeOf(last) };
}

function foundRefund(
  { paymentSummary }: RemoteOrder,
  { answer, sentAt, requestedAt }: RemoteAction,
  wish: RefundWish,
  nowMs: number,
): FoundAction {
  const refunds = paymentSummary?.refunds ?? [];
  const sentMs = Date.parse(sentAt ?? requestedAt);
  const isOurs = ({ refundId, refundDate, amount }: Refund): boolean =>
    answer?.remoteId === undefined
      ? minorOf(amount, wish.currency) === amountOf(wish) &&
        Date.parse(refundDate ?? '') >= sentMs - CLOCKS_APART_MS
      : refundId === answer.remoteId;
  const [ours, ...others] = refunds.filter(isOurs);
  // Somebody gave back the same amount by hand at the same time, or we did twice: a person has to see that.
  if (others.length > 0) return { found: 'cannot-tell' };
  if (ours === undefined) {
    const isKnown = answer?.remoteId !== undefined;
    const mayCome = isKnown || nowMs - sentMs < REFUND_SHOWN_WITHIN_MS;
    return mayCome ? { found: 'followed', answer: {} } : { found: 'not-done' };
  }
  const said = { ...(ours.refundId ? { remoteId: ours.refundId } : {}), ...codeOf(ours.refundStatus) };
  if (ours.refundStatus === 'REFUNDED') return { found: 'done', answer: said };
  if (ours.refundStatus === 'FAILED') return { found: 'refused', reason: 'rejected', answer: said };
  return { found: 'followed', answer: said };
}

/** The library would send the call without a signature, and say nothing. */
function checkCanSign({ canSign }: EbayClient): void {
  if (!canSign) throw new ActionRefusedError('ebay', 'signature-missing');
}

async function readOrder(client: EbayClient, { marketplaceOrderId }: Order): Promise<RemoteOrder> {
  const { data } = await client.call('getOrder', (api) =>
    api.sell.fulfillment.api({ returnResponse: true }).getOrder(encodeURIComponent(marketplaceOrderId)),
  );
  return parsed('getOrder', orderSchema, data);
}

/** A refusal with eBay's number for it. */
async function refusable<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof EbayRejectedError) || error.status === 401 || error.status === 403) throw error;
    const [errorId = error.status] = error.errorIds;
    throw new ActionRefusedError('ebay', 'rejected', { status: error.status ?? 400, code: String(errorId) });
  }
}

function parsed<Schema extends z.ZodType>(
  operation: string,
  schema: Schema,
  data: unknown,
): z.output<Schema> {
  const answer = schema.safeParse(data);
  if (answer.success) return answer.data;
  throw new UnexpectedAnswerError('ebay', `ebay ${operation}: ${problemOf(answer.error.issues)}`);
}

function openRequest({ cancelStatus }: RemoteOrder): string | undefined {
  const open = cancelStatus?.cancelRequests?.findLast(isOpen);
  return open?.cancelRequestId ?? undefined;
}

function hasOpenRequest(cancelStatus: RemoteOrder['cancelStatus']): boolean {
  return cancelStatus?.cancelRequests?.some(isOpen) ?? false;
}

function isOpen({
  cancelRequestState,
}: {
  readonly cancelRequestState?: string | null | undefined;
}): boolean {
  return cancelRequestState === 'REQUESTED';
}

function minorOf(amount: Refund['amount'], currency: string): number | undefined {
  return amount?.currency === currency ? parseDecimal(amount.value, currency) : undefined;
}

/** eBay's own word, as long as it is one. */
function codeOf(word: string | null | undefined): { readonly code?: string } {
  return word && /^\w{1,40}$/.test(word) ? { code: word } : {};
}
