import { expect, test } from 'vitest';
import { problemSchema } from '../../events/http/problem.ts';
import {
  remoteActionListSchema,
  remoteActionSchema,
  remoteCapabilitiesSchema,
  remotePreviewSchema,
  requestedRemoteActionSchema,
} from '../../events/http/remote-actions.ts';
import { remoteActionRoutes } from '../../functions/http-api/routes/remote-actions.ts';
import type { RemoteActionJob } from '../../shared/domain/remote-action.ts';
import { MemoryAccountStore } from '../support/memory/account-store.ts';
import { MemoryActivityLog } from '../support/memory/activity-log.ts';
import { MemoryChannelStore } from '../support/memory/channel-store.ts';
import { MemoryJobQueue } from '../support/memory/job-queue.ts';
import { MemoryOrderStore } from '../support/memory/order-store.ts';
import { MemoryRemoteActionStore } from '../support/memory/remote-action-store.ts';
import { anOrder } from '../support/orders.ts';
import { type Call, handlerWith } from './calls.ts';

const PATH = { marketplace: 'amazon', orderNumber: '404-0000001-0000001' };
const REFUND = {
  kind: 'refund',
  reason: 'returned',
  currency: 'EUR',
  lines: [{ orderLineId: '10000000000001', goods: '19.90', shipping: '5' }],
};

/** The routes over the real use cases. */
async function world(order = anOrder({ status: 'shipped' })) {
  const clock = { nowMs: Date.parse('2026-11-24T09:00:00.000Z'), now: () => clock.nowMs };
  const orders = new MemoryOrderStore();
  await orders.putOrder(order);
  const queue = new MemoryJobQueue<RemoteActionJob>();
  const actions = new MemoryRemoteActionStore(orders);
  const { call } = handlerWith(
    remoteActionRoutes({
      orders,
      actions,
      accounts: new MemoryAccountStore(),
      channels: new MemoryChannelStore(),
      activities: new MemoryActivityLog(),
      queues: { amazon: queue, ebay: queue, manomano: queue },
      clock,
    }),
  );
  const ask = (body: unknown, actionId = 'action-01', more: Call = {}) =>
    call('requestRemoteAction', { path: { ...PATH, actionId }, body: JSON.stringify(body), ...more });
  return { call, ask, queue, actions, clock };
}
const codeOf = ({ json }: { json: unknown }): string => problemSchema.parse(json).code;

test('what can be done is said for each kind, and of the rest why not, in both languages', async () => {
  const { call } = await world();
  const answer = await call('readRemoteCapabilities', { path: PATH, groups: '[viewer]' });
  const { actions, lines, refundable } = remoteCapabilitiesSchema.parse(answer.json);
  expect(actions.map(({ kind, possible, why }) => [kind, possible, why?.code ?? null])).toEqual([
    ['accept', false, 'not-offered'],
    ['refuse', false, 'not-offered'],
    ['ship', false, 'wrong-status'],
    ['cancel', false, 'wrong-status'],
    ['approve-cancellation', false, 'not-offered'],
    ['reject-cancellation', false, 'not-offered'],
    ['refund', true, null],
  ]);
  expect(actions[0]?.why).toMatchObject({
    it: expect.stringContaining('Seller Central'),
    en: expect.stringContaining('seen at the next sync'),
  });
  expect(lines).toEqual([
    { orderLineId: '10000000000001', shippable: 0, refundable: { amount: '24.90', currency: 'EUR' } },
  ]);
  expect(refundable).toEqual({ amount: '24.90', currency: 'EUR' });
});

test('a preview says what would happen, and changes nothing', async () => {
  const { call, actions, queue } = await world();
  const preview = async (body: object, key: string) => {
    const headers = { 'idempotency-key': key };
    const answer = await call('previewRemoteAction', { path: PATH, headers, body: JSON.stringify(body) });
    return remotePreviewSchema.parse(answer.json);
  };
  const { possible, effects } = await preview(REFUND, 'preview-1');
  expect(possible).toBe(true);
  expect(effects.map(({ en }) => en)).toEqual([
    expect.stringContaining('24.90 EUR'),
    expect.stringContaining('next sync'),
    expect.stringContaining('red'),
    expect.stringContaining('reversal'),
  ]);
  const lines = [{ orderLineId: '10000000000001', goods: '24.91' }];
  expect(await preview({ ...REFUND, lines }, 'preview-2')).toMatchObject({
    possible: false,
    why: { code: 'too-much' },
    effects: [],
  });
  expect(await actions.ofOrder(anOrder().orderId)).toEqual([]);
  expect(queue.sent).toEqual([]);
});

test('what is asked for is taken, kept with who asked, listed, and the same again is the same', async () => {
  const { call, ask, queue } = await world();
  const first = await ask(REFUND);
  expect(first.status).toBe(202);
  const { action, effects } = requestedRemoteActionSchema.parse(first.json);
  expect(action).toMatchObject({ actionId: 'action-01', state: 'wanted', requestedBy: 'person-1' });
  expect(effects).toHaveLength(4);
  expect((await ask(REFUND)).status).toBe(202);
  expect(queue.sent).toHaveLength(1);
  const other = await ask({ ...REFUND, reason: 'other' });
  expect([other.status, codeOf(other)]).toEqual([422, 'action-of-another-wish']);
  const { actions } = remoteActionListSchema.parse(
    (await call('listRemoteActions', { path: PATH, groups: '[viewer]' })).json,
  );
  expect(actions).toEqual([action]);
  const one = await call('readRemoteAction', { path: { ...PATH, actionId: 'action-01' } });
  expect(remoteActionSchema.parse(one.json)).toEqual(action);
});

test('a second operator gets a conflict that says who', async () => {
  const { ask } = await world();
  await ask(REFUND);
  const other = await ask(REFUND, 'action-02', {
    claims: { sub: 'person-2', token_use: 'access', 'cognito:groups': '[operator]' },
  });
  expect([other.status, codeOf(other)]).toEqual([409, 'under-way']);
  const { detail, detailEn } = problemSchema.parse(other.json);
  expect(detail).toContain('rimborso, chiesta da person-1 il 2026-11-24T09:00:00.000Z');
  expect(detailEn).toContain('refund, asked for by person-1');
});

test.each([
  [{ ...REFUND, lines: [{ orderLineId: '10000000000001', goods: '19.905' }] }, 422, 'amount-malformed'],
  [{ ...REFUND, lines: [{ orderLineId: '10000000000001' }] }, 422, 'amount-malformed'],
  [{ ...REFUND, lines: [{ orderLineId: '10000000000001', goods: '-1' }] }, 400, 'invalid-request'],
  [{ ...REFUND, lines: [{ orderLineId: 'none', goods: '1' }] }, 422, 'line-unknown'],
  [{ ...REFUND, lines: [] }, 400, 'invalid-request'],
  [{ ...REFUND, currency: 'USD' }, 422, 'other-currency'],
  [{ ...REFUND, comment: 'free text' }, 400, 'invalid-request'],
  [{ kind: 'accept' }, 409, 'not-offered'],
  [{ kind: 'cancel', reason: 'other' }, 409, 'wrong-status'],
  [{ kind: 'delete' }, 400, 'invalid-request'],
])('%j is refused with %i %s', async (body, status, code) => {
  const { ask, queue } = await world();
  const answer = await ask(body);
  expect([answer.status, codeOf(answer)]).toEqual([status, code]);
  expect(queue.sent).toEqual([]);
});

test.each(['warehouse', 'accountant', 'viewer'])('somebody of the role %s asks for nothing', async (role) => {
  const { ask, queue } = await world();
  expect((await ask(REFUND, 'action-01', { groups: `[${role}]` })).status).toBe(403);
  expect(queue.sent).toEqual([]);
});

test('an order or an action that is not here is not found', async () => {
  const { call, ask } = await world();
  const path = { ...PATH, orderNumber: '404-0000009-0000009' };
  expect((await call('readRemoteCapabilities', { path })).status).toBe(404);
  expect((await call('listRemoteActions', { path })).status).toBe(404);
  expect((await ask(REFUND, 'action-01', { path: { ...path, actionId: 'action-01' } })).status).toBe(404);
  expect((await call('readRemoteAction', { path: { ...PATH, actionId: 'action-09' } })).status).toBe(404);
});

test('an unclear action is settled by somebody who looked; any other is not', async () => {
  const { call, ask, actions } = await world();
  await ask(REFUND);
  const settle = (done: boolean, actionId = 'action-01') =>
    call('settleRemoteAction', { path: { ...PATH, actionId }, body: JSON.stringify({ done }) });
  expect((await settle(true)).status).toBe(409);
  expect((await settle(true, 'action-09')).status).toBe(404);
  const [stored] = await actions.ofOrder(anOrder().orderId);
  if (stored === undefined) throw new Error('not stored');
  await actions.change(
    { ...stored, state: 'unclear', reason: 'cannot-tell', dueAt: undefined },
    stored.version,
  );
  const read = await call('readRemoteAction', { path: { ...PATH, actionId: 'action-01' } });
  expect(remoteActionSchema.parse(read.json).text.en).toContain('look in Seller Central');
  const settled = await settle(false);
  expect(remoteActionSchema.parse(settled.json)).toMatchObject({
    state: 'refused',
    reason: 'seen-by-a-person',
  });
  // Nothing was given back: the same may be asked for under a new id.
  expect((await ask(REFUND, 'action-02')).status).toBe(202);
});
