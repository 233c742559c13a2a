import { vi } from 'vitest';
import { DEMO_ACCOUNT, DEMO_SITES, demoOrders } from '../../local/partners/amazon/demo-shop.ts';
import { type AmazonStandIn, createAmazonStandIn } from '../../local/partners/amazon/stand-in.ts';
import { DEMO_EBAY, DEMO_EBAY_SIGNING, demoEbayOrders } from '../../local/partners/ebay/demo-shop.ts';
import { createEbayStandIn, type EbayStandIn } from '../../local/partners/ebay/stand-in.ts';
import {
  DEMO_CONTRACTS,
  DEMO_MANOMANO,
  manomanoDemoOrders,
} from '../../local/partners/manomano/demo-shop.ts';
import { createManomanoStandIn, type ManomanoStandIn } from '../../local/partners/manomano/stand-in.ts';
import { createAmazonOrderReader } from '../../shared/adapters/amazon/get-order.ts';
import { createAmazonActor } from '../../shared/adapters/amazon/remote-actions.ts';
import { createAmazonShippingConfirmer } from '../../shared/adapters/amazon/shipping-confirmer.ts';
import { createEbayClient, type EbayScope } from '../../shared/adapters/ebay/client.ts';
import { createEbayOrderSource } from '../../shared/adapters/ebay/orders.ts';
import { createEbayActor } from '../../shared/adapters/ebay/remote-actions.ts';
import { createEbayShippingConfirmer } from '../../shared/adapters/ebay/shipping-confirmer.ts';
import { createManomanoClient } from '../../shared/adapters/manomano/client.ts';
import { createManomanoOrderSource } from '../../shared/adapters/manomano/orders.ts';
import { createManomanoActor } from '../../shared/adapters/manomano/remote-actions.ts';
import { createManomanoShippingConfirmer } from '../../shared/adapters/manomano/shipping-confirmer.ts';
import { type Marketplace, type Order, orderId } from '../../shared/domain/order.ts';
import {
  type RemoteAction,
  type RemoteActionJob,
  type RemoteActionWish,
  remoteActionJob,
} from '../../shared/domain/remote-action.ts';
import type { OrderReader } from '../../shared/ports/order-source.ts';
import type { RemoteActionStore } from '../../shared/ports/remote-action-store.ts';
import {
  type PerformRemoteActionDeps,
  performRemoteAction,
} from '../../shared/usecases/perform-remote-action.ts';
import { planRemoteActions } from '../../shared/usecases/plan-remote-actions.ts';
import { requestRemoteAction } from '../../shared/usecases/request-remote-action.ts';
import { anAccount } from './accounts.ts';
import { standInClient } from './amazon-client.ts';
import { MemoryAccountStore } from './memory/account-store.ts';
import { MemoryActivityLog } from './memory/activity-log.ts';
import { MemoryChannelStore } from './memory/channel-store.ts';
import { MemoryJobQueue } from './memory/job-queue.ts';
import { MemoryOrderStore } from './memory/order-store.ts';
import { MemoryQuotaStore } from './memory/quota-store.ts';
import { MemoryRemoteActionStore } from './memory/remote-action-store.ts';
import { partnerFetch } from './partner-fetch.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');
/** Far more than a worker needs. */
const REMAINING_MS = 175_000;

export interface RemotePartner {
  readonly marketplace: Marketplace;
  readonly accountId: string;
  readonly siteId: string;
  readonly reader: OrderReader;
  readonly acting: Pick<PerformRemoteActionDeps, 'actor' | 'confirmer' | 'calls'>;
}

/** Milliseconds since the epoch, moved on by hand; the whole process goes by it, because signatures do. */
export function testClock() {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  return {
    now: () => Date.now(),
    pass: (ms: number) => {
      vi.setSystemTime(Date.now() + ms);
    },
  };
}
export type TestClock = ReturnType<typeof testClock>;

const calls = () => {
  const every = { operation: 'calls', plan: { ratePerSecond: 1, burst: 1_000 } };
  return { telling: every, asking: every };
};

export function amazonPartner(clock: TestClock): RemotePartner & { readonly standIn: AmazonStandIn } {
  const standIn = createAmazonStandIn({
    account: DEMO_ACCOUNT,
    marketplaceIds: [DEMO_SITES.it.marketplaceId, DEMO_SITES.de.marketplaceId],
    personalData: true,
    orders: demoOrders(NOW),
    now: clock.now,
  });
  vi.stubGlobal('fetch', partnerFetch(standIn));
  const client = standInClient(standIn);
  const clientOf = async () => client;
  return {
    standIn,
    marketplace: 'amazon',
    accountId: DEMO_ACCOUNT.sellerId,
    siteId: DEMO_SITES.it.marketplaceId,
    reader: createAmazonOrderReader(clientOf),
    acting: {
      actor: createAmazonActor(clientOf, clock),
      confirmer: createAmazonShippingConfirmer(clientOf),
      calls,
    },
  };
}

export function manomanoPartner(clock: TestClock): RemotePartner & { readonly standIn: ManomanoStandIn } {
  const standIn = createManomanoStandIn({
    apiKey: DEMO_MANOMANO.apiKey,
    contracts: Object.values(DEMO_CONTRACTS),
    orders: manomanoDemoOrders(NOW),
    now: clock.now,
  });
  vi.stubGlobal('fetch', partnerFetch(standIn));
  const clientOf = async () => createManomanoClient({ apiKey: DEMO_MANOMANO.apiKey });
  return {
    standIn,
    marketplace: 'manomano',
    accountId: DEMO_MANOMANO.accountId,
    siteId: String(DEMO_CONTRACTS.itSelf.contractId),
    reader: createManomanoOrderSource(clientOf),
    acting: {
      actor: createManomanoActor(clientOf),
      confirmer: createManomanoShippingConfirmer(clientOf),
      calls,
    },
  };
}

/** @param signing what the account signs with; undefined: nothing */
export function ebayPartner(
  clock: TestClock,
  signing: Partial<typeof DEMO_EBAY_SIGNING> = DEMO_EBAY_SIGNING,
  seller: typeof DEMO_EBAY = DEMO_EBAY,
): RemotePartner & { readonly standIn: EbayStandIn } {
  const standIn = createEbayStandIn({ seller, orders: demoEbayOrders(NOW), now: clock.now });
  vi.stubGlobal('fetch', partnerFetch(standIn));
  const { appId, certId, ruName, refreshToken } = seller;
  const clientWith = (scopes: readonly EbayScope[]) => {
    const client = createEbayClient({ appId, certId, ruName, refreshToken, ...signing }, clock, scopes);
    return async () => client;
  };
  const orders = clientWith(['sell.fulfillment']);
  return {
    standIn,
    marketplace: 'ebay',
    accountId: DEMO_EBAY.userId,
    siteId: 'EBAY_IT',
    reader: createEbayOrderSource(orders),
    acting: {
      actor: createEbayActor({ orders, money: clientWith(['sell.fulfillment', 'sell.finances']) }, clock),
      confirmer: createEbayShippingConfirmer(orders),
      calls,
    },
  };
}

/** Everything of ours but the database and the network, around one order of a partner's. */
export async function remoteWorld(clock: TestClock, partner: RemotePartner, marketplaceOrderId: string) {
  const { marketplace, accountId, siteId, reader, acting } = partner;
  const orders = new MemoryOrderStore();
  const channels = new MemoryChannelStore();
  const accounts = new MemoryAccountStore();
  const actions = new MemoryRemoteActionStore(orders);
  const activities = new MemoryActivityLog();
  const channelId = `${marketplace}-it`;
  await channels.createChannel({
    channelId,
    name: channelId,
    marketplace,
    accountId,
    siteIds: [siteId],
    country: 'IT',
    timeZone: 'Europe/Rome',
    ordersSync: true,
    trackingSync: true,
    ordersFrom: '2026-11-01T00:00:00.000Z',
  });
  const account = anAccount({
    marketplace,
    accountId,
    expiries: [{ what: 'signing-key', at: '2029-01-01T00:00:00.000Z' }],
  });
  await accounts.putAccount(account, 0);
  const id = orderId(marketplace, marketplaceOrderId);
  const name = { marketplace, marketplaceOrderId };
  /** What the next pull would store. */
  const pull = async (): Promise<Order> => {
    const remote = await reader.fetchOrder({ accountId, siteId, marketplaceOrderId });
    if (remote === undefined) throw new Error(`no order ${marketplaceOrderId}`);
    const order = { ...remote.order, channelId };
    await orders.putOrder(order);
    return order;
  };
  await pull();
  const queue = new MemoryJobQueue<RemoteActionJob>();
  const queues = { amazon: queue, ebay: queue, manomano: queue };
  const facts = { orders, channels, accounts, actions, activities, clock };
  const read = async (actionId = 'action-1'): Promise<RemoteAction> => {
    const found = await actions.get({ orderId: id, actionId });
    if (found === undefined) throw new Error(`no action ${actionId}`);
    return found;
  };
  const performing: PerformRemoteActionDeps = {
    ...facts,
    ...acting,
    marketplace,
    quota: new MemoryQuotaStore(),
  };
  return {
    ...{
      id,
      name,
      facts,
      queues,
      queue,
      orders,
      channels,
      accounts,
      account,
      actions,
      activities,
      pull,
      read,
    },
    performing,
    ask: (wish: RemoteActionWish, actionId = 'action-1', actor = 'person-1') =>
      requestRemoteAction({ ...facts, queues, actor }, name, actionId, wish),
    perform: async (actionId = 'action-1', store: RemoteActionStore = actions) =>
      performRemoteAction(
        { ...performing, actions: store },
        remoteActionJob(await read(actionId), 'test'),
        () => REMAINING_MS,
      ),
    plan: () => planRemoteActions({ actions, queues, clock }),
  };
}
export type RemoteWorld = Awaited<ReturnType<typeof remoteWorld>>;
