import { z } from 'zod';
import { EbayRefusal } from './answers.ts';
import type { EbayOrder } from './schemas.ts';

const instantSchema = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const lineItemsSchema = z
  .array(z.strictObject({ lineItemId: z.string().regex(/^\d+$/), quantity: z.int().positive() }))
  .min(1);

/** Fulfillment API docs, createShippingFulfillment: the carrier and the number go together. */
const detailsSchema = z
  .strictObject({
    lineItems: lineItemsSchema.optional(),
    shippedDate: instantSchema.optional(),
    shippingCarrierCode: z.string().min(1).optional(),
    trackingNumber: z.string().optional(),
  })
  .refine(
    ({ shippingCarrierCode, trackingNumber }) =>
      (shippingCarrierCode === undefined) === (trackingNumber === undefined),
  );

const fulfillmentSchema = z.strictObject({
  fulfillmentId: z.string(),
  lineItems: lineItemsSchema,
  shippedDate: instantSchema,
  shippingCarrierCode: z.string().optional(),
  shipmentTrackingNumber: z.string().optional(),
});
export type EbayFulfillment = z.infer<typeof fulfillmentSchema>;
const pageSchema = z.strictObject({ fulfillments: z.array(fulfillmentSchema), total: z.int() });

/**
 * The parcels of each order. As eBay's, they are never changed nor taken back, and a number given twice stands twice.
 * Source: eBay docs, Fulfillment API v1.20, createShippingFulfillment and getShippingFulfillments with their error ids.
 */
export class ShippingApi {
  readonly #fulfillments = new Map<string, EbayFulfillment[]>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  of(orderId: string): readonly EbayFulfillment[] {
    return this.#fulfillments.get(orderId) ?? [];
  }

  list(order: EbayOrder | undefined): z.infer<typeof pageSchema> {
    const fulfillments = [...this.of(known(order).orderId)];
    return pageSchema.parse({ fulfillments, total: fulfillments.length });
  }

  /** @returns the new parcel's id, and the order as it is after it */
  create(
    order: EbayOrder | undefined,
    body: string,
  ): { readonly fulfillmentId: string; readonly order: EbayOrder } {
    const { orderId, lineItems, orderPaymentStatus, cancelStatus, fulfillmentHrefs } = known(order);
    const details = parsed(body);
    const { trackingNumber, shippingCarrierCode, shippedDate } = details;
    if (trackingNumber !== undefined && !/^[A-Za-z0-9]{1,50}$/.test(trackingNumber)) {
      throw new EbayRefusal(400, 32_300, 'Invalid tracking number or carrier');
    }
    if (cancelStatus.cancelState === 'CANCELED' || !isPaid(orderPaymentStatus)) {
      throw new EbayRefusal(400, 32_500, 'The order cannot be fulfilled');
    }
    const shipped =
      details.lineItems ?? lineItems.map(({ lineItemId, quantity }) => ({ lineItemId, quantity }));
    for (const { lineItemId, quantity } of shipped) {
      const line = lineItems.find((each) => each.lineItemId === lineItemId);
      if (line === undefined) throw new EbayRefusal(400, 32_210, 'Invalid line item ID');
      // Of a line that is gone completely another parcel may be told: that is how an order comes to two numbers.
      if (quantity > line.quantity) throw new EbayRefusal(400, 32_200, 'Invalid line item quantity');
    }
    const existing = this.of(orderId);
    const fulfillmentId = trackingNumber ?? String(999 + existing.length);
    const now = new Date(this.#now()).toISOString();
    const all = [
      ...existing,
      fulfillmentSchema.parse({
        fulfillmentId,
        lineItems: shipped,
        shippedDate: shippedDate ?? now,
        ...(trackingNumber === undefined
          ? {}
          : { shippingCarrierCode, shipmentTrackingNumber: trackingNumber }),
      }),
    ];
    this.#fulfillments.set(orderId, all);
    const lines = lineItems.map((line) => ({ ...line, lineItemFulfillmentStatus: statusOf(line, all) }));
    const statuses = lines.map(({ lineItemFulfillmentStatus }) => lineItemFulfillmentStatus);
    const isDone = statuses.every((status) => status === 'FULFILLED');
    return {
      fulfillmentId,
      order: {
        ...known(order),
        lastModifiedDate: now,
        orderFulfillmentStatus: isDone ? 'FULFILLED' : 'IN_PROGRESS',
        lineItems: lines,
        fulfillmentHrefs: [
          ...fulfillmentHrefs,
          `https://api.ebay.com/sell/fulfillment/v1/order/${orderId}/shipping_fulfillment/${fulfillmentId}`,
        ],
      },
    };
  }
}

function known(order: EbayOrder | undefined): EbayOrder {
  if (order === undefined) throw new EbayRefusal(404, 32_100, 'Invalid order ID');
  return order;
}

function parsed(body: string): z.infer<typeof detailsSchema> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new EbayRefusal(400, 30_500, 'The body is not JSON');
  }
  const details = detailsSchema.safeParse(json);
  if (!details.success) throw new EbayRefusal(400, 32_300, z.prettifyError(details.error));
  return details.data;
}

function isPaid(status: EbayOrder['orderPaymentStatus']): boolean {
  return status === 'PAID' || status === 'PARTIALLY_REFUNDED';
}

function statusOf(
  { lineItemId, quantity }: EbayOrder['lineItems'][number],
  fulfillments: readonly EbayFulfillment[],
): 'NOT_STARTED' | 'IN_PROGRESS' | 'FULFILLED' {
  const sent = fulfillments
    .flatMap(({ lineItems }) => lineItems)
    .filter((line) => line.lineItemId === lineItemId)
    .reduce((sum, line) => sum + line.quantity, 0);
  if (sent === 0) return 'NOT_STARTED';
  return sent >= quantity ? 'FULFILLED' : 'IN_PROGRESS';
}
