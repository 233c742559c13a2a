import { z } from 'zod';
import { countSchema, ManomanoRefusal, paged, parseQuery } from './answers.ts';
import type { Contracts } from './contracts.ts';
import { type ManomanoOrder, manomanoOrderSchema } from './schemas.ts';

const PAGE_SIZE_DEFAULT = 30;
const PAGE_SIZE_MAX = 100;
const PAGES_MAX = 100_000;

const contractSchema = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
/** Whole seconds in UTC, the only form that working clients send. */
const instantSchema = z.iso
  .datetime({ precision: 0 })
  .transform((text) => Date.parse(text))
  .optional();

const listSchema = z.strictObject({
  seller_contract_id: contractSchema,
  status: z.string().min(1).optional(),
  order_reference: z.string().min(1).optional(),
  carrier: z.string().min(1).optional(),
  created_at_start: instantSchema,
  created_at_end: instantSchema,
  status_updated_at_start: instantSchema,
  status_updated_at_end: instantSchema,
  page: countSchema(PAGES_MAX).default(1),
  limit: countSchema(PAGE_SIZE_MAX).default(PAGE_SIZE_DEFAULT),
});
export const contractQuerySchema = z.strictObject({ seller_contract_id: contractSchema });

/** The orders of a seller, by contract. Source: Partner API docs, "Get a list of orders". */
export class OrdersApi {
  /** ManoMano's own truth, by order reference. */
  readonly #orders = new Map<string, ManomanoOrder>();
  readonly #contracts: Contracts;

  constructor(orders: readonly ManomanoOrder[], contracts: Contracts) {
    this.#contracts = contracts;
    for (const order of orders) this.put(order);
  }

  put(order: ManomanoOrder): void {
    this.#orders.set(order.order_reference, manomanoOrderSchema.parse(order));
  }

  of(reference: string): ManomanoOrder | undefined {
    return this.#orders.get(reference);
  }

  list(url: URL): object {
    const query = parseQuery(listSchema, url.searchParams);
    const contract = this.#contracts.readable(query.seller_contract_id);
    const created = within('created_at', query.created_at_start, query.created_at_end);
    const updated = within('status_updated_at', query.status_updated_at_start, query.status_updated_at_end);
    const found = [...this.#orders.values()]
      .filter(
        (order) =>
          order.seller_contract_id === contract.contractId &&
          created(order.created_at) &&
          updated(order.status_updated_at) &&
          (query.status === undefined || order.status === query.status) &&
          (query.order_reference === undefined || order.order_reference === query.order_reference) &&
          (query.carrier === undefined || order.products.some(({ carrier }) => carrier === query.carrier)),
      )
      // Nobody says how they are sorted; newest first is what a list for people would do.
      .sort(
        (a, b) =>
          Date.parse(b.created_at) - Date.parse(a.created_at) ||
          (a.order_reference < b.order_reference ? -1 : 1),
      );
    return paged(
      found.map((order) => shown(order, contract.amounts)),
      query,
      url,
    );
  }

  get(reference: string, url: URL): object {
    const { seller_contract_id } = parseQuery(contractQuerySchema, url.searchParams);
    const contract = this.#contracts.readable(seller_contract_id);
    const order = this.#orders.get(reference);
    if (order === undefined || order.seller_contract_id !== contract.contractId) {
      throw new ManomanoRefusal(404, 'Order not found');
    }
    return { content: shown(order, contract.amounts) };
  }
}

/** Both bounds belong to the window. */
function within(
  field: string,
  startMs: number | undefined,
  endMs: number | undefined,
): (instant: string) => boolean {
  if (startMs !== undefined && endMs !== undefined && startMs > endMs) {
    throw new ManomanoRefusal(400, `${field}_start is after ${field}_end`);
  }
  return (instant) => {
    const ms = Date.parse(instant);
    return (startMs === undefined || ms >= startMs) && (endMs === undefined || ms <= endMs);
  };
}

/** The same order with its amounts as this contract's answers write them. */
function shown(order: ManomanoOrder, amounts: 'number' | 'string'): unknown {
  if (amounts === 'string') return order;
  return JSON.parse(JSON.stringify(order), (key, value) => (key === 'amount' ? Number(value) : value));
}
