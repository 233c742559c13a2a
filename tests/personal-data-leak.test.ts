import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { createDeletePersonalDataHandler } from '../functions/delete-personal-data/handler.ts';
import { createFetchPersonalDataHandler } from '../functions/fetch-personal-data/handler.ts';
import { createPullOrdersHandler } from '../functions/pull-orders/handler.ts';
import { demoOrders } from '../local/partners/amazon/demo-shop.ts';
import { demoEbayOrders } from '../local/partners/ebay/demo-shop.ts';
import { manomanoDemoOrders } from '../local/partners/manomano/demo-shop.ts';
import { createPersonalDataProvider } from '../local/partners/personal-data-provider/stand-in.ts';
import { failureOf } from '../shared/adapters/amazon/errors.ts';
import { createAmazonOrderReader } from '../shared/adapters/amazon/get-order.ts';
import { createAmazonOrderSource } from '../shared/adapters/amazon/search-orders.ts';
import { createActivityLog } from '../shared/adapters/dynamodb/activity-log.ts';
import { createBuyerEraser } from '../shared/adapters/dynamodb/buyer-eraser.ts';
import { createBuyerStore } from '../shared/adapters/dynamodb/buyer-store.ts';
import { createCourierAccountStore } from '../shared/adapters/dynamodb/courier-account-store.ts';
import { createFollowUpStore } from '../shared/adapters/dynamodb/follow-up-store.ts';
import { createOrderStore } from '../shared/adapters/dynamodb/order-store.ts';
import { createProviderAccountStore } from '../shared/adapters/dynamodb/provider-account-store.ts';
import { createReceiptStore } from '../shared/adapters/dynamodb/receipt-store.ts';
import { createShipmentStore } from '../shared/adapters/dynamodb/shipment-store.ts';
import { createEbayOrderSource } from '../shared/adapters/ebay/orders.ts';
import { createHttpProviderClient } from '../shared/adapters/http-provider/client.ts';
import { createHttpProvider } from '../shared/adapters/http-provider/provider.ts';
import { createHttpProviderSource } from '../shared/adapters/http-provider/source.ts';
import { createManomanoOrderSource } from '../shared/adapters/manomano/orders.ts';
import { createProviderKeyStore } from '../shared/adapters/ssm/provider-key-store.ts';
import type { Channel } from '../shared/domain/channel.ts';
import { UnavailableError } from '../shared/domain/errors.ts';
import { type Marketplace, orderId } from '../shared/domain/order.ts';
import type { OrderReader, OrderSource } from '../shared/ports/order-source.ts';
import { deleteLabelsOf } from '../shared/usecases/delete-labels.ts';
import { deletePersonalData } from '../shared/usecases/delete-personal-data.ts';
import { deleteTracking } from '../shared/usecases/delete-tracking.ts';
import { fetchPersonalData } from '../shared/usecases/fetch-personal-data.ts';
import type { ShipmentMakingJob } from '../shared/usecases/make-shipment.ts';
import { matchModule } from '../shared/usecases/match-module.ts';
import { personalDataFromOrders } from '../shared/usecases/personal-data-from-orders.ts';
import { connected, createProviderAccount } from '../shared/usecases/provider-accounts.ts';
import { type OrderPullJob, pullOrders } from '../shared/usecases/pull-orders.ts';
import { createBuyerTable, createStateTable, testClient } from './support/dynamodb-local.ts';
import { MemoryChannelStore } from './support/memory/channel-store.ts';
import { MemoryCredentialStore } from './support/memory/credential-store.ts';
import { MemoryJobQueue } from './support/memory/job-queue.ts';
import { MemoryPullLease } from './support/memory/pull-lease.ts';
import { MemoryQuotaStore } from './support/memory/quota-store.ts';
import { MemoryShipmentLabels } from './support/memory/shipment-labels.ts';
import { partnerFetch } from './support/partner-fetch.ts';
import { readPdf } from './support/pdf.ts';
import { brtCreator, makePlantedShipments, quotingBrt } from './support/planted-making.ts';
import { PLANTED, plantedIn, withPlantedPeople } from './support/planted-people.ts';
import { issuePlantedReceipts, plantedIssuer } from './support/planted-receipts.ts';
import { sqsEventOf } from './support/sqs-event.ts';

/**
 * People are planted in the orders of every marketplace and at the provider; then all that touches them runs, well and
 * badly: what is pulled, followed up, fetched, shipped and deleted. They may stand in the buyer table and nowhere else.
 */

const NOW_MS = Date.parse('2026-11-23T09:00:00.000Z');
const DAY_MS = 86_400_000;
const PLAN = { ratePerSecond: 1000, burst: 1000 };
const CONTEXT = { getRemainingTimeInMillis: () => 600_000 };

const client = testClient(inject('dynamoDbEndpoint'));
afterAll(() => client.destroy());

/** Everything that was printed: logs, errors with their causes, metrics. */
let printed: string[] = [];
beforeEach(() => {
  printed = [];
  // Powertools then print to the console of the process, which is the one listened to here.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, level).mockImplementation(
      (...said: unknown[]) => void printed.push(said.map(String).join(' ')),
    );
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

interface Planted {
  readonly marketplace: Marketplace;
  readonly channel: Pick<Channel, 'siteIds' | 'country' | 'accountId'>;
  /** How many texts were planted in its orders. */
  readonly planted: number;
  readonly source: OrderSource;
  readonly reader: OrderReader;
}

/** The marketplaces with planted people; `broken` makes each answer badly, quoting a person as it does. */
function plantedMarketplaces(broken: () => boolean): readonly Planted[] {
  const amazon = withPlantedPeople(demoOrders(NOW_MS));
  const amazonClient = async () => ({
    call: async (request: { readonly operation: string; readonly documentedRatePerSecond: number }) => {
      const refusal = { errors: [{ code: 'InvalidInput', message: `not a buyer: ${PLANTED} quoted` }] };
      const [first] = amazon.value;
      const body = request.operation === 'getOrder' ? { order: first } : { orders: amazon.value };
      const answer = { statusCode: 200, headers: {}, body: JSON.stringify(body) };
      if (!broken()) return answer;
      throw failureOf({ statusCode: 400, headers: {}, body: JSON.stringify(refusal) }, request);
    },
  });
  const ebay = withPlantedPeople(demoEbayOrders(NOW_MS));
  let asked = 0;
  const ebayClient = async () => ({
    canSign: false,
    signIn: async () => {},
    call: async (operation: string) => {
      const page = { orders: ebay.value, total: ebay.value.length };
      // Single orders are asked for in the order of the list.
      const data: unknown = operation === 'getOrders' ? page : ebay.value[asked++ % ebay.value.length];
      return { status: 200, headers: {}, data: broken() ? { orders: `${PLANTED} quoted` } : data };
    },
  });
  const manomano = withPlantedPeople(manomanoDemoOrders(NOW_MS));
  const manomanoClient = async () => ({
    call: async ({ path }: { readonly path: string }) => {
      const page = {
        content: manomano.value,
        pagination: { page: 1, pages: 1, items: manomano.value.length, limit: 100 },
      };
      const single = { content: manomano.value[0] };
      const body: unknown = path === '/orders/v1/orders' ? page : single;
      return {
        status: 200,
        outcome: 'success' as const,
        body: broken() ? { content: `${PLANTED} quoted` } : body,
      };
    },
  });
  const ebaySource = createEbayOrderSource(ebayClient);
  const manomanoSource = createManomanoOrderSource(manomanoClient);
  return [
    {
      marketplace: 'amazon',
      channel: { accountId: 'A1EXAMPLE', country: 'IT', siteIds: ['APJ6JRA9NG5V4', 'A1PA6795UKMFR9'] },
      planted: amazon.planted,
      source: createAmazonOrderSource(amazonClient),
      reader: createAmazonOrderReader(amazonClient),
    },
    {
      marketplace: 'ebay',
      channel: { accountId: 'shop', country: 'IT', siteIds: ['EBAY_IT', 'EBAY_DE'] },
      planted: ebay.planted,
      source: ebaySource,
      reader: ebaySource,
    },
    {
      marketplace: 'manomano',
      channel: { accountId: 'shop', country: 'IT', siteIds: ['900001', '900002', '900003'] },
      planted: manomano.planted,
      source: manomanoSource,
      reader: manomanoSource,
    },
  ];
}

/** Counts the calls of a store and lets one of them fail. */
function failing<Store extends object>(store: Store, isDown: (call: string) => boolean): Store {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) =>
        isDown(String(name))
          ? Promise.reject(
              new UnavailableError('dynamodb', `dynamodb: InternalServerError in ${String(name)}`),
            )
          : Reflect.apply(value, target, args);
    },
  });
}

/** All of it once; `fault` is asked before each call of a store or partner. */
async function runEverything(fault: (what: string) => boolean) {
  const stateTable = await createStateTable(client);
  const buyerTable = await createBuyerTable(client);
  const clock = { nowMs: NOW_MS, now: () => clock.nowMs };
  const marketplaces = plantedMarketplaces(() => fault('marketplace'));
  const channels = new MemoryChannelStore(
    marketplaces.map(({ marketplace, channel }) => ({
      channelId: `${marketplace}-it`,
      name: marketplace,
      marketplace,
      timeZone: 'Europe/Rome',
      ordersSync: true,
      ordersFrom: new Date(NOW_MS - 20 * DAY_MS).toISOString(),
      receipts: { issuer: plantedIssuer(marketplace) },
      ...channel,
    })),
  );
  const stores = {
    orders: failing(createOrderStore(client, stateTable), fault),
    followUps: failing(createFollowUpStore(client, stateTable), fault),
    activity: failing(createActivityLog(client, stateTable), fault),
    accounts: failing(createProviderAccountStore(client, stateTable), fault),
    buyers: failing(createBuyerStore(client, buyerTable), fault),
    eraser: failing(createBuyerEraser(client, buyerTable), fault),
    shipments: failing(createShipmentStore(client, stateTable), fault),
    courierAccounts: createCourierAccountStore(client, stateTable),
  };
  const labelFiles = new MemoryShipmentLabels();
  const labels = failing(labelFiles, fault);
  const makings = new MemoryJobQueue<ShipmentMakingJob>();
  const quota = new MemoryQuotaStore();
  const sent: string[] = [];
  const logger = new Logger({ serviceName: 'leak-test', logLevel: 'DEBUG' });
  const metrics = new Metrics({ namespace: 'leak-test', serviceName: 'leak-test' });
  const errors: string[] = [];
  const perform = (work: () => Promise<unknown>): Promise<unknown> =>
    work().catch((error: unknown) => {
      // What the runtime would log of a call that failed.
      logger.error('invocation-failed', { error });
      errors.push(everythingOf(error));
    });

  // A provider whose answers quote the person even when they are refusals.
  const standIn = createPersonalDataProvider({
    host: 'personal-data.example',
    apiKey: 'key-0123456789',
    now: clock.now,
    fetchingMs: 0,
    availableMs: 30 * DAY_MS,
  });
  const quoting = {
    ...standIn,
    answer: (request: Parameters<typeof standIn.answer>[0]) => {
      if (!fault('provider')) return standIn.answer(request);
      const body = JSON.stringify({ status: 500, code: PLANTED, detail: `${PLANTED} quoted` });
      return {
        operation: 'quoted',
        status: 500,
        headers: { 'content-type': 'application/problem+json' },
        body,
      };
    },
  };
  const http = createHttpProviderClient(() => 'request-0001', partnerFetch(quoting));
  const keys = createProviderKeyStore(new MemoryCredentialStore());
  const provider = createHttpProvider(http);
  const manage = { ...stores, channels, keys, provider, clock };
  await perform(async () => {
    const customer = {
      legalName: 'Bottega',
      vatNumber: 'IT00000000000',
      contactEmail: 'bottega@shop.example',
    };
    const baseUrl = 'https://personal-data.example';
    const account = {
      kind: 'http-provider',
      providerAccountId: 'main',
      name: 'Provider',
      baseUrl,
      apiKey: 'key-0123456789',
      customer,
    } as const;
    await createProviderAccount(manage, account, 'owner');
    standIn.addModule({
      id: 'mod-it',
      accountId: 'acc-1',
      kind: 'amazon',
      marketplace: 'IT',
      label: 'Amazon.it',
    });
    await matchModule(
      manage,
      { providerAccountId: 'main', moduleId: 'mod-it', channelId: 'amazon-it' },
      'owner',
    );
  });
  const address = {
    name: `${PLANTED} name`,
    line1: `${PLANTED} street`,
    city: `${PLANTED} city`,
    postalCode: PLANTED,
    countryIso: 'IT',
  };
  const person = {
    buyer: { name: `${PLANTED} provider`, email: `${PLANTED}@buyer.example`, phone: `+39${PLANTED}` },
    shippingAddress: address,
    taxIds: [{ type: 'CODICE_FISCALE' as const, value: `${PLANTED}-tax` }],
  };

  for (const { marketplace, source, reader, channel } of marketplaces) {
    const pull = createPullOrdersHandler({
      pull: (job, remainingMs) =>
        pullOrders(
          {
            ...stores,
            source,
            reader,
            channels,
            quota,
            lease: new MemoryPullLease(),
            queue: { send: async (again: OrderPullJob) => void sent.push(JSON.stringify(again)) },
            clock,
            search: { operation: 'calls', plan: PLAN },
          },
          job,
          remainingMs,
        ),
      logger,
      metrics,
    });
    const { accountId } = channel;
    const job = {
      type: 'order-pull-requested',
      version: 1,
      correlationId: `run/${marketplace}`,
      marketplace,
      accountId,
    };
    sent.push(JSON.stringify(job));
    // Twice: a failed delivery comes again.
    for (let delivery = 0; delivery < 2; delivery++) {
      await perform(() => pull(sqsEventOf(JSON.stringify(job)), CONTEXT));
    }
  }
  for (const order of demoOrders(NOW_MS)) standIn.putPerson(order.orderId, { person });
  // Some orders wait for their person although the marketplace named them: they are asked for at the provider too.
  await perform(() => askAgain(stores.followUps, marketplaces[0]?.channel.accountId ?? '', clock.now()));
  clock.nowMs += 6 * 60_000;
  for (const { marketplace, reader } of marketplaces) {
    const fetchAll = createFetchPersonalDataHandler({
      fetch: (remainingMs) =>
        fetchPersonalData(
          {
            ...stores,
            channels,
            quota,
            clock,
            marketplace,
            orderSource: { source: personalDataFromOrders(reader), operation: 'calls', plan: PLAN },
            moduleSource: (account, moduleId) => ({
              source: createHttpProviderSource(
                http,
                async () => (await connected({ keys }, account)).connection,
                moduleId,
              ),
              operation: 'personal-information',
              plan: PLAN,
            }),
          },
          remainingMs,
        ),
      logger,
      metrics,
    });
    await perform(() => fetchAll({}, CONTEXT));
  }
  vi.stubGlobal('fetch', partnerFetch(quotingBrt(() => fault('courier'), clock.now)));
  await stores.courierAccounts.putCourierAccount(
    {
      courier: 'brt',
      courierAccountId: 'shop',
      name: 'BRT',
      openedAt: '2026-01-01T00:00:00.000Z',
      version: 1,
    },
    0,
  );
  const making = {
    shipments: stores.shipments,
    orders: stores.orders,
    buyers: stores.buyers,
    accounts: stores.courierAccounts,
    activities: stores.activity,
    labels,
    makings,
    creator: brtCreator(),
    actor: 'operator',
    clock,
  };
  await makePlantedShipments(making, { logger, metrics }, perform, clock);
  const receipts = await issuePlantedReceipts(
    {
      ...{ orders: stores.orders, buyers: stores.buyers, activities: stores.activity, channels },
      receipts: failing(createReceiptStore(client, stateTable), fault),
    },
    { logger, metrics },
    perform,
    clock,
    () => fault('issuer'),
  );
  sent.push(...receipts.sent);
  const labelsBefore = [...labelFiles.files.keys()];
  const buyersBefore = await rowsOf(client, buyerTable);
  clock.nowMs += 120 * DAY_MS;
  const deleteAll = createDeletePersonalDataHandler({
    deleteTracking: (remainingMs) => deleteTracking({ shipments: stores.shipments, clock }, remainingMs),
    deleteEnded: (remainingMs) =>
      deletePersonalData(
        {
          ...stores,
          keys,
          provider,
          clock,
          alsoDelete: [(id) => deleteLabelsOf({ shipments: stores.shipments, labels }, id)],
        },
        remainingMs,
      ),
    logger,
    metrics,
  });
  // The second call finishes what the first could not.
  for (let call = 0; call < 2; call++) await perform(() => deleteAll({}, CONTEXT));
  metrics.publishStoredMetrics();
  return {
    marketplaces,
    buyersBefore,
    buyersAfter: await rowsOf(client, buyerTable),
    stateRows: await rowsOf(client, stateTable),
    channelRows: JSON.stringify(await channels.listChannels()),
    sent: [...sent, ...makings.sent.map((each) => JSON.stringify(each))].join('\n'),
    pdfs: receipts.pdfs,
    labelsBefore,
    labelsAfter: [...labelFiles.files.keys()],
    errors: errors.join('\n'),
  };
}

/** Follow-ups of three Amazon orders, as a pull that came without the person leaves them. */
async function askAgain(followUps: ReturnType<typeof createFollowUpStore>, accountId: string, nowMs: number) {
  for (const { orderId: marketplaceOrderId } of demoOrders(NOW_MS).slice(0, 3)) {
    await followUps.ensure({
      kind: 'personal-data',
      orderId: orderId('amazon', marketplaceOrderId),
      orderLineId: '',
      marketplace: 'amazon',
      marketplaceOrderId,
      accountId,
      siteId: 'APJ6JRA9NG5V4',
      channelId: 'amazon-it',
      wantedAt: new Date(nowMs).toISOString(),
      state: 'waiting',
      dueAt: new Date(nowMs).toISOString(),
      attempts: 0,
      version: 1,
    });
  }
}

async function rowsOf(db: DynamoDBClient, table: string): Promise<string> {
  const rows: string[] = [];
  for await (const page of paginateScan({ client: db }, { TableName: table })) {
    rows.push(...(page.Items ?? []).map((item) => JSON.stringify(item)));
  }
  return rows.join('\n');
}

/** An error with all that hangs on it: stack, causes, fields nobody prints on purpose. */
function everythingOf(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? String(error);
  const fields = Object.getOwnPropertyNames(error).map((name) => String(Reflect.get(error, name)));
  return [error.name, ...fields, error.cause === undefined ? '' : everythingOf(error.cause)].join('\n');
}

function expectNoLeak(
  { stateRows, channelRows, sent, errors, labelsBefore }: Awaited<ReturnType<typeof runEverything>>,
  when: string,
) {
  expect(plantedIn(printed.join('\n')), `printed ${when}`).toEqual([]);
  expect(plantedIn(stateRows), `state rows ${when}`).toEqual([]);
  expect(plantedIn([channelRows, sent].join('\n')), `channels and queues ${when}`).toEqual([]);
  expect(plantedIn(labelsBefore.join('\n')), `label keys ${when}`).toEqual([]);
  expect(plantedIn(errors), `errors ${when}`).toEqual([]);
}

describe('personal data', () => {
  it('of every marketplace and the provider reaches the buyer table, and nothing else', async () => {
    const run = await runEverything(() => false);
    for (const { marketplace, planted } of run.marketplaces) {
      expect(planted, marketplace).toBeGreaterThan(20);
      const own = run.buyersBefore.split('\n').filter((row) => row.includes(`ORDER#${marketplace}:`));
      expect(plantedIn(own.join('\n')).length, marketplace).toBeGreaterThan(2);
    }
    expect(run.buyersBefore).toContain(`${PLANTED} provider`);
    // What a person put in, and how the courier spells it.
    expect(run.buyersBefore).toMatch(/"shipTo":[^\n]*zzleak square/);
    expect(run.buyersBefore).toMatch(/"courierAddress":[^\n]*ZZLEAK TOWN/);
    expect(run.labelsBefore).toHaveLength(2);
    expect(run.sent).toContain('shipment-making-requested');
    expect(run.stateRows).toMatch(/address-normalised/);
    // Documents name the buyer, and nothing about documents does.
    const pages = await Promise.all(
      [...run.pdfs.values()].map(async (pdf) => (await readPdf(pdf)).pages.join('\n')),
    );
    expect(pages).toHaveLength(3);
    expect(plantedIn(pages.join('\n')).length).toBeGreaterThan(0);
    expect(plantedIn([...run.pdfs.keys()].join('\n'))).toEqual([]);
    expect(run.sent).toContain('/sale-1');
    for (const action of ['shipment-reserved', 'label-read', 'shipment-deleted']) {
      expect(run.stateRows).toContain(action);
    }
    expect(run.stateRows.split('\n').length).toBeGreaterThan(20);
    expect(printed.join('\n')).toMatch(
      /orders-pulled[\s\S]*personal-data-fetched[\s\S]*personal-data-deleted/,
    );
    expect(run.errors).toBe('');
    expectNoLeak(run, 'when all goes well');
  });

  it('is nowhere at all after its deletion', async () => {
    const run = await runEverything(() => false);
    expect(plantedIn(run.buyersAfter)).toEqual([]);
    expect(run.labelsAfter).toEqual([]);
    expect(run.buyersAfter.split('\n').length).toBe(run.buyersBefore.split('\n').length);
  });

  it('stays where it belongs when any kind of call fails, always or now and then', async () => {
    const calls = new Set<string>();
    await runEverything((what) => {
      calls.add(what);
      return false;
    });
    expect([...calls]).toEqual(
      expect.arrayContaining([
        'putBuyer',
        'putOrder',
        'erase',
        'marketplace',
        'provider',
        'courier',
        'create',
        'change',
        'keep',
        'deleteFor',
        'issuer',
      ]),
    );
    for (const broken of calls) {
      expectNoLeak(await runEverything((what) => what === broken), `when ${broken} always fails`);
      let turn = 0;
      const now = (what: string) => {
        if (what === broken) turn += 1;
        return what === broken && turn % 3 === 0;
      };
      expectNoLeak(await runEverything(now), `when ${broken} fails now and then`);
    }
    expect(printed.join('\n')).toMatch(/job-failed/);
  }, 120_000);

  it('would be found: a person in a log line, a row or a cause is a leak', () => {
    const logger = new Logger({ serviceName: 'leak-test' });
    const cause = new Error(`ValidationException: ${PLANTED} name`);
    logger.error('job-failed', { error: new Error('dynamodb: refused', { cause }) });
    expect(plantedIn(printed.join('\n')).length).toBeGreaterThan(0);
    expect(plantedIn(everythingOf(new Error('outer', { cause })))).not.toEqual([]);
  });
});
