import { z } from 'zod';
import { ManomanoRefusal } from './answers.ts';
import type { Contracts } from './contracts.ts';
import type { ManomanoOrder } from './schemas.ts';

/** Its list, as far as working integrations show it; exact. */
const CARRIERS = [
  'Amazon Logistics',
  'BRT',
  'DB Schenker',
  'DHL',
  'DHL Freight',
  'DHL Parcel',
  'DPD',
  'DSV',
  'Dachser',
  'Fedex',
  'Fercam',
  'GLS',
  'Gel',
  'Geodis',
  'Liccardi',
  'Mondial Relay',
  'Palletways',
  'Poste Italiane',
  'SDA',
  'TNT',
  'UPS',
];

const shippingSchema = z.strictObject({
  order_reference: z.string().min(1),
  seller_contract_id: z.int().positive(),
  carrier: z.string().min(1),
  tracking_number: z.string().min(1),
  // Whether it is required is not known: a stand-in that insists finds whoever forgets it.
  tracking_url: z.url(),
  products: z
    .array(z.strictObject({ seller_sku: z.string().min(1), quantity: z.int().positive() }))
    .min(1)
    .optional(),
});
const requestSchema = z.array(shippingSchema).min(1).max(100);
type Shipping = z.infer<typeof shippingSchema>;

export interface ManomanoPackage {
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly trackingUrl: string;
  readonly products: Readonly<Record<string, number>>;
}

/** The parcels of each order, which no call shows or changes. Source: Partner API docs, "Create shippings". */
export class ShippingsApi {
  readonly #packages = new Map<string, ManomanoPackage[]>();
  readonly #contracts: Contracts;
  readonly #orderOf: (reference: string) => ManomanoOrder | undefined;
  readonly #put: (order: ManomanoOrder) => void;
  readonly #now: () => number;

  constructor(
    orders: { of(reference: string): ManomanoOrder | undefined; put(order: ManomanoOrder): void },
    contracts: Contracts,
    now: () => number,
  ) {
    this.#orderOf = (reference) => orders.of(reference);
    this.#put = (order) => orders.put(order);
    this.#contracts = contracts;
    this.#now = now;
  }

  of(reference: string): readonly ManomanoPackage[] {
    return this.#packages.get(reference) ?? [];
  }

  /** 204 when all were taken; 207 when one was not while others were; of one alone, its own refusal. */
  create(body: string, alwaysMixed: boolean): { readonly status: 204 | 207; readonly body?: unknown } {
    const results = parsed(body).map((shipping) => {
      try {
        this.#ship(shipping);
        return { order_reference: shipping.order_reference, result: 'OK' };
      } catch (error) {
        if (!(error instanceof ManomanoRefusal)) throw error;
        return { order_reference: shipping.order_reference, result: 'KO', error };
      }
    });
    const refused = results.flatMap(({ error }) => error ?? []);
    const [only] = refused;
    if (only === undefined) return { status: 204 };
    if (results.length === 1 && !alwaysMixed) throw only;
    const content = results.map(({ error, ...result }) => ({
      ...result,
      ...(error === undefined ? {} : { error: { message: error.message } }),
    }));
    return { status: 207, body: { content } };
  }

  #ship({ order_reference: reference, seller_contract_id, ...shipping }: Shipping): void {
    const { contractId } = this.#contracts.readable(seller_contract_id);
    const order = this.#orderOf(reference);
    if (order === undefined || order.seller_contract_id !== contractId) {
      throw new ManomanoRefusal(400, 'Order not found');
    }
    if (order.is_mmf) throw new ManomanoRefusal(400, 'Order is fulfilled by ManoMano');
    if (!CARRIERS.includes(shipping.carrier)) throw new ManomanoRefusal(400, 'Unknown carrier');
    const ordered = quantitiesOf(order.products);
    const products = shipping.products ? quantitiesOf(shipping.products) : ordered;
    const packed = (sku: string): number =>
      this.of(reference).reduce((sum, each) => sum + (each.products[sku] ?? 0), 0);
    for (const [sku, quantity] of Object.entries(products)) {
      if (ordered[sku] === undefined) throw new ManomanoRefusal(400, 'Product not found');
      if (order.status === 'SHIPPED' || packed(sku) + quantity > ordered[sku]) {
        throw new ManomanoRefusal(400, 'Product already in package');
      }
    }
    if (order.status !== 'PREPARATION') throw new ManomanoRefusal(400, 'Order is not in preparation');
    const parcel = {
      carrier: shipping.carrier,
      trackingNumber: shipping.tracking_number,
      trackingUrl: shipping.tracking_url,
      products,
    };
    this.#packages.set(reference, [...this.of(reference), parcel]);
    const isShipped = Object.entries(ordered).every(([sku, quantity]) => packed(sku) >= quantity);
    this.#put({
      ...order,
      status: isShipped ? 'SHIPPED' : order.status,
      status_updated_at: isShipped
        ? new Date(Math.floor(this.#now() / 1000) * 1000).toISOString().replace('.000Z', 'Z')
        : order.status_updated_at,
    });
  }
}

function parsed(body: string): readonly Shipping[] {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new ManomanoRefusal(400, 'The body is not JSON');
  }
  const request = requestSchema.safeParse(json);
  if (!request.success) throw new ManomanoRefusal(400, z.prettifyError(request.error));
  return request.data;
}

function quantitiesOf(
  products: readonly { readonly seller_sku: string; readonly quantity: number }[],
): Record<string, number> {
  const quantities: Record<string, number> = {};
  for (const { seller_sku, quantity } of products) {
    quantities[seller_sku] = (quantities[seller_sku] ?? 0) + quantity;
  }
  return quantities;
}
