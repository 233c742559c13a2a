import type { Buyer, PersonalDataState, PostalAddress } from '../../domain/buyer.ts';
import { type Money, parseDecimal } from '../../domain/money.ts';
import {
  type Order,
  type OrderExtra,
  type OrderLine,
  type OrderStatus,
  orderId,
} from '../../domain/order.ts';
import type { RemoteOrder as OrderAndBuyer } from '../../ports/order-source.ts';
import type { RemoteAddress, RemoteMoney, RemoteOrder, RemoteProduct } from './schemas.ts';

/**
 * ManoMano's words for where an order stands, as working clients use them. Five more (`ACCEPTED`, `CANCELLED`, `CLOSED`,
 * `DELIVERED`, `COMPLETED`) stand in mapping tables only and were never seen in an answer: like every new word they
 * are kept as they came and shown to a person.
 */
const STATUSES: ReadonlyMap<string, OrderStatus> = new Map([
  ['PENDING', 'to-accept'],
  ['WAITING_PAYMENT', 'pending'],
  ['REMORSE_PERIOD', 'pending'],
  ['PREPARATION', 'unshipped'],
  ['SHIPPED', 'shipped'],
  ['REFUSED', 'cancelled'],
  ['REFUNDING', 'refunded'],
  ['REFUNDED', 'refunded'],
]);
const DAY_MS = 86_400_000;
/** ManoMano states no delivery date: a month of delivery at most, and the 27 days after it that we keep personal data. */
const KEPT_AFTER_PURCHASE_MS = 60 * DAY_MS;

/**
 * ManoMano's order as ours, split in two: an order without anything personal, and its buyer.
 * @param contractId the contract that was asked, for an order that does not name its own
 * @throws RangeError when an amount cannot be read exactly
 */
export function mapOrder(
  { accountId, contractId }: { readonly accountId: string; readonly contractId: string },
  remote: RemoteOrder,
): OrderAndBuyer {
  const status = STATUSES.get(remote.status) ?? 'unknown';
  const purchasedAt = new Date(remote.created_at).toISOString();
  const currency = remote.total_price?.currency;
  const order: Omit<Order, 'channelId'> = {
    orderId: orderId('manomano', remote.order_reference),
    marketplace: 'manomano',
    marketplaceOrderId: remote.order_reference,
    accountId,
    siteId: remote.seller_contract_id ?? contractId,
    siteName: undefined,
    purchasedAt,
    updatedAt: new Date(remote.status_updated_at ?? remote.created_at).toISOString(),
    status,
    partnerStatus: remote.status,
    fulfilledBy: fulfilledBy(remote.is_mmf),
    serviceLevel: undefined,
    shipBy: {},
    deliverBy: {},
    programs: [],
    relatedOrders: [],
    total: moneyOf(remote.total_price, currency),
    lines: linesOf(remote.products ?? [], status, currency),
    extras: extrasOf(remote, currency),
    business: remote.vat?.is_b2b ?? remote.is_professional ?? undefined,
  };
  const expiresAt = new Date(Date.parse(purchasedAt) + KEPT_AFTER_PURCHASE_MS).toISOString();
  return {
    order,
    buyer: buyerOf(remote, order, expiresAt),
    ...(remote.products ? {} : { incomplete: true }),
  };
}

function fulfilledBy(isMmf: boolean | null | undefined): Order['fulfilledBy'] {
  if (isMmf === true) return 'marketplace';
  return isMmf === false ? 'merchant' : 'unknown';
}

/**
 * A line costs its unit price times its quantity. ManoMano's own `total_price` of a line may hold a share of the
 * shipping, which the order states as a whole; counted once, products, shipping and discount make the order's total.
 */
function linesOf(
  products: readonly RemoteProduct[],
  status: OrderStatus,
  currency: string | null | undefined,
): readonly OrderLine[] {
  const lines = products.map((product): Omit<OrderLine, 'orderLineId'> => {
    const unitPrice = moneyOf(product.product_price ?? product.price, currency);
    const total = unitPrice && times(unitPrice, product.quantity);
    return {
      sku: filled(product.seller_sku),
      productId: undefined,
      title: filled(product.title) ?? filled(product.product_title),
      quantityOrdered: product.quantity,
      // ManoMano counts no parcels; only a shipment of everything is certain.
      quantityFulfilled: status === 'shipped' ? product.quantity : 0,
      total,
      unitPrice,
      breakdown: total === undefined ? [] : [{ kind: 'item', amount: total }],
      cancellationRequested: false,
      customised: false,
      vatRate: product.vat_rate ?? undefined,
    };
  });
  const ids = lineIds(lines);
  return lines.map((line, at) => ({ orderLineId: ids[at] ?? '', ...line }));
}

/**
 * ManoMano has no line ids, only SKUs, and two lines may share one: the second is `<sku>#2`. They are counted in the
 * order of what they hold, not in the order of the answer, so that each keeps its id when the answer is shuffled.
 */
function lineIds(lines: readonly Omit<OrderLine, 'orderLineId'>[]): readonly string[] {
  const held = ({ unitPrice, quantityOrdered, title, vatRate }: Omit<OrderLine, 'orderLineId'>): string =>
    JSON.stringify([unitPrice?.amountMinor, quantityOrdered, title, vatRate]);
  const ids: string[] = [];
  const taken = new Set(lines.map(({ sku }) => sku ?? ''));
  for (const sku of new Set(lines.map((line) => line.sku ?? ''))) {
    const sharing = lines
      .map((line, at) => ({ line, at }))
      .filter(({ line }) => (line.sku ?? '') === sku)
      .sort((a, b) => (held(a.line) < held(b.line) ? -1 : 1));
    let number = 1;
    for (const { at } of sharing) {
      let id = number === 1 && sku !== '' ? sku : `${sku}#${number}`;
      // A SKU may itself look like our numbering.
      while (id !== sku && taken.has(id)) {
        number += 1;
        id = `${sku}#${number}`;
      }
      taken.add(id);
      ids[at] = id;
      number += 1;
    }
  }
  return ids;
}

function extrasOf(remote: RemoteOrder, currency: string | null | undefined): readonly OrderExtra[] {
  const shipping = moneyOf(remote.shipping_price, currency);
  const discount = moneyOf(remote.total_discount, currency);
  const extras: OrderExtra[] = [];
  if (shipping !== undefined && shipping.amountMinor !== 0) {
    extras.push({
      kind: 'shipping',
      amount: shipping,
      vatRate: remote.shipping_price_vat_rate ?? undefined,
    });
  }
  if (discount !== undefined && discount.amountMinor !== 0) {
    extras.push({ kind: 'discount', amount: { ...discount, amountMinor: -discount.amountMinor } });
  }
  return extras;
}

function buyerOf(remote: RemoteOrder, order: Omit<Order, 'channelId'>, expiresAt: string): Buyer {
  const { billing, shipping, relay } = remote.addresses ?? {};
  const billingAddress = addressOf(billing);
  const name = fullName(remote.customer) ?? billingAddress?.name;
  const company = billingAddress?.company;
  // Who has it sent to a pick-up point is not there; and `shipping` comes empty when it is the billing address.
  const delivery =
    pickUpPoint(relay, fullName(shipping) ?? name) ?? streetOf(addressOf(shipping)) ?? billingAddress;
  const present = name !== undefined || (delivery !== undefined && delivery.lines.length > 0);
  return {
    orderId: order.orderId,
    state: present ? 'present' : absence(order.status),
    name,
    email: filled(billing?.email) ?? filled(shipping?.email),
    company,
    deliveryAddress: delivery,
    billingAddress,
    invoiceDestination: filled(billing?.recipient_code),
    taxRegistrations: taxRegistrations(remote, company),
    lines: [],
    updatedAt: order.updatedAt,
    expiresAt,
  };
}

/** Before the seller has accepted an order, blanks may still be filled; after that nothing more comes. */
function absence(status: OrderStatus): PersonalDataState {
  return ['to-accept', 'pending', 'unknown'].includes(status) ? 'waiting' : 'refused';
}

/** Each number once, under the most telling of the names it came with. */
function taxRegistrations(remote: RemoteOrder, company: string | undefined): Buyer['taxRegistrations'] {
  const stated = [
    ['VAT', remote.vat?.intraco_vat_number],
    ['VAT', remote.vat?.local_vat_number],
    ['FISCAL_NUMBER', remote.vat?.invoice_fiscal_number],
    ['FISCAL_NUMBER', remote.billing_fiscal_number],
    ['FISCAL_NUMBER', remote.customer?.fiscal_number],
  ] as const;
  const byNumber = new Map<string, Buyer['taxRegistrations'][number]>();
  for (const [kind, stating] of stated) {
    const number = filled(stating);
    if (number === undefined || byNumber.has(number)) continue;
    byNumber.set(number, { kind, number, ...(kind === 'VAT' ? { legalName: company } : {}) });
  }
  return [...byNumber.values()];
}

function addressOf(address: RemoteAddress | null | undefined): PostalAddress | undefined {
  if (!address) return undefined;
  const mapped = {
    name: fullName(address),
    company: filled(address.company),
    lines: [address.address_line1, address.address_line2, address.address_line3].flatMap(
      (line) => filled(line) ?? [],
    ),
    city: filled(address.city),
    region: filled(address.province),
    postalCode: filled(address.zipcode),
    countryCode: countryOf(address),
    phone: filled(address.phone),
  };
  const { lines, ...rest } = mapped;
  const blank = lines.length === 0 && Object.values(rest).every((value) => value === undefined);
  return blank ? undefined : mapped;
}

/** `{}`, and an address of blanks, are none: without a street nothing is delivered. */
function streetOf(address: PostalAddress | undefined): PostalAddress | undefined {
  return address !== undefined && address.lines.length > 0 ? address : undefined;
}

function pickUpPoint(
  relay: (RemoteAddress & { readonly name?: string | null | undefined }) | null | undefined,
  recipient: string | undefined,
): PostalAddress | undefined {
  const address = streetOf(addressOf(relay));
  if (address === undefined) return undefined;
  return {
    ...address,
    name: recipient,
    company: filled(relay?.name) ?? address.company,
    kind: 'PICK_UP_POINT',
  };
}

/** The code where there is one; some answers write it into the country's name. */
function countryOf({ country_iso, country }: RemoteAddress): string | undefined {
  return [filled(country_iso), filled(country)]
    .find((text) => /^[A-Za-z]{2}$/.test(text ?? ''))
    ?.toUpperCase();
}

function fullName(
  person:
    | { readonly firstname?: string | null | undefined; readonly lastname?: string | null | undefined }
    | null
    | undefined,
): string | undefined {
  return filled([filled(person?.firstname), filled(person?.lastname)].filter(Boolean).join(' '));
}

/** An amount that names no currency is in the order's. */
function moneyOf(
  remote: RemoteMoney | null | undefined,
  orderCurrency: string | null | undefined,
): Money | undefined {
  const currency = (remote?.currency ?? orderCurrency)?.toUpperCase();
  if (!remote || currency === undefined) return undefined;
  return { amountMinor: parseDecimal(remote.amount, currency), currency };
}

function times({ amountMinor, currency }: Money, quantity: number): Money {
  const product = amountMinor * quantity;
  if (!Number.isSafeInteger(product))
    throw new RangeError(`amount out of range: ${amountMinor} × ${quantity}`);
  return { amountMinor: product, currency };
}

function filled(text: string | null | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}
