import { MemoryAccountStore } from '../support/memory/account-store.ts';
import { MemoryActivityLog } from '../support/memory/activity-log.ts';
import { MemoryBuyerStore } from '../support/memory/buyer-store.ts';
import { MemoryChannelStore } from '../support/memory/channel-store.ts';
import { MemoryCourierAccountStore } from '../support/memory/courier-account-store.ts';
import { MemoryDeadlineWatchStore, MemoryShippingRatesStore } from '../support/memory/deadline-store.ts';
import { MemoryFollowUpStore } from '../support/memory/follow-up-store.ts';
import { MemoryIdempotencyStore } from '../support/memory/idempotency-store.ts';
import {
  MemoryListingPlanStore,
  MemoryListingStore,
  MemoryListingSyncStore,
  MemoryProductStore,
} from '../support/memory/listing-stores.ts';
import { memoryOrderList } from '../support/memory/order-list.ts';
import { MemoryOrderStore } from '../support/memory/order-store.ts';
import { memoryOrdersToShip, memoryShipmentsToScan } from '../support/memory/orders-to-ship.ts';
import { MemoryProviderAccountStore } from '../support/memory/provider-account-store.ts';
import { MemoryPullLease } from '../support/memory/pull-lease.ts';
import { MemoryQuotaStore } from '../support/memory/quota-store.ts';
import { MemoryReceiptSettingsStore, MemoryReceiptStore } from '../support/memory/receipt-store.ts';
import { MemoryReceiptSweepStore } from '../support/memory/receipt-sweep-store.ts';
import { MemoryReceiptUploadStore } from '../support/memory/receipt-upload-store.ts';
import { MemoryRemoteActionStore } from '../support/memory/remote-action-store.ts';
import { MemoryReportStore, MemoryStatementStore } from '../support/memory/report-store.ts';
import { MemorySettlementSearchStore } from '../support/memory/settlement-search-store.ts';
import { MemoryShipmentStores } from '../support/memory/shipment-stores.ts';
import { accountStoreContract, followUpStoreContract } from './account-stores.contract.ts';
import { courierAccountStoreContract } from './courier-account-store.contract.ts';
import { deadlineWatchStoreContract, shippingRatesStoreContract } from './deadline-stores.contract.ts';
import { activityLogContract, idempotencyStoreContract } from './http-stores.contract.ts';
import { listingStoresContract } from './listing-stores.contract.ts';
import { orderListContract } from './order-list.contract.ts';
import { orderStoreContract } from './order-store.contract.ts';
import { ordersToShipContract, shipmentsToScanContract } from './orders-to-ship.contract.ts';
import { buyerEraserContract, providerAccountStoreContract } from './personal-data-stores.contract.ts';
import {
  buyerStoreContract,
  channelStoreContract,
  pullLeaseContract,
  quotaStoreContract,
} from './pull-stores.contract.ts';
import {
  receiptSettingsStoreContract,
  receiptStoreContract,
  receiptSweepStoreContract,
} from './receipt-stores.contract.ts';
import { receiptUploadStoreContract } from './receipt-upload-store.contract.ts';
import { remoteActionStoreContract } from './remote-action-store.contract.ts';
import { reportStoreContract, statementStoreContract } from './report-stores.contract.ts';
import { settlementSearchContract } from './settlement-search.contract.ts';
import { shipmentStoresContract } from './shipment-stores.contract.ts';

orderStoreContract('memory', async () => new MemoryOrderStore());
listingStoresContract('memory', async () => ({
  listings: new MemoryListingStore(),
  syncs: new MemoryListingSyncStore(),
  products: new MemoryProductStore(),
  plans: new MemoryListingPlanStore(),
}));
orderListContract('memory', async () => {
  const store = new MemoryOrderStore();
  return { store, list: memoryOrderList(store) };
});
ordersToShipContract('memory', async () => {
  const store = new MemoryOrderStore();
  return { store, toShip: memoryOrdersToShip(store) };
});
shipmentsToScanContract('memory', async () => {
  const { shipments } = new MemoryShipmentStores();
  return { shipments, toScan: memoryShipmentsToScan(shipments) };
});
deadlineWatchStoreContract('memory', async () => new MemoryDeadlineWatchStore());
shippingRatesStoreContract('memory', async () => new MemoryShippingRatesStore());
courierAccountStoreContract('memory', async () => new MemoryCourierAccountStore());
accountStoreContract('memory', async () => new MemoryAccountStore());
followUpStoreContract('memory', async () => new MemoryFollowUpStore());
activityLogContract('memory', async () => new MemoryActivityLog());
idempotencyStoreContract('memory', async () => new MemoryIdempotencyStore());
channelStoreContract('memory', async () => new MemoryChannelStore());
quotaStoreContract('memory', async () => new MemoryQuotaStore());
pullLeaseContract('memory', async () => new MemoryPullLease());
buyerStoreContract('memory', async () => new MemoryBuyerStore());
buyerEraserContract('memory', async () => {
  const buyers = new MemoryBuyerStore();
  return { buyers, eraser: buyers };
});
providerAccountStoreContract('memory', async () => new MemoryProviderAccountStore());
reportStoreContract('memory', async () => new MemoryReportStore());
statementStoreContract('memory', async () => new MemoryStatementStore());
receiptStoreContract('memory', async () => new MemoryReceiptStore());
receiptSettingsStoreContract('memory', async () => new MemoryReceiptSettingsStore());
receiptSweepStoreContract('memory', async () => new MemoryReceiptSweepStore());
receiptUploadStoreContract('memory', async () => new MemoryReceiptUploadStore());
remoteActionStoreContract('memory', async () => {
  const orders = new MemoryOrderStore();
  return { orders, actions: new MemoryRemoteActionStore(orders) };
});
settlementSearchContract('memory', async () => new MemorySettlementSearchStore());
shipmentStoresContract('memory', async () => new MemoryShipmentStores());
