import type { MatchedProduct } from '../domain/listing-match.ts';
import type { Product } from '../domain/product.ts';

/** The shop's own catalogue. */
export interface ProductStore {
  get(sku: string): Promise<Product | undefined>;
  /** Those that there are, by SKU. */
  getMany(skus: readonly string[]): Promise<ReadonlyMap<string, Product>>;
  /** Writes those that are new or differ, and nothing else. SKUs must be distinct. */
  putMany(
    products: readonly Product[],
    at: string,
  ): Promise<{ readonly created: number; readonly changed: number; readonly unchanged: number }>;
  /** `exists` when the SKU is taken. */
  create(product: Product, at: string): Promise<'created' | 'exists'>;
  /**
   * By SKU. As with listings, a narrow filter may leave pages short.
   * @throws RangeError when the cursor is none of this list's
   */
  list(query: {
    readonly text?: string | undefined;
    readonly limit: number;
    readonly cursor?: string | undefined;
  }): Promise<{ readonly products: readonly Product[]; readonly cursor: string | undefined }>;
  /** What matching looks at, of the whole catalogue. */
  matchable(): AsyncIterable<readonly MatchedProduct[]>;
  /** The whole catalogue, page by page. */
  all(): AsyncIterable<readonly Product[]>;
}
