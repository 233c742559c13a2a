import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createConfirmationStore } from '../../shared/adapters/dynamodb/confirmation-store.ts';
import { createShippingRatesStore } from '../../shared/adapters/dynamodb/deadline-store.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createShipmentStore } from '../../shared/adapters/dynamodb/shipment-store.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import {
  type MeasureShippingRatesDeps,
  measureShippingRates,
} from '../../shared/usecases/measure-shipping-rates.ts';
import { envSchema } from './env.ts';
import { createMeasureShippingRatesHandler } from './handler.ts';

const env = readEnv(envSchema);
const observability = createObservability();
const dynamoDb = createDynamoDbClient();
const deps: MeasureShippingRatesDeps = {
  channels: createChannelStore(dynamoDb, env.STATE_TABLE_NAME),
  orders: createOrderStore(dynamoDb, env.STATE_TABLE_NAME),
  confirmations: createConfirmationStore(dynamoDb, env.STATE_TABLE_NAME),
  shipments: createShipmentStore(dynamoDb, env.STATE_TABLE_NAME),
  rates: createShippingRatesStore(dynamoDb, env.STATE_TABLE_NAME),
  clock: { now: Date.now },
};

export const handler = withObservability(
  observability,
  createMeasureShippingRatesHandler({
    measure: () => measureShippingRates(deps),
    logger: observability.logger,
    metrics: observability.metrics,
  }),
);
