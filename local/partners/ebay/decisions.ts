import { z } from 'zod';
import { EbayRefusal } from './answers.ts';
import type { EbayOrder } from './schemas.ts';

const amountSchema = z.strictObject({
  value: z.string().regex(/^\d+\.\d{2}$/),
  currency: z.literal('EUR'),
});
const refundSchema = z.strictObject({
  reasonForRefund: z.enum([
    'BUYER_CANCEL',
    'SELLER_CANCEL',
    'ITEM_NOT_RECEIVED',
    'BUYER_RETURN',
    'ITEM_NOT_AS_DESCRIBED',
    'OTHER_ADJUSTMENT',
    'SHIPPING_DISCOUNT',
  ]),
  comment: z.string().max(100).optional(),
  refundItems: z
    .array(z.strictObject({ refundAmount: amountSchema, lineItemId: z.string().regex(/^\d+$/) }))
    .min(1),
});
const cancelSchema = z.strictObject({
  legacyOrderId: z.string().min(1),
  cancelReason: z.enum(['OUT_OF_STOCK_OR_CANNOT_FULFILL', 'BUYER_ASKED_CANCEL', 'ADDRESS_ISSUES']),
  buyerPaid: z.boolean(),
});
const rejectSchema = z.strictObject({});

type Refund = EbayOrder['paymentSummary']['refunds'][number];

/** Cancellations and refunds that the seller's program asks for. They are done at once unless they are held. */
export class DecisionsApi {
  readonly #orders: Map<string, EbayOrder>;
  readonly #now: () => number;
  #held = false;
  #refunds = 0;

  constructor(orders: Map<string, EbayOrder>, now: () => number) {
    this.#orders = orders;
    this.#now = now;
  }

  /** From now on, work that is asked for stays under way. */
  hold(): void {
    this.#held = true;
  }

  /** What was held comes to its end. */
  finish(how: 'done' | 'failed'): void {
    this.#held = false;
    for (const order of this.#orders.values()) {
      const pending = order.paymentSummary.refunds.find(({ refundStatus }) => refundStatus === 'PENDING');
      if (pending !== undefined) {
        const refundStatus = how === 'done' ? 'REFUNDED' : 'FAILED';
        this.#put(withRefunds(order, [...without(order, pending), { ...pending, refundStatus }]));
      }
      const open = order.cancelStatus.cancelRequests.at(-1);
      if (order.cancelStatus.cancelState !== 'IN_PROGRESS' || open?.cancelRequestState === 'REQUESTED')
        continue;
      if (how === 'done') this.#cancelled(order.orderId);
      else this.#put({ ...order, cancelStatus: { ...order.cancelStatus, cancelState: 'NONE_REQUESTED' } });
    }
  }

  /** Post-Order API docs, createCancellation. */
  cancel(body: string): { readonly cancelId: string } {
    const { legacyOrderId, cancelReason, buyerPaid } = parsed(cancelSchema, body);
    const order = [...this.#orders.values()].find((each) => each.legacyOrderId === legacyOrderId);
    if (order === undefined) throw new EbayRefusal(404, 1_500, 'Order not found');
    if (
      order.orderFulfillmentStatus !== 'NOT_STARTED' ||
      order.cancelStatus.cancelState !== 'NONE_REQUESTED'
    ) {
      throw new EbayRefusal(400, 1_612, 'The order is not eligible for cancellation');
    }
    if (buyerPaid !== (order.orderPaymentStatus !== 'PENDING')) {
      throw new EbayRefusal(400, 1_602, 'buyerPaid is not what the order says');
    }
    const cancelId = `5${order.orderId.replaceAll('-', '')}`;
    this.#put({
      ...order,
      cancelStatus: {
        cancelState: 'IN_PROGRESS',
        cancelRequests: [
          ...order.cancelStatus.cancelRequests,
          {
            cancelRequestId: cancelId,
            cancelInitiator: 'Seller',
            cancelReason,
            cancelRequestedDate: this.#at(),
            cancelRequestState: 'COMPLETED',
          },
        ],
      },
    });
    if (!this.#held) this.#cancelled(order.orderId);
    return { cancelId };
  }

  /** Post-Order API docs, approveCancellationRequest and rejectCancellationRequest. */
  answer(cancelId: string, decision: 'approve' | 'reject', body: string): void {
    if (decision === 'approve' && body !== '') throw new EbayRefusal(400, 1_601, 'approve takes no body');
    if (decision === 'reject') parsed(rejectSchema, body);
    const order = [...this.#orders.values()].find(({ cancelStatus }) =>
      cancelStatus.cancelRequests.some((request) => request.cancelRequestId === cancelId),
    );
    const request = order?.cancelStatus.cancelRequests.find((each) => each.cancelRequestId === cancelId);
    if (order === undefined || request === undefined)
      throw new EbayRefusal(404, 1_504, 'No such cancellation');
    if (request.cancelRequestState !== 'REQUESTED') {
      throw new EbayRefusal(400, 1_611, 'The cancellation is closed');
    }
    const cancelRequestState = decision === 'approve' ? 'COMPLETED' : 'REJECTED';
    this.#put({
      ...order,
      cancelStatus: {
        cancelState: decision === 'approve' ? 'IN_PROGRESS' : 'NONE_REQUESTED',
        cancelRequests: order.cancelStatus.cancelRequests.map((each) =>
          each === request ? { ...each, cancelRequestState } : each,
        ),
      },
    });
    if (decision === 'approve' && !this.#held) this.#cancelled(order.orderId);
  }

  /** Fulfillment API docs, issueRefund, with its error ids. */
  refund(orderId: string, body: string): { readonly refundId: string; readonly refundStatus: string } {
    const order = this.#orders.get(orderId);
    if (order === undefined) throw new EbayRefusal(404, 32_100, 'Invalid order ID');
    const { refundItems } = parsed(refundSchema, body);
    if (order.orderPaymentStatus === 'PENDING' || order.orderPaymentStatus === 'FAILED') {
      throw new EbayRefusal(409, 34_929, 'The payment has not been processed yet');
    }
    const { refunds } = order.paymentSummary;
    if (refunds.some(({ refundStatus }) => refundStatus === 'PENDING')) {
      throw new EbayRefusal(409, 34_922, 'Another refund is in progress');
    }
    for (const { lineItemId, refundAmount } of refundItems) {
      const line = order.lineItems.find((each) => each.lineItemId === lineItemId);
      if (line === undefined) throw new EbayRefusal(400, 34_913, 'Invalid line item');
      if (cents(refundAmount.value) > cents(line.total.value)) {
        throw new EbayRefusal(400, 34_914, 'The amount is more than that of the line item');
      }
    }
    const amount = refundItems.reduce((sum, item) => sum + cents(item.refundAmount.value), 0);
    if (amount + givenBack(refunds) > cents(order.pricingSummary.total.value)) {
      throw new EbayRefusal(409, 34_917, 'The order has been refunded already');
    }
    this.#refunds += 1;
    const refund: Refund = {
      refundId: `70000000${this.#refunds}`,
      refundDate: this.#at(),
      amount: euro(amount),
      refundStatus: this.#held ? 'PENDING' : 'REFUNDED',
    };
    this.#put(withRefunds(order, [...refunds, refund]));
    // That a refund is done at once is never said: the order tells.
    return { refundId: refund.refundId, refundStatus: 'PENDING' };
  }

  #cancelled(orderId: string): void {
    const order = this.#orders.get(orderId);
    if (order === undefined) return;
    const { total } = order.pricingSummary;
    const wasPaid = order.orderPaymentStatus !== 'PENDING';
    const left = cents(total.value) - givenBack(order.paymentSummary.refunds);
    this.#refunds += 1;
    const refund: Refund = {
      refundId: `70000000${this.#refunds}`,
      refundDate: this.#at(),
      amount: euro(left),
      refundStatus: 'REFUNDED',
    };
    const cancelStatus = {
      ...order.cancelStatus,
      cancelState: 'CANCELED' as const,
      cancelledDate: this.#at(),
    };
    const cancelled = { ...order, cancelStatus };
    this.#put(
      wasPaid && left > 0 ? withRefunds(cancelled, [...order.paymentSummary.refunds, refund]) : cancelled,
    );
  }

  #put(order: EbayOrder): void {
    this.#orders.set(order.orderId, { ...order, lastModifiedDate: this.#at() });
  }

  #at(): string {
    return new Date(this.#now()).toISOString();
  }
}

function parsed<Schema extends z.ZodType>(schema: Schema, body: string): z.output<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new EbayRefusal(400, 30_500, 'The body is not JSON');
  }
  const request = schema.safeParse(json);
  if (!request.success) throw new EbayRefusal(400, 34_901, z.prettifyError(request.error));
  return request.data;
}

function without(order: EbayOrder, refund: Refund): readonly Refund[] {
  return order.paymentSummary.refunds.filter((each) => each !== refund);
}

function withRefunds(order: EbayOrder, refunds: readonly Refund[]): EbayOrder {
  const given = givenBack(refunds.filter(({ refundStatus }) => refundStatus === 'REFUNDED'));
  const isAll = given >= cents(order.pricingSummary.total.value);
  return {
    ...order,
    ...(given === 0 ? {} : { orderPaymentStatus: isAll ? 'FULLY_REFUNDED' : 'PARTIALLY_REFUNDED' }),
    paymentSummary: { ...order.paymentSummary, refunds: [...refunds] },
  };
}

function givenBack(refunds: readonly Refund[]): number {
  return refunds
    .filter(({ refundStatus }) => refundStatus !== 'FAILED')
    .reduce((sum, { amount }) => sum + cents(amount.value), 0);
}

/** As eBay writes amounts: no zero that a number does not need, but for one. */
function euro(minor: number): Refund['amount'] {
  return { value: (minor / 100).toFixed(2).replace(/0$/, ''), currency: 'EUR' };
}

function cents(value: string): number {
  return Math.round(Number(value) * 100);
}
