import { SEARCH_ORDERS_QUOTA } from '../shared/adapters/amazon/search-orders.ts';
import { EBAY_CALLS_QUOTA } from '../shared/adapters/ebay/orders.ts';
import { MANOMANO_CALLS_QUOTA } from '../shared/adapters/manomano/client.ts';
import { orderId } from '../shared/domain/order.ts';
import { isoInstant } from '../shared/domain/pull-window.ts';
import { requestBackfill } from '../shared/usecases/request-pull.ts';
import { aChannel } from '../tests/support/order-pages.ts';
import { PullRig, type ShopSettings } from '../tests/support/pull-rig.ts';
import { atLeast, atMost, type Figure, seen } from './figure.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A Saturday: Monday's count check of thirty days is among the days looked at. */
const START_MS = Date.parse('2026-11-21T00:00:00.000Z');
/** The first of them is for the first pull. */
const DAYS = 4;
/** A shop of 10,000 orders a month, open for a quarter of a year. */
const SALES_A_DAY = 333;
const HISTORY_DAYS = 90;
/** Each order changes when it is packed and when it is shipped. */
const CHANGED_AFTER_MS = [3 * HOUR_MS, 20 * HOUR_MS];
/** Within these hours (UTC) no nightly work runs. */
const [DAYTIME_FROM, DAYTIME_UNTIL] = [8, 20];

const AMAZON: ShopSettings = {
  marketplace: 'amazon',
  siteIds: ['it', 'de'],
  plan: SEARCH_ORDERS_QUOTA,
  pageSize: 100,
  lagMs: 2 * MINUTE_MS,
  callPerSite: false,
};
const SHOPS: Readonly<Record<string, ShopSettings>> = {
  'Amazon, 2 sites': AMAZON,
  eBay: {
    marketplace: 'ebay',
    siteIds: ['EBAY_IT'],
    plan: EBAY_CALLS_QUOTA,
    pageSize: 200,
    lagMs: 2 * MINUTE_MS,
    callPerSite: false,
  },
  'ManoMano, 5 contracts': {
    marketplace: 'manomano',
    siteIds: ['4001', '4002', '4003', '4004', '4005'],
    plan: MANOMANO_CALLS_QUOTA,
    pageSize: 100,
    lagMs: 2 * MINUTE_MS,
    callPerSite: true,
  },
};

/**
 * Pulls of some days on a simulated clock, with the real use cases: the schedule, and beside it the nightly re-scans, the
 * weekly count check and a backfill. Each partner keeps its quota and shows changes two minutes late.
 */
export async function orderPulls(progress: (step: string) => void): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, settings] of Object.entries(SHOPS)) {
    progress(name);
    figures.push(...(await someDays(name, settings)));
  }
  progress('a first pull');
  figures.push(await firstPull());
  return figures;
}

async function someDays(name: string, settings: ShopSettings): Promise<Figure[]> {
  const endMs = START_MS + DAYS * DAY_MS;
  const rig = rigOf(settings);
  sell(rig, START_MS - HISTORY_DAYS * DAY_MS, endMs);
  await rig.runUntil(START_MS + DAY_MS);
  const asked = { from: isoInstant(START_MS - HISTORY_DAYS * DAY_MS).slice(0, 10), until: '2026-11-20' };
  const { outcome } = await requestBackfill(rig.asking, 'shop', asked);
  if (outcome !== 'requested') throw new Error(`the backfill was refused: ${outcome}`);
  await rig.runUntil(endMs);

  const waitsMs = rig.shop.sales
    .filter(({ placedMs }) => placedMs >= START_MS + DAY_MS && placedMs < endMs - HOUR_MS)
    .map(({ marketplaceOrderId, placedMs }) => {
      const storedAtMs = rig.orders.storedAtMs.get(orderId(settings.marketplace, marketplaceOrderId));
      return (storedAtMs ?? Number.POSITIVE_INFINITY) - placedMs;
    })
    .toSorted((a, b) => a - b);
  const unchanged = rig.facts.reduce((sum, facts) => sum + facts.unchanged, 0);
  const p95Ms = waitsMs[Math.ceil(waitsMs.length * 0.95) - 1] ?? Number.POSITIVE_INFINITY;
  return [
    atMost(`${name}: new order visible, p95`, p95Ms / MINUTE_MS, 'min', 8),
    seen(`${name}: new order visible, slowest`, (waitsMs.at(-1) ?? 0) / MINUTE_MS, 'min'),
    seen(`${name}: unchanged orders read again`, unchanged, ''),
    atMost(`${name}: writes for an unchanged order`, rig.orders.needlessWrites, '', 0),
    ...(settings.callPerSite ? [await scheduledCalls(name, settings)] : []),
  ];
}

/** 60 % of ManoMano's 250 calls an hour are for shipments, documents and offers. */
async function scheduledCalls(name: string, settings: ShopSettings): Promise<Figure> {
  const rig = rigOf(settings);
  sell(rig, START_MS - DAY_MS, START_MS + DAY_MS);
  await rig.runUntil(START_MS + DAY_MS);
  const perHour = Array.from({ length: DAYTIME_UNTIL - DAYTIME_FROM }, (_, n) => {
    const fromMs = START_MS + (DAYTIME_FROM + n) * HOUR_MS;
    return rig.shop.callsAtMs.filter((atMs) => atMs >= fromMs && atMs < fromMs + HOUR_MS).length;
  });
  return atMost(`${name}: scheduled calls in the busiest hour`, Math.max(...perHour), '', 100);
}

/** A month of orders that nobody changed since: every page is full, and no order takes a call of its own. */
async function firstPull(): Promise<Figure> {
  const rig = rigOf(AMAZON);
  sell(rig, START_MS - 30 * DAY_MS, START_MS - DAY_MS, []);
  const orders = 2_000;
  rig.shop.sales.length = orders;
  await rig.runUntil(START_MS);
  while (rig.facts.at(-1)?.outcome !== 'completed') await rig.runUntil(rig.clock.nowMs + MINUTE_MS);
  if (rig.orders.storedAtMs.size !== orders) throw new Error('the first pull lost orders');
  return atLeast('Amazon: orders a call, first pull', rig.shop.answered / rig.shop.callsAtMs.length, '', 100);
}

function rigOf(settings: ShopSettings): PullRig {
  const channel = aChannel({
    ...{ channelId: 'shop', marketplace: settings.marketplace, siteIds: settings.siteIds },
    ordersWatermark: undefined,
    ordersFrom: isoInstant(START_MS - 30 * DAY_MS),
  });
  return new PullRig(START_MS, settings, [channel]);
}

/** Sales at uneven times, the same in every run: a sequence that fills the day evenly and keeps no step with any clock. */
function sell(rig: PullRig, fromMs: number, untilMs: number, changedAfterMs = CHANGED_AFTER_MS): void {
  const { siteIds } = rig.shop.settings;
  const GOLDEN = 0.618_033_988_749_895;
  for (let dayMs = fromMs; dayMs < untilMs; dayMs += DAY_MS) {
    for (let n = 0; n < SALES_A_DAY; n += 1) {
      const number = rig.shop.sales.length;
      const placedMs = dayMs + Math.floor(((number * GOLDEN) % 1) * DAY_MS);
      rig.shop.sales.push({
        marketplaceOrderId: `S-${number}`,
        siteId: siteIds[number % siteIds.length] ?? '',
        placedMs,
        changedMs: changedAfterMs.map((afterMs) => placedMs + afterMs),
      });
    }
  }
}
