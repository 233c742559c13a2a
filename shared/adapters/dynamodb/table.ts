/**
 * Keys and indexes of the state table and the buyer table, declared once: repositories build items with them,
 * infrastructure builds the tables from them. See docs/data-model.md.
 */
export const STATE_TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Seconds since the epoch; only rows that are of no use after some time have it (request keys). */
  timeToLive: 'expiresAtSeconds',
  indexes: {
    /** Orders of a channel by purchase time. Only items with these keys are in it. */
    ordersByChannel: { name: 'ordersByChannel', partitionKey: 'channelKey', sortKey: 'purchasedKey' },
    /** Sparse: orders that have payment rows but have not been pulled. */
    waitingOrders: { name: 'waitingOrders', partitionKey: 'waitingKey', sortKey: 'waitingSinceKey' },
    /** Reports of a channel by upload time. */
    reportsByChannel: { name: 'reportsByChannel', partitionKey: 'reportChannelKey', sortKey: 'uploadedKey' },
    /** Sparse: work on an order that is to be tried again at an instant (personal data, customisations). */
    dueFollowUps: { name: 'dueFollowUps', partitionKey: 'dueKey', sortKey: 'dueAt' },
    /** Shipments by the time they were made or registered. Keys only: a check that moves must not write it. */
    shipmentsByTime: {
      name: 'shipmentsByTime',
      partitionKey: 'shipmentsKey',
      sortKey: 'shipmentMadeKey',
      keysOnly: true,
    },
    /**
     * Sparse: shipments whose courier is to be asked again, by when. Keys only: an open shipment moves in it some forty
     * times, and each move would copy all its events.
     */
    dueChecks: { name: 'dueChecks', partitionKey: 'checkKey', sortKey: 'checkAt', keysOnly: true },
    /** Sparse: orders that we still have to ship, by the instant they have to leave. */
    ordersToShip: { name: 'ordersToShip', partitionKey: 'toShipKey', sortKey: 'shipByKey' },
    /** Receipts of a month, by issue date and number. */
    receiptsByMonth: { name: 'receiptsByMonth', partitionKey: 'receiptMonthKey', sortKey: 'receiptKey' },
  },
} as const;

export const BUYER_TABLE = {
  partitionKey: 'pk',
  /** Seconds since the epoch; DynamoDB deletes the row some time after it, if the job did not do it before. */
  timeToLive: 'expiresAtSeconds',
  indexes: {
    /** Sparse: what is to be deleted, by when. Keys only: there are no people in it. */
    buyersByEnd: { name: 'buyersByEnd', partitionKey: 'endKey', sortKey: 'endsAt', keysOnly: true },
  },
} as const;

/** Key builders: the only place that knows how a key is spelled. */
export const keys = {
  order: (orderId: string) => ({ pk: `ORDER#${orderId}`, sk: 'ORDER' }),
  channel: (channelId: string) => ({ pk: 'CHANNELS', sk: `CHANNEL#${channelId}` }),
  quota: (bucket: string) => ({ pk: `QUOTA#${bucket}`, sk: 'QUOTA' }),
  report: (reportId: string) => ({ pk: `REPORT#${reportId}`, sk: 'REPORT' }),
  statementHead: (accountId: string, statementKey: string) => ({
    pk: `STATEMENTS#${accountId}`,
    sk: statementKey,
  }),
  settlementSearch: (accountId: string) => ({ pk: `SETTLEMENT_REPORTS#${accountId}`, sk: 'SEARCH' }),
  foundSettlement: (accountId: string, reportId: string) => ({
    pk: `SETTLEMENT_REPORTS#${accountId}`,
    sk: `REPORT#${reportId}`,
  }),
  buyer: (orderId: string) => ({ pk: `ORDER#${orderId}` }),
  providerAccount: (providerAccountId: string) => ({
    pk: 'PROVIDER-ACCOUNTS',
    sk: `PROVIDER-ACCOUNT#${providerAccountId}`,
  }),
  pullLease: (account: string) => ({ pk: `PULL#${account}`, sk: 'PULL' }),
  account: (marketplace: string, accountId: string) => ({
    pk: 'ACCOUNTS',
    sk: `ACCOUNT#${marketplace}/${accountId}`,
  }),
  followUp: (orderId: string, kind: string, orderLineId: string) => ({
    pk: `ORDER#${orderId}`,
    sk: `FOLLOWUP#${kind}#${orderLineId}`,
  }),
  shipment: (shipmentKey: string) => ({ pk: `SHIPMENT#${shipmentKey}`, sk: 'SHIPMENT' }),
  /** That a package number of an order is taken, and by which shipment. */
  package: (orderId: string, packageNumber: number) => ({
    pk: `ORDER#${orderId}`,
    sk: `PACKAGE#${String(packageNumber).padStart(4, '0')}`,
  }),
  confirmation: (orderId: string, shipmentKey: string) => ({
    pk: `ORDER#${orderId}`,
    sk: `CONFIRMATION#${shipmentKey}`,
  }),
  /** The counter of a year's sender references. */
  shipmentSequence: (year: number) => ({ pk: `SHIPMENT-SEQUENCE#${year}`, sk: 'SEQUENCE' }),
  courierAccount: (courier: string, courierAccountId: string) => ({
    pk: 'COURIER-ACCOUNTS',
    sk: `COURIER-ACCOUNT#${courier}/${courierAccountId}`,
  }),
  /** Partition of the index `shipmentsByTime`. */
  shipments: 'SHIPMENTS',
  /** Partition of the index `ordersToShip`. */
  ordersToShip: 'TO-SHIP',
  /** Partition of the index `ordersToShip`: shipments whose number a marketplace has, or gets, and no courier has scanned. */
  shipmentsToScan: 'TO-SCAN',
  /** Which alerts of an order's clock have been raised. */
  deadlineWatch: (orderId: string, clock: string) => ({ pk: `ORDER#${orderId}`, sk: `DEADLINE#${clock}` }),
  /** One measurement a day, `2026-11-24`. */
  shippingRates: (channelId: string, day: string) => ({ pk: `SHIPPING-RATES#${channelId}`, sk: day }),
  /** Partition of the index `dueChecks`. */
  dueChecks: (courier: string, tracking: 'wanted' | 'followed') => `CHECK#${courier}/${tracking}`,
  /** Partition of the index `dueFollowUps`: shipments that are being made. */
  dueMakings: 'DUE#making',
  /** Partition of the index `dueFollowUps`: shipments whose courier wants their events deleted. */
  eventsToDelete: 'DUE#tracking-events',
  /** Partition of the index `dueFollowUps`: what a marketplace is to be told. */
  dueConfirmations: (marketplace: string) => `DUE#confirmation/${marketplace}`,
  remoteAction: (orderId: string, actionId: string) => ({
    pk: `ORDER#${orderId}`,
    sk: `REMOTE-ACTION#${actionId}`,
  }),
  /** Partition of the index `dueFollowUps`: what people had a marketplace do, and it has not come to an end. */
  dueRemoteActions: (marketplace: string) => `DUE#remote-action/${marketplace}`,
  receipt: (orderId: string, receiptId: string) => ({ pk: `ORDER#${orderId}`, sk: `RECEIPT#${receiptId}` }),
  /** The counter of a series' numbers in a year. */
  receiptSeries: (sellerId: string, series: string, year: number) => ({
    pk: 'RECEIPT-SERIES',
    sk: `SERIES#${sellerId}#${series}#${year}`,
  }),
  receiptSettings: { pk: 'RECEIPT-SETTINGS', sk: 'SETTINGS' },
  receiptSweep: (channelId: string) => ({ pk: 'RECEIPT-SWEEPS', sk: `RECEIPT-SWEEP#${channelId}` }),
  /** Partition of the index `receiptsByMonth`, `2026-11`. */
  receiptsOfMonth: (month: string) => `RECEIPTS#${month}`,
  /** Partition of the index `dueFollowUps`: receipts that are not finished. */
  dueReceipts: 'DUE#receipt',
  receiptUpload: (orderId: string, receiptId: string) => ({
    pk: `ORDER#${orderId}`,
    sk: `RECEIPT-UPLOAD#${receiptId}`,
  }),
  /** Partition of the index `dueFollowUps`: documents of an account that a marketplace is to have, and has not. */
  openReceiptUploads: (marketplace: string, accountId: string, line: 'waiting' | 'sent') =>
    `DUE#receipt-upload/${marketplace}/${accountId}/${line}`,
  /** Partition of the index `dueFollowUps`: uploads that a person has to look at, by when they ended. */
  failedReceiptUploads: 'FAILED#receipt-upload',
  /** Remote products of a channel. */
  listing: (channelId: string, listingKey: string) => ({
    pk: `LISTINGS#${channelId}`,
    sk: `LISTING#${listingKey}`,
  }),
  listingSync: (channelId: string) => ({ pk: 'LISTING-SYNCS', sk: `LISTING-SYNC#${channelId}` }),
  listingRules: (channelId: string) => ({ pk: 'LISTING-RULES', sk: `LISTING-RULES#${channelId}` }),
  /** Dry runs of a channel; their ids begin with the time. */
  listingPlan: (channelId: string, planId: string) => ({
    pk: `LISTING-PLANS#${channelId}`,
    sk: `LISTING-PLAN#${planId}`,
  }),
  planLine: (channelId: string, planId: string, listingKey: string) => ({
    pk: `LISTING-PLAN#${channelId}#${planId}`,
    sk: `LINE#${listingKey}`,
  }),
  /** Partition of the index `dueFollowUps`: dry runs to be made and pushes to be carried on. */
  dueListingPlans: (marketplace: string) => `DUE#listing-plan/${marketplace}`,
  product: (sku: string) => ({ pk: 'CATALOGUE', sk: `PRODUCT#${sku}` }),
  idempotency: (key: string) => ({ pk: `REQUEST#${key}`, sk: 'REQUEST' }),
  /** One row per month, `2026-11`, in which something was done. */
  activityMonth: (month: string) => ({ pk: 'ACTIVITY-MONTHS', sk: month }),
  /** Partition of what was done in a month; the sort key is `<instant>#<activityId>`. */
  activitiesOfMonth: (month: string) => `ACTIVITY#${month}`,
  /** Partition of what was done to one subject; the sort key as above. */
  activitiesOfSubject: (subject: string) => `ACTIVITY-OF#${subject}`,
  /** Partition of the index `buyersByEnd`. */
  buyersToEnd: 'BUYERS',
  /** Partition of the index `dueFollowUps`. */
  due: (kind: string) => `DUE#${kind}`,
  /** Partition of the index `ordersByChannel`. */
  ordersOf: (channelId: string) => `CHANNEL#${channelId}`,
  /** Partition of the index `reportsByChannel`. */
  reportsOf: (channelId: string) => `REPORTS#${channelId}`,
  /** Partition of the index `waitingOrders`. */
  waiting: (accountId: string) => `WAITING#${accountId}`,
} as const;
