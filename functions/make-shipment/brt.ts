import { createBrtClients } from '../../shared/adapters/brt/client.ts';
import { createBrtShipments } from '../../shared/adapters/brt/shipments.ts';
import { createBuyerStore } from '../../shared/adapters/dynamodb/buyer-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createQuotaStore } from '../../shared/adapters/dynamodb/quota-store.ts';
import { createShipmentStore } from '../../shared/adapters/dynamodb/shipment-store.ts';
import { createS3Later } from '../../shared/adapters/s3/client-later.ts';
import { createShipmentLabels } from '../../shared/adapters/s3/shipment-labels.ts';
import { createJobQueue, createSqsClient } from '../../shared/adapters/sqs/job-queue.ts';
import { createCredentialStore, createSsmClient } from '../../shared/adapters/ssm/credential-store.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { type LookAfterMakingDeps, lookAfterMaking } from '../../shared/usecases/look-after-making.ts';
import { shipmentCreatorWithin } from '../../shared/usecases/shipment-creator-within.ts';
import { envSchema } from './env.ts';
import { createMakeShipmentHandler } from './handler.ts';

const env = readEnv(envSchema);
const observability = createObservability();
const dynamoDb = createDynamoDbClient();
const clock = { now: Date.now };
const credentials = createCredentialStore(createSsmClient(), env.CREDENTIALS_PREFIX);
const deps: LookAfterMakingDeps = {
  shipments: createShipmentStore(dynamoDb, env.STATE_TABLE_NAME),
  buyers: createBuyerStore(dynamoDb, env.BUYER_TABLE_NAME),
  creator: shipmentCreatorWithin('brt', createBrtShipments(createBrtClients(credentials)), {
    quota: createQuotaStore(dynamoDb, env.STATE_TABLE_NAME),
    clock,
  }),
  labels: createShipmentLabels(createS3Later(), env.PERSONAL_BUCKET_NAME),
  makings: createJobQueue(createSqsClient(), env.SHIPMENT_MAKING_QUEUE_URL),
  clock,
};

export const handler = withObservability(
  observability,
  createMakeShipmentHandler({
    lookAfter: (job) => lookAfterMaking(deps, job),
    logger: observability.logger,
    metrics: observability.metrics,
  }),
);
