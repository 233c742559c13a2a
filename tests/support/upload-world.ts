import { DEMO_MANOMANO } from '../../local/partners/manomano/demo-shop.ts';
import { createAmazonReceiptUploader } from '../../shared/adapters/amazon/receipt-upload.ts';
import { createManomanoClient } from '../../shared/adapters/manomano/client.ts';
import { createManomanoReceiptUploader } from '../../shared/adapters/manomano/receipt-upload.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import { type Order, orderId } from '../../shared/domain/order.ts';
import { type Receipt, receiptId } from '../../shared/domain/receipt.ts';
import {
  type ReceiptUpload,
  type ReceiptUploadJob,
  receiptUploadJob,
} from '../../shared/domain/receipt-upload.ts';
import type { ReceiptUploader } from '../../shared/ports/receipt-uploader.ts';
import { planReceiptUploads, type UploadMarketplace } from '../../shared/usecases/plan-receipt-uploads.ts';
import { retryUpload } from '../../shared/usecases/receipt-uploads-for-people.ts';
import { requestReceiptUpload } from '../../shared/usecases/request-receipt-upload.ts';
import { type UploadReceiptDeps, uploadReceipt } from '../../shared/usecases/upload-receipt.ts';
import { anAccount } from './accounts.ts';
import { standInClient } from './amazon-client.ts';
import { MemoryAccountStore } from './memory/account-store.ts';
import { MemoryActivityLog } from './memory/activity-log.ts';
import { MemoryChannelStore } from './memory/channel-store.ts';
import { MemoryJobQueue } from './memory/job-queue.ts';
import { MemoryOrderStore } from './memory/order-store.ts';
import { MemoryQuotaStore } from './memory/quota-store.ts';
import { MemoryReceiptFiles } from './memory/receipt-files.ts';
import { MemoryReceiptStore } from './memory/receipt-store.ts';
import { MemoryReceiptUploadStore } from './memory/receipt-upload-store.ts';
import { aDraft } from './receipts.ts';
import { amazonPartner, manomanoPartner, type RemotePartner, type TestClock } from './remote-world.ts';

/** Far more than a worker needs. */
const REMAINING_MS = 175_000;
export const PDF = new TextEncoder().encode('%PDF-1.7\nan invented receipt\n%%EOF\n');

export function manomanoUploads(clock: TestClock) {
  const partner = manomanoPartner(clock);
  const uploader = createManomanoReceiptUploader(async () =>
    createManomanoClient({ apiKey: DEMO_MANOMANO.apiKey }),
  );
  return { partner, uploader, standIn: partner.standIn };
}

export function amazonUploads(clock: TestClock) {
  const partner = amazonPartner(clock);
  const client = standInClient(partner.standIn);
  return {
    partner,
    uploader: createAmazonReceiptUploader(async () => client, clock),
    standIn: partner.standIn,
  };
}

/** Everything of ours but the database and the network, around one issued receipt of a partner's order. */
export async function uploadWorld(
  clock: TestClock,
  { partner, uploader }: { readonly partner: RemotePartner; readonly uploader: ReceiptUploader },
  marketplaceOrderId: string,
  { channel = {}, order = {} }: { readonly channel?: Partial<Channel>; readonly order?: Partial<Order> } = {},
) {
  const { accountId, siteId, reader } = partner;
  const marketplace: UploadMarketplace = partner.marketplace === 'manomano' ? 'manomano' : 'amazon';
  const orders = new MemoryOrderStore();
  const channels = new MemoryChannelStore();
  const accounts = new MemoryAccountStore();
  const receipts = new MemoryReceiptStore();
  const uploads = new MemoryReceiptUploadStore();
  const files = new MemoryReceiptFiles();
  const activities = new MemoryActivityLog();
  const quota = new MemoryQuotaStore();
  const channelId = `${marketplace}-it`;
  await channels.createChannel({
    ...{ channelId, marketplace, accountId },
    name: channelId,
    siteIds: [siteId],
    country: 'IT',
    timeZone: 'Europe/Rome',
    ordersSync: true,
    receiptsSync: true,
    ordersFrom: '2026-11-01T00:00:00.000Z',
    ...channel,
  });
  await accounts.putAccount(anAccount({ marketplace, accountId }), 0);
  const id = orderId(marketplace, marketplaceOrderId);
  const remote = await reader.fetchOrder({ accountId, siteId, marketplaceOrderId });
  if (remote === undefined) throw new Error(`no order ${marketplaceOrderId}`);
  await orders.putOrder({ ...remote.order, channelId, ...order });

  const named = receiptId(id, 'sale', '1');
  const [created] = await receipts.create([aDraft({ orderId: id, marketplace, channelId })]);
  if (created === undefined) throw new Error('no receipt');
  const issued: Receipt = {
    ...created.receipt,
    state: 'issued',
    file: await files.keep('receipts/1.pdf', PDF),
    dueAt: undefined,
  };
  await receipts.change(issued);

  const every = { operation: 'calls', plan: { ratePerSecond: 100, burst: 1_000 } };
  const queue = new MemoryJobQueue<ReceiptUploadJob>();
  const deps: UploadReceiptDeps = {
    ...{ marketplace, uploads, receipts, orders, channels, accounts, files, uploader, quota, clock },
    sending: every,
    asking: every,
  };
  const read = async (): Promise<ReceiptUpload> => {
    const upload = (await uploads.getMany([named])).get(named);
    if (upload === undefined) throw new Error('nothing is uploaded');
    return upload;
  };
  const planning = {
    ...{ uploads, quota, clock },
    queues: { amazon: queue, manomano: queue },
    sending: { amazon: every, manomano: every },
  };
  const plan = () => planReceiptUploads({ ...planning, channels });
  return {
    ...{
      id,
      named,
      orders,
      channels,
      accounts,
      receipts,
      uploads,
      files,
      activities,
      quota,
      queue,
      deps,
      read,
      plan,
    },
    request: () => requestReceiptUpload({ receipts, orders, channels, ...planning }, named),
    /** Works on it once, as if it were due. */
    work: async (by = deps, remainingMs = REMAINING_MS) =>
      uploadReceipt(by, receiptUploadJob(await read(), 'test'), () => remainingMs),
    retry: (seen?: 'there' | 'not-there') =>
      retryUpload({ uploads, activities, clock, actor: 'person-1' }, named, seen),
  };
}
export type UploadWorld = Awaited<ReturnType<typeof uploadWorld>>;
