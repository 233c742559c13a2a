import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createConfirmationStore } from '../../shared/adapters/dynamodb/confirmation-store.ts';
import { createCourierAccountStore } from '../../shared/adapters/dynamodb/courier-account-store.ts';
import { createQuotaStore } from '../../shared/adapters/dynamodb/quota-store.ts';
import { createShipmentStore } from '../../shared/adapters/dynamodb/shipment-store.ts';
import { createJobQueue, createSqsClient } from '../../shared/adapters/sqs/job-queue.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { type PlanTrackingDeps, planTracking } from '../../shared/usecases/plan-tracking.ts';
import { type ResendMakingsDeps, resendMakings } from '../../shared/usecases/resend-makings.ts';
import { envSchema } from './env.ts';
import { createPlanTrackingHandler } from './handler.ts';

const env = readEnv(envSchema);
const observability = createObservability();
const dynamoDb = createDynamoDbClient();
const sqs = createSqsClient();
const deps: PlanTrackingDeps & ResendMakingsDeps = {
  shipments: createShipmentStore(dynamoDb, env.STATE_TABLE_NAME),
  confirmations: createConfirmationStore(dynamoDb, env.STATE_TABLE_NAME),
  accounts: createCourierAccountStore(dynamoDb, env.STATE_TABLE_NAME),
  quota: createQuotaStore(dynamoDb, env.STATE_TABLE_NAME),
  checks: createJobQueue(sqs, env.TRACKING_CHECK_QUEUE_URL),
  makings: createJobQueue(sqs, env.SHIPMENT_MAKING_QUEUE_URL),
  confirmationQueues: {
    amazon: createJobQueue(sqs, env.AMAZON_CONFIRMATION_QUEUE_URL),
    ebay: createJobQueue(sqs, env.EBAY_CONFIRMATION_QUEUE_URL),
    manomano: createJobQueue(sqs, env.MANOMANO_CONFIRMATION_QUEUE_URL),
  },
  clock: { now: Date.now },
};

export const handler = withObservability(
  observability,
  createPlanTrackingHandler({
    plan: (remainingMs) => planTracking(deps, remainingMs),
    resendMakings: () => resendMakings(deps),
    logger: observability.logger,
    metrics: observability.metrics,
  }),
);
