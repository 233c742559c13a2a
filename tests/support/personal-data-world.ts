import type { ProviderPerson } from '../../local/partners/personal-data-provider/stand-in.ts';
import { createHttpProvider } from '../../shared/adapters/http-provider/provider.ts';
import { createHttpProviderSource } from '../../shared/adapters/http-provider/source.ts';
import { createProviderKeyStore } from '../../shared/adapters/ssm/provider-key-store.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import type { FollowUp } from '../../shared/domain/follow-up.ts';
import type { Order } from '../../shared/domain/order.ts';
import type { PersonalDataSource } from '../../shared/ports/personal-data-source.ts';
import {
  type DeletePersonalDataDeps,
  deletePersonalData,
} from '../../shared/usecases/delete-personal-data.ts';
import { type FetchPersonalDataDeps, fetchPersonalData } from '../../shared/usecases/fetch-personal-data.ts';
import { type MatchModuleDeps, matchModule } from '../../shared/usecases/match-module.ts';
import { connected, createProviderAccount } from '../../shared/usecases/provider-accounts.ts';
import { MemoryActivityLog } from './memory/activity-log.ts';
import { MemoryBuyerStore } from './memory/buyer-store.ts';
import { MemoryChannelStore } from './memory/channel-store.ts';
import { MemoryCredentialStore } from './memory/credential-store.ts';
import { MemoryFollowUpStore } from './memory/follow-up-store.ts';
import { MemoryOrderStore } from './memory/order-store.ts';
import { MemoryProviderAccountStore } from './memory/provider-account-store.ts';
import { MemoryQuotaStore } from './memory/quota-store.ts';
import { anOrder } from './orders.ts';
import { aProvider, CUSTOMER, PERSON, PROVIDER_KEY, PROVIDER_URL } from './provider-world.ts';

export const A_CHANNEL: Channel = {
  channelId: 'amazon-it',
  name: 'Sito Amazon',
  marketplace: 'amazon',
  accountId: 'A1EXAMPLE',
  siteIds: ['APJ6JRA9NG5V4'],
  country: 'IT',
  timeZone: 'Europe/Rome',
  ordersSync: true,
  ordersFrom: '2026-11-01T00:00:00.000Z',
};
const START_MS = Date.parse('2026-11-23T09:00:00.000Z');
const BUDGET_MS = 600_000;

/** Personal data on memory stores with a provider's stand-in, at a clock that is set by hand. */
export function aPersonalDataWorld(options: { readonly fetchingMs?: number } = {}) {
  const clock = { nowMs: START_MS, now: () => clock.nowMs };
  const { standIn, client, contract } = aProvider({ ...options, now: clock.now });
  const keys = createProviderKeyStore(new MemoryCredentialStore());
  const stores = {
    followUps: new MemoryFollowUpStore(),
    orders: new MemoryOrderStore(),
    buyers: new MemoryBuyerStore(),
    channels: new MemoryChannelStore([A_CHANNEL]),
    accounts: new MemoryProviderAccountStore(),
    activity: new MemoryActivityLog(),
    quota: new MemoryQuotaStore(),
  };
  const provider = createHttpProvider(client);
  const orderSource: { source: PersonalDataSource } = {
    source: {
      ordersPerCallMax: 1,
      fetch: () => {
        throw new Error('nobody said that the marketplace may be asked');
      },
    },
  };
  const matchDeps: MatchModuleDeps = { ...stores, keys, provider, clock };
  const fetchDeps: FetchPersonalDataDeps = {
    ...stores,
    clock,
    marketplace: 'amazon',
    orderSource: {
      get source() {
        return orderSource.source;
      },
      operation: 'getOrder',
      plan: { ratePerSecond: 10, burst: 1000 },
    },
    moduleSource: (account, moduleId) => ({
      source: createHttpProviderSource(
        client,
        async () => (await connected({ keys }, account)).connection,
        moduleId,
      ),
      operation: 'personal-information',
      plan: { ratePerSecond: 10, burst: 1000 },
    }),
  };
  const deleteDeps: DeletePersonalDataDeps = {
    ...stores,
    eraser: stores.buyers,
    keys,
    provider,
    clock,
    alsoDelete: [],
  };
  return {
    ...stores,
    clock,
    keys,
    standIn,
    contract,
    matchDeps,
    fetchDeps,
    deleteDeps,
    fetch: () => fetchPersonalData(fetchDeps, () => BUDGET_MS),
    delete: () => deletePersonalData(deleteDeps, () => BUDGET_MS),
    /** Lets the marketplace itself be asked from here on. */
    askMarketplace(source: PersonalDataSource) {
      orderSource.source = source;
    },
    /** A provider account whose module is matched to the channel. */
    async openAccount() {
      const created = await createProviderAccount(
        matchDeps,
        {
          kind: 'http-provider',
          providerAccountId: 'main',
          name: 'Provider',
          baseUrl: PROVIDER_URL,
          apiKey: PROVIDER_KEY,
          customer: CUSTOMER,
        },
        'owner',
      );
      if (created.outcome !== 'done') throw new Error(created.problem);
      const accountId = created.account.remote?.remoteAccountId ?? '';
      standIn.addModule({ id: 'mod-it', accountId, kind: 'amazon', marketplace: 'IT', label: 'Amazon.it' });
      standIn.addModule({ id: 'mod-de', accountId, kind: 'amazon', marketplace: 'DE', label: 'Amazon.de' });
      return created.account;
    },
    async openMatched() {
      await this.openAccount();
      const wanted = { providerAccountId: 'main', moduleId: 'mod-it', channelId: 'amazon-it' };
      const matched = await matchModule(matchDeps, wanted, 'owner');
      if (matched.outcome !== 'done') throw new Error(matched.problem);
    },
    /** An order that was pulled without its person, and what the provider knows of them. */
    async pulled(
      number: number,
      person: ProviderPerson | 'unknown' = PERSON,
      overrides: Partial<Order> = {},
    ) {
      const marketplaceOrderId = `404-0000001-${String(number).padStart(7, '0')}`;
      const order = anOrder({
        marketplaceOrderId,
        shipBy: { latest: '2026-11-26T10:00:00.000Z' },
        ...overrides,
      });
      const { orderId, marketplace, accountId, siteId, channelId } = order;
      const followUp: FollowUp = {
        ...{ orderId, marketplace, marketplaceOrderId, accountId, siteId, channelId },
        kind: 'personal-data',
        orderLineId: '',
        wantedAt: new Date(clock.now()).toISOString(),
        deadline: order.shipBy.latest,
        state: 'waiting',
        dueAt: new Date(clock.now()).toISOString(),
        attempts: 0,
        version: 1,
      };
      await stores.followUps.ensure(followUp);
      await stores.orders.putOrder(order, 'refused');
      if (person !== 'unknown') standIn.putPerson(marketplaceOrderId, { person });
      return order;
    },
    async followUpOf({ orderId }: Pick<Order, 'orderId'>, kind: FollowUp['kind'] = 'personal-data') {
      return stores.followUps.get({ orderId, kind, orderLineId: '' });
    },
    async stateOf({ orderId }: Pick<Order, 'orderId'>) {
      return (await stores.orders.getMany([orderId])).get(orderId)?.personalData;
    },
    async activities() {
      return (await stores.activity.list({ limit: 100 })).activities;
    },
  };
}
