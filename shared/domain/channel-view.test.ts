import { expect, test } from 'vitest';
import { anAccount } from '../../tests/support/accounts.ts';
import { aChannel, IT } from '../../tests/support/order-pages.ts';
import { channelView } from './channel-view.ts';

const NOW = Date.parse('2026-11-23T10:00:00.000Z');
const codes = (
  ...[channel, account]: [Parameters<typeof channelView>[0], Parameters<typeof channelView>[1]]
) => channelView(channel, account, NOW).notices.map(({ code }) => code);

test('a channel that works shows its settings, its lag and no notice', () => {
  const view = channelView(aChannel({ ordersPulledAt: '2026-11-23T09:47:00.000Z' }), anAccount(), NOW);
  expect(view).toMatchObject({
    channelId: 'amazon-it',
    version: 1,
    switches: { orders: true, tracking: false, receipts: false, listings: false },
    orders: { pulled: true, lagMs: 15 * 60_000, lastCompletePullAt: '2026-11-23T09:47:00.000Z' },
    account: { state: 'working' },
    notices: [],
  });
});

test('a new channel says what is missing: credentials first, then that its sync is off', () => {
  expect(codes(aChannel({ ordersSync: false }), undefined)).toEqual(['no-credentials', 'orders-off']);
});

test('a revoked account stops the pulls and says since when', () => {
  const view = channelView(aChannel(), anAccount({ health: 'revoked' }), NOW);
  expect(view.orders.pulled).toBe(false);
  expect(view.notices).toEqual([{ code: 'revoked', detail: '2026-10-24' }]);
});

test('a failing account goes on being pulled', () => {
  const view = channelView(aChannel(), anAccount({ health: 'failing' }), NOW);
  expect(view.orders.pulled).toBe(true);
  expect(view.notices.map(({ code }) => code)).toEqual(['failing']);
});

test.each([
  ['2026-12-23T10:00:00.001Z', []],
  ['2026-12-23T10:00:00.000Z', ['expires-soon']],
  ['2026-11-23T10:00:00.000Z', ['expires-soon']],
  ['2026-11-23T09:59:59.999Z', ['expired']],
])('credentials that end at %s give %j', (at, expected) => {
  expect(codes(aChannel(), anAccount({ expiries: [{ what: 'client-secret', at }] }))).toEqual(expected);
});

test('a site that is not active counts for the channel that uses it only', () => {
  const findings = {
    sites: [
      { siteId: IT, name: 'Amazon.it', active: true },
      { siteId: 'A1PA6795UKMFR9', name: 'Amazon.de', active: false },
    ],
    missing: ['Inventory and Order Tracking'],
  };
  expect(codes(aChannel(), anAccount({ findings }))).toEqual(['permission-missing']);
  const german = aChannel({ siteIds: ['A1PA6795UKMFR9'] });
  expect(codes(german, anAccount({ findings }))).toEqual(['site-inactive', 'permission-missing']);
});

test('an archived channel says only that', () => {
  const archived = aChannel({ archivedAt: '2026-11-20T10:00:00.000Z', ordersSync: false });
  expect(channelView(archived, anAccount({ health: 'revoked' }), NOW).notices).toEqual([
    { code: 'archived', detail: '2026-11-20' },
  ]);
});
