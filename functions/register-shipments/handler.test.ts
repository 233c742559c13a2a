import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { beforeEach, expect, test, vi } from 'vitest';
import { createShipmentFileReader } from '../../shared/adapters/shipment-file/reader.ts';
import { UnavailableError } from '../../shared/domain/errors.ts';
import type { ShipmentFileResult } from '../../shared/domain/shipment-file.ts';
import { MemoryActivityLog } from '../../tests/support/memory/activity-log.ts';
import { MemoryCourierAccountStore } from '../../tests/support/memory/courier-account-store.ts';
import { MemoryDroppedFiles } from '../../tests/support/memory/dropped-files.ts';
import { MemoryOrderStore } from '../../tests/support/memory/order-store.ts';
import { MemoryShipmentStores } from '../../tests/support/memory/shipment-stores.ts';
import { anOrder } from '../../tests/support/orders.ts';
import { sqsEventOf } from '../../tests/support/sqs-event.ts';
import { createRegisterShipmentsHandler } from './handler.ts';

const KEY = 'shipments/incoming/24 nov.csv';
const HERE = anOrder().marketplaceOrderId;
const HEADER = 'corriere;vettore;tracking;marketplace;ordine';
const uploadedAt = '2026-11-24T09:00:00.000Z';
const NOW = Date.parse('2026-11-24T09:01:00Z');
let logged: string[];
let files: MemoryDroppedFiles<ShipmentFileResult>;
let stores: MemoryShipmentStores;
let metrics: Metrics;
let handler: ReturnType<typeof createRegisterShipmentsHandler>;

const request = (objectKey = KEY) =>
  JSON.stringify({ type: 'file-requested', version: 1, correlationId: 'c', objectKey });
const put = (...rows: string[]) => files.put(KEY, [HEADER, ...rows].join('\n'), uploadedAt);
const shipments = async () => (await stores.shipments.list({ limit: 10 })).shipments;

beforeEach(async () => {
  logged = [];
  const logger = new Logger({ logLevel: 'INFO' });
  for (const level of ['info', 'error'] as const) {
    logger[level] = (message, ...extra) => {
      logged.push(JSON.stringify([level, message, ...extra]));
    };
  }
  metrics = new Metrics({ namespace: 'test', serviceName: 'test' });
  files = new MemoryDroppedFiles();
  stores = new MemoryShipmentStores();
  const orders = new MemoryOrderStore();
  await orders.putOrder(anOrder(), 'present');
  handler = createRegisterShipmentsHandler({
    observability: { logger, metrics },
    files,
    reader: createShipmentFileReader(),
    shipments: stores.shipments,
    orders,
    accounts: new MemoryCourierAccountStore(),
    activities: new MemoryActivityLog(),
    clock: { now: () => NOW },
  });
});

test('a dropped file registers its shipments, and says of every other row why not', async () => {
  const { fileId } = put(
    `manual;Trasporti Inventati;TR-0001;amazon;${HERE}`,
    'manual;;TR-0002;amazon;404-9999999-9999999',
    'fedex;;1;amazon;404-9999999-9999999',
    'gls;;GL123456;ebay;01-00001-00001',
  );
  expect(await handler(sqsEventOf(request()))).toEqual({ batchItemFailures: [] });
  expect(files.results.get(fileId)).toEqual({
    fileId,
    fileName: '24 nov.csv',
    uploadedAt,
    readAt: '2026-11-24T09:01:00.000Z',
    rows: 4,
    registered: 2,
    known: 0,
    waitingOrders: 1,
    rejected: [
      { line: 3, code: 'carrier-missing', detail: '' },
      { line: 4, code: 'courier-unknown', detail: '' },
    ],
    ignoredColumns: [],
  });
  expect((await shipments()).map(({ trackingNumber }) => trackingNumber).sort()).toEqual([
    'GL123456',
    'TR-0001',
  ]);
});

test('the same upload announced twice is read once, and dropped again it registers nothing anew', async () => {
  put(`manual;Trasporti Inventati;TR-0001;amazon;${HERE}`);
  await handler(sqsEventOf(request(), request()));
  expect(logged.filter((line) => line.includes('shipment-file-read'))).toHaveLength(1);
  const again = files.put(
    KEY,
    `${HEADER}\nmanual;Trasporti Inventati;TR-0001;amazon;${HERE}\n`,
    '2026-11-24T09:30:00.000Z',
  );
  await handler(sqsEventOf(request()));
  expect(files.results.get(again.fileId)).toMatchObject({ registered: 0, known: 1, rejected: [] });
  expect(await shipments()).toHaveLength(1);
});

test('work that was cut off between two shipments is finished by the next attempt, which counts all as this file’s', async () => {
  const { fileId } = put(`manual;T;TR-0001;amazon;${HERE}`, 'gls;;GL123456;ebay;01-00001-00001');
  const create = stores.shipments.create.bind(stores.shipments);
  let calls = 0;
  vi.spyOn(stores.shipments, 'create').mockImplementation(async (...args) => {
    calls += 1;
    if (calls === 2) throw new UnavailableError('dynamodb', 'away');
    return create(...args);
  });
  expect((await handler(sqsEventOf(request()))).batchItemFailures).toHaveLength(1);
  expect(files.results.size).toBe(0);
  expect(await handler(sqsEventOf(request()))).toEqual({ batchItemFailures: [] });
  expect(files.results.get(fileId)).toMatchObject({ registered: 2, known: 0, rejected: [] });
  expect(await shipments()).toHaveLength(2);
});

test('a file that cannot be used is an outcome with a reason, and is counted where an alarm looks', async () => {
  const counted = vi.spyOn(metrics, 'addMetric');
  const { fileId } = files.put(KEY, '%PDF-1.7', uploadedAt);
  expect(await handler(sqsEventOf(request()))).toEqual({ batchItemFailures: [] });
  expect(files.results.get(fileId)).toMatchObject({ problem: { code: 'not-text' }, rows: 0 });
  expect(counted).toHaveBeenCalledWith('ShipmentRowsRejected', 'Count', 1);
});

test('a file as long as a film is not even fetched', async () => {
  const { fileId } = files.put(KEY, new Uint8Array(1024 * 1024 + 1), uploadedAt);
  const read = vi.spyOn(files, 'read');
  await handler(sqsEventOf(request()));
  expect(files.results.get(fileId)).toMatchObject({ problem: { code: 'too-large' } });
  expect(read).not.toHaveBeenCalled();
});

test('nothing of a cell is logged', async () => {
  put(`manual;PERSONA INVENTATA;PERSONA INVENTATA;amazon;${HERE}`);
  await handler(sqsEventOf(request()));
  expect(logged.join()).not.toContain('PERSONA');
  expect(JSON.stringify([...files.results])).not.toContain('PERSONA');
});

test('a key that is gone, and S3’s own test message, are nothing to do', async () => {
  const event = sqsEventOf(request('shipments/incoming/gone.csv'), JSON.stringify({ Event: 's3:TestEvent' }));
  expect(await handler(event)).toEqual({ batchItemFailures: [] });
  expect(files.results.size).toBe(0);
});
