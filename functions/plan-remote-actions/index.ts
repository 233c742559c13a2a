import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createRemoteActionStore } from '../../shared/adapters/dynamodb/remote-action-store.ts';
import { createJobQueue, createSqsClient } from '../../shared/adapters/sqs/job-queue.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { type PlanRemoteActionsDeps, planRemoteActions } from '../../shared/usecases/plan-remote-actions.ts';
import { envSchema } from './env.ts';
import { createPlanRemoteActionsHandler } from './handler.ts';

const env = readEnv(envSchema);
const observability = createObservability();
const sqs = createSqsClient();
const deps: PlanRemoteActionsDeps = {
  actions: createRemoteActionStore(createDynamoDbClient(), env.STATE_TABLE_NAME),
  queues: {
    amazon: createJobQueue(sqs, env.AMAZON_REMOTE_ACTION_QUEUE_URL),
    ebay: createJobQueue(sqs, env.EBAY_REMOTE_ACTION_QUEUE_URL),
    manomano: createJobQueue(sqs, env.MANOMANO_REMOTE_ACTION_QUEUE_URL),
  },
  clock: { now: Date.now },
};

export const handler = withObservability(
  observability,
  createPlanRemoteActionsHandler({
    plan: () => planRemoteActions(deps),
    logger: observability.logger,
    metrics: observability.metrics,
  }),
);
