import { z } from 'zod';
import { AmazonRefusal, invalidInput } from './answers.ts';
import type { SellerRights } from './orders.ts';
import type { AmazonOrder } from './schemas.ts';

/**
 * Seller Central's list of carriers as far as sellers have published it, and the Italian ones that stand in it by what
 * they say. Codes are exact.
 */
const CARRIER_CODES = [
  'BRT',
  'Chronopost',
  'DHL',
  'DHL Global Mail',
  'DPD',
  'Deutsche Post',
  'FedEx',
  'GLS',
  'GO!',
  'Hermes Logistik Gruppe',
  'La Poste',
  'Parcelforce',
  'Poste Italiane',
  'Royal Mail',
  'SDA',
  'TNT',
  'UPS',
  'Other',
];

/** SP-API models, ordersV0.json, ConfirmShipmentRequest; strict, and without what is for Japan only. */
const requestSchema = z.strictObject({
  marketplaceId: z.string().min(1),
  packageDetail: z.strictObject({
    packageReferenceId: z.string().regex(/^[1-9]\d*$/),
    carrierCode: z.string().min(1),
    carrierName: z.string().min(1).optional(),
    shippingMethod: z.string().optional(),
    trackingNumber: z.string().min(1),
    shipDate: z.iso.datetime(),
    orderItems: z
      .array(z.strictObject({ orderItemId: z.string().min(1), quantity: z.int().positive() }))
      .min(1),
  }),
});
type PackageDetail = z.infer<typeof requestSchema>['packageDetail'];
type Package = NonNullable<AmazonOrder['packages']>[number];

/**
 * confirmShipment: the order as it is after it. The same package again replaces the one before.
 * Source: SP-API docs, Orders API v0, confirmShipment.
 * @throws AmazonRefusal and the order stays as it is
 */
export function withShipment(
  order: AmazonOrder | undefined,
  body: string,
  rights: SellerRights,
  nowMs: number,
): AmazonOrder {
  const { marketplaceId, packageDetail } = parsed(body);
  if (!rights.marketplaceIds.includes(marketplaceId)) {
    throw new AmazonRefusal(403, 'Unauthorized', 'Access to requested resource is denied.');
  }
  if (order === undefined) throw new AmazonRefusal(404, 'NotFound', 'The requested order is not found.');
  if (order.salesChannel.marketplaceId !== marketplaceId) {
    throw invalidInput('marketplaceId is not that of the order');
  }
  const status = order.fulfillment?.fulfillmentStatus ?? 'PENDING';
  if (order.fulfillment?.fulfilledBy !== 'MERCHANT') throw invalidInput('the order is fulfilled by Amazon');
  if (!['UNSHIPPED', 'PARTIALLY_SHIPPED', 'SHIPPED'].includes(status)) {
    throw invalidInput(`an order that is ${status} cannot be shipped`);
  }
  checkCarrier(packageDetail);
  if (Date.parse(packageDetail.shipDate) > nowMs) throw invalidInput('shipDate is in the future');

  const others = (order.packages ?? []).filter(
    ({ packageReferenceId }) => packageReferenceId !== packageDetail.packageReferenceId,
  );
  const packages = [...others, packageOf(packageDetail, nowMs)];
  const orderItems = order.orderItems.map((item) => {
    const packed = quantityIn(packages, item.orderItemId);
    if (packed > item.quantityOrdered) {
      throw invalidInput(`more of order item ${item.orderItemId} is packed than was ordered`);
    }
    const quantityUnfulfilled = item.quantityOrdered - packed;
    return {
      ...item,
      fulfillment: { ...item.fulfillment, quantityFulfilled: packed, quantityUnfulfilled },
    };
  });
  const stranger = packageDetail.orderItems.find(
    ({ orderItemId }) => !order.orderItems.some((item) => item.orderItemId === orderItemId),
  );
  if (stranger !== undefined) throw invalidInput(`the order has no order item ${stranger.orderItemId}`);
  const isShipped = orderItems.every(({ fulfillment }) => fulfillment.quantityUnfulfilled === 0);
  return {
    ...order,
    lastUpdatedTime: new Date(nowMs).toISOString(),
    fulfillment: { ...order.fulfillment, fulfillmentStatus: isShipped ? 'SHIPPED' : 'PARTIALLY_SHIPPED' },
    orderItems,
    packages,
  };
}

function parsed(body: string): z.infer<typeof requestSchema> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw invalidInput('the body is not JSON');
  }
  const request = requestSchema.safeParse(json);
  if (!request.success) throw invalidInput(z.prettifyError(request.error));
  return request.data;
}

function checkCarrier({ carrierCode, carrierName }: PackageDetail): void {
  if (!CARRIER_CODES.includes(carrierCode)) throw invalidInput('carrierCode is not in the list of carriers');
  if (carrierCode === 'Other' && carrierName === undefined) {
    throw invalidInput('carrierName is required when carrierCode is Other');
  }
}

function packageOf(detail: PackageDetail, nowMs: number): Package {
  return {
    packageReferenceId: detail.packageReferenceId,
    createdTime: new Date(nowMs).toISOString(),
    packageStatus: { status: 'SHIPPED' },
    carrier: detail.carrierCode === 'Other' ? detail.carrierName : detail.carrierCode,
    shipTime: detail.shipDate,
    trackingNumber: detail.trackingNumber,
    packageItems: detail.orderItems,
  };
}

function quantityIn(packages: readonly Package[], orderItemId: string): number {
  return packages
    .flatMap(({ packageItems = [] }) => packageItems)
    .filter((item) => item.orderItemId === orderItemId)
    .reduce((sum, { quantity }) => sum + quantity, 0);
}
