import { afterEach, describe, expect, test, vi } from 'vitest';
import type { EbayListing } from '../../local/partners/ebay/listings.ts';
import { DEFAULT_RULES } from '../../shared/domain/listing-plan.ts';
import { ebayListingWorld, MINUTE_MS } from '../support/listing-world.ts';
import { aPlan, aProduct } from '../support/listings.ts';
import { partnerFetch } from '../support/partner-fetch.ts';

afterEach(() => vi.unstubAllGlobals());

const EAN = '4006381333931';
const LAMP: EbayListing = {
  itemId: '110000000001',
  title: 'Lampada & caffè <2>',
  sku: 'LAMP',
  priceCents: 900,
  quantity: 5,
};
const SCREWS: EbayListing = {
  itemId: '110000000002',
  title: 'Viti',
  sku: '1E5',
  priceCents: 810,
  quantity: 3,
  inventory: { offerId: '500001', ean: EAN },
};
const ZEROS: EbayListing = {
  itemId: '110000000003',
  title: 'Zeri',
  sku: '00123',
  priceCents: 500,
  quantity: 1,
};
const SHIRTS: EbayListing = {
  itemId: '110000000004',
  title: 'Maglia',
  priceCents: 1_500,
  quantity: 7,
  variations: [
    { sku: 'SHIRT-S', priceCents: 1_500, quantity: 3 },
    { sku: 'SHIRT-L', priceCents: 1_600, quantity: 4 },
  ],
};
const ALL = [LAMP, SCREWS, ZEROS, SHIRTS];
const PRODUCTS = [
  aProduct({ sku: 'LAMP' }),
  aProduct({ sku: '1E5', price: { amountMinor: 850, currency: 'EUR' }, quantity: 9 }),
  aProduct({ sku: '00123', price: { amountMinor: 500, currency: 'EUR' }, quantity: 1 }),
  aProduct({ sku: 'SHIRT-L', price: { amountMinor: 1_700, currency: 'EUR' }, quantity: 4 }),
];

function open(remote: readonly EbayListing[] = ALL) {
  const opened = ebayListingWorld(remote);
  vi.stubGlobal('fetch', partnerFetch(opened.ebay));
  return opened;
}

/** Listings looked at, matched and compared, and the dry run approved. */
async function approved(remote: readonly EbayListing[] = ALL) {
  const opened = open(remote);
  const { world, pull } = opened;
  await world.products.putMany(PRODUCTS);
  await pull();
  await world.match();
  const plan = aPlan({ dueAt: undefined });
  await world.plans.create(plan);
  const made = await world.dryRun(plan.planId);
  const ready = await world.plans.get(plan);
  if (ready === undefined) throw new Error('no plan');
  await world.plans.change({ ...ready, state: 'approved' }, ready.version);
  const states = async () =>
    Object.fromEntries(
      (await world.linesOf(plan.planId)).map(({ listingKey, state, code }) => [listingKey, code ?? state]),
    );
  return { ...opened, made, planId: plan.planId, states };
}

describe('a look at eBay’s listings', () => {
  test('stores them all, each with its model, its EAN where eBay has one, and its SKU to the letter', async () => {
    const { world, pull } = open();
    expect(await pull()).toMatchObject({
      outcome: 'pulled',
      look: { seen: 5, created: 5, changed: 0, gone: 0, unreadable: 0 },
    });
    const facts = async (key: string) => (await world.listings.get('ebay-it', key))?.listing;
    expect(await facts('110000000001')).toMatchObject({
      sku: 'LAMP',
      title: 'Lampada & caffè <2>',
      price: { amountMinor: 900, currency: 'EUR' },
      quantity: 5,
      model: 'classic',
      siteId: 'EBAY_IT',
      link: 'https://www.ebay.it/itm/110000000001',
      status: 'active',
    });
    expect(await facts('110000000002')).toMatchObject({ sku: '1E5', ean: EAN, model: 'inventory' });
    expect(await facts('110000000003')).toMatchObject({ sku: '00123' });
    expect(await facts('110000000004/SHIRT-L')).toMatchObject({ price: { amountMinor: 1_600 }, quantity: 4 });
  });

  test('with nothing changed writes nothing, asks for no matching, and makes no call but those that read', async () => {
    const { world, ebay, pull } = open();
    await pull();
    const before = { writes: world.listings.writes, jobs: world.queue.sent.length };
    const calls = new Map(ebay.calls);
    world.nowMs += 5 * 60 * MINUTE_MS;
    expect(await pull()).toMatchObject({ look: { seen: 5, created: 0, changed: 0, gone: 0, calls: 2 } });
    expect({ writes: world.listings.writes, jobs: world.queue.sent.length }).toEqual(before);
    const made = [...ebay.calls].flatMap(([name, count]) => (count > (calls.get(name) ?? 0) ? [name] : []));
    expect(made.filter((name) => name !== 'token').sort()).toEqual(['GetMyeBaySelling', 'getInventoryItems']);
  });

  test('sees what changed and what is gone, and no worker looks twice at a time', async () => {
    const { world, ebay, pull } = open();
    await pull();
    expect((await pull()).outcome).toBe('not-due');
    ebay.putListing({ ...LAMP, quantity: 2 });
    ebay.endListing(ZEROS.itemId);
    world.nowMs += 5 * 60 * MINUTE_MS;
    expect(await pull()).toMatchObject({ look: { changed: 1, gone: 1 } });
    expect((await world.listings.get('ebay-it', ZEROS.itemId))?.listing.status).toBe('ended');
    expect(world.queue.sent.map(({ job }) => job.work)).toEqual(['match', 'match']);
  });

  test.each([
    ['dropped', 'unavailable'],
    ['server-error', 'unavailable'],
    ['throttled', 'throttled'],
    ['truncated', 'unexpected-answer'],
  ] as const)('that meets %s ends nothing, says %s and is made again', async (trouble, problem) => {
    const { world, ebay, pull } = open();
    await pull();
    world.nowMs += 5 * 60 * MINUTE_MS;
    ebay.trouble(trouble, 1, 'GetMyeBaySelling');
    expect(await pull()).toEqual({ outcome: 'failed', problem });
    expect((await world.listings.get('ebay-it', LAMP.itemId))?.listing.status).toBe('active');
    world.nowMs += 180 * MINUTE_MS;
    expect((await pull()).outcome).toBe('pulled');
    expect(await world.syncs.get('ebay-it')).toMatchObject({ failures: 0 });
  });

  test('of a channel that is switched off asks nobody', async () => {
    const { world, ebay, pull } = open();
    await world.channels.changeSettings('ebay-it', { listingsSync: false }, 1);
    expect((await pull()).outcome).toBe('off');
    expect(ebay.calls.size).toBe(0);
  });
});

describe('a push', () => {
  test('tells eBay only what differs, each listing through its own door', async () => {
    const { world, ebay, push, made, planId, states } = await approved();
    expect(made).toMatchObject({
      outcome: 'ready',
      counts: { compared: 4, changes: 3, prices: 3, quantities: 1, toZero: 0 },
    });
    expect(await push(planId)).toMatchObject({ outcome: 'ended', done: 3, refused: 0, unclear: 0 });
    expect(await states()).toEqual({
      '110000000001': 'done',
      '110000000002': 'done',
      '110000000004/SHIRT-L': 'done',
    });
    expect(ebay.listing(LAMP.itemId)).toMatchObject({ priceCents: 1_000, quantity: 5 });
    expect(ebay.listing(SCREWS.itemId)).toMatchObject({ priceCents: 850, quantity: 9 });
    expect(ebay.listing(SHIRTS.itemId)?.variations).toEqual([
      { sku: 'SHIRT-S', priceCents: 1_500, quantity: 3 },
      { sku: 'SHIRT-L', priceCents: 1_700, quantity: 4 },
    ]);
    expect(ebay.calls.get('ReviseInventoryStatus')).toBe(1);
    expect(ebay.calls.get('bulkUpdatePriceQuantity')).toBe(1);
    // What was told is known here: the next dry run has nothing to tell.
    await world.plans.create(aPlan({ planId: 'next' }));
    expect(await world.dryRun('next')).toMatchObject({ counts: { changes: 0 } });
    expect((await push(planId)).outcome).toBe('nothing-to-do');
  });

  test('in which one SKU is refused tells the others', async () => {
    const { ebay, push, planId, states } = await approved();
    ebay.refuseListing(LAMP.itemId);
    ebay.refuseListing(SCREWS.itemId);
    expect(await push(planId)).toMatchObject({ outcome: 'ended', done: 1, refused: 2 });
    expect(await states()).toEqual({
      '110000000001': '37',
      '110000000002': '25002',
      '110000000004/SHIRT-L': 'done',
    });
    expect(ebay.listing(LAMP.itemId)?.priceCents).toBe(900);
  });

  test.each([
    ['dropped-after', 1],
    ['dropped', 2],
  ] as const)(
    'whose answer is lost (%s) looks at the listings before it tells them again',
    async (trouble, told) => {
      const { world, ebay, push, planId, states } = await approved([LAMP]);
      ebay.trouble(trouble, 1, 'ReviseInventoryStatus');
      expect(await push(planId)).toMatchObject({ outcome: 'waits', reason: 'unavailable' });
      expect(await states()).toEqual({ '110000000001': 'sending' });
      expect((await push(planId)).outcome).toBe('under-way');
      world.nowMs += 3 * MINUTE_MS;
      expect(await push(planId)).toMatchObject({ outcome: 'ended', done: 1 });
      expect(ebay.calls.get('GetItem')).toBe(1);
      expect(ebay.calls.get('ReviseInventoryStatus')).toBe(told);
      expect(ebay.listing(LAMP.itemId)?.priceCents).toBe(1_000);
    },
  );

  test('that is throttled waits with nothing told', async () => {
    const { world, ebay, push, planId, states } = await approved([LAMP]);
    ebay.trouble('throttled', 1, 'ReviseInventoryStatus');
    expect(await push(planId)).toMatchObject({ outcome: 'waits', reason: 'throttled' });
    expect(await states()).toEqual({ '110000000001': 'planned' });
    world.nowMs += 10 * MINUTE_MS;
    expect((await push(planId)).outcome).toBe('ended');
  });

  test('leaves alone what changed since the dry run', async () => {
    const { world, ebay, pull, push, planId, states } = await approved([LAMP]);
    ebay.putListing({ ...LAMP, priceCents: 950 });
    world.nowMs += 5 * 60 * MINUTE_MS;
    await pull();
    expect(await push(planId)).toMatchObject({ outcome: 'ended', done: 0 });
    expect(await states()).toEqual({ '110000000001': 'outdated' });
    expect(ebay.listing(LAMP.itemId)?.priceCents).toBe(950);
  });

  test('by two workers at once is carried out by one', async () => {
    const { ebay, push, planId } = await approved([LAMP]);
    const outcomes = await Promise.all([push(planId), push(planId)]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['ended', 'under-way']);
    expect(ebay.calls.get('ReviseInventoryStatus')).toBe(1);
  });
});

test('many listings going to zero at once are asked about', async () => {
  const { world, pull } = open(
    Array.from({ length: 20 }, (_, at) => ({ ...LAMP, itemId: `12000000000${10 + at}`, sku: `S${at}` })),
  );
  const price = { amountMinor: 900, currency: 'EUR' };
  await world.products.putMany(
    Array.from({ length: 20 }, (_, at) => aProduct({ sku: `S${at}`, price, quantity: at < 5 ? 0 : 5 })),
  );
  await pull();
  await world.match();
  await world.plans.create(aPlan({ rules: DEFAULT_RULES }));
  expect(await world.dryRun(aPlan().planId)).toMatchObject({
    counts: { changes: 5, toZero: 5 },
    zeroesToConfirm: 5,
  });
});
