import { COURIER_ROUTES } from '../../events/http/courier-routes.ts';
import { createBrtClients } from '../../shared/adapters/brt/client.ts';
import { createBrtProbe } from '../../shared/adapters/brt/probe.ts';
import { createBrtShipments } from '../../shared/adapters/brt/shipments.ts';
import { createActivityLog } from '../../shared/adapters/dynamodb/activity-log.ts';
import { createBuyerStore } from '../../shared/adapters/dynamodb/buyer-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createCourierAccountStore } from '../../shared/adapters/dynamodb/courier-account-store.ts';
import { createIdempotencyStore } from '../../shared/adapters/dynamodb/idempotency-store.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createQuotaStore } from '../../shared/adapters/dynamodb/quota-store.ts';
import { createShipmentStore } from '../../shared/adapters/dynamodb/shipment-store.ts';
import { createS3Later, createSigningLater } from '../../shared/adapters/s3/client-later.ts';
import { createDroppedFiles } from '../../shared/adapters/s3/dropped-files.ts';
import { SHIPMENT_FILE_PREFIX, SHIPMENT_RESULT_PREFIX } from '../../shared/adapters/s3/keys.ts';
import { createFileAddresses } from '../../shared/adapters/s3/report-addresses.ts';
import { createShipmentLabels } from '../../shared/adapters/s3/shipment-labels.ts';
import { shipmentFileResultSchema } from '../../shared/adapters/shipment-file/result.ts';
import { createJobQueue, createSqsClient } from '../../shared/adapters/sqs/job-queue.ts';
import { createCredentialStore, createSsmClient } from '../../shared/adapters/ssm/credential-store.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import type { ShipmentMakingJob } from '../../shared/usecases/make-shipment.ts';
import { shipmentCreatorWithin } from '../../shared/usecases/shipment-creator-within.ts';
import { courierEnvSchema } from './env.ts';
import { createHttpApiHandler } from './handler.ts';
import type { CourierImplementations } from './implementation.ts';
import { courierCredentialRoutes } from './routes/courier-accounts.ts';
import { shipmentFileRoutes } from './routes/shipment-files.ts';
import { courierRoutes } from './routes/shipments.ts';

const env = readEnv(courierEnvSchema);
const observability = createObservability();
const dynamoDb = createDynamoDbClient();
const clock = { now: Date.now };
const s3 = createS3Later();
const credentials = createCredentialStore(
  createSsmClient(),
  env.CREDENTIALS_PREFIX,
  env.CREDENTIALS_KEY_ALIAS,
);
const quota = createQuotaStore(dynamoDb, env.STATE_TABLE_NAME);
const deps = {
  shipments: createShipmentStore(dynamoDb, env.STATE_TABLE_NAME),
  orders: createOrderStore(dynamoDb, env.STATE_TABLE_NAME),
  buyers: createBuyerStore(dynamoDb, env.BUYER_TABLE_NAME),
  accounts: createCourierAccountStore(dynamoDb, env.STATE_TABLE_NAME),
  creator: shipmentCreatorWithin('brt', createBrtShipments(createBrtClients(credentials)), {
    quota,
    clock,
  }),
  labels: createShipmentLabels(s3, env.PERSONAL_BUCKET_NAME),
  shipmentFiles: createDroppedFiles(
    s3,
    env.REPORT_BUCKET_NAME,
    { incoming: SHIPMENT_FILE_PREFIX, results: SHIPMENT_RESULT_PREFIX },
    shipmentFileResultSchema,
  ),
  fileAddresses: createFileAddresses(createSigningLater(), env.REPORT_BUCKET_NAME, SHIPMENT_FILE_PREFIX),
  makings: createJobQueue<ShipmentMakingJob>(createSqsClient(), env.SHIPMENT_MAKING_QUEUE_URL),
  activities: createActivityLog(dynamoDb, env.STATE_TABLE_NAME),
  credentials,
  // The other couriers have no question that changes nothing: their first check tells.
  probes: { brt: createBrtProbe() },
  quota,
  clock,
};

/** The part of the API that asks the couriers: its readers of XML are too large for the bundle of all other routes. */
export const handler = withObservability(
  observability,
  createHttpApiHandler({
    contracts: COURIER_ROUTES,
    routes: {
      ...courierRoutes(deps),
      ...courierCredentialRoutes(deps),
      ...shipmentFileRoutes(deps),
    } satisfies CourierImplementations,
    requests: createIdempotencyStore(dynamoDb, env.STATE_TABLE_NAME),
    clock,
    logger: observability.logger,
  }),
);
