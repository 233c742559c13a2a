import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { RECEIPT_ROUTES } from '../../events/http/receipt-routes.ts';
import { associationSchema, receiptSettingsSchema } from '../../events/http/receipt-settings.ts';
import {
  failedUploadsSchema,
  receiptUploadSchema,
  waitingUploadsSchema,
} from '../../events/http/receipt-uploads.ts';
import {
  exportedReceiptsSchema,
  issuedReceiptsSchema,
  orderReceiptsSchema,
  previewedReceiptsSchema,
  receiptPageSchema,
  receiptSchema,
} from '../../events/http/receipts.ts';
import { ROLES } from '../../events/http/roles.ts';
import type { ReceiptRouteId } from '../../events/http/routes.ts';
import { createHttpApiHandler } from '../../functions/http-api/handler.ts';
import { receiptSettingRoutes } from '../../functions/http-api/routes/receipt-settings.ts';
import { receiptUploadRoutes } from '../../functions/http-api/routes/receipt-uploads.ts';
import { receiptRoutes } from '../../functions/http-api/routes/receipts.ts';
import { createIssuerStandIn } from '../../local/partners/bitztobe/stand-in.ts';
import { createBitztobeAssociations } from '../../shared/adapters/bitztobe/associations.ts';
import { createIssuerClient } from '../../shared/adapters/bitztobe/client.ts';
import { BITZTOBE_ABILITIES } from '../../shared/adapters/bitztobe/issuer.ts';
import { BUILT_IN_ABILITIES } from '../../shared/adapters/built-in-issuer/issuer.ts';
import { checkLogo } from '../../shared/adapters/pdf/logo.ts';
import { csvWriter } from '../../shared/adapters/spreadsheet/csv.ts';
import { xlsxWriter } from '../../shared/adapters/spreadsheet/xlsx.ts';
import { createIssuerKeyStore } from '../../shared/adapters/ssm/issuer-key-store.ts';
import { RejectedError } from '../../shared/domain/errors.ts';
import { entryKey } from '../../shared/domain/ledger.ts';
import { orderId } from '../../shared/domain/order.ts';
import { receiptId } from '../../shared/domain/receipt.ts';
import { finishReceipt } from '../../shared/usecases/finish-receipt.ts';
import type { ReceiptFinishJob } from '../../shared/usecases/receipts-for-people.ts';
import { MemoryActivityLog } from '../support/memory/activity-log.ts';
import { MemoryCredentialStore } from '../support/memory/credential-store.ts';
import { MemoryIdempotencyStore } from '../support/memory/idempotency-store.ts';
import { MemoryJobQueue } from '../support/memory/job-queue.ts';
import { MemoryQuotaStore } from '../support/memory/quota-store.ts';
import { MemoryReceiptShelf } from '../support/memory/receipt-shelf.ts';
import { MemoryReceiptSettingsStore } from '../support/memory/receipt-store.ts';
import { aLedgerEntry } from '../support/orders.ts';
import { partnerFetch } from '../support/partner-fetch.ts';
import { aPng } from '../support/pictures.ts';
import { anUpload } from '../support/receipt-uploads.ts';
import { ReceiptWorld, receiptChannel } from '../support/receipt-world.ts';
import { receiptSettings } from '../support/receipts.ts';
import { type Call, eventOf } from './calls.ts';

const NAMED = { marketplace: 'amazon', orderNumber: '404-0000001-0000001' } as const;
const SALE = { ...NAMED, receipt: 'sale-1' };
const KEY = 'key-of-the-issuer-0001';
const CONNECTION = { baseUrl: 'https://receipts.example', issuerAccountId: 'shop-1', apiKey: KEY };
const { version: _, bitztobe: __, logoKey: ___, ...SETTINGS } = receiptSettings();

/** The routes over the real use cases and the issuer's stand-in; making documents is done by `finish`. */
async function world(
  options: ConstructorParameters<typeof ReceiptWorld>[0] = {},
  settings?: MemoryReceiptSettingsStore,
) {
  const shop = new ReceiptWorld({ settings: receiptSettings(), ...options });
  const standIn = createIssuerStandIn({
    host: 'receipts.example',
    apiKey: KEY,
    issuerAccountId: 'shop-1',
    now: () => shop.nowMs,
    makingMs: 0,
  });
  let calls = 0;
  const client = createIssuerClient(() => {
    calls += 1;
    return `request-${calls}`;
  }, partnerFetch(standIn));
  const shelf = new MemoryReceiptShelf();
  const quota = new MemoryQuotaStore();
  const rate = { operation: 'calls', plan: { ratePerSecond: 0.01, burst: 4 }, othersPerHour: 6 };
  const rates = { amazon: rate, manomano: rate };
  const finishing = new MemoryJobQueue<ReceiptFinishJob>();
  const activities = new MemoryActivityLog();
  // No two things are done at once: who did what is told in its order.
  const clock = {
    now: () => {
      shop.nowMs += 1;
      return shop.nowMs;
    },
  };
  const deps = {
    ...shop.deps,
    clock,
    ...(settings === undefined ? {} : { settings }),
    issuers: { 'built-in': BUILT_IN_ABILITIES, bitztobe: BITZTOBE_ABILITIES },
    associations: createBitztobeAssociations(client),
    keys: createIssuerKeyStore(new MemoryCredentialStore()),
    writerOf: async (format: 'csv' | 'xlsx') => (format === 'csv' ? csvWriter : xlsxWriter),
    ...{ activities, shelf, finishing, checkLogo, quota, rates },
    uploads: shop.uploads,
  };
  const logged: string[] = [];
  const log = (message: string, fields: object) => void logged.push(message, JSON.stringify(fields));
  const handler = createHttpApiHandler({
    contracts: RECEIPT_ROUTES,
    routes: { ...receiptSettingRoutes(deps), ...receiptRoutes(deps), ...receiptUploadRoutes(deps) },
    requests: new MemoryIdempotencyStore(),
    clock: shop.clock,
    logger: { info: log, warn: log, error: log },
  });
  let keys = 0;
  const call = async (id: ReceiptRouteId, given: Omit<Call, 'body'> & { body?: object } = {}) => {
    const { method, path } = RECEIPT_ROUTES[id];
    const { body, ...more } = given;
    keys += 1;
    const event = eventOf('listChannels', {
      groups: '[owner]',
      ...more,
      headers: { 'idempotency-key': `key-0000000${keys}`, ...more.headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const rawPath = path.replaceAll(/\{(\w+)\}/g, (_name, name: string) => more.path?.[name] ?? name);
    const answer = await handler(
      { ...event, rawPath, routeKey: `${method} ${path}` },
      { getRemainingTimeInMillis: () => 20_000 },
    );
    const json: unknown = JSON.parse(answer.body ?? '{}');
    return { status: answer.statusCode, json, etag: String(answer.headers?.etag ?? '') };
  };
  /** What was done, the longest ago first. */
  const done = async () => (await activities.list({ limit: 100 })).activities.toReversed();
  const finish = async () => {
    const settings = await shop.settings.getSettings();
    if (settings === undefined) throw new Error('no settings');
    for (const { receiptId } of finishing.sent.splice(0).map(({ job }) => job)) {
      const receipt = (await shop.receipts.getMany([receiptId])).get(receiptId);
      if (receipt === undefined) throw new Error(`no ${receiptId}`);
      await finishReceipt(shop.deps, receipt, settings);
    }
  };
  return { shop, standIn, call, finish, finishing, shelf, done, logged };
}

const codeOf = ({ json }: { json: unknown }): string => z.object({ code: z.string() }).parse(json).code;
const issue = { body: { orders: [NAMED] } };

describe('who may', () => {
  test.each(Object.keys(RECEIPT_ROUTES))('call %s', async (name) => {
    const { call } = await world();
    const id = name as ReceiptRouteId;
    for (const role of ROLES) {
      const { status } = await call(id, { groups: `[${role}]`, path: { ...SALE, channelId: 'x' } });
      const allowed = RECEIPT_ROUTES[id].roles.some((each) => each === role);
      expect([role, status === 403]).toEqual([role, !allowed]);
    }
  });
});

describe('settings', () => {
  test('begin as a suggestion, are set on a version, and answered as they are', async () => {
    const { call } = await world({}, new MemoryReceiptSettingsStore());
    const before = await call('readReceiptSettings');
    expect(before).toMatchObject({
      etag: '"0"',
      json: { configured: false, seller: null, series: 'RC', version: 0 },
    });
    const early = await call('putReceiptLogo', {
      headers: { 'if-match': '"0"' },
      body: { picture: aPng().toString('base64') },
    });
    expect([early.status, codeOf(early)]).toEqual([409, 'seller-data-missing']);
    const set = await call('putReceiptSettings', {
      headers: { 'if-match': before.etag },
      body: { ...SETTINGS, series: 'NEG' },
    });
    expect(receiptSettingsSchema.parse(set.json)).toMatchObject({
      series: 'NEG',
      configured: true,
      version: 1,
    });
    const late = await call('putReceiptSettings', { headers: { 'if-match': '"0"' }, body: SETTINGS });
    expect([late.status, codeOf(late)]).toEqual([412, 'changed-meanwhile']);
  });

  test('are refused with every sentence that is needed', async () => {
    const { call, done } = await world();
    const body = {
      ...SETTINGS,
      seller: { ...SETTINGS.seller, vatNumber: 'IT00000000001' },
      rules: [
        { ruleId: 'all', document: 'none' },
        { ruleId: 'never', document: 'none' },
      ],
      vat: { oneStopShop: true, standardRates: { IT: 2200, FR: 0 }, productRates: [] },
    };
    const refused = await call('putReceiptSettings', { headers: { 'if-match': '"1"' }, body });
    expect(refused).toMatchObject({ status: 422, json: { code: 'vat-number-malformed' } });
    const { detail, issues } = z
      .object({ detail: z.string(), issues: z.array(z.object({ rule: z.string() })) })
      .parse(refused.json);
    expect(new Set(issues.map(({ rule }) => rule))).toEqual(
      new Set(['vat-number-malformed', 'rule-without-effect', 'oss-rate-missing', 'rate-zero']),
    );
    expect(detail).toContain('never');
    expect(await done()).toEqual([]);
  });

  test.each(['rc', 'TOOLONGNAME', 'A/B', ''])('take no series %o', async (series) => {
    const { call } = await world();
    const body = { ...SETTINGS, series };
    expect((await call('putReceiptSettings', { headers: { 'if-match': '"1"' }, body })).status).toBe(400);
  });

  test('take a logo that can be drawn, and no other', async () => {
    const { call, shelf } = await world();
    const put = (picture: Buffer, version: string) =>
      call('putReceiptLogo', {
        headers: { 'if-match': version },
        body: { picture: picture.toString('base64') },
      });
    const bad = await put(aPng().subarray(0, 60), '"1"');
    expect([bad.status, codeOf(bad), shelf.logos.length]).toEqual([422, 'logo-damaged', 0]);
    expect(await put(aPng(), '"1"')).toMatchObject({ status: 200, json: { hasLogo: true, version: 2 } });
    expect((await put(aPng(), '"1"')).status).toBe(412);
    const removed = await call('deleteReceiptLogo', { headers: { 'if-match': '"2"' } });
    expect(removed).toMatchObject({ status: 200, json: { hasLogo: false } });
  });
});

describe('an issuer', () => {
  test('is connected with a key that it takes, and the key is never shown', async () => {
    const { call, standIn, done, logged } = await world();
    const connect = (more: object, version = '"1"') =>
      call('putIssuerConnection', { headers: { 'if-match': version }, body: { ...CONNECTION, ...more } });
    const wrong = await connect({ apiKey: 'another-key-0001' });
    expect([wrong.status, codeOf(wrong)]).toEqual([422, 'key-refused']);
    const inside = await connect({ baseUrl: 'https://10.0.0.1/issuer' });
    expect([inside.status, codeOf(inside)]).toEqual([422, 'address-not-allowed']);
    standIn.trouble('dropped', 1);
    const away = await connect({});
    expect([away.status, codeOf(away)]).toEqual([503, 'issuer-unavailable']);
    const connected = await connect({});
    expect(connected).toMatchObject({
      status: 200,
      json: { issuerConnection: { baseUrl: 'https://receipts.example', issuerAccountId: 'shop-1' } },
    });
    expect(JSON.stringify([connected, wrong, logged, await done()])).not.toContain('-key-');
  });

  test('is associated with a channel at both ends, and the same again changes nothing', async () => {
    const { call, standIn, done } = await world({
      channels: [receiptChannel({ receipts: undefined })],
    });
    const path = { channelId: 'amazon-it' };
    const missing = await call('readAssociation', { path });
    expect(associationSchema.parse(missing.json)).toMatchObject({ association: null, version: 1 });
    expect(JSON.stringify(missing.json)).toContain('impostazioni del canale');
    const body = { issuer: 'bitztobe', automatic: { status: 'shipped', from: '2026-11-01T00:00:00+01:00' } };
    const associate = (version: string) =>
      call('associateIssuer', { path, headers: { 'if-match': version }, body });
    const early = await associate('"1"');
    expect([early.status, codeOf(early)]).toEqual([409, 'connection-missing']);
    await call('putIssuerConnection', { headers: { 'if-match': '"1"' }, body: CONNECTION });
    standIn.trouble('answer-lost', 1);
    const lost = await associate('"1"');
    expect([lost.status, standIn.associations.size]).toEqual([503, 1]);
    expect(await associate('"1"')).toMatchObject({
      status: 200,
      json: {
        association: { issuer: 'bitztobe', automatic: { from: '2026-10-31T23:00:00.000Z' } },
        version: 2,
      },
    });
    expect(standIn.associations.size).toBe(1);
    const ended = await call('dissociateIssuer', { path, headers: { 'if-match': '"2"' } });
    expect(ended).toMatchObject({ status: 200, json: { association: null } });
    expect(standIn.associations.size).toBe(0);
    expect((await done()).map(({ action }) => action)).toEqual([
      'receipt-issuer-connected',
      'receipt-issuer-association-wanted',
      'receipt-issuer-association-failed',
      'receipt-issuer-association-wanted',
      'receipt-issuer-associated',
      'receipt-issuer-dissociation-wanted',
      'receipt-issuer-dissociated',
    ]);
  });
});

describe('a receipt over the API', () => {
  test('is previewed, asked for, made, listed, downloaded and exported, and names nobody on the way', async () => {
    const { shop, call, finish, shelf, done, logged } = await world();
    await shop.sold({}, { name: 'PERSONA INVENTATA' });
    const preview = previewedReceiptsSchema.parse((await call('previewReceipts', issue)).json);
    expect(preview.results).toMatchObject([
      {
        problem: null,
        document: { kind: 'courtesy-receipt', series: 'RC', decision: { ruleId: 'consumer' } },
      },
    ]);
    expect(await shop.receipts.ofOrder(orderId('amazon', NAMED.orderNumber))).toEqual([]);

    const asked = await call('issueReceipts', issue);
    expect(asked.status).toBe(202);
    const [first] = issuedReceiptsSchema.parse(asked.json).results;
    expect(first).toMatchObject({
      outcome: 'under-way',
      receipt: { number: '1/RC/2026', state: 'numbered' },
    });
    expect((await call('readReceiptFile', { path: SALE })).status).toBe(404);
    const unfinished = receiptPageSchema.parse((await call('listUnfinishedReceipts')).json);
    expect(unfinished.receipts.map(({ number }) => number)).toEqual(['1/RC/2026']);
    await finish();

    const again = issuedReceiptsSchema.parse((await call('issueReceipts', issue)).json);
    expect(again.results).toMatchObject([{ outcome: 'issued', receipt: { number: '1/RC/2026' } }]);
    expect(receiptSchema.parse((await call('readReceipt', { path: SALE })).json).totals).toEqual(
      preview.results[0]?.document?.totals,
    );
    const month = { month: '2026-11', state: 'issued' };
    expect(await call('listReceipts', { query: month })).toMatchObject({
      status: 200,
      json: { receipts: [{ receipt: 'sale-1', gross: first?.receipt?.gross }], cursor: null },
    });
    const none = await call('listReceipts', { query: { ...month, state: 'failed' } });
    expect(none.json).toEqual({ receipts: [], cursor: null });
    const file = await call('readReceiptFile', { path: SALE, groups: '[accountant]' });
    expect(file).toMatchObject({
      status: 200,
      json: { expiresAt: expect.stringMatching(/^2026-11-23T10:05:00/) },
    });
    expect((await done()).at(-1)).toMatchObject({ action: 'receipt-downloaded', actor: 'person-1' });
    expect(await call('listReceiptSeries')).toMatchObject({ json: { series: [{ series: 'RC', last: 1 }] } });

    const period = { from: '2026-11', until: '2026-11', format: 'csv' };
    const kept = exportedReceiptsSchema.parse((await call('exportReceipts', { body: period })).json);
    expect(kept.totals).toMatchObject([{ documents: 1, gross: first?.receipt?.gross }]);
    const written = new TextDecoder().decode(shelf.exports.get(kept.fileName));
    expect(written).toContain('1/RC/2026');
    const said = JSON.stringify([preview, asked, again, kept, written, logged, await done()]);
    expect(said).not.toContain('INVENTATA');
  });

  test('is refused in words when its channel has no issuer', async () => {
    const { shop, call, finishing } = await world({ channels: [receiptChannel({ receipts: undefined })] });
    await shop.sold();
    const [refused] = issuedReceiptsSchema.parse((await call('issueReceipts', issue)).json).results;
    expect(refused).toMatchObject({ outcome: 'refused', receipt: null, problem: { code: 'no-association' } });
    expect(refused?.problem?.it).toContain('impostazioni del canale');
    expect(finishing.sent).toEqual([]);
  });

  test('is taken back in part by line, then whole, and never more', async () => {
    const { shop, call, finish } = await world();
    await shop.sold();
    await call('issueReceipts', issue);
    const reverse = (body: object, key?: string) =>
      call('reverseReceipt', {
        path: SALE,
        body: { reason: 'refund', ...body },
        ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
      });
    const early = await reverse({});
    expect([early.status, codeOf(early)]).toEqual([409, 'not-issued']);
    await finish();
    const part = await reverse({ lines: [{ lineNumber: 1, gross: '5.00' }] }, 'one-wish-0001');
    expect(part).toMatchObject({ status: 202, json: { kind: 'courtesy-reversal', gross: '-5.00' } });
    expect((await reverse({ lines: [{ lineNumber: 1, gross: '5.00' }] }, 'one-wish-0001')).json).toEqual(
      part.json,
    );
    const more = await reverse({ amount: '9999.00' });
    expect([more.status, codeOf(more)]).toEqual([422, 'reversal-exceeds']);
    expect((await reverse({ amount: '1.00', lines: [{ lineNumber: 1, gross: '1.00' }] })).status).toBe(400);
    expect((await reverse({})).status).toBe(202);
    const spent = await reverse({});
    expect([spent.status, codeOf(spent)]).toEqual([409, 'nothing-to-reverse']);
    await finish();
    const { receipts } = orderReceiptsSchema.parse((await call('listOrderReceipts', { path: NAMED })).json);
    expect(receipts.map(({ number, state }) => [number, state])).toEqual([
      ['1/RC/2026', 'issued'],
      ['2/RC/2026', 'issued'],
      ['3/RC/2026', 'issued'],
    ]);
    expect(receipts.reduce((sum, { gross }) => sum + Math.round(Number(gross) * 100), 0)).toBe(0);
  });

  test('that came to nothing is void, and its retry takes the next number', async () => {
    const { shop, call, finish } = await world();
    await shop.sold();
    await call('issueReceipts', issue);
    shop.renderer.failure = new RejectedError('pdf', 'cannot be drawn');
    await finish();
    shop.renderer.failure = undefined;
    const [lost] = issuedReceiptsSchema.parse((await call('issueReceipts', issue)).json).results;
    expect(lost).toMatchObject({ outcome: 'refused', receipt: { state: 'void', number: '1/RC/2026' } });
    const retried = await call('retryReceipt', { path: SALE });
    expect(retried).toMatchObject({ status: 202, json: { receipt: 'sale-2', number: '2/RC/2026' } });
    expect((await call('retryReceipt', { path: SALE })).json).toMatchObject({ receipt: 'sale-2' });
  });

  test('of a refunded order is offered to be taken back', async () => {
    const { shop, call, finish } = await world();
    const order = await shop.sold();
    await call('issueReceipts', issue);
    await finish();
    await shop.orders.putOrder({ ...order, status: 'refunded', updatedAt: '2026-11-24T00:00:00.000Z' });
    const listed = orderReceiptsSchema.parse((await call('listOrderReceipts', { path: NAMED })).json);
    expect(listed.offeredReversal).toEqual({
      receipt: 'sale-1',
      amount: listed.receipts[0]?.gross,
      currency: 'EUR',
    });
  });

  test('of an order that was refunded in part is offered for what its payment file says', async () => {
    const { shop, call, finish } = await world();
    const order = await shop.sold();
    await call('issueReceipts', issue);
    await finish();
    const entry = aLedgerEntry({ reversal: { price: -500, tax: -110, discount: 0, taxWithheld: 0 } });
    const { orderId: id, accountId, marketplaceOrderId } = order;
    await shop.orders.changeLedgers([
      {
        ...{ orderId: id, accountId, marketplaceOrderId, expectedVersion: 0, orderKnown: true },
        entries: { [entryKey(entry)]: entry },
        waitingSince: '2026-11-23T10:00:00.000Z',
      },
    ]);
    const { offeredReversal } = orderReceiptsSchema.parse(
      (await call('listOrderReceipts', { path: NAMED })).json,
    );
    expect(offeredReversal).toEqual({ receipt: 'sale-1', amount: '6.10', currency: 'EUR' });
  });

  test('is exported for a year at most', async () => {
    const { call } = await world();
    const body = { from: '2025-01', until: '2026-11', format: 'xlsx' };
    const refused = await call('exportReceipts', { body });
    expect([refused.status, codeOf(refused)]).toEqual([422, 'export-period']);
  });

  test.each(['previewReceipts', 'issueReceipts'] as const)(
    'is %s for a hundred orders at most',
    async (id) => {
      const { call } = await world();
      const orders = Array.from({ length: 101 }, () => NAMED);
      expect((await call(id, { body: { orders } })).status).toBe(400);
    },
  );
});

describe('receipts on their way to marketplaces', () => {
  const failed = async ({ call }: Awaited<ReturnType<typeof world>>) =>
    failedUploadsSchema.parse((await call('listFailedUploads', {})).json).uploads;
  const issued = async () => {
    const our = await world();
    await our.shop.sold();
    await our.call('issueReceipts', issue);
    await our.finish();
    const order = orderId('amazon', NAMED.orderNumber);
    const upload = anUpload({ orderId: order, receiptId: receiptId(order, 'sale', '1') });
    await our.shop.uploads.create(upload);
    return { ...our, upload };
  };

  test('are shown with the document, and while they wait with the time predicted for them', async () => {
    const { call, shop } = await issued();
    for (let n = 2; n <= 40; n += 1) {
      const order = orderId('amazon', `404-0000001-00000${n}`);
      await shop.uploads.create(anUpload({ orderId: order, receiptId: receiptId(order, 'sale', '1') }));
    }
    const shown = receiptSchema.parse((await call('readReceipt', { path: SALE })).json);
    expect(shown.upload).toMatchObject({ state: 'wanted', documentId: null, why: { code: 'wanted' } });
    const { accounts } = waitingUploadsSchema.parse((await call('listWaitingUploads', {})).json);
    expect(accounts).toMatchObject([{ marketplace: 'amazon', accountId: 'A1EXAMPLE', waiting: 40 }]);
    const [account] = accounts;
    const [first] = account?.first ?? [];
    expect(first).toMatchObject({ receipt: 'sale-1', upload: { state: 'wanted' } });
    // Two now, and thirty in each hour after it.
    const inMinutes = (at: string | null | undefined) =>
      Math.round((Date.parse(at ?? '') - shop.nowMs) / 60_000);
    expect(inMinutes(first?.predictedAt)).toBe(1);
    expect(inMinutes(account?.lastPredictedAt)).toBe(77);
  });

  test('that failed are listed with the reason, and tried again by a person', async () => {
    const our = await issued();
    const { call, shop, upload, done } = our;
    expect(await failed(our)).toEqual([]);
    const endedAt = '2026-11-23T10:05:00.000Z';
    const rejected = {
      ...upload,
      state: 'rejected',
      reason: 'too-large',
      dueAt: undefined,
      endedAt,
    } as const;
    await shop.uploads.change(rejected, 1);
    const [listed] = await failed(our);
    expect(listed).toMatchObject({
      marketplaceOrderId: NAMED.orderNumber,
      receipt: 'sale-1',
      upload: { state: 'rejected', why: { code: 'too-large' }, endedAt },
    });
    expect(listed?.upload.why.it).toContain('Amazon');
    const again = await call('retryReceiptUpload', { path: SALE, body: {} });
    expect(again.status).toBe(202);
    expect(receiptUploadSchema.parse(again.json)).toMatchObject({ state: 'wanted' });
    expect(await failed(our)).toEqual([]);
    expect((await done()).at(-1)).toMatchObject({ action: 'receipt-upload-retried' });
  });

  test('of which nobody knows are not sent again before a person looked', async () => {
    const our = await issued();
    const { call, shop, upload } = our;
    const endedAt = '2026-11-23T10:05:00.000Z';
    const unclear = {
      ...upload,
      state: 'unclear',
      reason: 'cannot-tell',
      dueAt: undefined,
      endedAt,
    } as const;
    await shop.uploads.change(unclear, 1);
    const blind = await call('retryReceiptUpload', { path: SALE, body: {} });
    expect([blind.status, codeOf(blind)]).toEqual([409, 'look-first']);
    const seen = await call('retryReceiptUpload', { path: SALE, body: { seen: 'there' } });
    expect(receiptUploadSchema.parse(seen.json)).toMatchObject({ state: 'accepted' });
    const twice = await call('retryReceiptUpload', { path: SALE, body: {} });
    expect([twice.status, codeOf(twice)]).toEqual([409, 'nothing-to-retry']);
    const nowhere = await call('retryReceiptUpload', { path: { ...SALE, receipt: 'sale-9' }, body: {} });
    expect(nowhere.status).toBe(404);
  });
});
