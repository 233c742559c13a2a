import { afterAll, beforeEach, expect, inject, test } from 'vitest';
import { createAccountStore } from '../../shared/adapters/dynamodb/account-store.ts';
import { createActivityLog } from '../../shared/adapters/dynamodb/activity-log.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createQuotaStore } from '../../shared/adapters/dynamodb/quota-store.ts';
import { createRemoteActionStore } from '../../shared/adapters/dynamodb/remote-action-store.ts';
import type { RemoteAction, RemoteActionJob, RemoteActionWish } from '../../shared/domain/remote-action.ts';
import {
  type PerformRemoteActionDeps,
  performRemoteAction,
} from '../../shared/usecases/perform-remote-action.ts';
import { requestRemoteAction } from '../../shared/usecases/request-remote-action.ts';
import { createStateTable, testClient } from '../support/dynamodb-local.ts';
import { MemoryJobQueue } from '../support/memory/job-queue.ts';
import { anOrder } from '../support/orders.ts';

/* Several people and workers on one order at the same instant, each with stores of their own over one database. */
const client = testClient(inject('dynamoDbEndpoint'));
afterAll(() => client.destroy());

const ORDER = anOrder();
const NAME = { marketplace: 'amazon', marketplaceOrderId: ORDER.marketplaceOrderId } as const;
const WISHES: readonly RemoteActionWish[] = [
  { kind: 'cancel', reason: 'out-of-stock' },
  { kind: 'ship', courier: 'brt', trackingNumber: '067061651641', lines: [] },
  { kind: 'cancel', reason: 'buyer-asked' },
  { kind: 'ship', courier: 'brt', trackingNumber: '067061651642', lines: [] },
];

let table: string;
beforeEach(async () => {
  table = await createStateTable(client);
  await createOrderStore(client, table).putOrder(ORDER);
});

/** What one process has. */
function process() {
  const queue = new MemoryJobQueue<RemoteActionJob>();
  return {
    queue,
    deps: {
      orders: createOrderStore(client, table),
      actions: createRemoteActionStore(client, table),
      accounts: createAccountStore(client, table),
      channels: createChannelStore(client, table),
      activities: createActivityLog(client, table),
      queues: { amazon: queue, ebay: queue, manomano: queue },
      clock: { now: () => Date.parse('2026-11-20T10:00:00.000Z') },
    },
  };
}

test('of four operators at once one acts; the others are told who has the order, and pulls go on', async () => {
  const pulls = Array.from({ length: 8 }, (_, n) =>
    createOrderStore(client, table).putOrder(
      anOrder({ updatedAt: `2026-11-20T09:00:00.0${10 + n}Z`, programs: [`pull-${n}`] }),
    ),
  );
  const asked = WISHES.map(async (wish, n) => {
    const { deps, queue } = process();
    const actor = `person-${n}`;
    const outcome = await requestRemoteAction({ ...deps, actor }, NAME, `action-${n}`, wish);
    return { outcome, queue, actor };
  });
  const [outcomes] = await Promise.all([Promise.all(asked), Promise.all(pulls)]);

  const stored = await createRemoteActionStore(client, table).ofOrder(ORDER.orderId);
  expect(stored).toHaveLength(1);
  const [winner] = stored;
  for (const { outcome, queue, actor } of outcomes) {
    if (outcome?.outcome === 'requested') {
      expect([actor, queue.sent.length]).toEqual([winner?.requestedBy, 1]);
      continue;
    }
    expect(queue.sent).toEqual([]);
    expect(outcome).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'under-way', blockedBy: { requestedBy: winner?.requestedBy } },
    });
  }
  const record = (await createOrderStore(client, table).getMany([ORDER.orderId])).get(ORDER.orderId);
  expect(record?.manualFulfilment?.by).toBe(winner?.requestedBy);
  expect(record?.order?.programs[0]).toMatch(/^pull-/);
});

test('one click that arrives eight times is one action', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, () =>
      requestRemoteAction({ ...process().deps, actor: 'person-1' }, NAME, 'action-1', {
        kind: 'cancel',
        reason: 'out-of-stock',
      }),
    ),
  );
  expect(outcomes.filter((each) => each?.outcome === 'requested')).toHaveLength(1);
  expect(outcomes.filter((each) => each?.outcome === 'known')).toHaveLength(7);
});

test('eight workers with one message call the marketplace once', async () => {
  const { deps, queue } = process();
  await requestRemoteAction({ ...deps, actor: 'person-1' }, NAME, 'action-1', {
    kind: 'cancel',
    reason: 'out-of-stock',
  });
  const [sent] = queue.sent;
  if (sent === undefined) throw new Error('no message');
  const performed: RemoteAction[] = [];
  const every = { operation: 'calls', plan: { ratePerSecond: 1, burst: 100 } };
  const worker = (): PerformRemoteActionDeps => ({
    ...process().deps,
    marketplace: 'amazon',
    quota: createQuotaStore(client, table),
    calls: () => ({ telling: every, asking: every }),
    actor: {
      perform: async (_, action) => {
        performed.push(action);
        return { outcome: 'done', answer: { remoteId: 'feed-1' } };
      },
      find: async () => {
        throw new Error('nobody has to ask');
      },
    },
    confirmer: {
      confirm: async () => {
        throw new Error('not a parcel');
      },
      find: async () => {
        throw new Error('not a parcel');
      },
    },
  });
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, () => performRemoteAction(worker(), sent.job, () => 175_000)),
  );
  expect(performed).toHaveLength(1);
  expect(outcomes.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
  const { actions } = process().deps;
  expect(await actions.ofOrder(ORDER.orderId)).toMatchObject([
    { state: 'done', attempts: 1, answer: { remoteId: 'feed-1' } },
  ]);
  // The order is free: the same thing is refused because it was done, not because somebody is at it.
  const again = await requestRemoteAction({ ...deps, actor: 'person-2' }, NAME, 'action-2', {
    kind: 'cancel',
    reason: 'out-of-stock',
  });
  expect(again).toMatchObject({ refusal: { code: 'waits-for-sync' } });
});
