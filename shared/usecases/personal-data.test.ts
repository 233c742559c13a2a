import { describe, expect, it } from 'vitest';
import { aBuyer, anOrder } from '../../tests/support/orders.ts';
import { A_CHANNEL, aPersonalDataWorld } from '../../tests/support/personal-data-world.ts';
import { RejectedError, UnavailableError } from '../domain/errors.ts';
import type { Order } from '../domain/order.ts';
import type { OrderReader } from '../ports/order-source.ts';
import { deletePersonalData } from './delete-personal-data.ts';
import { matchModule } from './match-module.ts';
import { personalDataFromOrders } from './personal-data-from-orders.ts';
import { requestErasure } from './request-erasure.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const wanted = { providerAccountId: 'main', moduleId: 'mod-it', channelId: 'amazon-it' };

describe('fetching from a provider', () => {
  it('brings the person to the buyer store and says so on order and follow-up, fifty orders in one call', async () => {
    const world = await opened();
    const orders = [];
    for (let number = 1; number <= 50; number++) orders.push(await world.pulled(number));
    const facts = await world.fetch();
    expect(facts).toMatchObject({ looked: 50, found: 50, waiting: 0, complete: true, urgent: [] });
    expect(world.standIn.calls.get('personalInformationBatch')).toBe(1);
    const [order = anOrder()] = orders;
    expect(await world.stateOf(order)).toBe('present');
    expect(await world.followUpOf(order)).toMatchObject({ state: 'done' });
    expect(await world.buyers.getBuyer(order.orderId)).toMatchObject({
      name: 'Persona Inventata',
      source: { providerAccountId: 'main', moduleId: 'mod-it' },
      // Earlier than 27 days after the promised delivery: the provider lets it be kept for 30 days.
      expiresAt: '2026-12-23T09:00:00.000Z',
    });
    expect(world.contract.breaches).toEqual([]);
  });

  it('an order the provider does not know yet is asked for again, and parked after a day', async () => {
    const world = await opened();
    const order = await world.pulled(1, 'unknown', { shipBy: {} });
    await world.fetch();
    expect(await world.followUpOf(order)).toMatchObject({
      state: 'waiting',
      dueAt: '2026-11-23T09:05:00.000Z',
    });
    world.clock.nowMs += 25 * HOUR_MS;
    expect(await world.fetch()).toMatchObject({ withoutData: 1 });
    expect(await world.followUpOf(order)).toMatchObject({ state: 'gave-up', problem: 'not-visible' });
    expect(await world.stateOf(order)).toBe('refused');
  });

  it('what is over at the provider is final, and counted until the parcel has to leave', async () => {
    const world = await opened();
    const order = await world.pulled(1, 'unknown');
    world.standIn.putPerson(order.marketplaceOrderId, 'expired');
    expect(await world.fetch()).toMatchObject({ withoutData: 1, urgent: [] });
    world.clock.nowMs = Date.parse('2026-11-25T12:00:00.000Z');
    expect((await world.fetch()).urgent).toEqual([order.orderId]);
    world.clock.nowMs = Date.parse('2026-11-26T12:00:00.000Z');
    await world.fetch();
    expect((await world.followUpOf(order))?.dueAt).toBeUndefined();
  });

  it.each([
    ['module-not-matched', (world: World) => world.standIn.forgetMatch('mod-it')],
    ['account-suspended', (world: World) => world.standIn.setStatus('acc-1', 'SUSPENDED')],
    ['key-refused', (world: World) => world.standIn.renewKey('another')],
  ])('%s parks all orders with one call, and stands on the account once', async (problem, spoil) => {
    const world = await opened();
    spoil(world);
    const orders = [];
    for (let number = 1; number <= 120; number++) orders.push(await world.pulled(number));
    expect(await world.fetch()).toMatchObject({ parked: 120, accountsInTrouble: 1 });
    expect(world.standIn.calls.get('personalInformationBatch')).toBe(1);
    world.clock.nowMs += HOUR_MS;
    expect(await world.fetch()).toMatchObject({ parked: 120, accountsInTrouble: 1 });
    expect(world.standIn.calls.get('personalInformation')).toBe(1);
    const alerts = (await world.activities()).filter(({ action }) => action === 'provider-account-failing');
    expect(alerts).toMatchObject([{ actor: 'system', after: { problem } }]);
    expect(await world.followUpOf(orders[0] ?? anOrder())).toMatchObject({ problem, attempts: 0 });
  });

  it('a suspended account that is let in again catches up with all that waited', async () => {
    const world = await opened();
    world.standIn.setStatus('acc-1', 'SUSPENDED');
    for (let number = 1; number <= 3; number++) await world.pulled(number);
    await world.fetch();
    world.standIn.setStatus('acc-1', 'ACTIVE');
    world.clock.nowMs += HOUR_MS;
    expect(await world.fetch()).toMatchObject({ found: 3, accountsInTrouble: 0 });
    expect((await world.accounts.getProviderAccount('main'))?.troubles).toEqual([]);
    expect((await world.activities()).map(({ action }) => action)).toContain('provider-account-recovered');
  });

  it('a module matched again releases what waited for it at once', async () => {
    const world = await opened();
    world.standIn.forgetMatch('mod-it');
    const order = await world.pulled(1);
    await world.fetch();
    expect(await matchModule(world.matchDeps, wanted, 'owner')).toMatchObject({ outcome: 'done' });
    expect(await world.fetch()).toMatchObject({ found: 1 });
    expect(await world.stateOf(order)).toBe('present');
  });

  it.each(['throttled', 'server-error', 'dropped'] as const)(
    'a provider that is %s is asked again later',
    async (trouble) => {
      const world = await opened();
      const order = await world.pulled(1);
      world.standIn.trouble(trouble, 1);
      expect(await world.fetch()).toMatchObject({ found: 0, waiting: 1, accountsInTrouble: 0 });
      world.clock.nowMs += 5 * 60_000;
      expect(await world.fetch()).toMatchObject({ found: 1 });
      expect(await world.stateOf(order)).toBe('present');
    },
  );

  it('asks for nothing that is here already, cancelled or over', async () => {
    const world = await opened();
    const here = await world.pulled(1);
    await world.orders.setPersonalData(here.orderId, 'present');
    await world.pulled(2, undefined, { status: 'cancelled' });
    await world.pulled(3, undefined, { deliverBy: { latest: '2026-09-01T00:00:00.000Z' } });
    expect(await world.fetch()).toMatchObject({ found: 1, withoutData: 2 });
    expect(world.standIn.calls.get('personalInformationBatch')).toBeUndefined();
  });

  it('an order to be shipped within a day without a name is named, shipped ones are not', async () => {
    const world = await opened();
    const shipBy = { latest: '2026-11-24T08:00:00.000Z' };
    const urgent = await world.pulled(1, 'unknown', { shipBy });
    await world.pulled(2, 'unknown', { shipBy, status: 'shipped' });
    await world.pulled(3, 'unknown', { shipBy: { latest: '2026-11-26T08:00:00.000Z' } });
    expect((await world.fetch()).urgent).toEqual([urgent.orderId]);
  });
});

describe('fetching from the marketplace', () => {
  const readerOf = (fetchOrder: OrderReader['fetchOrder']) => personalDataFromOrders({ fetchOrder });

  it('takes the person from the order, read again', async () => {
    const world = aPersonalDataWorld();
    const order = await world.pulled(1);
    const buyer = aBuyer({ orderId: order.orderId, updatedAt: '2026-11-23T08:59:00.000Z' });
    world.askMarketplace(readerOf(async () => ({ order, buyer })));
    expect(await world.fetch()).toMatchObject({ found: 1 });
    expect((await world.buyers.getBuyer(order.orderId))?.name).toBe('Buyer One');
  });

  it('goes on asking while the order comes without the person', async () => {
    const world = aPersonalDataWorld();
    const order = await world.pulled(1);
    const buyer = aBuyer({
      orderId: order.orderId,
      state: 'refused',
      name: undefined,
      deliveryAddress: undefined,
    });
    world.askMarketplace(readerOf(async () => ({ order, buyer })));
    expect(await world.fetch()).toMatchObject({ found: 0, waiting: 1 });
    expect(await world.followUpOf(order)).toMatchObject({ problem: 'not-given', attempts: 1 });
  });

  it('a refused account parks its orders, and an outage costs none of them a try', async () => {
    const world = aPersonalDataWorld();
    const order = await world.pulled(1);
    const failures = [
      new RejectedError('amazon', 'amazon getOrder: 403', { status: 403 }),
      new UnavailableError('amazon', 'down'),
    ];
    world.askMarketplace(
      readerOf(() => {
        throw failures.shift() ?? new Error('asked too often');
      }),
    );
    expect(await world.fetch()).toMatchObject({ parked: 1 });
    world.clock.nowMs += HOUR_MS;
    expect(await world.fetch()).toMatchObject({ waiting: 1 });
    expect(await world.followUpOf(order)).toMatchObject({ state: 'waiting', problem: 'unavailable' });
  });
});

describe('deletion', () => {
  it('takes the data at its end, leaves a record, and has the provider delete it too', async () => {
    const world = await opened();
    const order = await world.pulled(1);
    await world.fetch();
    world.clock.nowMs = Date.parse('2026-12-23T08:59:59.000Z');
    expect(await world.delete()).toMatchObject({ deleted: 0 });
    world.clock.nowMs = Date.parse('2026-12-23T09:00:00.000Z');
    expect(await world.delete()).toEqual({ deleted: 1, failed: [], told: 1, toldLate: 0, complete: true });
    expect(await world.buyers.getBuyer(order.orderId)).toMatchObject({ state: 'deleted', lines: [] });
    expect(await world.stateOf(order)).toBe('deleted');
    expect(world.standIn.deleted).toEqual(new Set([order.marketplaceOrderId]));
    expect((await world.activities())[0]).toMatchObject({
      action: 'personal-data-deleted',
      subject: `order/${order.orderId}`,
      at: '2026-12-23T09:00:00.000Z',
      after: { reason: 'end-of-keeping' },
    });
    expect(await world.delete()).toMatchObject({ deleted: 0, told: 0 });
  });

  it('that breaks off anywhere is finished by the next run, with one record', async () => {
    for (const broken of ['erase', 'setPersonalData', 'append', 'finish'] as const) {
      const world = aPersonalDataWorld();
      const order = await world.pulled(1);
      await world.buyers.putBuyer(aBuyer({ orderId: order.orderId, expiresAt: '2026-11-23T08:00:00.000Z' }));
      const down = () => Promise.reject(new UnavailableError('dynamodb', 'down'));
      const { deleteDeps } = world;
      const half = {
        ...deleteDeps,
        eraser: {
          listEnded: deleteDeps.eraser.listEnded.bind(deleteDeps.eraser),
          erase: broken === 'erase' ? down : deleteDeps.eraser.erase.bind(deleteDeps.eraser),
          finish: broken === 'finish' ? down : deleteDeps.eraser.finish.bind(deleteDeps.eraser),
        },
        orders: {
          getMany: deleteDeps.orders.getMany.bind(deleteDeps.orders),
          setPersonalData:
            broken === 'setPersonalData' ? down : deleteDeps.orders.setPersonalData.bind(deleteDeps.orders),
        },
        activity: {
          list: deleteDeps.activity.list.bind(deleteDeps.activity),
          append: broken === 'append' ? down : deleteDeps.activity.append.bind(deleteDeps.activity),
        },
      };
      const failed = await deletePersonalData(half, () => HOUR_MS);
      expect(failed).toMatchObject({ deleted: 0, failed: [{ orderId: order.orderId }] });
      world.clock.nowMs += HOUR_MS;
      expect(await world.delete(), broken).toMatchObject({ deleted: 1, failed: [] });
      expect(await world.stateOf(order)).toBe('deleted');
      const records = (await world.activities()).filter(({ action }) => action === 'personal-data-deleted');
      expect(records, broken).toHaveLength(1);
    }
  });

  it('a provider that cannot be told is told again, and after a day it is for a person', async () => {
    const world = await opened();
    const order = await world.pulled(1);
    await world.fetch();
    world.standIn.renewKey('another');
    await asked(world, order);
    expect(await world.delete()).toMatchObject({ deleted: 1, told: 0, toldLate: 0 });
    world.clock.nowMs += DAY_MS + HOUR_MS;
    expect(await world.delete()).toMatchObject({ told: 0, toldLate: 1 });
    expect(await world.followUpOf(order, 'personal-data-deletion')).toMatchObject({ problem: 'key-refused' });
    await world.keys.putKey('main', 'another');
    world.clock.nowMs += HOUR_MS;
    expect(await world.delete()).toMatchObject({ told: 1, toldLate: 0 });
  });

  it('on request goes with the next run, stops what is still fetched, and nothing brings it back', async () => {
    const world = await opened();
    const order = await world.pulled(1, 'unknown');
    await world.fetch();
    const files: string[] = [];
    const deps = { ...world.deleteDeps, alsoDelete: [async (id: string) => void files.push(id)] };
    expect(await asked(world, order)).toEqual({ requestedAt: '2026-11-23T09:00:00.000Z' });
    expect(await world.followUpOf(order)).toMatchObject({ state: 'waiting' });
    world.clock.nowMs += HOUR_MS;
    expect(await deletePersonalData(deps, () => HOUR_MS)).toMatchObject({ deleted: 1, failed: [] });
    expect(files).toEqual([order.orderId]);
    expect(await world.followUpOf(order)).toMatchObject({ state: 'deleted' });
    const erasure = await world.followUpOf(order, 'personal-data-erasure');
    expect([erasure?.state, erasure?.dueAt]).toEqual(['done', undefined]);
    const again = aBuyer({ orderId: order.orderId, updatedAt: '2026-12-01T00:00:00.000Z' });
    expect(await world.buyers.putBuyer(again)).toEqual({ outcome: 'unchanged', state: 'deleted' });
    expect(await records(world)).toEqual([
      ['personal-data-deleted', 'owner-1', { reason: 'buyer-request' }],
      ['personal-data-deletion-requested', 'owner-1', { reason: 'buyer-request' }],
    ]);
    expect(await world.delete()).toMatchObject({ deleted: 0 });
  });

  it('on request that breaks off is finished by the next run, under the name of who asked', async () => {
    const world = await opened();
    const order = await world.pulled(1);
    await world.fetch();
    await asked(world, order);
    world.clock.nowMs += 1;
    const once = { fails: true };
    const files = async () => {
      if (!once.fails) return;
      once.fails = false;
      throw new UnavailableError('s3', 'down');
    };
    const half = await deletePersonalData({ ...world.deleteDeps, alsoDelete: [files] }, () => HOUR_MS);
    expect(half).toMatchObject({ deleted: 0, failed: [{ orderId: order.orderId }] });
    world.clock.nowMs += HOUR_MS;
    expect(await world.delete()).toMatchObject({ deleted: 1, failed: [] });
    expect((await records(world))[0]).toEqual([
      'personal-data-deleted',
      'owner-1',
      { reason: 'buyer-request' },
    ]);
  });

  it('on request without time is left to the next run', async () => {
    const world = await opened();
    const order = await world.pulled(1);
    await asked(world, order);
    expect(await deletePersonalData(world.deleteDeps, () => 1_000)).toMatchObject({
      deleted: 0,
      complete: false,
    });
    expect(await world.delete()).toMatchObject({ deleted: 1, complete: true });
  });

  it('asked for twice is done once, and both who asked are written down', async () => {
    const world = await opened();
    const order = await world.pulled(1);
    await asked(world, order);
    world.clock.nowMs += 1;
    await asked(world, order, 'owner-2');
    world.clock.nowMs += 1;
    expect(await world.delete()).toMatchObject({ deleted: 1 });
    expect((await records(world)).map(([action, actor]) => [action, actor])).toEqual([
      ['personal-data-deleted', 'owner-1'],
      ['personal-data-deletion-requested', 'owner-2'],
      ['personal-data-deletion-requested', 'owner-1'],
    ]);
  });

  it('that cannot be written down is not asked for', async () => {
    const world = await opened();
    const order = await world.pulled(1);
    world.activity.append = () => Promise.reject(new UnavailableError('dynamodb', 'down'));
    await expect(asked(world, order)).rejects.toThrow('down');
    expect(await world.followUpOf(order, 'personal-data-erasure')).toBeUndefined();
  });

  it('of an order nobody knows is not asked for, of a buyer without one it is', async () => {
    const world = aPersonalDataWorld();
    const order = anOrder();
    expect(await asked(world, order)).toBeUndefined();
    expect(await world.activities()).toEqual([]);
    await world.buyers.putBuyer(aBuyer({ orderId: order.orderId }));
    await asked(world, order);
    expect(await world.delete()).toMatchObject({ deleted: 1 });
    expect(await world.buyers.getBuyer(order.orderId)).toMatchObject({ state: 'deleted' });
  });
});

type World = ReturnType<typeof aPersonalDataWorld>;

async function opened(): Promise<World> {
  const world = aPersonalDataWorld();
  await world.openMatched();
  expect((await world.channels.getChannel(A_CHANNEL.channelId))?.personalDataModule).toEqual({
    providerAccountId: 'main',
    moduleId: 'mod-it',
  });
  return world;
}

/** Somebody asks for an order's personal data to be deleted. */
function asked(world: World, order: Pick<Order, 'marketplace' | 'marketplaceOrderId'>, actor = 'owner-1') {
  return requestErasure({ ...world, activities: world.activity }, order, {
    actor,
    reason: 'buyer-request',
    activityId: `request-of-${actor}`,
  });
}

/** What is written down of deletions, the latest first. */
async function records(world: World) {
  return (await world.activities())
    .filter(({ action }) => action.startsWith('personal-data-delet'))
    .map(({ action, actor, after }) => [action, actor, after]);
}
