import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, expect, inject, test } from 'vitest';
import { createAccountStore } from '../../shared/adapters/dynamodb/account-store.ts';
import { createActivityLog } from '../../shared/adapters/dynamodb/activity-log.ts';
import { createBuyerEraser } from '../../shared/adapters/dynamodb/buyer-eraser.ts';
import { createBuyerStore } from '../../shared/adapters/dynamodb/buyer-store.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createConfirmationStore } from '../../shared/adapters/dynamodb/confirmation-store.ts';
import { createCourierAccountStore } from '../../shared/adapters/dynamodb/courier-account-store.ts';
import {
  createDeadlineWatchStore,
  createShippingRatesStore,
} from '../../shared/adapters/dynamodb/deadline-store.ts';
import { createFollowUpStore } from '../../shared/adapters/dynamodb/follow-up-store.ts';
import { createIdempotencyStore } from '../../shared/adapters/dynamodb/idempotency-store.ts';
import { createListingPlanStore } from '../../shared/adapters/dynamodb/listing-plan-store.ts';
import { createListingStore, createListingSyncStore } from '../../shared/adapters/dynamodb/listing-store.ts';
import { createOrderList } from '../../shared/adapters/dynamodb/order-list.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createOrdersToShip, createShipmentsToScan } from '../../shared/adapters/dynamodb/orders-to-ship.ts';
import { createProductStore } from '../../shared/adapters/dynamodb/product-store.ts';
import { createProviderAccountStore } from '../../shared/adapters/dynamodb/provider-account-store.ts';
import { createPullLease } from '../../shared/adapters/dynamodb/pull-lease.ts';
import { createQuotaStore } from '../../shared/adapters/dynamodb/quota-store.ts';
import { createReceiptSettingsStore } from '../../shared/adapters/dynamodb/receipt-settings-store.ts';
import { createReceiptStore } from '../../shared/adapters/dynamodb/receipt-store.ts';
import { createReceiptSweepStore } from '../../shared/adapters/dynamodb/receipt-sweep-store.ts';
import { createReceiptUploadStore } from '../../shared/adapters/dynamodb/receipt-upload-store.ts';
import { createRemoteActionStore } from '../../shared/adapters/dynamodb/remote-action-store.ts';
import { createReportStore } from '../../shared/adapters/dynamodb/report-store.ts';
import { createSettlementSearchStore } from '../../shared/adapters/dynamodb/settlement-search-store.ts';
import { createShipmentStore } from '../../shared/adapters/dynamodb/shipment-store.ts';
import { createStatementStore } from '../../shared/adapters/dynamodb/statement-store.ts';
import { keys } from '../../shared/adapters/dynamodb/table.ts';
import { createBuyerTable, createStateTable, testClient } from '../support/dynamodb-local.ts';
import { aBuyer } from '../support/orders.ts';
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

const client = testClient(inject('dynamoDbEndpoint'));
afterAll(() => client.destroy());

orderStoreContract('DynamoDB', async () => createOrderStore(client, await createStateTable(client)));
listingStoresContract('DynamoDB', async () => {
  const table = await createStateTable(client);
  return {
    listings: createListingStore(client, table),
    syncs: createListingSyncStore(client, table),
    products: createProductStore(client, table),
    plans: createListingPlanStore(client, table),
  };
});
orderListContract('DynamoDB', async () => {
  const table = await createStateTable(client);
  return { store: createOrderStore(client, table), list: createOrderList(client, table) };
});
ordersToShipContract('DynamoDB', async () => {
  const table = await createStateTable(client);
  return { store: createOrderStore(client, table), toShip: createOrdersToShip(client, table) };
});
shipmentsToScanContract('DynamoDB', async () => {
  const table = await createStateTable(client);
  return {
    shipments: createShipmentStore(client, table),
    toScan: createShipmentsToScan(client, table),
  };
});
deadlineWatchStoreContract('DynamoDB', async () =>
  createDeadlineWatchStore(client, await createStateTable(client)),
);
shippingRatesStoreContract('DynamoDB', async () =>
  createShippingRatesStore(client, await createStateTable(client)),
);
courierAccountStoreContract('DynamoDB', async () =>
  createCourierAccountStore(client, await createStateTable(client)),
);
accountStoreContract('DynamoDB', async () => createAccountStore(client, await createStateTable(client)));
followUpStoreContract('DynamoDB', async () => createFollowUpStore(client, await createStateTable(client)));
activityLogContract('DynamoDB', async () => createActivityLog(client, await createStateTable(client)));
idempotencyStoreContract('DynamoDB', async () =>
  createIdempotencyStore(client, await createStateTable(client)),
);
channelStoreContract('DynamoDB', async () => createChannelStore(client, await createStateTable(client)));
quotaStoreContract('DynamoDB', async () => createQuotaStore(client, await createStateTable(client)));
pullLeaseContract('DynamoDB', async () => createPullLease(client, await createStateTable(client)));
buyerStoreContract('DynamoDB', async () => createBuyerStore(client, await createBuyerTable(client)));
buyerEraserContract('DynamoDB', async () => {
  const table = await createBuyerTable(client);
  return { buyers: createBuyerStore(client, table), eraser: createBuyerEraser(client, table) };
});
providerAccountStoreContract('DynamoDB', async () =>
  createProviderAccountStore(client, await createStateTable(client)),
);
reportStoreContract('DynamoDB', async () => createReportStore(client, await createStateTable(client)));
statementStoreContract('DynamoDB', async () => createStatementStore(client, await createStateTable(client)));
receiptStoreContract('DynamoDB', async () => createReceiptStore(client, await createStateTable(client)));
receiptSettingsStoreContract('DynamoDB', async () =>
  createReceiptSettingsStore(client, await createStateTable(client)),
);
receiptSweepStoreContract('DynamoDB', async () =>
  createReceiptSweepStore(client, await createStateTable(client)),
);
receiptUploadStoreContract('DynamoDB', async () =>
  createReceiptUploadStore(client, await createStateTable(client)),
);
remoteActionStoreContract('DynamoDB', async () => {
  const table = await createStateTable(client);
  return { orders: createOrderStore(client, table), actions: createRemoteActionStore(client, table) };
});
settlementSearchContract('DynamoDB', async () =>
  createSettlementSearchStore(client, await createStateTable(client)),
);
shipmentStoresContract('DynamoDB', async () => {
  const table = await createStateTable(client);
  return {
    shipments: createShipmentStore(client, table),
    confirmations: createConfirmationStore(client, table),
  };
});

test('a stored buyer carries the second after which DynamoDB deletes it, two days behind the job', async () => {
  const table = await createBuyerTable(client);
  await createBuyerStore(client, table).putBuyer(aBuyer({ expiresAt: '2026-12-24T22:59:59.000Z' }));
  const { pk } = keys.buyer(aBuyer().orderId);
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: { pk: { S: pk } } }));
  expect(Item?.expiresAtSeconds).toEqual({ N: String(Date.parse('2026-12-26T22:59:59Z') / 1000) });
});

test('a cursor that is not one is refused before anything is asked', async () => {
  const store = createOrderStore(client, await createStateTable(client));
  await expect(store.listOrders({ channelId: 'amazon-it', limit: 2, cursor: 'forged' })).rejects.toThrow(
    'not a cursor of this list',
  );
});

test('what DynamoDB says of a failed write of a buyer is not passed on: it may quote the row', async () => {
  const quoting = testClient(inject('dynamoDbEndpoint'));
  const said = Object.assign(new Error('ValidationException: Buyer One'), { name: 'ValidationException' });
  quoting.middlewareStack.add(() => () => Promise.reject(said), { step: 'initialize' });
  const failure = await createBuyerStore(quoting, 'buyers')
    .putBuyer(aBuyer())
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ message: 'dynamodb: ValidationException' });
  expect(failure).not.toHaveProperty('cause');
  quoting.destroy();
});
