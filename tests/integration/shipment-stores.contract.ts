import { describe, expect, test } from 'vitest';
import { orderId } from '../../shared/domain/order.ts';
import { type Shipment, type ShipmentKey, shipmentKey } from '../../shared/domain/shipment.ts';
import type { ConfirmationStore, OrderPackage, ShipmentStore } from '../../shared/ports/shipment-store.ts';
import { aConfirmation, aShipment } from '../support/shipments.ts';

type Stores = { readonly shipments: ShipmentStore; readonly confirmations: ConfirmationStore };

const order = orderId('amazon', '404-0000001-0000001');
const shipment = aShipment();
const key = shipment.shipmentKey;
const confirmation = aConfirmation();

function packageOf(shipmentKey: ShipmentKey, packageNumber = 1): OrderPackage {
  return { orderId: order, shipmentKey, packageNumber };
}

/** Everything that a shipment may have, events of all shapes among it. */
function fullShipment(): Shipment {
  return aShipment({
    alphanumericReference: '404-0000001-0000001',
    orders: [
      { orderId: order, lines: [{ orderLineId: '10000000000001', quantity: 1 }] },
      { orderId: orderId('ebay', '01-00001-00001'), lines: [] },
    ],
    parcels: [{ parcelId: '068014200000001000', trackingByParcelId: '068014200000001' }, {}],
    courierShipmentId: { id: '067138050000', year: undefined },
    otherShipmentId: '067138059999',
    trackingNumber: '067138050000',
    trackingKnownAt: '2026-11-20T18:00:00.000Z',
    state: 'in-transit',
    events: Array.from({ length: 300 }, (_, number) => ({
      code: number % 3 === 0 ? undefined : String(number).padStart(3, '0'),
      description: `Evento numero ${number}`,
      date: number % 5 === 0 ? undefined : '2026-11-20',
      time: number % 2 === 0 ? undefined : '18:00',
      at: number % 2 === 0 ? undefined : '2026-11-20T17:00:00.000Z',
      depot: number % 7 === 0 ? undefined : 'MILANO',
      state: number % 4 === 0 ? undefined : ('in-transit' as const),
      ...(number % 8 === 0 ? { silent: true as const } : {}),
    })),
    shippedAt: '2026-11-20T17:00:00.000Z',
    making: {
      state: 'made',
      parcelCount: 2,
      weightGrams: 2_500,
      volumeCm3: 12_000,
      cashOnDelivery: { amountMinor: 2490, currency: 'EUR' },
      insuredValue: { amountMinor: 5000, currency: 'EUR' },
      pickUpPointId: 'BRT-1',
      labelFormat: 'PDF',
      attempts: 2,
      problem: 'unavailable',
      warnings: ['address-normalised', 'other'],
      labelKeys: ['labels/1.pdf', 'labels/2.pdf'],
      madeAt: '2026-11-20T10:00:01.000Z',
    },
    problems: [{ kind: 'unknown-event', at: '2026-11-20T18:00:00.000Z', detail: '777' }],
  });
}

/** What every pair of stores for shipments and confirmations promises. */
export function shipmentStoresContract(name: string, create: () => Promise<Stores>): void {
  describe(`${name}: shipments`, () => {
    test('a shipment comes back as stored, with all that it may have', async () => {
      const { shipments } = await create();
      const full = fullShipment();
      expect(await shipments.create(full, [packageOf(full.shipmentKey)], [])).toBe('created');
      expect(await shipments.get(full.shipmentKey)).toEqual(full);
      expect(await shipments.get(shipmentKey('brt', '9'))).toBeUndefined();
    });

    test('a key is taken once, and the second attempt leaves nothing behind', async () => {
      const { shipments, confirmations } = await create();
      await shipments.create(shipment, [packageOf(key)], []);
      const second = { ...shipment, parcels: [] };
      expect(await shipments.create(second, [packageOf(key, 2)], [confirmation])).toBe('exists');
      expect(await shipments.get(key)).toEqual(shipment);
      expect(await shipments.packagesOf(order)).toEqual([packageOf(key)]);
      expect(await confirmations.ofOrder(order)).toEqual([]);
    });

    test("a package number that another shipment has is refused, and the shipment isn't made", async () => {
      const { shipments, confirmations } = await create();
      await shipments.create(shipment, [packageOf(key)], []);
      const other = aShipment({ senderReference: '202600000000002' });
      const own = aConfirmation({ shipmentKey: other.shipmentKey });
      expect(await shipments.create(other, [packageOf(other.shipmentKey)], [own])).toBe('package-taken');
      expect(await shipments.get(other.shipmentKey)).toBeUndefined();
      expect(await confirmations.get(own)).toBeUndefined();
      expect(await shipments.create(other, [packageOf(other.shipmentKey, 2)], [own])).toBe('created');
      expect(await shipments.packagesOf(order)).toEqual([packageOf(key), packageOf(other.shipmentKey, 2)]);
    });

    test('packages of an order come by their number, also the tenth', async () => {
      const { shipments } = await create();
      for (let number = 1; number <= 10; number += 1) {
        const each = aShipment({ senderReference: `20260000000000${number}` });
        await shipments.create(each, [packageOf(each.shipmentKey, number)], []);
      }
      const packages = await shipments.packagesOf(order);
      expect(packages.map(({ packageNumber }) => packageNumber)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(await shipments.packagesOf(orderId('amazon', '404-0000002-0000002'))).toEqual([]);
    });

    test('a number that leaves one out is refused, and nothing is made', async () => {
      const { shipments } = await create();
      expect(await shipments.create(shipment, [packageOf(key, 2)], [])).toBe('package-taken');
      expect(await shipments.get(key)).toBeUndefined();
      await shipments.create(shipment, [packageOf(key)], []);
      const other = aShipment({ senderReference: '202600000000002' });
      expect(await shipments.create(other, [packageOf(other.shipmentKey, 3)], [])).toBe('package-taken');
      expect(await shipments.packagesOf(order)).toEqual([packageOf(key)]);
    });

    test('those being made that nobody looked at in time are found, the longest at first', async () => {
      const { shipments } = await create();
      const { making } = fullShipment();
      if (making === undefined) throw new Error('nothing is made');
      const reserved = (n: number, lookedAtBy: string, state: 'reserved' | 'made' = 'reserved') =>
        aShipment({ senderReference: `20260000000000${n}`, making: { ...making, state, lookedAtBy } });
      const late = reserved(1, '2026-11-20T10:20:00.000Z');
      const first = reserved(2, '2026-11-20T10:10:00.000Z');
      const later = reserved(3, '2026-11-20T10:20:00.001Z');
      const made = reserved(4, '2026-11-20T10:10:00.000Z', 'made');
      for (const [index, each] of [late, first, later, made].entries()) {
        await shipments.create(each, [packageOf(each.shipmentKey, index + 1)], []);
      }
      const until = '2026-11-20T10:20:00.000Z';
      expect(await shipments.listUnattended({ until, limit: 10 })).toEqual([first, late]);
      expect(await shipments.listUnattended({ until, limit: 1 })).toEqual([first]);
      const looked = { ...first, making: { ...making, state: 'reserved' as const, lookedAtBy: until } };
      expect(await shipments.change(looked, 1)).toBe('changed');
      const ended = { ...late, making: { ...making, state: 'refused' as const } };
      expect(await shipments.change(ended, 1)).toBe('changed');
      expect(await shipments.listUnattended({ until, limit: 10 })).toEqual([{ ...looked, version: 2 }]);
    });

    test('those whose events are to be deleted are found from that instant on, and no more once they are', async () => {
      const { shipments } = await create();
      const until = '2026-12-20T08:00:00.000Z';
      const due = aShipment({ courier: 'dhl', senderReference: '1', eventsKeptUntil: until });
      const later = aShipment({
        courier: 'dhl',
        senderReference: '2',
        eventsKeptUntil: '2026-12-20T08:00:00.001Z',
      });
      for (const [index, each] of [later, due, shipment].entries()) {
        await shipments.create(each, [packageOf(each.shipmentKey, index + 1)], []);
      }
      expect(await shipments.listEventsToDelete({ until, limit: 10 })).toEqual([due]);
      const { eventsKeptUntil: _, ...without } = due;
      expect(await shipments.change({ ...without, eventsDeletedAt: until }, 1)).toBe('changed');
      expect(await shipments.listEventsToDelete({ until, limit: 10 })).toEqual([]);
    });

    test('packages of many orders come together, all of each', async () => {
      const { shipments } = await create();
      const orders = [0, 1, 2, 3, 5].map((parcels) => ({
        id: orderId('amazon', `404-000000${parcels}-0000001`),
        parcels,
      }));
      for (const { id, parcels } of orders) {
        for (let number = 1; number <= parcels; number += 1) {
          const each = aShipment({ senderReference: `2026000000${parcels}000${number}` });
          const own = { orderId: id, shipmentKey: each.shipmentKey, packageNumber: number };
          expect(await shipments.create(each, [own], [])).toBe('created');
        }
      }
      const found = await shipments.packagesOfMany(orders.flatMap(({ id }) => [id, id]));
      expect(found).toHaveLength(11);
      for (const { id } of orders) {
        const own = found.filter((each) => each.orderId === id);
        expect(own.toSorted((a, b) => a.packageNumber - b.packageNumber)).toEqual(
          await shipments.packagesOf(id),
        );
      }
      expect(await shipments.packagesOfMany([])).toEqual([]);
    });

    test('confirmations of many parcels come together, those that there are', async () => {
      const { shipments, confirmations } = await create();
      await shipments.create(shipment, [packageOf(key)], [confirmation]);
      const missing = { orderId: order, shipmentKey: shipmentKey('brt', '9') };
      expect(await confirmations.getMany([missing, confirmation])).toEqual([confirmation]);
      expect(await confirmations.getMany([])).toEqual([]);
    });

    test('of many that make the same package at once one is the first, and all have one in the end', async () => {
      const { shipments } = await create();
      const makers = Array.from({ length: 6 }, async (_, number) => {
        const each = aShipment({ senderReference: `20260000000010${number}` });
        for (let attempt = 0; attempt < 20; attempt += 1) {
          const taken = await shipments.packagesOf(order);
          const next = (taken.at(-1)?.packageNumber ?? 0) + 1;
          const outcome = await shipments.create(each, [packageOf(each.shipmentKey, next)], []);
          if (outcome === 'created') return;
          expect(outcome).toBe('package-taken');
        }
        throw new Error('it never got a package');
      });
      await Promise.all(makers);
      const packages = await shipments.packagesOf(order);
      expect(packages.map(({ packageNumber }) => packageNumber)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(new Set(packages.map((each) => each.shipmentKey)).size).toBe(6);
    });

    test('of two changes of the same version one is refused, and its confirmations are not stored', async () => {
      const { shipments, confirmations } = await create();
      await shipments.create(shipment, [packageOf(key)], []);
      const moved = { ...shipment, state: 'in-transit' as const };
      expect(await shipments.change(moved, 1)).toBe('changed');
      expect(await shipments.change({ ...shipment, state: 'returned' }, 1, [confirmation])).toBe('conflict');
      expect(await shipments.get(key)).toEqual({ ...moved, version: 2 });
      expect(await confirmations.get(confirmation)).toBeUndefined();
    });

    test('of many changes at once, each with its confirmation, one is stored whole', async () => {
      const { shipments, confirmations } = await create();
      await shipments.create(shipment, [packageOf(key)], []);
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, number) => {
          const trackingNumber = `06713805000${number}`;
          return shipments.change({ ...shipment, trackingNumber }, 1, [aConfirmation({ trackingNumber })]);
        }),
      );
      expect(outcomes.filter((outcome) => outcome === 'changed')).toHaveLength(1);
      const stored = await shipments.get(key);
      expect(stored?.version).toBe(2);
      expect((await confirmations.get(confirmation))?.trackingNumber).toBe(stored?.trackingNumber);
    });

    test('a change of what is not there changes nothing, whatever version is expected', async () => {
      const { shipments } = await create();
      expect(await shipments.change(shipment, 1)).toBe('conflict');
      expect(await shipments.change(shipment, 0)).toBe('conflict');
      expect(await shipments.change(shipment, 1, [confirmation])).toBe('conflict');
      expect(await shipments.get(key)).toBeUndefined();
    });

    test('a confirmation that is there already stays as it is, and those that are missing are stored', async () => {
      const { shipments, confirmations } = await create();
      await shipments.create(shipment, [packageOf(key)], [confirmation]);
      await confirmations.change({ ...confirmation, state: 'confirmed', dueAt: undefined }, 1);
      const ofOther = aConfirmation({ orderId: orderId('ebay', '1'), marketplace: 'ebay' });
      expect(await shipments.change(shipment, 1, [confirmation, ofOther])).toBe('changed');
      expect(await confirmations.get(confirmation)).toMatchObject({ state: 'confirmed', version: 2 });
      expect(await confirmations.get(ofOther)).toEqual(ofOther);
      expect(await shipments.change(shipment, 2, [confirmation])).toBe('changed');
      expect((await shipments.get(key))?.version).toBe(3);
    });

    test('what goes is gone: a change replaces the whole shipment', async () => {
      const { shipments } = await create();
      const full = fullShipment();
      await shipments.create(full, [], []);
      const { problems: _, making: __, nextCheckAt: ___, ...less } = full;
      await shipments.change(less, 1);
      expect(await shipments.get(full.shipmentKey)).toEqual({ ...less, version: 2 });
    });

    test('several are read at once, each once, and those there are', async () => {
      const { shipments } = await create();
      const other = aShipment({ senderReference: '202600000000002' });
      await shipments.create(shipment, [], []);
      await shipments.create(other, [], []);
      const found = await shipments.getMany([key, shipmentKey('brt', '9'), other.shipmentKey, key]);
      expect(found.map(({ shipmentKey }) => shipmentKey).sort()).toEqual([key, other.shipmentKey]);
      expect(await shipments.getMany([])).toEqual([]);
    });

    test('twenty that ask for a reference at once get twenty, and each year has its own', async () => {
      const { shipments } = await create();
      const given = await Promise.all(Array.from({ length: 20 }, () => shipments.nextSequence(2026)));
      expect(given.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, number) => number + 1));
      expect(await shipments.nextSequence(2027)).toBe(1);
      expect(await shipments.nextSequence(2026)).toBe(21);
    });

    test('shipments are listed newest first, page by page', async () => {
      const { shipments } = await create();
      for (const day of ['21', '23', '20', '22']) {
        await shipments.create(
          aShipment({ senderReference: day, createdAt: `2026-11-${day}T10:00:00.000Z` }),
          [],
          [],
        );
      }
      const days = (page: Awaited<ReturnType<ShipmentStore['list']>>) =>
        page.shipments.map(({ senderReference }) => senderReference);
      const first = await shipments.list({ limit: 3 });
      expect(days(first)).toEqual(['23', '22', '21']);
      const second = await shipments.list({ limit: 3, cursor: first.cursor });
      expect(days(second)).toEqual(['20']);
      expect(second.cursor).toBeUndefined();
    });
  });

  describe(`${name}: checks`, () => {
    const until = '2026-11-20T12:00:00.000Z';
    const wanted = { courier: 'brt', tracking: 'wanted', until, limit: 2 } as const;
    const references = (page: Awaited<ReturnType<ShipmentStore['listDue']>>) =>
      page.shipments.map(({ senderReference }) => senderReference);
    const due = async (shipments: ShipmentStore, query: Partial<Parameters<typeof shipments.listDue>[0]>) =>
      references(await shipments.listDue({ ...wanted, ...query }));

    async function filled(): Promise<ShipmentStore> {
      const { shipments } = await create();
      for (const [senderReference, at] of [
        ['c', '2026-11-20T11:30:00.000Z'],
        ['a', '2026-11-20T10:10:00.000Z'],
        ['later', '2026-11-20T12:00:00.001Z'],
        ['b', '2026-11-20T12:00:00.000Z'],
        ['never', undefined],
      ] as const) {
        await shipments.create(aShipment({ senderReference, nextCheckAt: at }), [], []);
      }
      return shipments;
    }

    test('only what is due is listed, the longest due first, page by page', async () => {
      const shipments = await filled();
      const first = await shipments.listDue(wanted);
      expect(references(first)).toEqual(['a', 'c']);
      const second = await shipments.listDue({ ...wanted, cursor: first.cursor });
      expect(references(second)).toEqual(['b']);
      expect(second.cursor).toBeUndefined();
    });

    test('each courier has its list, and those whose number is known have another', async () => {
      const shipments = await filled();
      await shipments.create(aShipment({ courier: 'gls', senderReference: 'gls' }), [], []);
      await shipments.create(aShipment({ senderReference: 'known', trackingNumber: '067138050000' }), [], []);
      expect(await due(shipments, { courier: 'gls' })).toEqual(['gls']);
      expect(await due(shipments, { tracking: 'followed' })).toEqual(['known']);
      expect(await due(shipments, { limit: 10 })).toEqual(['a', 'c', 'b']);
    });

    test('one whose number has become known changes the list; one at its end is in none', async () => {
      const shipments = await filled();
      const a = await shipments.get(shipmentKey('brt', 'a'));
      if (a === undefined) throw new Error('it was stored');
      const known = { ...a, trackingNumber: '067138050000', trackingKnownAt: until };
      await shipments.change(known, 1, [aConfirmation({ shipmentKey: a.shipmentKey })]);
      expect(await due(shipments, {})).toEqual(['c', 'b']);
      expect(await due(shipments, { tracking: 'followed' })).toEqual(['a']);
      await shipments.change({ ...known, state: 'delivered', nextCheckAt: undefined }, 2);
      expect(await due(shipments, { tracking: 'followed' })).toEqual([]);
    });

    test('a check is moved when it is where it was seen, and the version stays', async () => {
      const shipments = await filled();
      const a = shipmentKey('brt', 'a');
      const seen = '2026-11-20T10:10:00.000Z';
      const next = '2026-11-20T11:45:00.000Z';
      expect(await shipments.moveCheck(a, '2026-11-20T10:09:00.000Z', next)).toBe('conflict');
      expect(await shipments.moveCheck(a, seen, next)).toBe('moved');
      expect(await shipments.get(a)).toMatchObject({ nextCheckAt: next, version: 1 });
      expect(await due(shipments, { limit: 10 })).toEqual(['c', 'a', 'b']);
    });

    test('a check that was moved meanwhile is not moved again, and what has none or is not there has none to move', async () => {
      const shipments = await filled();
      const a = shipmentKey('brt', 'a');
      const seen = '2026-11-20T10:10:00.000Z';
      const moves = [1, 2, 3, 4].map((hour) =>
        shipments.moveCheck(a, seen, `2026-11-20T1${hour}:50:00.000Z`),
      );
      expect((await Promise.all(moves)).filter((outcome) => outcome === 'moved')).toHaveLength(1);
      expect(await shipments.moveCheck(shipmentKey('brt', 'never'), seen, until)).toBe('conflict');
      expect(await shipments.moveCheck(shipmentKey('brt', 'nobody'), seen, until)).toBe('conflict');
      expect(await shipments.get(shipmentKey('brt', 'nobody'))).toBeUndefined();
    });

    test('a last check leaves the list', async () => {
      const shipments = await filled();
      const a = shipmentKey('brt', 'a');
      expect(await shipments.moveCheck(a, '2026-11-20T10:10:00.000Z', undefined)).toBe('moved');
      expect((await shipments.get(a))?.nextCheckAt).toBeUndefined();
      expect(await due(shipments, { limit: 10 })).toEqual(['c', 'b']);
    });

    test('a cursor of another list is refused', async () => {
      const shipments = await filled();
      const { cursor } = await shipments.listDue(wanted);
      const refused = 'not a cursor of this list';
      await expect(shipments.listDue({ ...wanted, tracking: 'followed', cursor })).rejects.toThrow(refused);
      await expect(shipments.listDue({ ...wanted, courier: 'gls', cursor })).rejects.toThrow(refused);
      await expect(shipments.list({ limit: 2, cursor })).rejects.toThrow(refused);
      await expect(shipments.list({ limit: 2, cursor: 'forged' })).rejects.toThrow(refused);
    });
  });

  describe(`${name}: confirmations`, () => {
    test('a confirmation comes back as stored, with all that it may have', async () => {
      const { confirmations } = await create();
      const full = aConfirmation({
        courier: 'manual',
        carrierName: 'Carrier',
        lines: [{ orderLineId: '10000000000001', quantity: 2 }],
        state: 'left-alone',
        reason: 'delivered',
        attempts: 3,
        confirmedAt: '2026-11-20T19:00:00.000Z',
        askedBy: 'operator-1',
        replacedNumber: '1Z',
      });
      expect(await confirmations.change(full, 0)).toBe('changed');
      expect(await confirmations.get(full)).toEqual(full);
      expect(await confirmations.get({ ...full, shipmentKey: shipmentKey('brt', '9') })).toBeUndefined();
    });

    test('of two changes of the same version one is refused, and one that is new is made once', async () => {
      const { confirmations } = await create();
      expect(await confirmations.change(confirmation, 1)).toBe('conflict');
      expect(await confirmations.change(confirmation, 0)).toBe('changed');
      expect(await confirmations.change({ ...confirmation, attempts: 9 }, 0)).toBe('conflict');
      expect(await confirmations.change({ ...confirmation, state: 'sending' }, 1)).toBe('changed');
      expect(await confirmations.change({ ...confirmation, attempts: 9 }, 1)).toBe('conflict');
      expect(await confirmations.get(confirmation)).toEqual({
        ...confirmation,
        state: 'sending',
        version: 2,
      });
    });

    test('those of an order are found together, and no others', async () => {
      const { shipments, confirmations } = await create();
      const second = aConfirmation({ shipmentKey: shipmentKey('gls', '2'), packageNumber: 2 });
      await shipments.create(shipment, [packageOf(key)], [second, confirmation]);
      await confirmations.change(aConfirmation({ orderId: orderId('ebay', '1') }), 0);
      expect(await confirmations.ofOrder(order)).toEqual([confirmation, second]);
    });

    test("only a marketplace's own and what is due is listed, the longest due first, page by page", async () => {
      const { confirmations } = await create();
      for (const [reference, dueAt] of [
        ['c', '2026-11-20T18:30:00.000Z'],
        ['a', '2026-11-20T18:10:00.000Z'],
        ['d', '2026-11-20T21:00:00.000Z'],
        ['b', '2026-11-20T18:20:00.000Z'],
        ['none', undefined],
      ] as const) {
        await confirmations.change(aConfirmation({ shipmentKey: shipmentKey('brt', reference), dueAt }), 0);
      }
      await confirmations.change(aConfirmation({ orderId: orderId('ebay', '1'), marketplace: 'ebay' }), 0);
      const query = { marketplace: 'amazon', until: '2026-11-20T20:00:00.000Z', limit: 2 } as const;
      const first = await confirmations.listDue(query);
      expect(first.confirmations.map((each) => each.shipmentKey)).toEqual(['brt:a', 'brt:b']);
      const second = await confirmations.listDue({ ...query, cursor: first.cursor });
      expect(second.confirmations.map((each) => each.shipmentKey)).toEqual(['brt:c']);
      expect(second.cursor).toBeUndefined();
      const elsewhere = { ...query, marketplace: 'ebay', cursor: first.cursor } as const;
      await expect(confirmations.listDue(elsewhere)).rejects.toThrow('not a cursor of this list');
    });

    test('one that is finished is due no more, and one that is asked for again is', async () => {
      const { confirmations } = await create();
      const query = { marketplace: 'amazon', until: '2027-01-01T00:00:00.000Z', limit: 5 } as const;
      await confirmations.change(confirmation, 0);
      await confirmations.change({ ...confirmation, state: 'confirmed', dueAt: undefined }, 1);
      expect((await confirmations.listDue(query)).confirmations).toEqual([]);
      await confirmations.change({ ...confirmation, askedBy: 'operator-1' }, 2);
      expect((await confirmations.listDue(query)).confirmations).toHaveLength(1);
    });
  });
}
