import type { Contract } from './contracts.ts';
import type { ManomanoMoney, ManomanoOffer, ManomanoOrder } from './schemas.ts';
import { createManomanoStandIn, type ManomanoStandIn } from './stand-in.ts';

/**
 * The invented shop of the demonstration on ManoMano: every id, SKU, name, address and number in it is made up and says
 * so. Amounts are in cents of euro, as the buyer paid them, VAT included.
 */
export const DEMO_MANOMANO = { accountId: 'demo-manomano', apiKey: 'demo-manomano-not-a-secret' } as const;

/** One contract per country and delivery type; public clients have met amounts both as numbers and as text. */
export const DEMO_CONTRACTS = {
  itSelf: { contractId: 900001, country: 'IT', deliveryType: 'SELF', amounts: 'number' },
  itMmf: { contractId: 900002, country: 'IT', deliveryType: 'MMF', amounts: 'string' },
  frSelf: { contractId: 900003, country: 'FR', deliveryType: 'SELF', amounts: 'string' },
} as const satisfies Record<
  string,
  Contract & { readonly country: string; readonly deliveryType: 'SELF' | 'MMF' }
>;

/** One sale as the demonstration tells it. */
export interface ManomanoSale {
  readonly reference: string;
  readonly contract: keyof typeof DEMO_CONTRACTS;
  readonly placedDaysAgo: number;
  readonly status: string;
  readonly lines: readonly {
    readonly sku: string;
    readonly title: string;
    readonly quantity: number;
    readonly unitCents: number;
  }[];
  readonly shippingCents: number;
  readonly discountCents?: number;
  /** A company, with VAT number and SdI recipient code. */
  readonly business?: boolean;
  /** ManoMano sends an empty shipping address: the billing address counts. */
  readonly withoutShippingAddress?: boolean;
  readonly pickUpPoint?: boolean;
  /** By how much ManoMano's total is off what it is made of. */
  readonly offByCents?: number;
}

const DRILL = { sku: 'DEMO-TRAPANO', title: 'Trapano dimostrativo', quantity: 1, unitCents: 8_990 };
const BITS = { sku: 'DEMO-PUNTE', title: 'Punte dimostrative', quantity: 2, unitCents: 1_210 };
const LADDER = { sku: 'DEMO-SCALA', title: 'Scala dimostrativa', quantity: 1, unitCents: 12_450 };

const DEMO_MANOMANO_SALES: readonly ManomanoSale[] = [
  {
    reference: 'M2600000000001',
    contract: 'itSelf',
    placedDaysAgo: 9,
    status: 'SHIPPED',
    lines: [DRILL, BITS],
    shippingCents: 690,
  },
  {
    reference: 'M2600000000002',
    contract: 'itSelf',
    placedDaysAgo: 4,
    status: 'REFUNDED',
    lines: [LADDER],
    shippingCents: 1_490,
    discountCents: 500,
  },
  {
    reference: 'M2600000000003',
    contract: 'itSelf',
    placedDaysAgo: 1,
    status: 'PREPARATION',
    lines: [{ ...BITS, quantity: 12 }],
    shippingCents: 0,
    business: true,
  },
  {
    reference: 'M2600000000004',
    contract: 'itSelf',
    placedDaysAgo: 0,
    status: 'PENDING',
    lines: [DRILL],
    shippingCents: 690,
    withoutShippingAddress: true,
  },
  {
    // A word that nobody documented.
    reference: 'M2600000000005',
    contract: 'itSelf',
    placedDaysAgo: 2,
    status: 'AWAITING_COLLECTION',
    lines: [BITS],
    shippingCents: 490,
    pickUpPoint: true,
  },
  {
    reference: 'M2600000000006',
    contract: 'itMmf',
    placedDaysAgo: 3,
    status: 'SHIPPED',
    lines: [DRILL],
    shippingCents: 0,
  },
  {
    reference: 'M2600000000007',
    contract: 'frSelf',
    placedDaysAgo: 2,
    status: 'PREPARATION',
    lines: [LADDER],
    shippingCents: 1_990,
    offByCents: 250,
  },
];

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** ManoMano with the demonstration's orders in it. @param beganAtMs what their dates are counted from */
export function createManomanoDemo(beganAtMs: number): ManomanoStandIn {
  return createManomanoStandIn({
    apiKey: DEMO_MANOMANO.apiKey,
    contracts: Object.values(DEMO_CONTRACTS),
    orders: manomanoDemoOrders(beganAtMs),
    offers: new Map([[DEMO_CONTRACTS.itSelf.contractId, [DRILL, BITS, LADDER].map(offerOf)]]),
    now: () => Date.now(),
  });
}

/** The shop's orders as ManoMano tells them at `nowMs`. */
export function manomanoDemoOrders(nowMs: number): ManomanoOrder[] {
  return DEMO_MANOMANO_SALES.map((sale, index) => manomanoOrder(sale, index + 1, nowMs));
}

/** One sale as an order. `number` makes the invented buyer. */
export function manomanoOrder(sale: ManomanoSale, number: number, nowMs: number): ManomanoOrder {
  const { country, contractId, deliveryType } = DEMO_CONTRACTS[sale.contract];
  const vatPercent = country === 'IT' ? 22 : 20;
  const net = (grossCents: number): number => Math.round((grossCents * 100) / (100 + vatPercent));
  const placedMs = nowMs - sale.placedDaysAgo * DAY_MS - 10 * MINUTE_MS;
  const updatedMs = Math.min(placedMs + (sale.status === 'PENDING' ? 0 : DAY_MS), nowMs - 5 * MINUTE_MS);
  const productsCents = sale.lines.reduce((sum, line) => sum + line.unitCents * line.quantity, 0);
  const discountCents = sale.discountCents ?? 0;
  const totalCents = productsCents + sale.shippingCents - discountCents + (sale.offByCents ?? 0);
  const business = sale.business ?? false;
  const person = { firstname: 'Cliente', lastname: `Inventato ${number}` };
  const address = {
    ...person,
    company: business ? 'Ditta Inventata' : '',
    address_line1: `Via Inventata ${number}`,
    address_line2: '',
    address_line3: '',
    city: country === 'IT' ? 'Cittainventata' : 'Villeinventee',
    province: country === 'IT' ? 'XX' : '',
    zipcode: '00000',
    country: country === 'IT' ? 'Italia' : 'France',
    country_iso: country,
    email: `cliente-${number}@buyer.example`,
    phone: '+390000000000',
  };
  const fiscalNumber = country === 'IT' && !business ? `INVENTATO${number}` : null;
  const vatNumber = business ? `${country}0000000000${number}` : null;
  const rate = `${vatPercent}.00`;
  return {
    order_reference: sale.reference,
    seller_contract_id: contractId,
    status: sale.status,
    created_at: wholeSecond(placedMs),
    status_updated_at: wholeSecond(updatedMs),
    is_mmf: deliveryType === 'MMF',
    is_professional: business,
    billing_fiscal_number: fiscalNumber,
    shipping_price_vat_rate: rate,
    total_price: euro(totalCents),
    total_price_excluding_vat: euro(net(totalCents)),
    total_price_vat: euro(totalCents - net(totalCents)),
    products_price: euro(productsCents),
    products_price_excluding_vat: euro(net(productsCents)),
    products_price_vat: euro(productsCents - net(productsCents)),
    shipping_price: euro(sale.shippingCents),
    shipping_price_excluding_vat: euro(net(sale.shippingCents)),
    shipping_discount: euro(0),
    manomano_discount: euro(0),
    seller_discount: euro(discountCents),
    total_discount: euro(discountCents),
    customer: { ...person, fiscal_number: fiscalNumber },
    vat: {
      is_b2b: business,
      vat_liability: 'SELLER',
      intraco_vat_number: vatNumber,
      invoice_fiscal_number: null,
      local_vat_number: null,
    },
    addresses: {
      billing: { ...address, recipient_code: business ? '0000000' : '' },
      shipping: sale.withoutShippingAddress === true ? {} : address,
      relay:
        sale.pickUpPoint === true
          ? {
              ...address,
              firstname: '',
              lastname: '',
              email: '',
              address_line1: 'Piazza Inventata 1',
              id: 'DEMO-1',
              name: 'Punto di ritiro inventato',
            }
          : null,
    },
    products: sale.lines.map((line, at) => {
      const shippingCents = at === 0 ? sale.shippingCents : 0;
      const lineCents = line.unitCents * line.quantity;
      return {
        seller_sku: line.sku,
        title: line.title,
        product_title: line.title,
        quantity: line.quantity,
        carrier: 'BRT',
        vat_rate: rate,
        shipping_vat_rate: rate,
        price: euro(line.unitCents),
        price_excluding_vat: euro(net(line.unitCents)),
        product_price: euro(line.unitCents),
        product_price_excluding_vat: euro(net(line.unitCents)),
        shipping_price: euro(shippingCents),
        shipping_price_excluding_vat: euro(net(shippingCents)),
        sum_shipping_price: euro(shippingCents),
        // With its share of the shipping, as some clients have met it: nobody may count the two together.
        total_price: euro(lineCents + shippingCents),
        total_price_excluding_vat: euro(net(lineCents + shippingCents)),
      };
    }),
  };
}

function offerOf({ sku, unitCents }: ManomanoSale['lines'][number], at: number): ManomanoOffer {
  return {
    sku,
    status: 'COMPLETED',
    price: unitCents / 100,
    stock: 10,
    carrier: 'BRT',
    errors: [],
    id_me: `90000${at}`,
  };
}

function wholeSecond(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

function euro(cents: number): ManomanoMoney {
  const sign = cents < 0 ? '-' : '';
  const text = String(Math.abs(cents)).padStart(3, '0');
  return { amount: `${sign}${text.slice(0, -2)}.${text.slice(-2)}`, currency: 'EUR' };
}
