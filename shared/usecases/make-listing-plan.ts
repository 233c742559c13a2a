import type { ListingJob } from '../domain/listing-job.ts';
import {
  type ListingPlan,
  type PlanCounts,
  type PlanLine,
  plannedListing,
  zeroesLookWrong,
} from '../domain/listing-plan.ts';
import type { Product } from '../domain/product.ts';
import type { ListingPlanStore } from '../ports/listing-plan-store.ts';
import type { ListingStore } from '../ports/listing-store.ts';
import type { ProductStore } from '../ports/product-store.ts';

export interface MakeListingPlanDeps {
  readonly plans: ListingPlanStore;
  readonly listings: Pick<ListingStore, 'all'>;
  readonly products: Pick<ProductStore, 'all'>;
}

export interface MadeListingPlan {
  readonly outcome: 'ready' | 'nothing-to-do';
  readonly counts?: PlanCounts | undefined;
  readonly zeroesToConfirm?: number | undefined;
}

/** Compares the catalogue with a channel's listings and stores every difference. Asks no marketplace. */
export async function makeListingPlan(deps: MakeListingPlanDeps, job: ListingJob): Promise<MadeListingPlan> {
  const { plans, listings } = deps;
  if (job.planId === undefined) throw new RangeError('a job without its plan');
  const plan = await plans.get({ channelId: job.channelId, planId: job.planId });
  if (plan?.state !== 'preparing') return { outcome: 'nothing-to-do' };
  const catalogue = await readCatalogue(deps);
  const only = plan.onlyKeys === undefined ? undefined : new Set(plan.onlyKeys);
  const counts = { compared: 0, changes: 0, prices: 0, quantities: 0, toZero: 0, leftAlone: 0 };
  let forSale = 0;
  for await (const page of listings.all(plan.channelId)) {
    const lines: PlanLine[] = [];
    for (const stored of page) {
      if (only?.has(stored.listing.listingKey) === false) continue;
      const planned = plannedListing(stored, (sku) => catalogue.get(sku), plan.rules);
      if (planned.outcome === 'not-matched') continue;
      counts.compared += 1;
      if (planned.outcome === 'left-alone') counts.leftAlone += 1;
      if (planned.outcome !== 'changes') {
        if (planned.isForSale) forSale += 1;
        continue;
      }
      const { line, goesToZero, isForSale } = planned;
      lines.push(line);
      if (isForSale) forSale += 1;
      counts.changes += 1;
      counts.prices += line.to.price === undefined ? 0 : 1;
      counts.quantities += line.to.quantity === undefined ? 0 : 1;
      counts.toZero += goesToZero ? 1 : 0;
    }
    await plans.putLines(plan, lines);
  }
  const zeroesToConfirm = zeroesLookWrong(counts.toZero, forSale) ? counts.toZero : undefined;
  const made: ListingPlan = { ...plan, state: 'ready', counts, zeroesToConfirm, dueAt: undefined };
  if ((await plans.change(made, plan.version)) === 'conflict') return { outcome: 'nothing-to-do' };
  return { outcome: 'ready', counts, zeroesToConfirm };
}

type Priced = Pick<Product, 'sku' | 'price' | 'quantity'>;

async function readCatalogue({
  products,
}: Pick<MakeListingPlanDeps, 'products'>): Promise<ReadonlyMap<string, Priced>> {
  const catalogue = new Map<string, Priced>();
  for await (const page of products.all()) {
    for (const { sku, price, quantity } of page) catalogue.set(sku, { sku, price, quantity });
  }
  return catalogue;
}
