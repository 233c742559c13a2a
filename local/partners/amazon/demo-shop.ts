import { customisationPackage, type StandInCustomisation } from './customisations.ts';
import type { AmazonMoney, AmazonOrder } from './schemas.ts';
import type { SellerAccount } from './sign-in.ts';

/**
 * The invented shop of the demonstration: every id, SKU, name and address in it is made up and says so. Amounts are
 * in cents of euro, as the buyer paid them, VAT of 22 % included.
 */
export const DEMO_ACCOUNT: SellerAccount = {
  sellerId: 'ADEMOSELLER00',
  clientId: 'amzn1.application-oa2-client.demo',
  clientSecret: 'amzn1.oa2-cs.v1.demo-not-a-secret',
  refreshToken: 'Atzr|demo-not-a-secret',
};

export const DEMO_SITES = {
  it: { marketplaceId: 'APJ6JRA9NG5V4', marketplaceName: 'Amazon.it' },
  de: { marketplaceId: 'A1PA6795UKMFR9', marketplaceName: 'Amazon.de' },
} as const;

export interface DemoLine {
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly unitCents: number;
}

/** One sale as the demonstration tells it; orders and payment file are both made from these. */
export interface DemoSale {
  readonly orderId: string;
  readonly site: keyof typeof DEMO_SITES;
  readonly placedDaysAgo: number;
  readonly status: 'PENDING' | 'UNSHIPPED' | 'SHIPPED' | 'CANCELLED';
  readonly fulfilledBy: 'MERCHANT' | 'AMAZON';
  readonly shippingCents: number;
  readonly line: DemoLine;
  readonly business?: boolean;
  readonly customised?: boolean;
  /** It is in the payment file; `refunded` also with its refund. */
  readonly paid?: 'paid' | 'refunded';
}

const MUG: DemoLine = {
  sku: 'DEMO-TAZZA-ROSSA',
  title: 'Tazza dimostrativa rossa',
  quantity: 1,
  unitCents: 2_490,
};
const LAMP: DemoLine = { sku: 'DEMO-LAMPADA', title: 'Lampada dimostrativa', quantity: 1, unitCents: 5_990 };
const BOARD: DemoLine = {
  sku: 'DEMO-TAGLIERE',
  title: 'Tagliere dimostrativo',
  quantity: 2,
  unitCents: 3_450,
};
const PLATE: DemoLine = {
  sku: 'DEMO-TARGA-INCISA',
  title: 'Targa dimostrativa incisa',
  quantity: 1,
  unitCents: 3_900,
};

export const DEMO_SALES: readonly DemoSale[] = [
  {
    orderId: '300-0000001-0000001',
    site: 'it',
    placedDaysAgo: 12,
    status: 'SHIPPED',
    fulfilledBy: 'MERCHANT',
    shippingCents: 490,
    line: MUG,
    paid: 'paid',
  },
  {
    orderId: '300-0000002-0000002',
    site: 'it',
    placedDaysAgo: 11,
    status: 'SHIPPED',
    fulfilledBy: 'MERCHANT',
    shippingCents: 0,
    line: BOARD,
    paid: 'paid',
  },
  {
    orderId: '300-0000003-0000003',
    site: 'it',
    placedDaysAgo: 10,
    status: 'SHIPPED',
    fulfilledBy: 'MERCHANT',
    shippingCents: 690,
    line: LAMP,
    paid: 'refunded',
  },
  {
    orderId: '300-0000004-0000004',
    site: 'it',
    placedDaysAgo: 9,
    status: 'SHIPPED',
    fulfilledBy: 'AMAZON',
    shippingCents: 0,
    line: MUG,
    paid: 'paid',
  },
  {
    orderId: '300-0000005-0000005',
    site: 'de',
    placedDaysAgo: 8,
    status: 'SHIPPED',
    fulfilledBy: 'MERCHANT',
    shippingCents: 990,
    line: LAMP,
    paid: 'paid',
  },
  {
    orderId: '300-0000006-0000006',
    site: 'it',
    placedDaysAgo: 6,
    status: 'CANCELLED',
    fulfilledBy: 'MERCHANT',
    shippingCents: 490,
    line: MUG,
  },
  {
    orderId: '300-0000007-0000007',
    site: 'it',
    placedDaysAgo: 2,
    status: 'UNSHIPPED',
    fulfilledBy: 'MERCHANT',
    shippingCents: 490,
    line: PLATE,
    customised: true,
  },
  {
    orderId: '300-0000008-0000008',
    site: 'it',
    placedDaysAgo: 1,
    status: 'UNSHIPPED',
    fulfilledBy: 'MERCHANT',
    shippingCents: 0,
    line: { ...BOARD, quantity: 10 },
    business: true,
  },
  {
    orderId: '300-0000009-0000009',
    site: 'it',
    placedDaysAgo: 0,
    status: 'PENDING',
    fulfilledBy: 'MERCHANT',
    shippingCents: 490,
    line: MUG,
  },
];

/** In the payment file, but never told by Amazon's order search: its rows wait. */
export const DEMO_SALE_NOT_PULLED: DemoSale = {
  orderId: '300-0000099-0000099',
  site: 'it',
  placedDaysAgo: 40,
  status: 'SHIPPED',
  fulfilledBy: 'MERCHANT',
  shippingCents: 490,
  line: MUG,
  paid: 'paid',
};

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const VAT_PERCENT = 22;

/** The tax inside a price that includes it, in cents. */
export function vatWithin(grossCents: number): number {
  return grossCents - Math.round((grossCents * 100) / (100 + VAT_PERCENT));
}

/** When a sale was placed. The last one is ten minutes old: Amazon shows nothing newer than two. */
export function placedAtMs(sale: DemoSale, nowMs: number): number {
  return nowMs - sale.placedDaysAgo * DAY_MS - 10 * MINUTE_MS;
}

/** The shop's orders as Amazon tells them at `nowMs`. */
export function demoOrders(nowMs: number): AmazonOrder[] {
  return DEMO_SALES.map((sale, index) => demoOrder(sale, index + 1, nowMs));
}

/** What buyers made of customised products, from ten minutes after the purchase: Amazon needs some time for it. */
export function demoCustomisations(nowMs: number): StandInCustomisation[] {
  return DEMO_SALES.filter(({ customised }) => customised === true).map((sale) => {
    const orderItemId = orderItemIdOf(sale);
    return {
      orderItemId,
      namedFromMs: placedAtMs(sale, nowMs) + 10 * MINUTE_MS,
      package: customisationPackage({
        orderId: sale.orderId,
        orderItemId,
        text: 'Benvenuti in Casa Inventata',
        option: 'Ottone satinato',
      }),
    };
  });
}

function orderItemIdOf({ orderId }: DemoSale): string {
  return `${orderId.replaceAll('-', '').slice(-11)}1`;
}

/** One sale as an order. `number` makes the invented buyer. */
export function demoOrder(sale: DemoSale, number: number, nowMs: number): AmazonOrder {
  const placedMs = placedAtMs(sale, nowMs);
  const updatedMs = Math.min(placedMs + (sale.status === 'PENDING' ? 0 : DAY_MS), nowMs - 5 * MINUTE_MS);
  const iso = (ms: number): string => new Date(ms).toISOString();
  const { line } = sale;
  const itemCents = line.unitCents * line.quantity;
  const totalCents = itemCents + sale.shippingCents;
  const taxCents = vatWithin(itemCents) + vatWithin(sale.shippingCents);
  const priced = sale.status !== 'PENDING';
  const breakdown = [
    { type: 'ITEM', subtotal: euro(itemCents - vatWithin(itemCents)) },
    ...(sale.shippingCents > 0
      ? [{ type: 'SHIPPING', subtotal: euro(sale.shippingCents - vatWithin(sale.shippingCents)) }]
      : []),
    { type: 'TAX', subtotal: euro(taxCents) },
  ];
  return {
    orderId: sale.orderId,
    createdTime: iso(placedMs),
    lastUpdatedTime: iso(updatedMs),
    programs: sale.business === true ? ['AMAZON_BUSINESS'] : [],
    salesChannel: { channelName: 'AMAZON', ...DEMO_SITES[sale.site] },
    ...(priced
      ? {
          buyer: {
            buyerName: `Cliente Inventato ${number}`,
            ...(sale.fulfilledBy === 'MERCHANT' ? { buyerEmail: `cliente-${number}@buyer.example` } : {}),
            ...(sale.business === true ? { buyerCompanyName: 'Ditta Inventata' } : {}),
          },
          recipient: {
            deliveryAddress: {
              name: `Cliente Inventato ${number}`,
              addressLine1: `Via Inventata ${number}`,
              city: sale.site === 'it' ? 'Cittainventata' : 'Musterstadt',
              postalCode: '00000',
              countryCode: sale.site.toUpperCase(),
            },
          },
          proceeds: { grandTotal: euro(totalCents), breakdowns: breakdown },
        }
      : {}),
    fulfillment: {
      fulfillmentStatus: sale.status,
      fulfilledBy: sale.fulfilledBy,
      fulfillmentServiceLevel: 'STANDARD',
      shipByWindow: {
        earliestDateTime: iso(placedMs + HOUR_MS),
        latestDateTime: iso(placedMs + 2 * DAY_MS),
      },
      deliverByWindow: {
        earliestDateTime: iso(placedMs + 3 * DAY_MS),
        latestDateTime: iso(placedMs + 6 * DAY_MS),
      },
    },
    orderItems: [
      {
        orderItemId: orderItemIdOf(sale),
        quantityOrdered: line.quantity,
        product: {
          asin: `B0DEMO${String(number).padStart(4, '0')}`,
          title: line.title,
          sellerSku: line.sku,
          condition: { conditionType: 'NEW' },
          ...(priced
            ? {
                price: {
                  unitPrice: euro(line.unitCents),
                  ...(sale.business === true ? { priceDesignation: 'BUSINESS_PRICE' } : {}),
                },
              }
            : {}),
          ...(sale.customised === true ? { customization: { customizedUrl: '' } } : {}),
        },
        ...(priced ? { proceeds: { proceedsTotal: euro(totalCents), breakdowns: breakdown } } : {}),
        ...(sale.status === 'CANCELLED'
          ? {
              cancellation: {
                cancellationExecution: { cancelledBy: 'BUYER', cancelReason: 'BUYER_CANCELLED' },
              },
            }
          : {}),
        fulfillment: {
          quantityFulfilled: sale.status === 'SHIPPED' ? line.quantity : 0,
          quantityUnfulfilled: sale.status === 'SHIPPED' || sale.status === 'CANCELLED' ? 0 : line.quantity,
        },
      },
    ],
  };
}

function euro(cents: number): AmazonMoney {
  return {
    amount: `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`,
    currencyCode: 'EUR',
  };
}
