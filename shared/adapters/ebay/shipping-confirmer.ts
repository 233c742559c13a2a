import { UnexpectedAnswerError } from '../../domain/errors.ts';
import type { Order } from '../../domain/order.ts';
import type { ShippedLine } from '../../domain/shipment.ts';
import type { RemotePackage, ShippingConfirmer, SoughtPackage } from '../../ports/shipping-confirmer.ts';
import type { EbayClient } from './client.ts';
import { problemOf } from './errors.ts';
import { type RemoteFulfillment, shippingFulfillmentsSchema } from './schemas.ts';

/**
 * Tells eBay how an order travels. eBay has no call that changes or takes back a fulfilment, and a second one adds another
 * tracking number to the order: each is created once.
 * Source: eBay docs, Fulfillment API v1.20, createShippingFulfillment and getShippingFulfillments.
 */
export function createEbayShippingConfirmer(
  clientOf: (accountId: string) => Promise<EbayClient>,
): ShippingConfirmer {
  return {
    async confirm(order, { lines, shippedAt, carrierCode, trackingNumber }) {
      const client = await clientOf(order.accountId);
      const lineItems = linesOf(order, lines);
      await client.call('createShippingFulfillment', (api) =>
        api.sell.fulfillment.api({ returnResponse: true }).createShippingFulfillment(pathOf(order), {
          ...(lineItems.length === 0 ? {} : { lineItems }),
          shippedDate: shippedAt,
          shippingCarrierCode: carrierCode,
          trackingNumber,
        }),
      );
    },

    async find(order, parcel) {
      const client = await clientOf(order.accountId);
      const { data } = await client.call('getShippingFulfillments', (api) =>
        api.sell.fulfillment.api({ returnResponse: true }).getShippingFulfillments(pathOf(order)),
      );
      const parsed = shippingFulfillmentsSchema.safeParse(data);
      if (!parsed.success) {
        const problem = problemOf(parsed.error.issues);
        throw new UnexpectedAnswerError('ebay', `ebay getShippingFulfillments: ${problem}`);
      }
      return packageAmong(parsed.data.fulfillments ?? [], order, parcel);
    },
  };
}

/** The library puts the id into the path as it is. */
function pathOf({ marketplaceOrderId }: Order): string {
  return encodeURIComponent(marketplaceOrderId);
}

/** Left out, the lines are all of the order's: what went out in an earlier parcel must not be in this one again. */
function linesOf(order: Order, lines: readonly ShippedLine[]) {
  const named =
    lines.length > 0 || order.status !== 'partly-shipped'
      ? lines
      : order.lines.flatMap(({ orderLineId, quantityOrdered, quantityFulfilled }) =>
          quantityFulfilled < quantityOrdered
            ? [{ orderLineId, quantity: quantityOrdered - quantityFulfilled }]
            : [],
        );
  return named.map(({ orderLineId, quantity }) => ({ lineItemId: orderLineId, quantity }));
}

function packageAmong(
  fulfillments: readonly RemoteFulfillment[],
  order: Order,
  { trackingNumber, lines }: SoughtPackage,
): RemotePackage {
  const isOurs = ({ shipmentTrackingNumber: told }: RemoteFulfillment): boolean =>
    told?.toUpperCase() === trackingNumber.toUpperCase();
  if (fulfillments.some(isOurs)) return { found: 'same' };
  // Other parcels of the order have other numbers. They are in this one's place only when nothing is left for it.
  const wanted =
    lines.length > 0
      ? lines
      : order.lines.map(({ orderLineId, quantityOrdered }) => ({ orderLineId, quantity: quantityOrdered }));
  const isGone = ({ orderLineId, quantity }: ShippedLine): boolean =>
    leftOf(order, orderLineId, fulfillments) < (lines.length > 0 ? quantity : 1);
  return wanted.every(isGone)
    ? { found: 'other', trackingNumber: fulfillments.at(-1)?.shipmentTrackingNumber ?? undefined }
    : { found: 'no' };
}

/** How much of a line is in no fulfilment; one that names no lines holds everything. */
function leftOf(order: Order, orderLineId: string, fulfillments: readonly RemoteFulfillment[]): number {
  const ordered = order.lines.find((line) => line.orderLineId === orderLineId)?.quantityOrdered ?? 0;
  return fulfillments.reduce((left, { lineItems }) => {
    if (!lineItems || lineItems.length === 0) return 0;
    const own = lineItems.filter(({ lineItemId }) => lineItemId === orderLineId);
    return left - own.reduce((sum, { quantity }) => sum + (quantity ?? ordered), 0);
  }, ordered);
}
