import { eanOf } from './ean.ts';
import type { Money } from './money.ts';

/** One product of the shop's own catalogue. */
export interface Product {
  /** Text, exactly as it was given: `1E5`, `00123`. Names the product. */
  readonly sku: string;
  readonly ean?: string | undefined;
  readonly title: string;
  /** VAT included, before any channel's rules. */
  readonly price: Money;
  /** Percent in hundredths: 2200 is 22 %. */
  readonly vatRateBp: number;
  /** Pieces that can be sold. */
  readonly quantity: number;
  readonly imageUrls: readonly string[];
}

/** What may be wrong with a product as somebody wrote it. */
export const PRODUCT_FAULTS = [
  'sku-malformed',
  'ean-malformed',
  'title-malformed',
  'price-malformed',
  'currency-malformed',
  'vat-rate-malformed',
  'quantity-malformed',
  'image-malformed',
] as const;
export type ProductFault = (typeof PRODUCT_FAULTS)[number];

/** Amazon's limit is 40 characters, eBay's 50; more is nobody's. */
const SKU_LENGTH_MAX = 80;
const TITLE_LENGTH_MAX = 500;
const PRICE_MINOR_MAX = 100_000_000;
const QUANTITY_MAX = 1_000_000;
const IMAGES_MAX = 24;
const URL_LENGTH_MAX = 1_000;

/** A product as text brings it: everything that could not be read is undefined. */
export interface WrittenProduct extends Omit<Product, 'price' | 'vatRateBp' | 'quantity' | 'ean'> {
  readonly ean: string;
  readonly price: Money | undefined;
  readonly vatRateBp: number | undefined;
  readonly quantity: number | undefined;
}

/** The product, or everything that is wrong with it. An empty EAN is none. */
export function checkedProduct(written: WrittenProduct): Product | readonly ProductFault[] {
  const { sku, title, price, vatRateBp, quantity, imageUrls } = written;
  const ean = written.ean === '' ? undefined : eanOf(written.ean);
  const faults: ProductFault[] = [];
  if (!isSku(sku)) faults.push('sku-malformed');
  if (written.ean !== '' && ean === undefined) faults.push('ean-malformed');
  if (title.trim() === '' || title.length > TITLE_LENGTH_MAX) faults.push('title-malformed');
  if (price === undefined || !isCount(price.amountMinor, PRICE_MINOR_MAX) || price.amountMinor === 0) {
    faults.push('price-malformed');
  }
  if (price !== undefined && !/^[A-Z]{3}$/.test(price.currency)) faults.push('currency-malformed');
  if (vatRateBp === undefined || !isCount(vatRateBp, 10_000)) faults.push('vat-rate-malformed');
  if (quantity === undefined || !isCount(quantity, QUANTITY_MAX)) faults.push('quantity-malformed');
  if (imageUrls.length > IMAGES_MAX || !imageUrls.every(isImageUrl)) faults.push('image-malformed');
  if (faults.length > 0 || price === undefined || vatRateBp === undefined || quantity === undefined) {
    return faults;
  }
  return { sku, ean, title: title.trim(), price, vatRateBp, quantity, imageUrls };
}

/** Printable, and no space around it: what cannot be seen cannot be told apart. */
export function isSku(text: string): boolean {
  return text.length >= 1 && text.length <= SKU_LENGTH_MAX && text === text.trim() && !/\p{C}/u.test(text);
}

function isCount(value: number, max: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value <= max;
}

function isImageUrl(text: string): boolean {
  return text.length <= URL_LENGTH_MAX && /^https:\/\/[^\s"<>]+$/.test(text);
}

/** Whether two products are the same in everything. */
export function isSameProduct(one: Product, other: Product): boolean {
  return (
    one.sku === other.sku &&
    one.ean === other.ean &&
    one.title === other.title &&
    one.price.amountMinor === other.price.amountMinor &&
    one.price.currency === other.price.currency &&
    one.vatRateBp === other.vatRateBp &&
    one.quantity === other.quantity &&
    one.imageUrls.length === other.imageUrls.length &&
    one.imageUrls.every((url, at) => url === other.imageUrls[at])
  );
}
