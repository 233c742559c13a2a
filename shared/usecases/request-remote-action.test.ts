import { expect, test } from 'vitest';
import { MemoryAccountStore } from '../../tests/support/memory/account-store.ts';
import { MemoryActivityLog } from '../../tests/support/memory/activity-log.ts';
import { MemoryChannelStore } from '../../tests/support/memory/channel-store.ts';
import { MemoryJobQueue } from '../../tests/support/memory/job-queue.ts';
import { MemoryOrderStore } from '../../tests/support/memory/order-store.ts';
import { MemoryRemoteActionStore } from '../../tests/support/memory/remote-action-store.ts';
import { anOrder } from '../../tests/support/orders.ts';
import { UnavailableError } from '../domain/errors.ts';
import type { RemoteActionJob, RemoteActionWish } from '../domain/remote-action.ts';
import { planRemoteActions } from './plan-remote-actions.ts';
import { requestRemoteAction } from './request-remote-action.ts';

const NAME = { marketplace: 'amazon', marketplaceOrderId: '404-0000001-0000001' } as const;
const CANCEL: RemoteActionWish = { kind: 'cancel', reason: 'out-of-stock' };

async function world() {
  const orders = new MemoryOrderStore();
  await orders.putOrder(anOrder());
  const queue = new MemoryJobQueue<RemoteActionJob>();
  const clock = { nowMs: Date.parse('2026-11-20T10:00:00.000Z'), now: () => clock.nowMs };
  const deps = {
    orders,
    actions: new MemoryRemoteActionStore(orders),
    accounts: new MemoryAccountStore(),
    channels: new MemoryChannelStore(),
    activities: new MemoryActivityLog(),
    queues: { amazon: queue, ebay: queue, manomano: queue },
    clock,
    actor: 'person-1',
  };
  return { deps, queue, clock };
}

test('a click whose twin was stored between its two reads is that twin, not somebody else’s', async () => {
  const { deps, queue } = await world();
  await requestRemoteAction(deps, NAME, 'action-1', CANCEL);
  // The first read was too early to find it.
  const { actions } = deps;
  const late = {
    get: async () => undefined,
    create: actions.create.bind(actions),
    ofOrder: actions.ofOrder.bind(actions),
    change: actions.change.bind(actions),
    listDue: actions.listDue.bind(actions),
  };
  const twin = await requestRemoteAction({ ...deps, actions: late }, NAME, 'action-1', CANCEL);
  expect(twin).toMatchObject({ outcome: 'known', action: { actionId: 'action-1' } });
  const other = await requestRemoteAction({ ...deps, actions: late }, NAME, 'action-2', CANCEL);
  expect(other).toMatchObject({ outcome: 'refused', refusal: { code: 'under-way' } });
  expect(queue.sent).toHaveLength(1);
});

test('a message that could not be sent is sent by the plan: what was asked for stands', async () => {
  const { deps, queue, clock } = await world();
  const broken = {
    send: async (): Promise<void> => {
      throw new UnavailableError('sqs', 'no answer');
    },
  };
  const queues = { amazon: broken, ebay: broken, manomano: broken };
  await expect(requestRemoteAction({ ...deps, queues }, NAME, 'action-1', CANCEL)).rejects.toThrow(
    'no answer',
  );
  expect(await requestRemoteAction(deps, NAME, 'action-1', CANCEL)).toMatchObject({ outcome: 'known' });
  clock.nowMs += 2 * 60_000;
  await planRemoteActions(deps);
  expect(queue.sent.map(({ job }) => job.actionId)).toEqual(['action-1']);
});

test('what nobody takes up is asked for at first every minute, then every quarter of an hour', async () => {
  const { deps, queue, clock } = await world();
  await requestRemoteAction(deps, NAME, 'action-1', CANCEL);
  const asked: number[] = [];
  for (let minute = 0; minute < 60; minute += 1) {
    if ((await planRemoteActions(deps)).asked > 0) asked.push(minute);
    clock.nowMs += 60_000;
  }
  expect(asked).toEqual([2, 3, 4, 17, 32, 47]);
  expect(queue.sent).toHaveLength(7);
  expect((await planRemoteActions(deps)).oldestMs).toBe(60 * 60_000);
});
