import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { customisationSchema, orderPageSchema, orderSchema } from '../../events/http/orders.ts';
import { uploadSchema } from '../../events/http/payment-reports.ts';
import { associationSchema, receiptSettingsSchema } from '../../events/http/receipt-settings.ts';
import { issuedReceiptsSchema, receiptFileSchema } from '../../events/http/receipts.ts';
import { remoteActionSchema, remoteCapabilitiesSchema } from '../../events/http/remote-actions.ts';
import { ROLES } from '../../events/http/roles.ts';
import { ROUTE_IDS, ROUTES } from '../../events/http/routes.ts';
import { shipmentFilePageSchema, shipmentFileSchema } from '../../events/http/shipment-files.ts';
import { openDemoChannels, pullOrders, untilSettled } from '../../local/demonstration.ts';
import { type LocalStack, start } from '../../local/main.ts';
import { demoSettlement } from '../../local/partners/amazon/demo-settlement.ts';
import { DEMO_ISSUER } from '../../local/partners/bitztobe/demo-issuer.ts';
import { demoEbayOrders } from '../../local/partners/ebay/demo-shop.ts';
import { DEMO_MANOMANO } from '../../local/partners/manomano/demo-shop.ts';
import { signIn } from '../../local/sign-in.ts';
import { receiptSettings } from '../support/receipts.ts';

/** The HTTP API on the synthesised stack: signed in as a browser does, asked as the console does. */

let stack: LocalStack;
const tokens = new Map<string, string>();

beforeAll(async () => {
  stack = await start({ tenant: 'demo' });
  await openDemoChannels(stack);
  await pullOrders(stack);
  for (const role of ROLES) tokens.set(role, await signIn(stack.endpoints.people, role));
}, 180_000);
afterAll(() => stack?.stop());

interface Options {
  readonly role?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}
async function call(path: string, { role = 'operator', method = 'GET', headers = {}, body }: Options = {}) {
  const answer = await fetch(stack.endpoints.api + path, {
    method,
    headers: {
      ...(role === '' ? {} : { authorization: `Bearer ${tokens.get(role)}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const json: unknown = await answer.json();
  return { status: answer.status, headers: answer.headers, json };
}

it('answers nobody without a token, on any route', async () => {
  for (const id of ROUTE_IDS) {
    const { method, path } = ROUTES[id];
    const url = path.replaceAll(/\{\w+\}/g, 'x');
    const none: Record<string, string> = {};
    for (const headers of [none, { authorization: 'Bearer nonsense' }]) {
      const { status, json } = await call(url, { role: '', method, headers });
      expect([id, status, json]).toEqual([id, 401, { message: 'Unauthorized' }]);
    }
  }
});

it('lists the orders of all channels, newest first, page by page', async () => {
  const all = orderPageSchema.parse((await call('/v1/orders?limit=100')).json).orders;
  expect(all.length).toBeGreaterThan(5);
  const dates = all.map(({ purchasedAt }) => purchasedAt);
  expect(dates).toEqual(dates.toSorted().reverse());
  expect(new Set(all.map(({ channel }) => channel)).size).toBeGreaterThan(1);

  const paged: string[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${cursor}`;
    const page = orderPageSchema.parse((await call(`/v1/orders?limit=3${query}`)).json);
    paged.push(...page.orders.map(({ marketplaceOrderId }) => marketplaceOrderId));
    cursor = page.cursor;
  } while (cursor !== null);
  expect(paged).toEqual(all.map(({ marketplaceOrderId }) => marketplaceOrderId));
});

it('finds an order by its number, and shows it whole', async () => {
  const [first] = orderPageSchema.parse((await call('/v1/orders?limit=1')).json).orders;
  if (first === undefined) throw new Error('no order');
  const found = orderPageSchema.parse((await call(`/v1/orders?text=${first.marketplaceOrderId}`)).json);
  expect(found.orders).toEqual([first]);
  const path = `/v1/orders/${first.marketplace}/${first.marketplaceOrderId}`;
  const shown = orderSchema.parse((await call(path, { role: 'viewer' })).json);
  expect(shown).toMatchObject(first);
});

it('shows a buyer to whoever ships and says why, and writes that down', async () => {
  const { orders } = orderPageSchema.parse((await call('/v1/orders?limit=100')).json);
  const order = orders.find(({ personalData }) => personalData === 'present');
  if (order === undefined) throw new Error('no order with personal data');
  const path = `/v1/orders/${order.marketplace}/${order.marketplaceOrderId}/buyer`;
  expect((await call(`${path}?reason=shipping`, { role: 'accountant' })).status).toBe(403);
  expect((await call(path, { role: 'warehouse' })).status).toBe(400);
  expect(await call(`${path}?reason=shipping`, { role: 'warehouse' })).toMatchObject({
    status: 200,
    json: { state: 'present' },
  });
  const activity = await call(`/v1/activity?subject=order/${order.marketplace}:${order.marketplaceOrderId}`);
  expect(activity.json).toMatchObject({
    activities: [
      {
        action: 'personal-data-read',
        actor: 'demo-warehouse',
        after: { reason: 'shipping', state: 'present' },
      },
    ],
  });
});

it('changes a channel only on the version that was seen', async () => {
  const seen = await call('/v1/channels/amazon-it');
  const etag = seen.headers.get('etag') ?? '';
  const rename = (version: string) =>
    call('/v1/channels/amazon-it', {
      method: 'PATCH',
      headers: version === '' ? {} : { 'if-match': version },
      body: { name: 'Sito Amazon' },
    });
  expect((await rename('')).status).toBe(428);
  const both = await Promise.all([rename(etag), rename(etag)]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
  expect((await call('/v1/channels/amazon-it')).json).toMatchObject({ name: 'Sito Amazon' });
});

it('takes an uploaded payment report of just the size and type that was said', async () => {
  const contents = Buffer.from(demoSettlement(stack.demoBeganAtMs));
  const request = { fileName: 'pagamenti.txt', sizeBytes: contents.length, contentType: 'text/plain' };
  const ask = () =>
    call('/v1/channels/amazon-it/payment-report-uploads', {
      role: 'accountant',
      method: 'POST',
      headers: { 'idempotency-key': 'upload-0001' },
      body: request,
    });
  const asked = await ask();
  expect(asked.status).toBe(201);
  const { url, headers, objectKey } = uploadSchema.parse(asked.json);
  expect((await ask()).json).toEqual(asked.json);

  const put = async (body: Buffer, contentType = headers['content-type']) => {
    const answer = await fetch(url, {
      method: 'PUT',
      headers: { 'content-type': contentType ?? '' },
      body: new Uint8Array(body),
    });
    await answer.text();
    return answer.status;
  };
  expect(await put(Buffer.concat([contents, Buffer.from('more')]))).toBe(403);
  expect(await put(contents.subarray(1))).toBe(403);
  expect(await put(contents, 'text/html')).toBe(403);
  expect(await put(contents)).toBe(200);
  await untilSettled(stack, 'upload');

  const reportSchema = z.object({ reportId: z.string(), fileName: z.string(), outcome: z.string() });
  const listed = z
    .object({ reports: z.array(reportSchema) })
    .parse((await call('/v1/payment-reports?channel=amazon-it', { role: 'accountant' })).json);
  const uploaded = listed.reports.find(({ fileName }) => objectKey.endsWith(`/${fileName}`));
  expect(uploaded?.outcome).toBe('imported');
  const rows = await call(`/v1/payment-reports/${uploaded?.reportId}/buckets/order/rows?limit=2`);
  expect(rows.status).toBe(200);
  expect(z.object({ rows: z.array(z.unknown()) }).parse(rows.json).rows).toHaveLength(2);
}, 60_000);

it('registers the shipments of a dropped file, and says in words which rows registered nothing', async () => {
  const { orders } = orderPageSchema.parse((await call('/v1/orders?limit=100')).json);
  const order = orders.find(({ status }) => status === 'unshipped');
  if (order === undefined) throw new Error('no order to ship');
  const contents = Buffer.from(
    [
      'Corriere;Vettore;Tracking;Marketplace;Ordine',
      `manual;Trasporti Inventati;TI-2026-0001;${order.marketplace};${order.marketplaceOrderId}`,
      `fedex;;1;${order.marketplace};${order.marketplaceOrderId}`,
    ].join('\r\n'),
  );
  const asked = await call('/v1/shipment-files', {
    role: 'warehouse',
    method: 'POST',
    headers: { 'idempotency-key': 'shipment-file-0001' },
    body: { fileName: 'spedizioni.csv', sizeBytes: contents.length, contentType: 'text/csv' },
  });
  expect(asked.status).toBe(201);
  const { url, headers } = uploadSchema.parse(asked.json);
  const put = await fetch(url, { method: 'PUT', headers, body: new Uint8Array(contents) });
  expect([put.status, await put.text()]).toEqual([200, '']);
  await untilSettled(stack, 'the file of shipments');

  const listed = shipmentFilePageSchema.parse((await call('/v1/shipment-files')).json);
  expect(listed.files).toMatchObject([{ rows: 2, registered: 1, known: 0, rejectedRows: 1, problem: null }]);
  const read = await call(`/v1/shipment-files/${listed.files[0]?.fileId}`, { role: 'warehouse' });
  expect(shipmentFileSchema.parse(read.json).rejected).toMatchObject([
    { line: 3, code: 'courier-unknown', it: expect.stringContaining('brt, gls') },
  ]);
  expect((await call('/v1/shipments/manual:TI-2026-0001')).json).toMatchObject({
    trackingNumber: 'TI-2026-0001',
    orders: [{ marketplace: order.marketplace, orderNumber: order.marketplaceOrderId }],
  });
}, 60_000);

it('keeps provider accounts, and a module where the data comes with the order', async () => {
  const body = { kind: 'amazon-roles', providerAccountId: 'roles', name: 'Amazon' };
  const create = (key: string, role = 'owner') =>
    call('/v1/provider-accounts', { role, method: 'POST', headers: { 'idempotency-key': key }, body });
  expect((await create('provider-0001', 'operator')).status).toBe(403);
  expect(await create('provider-0001')).toMatchObject({ status: 201, json: { providerAccountId: 'roles' } });
  expect(await create('provider-0002')).toMatchObject({ status: 409, json: { code: 'id-taken' } });
  const module = '/v1/channels/amazon-it/personal-data-module';
  const match = { providerAccountId: 'roles', moduleId: 'amazon-it' };
  expect(await call(module, { method: 'PUT', body: match })).toMatchObject({
    status: 200,
    json: { personalDataModule: match },
  });
  expect((await call('/v1/provider-accounts/roles/modules')).json).toMatchObject({
    modules: expect.arrayContaining([
      expect.objectContaining({ moduleId: 'amazon-it', matchedChannel: 'amazon-it' }),
    ]),
  });
  expect(await call(module, { method: 'DELETE' })).toMatchObject({
    status: 200,
    json: { personalDataModule: null },
  });
  expect((await call(module, { method: 'DELETE' })).status).toBe(409);
  expect((await call('/v1/provider-accounts/none')).status).toBe(404);
});

it('asks for a pull and for past days, and refuses days that are none', async () => {
  const post = (path: string, key: string, body?: object) =>
    call(path, { method: 'POST', headers: { 'idempotency-key': key }, body });
  expect((await post('/v1/channels/amazon-it/sync', 'sync-0001')).status).toBe(202);
  const days = { from: '2026-01-02', until: '2026-01-01' };
  expect(await post('/v1/channels/amazon-it/backfills', 'backfill-0001', days)).toMatchObject({
    status: 422,
    json: { code: 'ends-before-it-begins' },
  });
  expect((await post('/v1/channels/none/sync', 'sync-0002')).status).toBe(404);
  await untilSettled(stack, 'sync');
});

it('shows what a buyer had made to whoever ships, with an address for each file', async () => {
  await stack.function('fetch-customisations').invoke({});
  await untilSettled(stack, 'customisations');
  const { orders } = orderPageSchema.parse((await call('/v1/orders?limit=100')).json);
  const details = await Promise.all(
    orders
      .filter(({ marketplace }) => marketplace === 'amazon')
      .map(async ({ marketplaceOrderId }) =>
        orderSchema.parse((await call(`/v1/orders/amazon/${marketplaceOrderId}`)).json),
      ),
  );
  const done = details.flatMap(({ marketplaceOrderId, followUps }) =>
    followUps
      .filter(({ kind, state }) => kind === 'customisation' && state === 'done')
      .map(({ orderLineId }) => `/v1/orders/amazon/${marketplaceOrderId}/lines/${orderLineId}/customisation`),
  );
  expect(done.length).toBeGreaterThan(0);
  const path = `${done[0]}?reason=shipping`;
  expect((await call(path, { role: 'viewer' })).status).toBe(403);
  expect((await call(`${done[0]}`)).status).toBe(400);
  const { parts, files } = customisationSchema.parse((await call(path)).json);
  expect(parts.length).toBeGreaterThan(0);
  const [file] = files;
  const answer = await fetch(file?.url ?? '');
  expect(answer.status).toBe(200);
  expect((await answer.arrayBuffer()).byteLength).toBe(file?.sizeBytes);
  expect((await call(path.replace(/lines\/[^/]+/, 'lines/none'))).status).toBe(404);
});

it('has receipts issued by an issuer that numbers them itself, and keeps its very PDF', async () => {
  const put = (path: string, body: object, version: number) =>
    call(path, { role: 'owner', method: 'PUT', headers: { 'if-match': `"${version}"` }, body });
  const { series, rules, vat, version } = receiptSettingsSchema.parse(
    (await call('/v1/receipt-settings', { role: 'owner' })).json,
  );
  const { seller } = receiptSettings();
  const stored = await put('/v1/receipt-settings', { seller, series, rules, vat }, version);
  expect(stored).toMatchObject({ status: 200, json: { configured: true } });
  const { host, issuerAccountId, apiKey } = DEMO_ISSUER;
  const connection = { baseUrl: `https://${host}`, issuerAccountId };
  const connect = (key: string) =>
    put('/v1/receipt-settings/issuer-connection', { ...connection, apiKey: key }, version + 1);
  expect((await connect(`${apiKey}-of-somebody-else`)).json).toMatchObject({ code: 'key-refused' });
  expect(await connect(apiKey)).toMatchObject({ status: 200, json: { issuerConnection: connection } });

  const issuer = '/v1/channels/ebay-it/receipt-issuer';
  const association = associationSchema.parse((await call(issuer)).json);
  expect((await put(issuer, { issuer: 'bitztobe' }, association.version)).status).toBe(200);
  expect([...stack.bitztobe.associations.keys()]).toEqual(['ebay-it']);

  const orderNumber = demoEbayOrders(stack.demoBeganAtMs)[0]?.orderId ?? '';
  const asked = await call('/v1/receipts', {
    role: 'accountant',
    method: 'POST',
    headers: { 'idempotency-key': 'receipts-0001' },
    body: { orders: [{ marketplace: 'ebay', orderNumber }] },
  });
  expect(issuedReceiptsSchema.parse(asked.json).results).toMatchObject([{ outcome: 'under-way' }]);
  await untilSettled(stack, 'a receipt of the other issuer');
  expect(stack.bitztobe.documents).toHaveLength(1);
  const [document] = stack.bitztobe.documents;
  if (document === undefined) throw new Error('no document at the issuer');
  const path = `/v1/orders/ebay/${orderNumber}/receipts/sale-1`;
  expect((await call(path)).json).toMatchObject({ state: 'issued', number: document.number });
  const file = receiptFileSchema.parse((await call(`${path}/file`, { role: 'accountant' })).json);
  const pdf = Buffer.from(await (await fetch(file.url)).arrayBuffer());
  expect(pdf.equals(stack.bitztobe.pdfOf(document))).toBe(true);
});

it('has a person deleted for the owner who says why, and writes down who it was', async () => {
  const { orders } = orderPageSchema.parse((await call('/v1/orders?limit=100')).json);
  const order = orders.findLast(({ personalData }) => personalData === 'present');
  if (order === undefined) throw new Error('no order with personal data');
  const path = `/v1/orders/${order.marketplace}/${order.marketplaceOrderId}/buyer`;
  const erase = (query: string, role = 'owner') => call(`${path}${query}`, { role, method: 'DELETE' });
  expect((await erase('?reason=buyer-request', 'operator')).status).toBe(403);
  expect((await erase('?reason=because')).status).toBe(400);
  expect((await erase('?reason=buyer-request')).status).toBe(202);
  await stack.function('delete-personal-data').invoke({});
  await untilSettled(stack, 'a deletion that was asked for');
  expect((await call(`${path}?reason=customer-request`)).json).toMatchObject({
    state: 'deleted',
    name: null,
  });
  const subject = `order/${order.marketplace}:${order.marketplaceOrderId}`;
  const { json } = await call(`/v1/activity?subject=${subject}`);
  const asked = { actor: 'demo-owner', after: { reason: 'buyer-request' } };
  expect(json).toMatchObject({
    activities: expect.arrayContaining([
      expect.objectContaining({ action: 'personal-data-deleted', ...asked }),
      expect.objectContaining({ action: 'personal-data-deletion-requested', ...asked }),
    ]),
  });
});

it('tries credentials at the marketplace before they replace the ones in use, and never shows them', async () => {
  const path = `/v1/accounts/manomano/${DEMO_MANOMANO.accountId}`;
  const put = (apiKey: string, role = 'owner') =>
    call(`${path}/credentials`, { role, method: 'PUT', body: { apiKey } });
  expect((await put(DEMO_MANOMANO.apiKey, 'operator')).status).toBe(403);
  const refused = await put('a-key-of-nobody');
  expect(refused.status).toBe(422);
  expect(JSON.stringify(refused.json)).not.toContain('a-key-of-nobody');
  const saved = await put(DEMO_MANOMANO.apiKey);
  expect([saved.status, saved.json]).toMatchObject([200, {}]);
  expect(JSON.stringify(saved.json)).not.toContain(DEMO_MANOMANO.apiKey);
  const tested = await call(`${path}/test`, {
    role: 'owner',
    method: 'POST',
    headers: { 'idempotency-key': 'test-of-manomano' },
  });
  expect([tested.status, tested.json]).toMatchObject([200, {}]);
});

it('counts what switching a channel on would bring', async () => {
  const counted = await call('/v1/channels/ebay-it/dry-runs/ebay', {
    method: 'POST',
    headers: { 'idempotency-key': 'dry-run-of-ebay' },
  });
  expect([counted.status, counted.json]).toMatchObject([200, {}]);
  expect(JSON.stringify(counted.json)).toContain('ordini');
});

it.each([
  { marketplace: 'manomano', orderNumber: 'M2600000000004', wish: { kind: 'accept' }, ends: 'done' },
  {
    marketplace: 'amazon',
    orderNumber: '300-0000007-0000007',
    wish: { kind: 'ship', courier: 'brt', trackingNumber: '067061651641' },
    ends: 'done',
  },
  // A feed, which Amazon works on: looked at again in a minute.
  { marketplace: 'amazon', orderNumber: '300-0000001-0000001', wish: 'refund', ends: 'followed' },
  // Signed, and worked on by eBay.
  { marketplace: 'ebay', orderNumber: '10-00001-00001', wish: 'refund', ends: 'followed' },
])(
  'has $marketplace act on order $orderNumber, once, and marks it red',
  async ({ marketplace, orderNumber, wish, ends }) => {
    const path = `/v1/orders/${marketplace}/${orderNumber}`;
    const before = orderSchema.parse((await call(path)).json);
    expect(before.red).toBe(false);
    const orderLineId = before.lines[0]?.orderLineId;
    const body =
      wish === 'refund'
        ? { kind: 'refund', reason: 'returned', currency: 'EUR', lines: [{ orderLineId, goods: '1.50' }] }
        : wish;
    const kind = wish === 'refund' ? 'refund' : typeof wish === 'string' ? wish : wish.kind;
    const { actions } = remoteCapabilitiesSchema.parse((await call(`${path}/remote-capabilities`)).json);
    expect(actions.find((each) => each.kind === kind)).toMatchObject({ possible: true, why: null });
    const preview = await call(`${path}/remote-action-previews`, {
      method: 'POST',
      headers: { 'idempotency-key': `preview-${orderNumber}` },
      body,
    });
    expect(preview.json).toMatchObject({ possible: true });

    const ask = (role: string, actionId = `e2e-${orderNumber}-1`) =>
      call(`${path}/remote-actions/${actionId}`, { role, method: 'PUT', body });
    expect((await ask('warehouse')).status).toBe(403);
    const asked = await Promise.all([ask('operator'), ask('operator')]);
    expect(asked.map(({ status }) => status)).toEqual([202, 202]);
    expect((await ask('owner', `e2e-${orderNumber}-2`)).status).toBe(409);
    await untilSettled(stack, 'remote actions');
    const shown = remoteActionSchema.parse((await call(`${path}/remote-actions/e2e-${orderNumber}-1`)).json);
    expect(shown).toMatchObject({ state: ends, requestedBy: 'demo-operator', attempts: 1 });

    const after = orderSchema.parse((await call(path)).json);
    expect(after).toMatchObject({
      red: true,
      status: before.status,
      manualFulfilment: { kind, by: 'demo-operator' },
    });
    const [listed] = orderPageSchema.parse((await call(`/v1/orders?text=${orderNumber}`)).json).orders;
    expect(listed?.red).toBe(true);
  },
);

it('has left what was asked for at the marketplaces, and nothing twice', async () => {
  expect(stack.manomano.order('M2600000000004')?.status).toBe('PREPARATION');
  expect(stack.amazon.order('300-0000007-0000007')?.packages).toHaveLength(1);
  expect(stack.amazon.calls.get('createFeed')).toBe(1);
  expect(stack.ebay.order('10-00001-00001')?.paymentSummary.refunds).toMatchObject([
    { amount: { value: '1.5' }, refundStatus: 'REFUNDED' },
  ]);
});

it('asks before a shipment of a red order is registered', async () => {
  const register = (confirmed: object) =>
    call('/v1/shipments', {
      role: 'warehouse',
      method: 'POST',
      headers: { 'idempotency-key': `red-order-${Object.keys(confirmed).length}` },
      body: {
        courier: 'manual',
        carrierName: 'Trasporti Rossi',
        trackingNumber: 'TR-123456',
        orders: [{ marketplace: 'manomano', orderNumber: 'M2600000000004' }],
        ...confirmed,
      },
    });
  expect(await register({})).toMatchObject({ status: 409, json: { code: 'red-order' } });
  expect((await register({ confirmedRed: true })).status).toBe(201);
});
