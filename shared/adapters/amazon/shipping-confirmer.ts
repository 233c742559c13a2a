import type { QuotaPlan } from '../../ports/quota.ts';
import type { ConfirmedPackage, ShippingConfirmer } from '../../ports/shipping-confirmer.ts';
import { parseAnswer } from './answer.ts';
import type { AmazonClient } from './client.ts';
import { GET_ORDER_QUOTA } from './get-order.ts';
import { orderPackagesSchema } from './schemas.ts';

/** SP-API docs, Orders API v0, confirmShipment: the operation stayed there when orders moved to v2026-01-01. */
export const CONFIRM_SHIPMENT_QUOTA: QuotaPlan = { ratePerSecond: 2, burst: 10 };

/** Tells Amazon how an order travels. The same package number again is an edit of that package. */
export function createAmazonShippingConfirmer(
  clientOf: (accountId: string) => Promise<AmazonClient>,
): ShippingConfirmer {
  return {
    async confirm(order, parcel) {
      if (parcel.lines.length === 0) throw new RangeError('Amazon is told of every package what is in it');
      const client = await clientOf(order.accountId);
      await client.call({
        operation: 'confirmShipment',
        documentedRatePerSecond: CONFIRM_SHIPMENT_QUOTA.ratePerSecond,
        path: { orderId: order.marketplaceOrderId },
        body: { marketplaceId: order.siteId, packageDetail: packageDetail(parcel) },
      });
    },

    async find(order, { packageNumber, trackingNumber }) {
      const client = await clientOf(order.accountId);
      const answer = await client.call({
        operation: 'getOrder',
        documentedRatePerSecond: GET_ORDER_QUOTA.ratePerSecond,
        path: { orderId: order.marketplaceOrderId },
        query: { includedData: ['PACKAGES'] },
      });
      const { packages } = parseAnswer('getOrder', orderPackagesSchema, answer).order;
      const ours = packages?.find(({ packageReferenceId }) => packageReferenceId === String(packageNumber));
      if (ours === undefined) return { found: 'no' };
      const told = ours.trackingNumber ?? undefined;
      return told === trackingNumber ? { found: 'same' } : { found: 'other', trackingNumber: told };
    },
  };
}

function packageDetail({
  packageNumber,
  carrierCode,
  carrierName,
  trackingNumber,
  shippedAt,
  lines,
}: ConfirmedPackage) {
  return {
    packageReferenceId: String(packageNumber),
    carrierCode,
    ...(carrierName === undefined ? {} : { carrierName }),
    trackingNumber,
    shipDate: shippedAt,
    orderItems: lines.map(({ orderLineId, quantity }) => ({ orderItemId: orderLineId, quantity })),
  };
}
