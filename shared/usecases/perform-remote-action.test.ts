import { beforeEach, describe, expect, test } from 'vitest';
import { anAccount } from '../../tests/support/accounts.ts';
import { MemoryAccountStore } from '../../tests/support/memory/account-store.ts';
import { MemoryActivityLog } from '../../tests/support/memory/activity-log.ts';
import { MemoryChannelStore } from '../../tests/support/memory/channel-store.ts';
import { MemoryJobQueue } from '../../tests/support/memory/job-queue.ts';
import { MemoryOrderStore } from '../../tests/support/memory/order-store.ts';
import { MemoryQuotaStore } from '../../tests/support/memory/quota-store.ts';
import { MemoryRemoteActionStore } from '../../tests/support/memory/remote-action-store.ts';
import { anOrder } from '../../tests/support/orders.ts';
import { aRemoteAction } from '../../tests/support/remote-actions.ts';
import { RejectedError, ThrottledError, UnavailableError, UnexpectedAnswerError } from '../domain/errors.ts';
import { type RemoteAction, type RemoteActionJob, remoteActionJob } from '../domain/remote-action.ts';
import { ActionRefusedError, type FoundAction, type Performed } from '../ports/remote-actor.ts';
import { type PerformRemoteActionDeps, performRemoteAction } from './perform-remote-action.ts';
import { planRemoteActions } from './plan-remote-actions.ts';

const ASKED_AT = Date.parse('2026-11-20T10:00:00.000Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let nowMs: number;
/** What the marketplace does next; a call that nobody set up fails the test. */
let performs: (() => Performed)[];
let finds: (() => FoundAction)[];
let orders: MemoryOrderStore;
let actions: MemoryRemoteActionStore;
let accounts: MemoryAccountStore;
let deps: PerformRemoteActionDeps;

beforeEach(async () => {
  nowMs = ASKED_AT + 1_000;
  performs = [];
  finds = [];
  orders = new MemoryOrderStore();
  actions = new MemoryRemoteActionStore(orders);
  accounts = new MemoryAccountStore();
  const next = <Step>(steps: (() => Step)[]): Step => {
    const step = steps.shift();
    if (step === undefined) throw new Error('nothing was set up');
    return step();
  };
  const every = { operation: 'calls', plan: { ratePerSecond: 1, burst: 20 } };
  deps = {
    marketplace: 'amazon',
    ...{ orders, actions, accounts },
    channels: new MemoryChannelStore(),
    activities: new MemoryActivityLog(),
    quota: new MemoryQuotaStore(),
    clock: { now: () => nowMs },
    actor: { perform: async () => next(performs), find: async () => next(finds) },
    confirmer: {
      confirm: async () => {
        throw new Error('not a parcel');
      },
      find: async () => {
        throw new Error('not a parcel');
      },
    },
    calls: () => ({ telling: every, asking: every }),
  };
  await orders.putOrder(anOrder({ status: 'shipped' }));
  await actions.create(aRemoteAction());
});

async function stored(): Promise<RemoteAction> {
  const [action] = await actions.ofOrder(anOrder().orderId);
  if (action === undefined) throw new Error('it is gone');
  return action;
}
async function run(remainingMs = 175_000) {
  return performRemoteAction(deps, remoteActionJob(aRemoteAction(), 'test'), () => remainingMs);
}
/** As it stands in the store by now. */
async function become(of: Partial<RemoteAction>): Promise<void> {
  const before = await stored();
  await actions.change({ ...before, ...of }, before.version);
}
const failing = (error: Error) => () => {
  throw error;
};
const done = (): Performed => ({ outcome: 'done', answer: { remoteId: 'r-1' } });
const no = (status: number) => failing(new RejectedError('amazon', 'no', { status }));

describe('a call', () => {
  test('is made after its intent is stored, and what came of it is kept', async () => {
    let meanwhile: Promise<RemoteAction> | undefined;
    performs = [
      () => {
        meanwhile = stored();
        return done();
      },
    ];
    expect(await run()).toMatchObject({ outcome: 'done', kind: 'refund', attempts: 1 });
    expect(await meanwhile).toMatchObject({ state: 'sending', attempts: 1 });
    expect(await stored()).toMatchObject({
      state: 'done',
      answer: { remoteId: 'r-1' },
      sentAt: '2026-11-20T10:00:01.000Z',
      endedAt: '2026-11-20T10:00:01.000Z',
    });
    expect((await stored()).dueAt).toBeUndefined();
  });

  test.each([
    ['unavailable', new UnavailableError('amazon', 'no answer')],
    ['unexpected', new UnexpectedAnswerError('amazon', 'what?')],
  ])('that was %s is looked for before it is made again', async (_, error) => {
    performs = [failing(error)];
    expect(await run()).toMatchObject({ outcome: 'waits', reason: 'unavailable' });
    expect(await stored()).toMatchObject({ state: 'sending', dueAt: '2026-11-20T10:01:01.000Z' });
    nowMs += MINUTE;
    finds = [() => ({ found: 'done', answer: { code: 'OK' } })];
    expect(await run()).toMatchObject({ outcome: 'done', attempts: 1, code: 'OK' });
  });

  test('that was refused is looked for once, and is refused with the code', async () => {
    performs = [failing(new ActionRefusedError('amazon', 'rejected', { status: 400, code: '34917' }))];
    finds = [() => ({ found: 'not-done' })];
    expect(await run()).toMatchObject({ outcome: 'refused', reason: 'rejected', code: '34917' });
  });

  test('that was refused because it had been done is done', async () => {
    performs = [no(400)];
    finds = [() => ({ found: 'done', answer: {} })];
    expect(await run()).toMatchObject({ outcome: 'done' });
  });

  test('that was refused after one that nobody answered is unclear, where nothing can be seen', async () => {
    performs = [failing(new UnavailableError('amazon', 'no answer')), no(409)];
    await run();
    nowMs += MINUTE;
    finds = [() => ({ found: 'not-done' }), () => ({ found: 'followed', answer: {} })];
    expect(await run()).toMatchObject({ outcome: 'unclear', reason: 'cannot-tell', attempts: 2 });
    expect((await stored()).dueAt).toBeUndefined();
  });

  test('without authorisation waits for its renewal; without permission is refused', async () => {
    performs = [no(401)];
    expect(await run()).toMatchObject({ outcome: 'waits', reason: 'unauthorised' });
    expect((await stored()).state).toBe('wanted');
    performs = [no(403)];
    expect(await run()).toMatchObject({ outcome: 'refused', reason: 'not-allowed', code: '403' });
  });

  test('that was throttled has not been made', async () => {
    performs = [failing(new ThrottledError('amazon', 'later', { retryAfterMs: 7_000 }))];
    expect(await run()).toMatchObject({ outcome: 'waits', reason: 'throttled' });
    expect(await stored()).toMatchObject({ state: 'wanted', dueAt: '2026-11-20T10:00:08.000Z' });
  });

  test('with a mistake of ours fails the job, and the intent stands', async () => {
    performs = [failing(new TypeError('ours'))];
    await expect(run()).rejects.toThrow('ours');
    expect((await stored()).state).toBe('sending');
  });
});

describe('no call is made', () => {
  test.each(['done', 'refused', 'unclear'] as const)('for what is %s', async (state) => {
    await become({ state });
    expect(await run()).toEqual({ outcome: 'nothing-to-do' });
  });

  test('for what another worker is at', async () => {
    await become({ state: 'sending', dueAt: '2026-11-20T10:04:00.000Z' });
    expect(await run()).toEqual({ outcome: 'under-way' });
  });

  test('while the account is revoked, and after a day of it none is made at all', async () => {
    await accounts.putAccount(anAccount({ health: 'revoked' }), 0);
    expect(await run()).toMatchObject({ outcome: 'waits', reason: 'unauthorised' });
    nowMs += DAY;
    expect(await run()).toMatchObject({ outcome: 'refused', reason: 'gave-up' });
  });

  test('without a call in the allowance, or time for its answer', async () => {
    expect(await run(60_000)).toMatchObject({ outcome: 'waits', attempts: 0 });
    for (let taken = 0; taken < 20; taken += 1) {
      await deps.quota.take('amazon/A1EXAMPLE/calls', { ratePerSecond: 1, burst: 20 }, nowMs);
    }
    expect(await run()).toMatchObject({ outcome: 'waits', reason: 'throttled', attempts: 0 });
  });

  test('for an order that has become another', async () => {
    await orders.putOrder(anOrder({ status: 'refunded', updatedAt: '2026-11-20T10:00:00.500Z' }));
    expect(await run()).toMatchObject({ outcome: 'refused', reason: 'order-changed' });
  });
});

describe('what the marketplace works on', () => {
  const processing = (): FoundAction => ({ found: 'followed', answer: { remoteId: 'feed-1' } });

  test('is looked at more and more seldom, and after three days by a person', async () => {
    performs = [() => ({ outcome: 'followed', answer: { remoteId: 'feed-1' } })];
    expect(await run()).toMatchObject({ outcome: 'followed' });
    const waits: number[] = [];
    for (let looks = 0; looks < 400; looks += 1) {
      const { state, dueAt } = await stored();
      if (state !== 'followed') break;
      waits.push((Date.parse(dueAt ?? '') - nowMs) / MINUTE);
      nowMs = Date.parse(dueAt ?? '');
      finds = [processing];
      await run();
    }
    expect(waits.slice(0, 6)).toEqual([1, 2, 5, 10, 30, 30]);
    expect(await stored()).toMatchObject({ state: 'unclear', reason: 'cannot-tell', attempts: 1 });
    expect(nowMs - ASKED_AT).toBeGreaterThan(3 * DAY);
    expect(waits.length).toBeLessThan(160);
  });

  test('and that answers nothing any more is not waited for without end either', async () => {
    await become({ state: 'followed', sentAt: '2026-11-20T10:00:00.000Z', answer: { remoteId: 'feed-1' } });
    for (let looks = 0; looks < 400 && (await stored()).state === 'followed'; looks += 1) {
      nowMs += 30 * MINUTE;
      finds = [failing(new UnavailableError('amazon', 'no answer'))];
      await run();
    }
    expect(await stored()).toMatchObject({ state: 'unclear' });
    expect((await stored()).answer).toEqual({ remoteId: 'feed-1' });
  });

  test('in parts is for a person', async () => {
    await become({ state: 'followed', dueAt: '2026-11-20T10:00:00.000Z' });
    finds = [() => ({ found: 'partly', answer: { code: '18002' } })];
    expect(await run()).toMatchObject({ outcome: 'unclear', reason: 'partly-done', code: '18002' });
  });
});

test('what nobody answered for a day is unclear, not refused: something may have been done', async () => {
  performs = [failing(new UnavailableError('amazon', 'no answer'))];
  await run();
  nowMs += DAY;
  finds = [failing(new UnavailableError('amazon', 'no answer'))];
  expect(await run()).toMatchObject({ outcome: 'unclear', reason: 'cannot-tell' });
});

test('a job in the queue of another marketplace is a mistake, and says so', async () => {
  deps = { ...deps, marketplace: 'ebay' };
  await expect(run()).rejects.toThrow('a job of amazon in the queue of ebay');
});

test('the plan asks for what is due in each marketplace’s queue, and a queue that fails loses nothing', async () => {
  const queue = new MemoryJobQueue<RemoteActionJob>();
  const broken = {
    send: async (): Promise<void> => {
      throw new UnavailableError('sqs', 'no answer');
    },
  };
  nowMs = ASKED_AT + 3 * MINUTE;
  const plan = (amazon: { send: (job: RemoteActionJob) => Promise<void> }) =>
    planRemoteActions({ actions, queues: { amazon, ebay: broken, manomano: broken }, clock: deps.clock });
  await expect(plan(broken)).rejects.toThrow('no answer');
  expect(await plan(queue)).toEqual({ asked: 1, oldestMs: 3 * MINUTE });
  expect(queue.sent.map(({ job }) => [job.actionId, job.marketplace])).toEqual([['action-1', 'amazon']]);
});
