import { afterAll, beforeAll, expect, it } from 'vitest';
import { listingPageSchema, listingPlanSchema, planLinePageSchema } from '../../events/http/products.ts';
import { openDemoChannels, pullOrders, untilSettled } from '../../local/demonstration.ts';
import { type LocalStack, start } from '../../local/main.ts';
import { signIn } from '../../local/sign-in.ts';

/** Remote products on the synthesised stack: switched on, looked at, matched, and one price pushed to eBay. */

const SCREWS = '110000000002';
let stack: LocalStack;
let token: string;
let keys = 0;

beforeAll(async () => {
  stack = await start({ tenant: 'demo' });
  await openDemoChannels(stack);
  token = await signIn(stack.endpoints.people, 'operator');
}, 180_000);
afterAll(() => stack?.stop());

async function call(path: string, method = 'GET', body?: unknown, headers: Record<string, string> = {}) {
  keys += 1;
  const answer = await fetch(`${stack.endpoints.api}/v1/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'idempotency-key': `listings-e2e-${keys}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const json: unknown = await answer.json();
  return { status: answer.status, etag: answer.headers.get('etag') ?? '', json };
}

const listingsOf = async (channel: string) =>
  listingPageSchema.parse((await call(`channels/${channel}/listings`)).json).listings;

it('a channel’s listings come when its switch is on, and not before', async () => {
  expect(await listingsOf('ebay-it')).toEqual([]);
  for (const channel of ['ebay-it', 'manomano-it']) {
    const { etag } = await call(`channels/${channel}`);
    const switched = await call(
      `channels/${channel}/switches/listings`,
      'PUT',
      { on: true },
      { 'if-match': etag },
    );
    expect(switched.status).toBe(200);
  }
  await pullOrders(stack);
  expect((await listingsOf('ebay-it')).map(({ sku, model, ean }) => [sku, model, ean])).toEqual([
    ['DEMO-OROLOGIO', 'classic', null],
    ['1E5', 'inventory', '4006381333931'],
    [null, 'classic', null],
  ]);
  expect((await listingsOf('manomano-it')).length).toBeGreaterThan(0);
  expect((await call('channels/manomano-it/listing-sync')).json).toMatchObject({ on: true, problem: null });
}, 120_000);

it('a product of the catalogue is matched with its listing by a SKU that looks like a number', async () => {
  const product = {
    sku: '1E5',
    title: 'Viti dimostrative',
    price: { amount: '8.90', currency: 'EUR' },
    vatRate: '22',
    quantity: 120,
  };
  expect(await call('products', 'POST', { products: [product] })).toMatchObject({
    status: 200,
    json: { created: 1, rejected: [] },
  });
  await untilSettled(stack, 'matching');
  const [, screws] = await listingsOf('ebay-it');
  expect(screws?.match).toMatchObject({ state: 'matched', by: 'sku', skus: ['1E5'] });
}, 60_000);

it('its price is pushed after a dry run that a person approved, and nothing else', async () => {
  const asked = await call('channels/ebay-it/listing-plans', 'POST', {});
  expect(asked.status).toBe(202);
  const { planId } = listingPlanSchema.parse(asked.json);
  await untilSettled(stack, 'dry run');
  const plan = `channels/ebay-it/listing-plans/${planId}`;
  expect((await call(plan)).json).toMatchObject({
    state: 'ready',
    counts: { changes: 1, prices: 1, quantities: 0 },
  });
  expect(stack.ebay.listing(SCREWS)?.priceCents).toBe(810);
  expect((await call(`${plan}/approval`, 'POST', {})).status).toBe(202);
  await untilSettled(stack, 'push');
  expect((await call(plan)).json).toMatchObject({ state: 'ended' });
  const { lines } = planLinePageSchema.parse((await call(`${plan}/lines`)).json);
  expect(lines.map(({ sku, from, to, state }) => [sku, from.price?.amount, to.price?.amount, state])).toEqual(
    [['1E5', '8.10', '8.90', 'done']],
  );
  expect(stack.ebay.listing(SCREWS)).toMatchObject({ priceCents: 890, quantity: 120 });
  expect(stack.ebay.calls.get('ReviseInventoryStatus')).toBeUndefined();
}, 60_000);
