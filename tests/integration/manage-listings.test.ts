import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EbayListing } from '../../local/partners/ebay/listings.ts';
import { DEFAULT_RULES } from '../../shared/domain/listing-plan.ts';
import {
  approvePlan,
  changeRules,
  decideListing,
  importListing,
  putProducts,
  requestLook,
  requestPlan,
} from '../../shared/usecases/manage-listings.ts';
import { listingIdOf, listingKeyOf, writtenProduct } from '../../shared/usecases/named-listings.ts';
import { planListings } from '../../shared/usecases/plan-listings.ts';
import { ebayListingWorld, MINUTE_MS } from '../support/listing-world.ts';
import { aProduct } from '../support/listings.ts';
import { partnerFetch } from '../support/partner-fetch.ts';

const LAMP: EbayListing = {
  itemId: '110000000001',
  title: 'Lampada',
  sku: 'LAMP',
  priceCents: 900,
  quantity: 5,
};
const NAMELESS: EbayListing = { itemId: '110000000002', title: 'Senza codice', priceCents: 700, quantity: 2 };
const lampName = { channelId: 'ebay-it', listingKey: LAMP.itemId };
const namelessName = { channelId: 'ebay-it', listingKey: NAMELESS.itemId };

let opened: ReturnType<typeof ebayListingWorld>;
let ids = 0;
const deps = () => {
  const { world } = opened;
  const queues = { amazon: world.queue, ebay: world.queue, manomano: world.queue };
  const { listings, syncs, products, plans, channels, activities, clock, accounts } = world;
  const newId = () => {
    ids += 1;
    return `id${ids}`;
  };
  return {
    listings,
    syncs,
    products,
    plans,
    channels,
    activities,
    clock,
    accounts,
    queues,
    newId,
    actor: 'person-1',
  };
};
const works = () => opened.world.queue.sent.map(({ job }) => job.work);
const actions = async () =>
  (await opened.world.activities.list({ limit: 20 })).activities.map(
    ({ action, actor }) => `${actor} ${action}`,
  );

beforeEach(async () => {
  opened = ebayListingWorld([LAMP, NAMELESS]);
  vi.stubGlobal('fetch', partnerFetch(opened.ebay));
  await opened.pull();
});
afterEach(() => vi.unstubAllGlobals());

const stored = (name: typeof lampName) => opened.world.listings.get(name.channelId, name.listingKey);

describe('a person’s decision', () => {
  test('links a listing by hand, is kept through matching, and is taken back', async () => {
    const { world } = opened;
    await world.products.putMany([aProduct(), aProduct({ sku: 'OTHER' })]);
    await world.match();
    expect((await stored(lampName))?.match).toMatchObject({ state: 'matched', by: 'sku' });
    expect(await decideListing(deps(), lampName, { kind: 'linked', sku: 'OTHER' }, 0)).toMatchObject({
      outcome: 'decided',
      stored: { match: { state: 'matched', by: 'hand', skus: ['OTHER'] }, version: 1 },
    });
    await world.match();
    expect((await stored(lampName))?.match.skus).toEqual(['OTHER']);
    world.nowMs += MINUTE_MS;
    await decideListing(deps(), lampName, undefined, 1);
    expect(await stored(lampName)).toMatchObject({
      match: { state: 'matched', by: 'sku', skus: ['LAMP'] },
      version: 2,
    });
    expect(await actions()).toEqual(['person-1 listing-decision-undone', 'person-1 listing-linked']);
  });

  test('ignores a listing, and links to no product that is not there', async () => {
    expect(await decideListing(deps(), lampName, { kind: 'ignored' }, 0)).toMatchObject({
      stored: { match: { state: 'ignored' } },
    });
    expect(await decideListing(deps(), namelessName, { kind: 'linked', sku: 'GONE' }, 0)).toEqual({
      outcome: 'unknown-product',
    });
    expect(
      await decideListing(deps(), { ...lampName, listingKey: 'x' }, { kind: 'ignored' }, 0),
    ).toBeUndefined();
  });

  test('of two people at once one stands', async () => {
    const both = [
      decideListing(deps(), lampName, { kind: 'ignored' }, 0),
      decideListing(deps(), lampName, undefined, 0),
    ];
    expect((await Promise.all(both)).map((each) => each?.outcome).sort()).toEqual(['conflict', 'decided']);
  });
});

describe('a remote product', () => {
  test('becomes one of the catalogue, once, and is matched with it', async () => {
    expect(await importListing(deps(), lampName, { vatRateBp: 2_200 })).toMatchObject({
      outcome: 'imported',
      product: { sku: 'LAMP', title: 'Lampada', price: { amountMinor: 900 }, vatRateBp: 2_200, quantity: 5 },
    });
    expect((await stored(lampName))?.match).toMatchObject({ state: 'matched', by: 'sku' });
    expect(await importListing(deps(), lampName, { vatRateBp: 2_200 })).toEqual({ outcome: 'exists' });
  });

  test('without a SKU needs one, and is linked by it', async () => {
    expect(await importListing(deps(), namelessName, { vatRateBp: 2_200 })).toEqual({
      outcome: 'invalid',
      faults: ['sku-malformed'],
    });
    await importListing(deps(), namelessName, { sku: '00123', vatRateBp: 2_200 });
    expect(await stored(namelessName)).toMatchObject({
      match: { by: 'hand', skus: ['00123'] },
      decision: { by: 'person-1' },
    });
  });
});

describe('the catalogue', () => {
  const named = (sku: string, changes: object = {}) =>
    writtenProduct({
      sku,
      title: 'T',
      price: { amount: '19.90', currency: 'EUR' },
      vatRate: '22',
      quantity: 1,
      ...changes,
    });

  test('takes what is right, says of each other product why not, and has every channel matched', async () => {
    const before = works().length;
    const put = await putProducts(deps(), [
      named('1E5'),
      named('1E5'),
      named('00123', { ean: '123' }),
      named('X', { price: { amount: '1.999', currency: 'EUR' } }),
    ]);
    expect(put).toEqual({
      created: 1,
      changed: 0,
      unchanged: 0,
      rejected: [
        { sku: '1E5', faults: ['sku-twice'] },
        { sku: '00123', faults: ['ean-malformed'] },
        { sku: 'X', faults: ['price-malformed'] },
      ],
    });
    expect(works().slice(before)).toEqual(['match']);
  });

  test('that gets what it has changes nothing and matches nothing', async () => {
    await putProducts(deps(), [named('A')]);
    const before = works().length;
    expect(await putProducts(deps(), [named('A')])).toMatchObject({ unchanged: 1 });
    expect(works()).toHaveLength(before);
  });
});

describe('a dry run', () => {
  const ready = async (products: Parameters<typeof opened.world.products.putMany>[0]) => {
    await opened.world.products.putMany(products);
    await opened.world.match();
    const plan = await requestPlan(deps(), 'ebay-it', undefined);
    if (plan === undefined) throw new Error('no plan');
    await opened.world.dryRun(plan.planId);
    return plan;
  };

  test('is asked for, approved once, and pushed', async () => {
    const plan = await ready([aProduct()]);
    expect(await approvePlan(deps(), plan, undefined)).toMatchObject({ outcome: 'approved' });
    const sent = works().filter((work) => work === 'push').length;
    expect(await approvePlan(deps(), plan, undefined)).toMatchObject({ outcome: 'approved' });
    expect(works().filter((work) => work === 'push')).toHaveLength(sent);
    expect(await opened.push(plan.planId)).toMatchObject({ outcome: 'ended', done: 1 });
    expect(opened.ebay.listing(LAMP.itemId)?.priceCents).toBe(1_000);
    expect(await actions()).toContain('person-1 listing-plan-approved');
  });

  test('that is not made yet, differs in nothing or is old is not approved', async () => {
    const early = await requestPlan(deps(), 'ebay-it', undefined);
    if (early === undefined) throw new Error('no plan');
    expect(await approvePlan(deps(), early, undefined)).toEqual({ outcome: 'not-ready' });
    await opened.world.dryRun(early.planId);
    expect(await approvePlan(deps(), early, undefined)).toEqual({ outcome: 'nothing-to-push' });
    const old = await ready([aProduct()]);
    opened.world.nowMs += 25 * 60 * MINUTE_MS;
    expect(await approvePlan(deps(), old, undefined)).toEqual({ outcome: 'too-old' });
  });

  test('in which much goes to zero is approved only by who names how much', async () => {
    const plan = await ready([aProduct({ quantity: 0 })]);
    const made = await opened.world.plans.get(plan);
    if (made === undefined) throw new Error('no plan');
    await opened.world.plans.change({ ...made, zeroesToConfirm: 7 }, made.version);
    expect(await approvePlan(deps(), plan, undefined)).toEqual({
      outcome: 'zeroes-not-confirmed',
      zeroes: 7,
    });
    expect(await approvePlan(deps(), plan, 6)).toEqual({ outcome: 'zeroes-not-confirmed', zeroes: 7 });
    expect(await approvePlan(deps(), plan, 7)).toMatchObject({ outcome: 'approved' });
  });

  test('of chosen listings holds no others, and keeps to the channel’s rules', async () => {
    const rules = { ...DEFAULT_RULES, priceFactorBp: 11_000, rounding: { stepMinor: 100, endMinor: 99 } };
    expect(await changeRules(deps(), 'ebay-it', rules, 0)).toMatchObject({
      outcome: 'changed',
      rules: { version: 1 },
    });
    expect(await changeRules(deps(), 'ebay-it', rules, 0)).toEqual({ outcome: 'conflict' });
    expect(await changeRules(deps(), 'ebay-it', { ...rules, quantityReserve: -1 }, 1)).toEqual({
      outcome: 'invalid',
    });
    await opened.world.products.putMany([aProduct()]);
    await opened.world.match();
    const plan = await requestPlan(deps(), 'ebay-it', [LAMP.itemId]);
    if (plan === undefined) throw new Error('no plan');
    await opened.world.dryRun(plan.planId);
    expect(await opened.world.linesOf(plan.planId)).toMatchObject([
      { to: { price: { amountMinor: 1_199 } } },
    ]);
    const none = await requestPlan(deps(), 'ebay-it', ['other']);
    expect(await opened.world.dryRun(none?.planId ?? '')).toMatchObject({ counts: { compared: 0 } });
  });
});

describe('the planner', () => {
  const plan = () => planListings(deps());

  test('asks for looks that are due, and for dry runs and pushes whose message was lost', async () => {
    const { world } = opened;
    expect(await plan()).toEqual({ looks: 0, plans: 0, oldestLookMs: 0 });
    await requestPlan(deps(), 'ebay-it', undefined);
    world.nowMs += 3 * MINUTE_MS;
    expect(await plan()).toMatchObject({ looks: 0, plans: 1 });
    world.nowMs += 5 * 60 * MINUTE_MS;
    expect(await plan()).toMatchObject({ looks: 1, oldestLookMs: 303 * MINUTE_MS });
  });

  test('asks for nothing of a channel that is switched off', async () => {
    opened.world.nowMs += 5 * 60 * MINUTE_MS;
    await opened.world.channels.changeSettings('ebay-it', { listingsSync: false }, 1);
    expect(await plan()).toEqual({ looks: 0, plans: 0, oldestLookMs: undefined });
  });

  test('a look can be asked for before its time, and not of what is off', async () => {
    opened.world.nowMs += MINUTE_MS;
    expect(await requestLook(deps(), 'ebay-it')).toBe('requested');
    expect((await opened.pull()).outcome).toBe('pulled');
    await opened.world.channels.changeSettings('ebay-it', { listingsSync: false }, 1);
    expect(await requestLook(deps(), 'ebay-it')).toBe('off');
    expect(await requestLook(deps(), 'gone')).toBeUndefined();
  });
});

test('a listing’s name stands in an address and leads back, and nothing else does', () => {
  for (const key of ['110000000001', 'APJ6JRA9NG5V4/A B/ç#1E5', '1/00123']) {
    expect(listingIdOf(key)).toMatch(/^[\w-]+$/);
    expect(listingKeyOf(listingIdOf(key))).toBe(key);
  }
  expect(listingKeyOf('%%%')).toBeUndefined();
});
