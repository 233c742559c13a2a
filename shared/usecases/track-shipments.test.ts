import { describe, expect, test, vi } from 'vitest';
import { ACCOUNT_ID, found, NOT_YET, TrackingWorld } from '../../tests/support/tracking-world.ts';
import { courierBuckets } from '../domain/courier-pace.ts';
import { CourierRefusedError } from '../domain/courier-refusal.ts';
import { RejectedError, ThrottledError, UnavailableError, UnexpectedAnswerError } from '../domain/errors.ts';
import { orderId } from '../domain/order.ts';
import type { Shipment } from '../domain/shipment.ts';
import { checkJob, type TrackingCheckJob } from '../domain/tracking-job.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

async function aWorld(): Promise<TrackingWorld> {
  const world = new TrackingWorld();
  await world.addAccount();
  return world;
}
const jobOf = (world: TrackingWorld, shipments: readonly Shipment[], urgent = true) =>
  checkJob(
    'brt',
    shipments.map(({ shipmentKey }) => shipmentKey),
    { urgent, correlationId: 'c', nowMs: world.nowMs },
  );
const unavailable = new UnavailableError('brt', 'brt track: no answer (UND_ERR_CONNECT_TIMEOUT)');
const unauthorised = new CourierRefusedError('brt', 'brt track: -7', { reason: 'unauthorised' });
const throttled = new ThrottledError('brt', 'brt track: 429', { retryAfterMs: 90_000 });
/** A store that somebody else changes just before our own change. */
function overtaken(world: TrackingWorld, meanwhile: () => Promise<unknown>) {
  const { shipments } = world.stores;
  const once = vi.fn(meanwhile);
  return {
    get: shipments.get.bind(shipments),
    getMany: shipments.getMany.bind(shipments),
    packagesOf: shipments.packagesOf.bind(shipments),
    change: async (...args: Parameters<typeof shipments.change>) => {
      if (once.mock.calls.length === 0) await once();
      return shipments.change(...args);
    },
  };
}

describe('a number that becomes known', () => {
  test('is stored with the intent to tell it, and the marketplace’s queue is asked', async () => {
    const world = await aWorld();
    const shipment = await world.add();
    world.answer(shipment, found('picked-up'));
    expect(await world.track(jobOf(world, [shipment]))).toMatchObject({ asked: 1, changed: 1, known: 1 });
    expect(await world.stored(shipment)).toMatchObject({
      trackingNumber: '066061651641',
      trackingKnownAt: '2026-11-20T10:05:00.000Z',
      state: 'picked-up',
      nextCheckAt: '2026-11-20T10:15:00.000Z',
    });
    const [order] = shipment.orders;
    expect(await world.stores.confirmations.ofOrder(order?.orderId ?? orderId('ebay', 'none'))).toMatchObject(
      [{ state: 'wanted', trackingNumber: '066061651641', shippedAt: '2026-11-20T10:03:00.000Z' }],
    );
    expect(world.confirmationQueues.amazon.sent.map(({ job }) => job)).toMatchObject([
      { correlationId: 'c', orderId: order?.orderId, shipmentKey: shipment.shipmentKey },
    ]);
  });

  test('is told once, however often the job comes', async () => {
    const world = await aWorld();
    const shipment = await world.add();
    world.answer(shipment, found('picked-up'));
    const job = jobOf(world, [shipment]);
    await world.track(job);
    expect(await world.track(job)).toMatchObject({ asked: 1, changed: 0, known: 0 });
    expect(world.confirmationQueues.amazon.sent).toHaveLength(1);
    expect(await world.stored(shipment)).toMatchObject({ version: 2 });
  });

  test('is told once when two workers find it at once', async () => {
    const world = await aWorld();
    const shipment = await world.add();
    world.answer(shipment, found('picked-up'));
    const job = jobOf(world, [shipment]);
    const facts = await Promise.all([world.track(job), world.track(job)]);
    expect(facts.map(({ known }) => known).sort()).toEqual([0, 1]);
    expect(world.confirmationQueues.amazon.sent).toHaveLength(1);
  });

  test('of a shipment that was delivered meanwhile is told by nobody but a person', async () => {
    const world = await aWorld();
    const shipment = await world.add();
    world.answer(shipment, found('delivered'));
    expect(await world.track(jobOf(world, [shipment]))).toMatchObject({ known: 1, ended: 1 });
    expect(world.confirmationQueues.amazon.sent).toEqual([]);
    const [confirmation] = await world.stores.confirmations.ofOrder(orderId('amazon', '404-0000001-0000001'));
    expect(confirmation).toMatchObject({ state: 'left-alone', reason: 'delivered' });
  });

  test('of a shipment that comes back is not told', async () => {
    const world = await aWorld();
    const shipment = await world.add();
    world.answer(shipment, found('returned'));
    await world.track(jobOf(world, [shipment]));
    expect(await world.stores.confirmations.ofOrder(orderId('amazon', '404-0000001-0000001'))).toEqual([]);
  });

  test('is sent by the sweep when the worker dies between storing and sending', async () => {
    const world = await aWorld();
    const shipment = await world.add();
    world.answer(shipment, found('picked-up'));
    const dying = {
      ...world.confirmationQueues,
      amazon: {
        send: async () => {
          throw new UnavailableError('sqs', 'sqs: no answer');
        },
      },
    };
    const job = jobOf(world, [shipment]);
    await expect(world.track(job, { confirmationQueues: dying })).rejects.toThrow('sqs: no answer');
    await world.track(job);
    expect(world.confirmationQueues.amazon.sent).toEqual([]);
    world.nowMs += 2 * MINUTE_MS;
    expect(await world.plan()).toMatchObject({ resent: 1 });
    expect(world.confirmationQueues.amazon.sent).toHaveLength(1);
  });
});

describe('a check', () => {
  test('that brings nothing new writes nothing', async () => {
    const world = await aWorld();
    const shipments = await world.addMany(2);
    for (const shipment of shipments) world.answer(shipment, NOT_YET);
    expect(await world.track(jobOf(world, shipments))).toMatchObject({ asked: 2, notYet: 2, changed: 0 });
    for (const shipment of shipments) expect(await world.stored(shipment)).toMatchObject({ version: 1 });
  });

  test('is one of five side by side, after a first one alone', async () => {
    const world = await aWorld();
    const shipments = await world.addMany(25);
    for (const shipment of shipments) world.answer(shipment, NOT_YET);
    expect(await world.track(jobOf(world, shipments))).toMatchObject({ asked: 25 });
    expect(world.concurrentMax).toBe(5);
  });

  test('whose answer is late takes nothing back', async () => {
    const world = await aWorld();
    const first = await world.add();
    world.answer(first, found('in-transit'));
    const deps = {
      shipments: overtaken(world, async () => {
        const now = await world.stored(first);
        return world.stores.shipments.change(
          { ...now, state: 'delivered', nextCheckAt: undefined },
          now.version,
        );
      }),
    };
    await world.track(jobOf(world, [first]), deps);
    expect(await world.stored(first)).toEqual({
      ...first,
      state: 'delivered',
      nextCheckAt: undefined,
      version: 2,
    });
  });

  test('reads again when somebody else changed the shipment, and loses neither change', async () => {
    const world = await aWorld();
    const shipment = await world.add();
    world.answer(shipment, found('picked-up'));
    const deps = {
      shipments: overtaken(world, async () => {
        const now = await world.stored(shipment);
        return world.stores.shipments.change({ ...now, shippedAt: '2026-11-20T09:00:00.000Z' }, now.version);
      }),
    };
    expect(await world.track(jobOf(world, [shipment]), deps)).toMatchObject({ known: 1 });
    expect(await world.stored(shipment)).toMatchObject({
      shippedAt: '2026-11-20T09:00:00.000Z',
      trackingNumber: '066061651641',
    });
  });

  test('of a shipment deleted meanwhile leaves it deleted, and tells nobody', async () => {
    const world = await aWorld();
    const shipment = await world.add();
    world.answer(shipment, found('picked-up'));
    const deps = {
      shipments: overtaken(world, async () => {
        const now = await world.stored(shipment);
        return world.stores.shipments.change(
          { ...now, state: 'cancelled', nextCheckAt: undefined },
          now.version,
        );
      }),
    };
    expect(await world.track(jobOf(world, [shipment]), deps)).toMatchObject({ changed: 0, known: 0 });
    expect(await world.stored(shipment)).toEqual({
      ...shipment,
      state: 'cancelled',
      nextCheckAt: undefined,
      version: 2,
    });
    expect(world.confirmationQueues.amazon.sent).toEqual([]);
  });

  test('of what is at its end, by hand, or not there is not made', async () => {
    const world = await aWorld();
    const ended = await world.add({ state: 'delivered' });
    const byHand = await world.add({ courier: 'manual', senderReference: 'M1' });
    const job = jobOf(world, [ended, byHand]);
    expect(
      await world.track({ ...job, shipmentKeys: [...job.shipmentKeys, 'brt:202600000009999'] }),
    ).toMatchObject({ asked: 0, passedOver: 3 });
    expect(world.asked).toEqual([]);
  });

  test('that comes after its follower is left to that one', async () => {
    const world = await aWorld();
    const shipment = await world.add();
    const job = jobOf(world, [shipment]);
    world.nowMs += 10 * MINUTE_MS;
    expect(await world.track(job)).toMatchObject({ asked: 0, passedOver: 1 });
  });

  test('is made in time for a clock that is behind the planner’s', async () => {
    const world = await aWorld();
    const shipment = await world.add();
    world.answer(shipment, found('picked-up'));
    const job = jobOf(world, [shipment]);
    world.nowMs -= 3 * MINUTE_MS;
    expect(await world.track(job)).toMatchObject({ known: 1 });
    expect(await world.stored(shipment)).toMatchObject({ trackingKnownAt: '2026-11-20T10:02:00.000Z' });
    const [confirmation] = await world.stores.confirmations.ofOrder(orderId('amazon', '404-0000001-0000001'));
    // The courier's pick-up, 10:03, lies ahead of this clock.
    expect(confirmation?.shippedAt).toBe('2026-11-20T10:02:00.000Z');
  });

  test('that there is no time for is put back, unchanged but for what was asked', async () => {
    const world = await aWorld();
    const shipments = await world.addMany(3);
    for (const shipment of shipments) world.answer(shipment, NOT_YET);
    let asked = 0;
    const remainingMs = () => {
      asked += 1;
      return asked > 1 ? 10_000 : 110_000;
    };
    const job = jobOf(world, shipments);
    const facts = await world.track(job, {}, remainingMs);
    expect(facts.putBack).toEqual([{ because: 'time', checks: 2, delayMs: 0 }]);
    expect(world.checks.sent).toEqual([
      { job: { ...job, shipmentKeys: job.shipmentKeys.slice(1) }, delayMs: 0 },
    ]);
  });
});

describe('an answer', () => {
  test('in a shape that nobody knows is shown once, named each time, and makes no state', async () => {
    const world = await aWorld();
    const shipment = await world.add();
    world.answer(shipment, new UnexpectedAnswerError('brt', 'brt track: lista_eventi: invalid_type'));
    const job = jobOf(world, [shipment]);
    const problem = { kind: 'unknown-shape', shipmentKey: shipment.shipmentKey };
    for (let delivery = 0; delivery < 2; delivery += 1) {
      expect((await world.track(job)).problems).toEqual([
        { ...problem, message: 'brt track: lista_eventi: invalid_type' },
      ]);
    }
    expect(await world.stored(shipment)).toMatchObject({
      state: 'created',
      problems: [{ kind: 'unknown-shape' }],
      version: 2,
    });
  });

  test('that refuses one shipment is noted on it, and the others are asked for', async () => {
    const world = await aWorld();
    const [first, second, third] = await world.addMany(3);
    if (first === undefined || second === undefined || third === undefined)
      throw new Error('three were added');
    world.answer(first, new CourierRefusedError('brt', 'brt: -22', { reason: 'not-unique' }));
    world.answer(second, new RejectedError('brt', 'brt: 404', { status: 404 }));
    world.answer(third, found('picked-up'));
    const facts = await world.track(jobOf(world, [first, second, third]));
    expect(facts).toMatchObject({ asked: 3, known: 1 });
    expect(facts.problems).toMatchObject([
      { kind: 'tracking-refused', detail: 'not-unique', shipmentKey: first.shipmentKey },
      { kind: 'tracking-refused', detail: '404', shipmentKey: second.shipmentKey },
    ]);
    expect((await world.account()).checked?.problem).toBeUndefined();
  });

  test('of our own stores is no courier’s: the job comes again', async () => {
    const world = await aWorld();
    const shipment = await world.add();
    world.answer(shipment, new UnavailableError('ssm', 'ssm: no answer'));
    await expect(world.track(jobOf(world, [shipment]))).rejects.toThrow('ssm: no answer');
    expect((await world.account()).checked).toBeUndefined();
  });

  test('from a courier that nobody here can ask ends in the dead letters', async () => {
    const world = new TrackingWorld();
    await world.addAccount({ courier: 'ups' });
    const shipment = await world.add({ courier: 'ups' });
    const job = { ...jobOf(world, [shipment]), courier: 'ups' as const };
    await expect(world.track(job)).rejects.toThrow('nobody here can ask ups');
  });
});

describe('the allowance', () => {
  const [bucket] = courierBuckets('brt', ACCOUNT_ID);
  if (bucket === undefined) throw new Error('BRT has an allowance');
  const leave = async (world: TrackingWorld, calls: number) => {
    for (let n = bucket.plan.burst; n > calls; n -= 1)
      await world.quota.take(bucket.bucket, bucket.plan, world.nowMs);
  };

  test('is taken from by each check, and what it does not reach for is put back', async () => {
    const world = await aWorld();
    const shipments = await world.addMany(3);
    for (const shipment of shipments) world.answer(shipment, NOT_YET);
    await leave(world, 2);
    const facts = await world.track(jobOf(world, shipments));
    expect(facts).toMatchObject({ asked: 2, putBack: [{ because: 'quota', checks: 1, delayMs: 205 }] });
  });

  test('keeps its last calls for wanted numbers', async () => {
    const world = await aWorld();
    const shipments = await world.addMany(1);
    for (const shipment of shipments) world.answer(shipment, NOT_YET);
    await leave(world, 60);
    expect(await world.track(jobOf(world, shipments, false))).toMatchObject({ asked: 0 });
    expect(await world.track(jobOf(world, shipments, true))).toMatchObject({ asked: 1 });
  });

  test('is empty after the courier said so, and the rest waits as long as it said', async () => {
    const world = await aWorld();
    const shipments = await world.addMany(3);
    for (const shipment of shipments) world.answer(shipment, throttled);
    const facts = await world.track(jobOf(world, shipments));
    expect(facts).toMatchObject({
      asked: 0,
      putBack: [{ because: 'throttled', checks: 3, delayMs: 90_000 }],
    });
    expect(await world.quota.left(bucket.bucket, bucket.plan, world.nowMs)).toBe(0);
    expect((await world.account()).checked).toBeUndefined();
  });
});

describe('a courier that does not answer', () => {
  test('is asked once; the rest waits, and the account is known to be silent', async () => {
    const world = await aWorld();
    const shipments = await world.addMany(25);
    for (const shipment of shipments) world.answer(shipment, unavailable);
    const facts = await world.track(jobOf(world, shipments));
    expect(world.asked).toHaveLength(1);
    expect(facts.putBack).toEqual([{ because: 'unavailable', checks: 25, delayMs: 5 * MINUTE_MS }]);
    expect(await world.account()).toMatchObject({ checked: { problem: 'unavailable' } });
    await world.track(jobOf(world, shipments.slice(1)));
    expect(world.asked).toHaveLength(1);
  });

  test('only once among answered calls is not silent: that one check comes back alone', async () => {
    const world = await aWorld();
    const shipments = await world.addMany(8);
    for (const shipment of shipments) world.answer(shipment, NOT_YET);
    const [, second] = shipments;
    if (second === undefined) throw new Error('eight were added');
    world.answer(second, unavailable);
    const facts = await world.track(jobOf(world, shipments, false));
    expect(facts).toMatchObject({ asked: 7, putBack: [{ because: 'unavailable', checks: 1 }] });
    expect((await world.account()).checked?.problem).toBeUndefined();
  });

  test('any more is stopped at after three calls', async () => {
    const world = await aWorld();
    const [first, ...others] = await world.addMany(25);
    if (first === undefined) throw new Error('25 were added');
    world.answer(first, NOT_YET);
    for (const shipment of others) world.answer(shipment, unavailable);
    await world.track(jobOf(world, [first, ...others]));
    expect(world.asked.length).toBeLessThanOrEqual(1 + 3 + 4);
  });

  test('for a day costs a call a minute, and every shipment is known within minutes of its return', async () => {
    const world = await aWorld();
    const shipments = await world.addMany(60);
    for (const shipment of shipments) world.answer(shipment, unavailable);
    let waiting: { readonly job: TrackingCheckJob; readonly atMs: number }[] = [];
    const minute = async () => {
      await world.plan();
      const sent = world.checks.sent.splice(0);
      waiting.push(...sent.map(({ job, delayMs }) => ({ job, atMs: world.nowMs + delayMs })));
      const due = waiting.filter(({ atMs }) => atMs <= world.nowMs);
      waiting = waiting.filter(({ atMs }) => atMs > world.nowMs);
      for (const { job } of due) await world.track(job);
      world.nowMs += MINUTE_MS;
    };
    for (let n = 0; n < 24 * 60; n += 1) await minute();
    expect(world.asked.length).toBeLessThanOrEqual(24 * 60);
    for (const shipment of shipments) {
      // Nobody said anything of them: that is no problem of theirs.
      expect((await world.stored(shipment)).problems).toBeUndefined();
      world.answer(shipment, found('picked-up', '066061651641'));
    }
    // What was tried last waits for a quarter of an hour at most.
    for (let n = 0; n < 16; n += 1) await minute();
    for (const shipment of shipments) {
      expect(await world.stored(shipment)).toMatchObject({ trackingNumber: '066061651641' });
    }
    expect(world.nowMs).toBeGreaterThan(Date.parse('2026-11-20T10:05:00.000Z') + DAY_MS);
  });
});

describe('credentials that the courier refuses', () => {
  test('stop the account, not each of its shipments', async () => {
    const world = await aWorld();
    const shipments = await world.addMany(25);
    for (const shipment of shipments) world.answer(shipment, unauthorised);
    const facts = await world.track(jobOf(world, shipments));
    expect(facts).toMatchObject({ refused: 25, problems: [], putBack: [] });
    expect(world.asked).toHaveLength(1);
    expect(await world.account()).toMatchObject({ checked: { problem: 'unauthorised' } });
    for (const shipment of shipments) expect((await world.stored(shipment)).problems).toBeUndefined();
    expect(await world.track(jobOf(world, shipments))).toMatchObject({ refused: 25 });
    expect(world.asked).toHaveLength(1);
  });

  test('of one account leave the other’s checks alone', async () => {
    const world = await aWorld();
    await world.addAccount({ courierAccountId: 'other' });
    const refused = await world.add();
    const other = await world.add({ senderReference: '202600000000002', courierAccountId: 'other' });
    world.answer(refused, unauthorised);
    world.answer(other, found('picked-up'));
    expect(await world.track(jobOf(world, [refused, other]))).toMatchObject({ refused: 1, known: 1 });
  });

  test('that are let in again are known to be', async () => {
    const world = new TrackingWorld();
    await world.addAccount({ checked: { at: '2026-11-20T09:45:00.000Z', problem: 'unauthorised' } });
    const shipment = await world.add();
    world.answer(shipment, NOT_YET);
    await world.track(jobOf(world, [shipment]));
    expect((await world.account()).checked).toEqual({ at: '2026-11-20T10:05:00.000Z', problem: undefined });
  });

  test('that a person replaced meanwhile are not judged by what was said of the old ones', async () => {
    const world = await aWorld();
    const shipment = await world.add();
    world.answers.set(shipment.senderReference, async () => {
      const account = await world.account();
      await world.accounts.putCourierAccount({ ...account, name: 'new' }, account.version);
      throw unauthorised;
    });
    await world.track(jobOf(world, [shipment]));
    expect((await world.account()).checked).toBeUndefined();
  });
});
