import type { Buyer, PersonalDataState, PostalAddress } from '../../domain/buyer.ts';
import { type Money, parseDecimal } from '../../domain/money.ts';
import {
  type Order,
  type OrderExtra,
  type OrderLine,
  type OrderStatus,
  orderId,
  type TimeWindow,
} from '../../domain/order.ts';
import type { RemoteItem, RemoteOrder } from './schemas.ts';

/** Amazon's words for where an order stands (Orders API v2026-01-01, FulfillmentStatus). */
const STATUSES: ReadonlyMap<string | undefined, OrderStatus> = new Map([
  ['PENDING_AVAILABILITY', 'pending'],
  ['PENDING', 'pending'],
  ['UNSHIPPED', 'unshipped'],
  ['PARTIALLY_SHIPPED', 'partly-shipped'],
  ['SHIPPED', 'shipped'],
  ['CANCELLED', 'cancelled'],
  ['UNFULFILLABLE', 'unfulfillable'],
]);
const FULFILLED_BY: ReadonlyMap<string | undefined | null, Order['fulfilledBy']> = new Map([
  ['MERCHANT', 'merchant'],
  ['AMAZON', 'marketplace'],
]);
const DAY_MS = 86_400_000;
/**
 * Amazon lets personal data be kept for 30 days after delivery (Data Protection Policy). Three days less leave
 * DynamoDB the two it may take to delete an expired row, and one to notice that it did not.
 */
const KEPT_AFTER_DELIVERY_MS = 27 * DAY_MS;
/** While Amazon states no delivery date: a month of delivery at most, and the days after it. */
const KEPT_AFTER_PURCHASE_MS = 60 * DAY_MS;

/**
 * Amazon's order as ours, split in two: an order without anything personal, and its buyer.
 * @throws RangeError when an amount or a date cannot be read exactly
 */
export function mapOrder(
  accountId: string,
  remote: RemoteOrder,
): { readonly order: Omit<Order, 'channelId'>; readonly buyer: Buyer } {
  const partnerStatus = remote.fulfillment?.fulfillmentStatus;
  const status = STATUSES.get(partnerStatus) ?? 'unknown';
  const purchasedAt = instantOf(remote.createdTime);
  const updatedAt = instantOf(remote.lastUpdatedTime);
  const deliverBy = windowOf(remote.fulfillment?.deliverByWindow);
  const order: Omit<Order, 'channelId'> = {
    orderId: orderId('amazon', remote.orderId),
    marketplace: 'amazon',
    marketplaceOrderId: remote.orderId,
    accountId,
    // Orders from outside Amazon's shops carry no marketplace; their channel name keeps them apart.
    siteId: filled(remote.salesChannel.marketplaceId) ?? remote.salesChannel.channelName,
    siteName: filled(remote.salesChannel.marketplaceName),
    purchasedAt,
    updatedAt,
    status,
    partnerStatus,
    fulfilledBy: FULFILLED_BY.get(remote.fulfillment?.fulfilledBy) ?? 'unknown',
    serviceLevel: filled(remote.fulfillment?.fulfillmentServiceLevel),
    shipBy: windowOf(remote.fulfillment?.shipByWindow),
    deliverBy,
    programs: remote.programs ?? [],
    relatedOrders: (remote.associatedOrders ?? []).flatMap(({ orderId, associationType }) =>
      orderId ? [{ marketplaceOrderId: orderId, relation: associationType ?? '' }] : [],
    ),
    total: moneyOf(remote.proceeds?.grandTotal),
    lines: remote.orderItems.map(lineOf),
    extras: extrasOf(remote),
    business: (remote.programs ?? []).includes('AMAZON_BUSINESS'),
  };
  return { order, buyer: buyerOf(remote, order, new Date(keptUntilMs(remote, order)).toISOString()) };
}

/**
 * What the buyer pays on the order and on none of its lines. All that Amazon adds up over the lines stands there
 * already; only what it charges separately, after the purchase, does not (Orders API v2026-01-01, OrderProceedsBreakdown).
 */
function extrasOf(remote: RemoteOrder): readonly OrderExtra[] | undefined {
  const separate = (remote.proceeds?.breakdowns ?? []).filter(({ status }) => status === 'FINALIZED');
  return separate.length === 0
    ? undefined
    : separate.map(({ subtotal }) => ({ kind: 'adjustment', amount: exactMoney(subtotal) }));
}

/**
 * When the buyer must be gone. Amazon says that a parcel is delivered, not when: it was before the order's last change,
 * and it may be long before the latest date that was promised.
 */
function keptUntilMs(
  { packages }: RemoteOrder,
  {
    purchasedAt,
    updatedAt,
    deliverBy,
    status,
  }: Pick<Order, 'purchasedAt' | 'updatedAt' | 'deliverBy' | 'status'>,
): number {
  const sent = (packages ?? []).filter(({ packageStatus }) => packageStatus?.status !== 'CANCELLED');
  const delivered =
    status === 'shipped' &&
    sent.length > 0 &&
    sent.every(({ packageStatus }) => packageStatus?.status === 'DELIVERED');
  const promisedMs =
    deliverBy.latest === undefined
      ? Date.parse(purchasedAt) + KEPT_AFTER_PURCHASE_MS
      : Date.parse(deliverBy.latest) + KEPT_AFTER_DELIVERY_MS;
  return delivered ? Math.min(promisedMs, Date.parse(updatedAt) + KEPT_AFTER_DELIVERY_MS) : promisedMs;
}

function lineOf(item: RemoteItem): OrderLine {
  return {
    orderLineId: item.orderItemId,
    sku: filled(item.product.sellerSku),
    productId: filled(item.product.asin),
    title: filled(item.product.title),
    quantityOrdered: item.quantityOrdered,
    quantityFulfilled: item.fulfillment?.quantityFulfilled ?? 0,
    total: moneyOf(item.proceeds?.proceedsTotal),
    unitPrice: moneyOf(item.product.price?.unitPrice),
    breakdown: (item.proceeds?.breakdowns ?? []).map(({ type, subtotal }) => ({
      kind: type.toLowerCase().replaceAll('_', '-'),
      amount: exactMoney(subtotal),
    })),
    cancellationRequested: Boolean(item.cancellation?.cancellationRequest),
    customised: Boolean(item.product.customization),
  };
}

function buyerOf(remote: RemoteOrder, order: Omit<Order, 'channelId'>, expiresAt: string): Buyer {
  const name = filled(remote.buyer?.buyerName);
  const deliveryAddress = addressOf(remote);
  const named = name !== undefined || deliveryAddress?.name !== undefined;
  const present = named || (deliveryAddress !== undefined && deliveryAddress.lines.length > 0);
  return {
    orderId: order.orderId,
    state: present ? 'present' : absence(order.status),
    name,
    email: filled(remote.buyer?.buyerEmail),
    company: filled(remote.buyer?.buyerCompanyName),
    purchaseOrderNumber: filled(remote.buyer?.buyerPurchaseOrderNumber),
    deliveryAddress,
    taxRegistrations: (remote.tax?.taxRegistrations ?? []).flatMap((registration) =>
      registration.entityType === 'BUYER' && registration.taxRegistrationNumber
        ? [
            {
              kind: registration.taxRegistrationType ?? '',
              number: registration.taxRegistrationNumber,
              legalName: filled(registration.legalName),
            },
          ]
        : [],
    ),
    lines: remote.orderItems.flatMap((item) => {
      const giftMessage = filled(item.fulfillment?.packing?.giftOption?.giftMessage);
      const customisationUrl = filled(item.product.customization?.customizedUrl);
      return giftMessage === undefined && customisationUrl === undefined
        ? []
        : [{ orderLineId: item.orderItemId, giftMessage, customisationUrl }];
    }),
    updatedAt: order.updatedAt,
    expiresAt,
  };
}

/**
 * Amazon answers 200 without the restricted fields both while an order is pending and when the application or
 * the seller's authorisation lacks the role. Only the status tells the two apart.
 */
function absence(status: OrderStatus): PersonalDataState {
  return status === 'pending' || status === 'unknown' ? 'waiting' : 'refused';
}

function addressOf(remote: RemoteOrder): PostalAddress | undefined {
  const address = remote.recipient?.deliveryAddress;
  if (!address) return undefined;
  return {
    name: filled(address.name),
    company: filled(address.companyName),
    lines: [address.addressLine1, address.addressLine2, address.addressLine3].flatMap(
      (line) => filled(line) ?? [],
    ),
    city: filled(address.city) ?? filled(address.municipality),
    district: filled(address.districtOrCounty),
    region: filled(address.stateOrRegion),
    postalCode: filled(address.postalCode),
    countryCode: filled(address.countryCode),
    phone: filled(address.phone),
    kind: filled(address.addressType),
  };
}

function windowOf(
  range:
    | { earliestDateTime?: string | null | undefined; latestDateTime?: string | null | undefined }
    | null
    | undefined,
): TimeWindow {
  return {
    ...(range?.earliestDateTime ? { earliest: instantOf(range.earliestDateTime) } : {}),
    ...(range?.latestDateTime ? { latest: instantOf(range.latestDateTime) } : {}),
  };
}

/** One spelling for all instants, so that they can be compared as text. */
function instantOf(text: string): string {
  return new Date(text).toISOString();
}

function moneyOf(remote: { amount: string; currencyCode: string } | null | undefined): Money | undefined {
  return remote ? exactMoney(remote) : undefined;
}

function exactMoney({ amount, currencyCode }: { amount: string; currencyCode: string }): Money {
  const currency = currencyCode.toUpperCase();
  return { amountMinor: parseDecimal(amount, currency), currency };
}

/** Without the role Amazon blanks a field as often as it leaves it out. */
function filled(text: string | null | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}
