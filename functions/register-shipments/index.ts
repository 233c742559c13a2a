import { createActivityLog } from '../../shared/adapters/dynamodb/activity-log.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createCourierAccountStore } from '../../shared/adapters/dynamodb/courier-account-store.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createShipmentStore } from '../../shared/adapters/dynamodb/shipment-store.ts';
import { createS3Later } from '../../shared/adapters/s3/client-later.ts';
import { createDroppedFiles } from '../../shared/adapters/s3/dropped-files.ts';
import { SHIPMENT_FILE_PREFIX, SHIPMENT_RESULT_PREFIX } from '../../shared/adapters/s3/keys.ts';
import { createShipmentFileReader } from '../../shared/adapters/shipment-file/reader.ts';
import { shipmentFileResultSchema } from '../../shared/adapters/shipment-file/result.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { envSchema } from './env.ts';
import { createRegisterShipmentsHandler } from './handler.ts';

const env = readEnv(envSchema);
const dynamoDb = createDynamoDbClient();
const observability = createObservability();
const folders = { incoming: SHIPMENT_FILE_PREFIX, results: SHIPMENT_RESULT_PREFIX };

export const handler = withObservability(
  observability,
  createRegisterShipmentsHandler({
    observability,
    files: createDroppedFiles(createS3Later(), env.REPORT_BUCKET_NAME, folders, shipmentFileResultSchema),
    reader: createShipmentFileReader(),
    shipments: createShipmentStore(dynamoDb, env.STATE_TABLE_NAME),
    orders: createOrderStore(dynamoDb, env.STATE_TABLE_NAME),
    accounts: createCourierAccountStore(dynamoDb, env.STATE_TABLE_NAME),
    activities: createActivityLog(dynamoDb, env.STATE_TABLE_NAME),
    clock: { now: () => Date.now() },
  }),
);
