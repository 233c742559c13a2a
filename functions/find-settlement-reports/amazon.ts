import { createAmazonClients } from '../../shared/adapters/amazon/client.ts';
import {
  createAmazonSettlementFinder,
  GET_REPORT_DOCUMENT_QUOTA,
  GET_REPORTS_QUOTA,
} from '../../shared/adapters/amazon/settlement-reports.ts';
import { createAccountStore } from '../../shared/adapters/dynamodb/account-store.ts';
import { createChannelStore } from '../../shared/adapters/dynamodb/channel-store.ts';
import { createDynamoDbClient } from '../../shared/adapters/dynamodb/client.ts';
import { createQuotaStore } from '../../shared/adapters/dynamodb/quota-store.ts';
import { createSettlementSearchStore } from '../../shared/adapters/dynamodb/settlement-search-store.ts';
import { createS3Client } from '../../shared/adapters/s3/client.ts';
import { foundSettlementKey } from '../../shared/adapters/s3/keys.ts';
import { createReportUploads } from '../../shared/adapters/s3/report-uploads.ts';
import { createCredentialStore, createSsmClient } from '../../shared/adapters/ssm/credential-store.ts';
import { readEnv } from '../../shared/runtime/env.ts';
import { createObservability, withObservability } from '../../shared/runtime/observability.ts';
import {
  type FindSettlementReportsDeps,
  findSettlementReports,
} from '../../shared/usecases/find-settlement-reports.ts';
import { envSchema } from './env.ts';
import { createFindSettlementReportsHandler } from './handler.ts';

const env = readEnv(envSchema);
const observability = createObservability();
const dynamoDb = createDynamoDbClient();
const clock = { now: Date.now };
const credentials = createCredentialStore(createSsmClient(), env.CREDENTIALS_PREFIX);
const deps: FindSettlementReportsDeps = {
  finder: createAmazonSettlementFinder(createAmazonClients(credentials, clock)),
  searches: createSettlementSearchStore(dynamoDb, env.STATE_TABLE_NAME),
  uploads: createReportUploads(createS3Client(), env.REPORT_BUCKET_NAME),
  channels: createChannelStore(dynamoDb, env.STATE_TABLE_NAME),
  accounts: createAccountStore(dynamoDb, env.STATE_TABLE_NAME),
  quota: createQuotaStore(dynamoDb, env.STATE_TABLE_NAME),
  clock,
  allowances: {
    find: { operation: 'getReports', plan: GET_REPORTS_QUOTA },
    open: { operation: 'getReportDocument', plan: GET_REPORT_DOCUMENT_QUOTA },
  },
  objectKeyOf: foundSettlementKey,
};

export const handler = withObservability(
  observability,
  createFindSettlementReportsHandler({
    find: (remainingMs) => findSettlementReports(deps, remainingMs),
    logger: observability.logger,
    metrics: observability.metrics,
  }),
);
