import type { Listing, StoredListing } from './listing.ts';
import type { Money } from './money.ts';
import type { Marketplace } from './order.ts';
import type { Product } from './product.ts';

/** How a channel's prices and quantities come from the catalogue. */
export interface ListingRules {
  readonly pushesPrice: boolean;
  readonly pushesQuantity: boolean;
  /** In hundredths of a percent: 10500 is five percent on top. */
  readonly priceFactorBp: number;
  /**
   * Prices of the channel end like this: the next one up that is `endMinor` more than a multiple of `stepMinor` (100 and
   * 99 make 12.34 into 12.99). A step of 1 leaves them as they are.
   */
  readonly rounding: { readonly stepMinor: number; readonly endMinor: number };
  /** Pieces that are never offered here. */
  readonly quantityReserve: number;
  /** Counts changes; 0 for the rules that nobody has set. */
  readonly version: number;
}

export const DEFAULT_RULES: ListingRules = {
  pushesPrice: true,
  pushesQuantity: true,
  priceFactorBp: 10_000,
  rounding: { stepMinor: 1, endMinor: 0 },
  quantityReserve: 0,
  version: 0,
};

/** What a marketplace is to be told of one listing; what stays is left out. */
export interface ListingChange {
  readonly price?: Money | undefined;
  readonly quantity?: number | undefined;
}

export const PLAN_LINE_STATES = [
  'planned',
  'sending',
  'accepted',
  'done',
  'refused',
  'unclear',
  'outdated',
] as const;
/**
 * `sending`: the intent is stored, and nobody has said what came of it. `accepted`: the marketplace has it and works on
 * it. `outdated`: the listing was changed or ended between the dry run and the push.
 */
export type PlanLineState = (typeof PLAN_LINE_STATES)[number];

/** One listing of a dry run, and what became of it. */
export interface PlanLine {
  readonly listingKey: string;
  readonly listing: Pick<Listing, 'siteId' | 'remoteId' | 'sku' | 'title' | 'model' | 'productType'>;
  readonly productSku: string;
  /** As the listing was at the dry run. */
  readonly from: ListingChange;
  readonly to: ListingChange;
  readonly state: PlanLineState;
  /** Why it was refused, or what is not clear: the marketplace's code. */
  readonly code?: string | undefined;
  readonly attempts: number;
  /** When it was last sent. ISO instant. */
  readonly sentAt?: string | undefined;
}

export const PLAN_STATES = ['preparing', 'ready', 'approved', 'ended'] as const;
export type PlanState = (typeof PLAN_STATES)[number];

/** A dry run, and the push that may follow it. */
export interface ListingPlan {
  readonly planId: string;
  readonly channelId: string;
  readonly marketplace: Marketplace;
  readonly requestedBy: string;
  readonly requestedAt: string;
  /** Only these listings; undefined: all of the channel. */
  readonly onlyKeys?: readonly string[] | undefined;
  readonly state: PlanState;
  readonly rules: ListingRules;
  /** What the dry run came to; undefined while it is being made. */
  readonly counts?: PlanCounts | undefined;
  /** So many listings would go to zero that a person has to say so first, with this number. */
  readonly zeroesToConfirm?: number | undefined;
  readonly approvedBy?: string | undefined;
  readonly approvedAt?: string | undefined;
  /** When it is looked at again; undefined while it waits for a person, and once it has ended. */
  readonly dueAt?: string | undefined;
  readonly endedAt?: string | undefined;
  readonly version: number;
}

export interface PlanCounts {
  /** Listings matched with a product that could be told something. */
  readonly compared: number;
  readonly changes: number;
  readonly prices: number;
  readonly quantities: number;
  readonly toZero: number;
  /** Matched, and left alone: another currency, ended, or several products. */
  readonly leftAlone: number;
}

/** Whether going to zero looks like a mistake: a tenth of what is for sale, and at least these many; or a great many. */
const ZEROES_MIN = 5;
const ZEROES_SHARE = 10;
const ZEROES_ALWAYS = 100;
/** Nothing is sold for less than this. */
const PRICE_MIN_MINOR = 1;

/** What a buyer pays on this channel for a product. */
export function channelPrice(
  { amountMinor, currency }: Money,
  rules: Pick<ListingRules, 'priceFactorBp' | 'rounding'>,
): Money {
  const { stepMinor, endMinor } = rules.rounding;
  // Whole numbers all along, half up.
  const factored = Number((BigInt(amountMinor) * BigInt(rules.priceFactorBp) + 5_000n) / 10_000n);
  const wanted = Math.max(factored, PRICE_MIN_MINOR);
  const over = (((wanted - endMinor) % stepMinor) + stepMinor) % stepMinor;
  return { amountMinor: over === 0 ? wanted : wanted + stepMinor - over, currency };
}

/** Pieces that are offered on this channel. */
export function channelQuantity(
  quantity: number,
  { quantityReserve }: Pick<ListingRules, 'quantityReserve'>,
): number {
  return Math.max(0, quantity - quantityReserve);
}

/** Whether rules can be kept to: a factor from 10 % to 1000 %, an ending within its step. */
export function areRules({
  priceFactorBp,
  rounding: { stepMinor, endMinor },
  quantityReserve,
}: ListingRules): boolean {
  return (
    isWithin(priceFactorBp, 1_000, 100_000) &&
    isWithin(stepMinor, 1, 100_000) &&
    isWithin(endMinor, 0, stepMinor - 1) &&
    isWithin(quantityReserve, 0, 100_000)
  );
}

/** What is to be told of one listing; undefined when nothing differs, a reason when it is left alone. */
export function differenceOf(
  listing: Listing,
  product: Pick<Product, 'price' | 'quantity'>,
  rules: ListingRules,
): { readonly from: ListingChange; readonly to: ListingChange } | 'left-alone' | undefined {
  if (listing.status === 'ended') return 'left-alone';
  const { price, quantity } = listing;
  const wantedPrice = channelPrice(product.price, rules);
  const otherCurrency = price !== undefined && price.currency !== wantedPrice.currency;
  if (rules.pushesPrice && otherCurrency) return 'left-alone';
  const wantedQuantity = channelQuantity(product.quantity, rules);
  const movesPrice = rules.pushesPrice && price?.amountMinor !== wantedPrice.amountMinor;
  const countsItself = listing.fulfilledBy === 'marketplace';
  const movesQuantity = rules.pushesQuantity && !countsItself && quantity !== wantedQuantity;
  if (!movesPrice && !movesQuantity) return undefined;
  return {
    from: { ...(movesPrice ? { price } : {}), ...(movesQuantity ? { quantity } : {}) },
    to: {
      ...(movesPrice ? { price: wantedPrice } : {}),
      ...(movesQuantity ? { quantity: wantedQuantity } : {}),
    },
  };
}

/** One matched listing of a dry run. */
export type PlannedListing =
  | {
      readonly outcome: 'changes';
      readonly line: PlanLine;
      readonly goesToZero: boolean;
      readonly isForSale: boolean;
    }
  | { readonly outcome: 'same' | 'left-alone' | 'not-matched'; readonly isForSale: boolean };

/** @param productOf the catalogue's product by its SKU */
export function plannedListing(
  { listing, match }: StoredListing,
  productOf: (sku: string) => Pick<Product, 'sku' | 'price' | 'quantity'> | undefined,
  rules: ListingRules,
): PlannedListing {
  const [sku] = match.skus;
  const product = match.state === 'matched' && sku !== undefined ? productOf(sku) : undefined;
  if (product === undefined) return { outcome: 'not-matched', isForSale: false };
  const difference = differenceOf(listing, product, rules);
  const isForSale = isOffered(listing);
  if (difference === undefined) return { outcome: 'same', isForSale };
  if (difference === 'left-alone') return { outcome: 'left-alone', isForSale };
  const { siteId, remoteId, title, model, productType } = listing;
  return {
    outcome: 'changes',
    isForSale,
    goesToZero: difference.to.quantity === 0 && isForSale,
    line: {
      listingKey: listing.listingKey,
      listing: { siteId, remoteId, sku: listing.sku, title, model, productType },
      productSku: product.sku,
      ...difference,
      state: 'planned',
      attempts: 0,
    },
  };
}

/** Whether a person has to be asked before so many listings go to zero. */
export function zeroesLookWrong(toZero: number, forSale: number): boolean {
  return toZero >= ZEROES_ALWAYS || (toZero >= ZEROES_MIN && toZero * ZEROES_SHARE >= forSale);
}

function isOffered({ status, quantity }: Pick<Listing, 'status' | 'quantity'>): boolean {
  return status !== 'ended' && (quantity ?? 0) > 0;
}

/** What a listing has now of what a line is about, compared with what the line wants. */
export function shows(now: ListingChange, wanted: ListingChange): boolean {
  return (
    (wanted.price === undefined ||
      (now.price?.amountMinor === wanted.price.amountMinor &&
        now.price.currency === wanted.price.currency)) &&
    (wanted.quantity === undefined || now.quantity === wanted.quantity)
  );
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}
