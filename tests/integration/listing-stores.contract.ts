import { describe, expect, test } from 'vitest';
import type { ListingMatch } from '../../shared/domain/listing.ts';
import { NO_MATCH } from '../../shared/domain/listing-match.ts';
import { DEFAULT_RULES, type PlanLine } from '../../shared/domain/listing-plan.ts';
import type { ListingPlanStore } from '../../shared/ports/listing-plan-store.ts';
import type { ListingStore, ListingSyncStore } from '../../shared/ports/listing-store.ts';
import type { ProductStore } from '../../shared/ports/product-store.ts';
import { aListing, aPlan, aProduct } from '../support/listings.ts';

const AT = '2026-11-20T10:00:00.000Z';
const LATER = '2026-11-20T11:00:00.000Z';
const MATCHED: ListingMatch = { state: 'matched', by: 'sku', skus: ['LAMP'], eanDiffers: false };
const named = (listingKey: string, changes = {}) => aListing({ listingKey, sku: listingKey, ...changes });

async function collected<Each>(pages: AsyncIterable<readonly Each[]>): Promise<Each[]> {
  const all: Each[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

export function listingStoresContract(
  name: string,
  create: () => Promise<{
    listings: ListingStore;
    syncs: ListingSyncStore;
    products: ProductStore;
    plans: ListingPlanStore;
  }>,
): void {
  describe(`listings in ${name}`, () => {
    test('a look writes what is new or differs, and tells how much that was', async () => {
      const { listings } = await create();
      const first = await listings.look('ebay-it');
      expect(await first.put([named('A'), named('B')], AT)).toEqual({ created: 2, changed: 0 });
      const second = await listings.look('ebay-it');
      const changes = [named('A'), named('B', { quantity: 9 }), named('C')];
      expect(await second.put(changes, LATER)).toEqual({ created: 1, changed: 1 });
      expect(await listings.get('ebay-it', 'A')).toEqual({
        listing: named('A'),
        match: NO_MATCH,
        version: 0,
        changedAt: AT,
      });
      expect(await listings.get('ebay-it', 'B')).toMatchObject({
        listing: { quantity: 9 },
        changedAt: LATER,
      });
      expect(await listings.get('ebay-it', 'Z')).toBeUndefined();
    });

    test('one that is met twice in a look is written once', async () => {
      const { listings } = await create();
      const look = await listings.look('ebay-it');
      expect(await look.put([named('A'), named('A', { quantity: 1 })], AT)).toEqual({
        created: 1,
        changed: 0,
      });
      expect(await look.put([named('A', { quantity: 2 })], AT)).toEqual({ created: 0, changed: 0 });
      expect((await listings.get('ebay-it', 'A'))?.listing.quantity).toBe(5);
    });

    test('what was not met has ended, but for what could not be looked at, and comes back when it is met again', async () => {
      const { listings } = await create();
      await (await listings.look('ebay-it')).put([named('A'), named('B'), named('C')], AT);
      const look = await listings.look('ebay-it');
      await look.put([named('A')], LATER);
      expect(await look.endOthers((key) => key !== 'C', LATER)).toBe(1);
      const statusOf = async (key: string) => (await listings.get('ebay-it', key))?.listing.status;
      expect([await statusOf('A'), await statusOf('B'), await statusOf('C')]).toEqual([
        'active',
        'ended',
        'active',
      ]);
      const again = await listings.look('ebay-it');
      await again.put([named('A')], LATER);
      expect(await again.endOthers((key) => key !== 'C', LATER)).toBe(0);
      expect(await (await listings.look('ebay-it')).put([named('B')], LATER)).toEqual({
        created: 0,
        changed: 1,
      });
      expect(await statusOf('B')).toBe('active');
    });

    test('SKUs that look like numbers stay what they are', async () => {
      const { listings } = await create();
      await listings.put([named('1E5'), named('00123'), named('123')], AT);
      const { listings: found } = await listings.list({ channelId: 'ebay-it', filter: {}, limit: 10 });
      expect(found.map(({ listing }) => listing.sku)).toEqual(['00123', '123', '1E5']);
    });

    test('a list has the channel’s own, page by page', async () => {
      const { listings } = await create();
      await listings.put(
        ['A', 'B', 'C'].map((key) => named(key)),
        AT,
      );
      await listings.put([named('D', { channelId: 'ebay-de' })], AT);
      const page = (cursor?: string) => listings.list({ channelId: 'ebay-it', filter: {}, limit: 2, cursor });
      const first = await page();
      expect(first.listings.map(({ listing }) => listing.sku)).toEqual(['A', 'B']);
      const second = await page(first.cursor);
      expect(second.listings.map(({ listing }) => listing.sku)).toEqual(['C']);
      expect(second.cursor).toBeUndefined();
      expect(await collected(listings.all('ebay-de'))).toHaveLength(1);
      await expect(page('forged')).rejects.toThrow(RangeError);
    });

    test('a list is narrowed by text in any case, match and status', async () => {
      const { listings } = await create();
      await listings.put(
        [
          named('A', { title: 'Lampada Blu' }),
          named('B', { ean: '4006381333931' }),
          named('C', { status: 'inactive' }),
        ],
        AT,
      );
      await listings.decide({ channelId: 'ebay-it', listingKey: 'B' }, undefined, MATCHED, 0);
      const found = async (filter: object) =>
        (await listings.list({ channelId: 'ebay-it', filter, limit: 10 })).listings.map(
          ({ listing }) => listing.sku,
        );
      expect(await found({ text: 'lampada b' })).toEqual(['A']);
      expect(await found({ text: '40063813' })).toEqual(['B']);
      expect(await found({ match: 'matched' })).toEqual(['B']);
      expect(await found({ match: 'none', status: 'inactive' })).toEqual(['C']);
      expect(await found({ text: 'lampada', match: 'matched', status: 'ended' })).toEqual([]);
    });

    test('a match is stored, unless somebody decided since', async () => {
      const { listings } = await create();
      await listings.put([named('A'), named('B')], AT);
      const stored = await collected(listings.all('ebay-it'));
      await listings.decide(
        { channelId: 'ebay-it', listingKey: 'B' },
        { kind: 'ignored', by: 'person-1', at: LATER },
        { ...NO_MATCH, state: 'ignored' },
        0,
      );
      await listings.setMatches(stored.map((each) => ({ stored: each, match: MATCHED })));
      expect((await listings.get('ebay-it', 'A'))?.match).toEqual(MATCHED);
      expect(await listings.get('ebay-it', 'B')).toMatchObject({ match: { state: 'ignored' }, version: 1 });
    });

    test('of two decisions on one version one stands, and a look leaves it alone', async () => {
      const { listings } = await create();
      await listings.put([named('A')], AT);
      const name = { channelId: 'ebay-it', listingKey: 'A' };
      const linked = { kind: 'linked', sku: 'LAMP', by: 'person-1', at: LATER } as const;
      expect(await listings.decide(name, linked, { ...MATCHED, by: 'hand' }, 0)).toBe('decided');
      expect(await listings.decide(name, undefined, NO_MATCH, 0)).toBe('conflict');
      await (await listings.look('ebay-it')).put([named('A', { quantity: 1 })], LATER);
      expect(await listings.get('ebay-it', 'A')).toMatchObject({ decision: linked, version: 1 });
      expect(await listings.decide(name, undefined, NO_MATCH, 1)).toBe('decided');
      expect((await listings.get('ebay-it', 'A'))?.decision).toBeUndefined();
      const unknown = { channelId: 'ebay-it', listingKey: 'Z' };
      expect(await listings.decide(unknown, linked, MATCHED, 0)).toBe('conflict');
    });

    test('how far a look is changes on the version that was read', async () => {
      const { syncs } = await create();
      const sync = { channelId: 'ebay-it', dueAt: AT, failures: 0, version: 0 };
      expect(await syncs.get('ebay-it')).toBeUndefined();
      expect(await syncs.change({ ...sync, preparing: 'r1' }, 0)).toBe('changed');
      expect(await syncs.change(sync, 0)).toBe('conflict');
      expect(await syncs.get('ebay-it')).toEqual({ ...sync, preparing: 'r1', version: 1 });
    });
  });

  describe(`the catalogue in ${name}`, () => {
    test('takes what is new or differs, and tells how much that was', async () => {
      const { products } = await create();
      const one = [aProduct({ sku: '1E5' }), aProduct({ sku: '00123' })];
      expect(await products.putMany(one, AT)).toEqual({ created: 2, changed: 0, unchanged: 0 });
      const two = [
        aProduct({ sku: '1E5' }),
        aProduct({ sku: '00123', quantity: 0 }),
        aProduct({ sku: '123' }),
      ];
      expect(await products.putMany(two, AT)).toEqual({ created: 1, changed: 1, unchanged: 1 });
      expect(await products.get('00123')).toEqual(aProduct({ sku: '00123', quantity: 0 }));
      expect([...(await products.getMany(['1E5', 'GONE', '1E5'])).keys()]).toEqual(['1E5']);
      expect((await collected(products.matchable())).map(({ sku }) => sku)).toEqual(['00123', '123', '1E5']);
    });

    test('a product is created once', async () => {
      const { products } = await create();
      expect(await products.create(aProduct(), AT)).toBe('created');
      expect(await products.create(aProduct({ quantity: 99 }), AT)).toBe('exists');
      expect((await products.get('LAMP'))?.quantity).toBe(5);
    });

    test('is listed by SKU, page by page, and by text', async () => {
      const { products } = await create();
      const ean = '4006381333931';
      const all = [
        aProduct({ sku: 'A' }),
        aProduct({ sku: 'B', ean }),
        aProduct({ sku: 'C', title: 'Tazza' }),
      ];
      await products.putMany(all, AT);
      const first = await products.list({ limit: 2 });
      expect(first.products.map(({ sku }) => sku)).toEqual(['A', 'B']);
      expect((await products.list({ limit: 2, cursor: first.cursor })).products).toEqual([all[2]]);
      expect((await products.list({ limit: 9, text: ean })).products).toEqual([all[1]]);
      expect((await products.list({ limit: 9, text: 'TAZZA' })).products).toEqual([all[2]]);
      await expect(products.list({ limit: 9, cursor: 'forged' })).rejects.toThrow(RangeError);
      expect(await collected(products.all())).toEqual(all);
    });
  });

  describe(`dry runs in ${name}`, () => {
    const line = (listingKey: string, changes: Partial<PlanLine> = {}): PlanLine => ({
      listingKey,
      listing: { siteId: 'EBAY_IT', sku: listingKey },
      productSku: listingKey,
      from: { quantity: 1 },
      to: { quantity: 2 },
      state: 'planned',
      attempts: 0,
      ...changes,
    });

    test('are created once, and changed on the version that was read', async () => {
      const { plans } = await create();
      const plan = aPlan();
      expect(await plans.create(plan)).toBe('created');
      expect(await plans.create(plan)).toBe('exists');
      expect(await plans.get(plan)).toEqual({ ...plan, version: 1 });
      expect(await plans.change({ ...plan, state: 'ready', dueAt: undefined }, 1)).toBe('changed');
      expect(await plans.change({ ...plan, state: 'ended' }, 1)).toBe('conflict');
      expect(await plans.change(aPlan({ planId: 'other' }), 0)).toBe('conflict');
      expect(await plans.get(plan)).toMatchObject({ state: 'ready', version: 2 });
    });

    test('are listed with the newest first', async () => {
      const { plans } = await create();
      for (const planId of ['1-a', '2-b', '3-c']) await plans.create(aPlan({ planId }));
      await plans.create(aPlan({ planId: '4-d', channelId: 'ebay-de' }));
      const first = await plans.list({ channelId: 'ebay-it', limit: 2 });
      expect(first.plans.map(({ planId }) => planId)).toEqual(['3-c', '2-b']);
      const second = await plans.list({ channelId: 'ebay-it', limit: 2, cursor: first.cursor });
      expect(second.plans.map(({ planId }) => planId)).toEqual(['1-a']);
      await expect(plans.list({ channelId: 'ebay-it', limit: 2, cursor: 'forged' })).rejects.toThrow(
        RangeError,
      );
    });

    test('are due until they wait for nothing', async () => {
      const { plans } = await create();
      await plans.create(aPlan({ planId: 'late', dueAt: LATER }));
      await plans.create(aPlan({ planId: 'early', dueAt: AT }));
      const due = async (until: string) =>
        (await plans.listDue({ marketplace: 'ebay', until, limit: 9 })).map(({ planId }) => planId);
      expect(await due(LATER)).toEqual(['early', 'late']);
      expect(await due(AT)).toEqual(['early']);
      await plans.change(aPlan({ planId: 'early', state: 'ready', dueAt: undefined }), 1);
      expect(await due(LATER)).toEqual(['late']);
    });

    test('have lines, found by state', async () => {
      const { plans } = await create();
      const { channelId, planId } = aPlan();
      const name = { channelId, planId };
      await plans.putLines(
        name,
        ['A', 'B', 'C'].map((key) => line(key)),
      );
      await plans.putLines(name, [
        line('B', { state: 'refused', code: '21916884', attempts: 1, sentAt: AT }),
      ]);
      const first = await plans.lines({ ...name, limit: 2 });
      expect(first.lines.map(({ listingKey }) => listingKey)).toEqual(['A', 'B']);
      expect((await plans.lines({ ...name, limit: 2, cursor: first.cursor })).lines).toEqual([line('C')]);
      expect((await plans.lines({ ...name, state: 'refused', limit: 2 })).lines).toEqual([
        line('B', { state: 'refused', code: '21916884', attempts: 1, sentAt: AT }),
      ]);
      expect((await plans.lines({ ...name, planId: 'other', limit: 2 })).lines).toEqual([]);
    });

    test('are made by rules that one of two people changes at a time', async () => {
      const { plans } = await create();
      expect(await plans.getRules('ebay-it')).toBeUndefined();
      expect(await plans.changeRules('ebay-it', { ...DEFAULT_RULES, quantityReserve: 2 }, 0)).toBe('changed');
      expect(await plans.changeRules('ebay-it', DEFAULT_RULES, 0)).toBe('conflict');
      expect(await plans.getRules('ebay-it')).toEqual({ ...DEFAULT_RULES, quantityReserve: 2, version: 1 });
    });
  });
}
