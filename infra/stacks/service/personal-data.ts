import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { envSchema as deletePersonalDataEnv } from '../../../functions/delete-personal-data/env.ts';
import { envSchema as fetchPersonalDataEnv } from '../../../functions/fetch-personal-data/env.ts';
import { BUYER_TABLE, STATE_TABLE } from '../../../shared/adapters/dynamodb/table.ts';
import { CUSTOMISATION_PREFIX, LABEL_PREFIX } from '../../../shared/adapters/s3/keys.ts';
import { ScheduledFunction } from '../../constructs/scheduled-function.ts';
import { serviceMetric } from '../../constructs/service-metric.ts';
import type { FeatureProps } from './feature.ts';

/** Whose orders are asked for again, each by a function of its own: a slow one keeps no other waiting. */
const MARKETPLACES = [
  { id: 'Amazon', name: 'amazon', spelled: 'Amazon' },
  { id: 'Ebay', name: 'ebay', spelled: 'eBay' },
  { id: 'Manomano', name: 'manomano', spelled: 'ManoMano' },
] as const;

/** The people behind the orders: fetched where an order came without them, and deleted when their time is over. */
export function addPersonalData(scope: Construct, { tenant, alarms, state }: FeatureProps): void {
  const { stateTable, buyerTable, personalFiles, credentials } = state;
  for (const { id, name, spelled } of MARKETPLACES) {
    const { function: fetchPersonalData } = new ScheduledFunction(scope, `Fetch${id}PersonalData`, {
      tenant,
      alarms,
      name: `fetch-personal-data-${name}`,
      folder: 'fetch-personal-data',
      entry: `${name}.ts`,
      envSchema: fetchPersonalDataEnv,
      environment: {
        STATE_TABLE_NAME: stateTable.table.tableName,
        BUYER_TABLE_NAME: buyerTable.table.tableName,
        CREDENTIALS_PREFIX: credentials.prefix,
      },
      // The shortest wait between two tries of one order.
      every: Duration.minutes(5),
      timeout: Duration.minutes(4),
      memoryMb: 512,
      failureImpact: `Names and addresses that did not come with ${spelled} orders are not asked for: parcels cannot leave.`,
    });
    stateTable.grant(fetchPersonalData, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem']);
    stateTable.grantIndexQuery(fetchPersonalData, STATE_TABLE.indexes.dueFollowUps);
    buyerTable.grant(fetchPersonalData, ['GetItem', 'UpdateItem']);
    credentials.grantRead(fetchPersonalData);
  }

  const { function: deletePersonalData } = new ScheduledFunction(scope, 'DeletePersonalData', {
    tenant,
    alarms,
    name: 'delete-personal-data',
    entry: 'index.ts',
    envSchema: deletePersonalDataEnv,
    environment: {
      STATE_TABLE_NAME: stateTable.table.tableName,
      BUYER_TABLE_NAME: buyerTable.table.tableName,
      PERSONAL_BUCKET_NAME: personalFiles.bucket.bucketName,
      CREDENTIALS_PREFIX: credentials.prefix,
    },
    // The date is in days; the providers that could not be told are told again with every call.
    every: Duration.hours(1),
    timeout: Duration.minutes(10),
    memoryMb: 256,
    failureImpact: 'Personal data whose time is over is kept: the marketplaces forbid it.',
  });
  stateTable.grant(deletePersonalData, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem']);
  stateTable.grantIndexQuery(deletePersonalData, STATE_TABLE.indexes.dueFollowUps);
  // A row is deleted by being replaced: no other role may put one.
  buyerTable.grant(deletePersonalData, ['GetItem', 'PutItem']);
  buyerTable.grantIndexQuery(deletePersonalData, BUYER_TABLE.indexes.buyersByEnd);
  personalFiles.grant(deletePersonalData, ['Delete'], CUSTOMISATION_PREFIX);
  personalFiles.grant(deletePersonalData, ['Delete'], LABEL_PREFIX);
  credentials.grantRead(deletePersonalData, 'personal-data');

  alarms.add(scope, 'OrdersDueWithoutPersonalDataAlarm', {
    name: 'orders-due-without-personal-data',
    impact: 'An order has to be shipped within a day and nobody knows to whom.',
    metric: serviceMetric(
      tenant,
      'fetch-personal-data',
      'OrdersDueWithoutPersonalData',
      Duration.minutes(15),
    ),
    above: 0,
    // An order for the same day comes without a name for its first minutes.
    periods: 4,
  });
  alarms.add(scope, 'ProviderAccountsInTroubleAlarm', {
    name: 'provider-account-in-trouble',
    impact:
      'A provider refuses its account or a module: the names of its orders do not come until a person acts.',
    metric: serviceMetric(tenant, 'fetch-personal-data', 'ProviderAccountsInTrouble', Duration.minutes(15)),
    above: 0,
    periods: 1,
  });
  alarms.add(scope, 'PersonalDataUnexpectedAlarm', {
    name: 'personal-data-unexpected',
    impact: 'Names came in a form that is not understood: they are not on their orders.',
    metric: serviceMetric(tenant, 'fetch-personal-data', 'PersonalDataUnexpected', Duration.minutes(15)),
    above: 0,
    periods: 4,
  });
  alarms.add(scope, 'PersonalDataNotDeletedAlarm', {
    name: 'personal-data-not-deleted',
    impact: 'Personal data whose time is over could not be deleted: the marketplaces forbid to keep it.',
    metric: serviceMetric(tenant, 'delete-personal-data', 'PersonalDataNotDeleted', Duration.hours(1)),
    above: 0,
    periods: 6,
  });
  alarms.add(scope, 'ProviderDeletionsLateAlarm', {
    name: 'provider-deletions-late',
    impact: 'A provider has not been told for a day to delete personal data that was deleted here.',
    metric: serviceMetric(tenant, 'delete-personal-data', 'ProviderDeletionsLate', Duration.hours(1)),
    above: 0,
    periods: 3,
  });
}
