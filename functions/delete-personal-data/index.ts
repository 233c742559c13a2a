import { randomUUID } from 'node:crypto';
import { createActivityLog } from '../../shared/adapters/dynamodb/activity-log.ts';
import { createBuyerEraser } from '../../shared/adapters/dynamodb/buyer-eraser.ts';
import { createBuyerStore } from '../../shared/adapters/dynamodb/buyer-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createFollowUpStore } from '../../shared/adapters/dynamodb/follow-up-store.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createProviderAccountStore } from '../../shared/adapters/dynamodb/provider-account-store.ts';
import { createShipmentStore } from '../../shared/adapters/dynamodb/shipment-store.ts';
import { createHttpProviderClient } from '../../shared/adapters/http-provider/client.ts';
import { createHttpProvider } from '../../shared/adapters/http-provider/provider.ts';
import { createS3Later } from '../../shared/adapters/s3/client-later.ts';
import { createCustomisationFiles } from '../../shared/adapters/s3/customisation-files.ts';
import { createShipmentLabels } from '../../shared/adapters/s3/shipment-labels.ts';
import { createCredentialStore, createSsmClient } from '../../shared/adapters/ssm/credential-store.ts';
import { createProviderKeyStore } from '../../shared/adapters/ssm/provider-key-store.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { type DeleteLabelsDeps, deleteLabelsOf } from '../../shared/usecases/delete-labels.ts';
import {
  type DeletePersonalDataDeps,
  deletePersonalData,
} from '../../shared/usecases/delete-personal-data.ts';
import { type DeleteTrackingDeps, deleteTracking } from '../../shared/usecases/delete-tracking.ts';
import { envSchema } from './env.ts';
import { createDeletePersonalDataHandler } from './handler.ts';

const env = readEnv(envSchema);
const observability = createObservability();
const dynamoDb = createDynamoDbClient();
const s3 = createS3Later();
const files = createCustomisationFiles(s3, env.PERSONAL_BUCKET_NAME);
const labelDeps: DeleteLabelsDeps & Pick<DeleteTrackingDeps, 'shipments'> = {
  shipments: createShipmentStore(dynamoDb, env.STATE_TABLE_NAME),
  labels: createShipmentLabels(s3, env.PERSONAL_BUCKET_NAME),
};
const deps: DeletePersonalDataDeps = {
  buyers: createBuyerStore(dynamoDb, env.BUYER_TABLE_NAME),
  eraser: createBuyerEraser(dynamoDb, env.BUYER_TABLE_NAME),
  orders: createOrderStore(dynamoDb, env.STATE_TABLE_NAME),
  followUps: createFollowUpStore(dynamoDb, env.STATE_TABLE_NAME),
  activity: createActivityLog(dynamoDb, env.STATE_TABLE_NAME),
  accounts: createProviderAccountStore(dynamoDb, env.STATE_TABLE_NAME),
  keys: createProviderKeyStore(createCredentialStore(createSsmClient(), env.CREDENTIALS_PREFIX)),
  provider: createHttpProvider(createHttpProviderClient(randomUUID)),
  clock: { now: Date.now },
  alsoDelete: [(orderId) => files.deleteFor(orderId), (orderId) => deleteLabelsOf(labelDeps, orderId)],
};

export const handler = withObservability(
  observability,
  createDeletePersonalDataHandler({
    deleteEnded: (remainingMs) => deletePersonalData(deps, remainingMs),
    deleteTracking: (remainingMs) =>
      deleteTracking({ shipments: labelDeps.shipments, clock: deps.clock }, remainingMs),
    logger: observability.logger,
    metrics: observability.metrics,
  }),
);
