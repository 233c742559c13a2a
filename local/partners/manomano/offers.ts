import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { countSchema, ManomanoRefusal, paged, parseQuery } from './answers.ts';
import type { Contracts } from './contracts.ts';
import { type ManomanoOffer, manomanoOfferSchema } from './schemas.ts';

const PAGE_SIZE_DEFAULT = 100;
const PAGE_SIZE_MAX = 1_000;
const SKUS_MAX = 50;

const listSchema = z.strictObject({
  seller_contract_id: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
  page: countSchema(100_000).default(1),
  limit: countSchema(PAGE_SIZE_MAX).default(PAGE_SIZE_DEFAULT),
  skus: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.string().min(1)).max(SKUS_MAX))
    .optional(),
  offer_online: z.enum(['true', 'false']).optional(),
});

/** Partner API docs, "Update offers": prices with VAT, and stock; either may be left out. */
const updateSchema = z.strictObject({
  content: z
    .array(
      z.strictObject({
        seller_contract_id: z.int(),
        items: z
          .array(
            z.strictObject({
              sku: z.string().min(1),
              price: z.strictObject({ price_vat_included: z.number().positive() }).optional(),
              stock: z.strictObject({ quantity: z.int().min(0) }).optional(),
            }),
          )
          .min(1),
      }),
    )
    .min(1),
});

/** The offers of a seller, by contract. Source: Partner API docs, "Get offers information". */
export class OffersApi {
  readonly #offers: Map<number, readonly ManomanoOffer[]>;
  /** Updates that were taken and not carried out yet. */
  readonly #waiting: (() => void)[] = [];
  readonly #contracts: Contracts;

  constructor(offers: ReadonlyMap<number, readonly ManomanoOffer[]>, contracts: Contracts) {
    this.#offers = new Map(
      [...offers].map(([contractId, each]) => [
        contractId,
        each.map((offer) => manomanoOfferSchema.parse(offer)),
      ]),
    );
    this.#contracts = contracts;
  }

  list(url: URL): object {
    const query = parseQuery(listSchema, url.searchParams);
    const { contractId } = this.#contracts.readable(query.seller_contract_id);
    const found = (this.#offers.get(contractId) ?? []).filter(
      ({ sku, stock }) =>
        (query.skus === undefined || query.skus.includes(sku)) &&
        (query.offer_online === undefined || String(stock > 0) === query.offer_online),
    );
    return paged(found, query, url);
  }

  offer(contractId: number, sku: string): ManomanoOffer | undefined {
    return this.#offers.get(contractId)?.find((offer) => offer.sku === sku);
  }

  /** Takes an update; it shows when the work is done. What is unknown is named in a 207. */
  update(body: string): { readonly status: number; readonly body: object } {
    const parsed = updateSchema.safeParse(JSON.parse(body));
    if (!parsed.success) throw new ManomanoRefusal(400, 'not an update of offers');
    const refused: object[] = [];
    for (const { seller_contract_id, items } of parsed.data.content) {
      const { contractId } = this.#contracts.readable(seller_contract_id);
      for (const { sku, price, stock } of items) {
        if (this.offer(contractId, sku) === undefined) {
          refused.push({ sku, errors: [{ code: 'ERR_1404', message: 'unknown' }] });
          continue;
        }
        this.#waiting.push(() => {
          const offers = this.#offers.get(contractId) ?? [];
          const changed = (offer: ManomanoOffer): ManomanoOffer => ({
            ...offer,
            price: price?.price_vat_included ?? offer.price,
            stock: stock?.quantity ?? offer.stock,
          });
          this.#offers.set(
            contractId,
            offers.map((offer) => (offer.sku === sku ? changed(offer) : offer)),
          );
        });
      }
    }
    return refused.length === 0
      ? { status: 200, body: { request_id: randomUUID() } }
      : { status: 207, body: { content: refused } };
  }

  /** Carries out what was taken. */
  finishUpdates(): void {
    for (const update of this.#waiting.splice(0)) update();
  }
}
