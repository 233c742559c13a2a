import { expect, test } from 'vitest';
import { anAccount } from '../../tests/support/accounts.ts';
import { aChannel } from '../../tests/support/order-pages.ts';
import { syncState } from './sync-state.ts';

const NOW = Date.parse('2026-11-23T10:00:00.000Z');
const channel = aChannel({ ordersPulledAt: '2026-11-23T09:47:05.000Z' });

test('a channel is as far behind as what has been seen of it', () => {
  expect(syncState(channel, anAccount(), NOW)).toEqual({
    pulled: true,
    revoked: false,
    lagMs: 900_000,
    lastCompletePullAt: '2026-11-23T09:47:05.000Z',
  });
});

test('before its first complete pull it is as far behind as its beginning', () => {
  const fresh = aChannel({ ordersWatermark: undefined, ordersFrom: '2026-11-22T10:00:00.000Z' });
  expect(syncState(fresh, undefined, NOW)).toMatchObject({
    lagMs: 86_400_000,
    lastCompletePullAt: undefined,
  });
});

test('it is not pulled while it is off, archived or revoked', () => {
  expect(syncState({ ...channel, ordersSync: false }, anAccount(), NOW).pulled).toBe(false);
  expect(syncState({ ...channel, archivedAt: '2026-11-01T00:00:00.000Z' }, anAccount(), NOW).pulled).toBe(
    false,
  );
  expect(syncState(channel, anAccount({ health: 'revoked' }), NOW)).toMatchObject({
    pulled: false,
    revoked: true,
  });
});

test('an account that fails for a while is pulled on', () => {
  expect(syncState(channel, anAccount({ health: 'failing' }), NOW)).toMatchObject({
    pulled: true,
    revoked: false,
  });
});
