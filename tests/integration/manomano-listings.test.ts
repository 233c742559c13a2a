import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ManomanoOffer } from '../../local/partners/manomano/schemas.ts';
import { createManomanoStandIn, type ManomanoStandIn } from '../../local/partners/manomano/stand-in.ts';
import { createManomanoClients, MANOMANO_CALLS_QUOTA } from '../../shared/adapters/manomano/client.ts';
import {
  createManomanoListingPusher,
  createManomanoListingSource,
} from '../../shared/adapters/manomano/listings.ts';
import { ListingWorld, MINUTE_MS } from '../support/listing-world.ts';
import { aPlan, aProduct } from '../support/listings.ts';
import { partnerFetch } from '../support/partner-fetch.ts';

const PLANS = { calls: MANOMANO_CALLS_QUOTA };
const offer = (sku: string, price: number, stock: number): ManomanoOffer => ({
  sku,
  status: 'COMPLETED',
  price,
  stock,
  carrier: 'BRT',
  errors: [],
  id_me: '1',
});

let world: ListingWorld;
let manomano: ManomanoStandIn;
let source: ReturnType<typeof createManomanoListingSource>;
let pusher: ReturnType<typeof createManomanoListingPusher>;
const plan = aPlan({ channelId: 'manomano-it', marketplace: 'manomano', dueAt: undefined });

beforeEach(async () => {
  world = new ListingWorld({
    channelId: 'manomano-it',
    marketplace: 'manomano',
    accountId: 'shop',
    siteIds: ['111', '222'],
  });
  manomano = createManomanoStandIn({
    apiKey: 'demo-not-a-secret',
    contracts: [
      { contractId: 111, amounts: 'number' },
      { contractId: 222, amounts: 'number' },
    ],
    orders: [],
    offers: new Map([
      [111, [offer('1E5', 8.1, 3), offer('00123', 5, 1)]],
      [222, [offer('1E5', 9, 2)]],
    ]),
    now: world.clock.now,
  });
  vi.stubGlobal('fetch', partnerFetch(manomano));
  await world.credentials.putCredentials('manomano', 'shop', { apiKey: 'demo-not-a-secret' });
  const clientOf = createManomanoClients(world.credentials);
  source = createManomanoListingSource(clientOf);
  pusher = createManomanoListingPusher(clientOf);
});
afterEach(() => vi.unstubAllGlobals());

const pull = () => world.pull(source, PLANS);
const push = () => world.push(pusher, PLANS, plan.planId);
const states = async () =>
  (await world.linesOf(plan.planId)).map(({ listingKey, state, code }) => [listingKey, code ?? state]);

async function approved(): Promise<void> {
  await world.products.putMany([
    aProduct({ sku: '1E5', price: { amountMinor: 900, currency: 'EUR' }, quantity: 4 }),
    aProduct({ sku: '00123', price: { amountMinor: 500, currency: 'EUR' }, quantity: 1 }),
  ]);
  await pull();
  await world.match();
  await world.plans.create(plan);
  await world.dryRun(plan.planId);
  const ready = await world.plans.get(plan);
  if (ready === undefined) throw new Error('no plan');
  await world.plans.change({ ...ready, state: 'approved' }, ready.version);
}

test('the offers of each contract are listings of their own', async () => {
  expect(await pull()).toMatchObject({
    outcome: 'pulled',
    look: { seen: 3, created: 3, calls: 2, notEnabled: [] },
  });
  expect((await world.listings.get('manomano-it', '111/1E5'))?.listing).toMatchObject({
    sku: '1E5',
    price: { amountMinor: 810, currency: 'EUR' },
    quantity: 3,
  });
  expect((await world.listings.get('manomano-it', '222/1E5'))?.listing.price?.amountMinor).toBe(900);
});

test('a contract that is not enabled is named, and what was known of it has not ended', async () => {
  await pull();
  manomano.refuseContract(222);
  world.nowMs += 5 * 60 * MINUTE_MS;
  expect(await pull()).toMatchObject({ outcome: 'pulled', look: { seen: 2, gone: 0, notEnabled: ['222'] } });
  expect((await world.listings.get('manomano-it', '222/1E5'))?.listing.status).toBe('active');
  manomano.allowContract(222);
  world.nowMs += 5 * 60 * MINUTE_MS;
  expect(await pull()).toMatchObject({ look: { seen: 3, changed: 0, notEnabled: [] } });
});

test('a change is taken first and followed until the offer shows it', async () => {
  await approved();
  expect(await push()).toMatchObject({ outcome: 'waits', reason: 'followed' });
  expect(await states()).toEqual([
    ['111/1E5', 'accepted'],
    ['222/1E5', 'accepted'],
  ]);
  expect(manomano.calls.get('update-offers')).toBe(1);
  world.nowMs += 4 * MINUTE_MS;
  expect((await push()).outcome).toBe('waits');
  manomano.finishUpdates();
  world.nowMs += 4 * MINUTE_MS;
  expect(await push()).toMatchObject({ outcome: 'ended', done: 2 });
  expect(manomano.offer(111, '1E5')).toMatchObject({ price: 9, stock: 4 });
  expect(manomano.calls.get('update-offers')).toBe(1);
});

test('one that never shows is given to a person after a day', async () => {
  await approved();
  await push();
  world.nowMs += 25 * 60 * MINUTE_MS;
  expect(await push()).toMatchObject({ outcome: 'ended', unclear: 2 });
});

test('a 207 refuses what it names, and the rest is followed', async () => {
  await approved();
  const lines = await world.linesOf(plan.planId);
  const [first] = lines;
  if (first === undefined) throw new Error('no line');
  const gone = { ...first, listingKey: '111/GONE', listing: { ...first.listing, sku: 'GONE' } };
  expect(await pusher.push('shop', [first, gone], async () => {})).toEqual([
    { listingKey: '111/1E5', outcome: 'accepted' },
    { listingKey: '111/GONE', outcome: 'refused', code: 'ERR_1404' },
  ]);
});

test('a call whose answer is lost is asked about before it is made again', async () => {
  await approved();
  manomano.trouble('dropped-after', 1);
  expect(await push()).toMatchObject({ outcome: 'waits', reason: 'unavailable' });
  manomano.finishUpdates();
  world.nowMs += 3 * MINUTE_MS;
  expect(await push()).toMatchObject({ outcome: 'ended', done: 2 });
  expect(manomano.calls.get('update-offers')).toBe(1);
});
