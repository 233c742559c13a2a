import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type { EbayListing } from './listings.ts';
import type { EbayAmount, EbayContact, EbayOrder } from './schemas.ts';
import type { EbaySeller } from './sign-in.ts';
import { createEbayStandIn, type EbayStandIn } from './stand-in.ts';

/** A key that everybody can make: PKCS #8 around a seed that is no secret (RFC 8410, section 7). */
const DEMO_SIGNING_KEY = createPrivateKey({
  key: Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    createHash('sha256').update('demonstration, not a secret').digest(),
  ]),
  format: 'der',
  type: 'pkcs8',
});
/** What the seller keeps, as the credential store has it. */
export const DEMO_EBAY_SIGNING = {
  signingKeyJwe: 'demo.jwe.not-a-secret',
  signingPrivateKey: DEMO_SIGNING_KEY.export({ type: 'pkcs8', format: 'pem' }).toString(),
};

/**
 * The invented shop of the demonstration on eBay: every id, SKU, name, address and number in it is made up and says so.
 * Amounts are in cents of euro, as the buyer paid them, VAT included.
 */
export const DEMO_EBAY: EbaySeller = {
  userId: 'demoEbayUser',
  username: 'negozio-dimostrativo',
  appId: 'DemoShop-Channels-PRD-000000000-00000000',
  certId: 'PRD-demo-not-a-secret',
  ruName: 'Demo_Shop-DemoShop-Channe-demo',
  refreshToken: 'v^1.1#i^1#r^1#demo-not-a-secret',
  consentedScopes: [
    'base',
    'sell.fulfillment',
    'sell.inventory',
    'sell.finances',
    'commerce.identity.readonly',
  ],
  signingKey: {
    jwe: DEMO_EBAY_SIGNING.signingKeyJwe,
    publicKey: createPublicKey(DEMO_SIGNING_KEY).export({ type: 'spki', format: 'pem' }).toString(),
  },
};

interface EbayDemoLine {
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly unitCents: number;
  /** Taken off the line by a promotion. */
  readonly discountCents?: number;
}

/** One sale as the demonstration tells it. */
export interface EbaySale {
  readonly orderId: string;
  readonly placedDaysAgo: number;
  readonly state:
    | 'paid'
    | 'unpaid'
    | 'partly-shipped'
    | 'shipped'
    /** The buyer asked to cancel and waits for an answer. */
    | 'cancellation-requested'
    | 'cancelled'
    | 'refunded';
  readonly lines: readonly EbayDemoLine[];
  readonly shippingCents: number;
  /** Taken off the delivery; `shippingCents` is before it. */
  readonly shippingDiscountCents?: number;
  /** With a company name and a VAT number. */
  readonly business?: boolean;
  /** Listed on eBay.it, bought through another site. */
  readonly boughtOn?: 'EBAY_DE';
}

const CLOCK = { sku: 'DEMO-OROLOGIO', title: 'Orologio dimostrativo', quantity: 1, unitCents: 4_520 };
/** Read as a number this SKU would be 100000. */
const SCREWS = { sku: '1E5', title: 'Viti dimostrative, 100 pezzi', quantity: 3, unitCents: 810 };
const SHELF = { sku: 'DEMO-MENSOLA', title: 'Mensola dimostrativa', quantity: 1, unitCents: 2_990 };

const DEMO_EBAY_SALES: readonly EbaySale[] = [
  { orderId: '10-00001-00001', placedDaysAgo: 11, state: 'shipped', lines: [CLOCK], shippingCents: 490 },
  {
    orderId: '10-00002-00002',
    placedDaysAgo: 9,
    state: 'shipped',
    lines: [
      { ...SHELF, quantity: 2, discountCents: 598 },
      { ...SCREWS, discountCents: 122 },
    ],
    shippingCents: 1_980,
    shippingDiscountCents: 1_485,
    business: true,
  },
  { orderId: '10-00003-00003', placedDaysAgo: 8, state: 'refunded', lines: [SHELF], shippingCents: 0 },
  {
    orderId: '10-00004-00004',
    placedDaysAgo: 5,
    state: 'partly-shipped',
    lines: [CLOCK, SHELF],
    shippingCents: 790,
    boughtOn: 'EBAY_DE',
  },
  { orderId: '10-00005-00005', placedDaysAgo: 4, state: 'cancelled', lines: [CLOCK], shippingCents: 490 },
  { orderId: '10-00006-00006', placedDaysAgo: 2, state: 'paid', lines: [SCREWS], shippingCents: 390 },
  {
    orderId: '10-00007-00007',
    placedDaysAgo: 1,
    state: 'cancellation-requested',
    lines: [CLOCK],
    shippingCents: 490,
  },
  { orderId: '10-00008-00008', placedDaysAgo: 0, state: 'unpaid', lines: [SHELF], shippingCents: 590 },
];

/** What the shop sells on eBay: one listing of each model, and one without a SKU. */
const DEMO_EBAY_LISTINGS: readonly EbayListing[] = [
  { itemId: '110000000001', title: CLOCK.title, sku: CLOCK.sku, priceCents: CLOCK.unitCents, quantity: 8 },
  {
    itemId: '110000000002',
    title: SCREWS.title,
    sku: SCREWS.sku,
    priceCents: SCREWS.unitCents,
    quantity: 120,
    inventory: { offerId: '500000001', ean: '4006381333931' },
  },
  { itemId: '110000000003', title: SHELF.title, priceCents: SHELF.unitCents, quantity: 3 },
];

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** What eBay keeps of a sale, in percent of what the buyer paid. */
const FEE_PERCENT = 12;

/** eBay with the demonstration's orders in it. */
export function createEbayDemo(beganAtMs: number): EbayStandIn {
  return createEbayStandIn({
    seller: DEMO_EBAY,
    orders: demoEbayOrders(beganAtMs),
    listings: DEMO_EBAY_LISTINGS,
    now: () => Date.now(),
  });
}

/** The shop's orders as eBay tells them at `nowMs`. */
export function demoEbayOrders(nowMs: number): EbayOrder[] {
  return DEMO_EBAY_SALES.map((sale, index) => demoEbayOrder(sale, index + 1, nowMs));
}

/** One sale as an order. `number` makes the invented buyer. */
export function demoEbayOrder(sale: EbaySale, number: number, nowMs: number): EbayOrder {
  const placedMs = nowMs - sale.placedDaysAgo * DAY_MS - 10 * MINUTE_MS;
  const changedMs = Math.min(placedMs + (sale.state === 'paid' ? 0 : DAY_MS), nowMs - 5 * MINUTE_MS);
  const instant = (ms: number): string => new Date(ms).toISOString();
  const estimate = {
    minEstimatedDeliveryDate: instant(placedMs + 3 * DAY_MS),
    maxEstimatedDeliveryDate: instant(placedMs + 6 * DAY_MS),
  };
  const shippingDiscountCents = sale.shippingDiscountCents ?? 0;
  const goodsCents = sum(sale.lines.map(costOf));
  const discountCents = sum(sale.lines.map(({ discountCents = 0 }) => discountCents));
  const totalCents = goodsCents - discountCents + sale.shippingCents - shippingDiscountCents;
  const feeCents = Math.round((totalCents * FEE_PERCENT) / 100);
  const paid = sale.state !== 'unpaid';
  const givenBack = sale.state === 'refunded' || sale.state === 'cancelled';
  const person = personOf(sale, number);
  const link = `https://api.ebay.com/sell/fulfillment/v1/order/${sale.orderId}/shipping_fulfillment/`;
  return {
    orderId: sale.orderId,
    legacyOrderId: sale.orderId,
    creationDate: instant(placedMs),
    lastModifiedDate: instant(changedMs),
    orderFulfillmentStatus: fulfillmentOf(sale),
    orderPaymentStatus: sale.state === 'refunded' ? 'FULLY_REFUNDED' : paid ? 'PAID' : 'PENDING',
    sellerId: DEMO_EBAY.username,
    buyer: {
      username: `cliente_inventato_${number}`,
      taxAddress: { city: 'Cittainventata', postalCode: '00000', countryCode: 'IT' },
      taxIdentifier:
        sale.business === true
          ? { taxpayerId: `IT0000000000${number}`, taxIdentifierType: 'VATIN', issuingCountry: 'IT' }
          : {
              taxpayerId: `NVNCNT00A00X00${number}X`,
              taxIdentifierType: 'CODICE_FISCALE',
              issuingCountry: 'IT',
            },
      buyerRegistrationAddress: person,
    },
    pricingSummary: {
      priceSubtotal: euro(goodsCents),
      ...(discountCents === 0 ? {} : { priceDiscount: euro(-discountCents) }),
      deliveryCost: euro(sale.shippingCents),
      ...(shippingDiscountCents === 0 ? {} : { deliveryDiscount: euro(-shippingDiscountCents) }),
      total: euro(totalCents),
    },
    cancelStatus: cancelStatusOf(sale, instant(changedMs)),
    paymentSummary: {
      totalDueSeller: euro(givenBack ? 0 : totalCents - feeCents),
      refunds: givenBack
        ? [
            {
              refundId: `500000000${number}`,
              refundDate: instant(changedMs),
              amount: euro(totalCents),
              refundStatus: 'REFUNDED',
            },
          ]
        : [],
      payments: [
        {
          paymentMethod: 'EBAY',
          paymentReferenceId: `42000${number}_S`,
          ...(paid ? { paymentDate: instant(placedMs) } : {}),
          // Less than the buyer paid: eBay has taken its fees off already.
          amount: euro(totalCents - feeCents),
          paymentStatus: paid ? 'PAID' : 'PENDING',
        },
      ],
    },
    fulfillmentStartInstructions: [
      {
        fulfillmentInstructionsType: 'SHIP_TO',
        ...estimate,
        ebaySupportedFulfillment: false,
        shippingStep: {
          shipTo: person,
          shippingCarrierCode: 'Bartolini',
          shippingServiceCode: 'IT_ExpressCourier',
        },
      },
    ],
    fulfillmentHrefs: fulfillmentOf(sale) === 'NOT_STARTED' ? [] : [`${link}DEMO000000000${number}`],
    lineItems: sale.lines.map((line, at) => {
      // eBay puts the delivery of the whole order on its first line.
      const shippingCents = at === 0 ? sale.shippingCents - shippingDiscountCents : 0;
      const lineDiscountCents = line.discountCents ?? 0;
      const netCents = costOf(line) - lineDiscountCents;
      const shipped = sale.state === 'partly-shipped' ? at === 0 : fulfillmentOf(sale) === 'FULFILLED';
      return {
        lineItemId: `100000000${number}${at}`,
        legacyItemId: `20000000${number}${at}`,
        sku: line.sku,
        title: line.title,
        lineItemCost: euro(costOf(line)),
        ...(lineDiscountCents === 0 ? {} : { discountedLineItemCost: euro(netCents) }),
        quantity: line.quantity,
        soldFormat: 'FIXED_PRICE',
        listingMarketplaceId: 'EBAY_IT',
        purchaseMarketplaceId: sale.boughtOn ?? 'EBAY_IT',
        lineItemFulfillmentStatus: shipped ? 'FULFILLED' : 'NOT_STARTED',
        total: euro(netCents + shippingCents),
        deliveryCost: {
          // Net of the discount beside it.
          shippingCost: euro(shippingCents),
          ...(at === 0 && shippingDiscountCents > 0 ? { discountAmount: euro(shippingDiscountCents) } : {}),
        },
        appliedPromotions:
          lineDiscountCents === 0
            ? []
            : [
                {
                  discountAmount: euro(lineDiscountCents),
                  promotionId: '1500000000',
                  description: 'Promozione dimostrativa',
                },
              ],
        taxes: [],
        properties: { buyerProtection: true },
        lineItemFulfillmentInstructions: {
          ...estimate,
          shipByDate: instant(placedMs + 2 * DAY_MS),
          guaranteedDelivery: false,
        },
        itemLocation: { location: 'Cittainventata', countryCode: 'IT', postalCode: '00000' },
      };
    }),
    salesRecordReference: String(1000 + number),
    totalFeeBasisAmount: euro(totalCents),
    totalMarketplaceFee: euro(feeCents),
  };
}

function personOf({ business }: EbaySale, number: number): EbayContact {
  return {
    fullName: `Acquirente Inventato ${number}`,
    ...(business === true ? { companyName: `Ditta Inventata ${number}` } : {}),
    contactAddress: {
      addressLine1: `Via Immaginaria ${number}`,
      city: 'Cittainventata',
      stateOrProvince: 'XX',
      postalCode: '00000',
      countryCode: 'IT',
    },
    primaryPhone: { phoneNumber: `000000000${number}` },
    email: `inventato-${number}@members.ebay.example`,
  };
}

function fulfillmentOf({ state }: EbaySale): EbayOrder['orderFulfillmentStatus'] {
  if (state === 'shipped' || state === 'refunded') return 'FULFILLED';
  return state === 'partly-shipped' ? 'IN_PROGRESS' : 'NOT_STARTED';
}

function cancelStatusOf({ state, orderId }: EbaySale, changedAt: string): EbayOrder['cancelStatus'] {
  if (state !== 'cancellation-requested' && state !== 'cancelled') {
    return { cancelState: 'NONE_REQUESTED', cancelRequests: [] };
  }
  const done = state === 'cancelled';
  return {
    cancelState: done ? 'CANCELED' : 'IN_PROGRESS',
    ...(done ? { cancelledDate: changedAt } : {}),
    cancelRequests: [
      {
        cancelRequestId: orderId.replaceAll('-', ''),
        cancelInitiator: 'Buyer',
        cancelReason: 'BUYER_ASKED_CANCEL',
        cancelRequestedDate: changedAt,
        cancelRequestState: done ? 'COMPLETED' : 'REQUESTED',
        ...(done ? { cancelCompletedDate: changedAt } : {}),
      },
    ],
  };
}

function costOf({ unitCents, quantity }: EbayDemoLine): number {
  return unitCents * quantity;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** As eBay writes amounts: no zero that a number does not need. */
export function euro(cents: number): EbayAmount {
  const whole = Math.abs(cents);
  const decimals = String(whole % 100)
    .padStart(2, '0')
    .replace(/0$/, '');
  return { value: `${cents < 0 ? '-' : ''}${Math.trunc(whole / 100)}.${decimals}`, currency: 'EUR' };
}
