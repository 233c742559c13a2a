import type { StoredListing } from '../domain/listing.ts';
import type { ListingChange, ListingPlan, ListingRules, PlanLine } from '../domain/listing-plan.ts';
import type { ListingSync } from '../domain/listing-sync.ts';
import { formatMinor, type Money, parseDecimal } from '../domain/money.ts';
import type { Product, WrittenProduct } from '../domain/product.ts';

/** A listing's name in an address: its key, spelled so that it may stand there. */
export function listingIdOf(listingKey: string): string {
  return Buffer.from(listingKey).toString('base64url');
}

/** Undefined when it is the name of none. */
export function listingKeyOf(listingId: string): string | undefined {
  const key = Buffer.from(listingId, 'base64url').toString('utf8');
  return listingIdOf(key) === listingId ? key : undefined;
}

export function shownListing({ listing, match, decision, changedAt, version }: StoredListing) {
  return {
    listingId: listingIdOf(listing.listingKey),
    channel: listing.channelId,
    marketplace: listing.marketplace,
    siteId: listing.siteId,
    remoteId: listing.remoteId ?? null,
    sku: listing.sku ?? null,
    ean: listing.ean ?? null,
    title: listing.title ?? null,
    price: shownMoney(listing.price),
    quantity: listing.quantity ?? null,
    status: listing.status,
    partnerStatus: listing.partnerStatus,
    fulfilledBy: listing.fulfilledBy,
    imageUrl: listing.imageUrl ?? null,
    link: listing.link ?? null,
    issues: listing.issues,
    model: listing.model ?? null,
    match: { state: match.state, by: match.by ?? null, skus: match.skus, eanDiffers: match.eanDiffers },
    decision:
      decision === undefined
        ? null
        : { kind: decision.kind, sku: decision.sku ?? null, by: decision.by, at: decision.at },
    changedAt,
    version,
  };
}

export function shownProduct({ sku, ean, title, price, vatRateBp, quantity, imageUrls }: Product) {
  return {
    sku,
    ean: ean ?? null,
    title,
    price: { amount: formatMinor(price.amountMinor, price.currency), currency: price.currency },
    vatRate: formatMinor(vatRateBp, 'EUR'),
    quantity,
    imageUrls,
  };
}

/** A product as it is sent: amounts as `19.90`, the rate as `22`. What cannot be read is left out, and found wrong. */
export function writtenProduct(named: {
  readonly sku: string;
  readonly ean?: string | undefined;
  readonly title: string;
  readonly price: { readonly amount: string; readonly currency: string };
  readonly vatRate: string;
  readonly quantity: number;
  readonly imageUrls?: readonly string[] | undefined;
}): WrittenProduct {
  const { sku, ean = '', title, price, vatRate, quantity, imageUrls = [] } = named;
  const amountMinor = minorOf(price.amount, price.currency);
  return {
    sku,
    ean,
    title,
    price: amountMinor === undefined ? undefined : { amountMinor, currency: price.currency },
    vatRateBp: rateOf(vatRate),
    quantity,
    imageUrls,
  };
}

/** `22` or `22.5` percent in hundredths. */
export function rateOf(percent: string): number | undefined {
  return minorOf(percent, 'EUR');
}

export function shownPlan(plan: ListingPlan) {
  const { planId, channelId, requestedBy, requestedAt, state, rules, counts, zeroesToConfirm } = plan;
  return {
    planId,
    channel: channelId,
    requestedBy,
    requestedAt,
    state,
    rules: shownRules(rules),
    counts: counts ?? null,
    zeroesToConfirm: zeroesToConfirm ?? null,
    approvedBy: plan.approvedBy ?? null,
    approvedAt: plan.approvedAt ?? null,
    endedAt: plan.endedAt ?? null,
  };
}

export function shownLine({ listingKey, listing, productSku, from, to, state, code, attempts }: PlanLine) {
  return {
    listingId: listingIdOf(listingKey),
    sku: listing.sku ?? null,
    title: listing.title ?? null,
    remoteId: listing.remoteId ?? null,
    productSku,
    from: shownChange(from),
    to: shownChange(to),
    state,
    code: code ?? null,
    attempts,
  };
}

export function shownRules({
  pushesPrice,
  pushesQuantity,
  priceFactorBp,
  rounding,
  quantityReserve,
}: ListingRules) {
  return { pushesPrice, pushesQuantity, priceFactorBp, rounding, quantityReserve };
}

export function shownLook(on: boolean, sync: ListingSync | undefined) {
  const last = sync?.last;
  return {
    on,
    nextAt: sync?.dueAt ?? null,
    preparing: sync?.preparing !== undefined,
    problem: sync?.problem ?? null,
    last: last === undefined ? null : { ...last, firstProblem: last.firstProblem ?? null },
  };
}

function shownChange({ price, quantity }: ListingChange) {
  return { price: shownMoney(price), quantity: quantity ?? null };
}

function shownMoney(money: Money | undefined) {
  if (money === undefined) return null;
  return { amount: formatMinor(money.amountMinor, money.currency), currency: money.currency };
}

function minorOf(text: string, currency: string): number | undefined {
  try {
    return parseDecimal(text, currency);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
