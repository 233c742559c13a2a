import { RejectedError, UnexpectedAnswerError } from '../../domain/errors.ts';
import type { Order } from '../../domain/order.ts';
import type { ShippedLine } from '../../domain/shipment.ts';
import { AlreadyInPackageError, type ShippingConfirmer } from '../../ports/shipping-confirmer.ts';
import type { ManomanoClient } from './client.ts';
import { problemOf, saysAlreadyInPackage } from './errors.ts';
import { orderAnswerSchema, orderStatusSchema } from './schemas.ts';

/**
 * Tells ManoMano how an order travels, once: it has no call that changes the number afterwards, and none that shows it.
 * Source: Partner API docs, "Create shippings" and "Get an order".
 */
export function createManomanoShippingConfirmer(
  clientOf: (accountId: string) => Promise<ManomanoClient>,
): ShippingConfirmer {
  return {
    async confirm(order, { lines, carrierCode, trackingNumber, trackingUrl }) {
      const client = await clientOf(order.accountId);
      const answer = await client.call({
        operation: 'shippings',
        method: 'POST',
        path: '/orders/v1/shippings',
        body: [
          {
            order_reference: order.marketplaceOrderId,
            seller_contract_id: contractOf(order),
            carrier: carrierCode,
            tracking_number: trackingNumber,
            tracking_url: trackingUrl,
            // Left out: the whole order in one parcel.
            ...(lines.length === 0 ? {} : { products: productsOf(order, lines) }),
          },
        ],
      });
      // Of several elements some were refused, says a 207. There was one.
      if (answer.outcome !== 'mixed') return;
      const Refusal = saysAlreadyInPackage(answer.body) ? AlreadyInPackageError : RejectedError;
      throw new Refusal('manomano', 'manomano shippings: 207, refused', { status: 207 });
    },

    async find(order) {
      const client = await clientOf(order.accountId);
      const answer = await client.call({
        operation: 'order',
        method: 'GET',
        path: `/orders/v1/orders/${encodeURIComponent(order.marketplaceOrderId)}`,
        query: { seller_contract_id: order.siteId },
      });
      const parsed = orderAnswerSchema.pipe(orderStatusSchema).safeParse(answer.body);
      if (!parsed.success) {
        throw new UnexpectedAnswerError('manomano', `manomano order: ${problemOf(parsed.error.issues)}`);
      }
      return { found: parsed.data.content.status === 'SHIPPED' ? 'shipped' : 'no' };
    },
  };
}

/** ManoMano takes the number of the contract, not its text. */
export function contractOf({ siteId }: Order): number {
  const contractId = Number(siteId);
  if (!/^\d{1,15}$/.test(siteId)) throw new RangeError(`not a contract of ManoMano’s: ${siteId}`);
  return contractId;
}

/** ManoMano knows lines by SKU: two lines of one SKU are one product. */
function productsOf(order: Order, lines: readonly ShippedLine[]) {
  const quantities = new Map<string, number>();
  for (const { orderLineId, quantity } of lines) {
    const sku = order.lines.find((line) => line.orderLineId === orderLineId)?.sku;
    if (sku === undefined) throw new RangeError(`line ${orderLineId} has no SKU`);
    quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  }
  return [...quantities].map(([seller_sku, quantity]) => ({ seller_sku, quantity }));
}
