import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { envSchema } from '../../../functions/fetch-customisations/env.ts';
import { STATE_TABLE } from '../../../shared/adapters/dynamodb/table.ts';
import { CUSTOMISATION_PREFIX } from '../../../shared/adapters/s3/keys.ts';
import { ScheduledFunction } from '../../constructs/scheduled-function.ts';
import { serviceMetric } from '../../constructs/service-metric.ts';
import type { FeatureProps } from './feature.ts';

/** What buyers wrote and uploaded for personalised products, fetched and kept like personal data. */
export function addCustomisations(scope: Construct, { tenant, alarms, state }: FeatureProps): void {
  const { stateTable, buyerTable, personalFiles, credentials } = state;
  const { function: fetchCustomisations } = new ScheduledFunction(scope, 'FetchCustomisations', {
    tenant,
    alarms,
    name: 'fetch-customisations',
    entry: 'amazon.ts',
    envSchema,
    environment: {
      STATE_TABLE_NAME: stateTable.table.tableName,
      BUYER_TABLE_NAME: buyerTable.table.tableName,
      PERSONAL_BUCKET_NAME: personalFiles.bucket.bucketName,
      CREDENTIALS_PREFIX: credentials.prefix,
    },
    // A package is wanted within ten minutes of its order.
    every: Duration.minutes(5),
    timeout: Duration.minutes(4),
    // A package and its files stand in memory side by side.
    memoryMb: 1024,
    failureImpact: 'Personalised products cannot be made: what the buyers wrote and uploaded is not fetched.',
  });
  stateTable.grant(fetchCustomisations, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem']);
  stateTable.grantIndexQuery(fetchCustomisations, STATE_TABLE.indexes.dueFollowUps);
  buyerTable.grant(fetchCustomisations, ['GetItem', 'UpdateItem']);
  personalFiles.grant(fetchCustomisations, ['Put'], CUSTOMISATION_PREFIX);
  credentials.grantRead(fetchCustomisations);

  alarms.add(scope, 'CustomisationsMissingAlarm', {
    name: 'customisations-missing',
    impact: 'A personalised product has no text or image and its order is due: it would be made wrong.',
    metric: serviceMetric(tenant, 'fetch-customisations', 'CustomisationsMissing', Duration.minutes(15)),
    above: 0,
    periods: 1,
  });
}
