import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { problemSchema } from '../../events/http/problem.ts';
import { registeredShipmentSchema, shipmentSchema } from '../../events/http/shipments.ts';
import {
  courierAccountRoutes,
  courierCredentialRoutes,
} from '../../functions/http-api/routes/courier-accounts.ts';
import { courierRoutes, shipmentRoutes } from '../../functions/http-api/routes/shipments.ts';
import { CourierRefusedError } from '../../shared/domain/courier-refusal.ts';
import { UnavailableError } from '../../shared/domain/errors.ts';
import type { Recipient, ShipmentRequest } from '../../shared/ports/shipment-creator.ts';
import type { ShipmentMakingJob } from '../../shared/usecases/make-shipment.ts';
import { MemoryActivityLog } from '../support/memory/activity-log.ts';
import { MemoryBuyerStore } from '../support/memory/buyer-store.ts';
import { MemoryCourierAccountStore } from '../support/memory/courier-account-store.ts';
import { MemoryCredentialStore } from '../support/memory/credential-store.ts';
import { MemoryJobQueue } from '../support/memory/job-queue.ts';
import { MemoryOrderStore } from '../support/memory/order-store.ts';
import { MemoryQuotaStore } from '../support/memory/quota-store.ts';
import { MemoryShipmentLabels } from '../support/memory/shipment-labels.ts';
import { MemoryShipmentStores } from '../support/memory/shipment-stores.ts';
import { aBuyer, anOrder } from '../support/orders.ts';
import { type Call, handlerWith } from './calls.ts';

const NAMED = { marketplace: 'amazon', orderNumber: '404-0000001-0000001' };
const PLACE = {
  name: 'PERSONA INVENTATA',
  lines: ['VIA INVENTATA 1'],
  city: 'ANCONA',
  region: 'AN',
  postalCode: '60100',
  countryCode: 'IT',
};
const MAKE = { orders: [NAMED], parcelCount: 2, weightGrams: 1_000, labelFormat: 'PDF' };

/** The routes over the real use cases, with a courier that does as a test says. */
async function world() {
  const clock = { nowMs: Date.parse('2026-11-24T09:00:00.000Z'), now: () => clock.nowMs };
  const courier = {
    create: async (request: ShipmentRequest, _: Recipient) => ({
      parcels: Array.from({ length: request.parcelCount }, (__, index) => ({
        parcelId: `parcel-${index}`,
        trackingByParcelId: `06801420000000${index}`,
        label: new Uint8Array([1]),
      })),
      warnings: [],
    }),
    confirm: async () => 'confirmed' as const,
    delete: async () => 'deleted' as const,
  };
  const orders = new MemoryOrderStore();
  const buyers = new MemoryBuyerStore();
  const accounts = new MemoryCourierAccountStore();
  const activities = new MemoryActivityLog();
  const deps = {
    shipments: new MemoryShipmentStores().shipments,
    orders,
    buyers,
    accounts,
    activities,
    clock,
    creator: courier,
    labels: new MemoryShipmentLabels(),
    makings: new MemoryJobQueue<ShipmentMakingJob>(),
    credentials: new MemoryCredentialStore(),
    probes: { brt: { probe: async () => {} } },
    quota: new MemoryQuotaStore(),
  };
  await orders.putOrder(anOrder(), 'present');
  await buyers.putBuyer(aBuyer({ deliveryAddress: PLACE }));
  const { call, lines } = handlerWith({
    ...shipmentRoutes(deps),
    ...courierRoutes(deps),
    ...courierAccountRoutes(deps),
    ...courierCredentialRoutes(deps),
  });
  let keys = 0;
  const post = (id: Parameters<typeof call>[0], body?: object, more: Call = {}) =>
    call(id, {
      ...more,
      headers: { 'idempotency-key': `key-0000000${keys++}`, ...more.headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  await post('openCourierAccount', { courier: 'brt', courierAccountId: 'shop', name: 'BRT' });
  return { call, post, lines, deps, clock, courier, activities };
}

const codeOf = ({ json }: { json: unknown }): string => problemSchema.parse(json).code;

describe('a shipment over the API', () => {
  test('is made, labelled, confirmed and deleted, and names nobody on the way', async () => {
    const { call, post, lines, clock } = await world();
    const made = await post('makeShipment', MAKE);
    expect(made.status).toBe(201);
    const shipment = shipmentSchema.parse(made.json);
    expect(shipment).toMatchObject({ making: { state: 'made', labels: 2, problem: null } });
    const path = { shipmentKey: shipment.shipmentKey };

    const label = await call('readShipmentLabel', { path: { ...path, parcel: '2' } });
    expect(label).toMatchObject({
      status: 200,
      json: { format: 'PDF', expiresAt: '2026-11-24T09:05:00.000Z' },
    });
    expect((await call('readShipmentLabel', { path: { ...path, parcel: '3' } })).status).toBe(404);

    const early = await call('deleteShipment', { path });
    expect([early.status, codeOf(early), early.headers['retry-after']]).toEqual([409, 'too-early', '300']);
    clock.nowMs += 5 * 60_000;
    const confirmed = await post('confirmShipment', undefined, { path });
    expect(confirmed).toMatchObject({ status: 200, json: { making: { state: 'confirmed' } } });
    const deleted = await call('deleteShipment', { path });
    expect(deleted).toMatchObject({ status: 200, json: { state: 'cancelled', making: { labels: 0 } } });
    expect(JSON.stringify([made, label, confirmed, deleted, lines])).not.toContain('INVENTATA');
  });

  test('is one for the same request, though its first answer was lost', async () => {
    const { post, deps } = await world();
    const more = { headers: { 'idempotency-key': 'key-of-one-wish' } };
    await post('makeShipment', MAKE, more);
    await post('makeShipment', MAKE, more);
    const { shipments } = await deps.shipments.list({ limit: 10 });
    expect(shipments.map(({ making }) => making?.requestKey)).toEqual(['person-1/key-of-one-wish']);
  });

  test('that the courier refuses is here with its reason, and is made when that is changed', async () => {
    const { post, courier } = await world();
    const create = courier.create;
    courier.create = async () => {
      throw new CourierRefusedError('brt', 'no route', { reason: 'address' });
    };
    const refused = shipmentSchema.parse((await post('makeShipment', MAKE)).json);
    expect(refused.making).toMatchObject({ state: 'refused', problem: { code: 'address' } });
    courier.create = create;
    const path = { shipmentKey: refused.shipmentKey };
    const again = await post('makeShipmentAgain', { weightGrams: 2_000 }, { path });
    expect(again).toMatchObject({
      status: 200,
      json: { making: { state: 'made', weightGrams: 2_000, problem: null } },
    });
    expect(codeOf(await post('makeShipmentAgain', {}, { path }))).toBe('already-made');
  });

  test('that the courier does not answer for is reserved, and looked after', async () => {
    const { post, courier, deps } = await world();
    courier.create = async () => {
      throw new UnavailableError('brt', 'away');
    };
    const made = await post('makeShipment', MAKE);
    expect(made).toMatchObject({ status: 201, json: { making: { state: 'reserved' } } });
    expect(deps.makings.sent).toHaveLength(1);
  });

  test('is not deleted when the courier says no, which it says in words', async () => {
    const { call, post, courier, clock } = await world();
    const { shipmentKey } = shipmentSchema.parse((await post('makeShipment', MAKE)).json);
    clock.nowMs += 5 * 60_000;
    courier.delete = async () => {
      throw new CourierRefusedError('brt', 'no', { reason: 'taken-over' });
    };
    const answer = await call('deleteShipment', { path: { shipmentKey } });
    expect([answer.status, codeOf(answer)]).toEqual([422, 'taken-over']);
    expect(problemSchema.parse(answer.json).detail).toContain('filiale');
  });

  test('made elsewhere is registered, once, and is not ours to delete', async () => {
    const { call, post } = await world();
    const body = { courier: 'brt', trackingNumber: '067138050000001', orders: [NAMED] };
    const wrong = await post('registerShipment', body);
    expect([wrong.status, codeOf(wrong)]).toEqual([422, 'number-malformed']);
    const right = {
      ...body,
      trackingNumber: '067138050001',
      orders: [NAMED, { ...NAMED, orderNumber: '9' }],
    };
    const first = registeredShipmentSchema.parse((await post('registerShipment', right)).json);
    expect(first.waitingFor).toEqual([{ marketplace: 'amazon', orderNumber: '9' }]);
    const second = registeredShipmentSchema.parse((await post('registerShipment', right)).json);
    expect(second.shipment.shipmentKey).toBe(first.shipment.shipmentKey);
    const path = { shipmentKey: first.shipment.shipmentKey };
    expect(codeOf(await call('deleteShipment', { path }))).toBe('not-made-here');
  });

  test('that is not here is not found', async () => {
    const { call, post } = await world();
    const path = { shipmentKey: 'brt:202600000000099' };
    expect((await call('deleteShipment', { path })).status).toBe(404);
    expect((await post('confirmShipment', undefined, { path })).status).toBe(404);
    expect((await post('makeShipmentAgain', {}, { path })).status).toBe(404);
    expect((await call('readShipmentLabel', { path: { ...path, parcel: '1' } })).status).toBe(404);
  });

  test('may be neither made nor seen on a label by who does not ship', async () => {
    const { call, post } = await world();
    expect((await post('makeShipment', MAKE, { groups: '[accountant]' })).status).toBe(403);
    const path = { shipmentKey: 'brt:202600000000001', parcel: '1' };
    expect((await call('readShipmentLabel', { path, groups: '[viewer]' })).status).toBe(403);
  });
});

describe('a contract with a courier over the API', () => {
  const path = { courier: 'brt', courierAccountId: 'shop' };
  const credentials = { userId: 'u', password: 'invented-secret', customerCode: '1', departureDepot: '66' };

  test('has its credentials saved and tried, and shows none of them', async () => {
    const { call, post, lines, activities } = await world();
    const saved = await call('saveCourierCredentials', { path, body: JSON.stringify({ credentials }) });
    expect(saved).toMatchObject({ status: 200, json: { tested: true } });
    const tested = await post('testCourierCredentials', undefined, { path });
    expect(tested).toMatchObject({ status: 200, json: { works: true } });
    const listed = await call('listCourierAccounts');
    expect(listed).toMatchObject({
      json: { courierAccounts: [{ courierAccountId: 'shop', checked: { problem: null } }] },
    });
    const noted = await activities.list({ limit: 10 });
    expect(JSON.stringify([saved, tested, listed, lines, noted])).not.toContain('invented-secret');
  });

  test('is refused credentials by field and reason', async () => {
    const { call, deps } = await world();
    const { password: _, ...without } = credentials;
    const missing = await call('saveCourierCredentials', {
      path,
      body: JSON.stringify({ credentials: without }),
    });
    const problem: z.infer<typeof problemSchema> = problemSchema.parse(missing.json);
    expect([missing.status, problem.code, problem.issues]).toEqual([
      422,
      'invalid-credentials',
      [{ where: 'body', field: 'password', rule: 'missing' }],
    ]);
    deps.probes.brt.probe = async () => {
      throw new CourierRefusedError('brt', 'no', { reason: 'unauthorised' });
    };
    const refused = await call('saveCourierCredentials', { path, body: JSON.stringify({ credentials }) });
    expect([refused.status, codeOf(refused)]).toEqual([422, 'unauthorised']);
  });

  test('is opened once', async () => {
    const { post } = await world();
    const again = await post('openCourierAccount', { ...path, name: 'BRT' });
    expect([again.status, codeOf(again)]).toEqual([409, 'id-taken']);
  });
});
