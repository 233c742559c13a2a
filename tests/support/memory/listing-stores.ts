import { isDeepStrictEqual } from 'node:util';
import { type Listing, type StoredListing, searchTextOf } from '../../../shared/domain/listing.ts';
import { NO_MATCH } from '../../../shared/domain/listing-match.ts';
import type { ListingPlan, ListingRules, PlanLine } from '../../../shared/domain/listing-plan.ts';
import type { ListingSync } from '../../../shared/domain/listing-sync.ts';
import type { Product } from '../../../shared/domain/product.ts';
import type { ListingPlanStore } from '../../../shared/ports/listing-plan-store.ts';
import type { ListingStore, ListingSyncStore } from '../../../shared/ports/listing-store.ts';
import type { ProductStore } from '../../../shared/ports/product-store.ts';

/** The store's semantics without a database; `writes` counts what was written. */
export class MemoryListingStore implements ListingStore {
  readonly #listings = new Map<string, StoredListing>();
  writes = 0;

  async look(channelId: string): ReturnType<ListingStore['look']> {
    const known = new Map(this.#of(channelId).map((each) => [each.listing.listingKey, each.listing]));
    const seen = new Set<string>();
    return {
      put: async (listings, at) => {
        const fresh = listings.filter(({ listingKey }) => !seen.has(listingKey) && seen.add(listingKey));
        const differing = fresh.filter((each) => !isSame(known.get(each.listingKey), each));
        await this.put(differing, at);
        const created = differing.filter(({ listingKey }) => !known.has(listingKey)).length;
        return { created, changed: differing.length - created };
      },
      endOthers: async (isLookedAt, at) => {
        const gone = [...known.values()].filter(
          ({ listingKey, status }) => status !== 'ended' && !seen.has(listingKey) && isLookedAt(listingKey),
        );
        await this.put(
          gone.map((each) => ({ ...each, status: 'ended' as const })),
          at,
        );
        return gone.length;
      },
    };
  }

  async put(listings: readonly Listing[], at: string): Promise<void> {
    for (const listing of listings) {
      const before = this.#listings.get(keyOf(listing)) ?? { match: NO_MATCH, version: 0 };
      this.#listings.set(keyOf(listing), structuredClone({ ...before, listing, changedAt: at }));
      this.writes += 1;
    }
  }

  async get(channelId: string, listingKey: string): Promise<StoredListing | undefined> {
    return structuredClone(this.#listings.get(keyOf({ channelId, listingKey })));
  }

  async list({ channelId, filter, limit, cursor }: Parameters<ListingStore['list']>[0]) {
    const { text, match, status } = filter;
    const found = this.#of(channelId).filter(
      (each) =>
        (text === undefined || searchTextOf(each.listing).includes(text.toLowerCase())) &&
        (match === undefined || each.match.state === match) &&
        (status === undefined || each.listing.status === status),
    );
    const page = pageOf(found, ({ listing }) => listing.listingKey, limit, cursor);
    return { listings: page.items, cursor: page.cursor };
  }

  async *all(channelId: string): AsyncGenerator<readonly StoredListing[]> {
    yield structuredClone(this.#of(channelId));
  }

  async setMatches(found: Parameters<ListingStore['setMatches']>[0]): Promise<void> {
    for (const { stored, match } of found) {
      const now = this.#listings.get(keyOf(stored.listing));
      if (now === undefined || now.version !== stored.version || isSame(now.match, match)) continue;
      this.#listings.set(keyOf(stored.listing), structuredClone({ ...now, match }));
      this.writes += 1;
    }
  }

  async decide(...[name, decision, match, expected]: Parameters<ListingStore['decide']>) {
    const now = this.#listings.get(keyOf(name));
    if (now?.version !== expected) return 'conflict' as const;
    const next = { ...now, decision, match, version: expected + 1 };
    this.#listings.set(keyOf(name), structuredClone(next));
    return 'decided' as const;
  }

  #of(channelId: string): StoredListing[] {
    return [...this.#listings.values()]
      .filter(({ listing }) => listing.channelId === channelId)
      .sort((a, b) => (a.listing.listingKey < b.listing.listingKey ? -1 : 1));
  }
}

export class MemoryListingSyncStore implements ListingSyncStore {
  readonly #syncs = new Map<string, ListingSync>();
  async get(channelId: string): Promise<ListingSync | undefined> {
    return structuredClone(this.#syncs.get(channelId));
  }
  async change(sync: ListingSync, expectedVersion: number): Promise<'changed' | 'conflict'> {
    if ((this.#syncs.get(sync.channelId)?.version ?? 0) !== expectedVersion) return 'conflict';
    this.#syncs.set(sync.channelId, structuredClone({ ...sync, version: expectedVersion + 1 }));
    return 'changed';
  }
}

export class MemoryProductStore implements ProductStore {
  readonly #products = new Map<string, Product>();
  writes = 0;
  async get(sku: string): Promise<Product | undefined> {
    return structuredClone(this.#products.get(sku));
  }
  async getMany(skus: readonly string[]): Promise<Map<string, Product>> {
    return new Map(
      skus.flatMap((sku) => {
        const product = this.#products.get(sku);
        return product === undefined ? [] : [[sku, structuredClone(product)] as const];
      }),
    );
  }
  async putMany(products: readonly Product[]) {
    const differing = products.filter((each) => !isSame(this.#products.get(each.sku), each));
    const created = differing.filter(({ sku }) => !this.#products.has(sku)).length;
    for (const product of differing) this.#products.set(product.sku, structuredClone(product));
    this.writes += differing.length;
    return {
      created,
      changed: differing.length - created,
      unchanged: products.length - differing.length,
    };
  }
  async create(product: Product): Promise<'created' | 'exists'> {
    if (this.#products.has(product.sku)) return 'exists';
    this.#products.set(product.sku, structuredClone(product));
    this.writes += 1;
    return 'created';
  }
  async list({ text = '', limit, cursor }: Parameters<ProductStore['list']>[0]) {
    const found = this.#sorted().filter(({ sku, ean, title }) =>
      [sku, ean ?? '', title].join('\n').toLowerCase().includes(text.toLowerCase()),
    );
    const page = pageOf(found, ({ sku }) => sku, limit, cursor);
    return { products: page.items, cursor: page.cursor };
  }
  async *matchable() {
    yield this.#sorted();
  }
  async *all() {
    yield this.#sorted();
  }
  #sorted(): Product[] {
    return [...this.#products.values()].sort((a, b) => (a.sku < b.sku ? -1 : 1));
  }
}

export class MemoryListingPlanStore implements ListingPlanStore {
  readonly #plans = new Map<string, ListingPlan>();
  readonly #lines = new Map<string, Map<string, PlanLine>>();
  readonly #rules = new Map<string, ListingRules>();

  async create(plan: ListingPlan): Promise<'created' | 'exists'> {
    if (this.#plans.has(planKeyOf(plan))) return 'exists';
    this.#plans.set(planKeyOf(plan), structuredClone({ ...plan, version: 1 }));
    return 'created';
  }
  async get(name: Parameters<ListingPlanStore['get']>[0]): Promise<ListingPlan | undefined> {
    return structuredClone(this.#plans.get(planKeyOf(name)));
  }
  async change(plan: ListingPlan, expectedVersion: number): Promise<'changed' | 'conflict'> {
    if (this.#plans.get(planKeyOf(plan))?.version !== expectedVersion) return 'conflict';
    this.#plans.set(planKeyOf(plan), structuredClone({ ...plan, version: expectedVersion + 1 }));
    return 'changed';
  }
  async list({ channelId, limit, cursor }: Parameters<ListingPlanStore['list']>[0]) {
    const own = [...this.#plans.values()]
      .filter((plan) => plan.channelId === channelId)
      .sort((a, b) => (a.planId > b.planId ? -1 : 1));
    const from =
      cursor === undefined ? 0 : own.findIndex(({ planId }) => `LISTING-PLAN#${planId}` === cursor) + 1;
    if (cursor !== undefined && from === 0) throw new RangeError('not a cursor of this list');
    const plans = own.slice(from, from + limit);
    const last = plans.at(-1);
    return {
      plans: structuredClone(plans),
      cursor: from + limit < own.length && last ? `LISTING-PLAN#${last.planId}` : undefined,
    };
  }
  async putLines(name: Parameters<ListingPlanStore['get']>[0], lines: readonly PlanLine[]): Promise<void> {
    const own = this.#lines.get(planKeyOf(name)) ?? new Map<string, PlanLine>();
    for (const line of lines) own.set(line.listingKey, structuredClone(line));
    this.#lines.set(planKeyOf(name), own);
  }
  async lines({ state, limit, cursor, ...name }: Parameters<ListingPlanStore['lines']>[0]) {
    const own = [...(this.#lines.get(planKeyOf(name))?.values() ?? [])]
      .filter((line) => state === undefined || line.state === state)
      .sort((a, b) => (a.listingKey < b.listingKey ? -1 : 1));
    const page = pageOf(own, ({ listingKey }) => listingKey, limit, cursor);
    return { lines: page.items, cursor: page.cursor };
  }
  async listDue({ marketplace, until, limit }: Parameters<ListingPlanStore['listDue']>[0]) {
    return [...this.#plans.values()]
      .filter((plan) => plan.marketplace === marketplace && plan.dueAt !== undefined && plan.dueAt <= until)
      .sort((a, b) => ((a.dueAt ?? '') < (b.dueAt ?? '') ? -1 : 1))
      .slice(0, limit)
      .map((plan) => structuredClone(plan));
  }
  async getRules(channelId: string): Promise<ListingRules | undefined> {
    return this.#rules.get(channelId);
  }
  async changeRules(channelId: string, rules: ListingRules, expectedVersion: number) {
    if ((this.#rules.get(channelId)?.version ?? 0) !== expectedVersion) return 'conflict' as const;
    this.#rules.set(channelId, { ...rules, version: expectedVersion + 1 });
    return 'changed' as const;
  }
}

const CURSOR = 'after:';

function pageOf<Each>(
  items: readonly Each[],
  nameOf: (item: Each) => string,
  limit: number,
  cursor: string | undefined,
): { items: readonly Each[]; cursor: string | undefined } {
  if (cursor !== undefined && !cursor.startsWith(CURSOR)) throw new RangeError('not a cursor of this list');
  const rest = items.filter((item) => cursor === undefined || nameOf(item) > cursor.slice(CURSOR.length));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return {
    items: structuredClone(page),
    cursor: rest.length > limit && last !== undefined ? CURSOR + nameOf(last) : undefined,
  };
}

function keyOf({ channelId, listingKey }: Pick<Listing, 'channelId' | 'listingKey'>): string {
  return `${channelId}\n${listingKey}`;
}

function planKeyOf({ channelId, planId }: Pick<ListingPlan, 'channelId' | 'planId'>): string {
  return `${channelId}\n${planId}`;
}

/** As JSON has them: what is undefined is not there. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === undefined || other === undefined) return one === other;
  return isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));
}
