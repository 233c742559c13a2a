import type { Channel } from '../domain/channel.ts';
import type { ListingDecision, StoredListing } from '../domain/listing.ts';
import { listingJob } from '../domain/listing-job.ts';
import { matchOf } from '../domain/listing-match.ts';
import { areRules, DEFAULT_RULES, type ListingPlan, type ListingRules } from '../domain/listing-plan.ts';
import type { ListingSync } from '../domain/listing-sync.ts';
import { checkedProduct, type Product, type ProductFault, type WrittenProduct } from '../domain/product.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { ListingPlanStore } from '../ports/listing-plan-store.ts';
import type { ListingStore, ListingSyncStore } from '../ports/listing-store.ts';
import type { ProductStore } from '../ports/product-store.ts';
import { type Acting, noteActivity } from './acting.ts';
import { readMatchIndex } from './match-listings.ts';
import type { ListingQueues } from './plan-listings.ts';

const MINUTE_MS = 60_000;
/** Before a dry run or push whose message was lost is asked for again. */
const LOST_AFTER_MS = 2 * MINUTE_MS;
/** A dry run that is older compares with prices and quantities of another day. */
const APPROVABLE_MS = 24 * 60 * MINUTE_MS;

export interface ManageListingsDeps extends Omit<Acting, 'actor'> {
  readonly listings: ListingStore;
  readonly syncs: ListingSyncStore;
  readonly products: ProductStore;
  readonly plans: ListingPlanStore;
  readonly channels: Pick<ChannelStore, 'getChannel' | 'listChannels'>;
  readonly queues: ListingQueues;
  /** Makes what follows the time in a dry run's id. */
  readonly newId: () => string;
}
type ActingDeps = ManageListingsDeps & Pick<Acting, 'actor'>;

/** What a person decides about one listing; undefined takes the last decision back. */
export type Wish =
  | { readonly kind: 'linked'; readonly sku: string }
  | { readonly kind: 'ignored' }
  | undefined;

/** Links a listing with a product, has it left alone, or takes that back. */
export async function decideListing(
  deps: ActingDeps,
  { channelId, listingKey }: { readonly channelId: string; readonly listingKey: string },
  wish: Wish,
  expectedVersion: number,
): Promise<
  | { readonly outcome: 'decided'; readonly stored: StoredListing }
  | { readonly outcome: 'conflict' }
  | { readonly outcome: 'unknown-product' }
  | undefined
> {
  const { listings, products, clock, actor } = deps;
  const stored = await listings.get(channelId, listingKey);
  if (stored === undefined) return undefined;
  const linked = wish?.kind === 'linked' ? await products.get(wish.sku) : undefined;
  if (wish?.kind === 'linked' && linked === undefined) return { outcome: 'unknown-product' };
  const decision: ListingDecision | undefined = wish && { ...wish, by: actor, at: isoInstant(clock.now()) };
  const index =
    linked === undefined && wish === undefined
      ? await readMatchIndex(deps)
      : { bySku: new Map(linked === undefined ? [] : [[linked.sku, linked]]), byEan: new Map() };
  const match = matchOf(stored.listing, decision, index);
  if ((await listings.decide({ channelId, listingKey }, decision, match, expectedVersion)) === 'conflict') {
    return { outcome: 'conflict' };
  }
  await noteActivity(deps, {
    action: wish === undefined ? 'listing-decision-undone' : `listing-${wish.kind}`,
    subject: `listing/${channelId}/${listingKey}`,
    before: { sku: stored.decision?.sku ?? null, decision: stored.decision?.kind ?? null },
    after: { sku: decision?.sku ?? null, decision: decision?.kind ?? null },
  });
  return { outcome: 'decided', stored: { ...stored, decision, match, version: expectedVersion + 1 } };
}

/** Makes a product of the catalogue from a listing, and matches the two. What a listing does not say has to be given. */
export async function importListing(
  deps: ActingDeps,
  name: { readonly channelId: string; readonly listingKey: string },
  given: { readonly sku?: string | undefined; readonly vatRateBp: number },
): Promise<
  | { readonly outcome: 'imported'; readonly product: Product }
  | { readonly outcome: 'exists' }
  | { readonly outcome: 'invalid'; readonly faults: readonly ProductFault[] }
  | undefined
> {
  const { listings, products, clock } = deps;
  const stored = await listings.get(name.channelId, name.listingKey);
  if (stored === undefined) return undefined;
  const { sku, ean, title, price, quantity, imageUrl } = stored.listing;
  const written: WrittenProduct = {
    sku: given.sku ?? sku ?? '',
    ean: ean ?? '',
    title: title ?? sku ?? '',
    price,
    vatRateBp: given.vatRateBp,
    quantity: quantity ?? 0,
    imageUrls: imageUrl?.startsWith('https://') ? [imageUrl] : [],
  };
  const product = checkedProduct(written);
  if (!('sku' in product)) return { outcome: 'invalid', faults: product };
  if ((await products.create(product, isoInstant(clock.now()))) === 'exists') return { outcome: 'exists' };
  const index = { bySku: new Map([[product.sku, product]]), byEan: new Map() };
  const match = matchOf(stored.listing, stored.decision, index);
  if (match.state === 'matched') await listings.setMatches([{ stored, match }]);
  else if (stored.decision === undefined)
    await decideListing(deps, name, { kind: 'linked', sku: product.sku }, stored.version);
  await noteActivity(deps, {
    action: 'product-imported',
    subject: `product/${product.sku}`,
    after: { from: `${name.channelId}/${name.listingKey}` },
  });
  return { outcome: 'imported', product };
}

/** One product as somebody wrote it, and what is wrong with it. */
export interface RejectedProduct {
  readonly sku: string;
  readonly faults: readonly (ProductFault | 'sku-twice')[];
}

/** Takes products into the catalogue, those that are right; then every channel is matched anew. */
export async function putProducts(
  deps: ActingDeps,
  written: readonly WrittenProduct[],
): Promise<{
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly rejected: readonly RejectedProduct[];
}> {
  const { products, channels, queues, clock } = deps;
  const rejected: RejectedProduct[] = [];
  const taken = new Map<string, Product>();
  for (const each of written) {
    const product = checkedProduct(each);
    if (!('sku' in product)) rejected.push({ sku: each.sku, faults: product });
    else if (taken.has(product.sku)) rejected.push({ sku: each.sku, faults: ['sku-twice'] });
    else taken.set(product.sku, product);
  }
  const at = isoInstant(clock.now());
  const put = await products.putMany([...taken.values()], at);
  if (put.created + put.changed > 0) {
    for (const channel of await channels.listChannels()) {
      if (channel.listingsSync !== true || channel.archivedAt !== undefined) continue;
      await queues[channel.marketplace].send(
        listingJob(channel, 'match', `catalogue/${at}/${channel.channelId}`),
      );
    }
    await noteActivity(deps, {
      action: 'products-put',
      subject: 'catalogue',
      after: { created: put.created, changed: put.changed, rejected: rejected.length },
    });
  }
  return { ...put, rejected };
}

/** Asks for a look at a channel's listings now. */
export async function requestLook(
  { channels, syncs, queues, clock }: ManageListingsDeps,
  channelId: string,
): Promise<'requested' | 'under-way' | 'off' | undefined> {
  const channel = await channels.getChannel(channelId);
  if (channel === undefined) return undefined;
  if (channel.listingsSync !== true || channel.archivedAt !== undefined) return 'off';
  const at = isoInstant(clock.now());
  const sync = await syncs.get(channelId);
  if (sync !== undefined && sync.dueAt > at) {
    if (sync.startedAt !== undefined && sync.problem === undefined) return 'under-way';
    if ((await syncs.change({ ...sync, dueAt: at }, sync.version)) === 'conflict') return 'under-way';
  }
  await queues[channel.marketplace].send(listingJob(channel, 'pull', `request/${at}/${channelId}`));
  return 'requested';
}

/** Where a channel's looks are; undefined when there is no such channel. */
export async function readLook(
  { channels, syncs }: ManageListingsDeps,
  channelId: string,
): Promise<{ readonly channel: Channel; readonly sync: ListingSync | undefined } | undefined> {
  const channel = await channels.getChannel(channelId);
  return channel && { channel, sync: await syncs.get(channelId) };
}

export async function readRules(
  { channels, plans }: ManageListingsDeps,
  channelId: string,
): Promise<ListingRules | undefined> {
  if ((await channels.getChannel(channelId)) === undefined) return undefined;
  return (await plans.getRules(channelId)) ?? DEFAULT_RULES;
}

/** Changes the rules by which a channel's prices and quantities come from the catalogue. */
export async function changeRules(
  deps: ActingDeps,
  channelId: string,
  rules: Omit<ListingRules, 'version'>,
  expectedVersion: number,
): Promise<
  | { readonly outcome: 'changed'; readonly rules: ListingRules }
  | { readonly outcome: 'conflict' }
  | { readonly outcome: 'invalid' }
  | undefined
> {
  const before = await readRules(deps, channelId);
  if (before === undefined) return undefined;
  const changed = { ...rules, version: expectedVersion };
  if (!areRules(changed)) return { outcome: 'invalid' };
  if ((await deps.plans.changeRules(channelId, changed, expectedVersion)) === 'conflict')
    return { outcome: 'conflict' };
  await noteActivity(deps, {
    action: 'listing-rules-changed',
    subject: `channel/${channelId}`,
    before: { priceFactorBp: before.priceFactorBp, quantityReserve: before.quantityReserve },
    after: { priceFactorBp: rules.priceFactorBp, quantityReserve: rules.quantityReserve },
  });
  return { outcome: 'changed', rules: { ...changed, version: expectedVersion + 1 } };
}

/** Asks for a dry run: what would differ, listing by listing. Nothing is told by it. */
export async function requestPlan(
  deps: ActingDeps,
  channelId: string,
  onlyKeys: readonly string[] | undefined,
): Promise<ListingPlan | undefined> {
  const { channels, plans, queues, clock, newId, actor } = deps;
  const channel = await channels.getChannel(channelId);
  if (channel === undefined || channel.archivedAt !== undefined) return undefined;
  const nowMs = clock.now();
  const plan: ListingPlan = {
    planId: `${isoInstant(nowMs).replaceAll(/\D/g, '')}-${newId()}`,
    channelId,
    marketplace: channel.marketplace,
    requestedBy: actor,
    requestedAt: isoInstant(nowMs),
    ...(onlyKeys === undefined ? {} : { onlyKeys }),
    state: 'preparing',
    rules: (await plans.getRules(channelId)) ?? DEFAULT_RULES,
    dueAt: isoInstant(nowMs + LOST_AFTER_MS),
    version: 1,
  };
  await plans.create(plan);
  await queues[channel.marketplace].send(listingJob(channel, 'plan', `plan/${plan.planId}`, plan.planId));
  return plan;
}

export type ApprovedPlan =
  | { readonly outcome: 'approved'; readonly plan: ListingPlan }
  | { readonly outcome: 'not-ready' | 'too-old' | 'nothing-to-push' | 'off' | 'conflict' }
  | { readonly outcome: 'zeroes-not-confirmed'; readonly zeroes: number };

/**
 * Has a dry run carried out. One in which many listings would go to zero is carried out only for who says how many.
 * Approved twice, it is carried out once.
 */
export async function approvePlan(
  deps: ActingDeps,
  name: { readonly channelId: string; readonly planId: string },
  confirmedZeroes: number | undefined,
): Promise<ApprovedPlan | undefined> {
  const { channels, plans, queues, clock, actor } = deps;
  const plan = await plans.get(name);
  if (plan === undefined) return undefined;
  if (plan.state === 'approved' || plan.state === 'ended') return { outcome: 'approved', plan };
  if (plan.state !== 'ready') return { outcome: 'not-ready' };
  const nowMs = clock.now();
  if (nowMs - Date.parse(plan.requestedAt) > APPROVABLE_MS) return { outcome: 'too-old' };
  if ((plan.counts?.changes ?? 0) === 0) return { outcome: 'nothing-to-push' };
  if (plan.zeroesToConfirm !== undefined && plan.zeroesToConfirm !== confirmedZeroes) {
    return { outcome: 'zeroes-not-confirmed', zeroes: plan.zeroesToConfirm };
  }
  const channel = await channels.getChannel(plan.channelId);
  if (channel?.listingsSync !== true || channel.archivedAt !== undefined) return { outcome: 'off' };
  const at = isoInstant(nowMs);
  const approved: ListingPlan = { ...plan, state: 'approved', approvedBy: actor, approvedAt: at, dueAt: at };
  if ((await plans.change(approved, plan.version)) === 'conflict') return { outcome: 'conflict' };
  await noteActivity(deps, {
    action: 'listing-plan-approved',
    subject: `channel/${plan.channelId}`,
    after: { planId: plan.planId, changes: plan.counts?.changes ?? 0, toZero: plan.counts?.toZero ?? 0 },
  });
  await queues[plan.marketplace].send(listingJob(plan, 'push', `plan/${plan.planId}`, plan.planId));
  return { outcome: 'approved', plan: { ...approved, version: plan.version + 1 } };
}
