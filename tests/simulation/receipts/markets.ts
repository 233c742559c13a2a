import { DEMO_ACCOUNT, DEMO_SITES, demoOrders } from '../../../local/partners/amazon/demo-shop.ts';
import { createAmazonStandIn } from '../../../local/partners/amazon/stand-in.ts';
import { DEMO_CONTRACTS, DEMO_MANOMANO, manomanoOrder } from '../../../local/partners/manomano/demo-shop.ts';
import { createManomanoStandIn, type ManomanoTrouble } from '../../../local/partners/manomano/stand-in.ts';
import { CREATE_FEED_QUOTA, GET_FEED_QUOTA } from '../../../shared/adapters/amazon/feeds.ts';
import { createAmazonReceiptUploader } from '../../../shared/adapters/amazon/receipt-upload.ts';
import { createManomanoClient, MANOMANO_CALLS_QUOTA } from '../../../shared/adapters/manomano/client.ts';
import { createManomanoReceiptUploader } from '../../../shared/adapters/manomano/receipt-upload.ts';
import type { Order } from '../../../shared/domain/order.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import type { ReceiptUploader } from '../../../shared/ports/receipt-uploader.ts';
import type { UploadMarketplace } from '../../../shared/usecases/plan-receipt-uploads.ts';
import type { UploadCalls } from '../../../shared/usecases/upload-receipt.ts';
import { standInClient } from '../../support/amazon-client.ts';
import { partnerFetch } from '../../support/partner-fetch.ts';
import type { Random } from '../random.ts';

/** A marketplace with a truth of its own, and our way to it. */
export interface Market {
  readonly marketplace: UploadMarketplace;
  readonly accountId: string;
  readonly siteId: string;
  readonly uploader: ReceiptUploader;
  readonly sending: UploadCalls;
  readonly asking: UploadCalls;
  /** What others call of the same allowance in an hour, and how: pulls. */
  readonly othersPerHour: number;
  pull(): Promise<void>;
  readonly fetch: typeof fetch;
  /** Sells one thing, and says what our pulls would store of it. */
  sell(number: number): Pick<Order, 'marketplaceOrderId' | 'siteName'>;
  /** SHA-256 of every document it has of an order. */
  documents(marketplaceOrderId: string): readonly string[];
  /** The next call meets some trouble. */
  trouble(random: Random): void;
}

const TROUBLES: readonly ManomanoTrouble[] = [
  'server-error',
  'server-error-after',
  'dropped',
  'dropped-after',
  'truncated',
  'throttled-header',
  'refused-413',
];

export function manomanoMarket(clock: Clock): Market {
  const standIn = createManomanoStandIn({
    apiKey: DEMO_MANOMANO.apiKey,
    contracts: Object.values(DEMO_CONTRACTS),
    orders: [],
    now: clock.now,
  });
  const client = createManomanoClient({ apiKey: DEMO_MANOMANO.apiKey });
  const calls = { operation: 'calls', plan: MANOMANO_CALLS_QUOTA };
  const line = { sku: 'DEMO-TRAPANO', title: 'Trapano dimostrativo', quantity: 1, unitCents: 2_490 };
  return {
    marketplace: 'manomano',
    accountId: DEMO_MANOMANO.accountId,
    siteId: String(DEMO_CONTRACTS.itSelf.contractId),
    uploader: createManomanoReceiptUploader(async () => client),
    ...{ sending: calls, asking: calls },
    othersPerHour: 60,
    async pull() {
      // What it answers is of no matter here, only that it is a call.
      const query = { seller_contract_id: String(DEMO_CONTRACTS.frSelf.contractId), limit: '1' };
      await client
        .call({ operation: 'orders', method: 'GET', path: '/orders/v1/orders', query })
        .catch(() => undefined);
    },
    fetch: partnerFetch(standIn),
    sell(number) {
      const reference = `M26${String(number).padStart(11, '0')}`;
      const sale = { contract: 'itSelf', placedDaysAgo: 1, status: 'SHIPPED', shippingCents: 0 } as const;
      standIn.putOrder(manomanoOrder({ reference, ...sale, lines: [line] }, number, clock.now()));
      return { marketplaceOrderId: reference, siteName: 'ManoMano' };
    },
    documents: (reference) => standIn.documents(reference).map(({ sha256 }) => sha256),
    trouble: (random) => standIn.trouble(random.pick(TROUBLES), 1),
  };
}

export function amazonMarket(clock: Clock): Market {
  const standIn = createAmazonStandIn({
    account: DEMO_ACCOUNT,
    marketplaceIds: [DEMO_SITES.it.marketplaceId],
    personalData: true,
    orders: [],
    now: clock.now,
  });
  const shipped = demoOrders(clock.now()).find(
    ({ fulfillment, salesChannel }) =>
      fulfillment?.fulfillmentStatus === 'SHIPPED' &&
      salesChannel.marketplaceId === DEMO_SITES.it.marketplaceId,
  );
  if (shipped === undefined) throw new Error('the demonstration has no shipped order');
  const client = standInClient(standIn);
  return {
    marketplace: 'amazon',
    accountId: DEMO_ACCOUNT.sellerId,
    siteId: DEMO_SITES.it.marketplaceId,
    uploader: createAmazonReceiptUploader(async () => client, clock),
    sending: { operation: 'createFeed', plan: CREATE_FEED_QUOTA },
    asking: { operation: 'getFeed', plan: GET_FEED_QUOTA },
    // Feeds are ours alone, but for what people have Amazon do to an order.
    othersPerHour: 0,
    pull: async () => {},
    fetch: partnerFetch(standIn),
    sell(number) {
      const orderId = `404-0000000-${String(number).padStart(7, '0')}`;
      standIn.putOrder({ ...shipped, orderId });
      return { marketplaceOrderId: orderId, siteName: 'Amazon.it' };
    },
    documents: (orderId) => standIn.invoices(orderId).map(({ sha256 }) => sha256),
    trouble: (random) =>
      standIn.trouble(random.pick(['throttled', 'server-error', 'dropped', 'dropped-after'] as const), 1),
  };
}
