import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import {
  courierEnvSchema,
  envSchema,
  marketplaceEnvSchema,
  productEnvSchema,
  receiptEnvSchema,
  remoteActionEnvSchema,
} from '../../../functions/http-api/env.ts';
import { STATE_TABLE } from '../../../shared/adapters/dynamodb/table.ts';
import {
  CUSTOMISATION_PREFIX,
  LABEL_PREFIX,
  LOGO_PREFIX,
  RECEIPT_EXPORT_PREFIX,
  RECEIPT_PREFIX,
  RECONCILED_PREFIX,
  REPORT_PREFIX,
  SHIPMENT_FILE_PREFIX,
  SHIPMENT_RESULT_PREFIX,
} from '../../../shared/adapters/s3/keys.ts';
import { HttpApi } from '../../constructs/http-api.ts';
import { NodeFunction } from '../../constructs/node-function.ts';
import type { Confirmations } from './confirmations.ts';
import type { FeatureProps } from './feature.ts';
import type { Listings } from './listings.ts';
import type { OrderPulls } from './order-pulls.ts';
import type { ReceiptIssuing } from './receipt-issuing.ts';
import type { RemoteActions } from './remote-actions.ts';
import type { Shipments } from './shipments.ts';
import type { Tracking } from './tracking.ts';

/** Below API Gateway's 30 s, so that a slow answer is ours to explain. */
const TIMEOUT = Duration.seconds(28);
/** What a person at a screen still takes for working. */
const LATENCY_MAX = Duration.seconds(3);

/** Work that people ask for. */
export interface AskedQueues {
  readonly orderPulls: OrderPulls;
  readonly tracking: Tracking;
  readonly confirmations: Confirmations;
  readonly shipments: Shipments;
  readonly remoteActions: RemoteActions;
  readonly listings: Listings;
}

/** What people and the console talk to. */
export class PeoplesApi {
  readonly outputs: Readonly<Record<string, string>>;
  readonly api: HttpApi;

  constructor(
    scope: Construct,
    props: FeatureProps,
    {
      orderPulls,
      tracking,
      confirmations,
      shipments,
      remoteActions,
      listings,
      receipts,
    }: AskedQueues & {
      readonly receipts: ReceiptIssuing;
    },
  ) {
    const { tenant, alarms, state } = props;
    const { stateTable, buyerTable, personalFiles, reports, people } = state;
    const failureImpact = 'People cannot work: the console shows errors instead of orders and reports.';
    const handler = new NodeFunction(scope, 'HttpApiFunction', {
      tenant,
      alarms,
      name: 'http-api',
      entry: 'index.ts',
      envSchema,
      environment: {
        STATE_TABLE_NAME: stateTable.table.tableName,
        BUYER_TABLE_NAME: buyerTable.table.tableName,
        REPORT_BUCKET_NAME: reports.bucket.bucketName,
        PERSONAL_BUCKET_NAME: personalFiles.bucket.bucketName,
        CREDENTIALS_PREFIX: state.credentials.prefix,
        CREDENTIALS_KEY_ALIAS: `alias/markeplay/${tenant}`,
        ...orderPulls.queueUrls,
        ...tracking.queueUrls,
        ...confirmations.queueUrls,
      },
      timeout: TIMEOUT,
      memoryMb: 1024,
      failureImpact,
    });
    // No DeleteItem: what people did stays written down.
    stateTable.grant(handler, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem']);
    for (const index of [
      'ordersByChannel',
      'reportsByChannel',
      'waitingOrders',
      'dueFollowUps',
      'shipmentsByTime',
      'ordersToShip',
    ] as const) {
      stateTable.grantIndexQuery(handler, STATE_TABLE.indexes[index]);
    }
    buyerTable.grant(handler, ['GetItem']);
    personalFiles.grant(handler, ['Get'], CUSTOMISATION_PREFIX);
    // Keys of providers only: what has to ask a marketplace is done by a function of its own.
    state.credentials.grantRead(handler, 'personal-data');
    state.credentials.grantWrite(handler, 'personal-data');
    orderPulls.grantSend(handler);
    tracking.grantSend(handler);
    confirmations.grantSend(handler);
    reports.grantRead(handler, [RECONCILED_PREFIX]);
    reports.grantWrite(handler, [REPORT_PREFIX]);

    const api = new HttpApi(scope, 'HttpApi', {
      tenant,
      people,
      handler,
      askers: {
        amazon: askerOf(scope, props, { id: 'Amazon', name: 'amazon', spelled: 'Amazon' }),
        ebay: askerOf(scope, props, { id: 'Ebay', name: 'ebay', spelled: 'eBay' }),
        manomano: askerOf(scope, props, { id: 'Manomano', name: 'manomano', spelled: 'ManoMano' }),
        couriers: courierAskerOf(scope, props, shipments),
        'remote-actions': remoteActionAskerOf(scope, props, remoteActions),
        products: productAskerOf(scope, props, listings),
        receipts: receiptAskerOf(scope, props, receipts),
      },
    });
    alarms.add(scope, 'HttpApiServerErrorsAlarm', {
      name: 'http-api-server-errors',
      impact: failureImpact,
      metric: api.metric('5xx', Stats.SUM, Duration.minutes(5)),
      above: 5,
      periods: 3,
      periodsAbove: 2,
    });
    alarms.add(scope, 'HttpApiLatencyAlarm', {
      name: 'http-api-latency',
      impact: 'People wait for seconds on every page of the console.',
      metric: api.metric('Latency', Stats.percentile(90), Duration.minutes(5)),
      above: LATENCY_MAX.toMilliseconds(),
      periods: 6,
    });
    this.api = api;
    this.outputs = { HttpApiUrl: api.url };
  }
}

/** The function that asks one marketplace while a person waits. */
function askerOf(
  scope: Construct,
  { tenant, alarms, state }: FeatureProps,
  { id, name, spelled }: { readonly id: string; readonly name: string; readonly spelled: string },
): NodeFunction {
  const { stateTable, credentials } = state;
  const asker = new NodeFunction(scope, `HttpApi${id}Function`, {
    tenant,
    alarms,
    name: `http-api-${name}`,
    folder: 'http-api',
    entry: `${name}.ts`,
    envSchema: marketplaceEnvSchema,
    environment: {
      STATE_TABLE_NAME: stateTable.table.tableName,
      CREDENTIALS_PREFIX: credentials.prefix,
      CREDENTIALS_KEY_ALIAS: `alias/markeplay/${tenant}`,
    },
    timeout: TIMEOUT,
    memoryMb: 1024,
    failureImpact: `People can neither save nor test credentials of ${spelled}, nor see what a channel of it would bring.`,
  });
  stateTable.grant(asker, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem']);
  credentials.grantRead(asker, name);
  credentials.grantWrite(asker, name);
  return asker;
}

/** The function that asks the couriers while a person waits, and hands out labels. */
function courierAskerOf(
  scope: Construct,
  { tenant, alarms, state }: FeatureProps,
  shipments: Shipments,
): NodeFunction {
  const { stateTable, buyerTable, personalFiles, reports, credentials } = state;
  const asker = new NodeFunction(scope, 'HttpApiCouriersFunction', {
    tenant,
    alarms,
    name: 'http-api-couriers',
    folder: 'http-api',
    entry: 'couriers.ts',
    readsXml: true,
    envSchema: courierEnvSchema,
    environment: {
      STATE_TABLE_NAME: stateTable.table.tableName,
      BUYER_TABLE_NAME: buyerTable.table.tableName,
      PERSONAL_BUCKET_NAME: personalFiles.bucket.bucketName,
      REPORT_BUCKET_NAME: reports.bucket.bucketName,
      CREDENTIALS_PREFIX: credentials.prefix,
      CREDENTIALS_KEY_ALIAS: `alias/markeplay/${tenant}`,
      ...shipments.queueUrls,
    },
    timeout: TIMEOUT,
    memoryMb: 1024,
    failureImpact:
      'People can neither make shipments at a courier, nor print labels, nor save credentials of couriers.',
  });
  stateTable.grant(asker, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem']);
  // The recipient is read, and one that was written by hand is kept with the buyer.
  buyerTable.grant(asker, ['GetItem', 'UpdateItem']);
  personalFiles.grant(asker, ['Get', 'Put', 'Delete'], LABEL_PREFIX);
  for (const courier of ['brt', 'gls', 'dhl', 'poste', 'ups']) {
    credentials.grantRead(asker, courier);
    credentials.grantWrite(asker, courier);
  }
  reports.grantRead(asker, [SHIPMENT_RESULT_PREFIX]);
  reports.grantWrite(asker, [SHIPMENT_FILE_PREFIX]);
  shipments.grantSend(asker);
  return asker;
}

/** The function that has marketplaces act on their orders: it stores what is wanted, and asks a queue. */
function remoteActionAskerOf(
  scope: Construct,
  { tenant, alarms, state }: FeatureProps,
  remoteActions: RemoteActions,
): NodeFunction {
  const asker = new NodeFunction(scope, 'HttpApiRemoteActionsFunction', {
    tenant,
    alarms,
    name: 'http-api-remote-actions',
    folder: 'http-api',
    entry: 'remote-actions.ts',
    envSchema: remoteActionEnvSchema,
    environment: { STATE_TABLE_NAME: state.stateTable.table.tableName, ...remoteActions.queueUrls },
    timeout: TIMEOUT,
    memoryMb: 512,
    failureImpact:
      'People can neither accept, refuse, cancel, ship nor refund orders at their marketplaces from here.',
  });
  state.stateTable.grant(asker, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem']);
  remoteActions.grantSend(asker);
  return asker;
}

/** The function for remote products and the catalogue: it stores what is wanted, and asks a queue. */
function productAskerOf(
  scope: Construct,
  { tenant, alarms, state }: FeatureProps,
  listings: Listings,
): NodeFunction {
  const asker = new NodeFunction(scope, 'HttpApiProductsFunction', {
    tenant,
    alarms,
    name: 'http-api-products',
    folder: 'http-api',
    entry: 'products.ts',
    envSchema: productEnvSchema,
    environment: { STATE_TABLE_NAME: state.stateTable.table.tableName, ...listings.queueUrls },
    timeout: TIMEOUT,
    memoryMb: 1024,
    failureImpact:
      'People can neither see remote products and the catalogue, nor push prices and quantities.',
  });
  state.stateTable.grant(asker, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem']);
  listings.grantSend(asker);
  return asker;
}

/** The function for receipts: it stores documents with their numbers, and asks a queue to make them. */
function receiptAskerOf(
  scope: Construct,
  { tenant, alarms, state }: FeatureProps,
  receipts: ReceiptIssuing,
): NodeFunction {
  const { stateTable, buyerTable, reports, credentials } = state;
  const asker = new NodeFunction(scope, 'HttpApiReceiptsFunction', {
    tenant,
    alarms,
    name: 'http-api-receipts',
    folder: 'http-api',
    entry: 'receipts.ts',
    envSchema: receiptEnvSchema,
    environment: {
      STATE_TABLE_NAME: stateTable.table.tableName,
      BUYER_TABLE_NAME: buyerTable.table.tableName,
      REPORT_BUCKET_NAME: reports.bucket.bucketName,
      RECEIPT_BUCKET_NAME: state.receipts.bucket.bucketName,
      CREDENTIALS_PREFIX: credentials.prefix,
      CREDENTIALS_KEY_ALIAS: `alias/markeplay/${tenant}`,
      ...receipts.queueUrls,
    },
    timeout: TIMEOUT,
    memoryMb: 1024,
    failureImpact: 'People can neither issue, see, download nor export receipts.',
  });
  stateTable.grant(asker, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem']);
  for (const index of ['receiptsByMonth', 'dueFollowUps'] as const) {
    stateTable.grantIndexQuery(asker, STATE_TABLE.indexes[index]);
  }
  // Which document an order gets depends on who bought; of them no more than that leaves the function.
  buyerTable.grant(asker, ['GetItem']);
  state.receipts.grant(asker, ['Get'], RECEIPT_PREFIX);
  state.receipts.grant(asker, ['Put'], LOGO_PREFIX);
  reports.grantRead(asker, [RECEIPT_EXPORT_PREFIX]);
  reports.grantWrite(asker, [RECEIPT_EXPORT_PREFIX]);
  credentials.grantRead(asker, 'receipt-issuer');
  credentials.grantWrite(asker, 'receipt-issuer');
  receipts.grantSend(asker);
  return asker;
}
