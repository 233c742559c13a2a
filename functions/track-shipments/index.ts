import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createCourierAccountStore } from '../../shared/adapters/dynamodb/courier-account-store.ts';
import { createQuotaStore } from '../../shared/adapters/dynamodb/quota-store.ts';
import { createShipmentStore } from '../../shared/adapters/dynamodb/shipment-store.ts';
import { createJobQueue, createSqsClient } from '../../shared/adapters/sqs/job-queue.ts';
import { createCredentialStore, createSsmClient } from '../../shared/adapters/ssm/credential-store.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { type TrackShipmentsDeps, trackShipments } from '../../shared/usecases/track-shipments.ts';
import { envSchema } from './env.ts';
import { createTrackShipmentsHandler } from './handler.ts';
import { createTrackers } from './trackers.ts';

const env = readEnv(envSchema);
const observability = createObservability();
const dynamoDb = createDynamoDbClient();
const sqs = createSqsClient();
const clock = { now: Date.now };
const deps: TrackShipmentsDeps = {
  shipments: createShipmentStore(dynamoDb, env.STATE_TABLE_NAME),
  accounts: createCourierAccountStore(dynamoDb, env.STATE_TABLE_NAME),
  trackers: createTrackers(createCredentialStore(createSsmClient(), env.CREDENTIALS_PREFIX), clock),
  quota: createQuotaStore(dynamoDb, env.STATE_TABLE_NAME),
  checks: createJobQueue(sqs, env.TRACKING_CHECK_QUEUE_URL),
  confirmationQueues: {
    amazon: createJobQueue(sqs, env.AMAZON_CONFIRMATION_QUEUE_URL),
    ebay: createJobQueue(sqs, env.EBAY_CONFIRMATION_QUEUE_URL),
    manomano: createJobQueue(sqs, env.MANOMANO_CONFIRMATION_QUEUE_URL),
  },
  clock,
};

export const handler = withObservability(
  observability,
  createTrackShipmentsHandler({
    track: (job, remainingMs) => trackShipments(deps, job, remainingMs),
    logger: observability.logger,
    metrics: observability.metrics,
  }),
);
