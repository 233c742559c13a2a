import { z } from 'zod';
import { countSchema, paged, parseQuery } from './answers.ts';
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

/** The offers of a seller, by contract. Source: Partner API docs, "Get offers information". */
export class OffersApi {
  readonly #offers: ReadonlyMap<number, readonly ManomanoOffer[]>;
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
}
