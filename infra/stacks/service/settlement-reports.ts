import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { envSchema } from '../../../functions/find-settlement-reports/env.ts';
import { REPORT_PREFIX } from '../../../shared/adapters/s3/keys.ts';
import { ScheduledFunction } from '../../constructs/scheduled-function.ts';
import { serviceMetric } from '../../constructs/service-metric.ts';
import type { FeatureProps } from './feature.ts';

/** Settlement reports that Amazon makes by itself, found and put where uploads go. */
export function addSettlementReports(scope: Construct, { tenant, alarms, state }: FeatureProps): void {
  const { stateTable, reports, credentials } = state;
  const { function: findSettlementReports } = new ScheduledFunction(scope, 'FindSettlementReports', {
    tenant,
    alarms,
    name: 'find-settlement-reports',
    entry: 'amazon.ts',
    envSchema,
    environment: {
      STATE_TABLE_NAME: stateTable.table.tableName,
      REPORT_BUCKET_NAME: reports.bucket.bucketName,
      CREDENTIALS_PREFIX: credentials.prefix,
    },
    every: Duration.hours(1),
    // A large file is two minutes on its way.
    timeout: Duration.minutes(5),
    memoryMb: 512,
    failureImpact:
      'Amazon’s settlement reports are not fetched: fees come in only for files that are uploaded.',
  });
  stateTable.grant(findSettlementReports, ['GetItem', 'Query', 'UpdateItem']);
  reports.grantWrite(findSettlementReports, [REPORT_PREFIX]);
  credentials.grantRead(findSettlementReports);

  alarms.add(scope, 'SettlementReportsFailedAlarm', {
    name: 'settlement-reports-failed',
    impact: 'A settlement report cannot be fetched from Amazon: its fees are missing on the orders.',
    metric: serviceMetric(
      tenant,
      'find-settlement-reports',
      'SettlementReportsFailed',
      Duration.hours(1),
      Stats.SUM,
    ),
    above: 0,
    // It is tried every hour, and an outage of some hours costs nothing: Amazon keeps a report for 90 days.
    periods: 12,
    periodsAbove: 6,
  });
}
