import { paginateScan } from '@aws-sdk/client-dynamodb';
import * as sdk from '@aws-sdk/client-s3';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { RECEIPT_ROUTES } from '../../events/http/receipt-routes.ts';
import {
  exportedReceiptsSchema,
  issuedReceiptsSchema,
  receiptFileSchema,
} from '../../events/http/receipts.ts';
import type { ReceiptRouteId } from '../../events/http/routes.ts';
import { createHttpApiHandler } from '../../functions/http-api/handler.ts';
import { receiptSettingRoutes } from '../../functions/http-api/routes/receipt-settings.ts';
import { receiptUploadRoutes } from '../../functions/http-api/routes/receipt-uploads.ts';
import { receiptRoutes } from '../../functions/http-api/routes/receipts.ts';
import { createBitztobeAssociations } from '../../shared/adapters/bitztobe/associations.ts';
import { createIssuerClient } from '../../shared/adapters/bitztobe/client.ts';
import { BUILT_IN_ABILITIES, createBuiltInIssuer } from '../../shared/adapters/built-in-issuer/issuer.ts';
import { createActivityLog } from '../../shared/adapters/dynamodb/activity-log.ts';
import { createBuyerStore } from '../../shared/adapters/dynamodb/buyer-store.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createIdempotencyStore } from '../../shared/adapters/dynamodb/idempotency-store.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createQuotaStore } from '../../shared/adapters/dynamodb/quota-store.ts';
import { createReceiptSettingsStore } from '../../shared/adapters/dynamodb/receipt-settings-store.ts';
import { createReceiptStore } from '../../shared/adapters/dynamodb/receipt-store.ts';
import { createReceiptUploadStore } from '../../shared/adapters/dynamodb/receipt-upload-store.ts';
import { readFonts } from '../../shared/adapters/pdf/fonts.ts';
import { checkLogo } from '../../shared/adapters/pdf/logo.ts';
import { createReceiptRenderer } from '../../shared/adapters/pdf/renderer.ts';
import { createReceiptFiles } from '../../shared/adapters/s3/receipt-files.ts';
import { createReceiptShelf } from '../../shared/adapters/s3/receipt-shelf.ts';
import { csvWriter } from '../../shared/adapters/spreadsheet/csv.ts';
import { xlsxWriter } from '../../shared/adapters/spreadsheet/xlsx.ts';
import { createIssuerKeyStore } from '../../shared/adapters/ssm/issuer-key-store.ts';
import { orderId } from '../../shared/domain/order.ts';
import type { ReceiptIssued } from '../../shared/domain/receipt.ts';
import { finishReceipt } from '../../shared/usecases/finish-receipt.ts';
import type { ReceiptFinishJob } from '../../shared/usecases/receipts-for-people.ts';
import { eventOf } from '../http/calls.ts';
import { createBuyerTable, createStateTable, testClient } from '../support/dynamodb-local.ts';
import { MemoryCredentialStore } from '../support/memory/credential-store.ts';
import { MemoryJobQueue } from '../support/memory/job-queue.ts';
import { aBuyer, anOrder } from '../support/orders.ts';
import { readPdf } from '../support/pdf.ts';
import { aPng } from '../support/pictures.ts';
import { receiptChannel } from '../support/receipt-world.ts';
import { receiptSettings } from '../support/receipts.ts';

/** The routes over the real stores: DynamoDB Local, an S3 of this machine, the real page. */

const PERSON = 'Persona Inventata';
const RATE = { operation: 'calls', plan: { ratePerSecond: 0.01, burst: 4 }, othersPerHour: 6 };
const db = testClient(inject('dynamoDbEndpoint'));
let server: FauxqsServer;
let s3: sdk.S3Client;
beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false });
  s3 = new sdk.S3Client({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'eu-south-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  });
  for (const Bucket of ['receipts', 'reports']) await s3.send(new sdk.CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  db.destroy();
  s3.destroy();
  await server.stop();
});

async function shop() {
  const [state, people] = [await createStateTable(db), await createBuyerTable(db)];
  const finishing = new MemoryJobQueue<ReceiptFinishJob>();
  const files = createReceiptFiles(s3, 'receipts');
  const clock = { now: () => Date.parse('2026-11-23T10:00:00.000Z') };
  const stores = {
    orders: createOrderStore(db, state),
    buyers: createBuyerStore(db, people),
    channels: createChannelStore(db, state),
    receipts: createReceiptStore(db, state),
    uploads: createReceiptUploadStore(db, state),
    quota: createQuotaStore(db, state),
    rates: { amazon: RATE, manomano: RATE },
    settings: createReceiptSettingsStore(db, state),
    clock,
  };
  const deps = {
    ...stores,
    activities: createActivityLog(db, state),
    shelf: createReceiptShelf(async () => ({ sdk, client: s3 }), {
      receipts: 'receipts',
      exports: 'reports',
    }),
    finishing,
    issuers: { 'built-in': BUILT_IN_ABILITIES },
    associations: createBitztobeAssociations(createIssuerClient(() => 'request-1')),
    keys: createIssuerKeyStore(new MemoryCredentialStore()),
    checkLogo,
    writerOf: async (format: 'csv' | 'xlsx') => (format === 'csv' ? csvWriter : xlsxWriter),
  };
  const handler = createHttpApiHandler({
    contracts: RECEIPT_ROUTES,
    routes: { ...receiptSettingRoutes(deps), ...receiptRoutes(deps), ...receiptUploadRoutes(deps) },
    requests: createIdempotencyStore(db, state),
    clock,
    logger: { info: () => {}, warn: () => {}, error: () => {} },
  });
  let calls = 0;
  const call = async (
    id: ReceiptRouteId,
    { path = {}, version, body }: { path?: Record<string, string>; version?: number; body?: object } = {},
  ): Promise<unknown> => {
    calls += 1;
    const { method, path: pattern } = RECEIPT_ROUTES[id];
    const event = eventOf('listChannels', {
      path,
      headers: { 'idempotency-key': `key-0000000${calls}`, 'if-match': `"${version ?? 0}"` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const rawPath = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => path[name] ?? name);
    const answer = await handler(
      { ...event, rawPath, routeKey: `${method} ${pattern}` },
      { getRemainingTimeInMillis: () => 20_000 },
    );
    expect(`${id} ${answer.statusCode} ${answer.body}`).toMatch(/^\w+ 20\d /);
    return JSON.parse(answer.body ?? '{}');
  };
  const finish = async () => {
    const settings = await stores.settings.getSettings();
    if (settings === undefined) throw new Error('no settings');
    const issuers = { 'built-in': createBuiltInIssuer(createReceiptRenderer(readFonts()), files) };
    const issued = new MemoryJobQueue<ReceiptIssued>();
    for (const { job } of finishing.sent.splice(0)) {
      const receipt = (await stores.receipts.getMany([job.receiptId])).get(job.receiptId);
      if (receipt === undefined) throw new Error(`no ${job.receiptId}`);
      const made = await finishReceipt({ ...stores, files, issued, issuers }, receipt, settings);
      expect(made).toMatchObject({ outcome: 'issued' });
    }
  };
  return { state, stores, call, finish };
}

test('a shop sets itself up, issues, takes a part back and exports; the PDF alone says who bought', async () => {
  const { state, stores, call, finish } = await shop();
  const { version: _, logoKey: __, bitztobe: ___, ...settings } = receiptSettings();
  await stores.channels.createChannel(receiptChannel({ receipts: undefined }));
  const numbers = ['404-0000001-0000001', '404-0000001-0000002', '404-0000001-0000003'];
  for (const marketplaceOrderId of numbers) {
    const id = orderId('amazon', marketplaceOrderId);
    await stores.orders.putOrder(anOrder({ orderId: id, marketplaceOrderId }), 'present');
    await stores.buyers.putBuyer(aBuyer({ orderId: id, name: PERSON }));
  }

  await call('putReceiptSettings', { version: 0, body: settings });
  await call('putReceiptLogo', { version: 1, body: { picture: aPng().toString('base64') } });
  const channel = { channelId: 'amazon-it' };
  await call('associateIssuer', { path: channel, version: 1, body: { issuer: 'built-in', series: 'WEB' } });
  const orders = numbers.map((orderNumber) => ({ marketplace: 'amazon', orderNumber }));
  const { results } = issuedReceiptsSchema.parse(await call('issueReceipts', { body: { orders } }));
  expect(results.map(({ receipt }) => receipt?.number)).toEqual(['1/WEB/2026', '2/WEB/2026', '3/WEB/2026']);
  await finish();
  const path = { marketplace: 'amazon', orderNumber: numbers[0] ?? '', receipt: 'sale-1' };
  await call('reverseReceipt', { path, body: { reason: 'refund', amount: '5.00' } });
  await finish();

  const file = receiptFileSchema.parse(await call('readReceiptFile', { path }));
  const bytes = new Uint8Array(await (await fetch(file.url)).arrayBuffer());
  expect(bytes.byteLength).toBe(file.sizeBytes);
  const [page = ''] = (await readPdf(bytes)).pages;
  expect(page).toContain('1/WEB/2026');
  expect(page).toContain(PERSON);
  expect(page).toContain((results[0]?.receipt?.gross ?? '?').replace('.', ','));

  const sales = results.map(({ receipt }) => Math.round(Number(receipt?.gross) * 100));
  const sum = sales.reduce((total, gross) => total + gross, -500);
  for (const format of ['csv', 'xlsx']) {
    const body = { from: '2026-11', until: '2026-11', format };
    const kept = exportedReceiptsSchema.parse(await call('exportReceipts', { body }));
    expect(kept).toMatchObject({ documents: 4, totals: [{ documents: 4, gross: (sum / 100).toFixed(2) }] });
    const answer = await fetch(kept.url);
    expect(new URL(kept.url).searchParams.get('response-content-disposition')).toContain(kept.fileName);
    const written = Buffer.from(await answer.arrayBuffer());
    expect(written.byteLength).toBeGreaterThan(200);
    expect(written.toString('utf8')).not.toContain(PERSON);
    if (format === 'csv')
      expect(written.toString('utf8')).toContain((sum / 100).toFixed(2).replace('.', ','));
  }

  const rows: string[] = [];
  for await (const scanned of paginateScan({ client: db }, { TableName: state })) {
    rows.push(...(scanned.Items ?? []).map((item) => JSON.stringify(item)));
  }
  expect(rows.join('\n')).toContain('receipt-downloaded');
  expect(rows.join('\n')).not.toContain(PERSON);
});
