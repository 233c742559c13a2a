import { beforeEach, expect, test } from 'vitest';
import { UnavailableError } from '../../shared/domain/errors.ts';
import { askForConfirmation } from '../../shared/usecases/ask-for-confirmation.ts';
import { issueReceipts } from '../../shared/usecases/issue-receipts.ts';
import { issueReversal, type ReversalRequest } from '../../shared/usecases/issue-reversal.ts';
import { type MakingWish, makeShipment, makeShipmentAgain } from '../../shared/usecases/make-shipment.ts';
import { registerShipment } from '../../shared/usecases/register-shipment.ts';
import { requestRetry } from '../../shared/usecases/retry-receipt.ts';
import { MemoryActivityLog } from '../support/memory/activity-log.ts';
import { MemoryCourierAccountStore } from '../support/memory/courier-account-store.ts';
import { MemoryJobQueue } from '../support/memory/job-queue.ts';
import { MemoryRemoteActionStore } from '../support/memory/remote-action-store.ts';
import { MemoryShipmentLabels } from '../support/memory/shipment-labels.ts';
import { MemoryShipmentStores } from '../support/memory/shipment-stores.ts';
import { aBuyer, anOrder } from '../support/orders.ts';
import { ReceiptWorld } from '../support/receipt-world.ts';
import { aRemoteAction } from '../support/remote-actions.ts';
import { aConfirmation, aShipment } from '../support/shipments.ts';

/* A standard operation on an order that somebody acted on by hand asks whether that is meant, and only then. */
const ORDER = anOrder().orderId;
const orders = [{ orderId: ORDER, lines: [] }];
const WISH: MakingWish = {
  orders,
  recipient: {
    name: 'PERSONA INVENTATA',
    address: 'VIA INVENTATA 1',
    city: 'ANCONA',
    province: 'AN',
    postcode: '60100',
    countryCode: 'IT',
  },
  parcelCount: 1,
  weightGrams: 1_000,
  labelFormat: 'PDF',
  requestKey: 'operator/key-1',
};

let world: ReceiptWorld;
let shipping: Parameters<typeof makeShipment>[0];
let stores: MemoryShipmentStores;
const silent = async (): Promise<never> => {
  throw new UnavailableError('brt', 'no answer');
};

beforeEach(async () => {
  world = new ReceiptWorld();
  await world.sold();
  await world.buyers.putBuyer(aBuyer());
  stores = new MemoryShipmentStores();
  const accounts = new MemoryCourierAccountStore();
  const openedAt = '2026-01-01T00:00:00.000Z';
  await accounts.putCourierAccount(
    { courier: 'brt', courierAccountId: 'shop', name: 'BRT', openedAt, version: 1 },
    0,
  );
  shipping = {
    shipments: stores.shipments,
    orders: world.orders,
    buyers: world.buyers,
    labels: new MemoryShipmentLabels(),
    makings: new MemoryJobQueue(),
    accounts,
    activities: new MemoryActivityLog(),
    actor: 'operator',
    creator: { create: silent, confirm: silent, delete: silent },
    clock: world.clock,
  };
});

async function makeRed(): Promise<void> {
  const created = await new MemoryRemoteActionStore(world.orders).create(aRemoteAction());
  expect(created).toEqual({ outcome: 'created' });
}
const register = (confirmedRed?: boolean) =>
  registerShipment(shipping, {
    courier: 'manual',
    carrierName: 'Trasporti Rossi',
    trackingNumber: 'TR-123456',
    parcelNumbers: [],
    orders,
    confirmedRed,
  });

test('a shipment of a red order is registered only when that is confirmed, and the refusal says who did what', async () => {
  await makeRed();
  expect(await register()).toMatchObject({
    outcome: 'refused',
    refusal: { code: 'red-order', detail: expect.stringContaining('refund, person-1') },
  });
  expect((await stores.shipments.list({ limit: 9 })).shipments).toEqual([]);
  expect(await register(true)).toMatchObject({ outcome: 'registered' });
  // What is here already is only read again.
  expect(await register()).toMatchObject({ outcome: 'known' });
});

test('one that is not red asks nothing', async () => {
  expect(await register()).toMatchObject({ outcome: 'registered' });
});

test('a shipment of a red order is made, and made again, only when that is confirmed', async () => {
  await makeRed();
  const refused = { outcome: 'refused', refusal: { code: 'red-order' } };
  expect(await makeShipment(shipping, WISH)).toMatchObject(refused);
  const made = await makeShipment(shipping, { ...WISH, confirmedRed: true });
  expect(made).toMatchObject({ outcome: 'done', shipment: { making: { state: 'reserved' } } });
  if (made.outcome !== 'done') throw new Error('not made');
  const { shipmentKey, version } = made.shipment;
  const stored = await stores.shipments.get(shipmentKey);
  if (stored?.making === undefined) throw new Error(`no making of ${shipmentKey}, version ${version}`);
  await stores.shipments.change(
    { ...stored, making: { ...stored.making, state: 'refused' } },
    stored.version,
  );
  expect(await makeShipmentAgain(shipping, shipmentKey, {})).toMatchObject(refused);
  expect(await makeShipmentAgain(shipping, shipmentKey, { confirmedRed: true })).toMatchObject({
    outcome: 'done',
  });
});

test('a marketplace is told by a person of a red order only when that is confirmed', async () => {
  await makeRed();
  const confirmation = aConfirmation({ orderId: ORDER, state: 'refused', dueAt: undefined });
  await stores.shipments.create(aShipment({ orders }), [], [confirmation]);
  const queue = new MemoryJobQueue<never>();
  const deps = {
    ...shipping,
    confirmations: stores.confirmations,
    queues: { amazon: queue, ebay: queue, manomano: queue },
  };
  expect(await askForConfirmation(deps, confirmation)).toEqual({ outcome: 'red-order' });
  expect(queue.sent).toEqual([]);
  expect(await askForConfirmation(deps, confirmation, { confirmedRed: true })).toMatchObject({
    outcome: 'asked',
  });
});

test('a receipt of a red order is issued only when that is confirmed, and never by itself', async () => {
  await makeRed();
  const request = { orderId: ORDER, requestedBy: 'system' };
  expect(await issueReceipts(world.deps, [request])).toMatchObject([
    { outcome: 'refused', problem: 'red-order', details: ['refund', 'person-1', expect.any(String)] },
  ]);
  const confirmed = { ...request, requestedBy: 'person-2', confirmedRed: true };
  expect(await issueReceipts(world.deps, [confirmed])).toMatchObject([{ outcome: 'issued' }]);
});

test('a receipt of a red order is taken back, and taken back again, only when that is confirmed', async () => {
  const [sale] = await issueReceipts(world.deps, [{ orderId: ORDER, requestedBy: 'person-1' }]);
  if (sale?.outcome !== 'issued') throw new Error(`not issued: ${sale?.outcome}`);
  await makeRed();
  const { receiptId } = sale.receipt;
  const reversal: ReversalRequest = {
    ...{ receiptId, request: 'r1', requestedBy: 'person-2' },
    reason: 'refund',
    wanted: { of: 'rest' },
  };
  const red = { outcome: 'refused', problem: 'red-order' };
  expect(await issueReversal(world.deps, reversal)).toMatchObject(red);
  expect((await world.receipts.getMany([receiptId])).get(receiptId)?.reversedByLine ?? {}).toEqual({});
  expect(await issueReversal(world.deps, { ...reversal, confirmedRed: true })).toMatchObject({
    outcome: 'issued',
  });
  // Taken back whole, it may have a successor.
  expect(await requestRetry(world.deps, receiptId, 'person-2')).toMatchObject(red);
  expect(await requestRetry(world.deps, receiptId, 'person-2', true)).toMatchObject({ outcome: 'stored' });
});
