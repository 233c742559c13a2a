import { afterEach, describe, expect, test, vi } from 'vitest';
import { createBrtStandIn } from '../../local/partners/brt/stand-in.ts';
import { CONNECTION_DROPPED } from '../../local/partners/partner.ts';
import { createBrtClient } from '../../shared/adapters/brt/client.ts';
import { createBrtShipments } from '../../shared/adapters/brt/shipments.ts';
import { UnavailableError } from '../../shared/domain/errors.ts';
import { orderId } from '../../shared/domain/order.ts';
import type { Shipment } from '../../shared/domain/shipment.ts';
import { attemptMaking } from '../../shared/usecases/attempt-making.ts';
import { deleteLabelsOf } from '../../shared/usecases/delete-labels.ts';
import { lookAfterMaking } from '../../shared/usecases/look-after-making.ts';
import { confirmMadeShipment, deleteMadeShipment, readLabel } from '../../shared/usecases/made-shipments.ts';
import {
  type MakeShipmentDeps,
  type MakingWish,
  makeShipment,
  makeShipmentAgain,
  type ShipmentMakingJob,
} from '../../shared/usecases/make-shipment.ts';
import { type Registration, registerShipment } from '../../shared/usecases/register-shipment.ts';
import { resendMakings } from '../../shared/usecases/resend-makings.ts';
import { MemoryActivityLog } from '../support/memory/activity-log.ts';
import { MemoryBuyerStore } from '../support/memory/buyer-store.ts';
import { MemoryCourierAccountStore } from '../support/memory/courier-account-store.ts';
import { MemoryJobQueue } from '../support/memory/job-queue.ts';
import { MemoryOrderStore } from '../support/memory/order-store.ts';
import { MemoryShipmentLabels } from '../support/memory/shipment-labels.ts';
import { MemoryShipmentStores } from '../support/memory/shipment-stores.ts';
import { aBuyer, anOrder } from '../support/orders.ts';

const MINUTE_MS = 60_000;
const CUSTOMER = { userId: 'demo', password: 'demo-not-a-secret', customerCode: '9000001' };
const ORDER = orderId('amazon', '404-0000001-0000001');
const PLACE = {
  name: 'PERSONA INVENTATA',
  lines: ['VIA INVENTATA 1'],
  city: 'ANCONA',
  region: 'AN',
  postalCode: '60100',
  countryCode: 'IT',
};
const WISH: MakingWish = {
  orders: [{ orderId: ORDER, lines: [] }],
  parcelCount: 1,
  weightGrams: 1_000,
  labelFormat: 'PDF',
  requestKey: 'operator/key-1',
};
afterEach(() => vi.unstubAllGlobals());

/** The production adapter and BRT's stand-in around stores without a database, with a clock that a test turns. */
class World {
  nowMs = Date.parse('2026-11-23T15:00:00Z');
  readonly brt = createBrtStandIn({ customer: CUSTOMER, now: () => this.nowMs });
  readonly stores = new MemoryShipmentStores();
  readonly buyers = new MemoryBuyerStore();
  readonly orders = new MemoryOrderStore();
  readonly labels = new MemoryShipmentLabels();
  readonly makings = new MemoryJobQueue<ShipmentMakingJob>();
  readonly accounts = new MemoryCourierAccountStore();
  readonly activities = new MemoryActivityLog();
  readonly deps: MakeShipmentDeps;

  constructor() {
    const client = createBrtClient({ ...CUSTOMER, departureDepot: '66' });
    this.deps = {
      shipments: this.stores.shipments,
      orders: this.orders,
      buyers: this.buyers,
      labels: this.labels,
      makings: this.makings,
      accounts: this.accounts,
      activities: this.activities,
      actor: 'operator',
      creator: createBrtShipments(async () => client),
      clock: { now: () => this.nowMs },
    };
    vi.stubGlobal('fetch', async (url: URL, init: RequestInit) => {
      const answer = this.brt.answer({
        method: init.method ?? 'GET',
        url,
        headers: Object.fromEntries(new Headers(init.headers)),
        body: typeof init.body === 'string' ? init.body : '',
      });
      if (answer === CONNECTION_DROPPED) throw new TypeError('fetch failed');
      return new Response(answer.body, { status: answer.status, headers: answer.headers });
    });
  }

  static async open(): Promise<World> {
    const world = new World();
    await world.accounts.putCourierAccount(
      {
        courier: 'brt',
        courierAccountId: 'shop',
        name: 'BRT',
        openedAt: '2026-01-01T00:00:00.000Z',
        version: 1,
      },
      0,
    );
    const [line] = anOrder().lines;
    if (line === undefined) throw new Error('an order without lines');
    await world.orders.putOrder(anOrder({ lines: [{ ...line, quantityOrdered: 3 }] }), 'present');
    await world.buyers.putBuyer(aBuyer({ deliveryAddress: PLACE }));
    return world;
  }

  async shipment(): Promise<Shipment> {
    const { shipments } = await this.stores.shipments.list({ limit: 10 });
    const [only, other] = shipments;
    if (only === undefined || other !== undefined) throw new Error(`${shipments.length} shipments`);
    return only;
  }

  /** What the queue does: looks after the shipment until nothing is left to do. */
  async lookAfter(): Promise<Shipment> {
    const { shipmentKey } = await this.shipment();
    for (let look = 0; look < 30; look += 1) {
      const attempt = await attemptMaking(this.deps, shipmentKey);
      if (attempt?.laterMs === undefined) return this.shipment();
      this.nowMs += attempt.laterMs;
    }
    throw new Error('never comes to an end');
  }

  /** So many minutes of the queue and of the sweep that looks for what it lost. */
  async minutes(count: number): Promise<void> {
    const waiting: { job: ShipmentMakingJob; atMs: number }[] = [];
    for (let minute = 0; minute < count; minute += 1) {
      this.nowMs += MINUTE_MS;
      await resendMakings(this.deps);
      const sent = this.makings.sent.splice(0);
      waiting.push(...sent.map(({ job, delayMs }) => ({ job, atMs: this.nowMs + delayMs })));
      for (const { job } of waiting.filter(({ atMs }) => atMs <= this.nowMs)) {
        await lookAfterMaking(this.deps, job);
      }
      waiting.splice(0, waiting.length, ...waiting.filter(({ atMs }) => atMs > this.nowMs));
    }
  }

  /** Shipments that BRT has under the reference, deleted ones left out. */
  atBrt(reference: string): number {
    return this.brt.truths(reference).filter(({ state }) => state !== 'deleted').length;
  }
}

describe('a shipment that is made', () => {
  test('has its label, is followed from then on, and is one however often it is asked for', async () => {
    const world = await World.open();
    const made = await makeShipment(world.deps, WISH);
    expect(made).toMatchObject({ outcome: 'done', shipment: { making: { state: 'made', attempts: 1 } } });
    expect(await makeShipment(world.deps, WISH)).toMatchObject({ outcome: 'done' });
    const shipment = await world.shipment();
    expect(shipment.nextCheckAt).toBe('2026-11-23T15:05:00.000Z');
    expect(world.atBrt(shipment.senderReference)).toBe(1);
    expect(world.labels.files.size).toBe(1);
    const label = await readLabel(world.deps, { shipmentKey: shipment.shipmentKey, parcel: 1 });
    expect(label).toMatchObject({ outcome: 'done', format: 'PDF' });
    expect(await readLabel(world.deps, { shipmentKey: shipment.shipmentKey, parcel: 2 })).toBeUndefined();
    expect(JSON.stringify([shipment, world.makings.sent])).not.toContain('INVENTATA');
  });

  test('has several parcels, money to collect, and BRT’s spelling of the address with the buyer only', async () => {
    const world = await World.open();
    await world.buyers.putBuyer(
      aBuyer({ deliveryAddress: { ...PLACE, city: 'Ancona' }, updatedAt: '2026-11-21T09:00:00.000Z' }),
    );
    await makeShipment(world.deps, {
      ...WISH,
      parcelCount: 3,
      cashOnDelivery: { amount: '19.90', currency: 'EUR' },
    });
    const shipment = await world.shipment();
    expect(shipment.making).toMatchObject({
      cashOnDelivery: { amountMinor: 1_990, currency: 'EUR' },
      warnings: ['address-normalised'],
    });
    expect(shipment.parcels).toHaveLength(3);
    expect((await world.buyers.getBuyer(ORDER))?.courierAddress).toMatchObject({ city: 'ANCONA' });
  });

  test('carries a part of an order, and the rest only once', async () => {
    const world = await World.open();
    const part = (quantity: number, requestKey: string): MakingWish => ({
      ...WISH,
      orders: [{ orderId: ORDER, lines: [{ orderLineId: '10000000000001', quantity }] }],
      requestKey,
    });
    expect(await makeShipment(world.deps, part(2, 'a'))).toMatchObject({ outcome: 'done' });
    expect(await makeShipment(world.deps, part(2, 'b'))).toMatchObject({ refusal: { code: 'too-many' } });
    expect(await makeShipment(world.deps, part(1, 'c'))).toMatchObject({ outcome: 'done' });
    expect(await makeShipment(world.deps, { ...WISH, requestKey: 'd' })).toMatchObject({
      refusal: { code: 'nothing-left' },
    });
    expect((await world.stores.shipments.packagesOf(ORDER)).map((each) => each.packageNumber)).toEqual([
      1, 2,
    ]);
  });

  test.each([
    ['a worker that dies before BRT answers', 'dropped-after'],
    ['a line that breaks before BRT has it', 'dropped'],
    ['BRT’s generic failure', 'generic'],
    ['a locked record', 'busy'],
    ['too many calls', 'throttled'],
  ] as const)('is one after %s', async (_, trouble) => {
    const world = await World.open();
    world.brt.trouble(trouble, 1);
    expect(await makeShipment(world.deps, WISH)).toMatchObject({
      shipment: { making: { state: 'reserved', problem: 'unavailable' } },
    });
    const shipment = await world.lookAfter();
    expect(shipment.making?.state).toBe('made');
    expect(world.atBrt(shipment.senderReference)).toBe(1);
    expect(world.labels.files.size).toBe(1);
  });

  test('waits for a person when BRT stays silent, and is taken back before it is made again', async () => {
    const world = await World.open();
    world.brt.trouble('dropped-after', 40);
    await makeShipment(world.deps, WISH);
    const silent = await world.lookAfter();
    expect(silent.making).toMatchObject({ state: 'refused', problem: 'unavailable', attempts: 10 });
  });

  test('that BRT refuses for its address is made to the one a person puts in', async () => {
    const world = await World.open();
    await world.buyers.putBuyer(
      aBuyer({ deliveryAddress: { ...PLACE, postalCode: '00000' }, updatedAt: '2026-11-21T09:00:00.000Z' }),
    );
    await makeShipment(world.deps, WISH);
    const refused = await world.shipment();
    expect(refused.making).toMatchObject({ state: 'refused', problem: 'address' });
    const recipient = {
      name: 'PERSONA INVENTATA',
      address: 'VIA INVENTATA 2',
      postcode: '60100',
      city: 'ANCONA',
      province: 'AN',
      countryCode: 'IT',
    };
    expect(await makeShipmentAgain(world.deps, refused.shipmentKey, { recipient })).toMatchObject({
      shipment: { making: { state: 'made' } },
    });
    expect(world.atBrt(refused.senderReference)).toBe(1);
  });

  test('with an old password stops, and says why', async () => {
    const world = await World.open();
    world.brt.changePassword('another');
    expect(await makeShipment(world.deps, WISH)).toMatchObject({
      shipment: { making: { state: 'refused', problem: 'unauthorised' } },
    });
  });

  test.each([
    [
      'an order that is not here',
      { orders: [{ orderId: orderId('ebay', '1'), lines: [] }] },
      'order-unknown',
    ],
    ['an unknown contract', { courierAccountId: 'other' }, 'account-unknown'],
    ['an amount of nothing', { cashOnDelivery: { amount: '0', currency: 'EUR' } }, 'amount-malformed'],
  ] as const)('is refused for %s, and nothing is stored', async (_, more, code) => {
    const world = await World.open();
    expect(await makeShipment(world.deps, { ...WISH, ...more })).toMatchObject({ refusal: { code } });
    expect((await world.stores.shipments.list({ limit: 1 })).shipments).toEqual([]);
  });
});

/** Fails once, after as many calls; `after`: what was asked for is done, and nobody hears of it. */
function dying<Port extends object>(port: Port, dies: () => 'before' | 'after' | undefined): Port {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        const when = dies();
        if (when === 'before') throw new UnavailableError('worker', 'died');
        const answer: unknown = await value.apply(target, args);
        if (when === 'after') throw new UnavailableError('worker', 'died');
        return answer;
      };
    },
  });
}

describe.each(['before', 'after'] as const)('a worker that dies %s any call', (when) => {
  test.each(Array.from({ length: 20 }, (_, index) => index))(
    'number %i leaves one shipment and one label',
    async (fatal) => {
      const world = await World.open();
      let calls = 0;
      const dies = () => (calls++ === fatal ? when : undefined);
      const { shipments, creator, labels, buyers, makings, activities } = world.deps;
      const mortal = {
        ...world.deps,
        shipments: dying(shipments, dies),
        creator: dying(creator, dies),
        labels: dying(labels, dies),
        buyers: dying(buyers, dies),
        makings: dying(makings, dies),
        activities: dying(activities, dies),
      };
      await makeShipment(mortal, WISH).catch((error: unknown) =>
        expect(error).toBeInstanceOf(UnavailableError),
      );
      // The caller hears nothing and asks again under the same key.
      await makeShipment(world.deps, WISH);
      const shipment = await world.lookAfter();
      expect(shipment.making?.state).toBe('made');
      expect(world.atBrt(shipment.senderReference)).toBe(1);
      expect(world.labels.files.size).toBe(1);
      expect(shipment.parcels.map(({ trackingByParcelId }) => trackingByParcelId)).toHaveLength(1);
    },
  );
});

describe.each(['before', 'after'] as const)(
  'a worker that dies %s any call, and whose message is lost',
  (when) => {
    test.each(Array.from({ length: 16 }, (_, index) => index))(
      'number %i: what was stored is made all the same, and nothing else is at BRT',
      async (fatal) => {
        const world = await World.open();
        let calls = 0;
        const dies = () => (calls++ === fatal ? when : undefined);
        const { shipments, creator, labels, makings } = world.deps;
        const mortal = {
          ...world.deps,
          shipments: dying(shipments, dies),
          creator: dying(creator, dies),
          labels: dying(labels, dies),
          makings: dying(makings, dies),
        };
        await makeShipment(mortal, WISH).catch((error: unknown) =>
          expect(error).toBeInstanceOf(UnavailableError),
        );
        world.makings.sent.splice(0);
        await world.minutes(90);
        const stored = (await world.stores.shipments.list({ limit: 10 })).shipments;
        expect(stored.length).toBeLessThanOrEqual(1);
        for (const { making, senderReference } of stored) {
          expect(making).toMatchObject({ state: 'made' });
          expect(making).not.toHaveProperty('lookedAtBy');
          expect(world.atBrt(senderReference)).toBe(1);
          expect(world.labels.files.size).toBe(1);
        }
        if (stored.length === 0) expect(world.brt.calls.get('create')).toBeUndefined();
      },
    );
  },
);

describe('a shipment that is being made', () => {
  test('and whose message is lost is looked after within twenty minutes, once', async () => {
    const world = await World.open();
    world.brt.trouble('dropped', 1);
    await makeShipment(world.deps, WISH);
    world.makings.sent.splice(0);
    world.nowMs += 20 * MINUTE_MS - 1;
    expect(await resendMakings(world.deps)).toBe(0);
    world.nowMs += 1;
    expect(await resendMakings(world.deps)).toBe(1);
    expect(await resendMakings(world.deps)).toBe(0);
    expect(world.makings.sent.map(({ job }) => job.type)).toEqual(['shipment-making-requested']);
  });

  test('is asked for once more when the sweep dies between its message and its note of it', async () => {
    const world = await World.open();
    world.brt.trouble('dropped', 1);
    await makeShipment(world.deps, WISH);
    world.makings.sent.splice(0);
    world.nowMs += 20 * MINUTE_MS;
    const { listUnattended } = world.stores.shipments;
    const dead = {
      listUnattended: listUnattended.bind(world.stores.shipments),
      change: () => Promise.reject(new UnavailableError('worker', 'died')),
    };
    await expect(resendMakings({ ...world.deps, shipments: dead })).rejects.toThrow('died');
    await world.minutes(90);
    const shipment = await world.shipment();
    expect(shipment.making?.state).toBe('made');
    expect(world.atBrt(shipment.senderReference)).toBe(1);
  });

  test('or refused, made or deleted is nobody’s concern any more', async () => {
    const world = await World.open();
    world.brt.changePassword('another');
    await makeShipment(world.deps, WISH);
    world.makings.sent.splice(0);
    world.nowMs += 60 * MINUTE_MS;
    expect(await resendMakings(world.deps)).toBe(0);
  });
});

describe('a made shipment', () => {
  test('is confirmed and deleted after five minutes and not before, and not twice', async () => {
    const world = await World.open();
    await makeShipment(world.deps, WISH);
    const { shipmentKey, senderReference } = await world.shipment();
    expect(await confirmMadeShipment(world.deps, shipmentKey)).toMatchObject({
      refusal: { code: 'too-early', detail: '5' },
      retryAfterMs: 5 * MINUTE_MS,
    });
    world.nowMs += 5 * MINUTE_MS;
    expect(await confirmMadeShipment(world.deps, shipmentKey)).toMatchObject({ outcome: 'done' });
    expect(await confirmMadeShipment(world.deps, shipmentKey)).toMatchObject({ outcome: 'done' });
    expect(await deleteMadeShipment(world.deps, shipmentKey)).toMatchObject({
      shipment: { state: 'cancelled', making: { state: 'deleted' } },
    });
    expect(await deleteMadeShipment(world.deps, shipmentKey)).toMatchObject({ outcome: 'done' });
    expect(world.atBrt(senderReference)).toBe(0);
    expect(world.labels.files.size).toBe(0);
    // What it carried is free again, under a new package number.
    expect(await makeShipment(world.deps, { ...WISH, requestKey: 'again' })).toMatchObject({
      shipment: { making: { state: 'made' } },
    });
  });

  test('that the depot has is not deleted, and stays', async () => {
    const world = await World.open();
    await makeShipment(world.deps, WISH);
    world.nowMs += 3 * 60 * MINUTE_MS;
    const { shipmentKey } = await world.shipment();
    expect(await deleteMadeShipment(world.deps, shipmentKey)).toEqual({
      outcome: 'courier-refused',
      problem: 'taken-over',
    });
    expect((await world.shipment()).making?.state).toBe('made');
  });
});

describe('a shipment made elsewhere', () => {
  const registration = (more: Partial<Registration> = {}): Registration => ({
    courier: 'brt',
    parcelNumbers: [],
    trackingNumber: '066012345678',
    orders: [{ orderId: ORDER, lines: [] }],
    ...more,
  });

  test('with its number is told to the marketplace at once, and is one under any of its names', async () => {
    const world = await World.open();
    expect(await registerShipment(world.deps, registration({ reference: '800630' }))).toMatchObject({
      outcome: 'registered',
      waitingFor: [],
    });
    expect(await registerShipment(world.deps, registration())).toMatchObject({ outcome: 'known' });
    const [confirmation] = await world.stores.confirmations.ofOrder(ORDER);
    expect(confirmation).toMatchObject({
      state: 'wanted',
      trackingNumber: '066012345678',
      packageNumber: 1,
      dueAt: '2026-11-23T15:00:00.000Z',
    });
    expect((await world.shipment()).nextCheckAt).toBe('2026-11-23T15:00:00.000Z');
  });

  test('by our reference only waits for its number', async () => {
    const world = await World.open();
    await registerShipment(world.deps, registration({ reference: '800630', trackingNumber: undefined }));
    expect(await world.stores.confirmations.ofOrder(ORDER)).toEqual([]);
  });

  test('for an order that is not here waits for it, and is not checked against it', async () => {
    const world = await World.open();
    const early = orderId('ebay', '12-34567-89012');
    const orders = [{ orderId: early, lines: [{ orderLineId: 'A', quantity: 9 }] }];
    expect(await registerShipment(world.deps, registration({ orders }))).toMatchObject({
      outcome: 'registered',
      waitingFor: [early],
    });
  });

  test('under a reference that carries something else, or too much, is refused', async () => {
    const world = await World.open();
    const line = (quantity: number) => [
      { orderId: ORDER, lines: [{ orderLineId: '10000000000001', quantity }] },
    ];
    await registerShipment(world.deps, registration({ orders: line(2) }));
    expect(await registerShipment(world.deps, registration({ orders: line(1) }))).toMatchObject({
      refusal: { code: 'reference-taken' },
    });
    const another = { trackingNumber: '066012345679', orders: line(2) };
    expect(await registerShipment(world.deps, registration(another))).toMatchObject({
      refusal: { code: 'too-many' },
    });
  });

  test('by a courier that nobody asks is registered by hand, and BRT not without a contract', async () => {
    const world = await World.open();
    const byHand = { courier: 'manual', trackingNumber: 'NX-1234', carrierName: 'Nexive' } as const;
    expect(await registerShipment(world.deps, registration(byHand))).toMatchObject({
      shipment: { courierAccountId: 'none', nextCheckAt: undefined },
    });
    const bare = { ...world.deps, accounts: new MemoryCourierAccountStore() };
    expect(await registerShipment(bare, registration())).toMatchObject({
      refusal: { code: 'account-unknown' },
    });
  });
});

describe('the queue', () => {
  test('gets a message before a shipment is stored, and goes on until it is made', async () => {
    const world = await World.open();
    world.brt.trouble('dropped-after', 1);
    await makeShipment(world.deps, WISH);
    const looks: unknown[] = [];
    for (let message = world.makings.sent.shift(); message !== undefined; ) {
      world.nowMs += message.delayMs;
      looks.push(await lookAfterMaking(world.deps, message.job));
      message = world.makings.sent.shift();
    }
    const shipment = await world.shipment();
    expect(looks).toEqual([
      { outcome: 'reserved', looked: true, attempts: 1, problem: 'unavailable', laterMs: 4 * MINUTE_MS },
      { outcome: 'made', looked: true, attempts: 2 },
    ]);
    expect(world.atBrt(shipment.senderReference)).toBe(1);
    // A message that comes twice finds nothing to do.
    const again = {
      type: 'shipment-making-requested',
      version: 1,
      correlationId: 'x',
      shipmentKey: shipment.shipmentKey,
    } as const;
    expect(await lookAfterMaking(world.deps, again)).toMatchObject({ outcome: 'made', looked: false });
    expect(world.makings.sent).toEqual([]);
  });

  test('is content with a shipment that was never stored', async () => {
    const world = await World.open();
    const job = {
      type: 'shipment-making-requested',
      version: 1,
      correlationId: 'x',
      shipmentKey: 'brt:202600000000099',
    } as const;
    expect(await lookAfterMaking(world.deps, job)).toEqual({ outcome: 'not-here' });
    expect(world.makings.sent).toEqual([]);
  });
});

describe('labels', () => {
  test('end with the data of the buyer they name, and nobody is sent to where they were', async () => {
    const world = await World.open();
    await makeShipment(world.deps, { ...WISH, parcelCount: 2 });
    const { shipmentKey } = await world.shipment();
    expect(world.labels.files.size).toBe(2);
    await deleteLabelsOf(world.deps, ORDER);
    await deleteLabelsOf(world.deps, ORDER);
    expect(world.labels.files.size).toBe(0);
    expect(await readLabel(world.deps, { shipmentKey, parcel: 1 })).toBeUndefined();
    expect((await world.shipment()).making?.state).toBe('made');
  });

  test('that could not be deleted are still known of', async () => {
    const world = await World.open();
    await makeShipment(world.deps, WISH);
    const labels = {
      deleteFor: async () => {
        throw new UnavailableError('s3', 'away');
      },
    };
    await expect(deleteLabelsOf({ ...world.deps, labels }, ORDER)).rejects.toThrow(UnavailableError);
    expect((await world.shipment()).making?.labelKeys).toHaveLength(1);
  });
});
