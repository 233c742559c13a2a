import { createAmazonClients } from '../../shared/adapters/amazon/client.ts';
import { createAmazonCustomisationSource } from '../../shared/adapters/amazon/customisation/source.ts';
import { PACKAGE_BYTES_MAX } from '../../shared/adapters/amazon/customisation/unpack.ts';
import { downloadCustomisation } from '../../shared/adapters/amazon/download.ts';
import { createAmazonOrderReader, GET_ORDER_QUOTA } from '../../shared/adapters/amazon/get-order.ts';
import { createBuyerStore } from '../../shared/adapters/dynamodb/buyer-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createFollowUpStore } from '../../shared/adapters/dynamodb/follow-up-store.ts';
import { createOrderStore } from '../../shared/adapters/dynamodb/order-store.ts';
import { createQuotaStore } from '../../shared/adapters/dynamodb/quota-store.ts';
import { createS3Later } from '../../shared/adapters/s3/client-later.ts';
import { createCustomisationFiles } from '../../shared/adapters/s3/customisation-files.ts';
import { createCredentialStore, createSsmClient } from '../../shared/adapters/ssm/credential-store.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import {
  type FetchCustomisationsDeps,
  fetchCustomisations,
} from '../../shared/usecases/fetch-customisations.ts';
import { envSchema } from './env.ts';
import { createFetchCustomisationsHandler } from './handler.ts';

/** A package of the largest size over a slow line. */
const DOWNLOAD_TIMEOUT_MS = 40_000;

const env = readEnv(envSchema);
const observability = createObservability();
const dynamoDb = createDynamoDbClient();
const clock = { now: Date.now };
const credentials = createCredentialStore(createSsmClient(), env.CREDENTIALS_PREFIX);
const limits = { bytesMax: PACKAGE_BYTES_MAX, timeoutMs: DOWNLOAD_TIMEOUT_MS };
const deps: FetchCustomisationsDeps = {
  followUps: createFollowUpStore(dynamoDb, env.STATE_TABLE_NAME),
  orders: createOrderStore(dynamoDb, env.STATE_TABLE_NAME),
  buyers: createBuyerStore(dynamoDb, env.BUYER_TABLE_NAME),
  reader: createAmazonOrderReader(createAmazonClients(credentials, clock)),
  quota: createQuotaStore(dynamoDb, env.STATE_TABLE_NAME),
  getOrder: { operation: 'getOrder', plan: GET_ORDER_QUOTA },
  source: createAmazonCustomisationSource((url) => downloadCustomisation(url, limits)),
  files: createCustomisationFiles(createS3Later(), env.PERSONAL_BUCKET_NAME),
  clock,
};

export const handler = withObservability(
  observability,
  createFetchCustomisationsHandler({
    fetch: (remainingMs) => fetchCustomisations(deps, remainingMs),
    logger: observability.logger,
    metrics: observability.metrics,
  }),
);
