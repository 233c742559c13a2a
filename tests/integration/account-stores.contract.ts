import { describe, expect, test } from 'vitest';
import type { Account } from '../../shared/domain/account.ts';
import type { FollowUp } from '../../shared/domain/follow-up.ts';
import { orderId } from '../../shared/domain/order.ts';
import type { AccountStore } from '../../shared/ports/account-store.ts';
import type { FollowUpStore } from '../../shared/ports/follow-up-store.ts';

const account: Account = {
  marketplace: 'ebay',
  accountId: 'shop',
  credentialsSavedAt: '2026-11-23T09:00:00.000Z',
  expiries: [{ what: 'refresh-token', at: '2028-05-20T00:00:00.000Z' }],
  health: { state: 'working', since: '2026-11-23T09:00:00.000Z', checkedAt: '2026-11-23T09:00:00.000Z' },
  findings: { sites: [{ siteId: 'EBAY_IT', name: 'eBay.it', active: true }], missing: [] },
  version: 1,
};

/** What every account store promises. */
export function accountStoreContract(name: string, create: () => Promise<AccountStore>): void {
  describe(`${name}: accounts`, () => {
    test('an account comes back as stored, and is created once', async () => {
      const store = await create();
      expect(await store.putAccount(account, 0)).toBe('stored');
      expect(await store.putAccount(account, 0)).toBe('conflict');
      expect(await store.getAccount('ebay', 'shop')).toEqual(account);
      expect(await store.getAccount('amazon', 'shop')).toBeUndefined();
      expect(await store.listAccounts()).toEqual([account]);
    });

    test('a change of health replaces all of it, both ways', async () => {
      const store = await create();
      const failing: Account = {
        ...account,
        health: {
          state: 'failing',
          since: '2026-11-23T09:15:00.000Z',
          checkedAt: '2026-11-23T09:15:00.000Z',
          problem: 'unauthorised',
          unauthorisedSince: '2026-11-23T09:15:00.000Z',
        },
        version: 2,
      };
      await store.putAccount(account, 0);
      await store.putAccount(failing, 1);
      expect(await store.getAccount('ebay', 'shop')).toEqual(failing);
      await store.putAccount(account, 2);
      expect(await store.getAccount('ebay', 'shop')).toEqual({ ...account, version: 3 });
    });

    test('of two changes of the same version one is refused', async () => {
      const store = await create();
      await store.putAccount(account, 0);
      expect(await store.putAccount({ ...account, expiries: [] }, 1)).toBe('stored');
      expect(await store.putAccount({ ...account, findings: undefined }, 1)).toBe('conflict');
      expect(await store.getAccount('ebay', 'shop')).toEqual({ ...account, expiries: [], version: 2 });
    });
  });
}

const order = orderId('ebay', '01-00001-00001');
const followUp: FollowUp = {
  kind: 'personal-data',
  orderId: order,
  orderLineId: '',
  marketplace: 'ebay',
  marketplaceOrderId: '01-00001-00001',
  accountId: 'shop',
  siteId: 'EBAY_IT',
  channelId: 'ebay-it',
  wantedAt: '2026-11-23T09:00:00.000Z',
  state: 'waiting',
  dueAt: '2026-11-23T09:05:00.000Z',
  attempts: 0,
  version: 1,
};

/** What every follow-up store promises. */
export function followUpStoreContract(name: string, create: () => Promise<FollowUpStore>): void {
  const due = (until: string, cursor?: string) => ({
    kind: 'personal-data' as const,
    until,
    limit: 2,
    cursor,
  });

  describe(`${name}: follow-ups`, () => {
    test('a follow-up is created once and found with its order', async () => {
      const store = await create();
      expect(await store.ensure(followUp)).toBe('created');
      expect(await store.ensure({ ...followUp, attempts: 7 })).toBe('exists');
      expect(await store.get(followUp)).toEqual(followUp);
      expect(await store.ofOrder(order)).toEqual([followUp]);
      expect(await store.get({ ...followUp, kind: 'customisation' })).toBeUndefined();
      const erasure: FollowUp = {
        ...followUp,
        kind: 'personal-data-erasure',
        asked: { by: 'person-1', reason: 'buyer-request' },
      };
      await store.ensure(erasure);
      expect(await store.get(erasure)).toEqual(erasure);
    });

    test('of two changes of the same version one is refused', async () => {
      const store = await create();
      await store.ensure(followUp);
      expect(await store.change({ ...followUp, attempts: 1 }, 1)).toBe('changed');
      expect(await store.change({ ...followUp, attempts: 9 }, 1)).toBe('conflict');
      expect(await store.get(followUp)).toEqual({ ...followUp, attempts: 1, version: 2 });
    });

    test('only what is due is listed, the longest due first, page by page', async () => {
      const store = await create();
      for (const [line, dueAt] of [
        ['c', '2026-11-23T09:30:00.000Z'],
        ['a', '2026-11-23T09:10:00.000Z'],
        ['d', '2026-11-23T11:00:00.000Z'],
        ['b', '2026-11-23T09:20:00.000Z'],
      ] as const) {
        await store.ensure({ ...followUp, orderLineId: line, dueAt });
      }
      const first = await store.listDue(due('2026-11-23T10:00:00.000Z'));
      expect(first.followUps.map(({ orderLineId }) => orderLineId)).toEqual(['a', 'b']);
      const second = await store.listDue(due('2026-11-23T10:00:00.000Z', first.cursor));
      expect(second.followUps.map(({ orderLineId }) => orderLineId)).toEqual(['c']);
      expect(second.cursor).toBeUndefined();
    });

    test('one that is finished is due no more', async () => {
      const store = await create();
      await store.ensure(followUp);
      await store.change({ ...followUp, state: 'done', dueAt: undefined }, 1);
      expect((await store.listDue(due('2027-01-01T00:00:00.000Z'))).followUps).toEqual([]);
      expect((await store.get(followUp))?.state).toBe('done');
    });
  });
}
