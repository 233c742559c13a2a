import { describe, expect, test } from 'vitest';
import { aConfirmation } from '../../tests/support/shipments.ts';
import { ACCOUNT_ID, TrackingWorld } from '../../tests/support/tracking-world.ts';
import { courierBuckets } from '../domain/courier-pace.ts';
import { orderId } from '../domain/order.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const FOLLOWED = { trackingNumber: '066061651641', trackingKnownAt: '2026-11-20T09:00:00.000Z' };

async function aWorld(): Promise<TrackingWorld> {
  const world = new TrackingWorld();
  await world.addAccount();
  return world;
}
const jobsOf = (world: TrackingWorld) =>
  world.checks.sent.map(({ job }) => ({ checks: job.shipmentKeys.length, urgent: job.urgent }));

describe('checks that are due', () => {
  test('are asked for, and are due again by their schedule', async () => {
    const world = await aWorld();
    const shipment = await world.add();
    expect(await world.plan()).toMatchObject({ wanted: 1, followed: 0 });
    expect(world.checks.sent.map(({ job }) => job)).toEqual([
      {
        type: 'tracking-check-requested',
        version: 1,
        correlationId: 'tracking/2026-11-20T10:05:00.000Z/brt:202600000000001',
        courier: 'brt',
        shipmentKeys: ['brt:202600000000001'],
        urgent: true,
        plannedAt: '2026-11-20T10:05:00.000Z',
      },
    ]);
    expect(await world.stored(shipment)).toMatchObject({
      nextCheckAt: '2026-11-20T10:15:00.000Z',
      version: 1,
    });
    expect(await world.plan()).toMatchObject({ wanted: 0, followed: 0 });
  });

  test('come in jobs of 25: the 26th is in a second one', async () => {
    const world = await aWorld();
    await world.addMany(26);
    await world.plan();
    expect(jobsOf(world)).toEqual([
      { checks: 25, urgent: true },
      { checks: 1, urgent: true },
    ]);
    expect(new Set(world.checks.sent.flatMap(({ job }) => job.shipmentKeys)).size).toBe(26);
  });

  test('that are not due, or never will be, are left alone', async () => {
    const world = await aWorld();
    await world.add({ nextCheckAt: '2026-11-20T10:05:00.001Z' });
    await world.add({ senderReference: '202600000000002', nextCheckAt: undefined, state: 'delivered' });
    await world.plan();
    expect(world.checks.sent).toEqual([]);
  });

  test('for a wanted number go first, and those that can wait leave some calls to them', async () => {
    const world = await aWorld();
    for (let n = 1; n <= 500; n += 1) {
      const senderReference = `2026${String(n).padStart(11, '0')}`;
      await world.add({ senderReference, ...(n > 100 ? FOLLOWED : {}) });
    }
    expect(await world.plan()).toMatchObject({ wanted: 100, followed: 400 - 60 - 100 });
    expect(jobsOf(world).map(({ urgent }) => urgent)).toEqual([
      ...Array.from({ length: 4 }, () => true),
      ...Array.from({ length: 10 }, () => false),
    ]);
  });

  test('beyond the allowance stay due, and are the first of the next minute', async () => {
    const world = await aWorld();
    const [bucket] = courierBuckets('brt', ACCOUNT_ID);
    if (bucket === undefined) throw new Error('BRT has an allowance');
    for (let n = 0; n < 398; n += 1) await world.quota.take(bucket.bucket, bucket.plan, world.nowMs);
    const [, , third] = await world.addMany(3);
    expect(await world.plan()).toMatchObject({ wanted: 2 });
    if (third === undefined) throw new Error('three were added');
    expect(await world.stored(third)).toMatchObject({ nextCheckAt: '2026-11-20T10:05:00.000Z' });
    world.nowMs += MINUTE_MS;
    expect(await world.plan()).toMatchObject({ wanted: 1 });
  });

  test('of a courier with a slow pace are asked for one by one', async () => {
    const world = new TrackingWorld();
    await world.addAccount({ courier: 'dhl' });
    await world.addMany(5, { courier: 'dhl' });
    expect(await world.plan()).toMatchObject({ wanted: 1 });
    expect(await world.plan()).toMatchObject({ wanted: 1 });
  });

  test('at night are asked for as by day', async () => {
    const world = await aWorld();
    world.nowMs = Date.parse('2026-11-20T02:00:00.000Z');
    await world.add({ createdAt: '2026-11-20T01:55:00.000Z', nextCheckAt: '2026-11-20T02:00:00.000Z' });
    expect(await world.plan()).toMatchObject({ wanted: 1 });
  });

  test('are left to the next run when there is no time for them', async () => {
    const world = await aWorld();
    await world.addMany(2);
    expect(await world.plan({}, () => 1_000)).toMatchObject({ wanted: 0 });
    expect(await world.plan()).toMatchObject({ wanted: 2 });
  });
});

describe('a crash', () => {
  test('between the job and the moves asks twice, never not at all', async () => {
    const world = await aWorld();
    await world.addMany(2);
    const { shipments } = world.stores;
    const crashing = {
      listDue: shipments.listDue.bind(shipments),
      change: shipments.change.bind(shipments),
      moveCheck: async () => {
        throw new Error('the worker is gone');
      },
    };
    await expect(world.plan({ shipments: crashing })).rejects.toThrow('the worker is gone');
    await world.plan();
    expect(jobsOf(world)).toEqual([
      { checks: 2, urgent: true },
      { checks: 2, urgent: true },
    ]);
  });

  test('before the job has been sent leaves its checks due', async () => {
    const world = await aWorld();
    await world.add();
    const send = async () => {
      throw new Error('the queue is gone');
    };
    await expect(world.plan({ checks: { send } })).rejects.toThrow('the queue is gone');
    expect(await world.plan()).toMatchObject({ wanted: 1 });
  });
});

describe('a shipment thirty days old', () => {
  test('is asked for a last time, given up, and shown to a person', async () => {
    const world = await aWorld();
    world.nowMs = Date.parse('2026-11-20T10:00:00.000Z') + 30 * DAY_MS;
    const shipment = await world.add({ state: 'in-transit', ...FOLLOWED });
    expect(await world.plan()).toMatchObject({ followed: 1, givenUp: 1 });
    expect(await world.stored(shipment)).toMatchObject({
      nextCheckAt: undefined,
      problems: [{ kind: 'given-up', at: '2026-12-20T10:00:00.000Z' }],
    });
    expect(await world.plan()).toMatchObject({ followed: 0, givenUp: 0 });
  });

  test('that ended meanwhile is not', async () => {
    const world = await aWorld();
    world.nowMs = Date.parse('2026-11-20T10:00:00.000Z') + 30 * DAY_MS;
    const shipment = await world.add({ state: 'in-transit', ...FOLLOWED });
    const { shipments } = world.stores;
    const overtaken = {
      listDue: shipments.listDue.bind(shipments),
      moveCheck: shipments.moveCheck.bind(shipments),
      change: async (...args: Parameters<typeof shipments.change>) => {
        await shipments.change({ ...shipment, state: 'delivered', nextCheckAt: undefined }, 1);
        return shipments.change(...args);
      },
    };
    expect(await world.plan({ shipments: overtaken })).toMatchObject({ givenUp: 0 });
    expect(await world.stored(shipment)).toMatchObject({ state: 'delivered', nextCheckAt: undefined });
    expect((await world.stored(shipment)).problems).toBeUndefined();
  });
});

describe('an account', () => {
  const checked = (problem: 'unavailable' | 'unauthorised', agoMs: number) => ({
    checked: { at: new Date(Date.parse('2026-11-20T10:05:00.000Z') - agoMs).toISOString(), problem },
  });

  test('whose courier is silent is tried with one check, and the others stay due', async () => {
    const world = new TrackingWorld();
    await world.addAccount(checked('unavailable', MINUTE_MS));
    const [, second] = await world.addMany(30);
    await world.plan();
    expect(jobsOf(world)).toEqual([{ checks: 1, urgent: true }]);
    if (second === undefined) throw new Error('thirty were added');
    expect(await world.stored(second)).toMatchObject({ nextCheckAt: '2026-11-20T10:05:00.000Z' });
  });

  test('whose courier was silent a moment ago is not tried yet', async () => {
    const world = new TrackingWorld();
    await world.addAccount(checked('unavailable', 10_000));
    await world.add();
    await world.plan();
    expect(world.checks.sent).toEqual([]);
  });

  test('whose credentials are refused stands still, is named, and hides no other account', async () => {
    const world = new TrackingWorld();
    await world.addAccount(checked('unauthorised', MINUTE_MS));
    await world.addAccount({ courierAccountId: 'other' });
    for (let n = 1; n <= 150; n += 1)
      await world.add({ senderReference: `2026${String(n).padStart(11, '0')}` });
    await world.add({
      senderReference: '202600000009999',
      courierAccountId: 'other',
      nextCheckAt: '2026-11-20T10:05:00.000Z',
    });
    expect(await world.plan()).toMatchObject({ wanted: 1, refusedAccounts: [`brt/${ACCOUNT_ID}`] });
    expect(world.checks.sent[0]?.job.shipmentKeys).toEqual(['brt:202600000009999']);
  });

  test('whose credentials are refused is tried every quarter of an hour, with one call', async () => {
    const world = new TrackingWorld();
    await world.addAccount(checked('unauthorised', 15 * MINUTE_MS));
    await world.addMany(3);
    await world.plan();
    expect(jobsOf(world)).toEqual([{ checks: 1, urgent: true }]);
  });

  test('that is gone has its shipments’ checks moved on, and nobody asks for them', async () => {
    const world = new TrackingWorld();
    await world.addAccount({ courierAccountId: 'other' });
    const shipment = await world.add();
    await world.plan();
    expect(world.checks.sent).toEqual([]);
    expect(await world.stored(shipment)).toMatchObject({ nextCheckAt: '2026-11-20T10:15:00.000Z' });
  });
});

describe('a confirmation that nobody has worked on in time', () => {
  const known = { knownAt: '2026-11-20T10:02:30.000Z', dueAt: '2026-11-20T10:04:30.000Z' };

  test('is sent again to its marketplace, and not with every run', async () => {
    const world = await aWorld();
    await world.stores.confirmations.change(aConfirmation(known), 0);
    expect(await world.plan()).toMatchObject({ resent: 1, oldestUnpushedMs: 150_000 });
    expect(world.confirmationQueues.amazon.sent.map(({ job }) => job)).toMatchObject([
      { marketplace: 'amazon', orderId: aConfirmation().orderId, shipmentKey: aConfirmation().shipmentKey },
    ]);
    world.nowMs += MINUTE_MS;
    expect(await world.plan()).toMatchObject({ resent: 0, oldestUnpushedMs: undefined });
    world.nowMs += 9 * MINUTE_MS;
    expect(await world.plan()).toMatchObject({ resent: 1, oldestUnpushedMs: 150_000 + 10 * MINUTE_MS });
  });

  test('goes to the queue of its own marketplace', async () => {
    const world = await aWorld();
    const ebay = { orderId: orderId('ebay', '1-2'), marketplace: 'ebay' as const };
    await world.stores.confirmations.change(aConfirmation({ ...known, ...ebay }), 0);
    await world.plan();
    expect(world.confirmationQueues.ebay.sent).toHaveLength(1);
    expect(world.confirmationQueues.amazon.sent).toEqual([]);
  });

  test('that a switch of a person’s holds back is asked for again, and is not late', async () => {
    const world = await aWorld();
    await world.stores.confirmations.change(aConfirmation({ ...known, reason: 'tracking-sync-off' }), 0);
    expect(await world.plan()).toMatchObject({ resent: 1, oldestUnpushedMs: undefined });
  });

  test('whose worker finishes meanwhile keeps what that one made of it', async () => {
    const world = await aWorld();
    const { confirmations } = world.stores;
    await confirmations.change(aConfirmation(known), 0);
    const overtaken = {
      listDue: confirmations.listDue.bind(confirmations),
      change: async (...args: Parameters<typeof confirmations.change>) => {
        await confirmations.change(aConfirmation({ state: 'confirmed', dueAt: undefined }), 1);
        return confirmations.change(...args);
      },
    };
    await world.plan({ confirmations: overtaken });
    expect(await confirmations.get(aConfirmation())).toMatchObject({ state: 'confirmed', dueAt: undefined });
  });

  test('that is done with is not sent', async () => {
    const world = await aWorld();
    await world.stores.confirmations.change(aConfirmation({ state: 'confirmed', dueAt: undefined }), 0);
    expect(await world.plan()).toMatchObject({ resent: 0 });
  });
});
