import { createAccountStore } from '../../shared/adapters/dynamodb/account-store.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createConfirmationStore } from '../../shared/adapters/dynamodb/confirmation-store.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createQuotaStore } from '../../shared/adapters/dynamodb/quota-store.ts';
import { createShipmentStore } from '../../shared/adapters/dynamodb/shipment-store.ts';
import { createCredentialStore, createSsmClient } from '../../shared/adapters/ssm/credential-store.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import { type ConfirmShipmentDeps, confirmShipment } from '../../shared/usecases/confirm-shipment.ts';
import { envSchema } from './env.ts';
import { createConfirmShipmentHandler } from './handler.ts';

type Credentials = ReturnType<typeof createCredentialStore>;
type Clock = ConfirmShipmentDeps['clock'];

/** The function of one marketplace: what its entries have in common. Called by them, once. */
export function startConfirmShipment(
  marketplace: ConfirmShipmentDeps['marketplace'],
  tellingWith: (
    credentials: Credentials,
    clock: Clock,
  ) => Pick<ConfirmShipmentDeps, 'confirmer' | 'telling' | 'asking'>,
) {
  const env = readEnv(envSchema);
  const observability = createObservability();
  const dynamoDb = createDynamoDbClient();
  const clock = { now: Date.now };
  const deps: ConfirmShipmentDeps = {
    ...tellingWith(createCredentialStore(createSsmClient(), env.CREDENTIALS_PREFIX), clock),
    marketplace,
    confirmations: createConfirmationStore(dynamoDb, env.STATE_TABLE_NAME),
    shipments: createShipmentStore(dynamoDb, env.STATE_TABLE_NAME),
    orders: createOrderStore(dynamoDb, env.STATE_TABLE_NAME),
    channels: createChannelStore(dynamoDb, env.STATE_TABLE_NAME),
    accounts: createAccountStore(dynamoDb, env.STATE_TABLE_NAME),
    quota: createQuotaStore(dynamoDb, env.STATE_TABLE_NAME),
    clock,
  };
  return withObservability(
    observability,
    createConfirmShipmentHandler({
      confirm: (job, remainingMs) => confirmShipment(deps, job, remainingMs),
      logger: observability.logger,
      metrics: observability.metrics,
    }),
  );
}
