import { describe, expect, test } from 'vitest';
import { orderId } from '../../shared/domain/order.ts';
import type { RemoteAction } from '../../shared/domain/remote-action.ts';
import type { OrderStore } from '../../shared/ports/order-store.ts';
import type { RemoteActionStore } from '../../shared/ports/remote-action-store.ts';
import { anOrder } from '../support/orders.ts';
import { aRemoteAction } from '../support/remote-actions.ts';

const ORDER = anOrder();

export function remoteActionStoreContract(
  name: string,
  create: () => Promise<{ orders: OrderStore; actions: RemoteActionStore }>,
): void {
  describe(`remote actions in ${name}`, () => {
    const world = async () => {
      const stores = await create();
      await stores.orders.putOrder(ORDER);
      const read = async () => (await stores.orders.getMany([ORDER.orderId])).get(ORDER.orderId);
      return { ...stores, read };
    };

    test('takes the order and marks it red with the first action, and the mark stays with the next', async () => {
      const { actions, read } = await world();
      const first = aRemoteAction({ actionId: 'action-1' });
      expect((await read())?.manualFulfilment).toBeUndefined();
      expect(await actions.create(first)).toEqual({ outcome: 'created' });
      expect(await actions.get(first)).toEqual({ ...first, version: 1 });
      expect((await read())?.manualFulfilment).toEqual({
        since: first.requestedAt,
        kind: 'refund',
        by: 'person-1',
        at: first.requestedAt,
      });
      await actions.change({ ...first, state: 'refused', dueAt: undefined }, 1);
      const second = aRemoteAction({
        actionId: 'action-2',
        requestedBy: 'person-2',
        requestedAt: '2026-11-20T11:00:00.000Z',
        wish: { kind: 'cancel', reason: 'out-of-stock' },
      });
      expect(await actions.create(second)).toEqual({ outcome: 'created' });
      expect((await read())?.manualFulfilment).toEqual({
        since: first.requestedAt,
        kind: 'cancel',
        by: 'person-2',
        at: second.requestedAt,
      });
      expect((await actions.ofOrder(ORDER.orderId)).map(({ actionId }) => actionId)).toEqual([
        'action-1',
        'action-2',
      ]);
    });

    test('the same id again is the action that is there, whatever became of it', async () => {
      const { actions } = await world();
      const action = aRemoteAction();
      await actions.create(action);
      await actions.change({ ...action, state: 'done', dueAt: undefined, endedAt: 'later' }, 1);
      const again = await actions.create({ ...action, requestedBy: 'person-2' });
      expect(again).toMatchObject({ outcome: 'exists', action: { state: 'done', requestedBy: 'person-1' } });
    });

    test('an order that is taken says by whom, until the action has ended', async () => {
      const { actions } = await world();
      const action = aRemoteAction();
      const other = aRemoteAction({ actionId: 'action-2', requestedBy: 'person-2' });
      await actions.create(action);
      const taken = { outcome: 'taken', by: { actionId: action.actionId, requestedBy: 'person-1' } };
      expect(await actions.create(other)).toMatchObject(taken);
      await actions.change({ ...action, state: 'sending' }, 1);
      expect(await actions.create(other)).toMatchObject(taken);
      await actions.change({ ...action, state: 'unclear', dueAt: undefined }, 2);
      expect(await actions.create(other)).toMatchObject(taken);
      await actions.change({ ...action, state: 'done', dueAt: undefined }, 3);
      expect(await actions.create(other)).toEqual({ outcome: 'created' });
    });

    test('of two people who ask at the same instant one gets the order, and the other is told who', async () => {
      const { actions } = await world();
      const asked = ['person-1', 'person-2', 'person-3'].map((requestedBy, n) =>
        actions.create(aRemoteAction({ actionId: `action-${n}`, requestedBy })),
      );
      const outcomes = await Promise.all(asked);
      const stored = await actions.ofOrder(ORDER.orderId);
      expect(stored).toHaveLength(1);
      expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
      const winner = stored[0]?.requestedBy;
      for (const lost of outcomes.filter(({ outcome }) => outcome !== 'created')) {
        expect(lost).toMatchObject({ outcome: 'taken', by: { requestedBy: winner } });
      }
    });

    test('a double click at the same instant is one action', async () => {
      const { actions } = await world();
      const action = aRemoteAction();
      const outcomes = await Promise.all([actions.create(action), actions.create(action)]);
      expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['created', 'exists']);
    });

    test('of an order that is not here nothing is stored', async () => {
      const { actions } = await world();
      const action = aRemoteAction({ orderId: orderId('amazon', '404-0000009-0000009') });
      expect(await actions.create(action)).toEqual({ outcome: 'no-order' });
      expect(await actions.get(action)).toBeUndefined();
    });

    test('a change is made on the version that was read, or not at all', async () => {
      const { actions } = await world();
      const action = aRemoteAction();
      await actions.create(action);
      const next: RemoteAction = { ...action, state: 'sending', attempts: 1 };
      expect(await actions.change(next, 1)).toBe('changed');
      expect(await actions.change(next, 1)).toBe('conflict');
      expect(await actions.change({ ...next, state: 'done', dueAt: undefined }, 1)).toBe('conflict');
      expect(await actions.get(action)).toEqual({ ...next, version: 2 });
      expect(await actions.change({ ...next, state: 'done', dueAt: undefined }, 2)).toBe('changed');
    });

    test('what is due is listed by marketplace, the longest due first, and what has ended is not', async () => {
      const { actions, orders } = await world();
      const ids = ['1', '2', '3'].map((n) => `404-0000001-000000${n}`);
      for (const [n, marketplaceOrderId] of ids.entries()) {
        await orders.putOrder(anOrder({ marketplaceOrderId }));
        await actions.create(
          aRemoteAction({
            orderId: orderId('amazon', marketplaceOrderId),
            actionId: `action-${n}`,
            dueAt: `2026-11-20T10:0${3 - n}:00.000Z`,
          }),
        );
      }
      const due = async (until: string, marketplace: 'amazon' | 'ebay' = 'amazon') =>
        (await actions.listDue({ marketplace, until, limit: 10 })).map(({ actionId }) => actionId);
      expect(await due('2026-11-20T10:02:00.000Z')).toEqual(['action-2', 'action-1']);
      expect(await due('2026-11-20T10:09:00.000Z', 'ebay')).toEqual([]);
      const [, , last] = ids;
      const ended = aRemoteAction({
        orderId: orderId('amazon', last ?? ''),
        actionId: 'action-2',
        state: 'done',
        dueAt: undefined,
      });
      await actions.change(ended, 1);
      expect(await due('2026-11-20T10:09:00.000Z')).toEqual(['action-1', 'action-0']);
    });

    test('a pull leaves the mark and the hold where they are', async () => {
      const { actions, orders, read } = await world();
      await actions.create(aRemoteAction());
      await orders.putOrder(anOrder({ updatedAt: '2026-11-21T09:00:00.000Z', status: 'shipped' }));
      expect((await read())?.manualFulfilment?.by).toBe('person-1');
      expect(await actions.create(aRemoteAction({ actionId: 'action-2' }))).toMatchObject({
        outcome: 'taken',
      });
    });
  });
}
