import { beforeEach, describe, expect, test } from 'vitest';
import { anAccount } from '../../tests/support/accounts.ts';
import { MemoryAccountStore } from '../../tests/support/memory/account-store.ts';
import { MemoryChannelStore } from '../../tests/support/memory/channel-store.ts';
import { MemoryOrderStore } from '../../tests/support/memory/order-store.ts';
import { MemoryQuotaStore } from '../../tests/support/memory/quota-store.ts';
import { MemoryShipmentStores } from '../../tests/support/memory/shipment-stores.ts';
import { anOrder } from '../../tests/support/orders.ts';
import { aConfirmation, aShipment } from '../../tests/support/shipments.ts';
import { confirmationJob } from '../domain/confirmation-job.ts';
import { RejectedError, UnavailableError, UnexpectedAnswerError } from '../domain/errors.ts';
import type { ShippingConfirmation } from '../domain/shipping-confirmation.ts';
import type { RemotePackage } from '../ports/shipping-confirmer.ts';
import { type ConfirmShipmentDeps, confirmShipment } from './confirm-shipment.ts';

const NOW = Date.parse('2026-11-20T18:01:00.000Z');
const DAY_MS = 86_400_000;

let nowMs: number;
/** What the marketplace does next; a call that nobody set up fails the test. */
let confirms: (() => void)[];
let finds: (() => RemotePackage)[];
let deps: ConfirmShipmentDeps;
let stores: MemoryShipmentStores;
let accounts: MemoryAccountStore;

beforeEach(() => {
  nowMs = NOW;
  confirms = [];
  finds = [];
  stores = new MemoryShipmentStores();
  accounts = new MemoryAccountStore();
  const next = <Step>(steps: (() => Step)[]): Step => {
    const step = steps.shift();
    if (step === undefined) throw new Error('nothing was set up');
    return step();
  };
  const calls = { operation: 'calls', plan: { ratePerSecond: 1, burst: 20 } };
  deps = {
    marketplace: 'amazon',
    ...stores,
    orders: new MemoryOrderStore(),
    channels: new MemoryChannelStore(),
    accounts,
    quota: new MemoryQuotaStore(),
    clock: { now: () => nowMs },
    confirmer: { confirm: async () => next(confirms), find: async () => next(finds) },
    telling: calls,
    asking: calls,
  };
});

async function run(of: Partial<ShippingConfirmation> = {}, remainingMs = 100_000) {
  const orders = new MemoryOrderStore();
  await orders.putOrder(anOrder());
  const channels = new MemoryChannelStore();
  await channels.createChannel({
    channelId: 'amazon-it',
    name: 'Amazon.it',
    marketplace: 'amazon',
    accountId: 'A1EXAMPLE',
    siteIds: ['APJ6JRA9NG5V4'],
    country: 'IT',
    timeZone: 'Europe/Rome',
    ordersSync: true,
    trackingSync: true,
    ordersFrom: '2026-11-01T00:00:00.000Z',
  });
  const confirmation = aConfirmation(of);
  await stores.shipments.create(aShipment(), [], [confirmation]);
  const job = confirmationJob(confirmation, 'test');
  const outcome = await confirmShipment({ ...deps, orders, channels }, job, () => remainingMs);
  return { ...outcome, stored: await stores.confirmations.get(confirmation) };
}
const failing = (error: Error) => () => {
  throw error;
};
const rejected = (status: number) => failing(new RejectedError('amazon', 'no', { status }));

describe('a call that failed', () => {
  test('while the intent stands, so that whoever finds it asks first', async () => {
    confirms = [failing(new UnavailableError('amazon', 'no answer'))];
    expect(await run()).toMatchObject({
      outcome: 'waits',
      reason: 'unavailable',
      stored: { state: 'sending', attempts: 1, dueAt: '2026-11-20T18:02:00.000Z' },
    });
  });

  test('with a refusal is asked about: what is there already is confirmed', async () => {
    confirms = [rejected(400)];
    finds = [() => ({ found: 'same' })];
    expect(await run()).toMatchObject({ outcome: 'confirmed', stored: { state: 'confirmed' } });
  });

  test('with a refusal, and is not there, is refused', async () => {
    confirms = [rejected(400)];
    finds = [() => ({ found: 'no' })];
    expect(await run()).toMatchObject({ outcome: 'refused', reason: 'rejected' });
  });

  test('because the application may not is refused without another call', async () => {
    confirms = [rejected(403)];
    const { outcome, reason, stored } = await run();
    expect([outcome, reason, stored?.dueAt]).toEqual(['refused', 'unauthorised', undefined]);
  });

  test('because the authorisation is gone waits for its renewal', async () => {
    confirms = [rejected(401)];
    expect(await run()).toMatchObject({
      outcome: 'waits',
      reason: 'unauthorised',
      stored: { state: 'wanted' },
    });
  });

  test('with an answer nobody understands is for a person', async () => {
    confirms = [failing(new UnexpectedAnswerError('amazon', 'what?'))];
    finds = [() => ({ found: 'no' })];
    expect(await run()).toMatchObject({ outcome: 'refused', reason: 'unexpected-answer' });
  });

  test('with a mistake of ours fails the job, and the intent stands', async () => {
    confirms = [failing(new TypeError('ours'))];
    await expect(run()).rejects.toThrow('ours');
    expect(await stores.confirmations.get(aConfirmation())).toMatchObject({ state: 'sending' });
  });
});

test('what a worker left when it died is looked for, though whoever sent it again has moved it on', async () => {
  finds = [() => ({ found: 'same' })];
  const left = { state: 'sending', attempts: 1, underWayUntil: '2026-11-20T18:00:59.000Z' } as const;
  expect(await run({ ...left, dueAt: '2026-11-20T18:11:00.000Z' })).toMatchObject({
    outcome: 'confirmed',
    stored: { state: 'confirmed', dueAt: undefined, underWayUntil: undefined },
  });
});

describe('no call is made', () => {
  test.each(['confirmed', 'left-alone', 'refused'] as const)('for one that is %s', async (state) => {
    expect(await run({ state })).toMatchObject({ outcome: 'nothing-to-do' });
  });

  test('for one that another worker is at', async () => {
    const underWay = { state: 'sending', attempts: 1, underWayUntil: '2026-11-20T18:02:00.000Z' } as const;
    expect(await run(underWay)).toMatchObject({ outcome: 'under-way' });
  });

  test('while the account is revoked', async () => {
    await accounts.putAccount(anAccount({ health: 'revoked' }), 0);
    expect(await run()).toMatchObject({ outcome: 'waits', reason: 'unauthorised', stored: { attempts: 0 } });
  });

  test('without a call in the allowance', async () => {
    for (let taken = 0; taken < 20; taken += 1) {
      await deps.quota.take('amazon/A1EXAMPLE/calls', deps.telling.plan, nowMs);
    }
    expect(await run()).toMatchObject({
      outcome: 'waits',
      reason: 'throttled',
      stored: { state: 'wanted', attempts: 0, dueAt: '2026-11-20T18:01:01.000Z' },
    });
  });

  test('with too little time left for its answer', async () => {
    expect(await run({}, 60_000)).toMatchObject({ outcome: 'waits', stored: { attempts: 0 } });
  });

  test('for what has waited for thirty days', async () => {
    await accounts.putAccount(anAccount({ health: 'revoked' }), 0);
    nowMs += 31 * DAY_MS;
    expect(await run()).toMatchObject({ outcome: 'refused', reason: 'gave-up' });
  });
});

test('a job in the queue of another marketplace is a mistake, and says so', async () => {
  deps = { ...deps, marketplace: 'ebay' };
  await expect(run()).rejects.toThrow('a job of amazon in the queue of ebay');
});
