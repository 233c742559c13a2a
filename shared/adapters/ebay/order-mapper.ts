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
import type { RemoteContact, RemoteEbayOrder, RemoteLine } from './schemas.ts';
import { EBAY_SITES } from './sites.ts';

const DAY_MS = 86_400_000;
/**
 * The shop keeps personal data for 30 days after delivery, as it does for every marketplace. Three days less leave
 * DynamoDB the two it may take to delete an expired row, and one to notice that it did not.
 */
const KEPT_AFTER_DELIVERY_MS = 27 * DAY_MS;
/** While eBay states no delivery date: a month of delivery at most, and the days after it. */
const KEPT_AFTER_PURCHASE_MS = 60 * DAY_MS;
/** Where eBay tells a buyer's tax number, with the single order (Fulfillment API docs, Buyer.taxIdentifier). */
const SITES_WITH_TAX_NUMBER: ReadonlySet<string | null | undefined> = new Set(['EBAY_IT', 'EBAY_ES']);

/**
 * eBay's order as ours, split in two: an order without anything personal, and its buyer.
 *
 * The total is what the buyer pays the seller. Tax that eBay collects and remits by itself (sales tax of the US, VAT of
 * imports) comes on top of it and is no money of the seller's; eBay leaves it out of all totals unless a breakdown of
 * taxes is asked for, which we never do.
 * @throws RangeError when an amount or a date cannot be read exactly
 */
export function mapOrder(
  accountId: string,
  remote: RemoteEbayOrder,
): { readonly order: Omit<Order, 'channelId'>; readonly buyer: Buyer } {
  const purchasedAt = instantOf(remote.creationDate);
  const deliverBy = deliverByOf(remote);
  const siteId = siteOf(remote);
  const total = moneyOf(remote.pricingSummary?.total);
  const lines = remote.lineItems.map((line) => lineOf(line, cancellationRequested(remote)));
  const order: Omit<Order, 'channelId'> = {
    orderId: orderId('ebay', remote.orderId),
    marketplace: 'ebay',
    marketplaceOrderId: remote.orderId,
    accountId,
    siteId,
    siteName: EBAY_SITES.find((site) => site.siteId === siteId)?.name,
    purchasedAt,
    updatedAt: instantOf(remote.lastModifiedDate),
    status: statusOf(remote),
    partnerStatus: [
      remote.orderFulfillmentStatus,
      remote.orderPaymentStatus,
      remote.cancelStatus?.cancelState,
    ]
      .map((word) => word ?? '')
      .join('/'),
    fulfilledBy: fulfilledByOf(remote),
    serviceLevel: filled(remote.fulfillmentStartInstructions?.[0]?.shippingStep?.shippingServiceCode),
    shipBy: shipByOf(remote),
    deliverBy,
    programs: Object.keys(remote.program ?? {}),
    relatedOrders: [],
    total,
    lines,
    extras: extrasOf(remote, total, lines),
    marketplaceFee: moneyOf(remote.totalMarketplaceFee),
  };
  const keptUntilMs =
    deliverBy.latest === undefined
      ? Date.parse(purchasedAt) + KEPT_AFTER_PURCHASE_MS
      : Date.parse(deliverBy.latest) + KEPT_AFTER_DELIVERY_MS;
  return { order, buyer: buyerOf(remote, order, new Date(keptUntilMs).toISOString()) };
}

/** Whether the single order may say more of its buyer than the list does: the tax number, which stands nowhere else. */
export function mayHaveTaxNumber({
  lineItems,
  buyer,
  fulfillmentStartInstructions,
}: RemoteEbayOrder): boolean {
  return (
    lineItems.some(
      (line) =>
        SITES_WITH_TAX_NUMBER.has(line.listingMarketplaceId) ||
        SITES_WITH_TAX_NUMBER.has(line.purchaseMarketplaceId),
    ) ||
    [
      buyer?.taxAddress?.countryCode,
      fulfillmentStartInstructions?.[0]?.shippingStep?.shipTo?.contactAddress?.countryCode,
    ].includes('IT')
  );
}

/**
 * The site decides the channel, and so it is where the seller listed the item: an article of eBay.it that somebody buys
 * through eBay.de is still an article of the shop's Italian channel, and the shop may have no other. All lines of an
 * order have the same seller; where they were listed on several sites, the first line counts.
 */
function siteOf({ lineItems: [first] }: RemoteEbayOrder): string {
  const siteId = filled(first?.listingMarketplaceId) ?? filled(first?.purchaseMarketplaceId);
  if (siteId === undefined) throw new RangeError('lineItems.0.listingMarketplaceId: missing');
  return siteId;
}

/**
 * Three of eBay's words make one of ours. Money given back in full ends an order, cancelled or not: a cancelled order
 * is paid back, and whichever eBay says first, the order does not seem to move backwards. What is unpaid is not ours
 * to ship, and neither is what we cannot read, unless it went out already.
 */
function statusOf({
  orderFulfillmentStatus,
  orderPaymentStatus,
  cancelStatus,
}: RemoteEbayOrder): OrderStatus {
  const cancelState = cancelStatus?.cancelState ?? 'NONE_REQUESTED';
  if (orderPaymentStatus === 'FULLY_REFUNDED') return 'refunded';
  if (cancelState === 'CANCELED') return 'cancelled';
  if (orderFulfillmentStatus === 'FULFILLED') return 'shipped';
  if (!['NONE_REQUESTED', 'IN_PROGRESS'].includes(cancelState)) return 'unknown';
  if (orderFulfillmentStatus === 'IN_PROGRESS') return 'partly-shipped';
  if (orderFulfillmentStatus !== 'NOT_STARTED') return 'unknown';
  if (orderPaymentStatus === 'PENDING' || orderPaymentStatus === 'FAILED') return 'pending';
  return orderPaymentStatus === 'PAID' || orderPaymentStatus === 'PARTIALLY_REFUNDED'
    ? 'unshipped'
    : 'unknown';
}

/** The list says only that a cancellation is in progress, the single order whose it is and where it stands. */
function cancellationRequested({ cancelStatus }: RemoteEbayOrder): boolean {
  return (
    cancelStatus?.cancelState === 'IN_PROGRESS' ||
    (cancelStatus?.cancelRequests ?? []).some(({ cancelRequestState }) => cancelRequestState === 'REQUESTED')
  );
}

function fulfilledByOf({ program, fulfillmentStartInstructions }: RemoteEbayOrder): Order['fulfilledBy'] {
  const byEbay =
    program?.fulfillmentProgram !== undefined ||
    (fulfillmentStartInstructions ?? []).some(
      ({ fulfillmentInstructionsType }) => fulfillmentInstructionsType === 'FULFILLED_BY_EBAY',
    );
  return byEbay ? 'marketplace' : 'merchant';
}

function lineOf(line: RemoteLine, requested: boolean): OrderLine {
  const cost = moneyOf(line.lineItemCost);
  return {
    orderLineId: line.lineItemId,
    sku: filled(line.sku),
    productId: filled(line.legacyItemId),
    title: filled(line.title),
    quantityOrdered: line.quantity,
    // How much of a line in progress is on its way stands only with its parcels.
    quantityFulfilled: line.lineItemFulfillmentStatus === 'FULFILLED' ? line.quantity : 0,
    total: moneyOf(line.total),
    unitPrice: cost && share(cost, line.quantity),
    breakdown: breakdownOf(line, cost),
    cancellationRequested: requested,
    customised: false,
  };
}

/** Item, discount, net delivery and taxes, and whatever else the line's total holds: together they are the total. */
function breakdownOf(line: RemoteLine, cost: Money | undefined): OrderLine['breakdown'] {
  const total = moneyOf(line.total);
  if (cost === undefined || total === undefined) return [];
  const discounted = moneyOf(line.discountedLineItemCost) ?? cost;
  const shipping = moneyOf(line.deliveryCost?.shippingCost);
  const taxes = (line.taxes ?? []).flatMap((tax) => moneyOf(tax.amount) ?? []);
  const known = [
    { kind: 'item', amountMinor: cost.amountMinor },
    { kind: 'discount', amountMinor: discounted.amountMinor - cost.amountMinor },
    { kind: 'shipping', amountMinor: shipping?.amountMinor ?? 0 },
    { kind: 'tax', amountMinor: sumOf(taxes) },
  ];
  if ([cost, discounted, shipping ?? total, ...taxes].some(({ currency }) => currency !== total.currency))
    return [];
  return [...known, { kind: 'other', amountMinor: total.amountMinor - sumOf(known) }]
    .filter(({ kind, amountMinor }) => kind === 'item' || amountMinor !== 0)
    .map(({ kind, amountMinor }) => ({ kind, amount: { amountMinor, currency: total.currency } }));
}

/**
 * eBay's lines hold delivery, discounts and taxes. Only what the seller changed after the sale stands on the order;
 * whether the lines are changed too is not documented, so it is added when they do not reach the total without it.
 */
function extrasOf(
  remote: RemoteEbayOrder,
  total: Money | undefined,
  lines: readonly OrderLine[],
): readonly OrderExtra[] | undefined {
  const adjustment = moneyOf(remote.pricingSummary?.adjustment);
  if (adjustment === undefined || adjustment.amountMinor === 0) return undefined;
  if (sumOf(lines.flatMap((line) => line.total ?? [])) === total?.amountMinor) return undefined;
  return [{ kind: 'adjustment', amount: adjustment }];
}

function buyerOf(remote: RemoteEbayOrder, order: Omit<Order, 'channelId'>, expiresAt: string): Buyer {
  const [instruction] = remote.fulfillmentStartInstructions ?? [];
  const shipTo = instruction?.shippingStep?.shipTo;
  const registered = remote.buyer?.buyerRegistrationAddress;
  const deliveryAddress = addressOf(shipTo);
  const taxpayerId = filled(remote.buyer?.taxIdentifier?.taxpayerId);
  // With eBay's own forwarding the parcel goes to a company of eBay's, not to the buyer.
  const forwarded = instruction?.ebaySupportedFulfillment === true;
  const name = filled(registered?.fullName) ?? (forwarded ? undefined : deliveryAddress?.name);
  const present = name !== undefined || (deliveryAddress !== undefined && deliveryAddress.lines.length > 0);
  return {
    orderId: order.orderId,
    state: present ? 'present' : absence(order.status),
    name,
    email: emailOf(shipTo) ?? emailOf(registered),
    company: filled(registered?.companyName),
    deliveryAddress,
    billingAddress: addressOf(registered),
    taxRegistrations:
      taxpayerId === undefined
        ? []
        : [{ kind: filled(remote.buyer?.taxIdentifier?.taxIdentifierType) ?? '', number: taxpayerId }],
    lines: remote.lineItems.flatMap(({ lineItemId, giftDetails }) => {
      const giftMessage = filled(giftDetails?.message);
      return giftMessage === undefined ? [] : [{ orderLineId: lineItemId, giftMessage }];
    }),
    updatedAt: order.updatedAt,
    expiresAt,
  };
}

/** eBay takes the e-mail away 14 days after the sale and the rest after 90; before payment it may not be there yet. */
function absence(status: OrderStatus): PersonalDataState {
  return status === 'pending' || status === 'unknown' ? 'waiting' : 'refused';
}

/** Once nothing of a person is left in it, country and city alone are no address. */
function addressOf(contact: RemoteContact): PostalAddress | undefined {
  const address = contact?.contactAddress;
  const name = filled(contact?.fullName);
  const lines = [address?.addressLine1, address?.addressLine2].flatMap((line) => filled(line) ?? []);
  if (!contact || (name === undefined && lines.length === 0)) return undefined;
  return {
    name,
    company: filled(contact.companyName),
    lines,
    city: filled(address?.city),
    district: filled(address?.county),
    region: filled(address?.stateOrProvince),
    postalCode: filled(address?.postalCode),
    countryCode: filled(address?.countryCode),
    phone: filled(contact.primaryPhone?.phoneNumber),
  };
}

function emailOf(contact: RemoteContact): string | undefined {
  const email = filled(contact?.email);
  return email?.includes('@') === true ? email : undefined;
}

/** Each line has its own last day; the order's is the first of them. */
function shipByOf({ lineItems }: RemoteEbayOrder): TimeWindow {
  const latest = lineItems
    .flatMap(({ lineItemFulfillmentInstructions: instructions }) => instantsOf(instructions?.shipByDate))
    .sort()[0];
  return latest === undefined ? {} : { latest };
}

function deliverByOf({ lineItems, fulfillmentStartInstructions }: RemoteEbayOrder): TimeWindow {
  const estimates = [
    ...(fulfillmentStartInstructions ?? []),
    ...lineItems.flatMap((line) => line.lineItemFulfillmentInstructions ?? []),
  ];
  const earliest = estimates.flatMap((each) => instantsOf(each.minEstimatedDeliveryDate)).sort()[0];
  const latest = estimates
    .flatMap((each) => instantsOf(each.maxEstimatedDeliveryDate))
    .sort()
    .at(-1);
  return { ...(earliest === undefined ? {} : { earliest }), ...(latest === undefined ? {} : { latest }) };
}

function instantsOf(text: string | null | undefined): string[] {
  return text ? [instantOf(text)] : [];
}

/** One spelling for all instants, so that they can be compared as text. */
function instantOf(text: string): string {
  return new Date(text).toISOString();
}

function moneyOf(remote: { value: string; currency: string } | null | undefined): Money | undefined {
  if (!remote) return undefined;
  const currency = remote.currency.toUpperCase();
  return { amountMinor: parseDecimal(remote.value, currency), currency };
}

/** The price of one, where it is a whole number of minor units. */
function share({ amountMinor, currency }: Money, quantity: number): Money | undefined {
  return amountMinor % quantity === 0 ? { amountMinor: amountMinor / quantity, currency } : undefined;
}

function sumOf(amounts: readonly { readonly amountMinor: number }[]): number {
  return amounts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/** What eBay no longer tells it leaves out, blanks, or (in its older API) replaces by these words. */
function filled(text: string | null | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' || trimmed === 'Invalid Request' ? undefined : trimmed;
}
