import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createConfirmationStore } from '../../shared/adapters/dynamodb/confirmation-store.ts';
import { createDeadlineWatchStore } from '../../shared/adapters/dynamodb/deadline-store.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createOrdersToShip, createShipmentsToScan } from '../../shared/adapters/dynamodb/orders-to-ship.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { type WatchDeadlinesDeps, watchDeadlines } from '../../shared/usecases/watch-deadlines.ts';
import { envSchema } from './env.ts';
import { createWatchDeadlinesHandler } from './handler.ts';

const env = readEnv(envSchema);
const observability = createObservability();
const dynamoDb = createDynamoDbClient();
const deps: WatchDeadlinesDeps = {
  ordersToShip: createOrdersToShip(dynamoDb, env.STATE_TABLE_NAME),
  shipmentsToScan: createShipmentsToScan(dynamoDb, env.STATE_TABLE_NAME),
  orders: createOrderStore(dynamoDb, env.STATE_TABLE_NAME),
  confirmations: createConfirmationStore(dynamoDb, env.STATE_TABLE_NAME),
  watches: createDeadlineWatchStore(dynamoDb, env.STATE_TABLE_NAME),
  clock: { now: Date.now },
};

export const handler = withObservability(
  observability,
  createWatchDeadlinesHandler({
    watch: () => watchDeadlines(deps),
    logger: observability.logger,
    metrics: observability.metrics,
  }),
);
