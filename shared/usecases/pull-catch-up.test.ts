import { describe, expect, test } from 'vitest';
import { anAccount } from '../../tests/support/accounts.ts';
import { aChannel, IT } from '../../tests/support/order-pages.ts';
import { PullRig } from '../../tests/support/pull-rig.ts';
import { SETTLING_MS } from '../domain/pull-window.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.parse('2026-11-01T00:00:00.000Z');

/** A shop on Amazon's quota that sells every hour; each order changes once more, eight days later. */
function shopOf(days: number): PullRig {
  const rig = new PullRig(
    START_MS,
    {
      marketplace: 'amazon',
      siteIds: [IT],
      plan: { ratePerSecond: 0.0056, burst: 20 },
      pageSize: 100,
      lagMs: SETTLING_MS,
      callPerSite: false,
    },
    [aChannel({ ordersWatermark: undefined, ordersFrom: '2026-10-31T00:00:00.000Z' })],
  );
  for (let hour = 0; hour < days * 24; hour += 1) {
    const placedMs = START_MS + hour * HOUR_MS;
    const changedMs = [placedMs + 8 * DAY_MS];
    rig.shop.sales.push({ marketplaceOrderId: `404-${hour}`, siteId: IT, placedMs, changedMs });
  }
  return rig;
}

/** Everything the shop shows by now is stored as the shop shows it. */
async function expectNothingLost(rig: PullRig): Promise<void> {
  const shownMs = rig.clock.nowMs - HOUR_MS;
  const { records } = await rig.orders.listOrders({ channelId: 'amazon-it', limit: 10_000 });
  const stored = new Map(records.map(({ order }) => [order?.marketplaceOrderId, order?.updatedAt]));
  for (const { marketplaceOrderId, placedMs, changedMs } of rig.shop.sales) {
    if (placedMs > shownMs) continue;
    const updatedMs = [placedMs, ...changedMs].filter((at) => at <= shownMs).at(-1) ?? placedMs;
    expect(Date.parse(stored.get(marketplaceOrderId) ?? ''), marketplaceOrderId).toBeGreaterThanOrEqual(
      updatedMs,
    );
  }
}

describe('a week without authorisation', () => {
  test('asks the marketplace nothing, and after the renewal nothing of it is missing', async () => {
    const rig = shopOf(14);
    await rig.accounts.putAccount(anAccount(), 0);
    await rig.runUntil(START_MS + 3 * DAY_MS);
    await expectNothingLost(rig);

    rig.shop.authorised = false;
    await rig.accounts.putAccount(anAccount({ health: 'revoked' }), 1);
    const calls = rig.shop.callsAtMs.length;
    await rig.runUntil(START_MS + 10 * DAY_MS);
    expect(rig.shop.callsAtMs.length).toBe(calls);
    // The one pull that was on its way when it happened.
    expect(rig.deadLetters.length).toBeLessThanOrEqual(1);

    rig.shop.authorised = true;
    await rig.accounts.putAccount(anAccount(), 2);
    await rig.runUntil(START_MS + 10 * DAY_MS + HOUR_MS);
    await expectNothingLost(rig);
    const [channel] = await rig.channels.listChannels();
    expect(rig.clock.nowMs - Date.parse(channel?.ordersWatermark ?? '')).toBeLessThan(10 * 60_000);
  });

  test('that nobody noticed for a while ends in dead letters, and loses nothing either', async () => {
    const rig = shopOf(5);
    await rig.runUntil(START_MS + DAY_MS);
    rig.shop.authorised = false;
    await rig.runUntil(START_MS + DAY_MS + 2 * HOUR_MS);
    expect(rig.deadLetters.length).toBeGreaterThan(0);
    rig.shop.authorised = true;
    await rig.runUntil(START_MS + 2 * DAY_MS);
    await expectNothingLost(rig);
  });
});

test('two months without authorisation are caught up window by window', async () => {
  const rig = shopOf(80);
  await rig.accounts.putAccount(anAccount(), 0);
  await rig.runUntil(START_MS + DAY_MS);
  await rig.accounts.putAccount(anAccount({ health: 'revoked' }), 1);
  await rig.runUntil(START_MS + 62 * DAY_MS);
  await rig.accounts.putAccount(anAccount(), 2);
  await rig.runUntil(START_MS + 63 * DAY_MS);
  await expectNothingLost(rig);
});

test('a channel refused for three weeks is caught up while the other one stays current', async () => {
  const rig = shopOf(70);
  rig.shop.sales.push(
    ...rig.shop.sales.map((sale) => ({
      ...sale,
      siteId: 'DE',
      marketplaceOrderId: `DE-${sale.marketplaceOrderId}`,
    })),
  );
  await rig.runUntil(START_MS + 62 * DAY_MS);
  await rig.channels.createChannel(
    aChannel({
      channelId: 'amazon-de',
      siteIds: ['DE'],
      ordersWatermark: new Date(START_MS + 41 * DAY_MS).toISOString(),
      ordersFrom: new Date(START_MS).toISOString(),
    }),
  );
  let worstLagMs = 0;
  for (let hour = 1; hour <= 24; hour += 1) {
    await rig.runUntil(START_MS + 62 * DAY_MS + hour * HOUR_MS);
    const current = await rig.channels.getChannel('amazon-it');
    worstLagMs = Math.max(worstLagMs, rig.clock.nowMs - Date.parse(current?.ordersWatermark ?? ''));
  }
  expect(worstLagMs).toBeLessThan(12 * 60_000);
  const caughtUp = await rig.channels.getChannel('amazon-de');
  expect(rig.clock.nowMs - Date.parse(caughtUp?.ordersWatermark ?? '')).toBeLessThan(15 * 60_000);
  const { records } = await rig.orders.listOrders({ channelId: 'amazon-de', limit: 10_000 });
  const placed = rig.shop.sales.filter(
    ({ siteId, placedMs }) =>
      siteId === 'DE' && placedMs > START_MS + 41 * DAY_MS && placedMs <= rig.clock.nowMs - HOUR_MS,
  );
  expect(records.length).toBeGreaterThanOrEqual(placed.length);
});
